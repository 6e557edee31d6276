//! `probe-liveness-tautological`

use super::judged::is_other;
use super::probes::{Probed, probed_containers};
use crate::index::Workload;
use crate::model::shell::{commands, program};
use crate::rule::{Context, Verdict, cases, rule};
use crate::rules::alike;

const HELP: &str = "a container whose process ends is restarted without a probe; one that hangs is not noticed by \
                    this: ask the program itself, or let it touch a file in its loop and test the file's age";

/// Programs that tell whether a process is there.
const LISTERS: &[&str] = &["ps", "pgrep", "pidof"];
/// Programs that always succeed.
const YES: &[&str] = &["true", "echo", "printf", ":", "exit", "pwd", "date", "sleep"];
/// Programs that only look at what others print.
const FILTERS: &[&str] =
    &["grep", "egrep", "fgrep", "awk", "wc", "tr", "sed", "head", "tail", "sort", "cut", "xargs", "test", "[", "[["];
/// Options by which a test asks for a file.
const FILE_TESTS: &[&str] = &["-e", "-f", "-s", "-d", "-r", "-nt", "-ot"];

cases!(ProbeLivenessTautological: OTHER_ROLE = "other-role");

rule!(ProbeLivenessTautological, "workload/probe-liveness-tautological.md", |walk| probed_containers(walk, judge));

fn judge(workload: &Workload<'_>, it: Probed<'_>, cx: &mut Context<'_>) -> Verdict {
    let Some(liveness) = it.liveness() else { return Verdict::NotApplicable };
    let title = it.title();
    let message = match vacuity(&liveness.command()) {
        None => return Verdict::Pass,
        Some(Vacuity::Lists(lister)) => {
            format!("livenessProbe of {title} asks with {lister} whether a process is there, not whether it works")
        }
        Some(Vacuity::Succeeds(program)) => format!("livenessProbe of {title} runs {program}, which cannot fail"),
    };
    let place = it.object.place_in(it.container.node(), &["livenessProbe", "exec", "command"]);
    cx.fail(it.object, place, message)
        .help(HELP)
        .listed_with_similar(alike::workloads(it.object, "have liveness probes that tell nothing", HELP))
        .maybe_case(is_other(workload).then_some(OTHER_ROLE))
        .verdict()
}

/// Why a command tells nothing.
enum Vacuity {
    /// It looks for a process.
    Lists(String),
    /// It cannot fail.
    Succeeds(String),
}

fn vacuity(words: &[&str]) -> Option<Vacuity> {
    let commands = commands(words);
    let programs: Vec<&str> = commands.iter().filter_map(|it| it.first()).map(|it| program(it)).collect();
    let lister = programs.iter().find(|it| LISTERS.contains(it));
    let is_neutral = |it: &&str| LISTERS.contains(it) || YES.contains(it) || FILTERS.contains(it);
    if let Some(lister) = lister.filter(|_| programs.iter().all(is_neutral)) {
        let tests_a_file = commands.iter().flatten().any(|it| FILE_TESTS.contains(it))
            && programs.iter().any(|it| matches!(*it, "test" | "[" | "[["));
        return (!tests_a_file).then(|| Vacuity::Lists((*lister).to_owned()));
    }
    let fails = commands.iter().any(|it| it.first() == Some(&"exit") && it.get(1).is_some_and(|it| *it != "0"));
    let is_yes = |command: &Vec<&str>| {
        let name = command.first().map(|it| program(it)).unwrap_or_default();
        YES.contains(&name)
            || (name == "ls" && command[1..].iter().all(|it| it.starts_with('-') || matches!(*it, "/" | ".")))
    };
    let first = programs.first()?;
    (!fails && commands.iter().all(is_yes)).then(|| Vacuity::Succeeds((*first).to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_that_tell_nothing() {
        let script = |it: &str| vacuity(&["/bin/sh", "-c", it]).is_some();
        for it in [
            "ps aux | grep '[c]onsume'",
            "pgrep -f consume > /dev/null || exit 1",
            "test $(ps aux | grep consume | wc -l) -gt 0",
            "exit 0",
            "echo ok",
        ] {
            assert!(script(it), "{it}");
        }
        assert!(vacuity(&["/bin/true"]).is_some());
        assert!(vacuity(&["pgrep", "-f", "consume"]).is_some());
        assert!(vacuity(&["ls"]).is_some());
    }

    #[test]
    fn commands_that_tell_something() {
        let script = |it: &str| vacuity(&["sh", "-c", it]).is_some();
        for it in [
            "pgrep consume && curl -f http://localhost:8080/live",
            "test -f /tmp/alive && pgrep consume",
            "find /tmp/alive -mmin -1 | grep alive",
            "grep ok /tmp/status",
            "exit 1",
            "",
        ] {
            assert!(!script(it), "{it}");
        }
        for it in [&["cat", "/tmp/healthy"] as &[&str], &["ls", "/tmp/healthy"], &["/app/alive.sh"], &[]] {
            assert!(vacuity(it).is_none(), "{it:?}");
        }
    }
}
