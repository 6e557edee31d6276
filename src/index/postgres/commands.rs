//! Which programs commands and scripts start: a name that only occurs in them proves nothing.

use crate::model::Container;
use crate::model::shell::{is_assignment, program};

/// Words that start the program after them.
const STARTERS: &[&str] = &[
    "exec",
    "sudo",
    "env",
    "nohup",
    "tini",
    "dumb-init",
    "--",
    "-m",
    "then",
    "else",
    "do",
    "if",
    "while",
    "until",
    "!",
    "time",
    "setsid",
    "catatonit",
];
/// Words that start a program as a user, who comes first.
const AS_USER: &[&str] = &["gosu", "su-exec"];

/// Whether a container's command or arguments start a program.
pub(super) fn starts(container: Container<'_>, program: &str) -> bool {
    let is_script = |it: &&str| it.contains(char::is_whitespace);
    let line: Vec<&str> = container.words().filter(|it| !is_script(it)).collect();
    runs(&line.join(" "), program) || container.words().filter(is_script).any(|it| runs(it, program))
}

/// Whether a script, or a line of a command, runs a program.
pub(super) fn runs(script: &str, program: &str) -> bool {
    let script = script.replace("\\\n", " ");
    script.lines().map(str::trim_start).filter(|it| !it.starts_with('#')).any(|line| {
        let line = line.split(" #").next().unwrap_or_default();
        line.split([';', '&', '|', '(', ')', '`', '{', '}']).any(|it| segment_runs(it, program))
    })
}

/// Whether the words between two separators start a program.
fn segment_runs(segment: &str, wanted: &str) -> bool {
    let mut words = segment.split_whitespace().map(|it| it.trim_matches(['"', '\'']));
    let mut is_sudo = false;
    while let Some(word) = words.next() {
        if is_named(word, wanted) {
            return true;
        }
        let name = program(word);
        is_sudo |= name == "sudo";
        if name == "su" {
            words.by_ref().take_while(|it| *it != "-c").for_each(drop);
            continue;
        }
        if AS_USER.contains(&name) || (is_sudo && name == "-u") {
            words.next();
            continue;
        }
        let assigned = word.split_once('=').filter(|_| is_assignment(word));
        // As supervisord and systemd have it: `command=/usr/bin/patroni`.
        if assigned.is_some_and(|it| it.1.contains('/') && is_named(it.1, wanted)) {
            return true;
        }
        let is_interpreter = name.starts_with("python") || matches!(name, "sh" | "bash" | "ash" | "dash");
        if !(STARTERS.contains(&name) || assigned.is_some() || is_interpreter || word.starts_with('-')) {
            return false;
        }
    }
    false
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
