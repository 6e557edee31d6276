//! The commands of an `exec`: the one that it is, or those of the script that it has a shell run.

/// Signs between two commands of a script.
const BETWEEN: &[char] = &[';', '&', '|', '\n', '(', ')', '`'];

/// Words before a command that are none themselves.
const BEFORE: &[&str] =
    &["if", "then", "else", "elif", "do", "while", "until", "exec", "!", "env", "sudo", "{", "time"];

/// The script that a command has a shell run.
pub fn script<'a>(words: &[&'a str]) -> Option<&'a str> {
    let (first, rest) = words.split_first()?;
    let is_shell = matches!(program(first), "sh" | "bash" | "ash" | "dash" | "zsh");
    let at = rest.iter().position(|it| it.starts_with('-') && !it.starts_with("--") && it.contains('c'))?;
    rest.get(at + 1).copied().filter(|_| is_shell)
}

/// Each command as its words, without quotes.
pub fn commands<'a>(words: &[&'a str]) -> Vec<Vec<&'a str>> {
    let Some(script) = script(words) else { return vec![words.to_vec()] };
    let parts = script.split(BETWEEN).map(|command| {
        let words = command.split_whitespace().map(|it| it.trim_matches(['"', '\'']));
        words.skip_while(|it| is_prefix(it)).collect::<Vec<_>>()
    });
    // What is left of `2>&1` and behind `$(…)` is no command.
    let is_program =
        |it: &&str| it.starts_with(|it: char| it.is_alphabetic() || matches!(it, '/' | '.' | '[' | ':' | '_'));
    parts.filter(|it| it.first().is_some_and(is_program)).collect()
}

/// The name of a program, without its folder and `.sh`.
pub fn program(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or_default();
    name.strip_suffix(".sh").unwrap_or(name)
}

/// Whether a word stands before a program's name: a word of the shell, or `NAME=value`.
pub fn is_prefix(word: &str) -> bool {
    BEFORE.contains(&word) || is_assignment(word)
}

/// Whether a word sets a variable: `NAME=value`.
pub fn is_assignment(word: &str) -> bool {
    word.split_once('=')
        .is_some_and(|it| !it.0.is_empty() && it.0.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'_'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_is_its_commands() {
        let words = ["/bin/sh", "-ec", "A=1 ps aux | grep '[c]onsume' && sleep 5; exec nginx -s quit 2>&1"];
        let programs: Vec<String> = commands(&words).iter().map(|it| it.join(" ")).collect();
        assert_eq!(programs, ["ps aux", "grep [c]onsume", "sleep 5", "nginx -s quit 2>"]);
    }

    #[test]
    fn what_no_shell_runs_is_one_command() {
        assert_eq!(commands(&["pgrep", "-f", "consume"]), [["pgrep", "-f", "consume"]]);
        assert_eq!(script(&["pgrep", "-c", "consume"]), None);
        assert_eq!(program("/opt/kafka/bin/kafka-topics.sh"), "kafka-topics");
    }
}
