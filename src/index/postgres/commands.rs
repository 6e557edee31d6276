//! Which programs commands and scripts start: a name that only occurs in them proves nothing.

use crate::model::Container;
use crate::model::shell::{self, is_assignment, program};

/// Whether a container's command or arguments start a program.
pub(super) fn starts(container: Container<'_>, program: &str) -> bool {
    let words: Vec<&str> = container.words().collect();
    shell::commands(&words).iter().any(|it| is_started(it, program))
        || words.iter().filter(|it| it.contains(char::is_whitespace)).any(|it| runs(it, program))
}

/// Whether a script, or a line of a command, runs a program.
pub(super) fn runs(script: &str, program: &str) -> bool {
    shell::split(script).iter().any(|it| {
        // As supervisord and systemd have it: `command=/usr/bin/patroni`.
        let assigned =
            it.prefix.iter().chain(&it.words).filter(|it| is_assignment(it)).filter_map(|it| it.split_once('='));
        is_started(&it.words, program) || assigned.into_iter().any(|it| it.1.contains('/') && is_named(it.1, program))
    })
}

/// Whether a command is a program, or has an interpreter run it.
fn is_started(words: &[&str], wanted: &str) -> bool {
    let Some((first, rest)) = words.split_first() else { return false };
    let is_interpreter = program(first).starts_with("python") || shell::is_shell(first);
    let run = || rest.iter().find(|it| !it.starts_with('-'));
    is_named(first, wanted) || (is_interpreter && run().is_some_and(|it| is_named(it, wanted)))
}

fn is_named(word: &str, wanted: &str) -> bool {
    let name = program(word);
    name.strip_suffix(".py").unwrap_or(name).eq_ignore_ascii_case(wanted)
}

#[cfg(test)]
mod tests {
    use super::runs;

    #[test]
    fn programs_are_started_not_mentioned() {
        for script in [
            "patroni /etc/patroni.yml",
            "exec gosu postgres patroni /etc/patroni.yml",
            "python3 -m patroni /etc/patroni.yml",
            "set -e\nPATRONI_NAME=$HOSTNAME /usr/bin/python3 /usr/local/bin/patroni.py",
            "sleep 1; /opt/patroni/bin/patroni",
            "bash -c 'patroni'",
            "su - postgres -c \"patroni /etc/patroni.yml\"",
            "[program:patroni]\ncommand=/usr/bin/patroni /etc/patroni.yml",
        ] {
            assert!(runs(script, "patroni"), "{script}");
        }
        for script in [
            "echo no patroni here",
            "# patroni",
            "curl http://patroni:8008/health",
            "postgres -c cluster_name=patroni",
            "until pg_isready -h patroni; do sleep 1; done",
        ] {
            assert!(!runs(script, "patroni"), "{script}");
        }
    }
}
