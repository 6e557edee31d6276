//! What shells make of a text: the one splitter of scripts into commands and words.
//!
//! It is lenient: a script may have placeholders, and what no shell would take is split as far as it goes.

/// Words before a command that are none themselves.
const BEFORE: &[&str] = &["if", "then", "else", "elif", "do", "while", "until", "!", "{"];

/// Programs that start the one behind them, with their options that take a word.
const STARTERS: &[(&str, &[&str])] = &[
    ("exec", &["-a"]),
    ("env", &["-u"]),
    ("sudo", &["-u", "-g"]),
    ("nohup", &[]),
    ("time", &[]),
    ("setsid", &[]),
    ("tini", &["-e", "-p"]),
    ("dumb-init", &["-r"]),
    ("catatonit", &[]),
];

/// Those that take a user first.
const AS_USER: &[&str] = &["gosu", "su-exec"];

const SHELLS: &[&str] = &["sh", "bash", "ash", "dash", "zsh"];

/// Programs whose arguments are texts, whatever these look like.
const MESSENGERS: &[&str] = &["echo", "printf", "grep", "sed", "awk"];

/// How deep scripts inside of scripts are read.
const DEEPEST: usize = 4;

/// A command with its arguments. All texts are parts of the script, so that their places can be told.
#[derive(Clone, Debug, Default)]
pub struct Command<'a> {
    /// All of it, as it is written.
    pub text: &'a str,
    /// Words before the program: those of the shell, assignments, programs that start the one behind them.
    pub prefix: Vec<&'a str>,
    /// The program and its arguments, without quotes. Of assignments alone, these.
    pub words: Vec<&'a str>,
    /// Whether what it prints goes on into another one.
    pub is_piped: bool,
    /// Whether all that it does is to run a script, whose commands are listed, too.
    pub runs_script: bool,
}

impl Command<'_> {
    /// Whether it can be a command: not what is left behind a block, no redirection or assignment alone.
    fn is_plain(&self) -> bool {
        let starts = |it: char| it.is_alphabetic() || matches!(it, '/' | '.' | '[' | ':' | '_' | '$');
        !self.runs_script && self.words.first().is_some_and(|it| it.starts_with(starts) && !is_prefix(it))
    }
}

/// The script that a command has a shell run: `sh -c …`, also as another user, or by `eval`.
pub fn script<'a>(words: &[&'a str]) -> Option<&'a str> {
    let words = &words[prefix_length(words)..];
    let (first, rest) = words.split_first()?;
    let name = program(first);
    let is_switch = |it: &str| match name {
        "su" | "runuser" => matches!(it, "-c" | "--command"),
        _ => it.starts_with('-') && !it.starts_with("--") && it.contains('c'),
    };
    if name == "eval" {
        return rest.first().copied();
    }
    if !(SHELLS.contains(&name) || matches!(name, "su" | "runuser")) {
        return None;
    }
    let at = rest.iter().position(|it| is_switch(it))?;
    rest[at + 1..].iter().copied().find(|it| *it != "--")
}

/// Whether a word names a shell.
pub fn is_shell(word: &str) -> bool {
    SHELLS.contains(&program(word))
}

/// The commands of an `exec`, each as its words: the one that it is, or those of the script that it has a shell run.
pub fn commands<'a>(words: &[&'a str]) -> Vec<Vec<&'a str>> {
    let Some(script) = script(words) else { return vec![words[prefix_length(words)..].to_vec()] };
    split(script).into_iter().filter(Command::is_plain).map(|it| it.words).collect()
}

/// The commands of a script, with those in `$(…)` and those of scripts that it has other shells run.
pub fn split(script: &str) -> Vec<Command<'_>> {
    let mut found = Vec::new();
    read(script, &Reading { depth: 0, substitutes: true, guesses: false }, &mut found);
    found
}

/// The same with all texts in quotes that may be scripts: for `ssh`, `kubectl exec` and whatever else runs them.
pub fn split_all(script: &str) -> Vec<Command<'_>> {
    let mut found = Vec::new();
    read(script, &Reading { depth: 0, substitutes: true, guesses: true }, &mut found);
    found
}

/// The name of a program, without its folder and `.sh`.
pub fn program(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or_default();
    name.strip_suffix(".sh").unwrap_or(name)
}

/// A text without the quotes around it.
pub fn unquoted(text: &str) -> &str {
    text.trim_matches(['"', '\''])
}

/// Whether a word stands before a program's name: a word of the shell, or `NAME=value`.
fn is_prefix(word: &str) -> bool {
    BEFORE.contains(&word) || is_assignment(word)
}

/// Whether a word sets a variable: `NAME=value`.
pub fn is_assignment(word: &str) -> bool {
    word.split_once('=')
        .is_some_and(|it| !it.0.is_empty() && it.0.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'_'))
}

/// How many words stand before the program.
fn prefix_length(words: &[&str]) -> usize {
    let mut at = 0;
    while let Some(word) = words.get(at) {
        if is_prefix(word) {
            at += 1;
        } else if AS_USER.contains(&program(word)) {
            at += 2;
        } else if let Some((_, valued)) = STARTERS.iter().find(|it| it.0 == program(word)) {
            at += 1;
            while let Some(option) = words.get(at).filter(|it| it.starts_with('-')) {
                at += if valued.contains(option) { 2 } else { 1 };
            }
        } else {
            break;
        }
    }
    at.min(words.len())
}

/// How a text is read.
struct Reading {
    depth: usize,
    /// Whether the commands in `$(…)` are wanted.
    substitutes: bool,
    /// Whether texts in quotes are taken for scripts.
    guesses: bool,
}

/// Adds the commands of a script, then those of the scripts in it.
fn read<'a>(script: &'a str, how: &Reading, found: &mut Vec<Command<'a>>) {
    if how.depth == DEEPEST {
        return;
    }
    let Parts { commands, substituted, scripts, .. } = Parts { script, ..Parts::default() }.read();
    found.extend(commands);
    let deeper = |substitutes| Reading { depth: how.depth + 1, substitutes, ..*how };
    for inner in substituted.into_iter().filter(|_| how.substitutes) {
        read(inner, &deeper(true), found);
    }
    for (inner, is_sure) in scripts {
        if is_sure || how.guesses {
            read(inner, &deeper(false), found);
        }
    }
}

/// The scripts in `$(…)` and in backticks of a word as it is written.
fn substitutions<'a>(word: &'a str, found: &mut Vec<&'a str>) {
    let bytes = word.as_bytes();
    let (mut at, mut is_quoted) = (0, false);
    while at < bytes.len() {
        let rest = &bytes[at..];
        if rest.starts_with(b"$(") || rest.starts_with(b"`") {
            let end = end_of(bytes, at);
            let inner = &word[at + if bytes[at] == b'$' { 2 } else { 1 }..end];
            let is_sum = rest.starts_with(b"$((");
            found.extend(inner.strip_suffix([')', '`']).or(Some(inner)).filter(|_| !is_sum));
            at = end;
        } else if (bytes[at] == b'\'' && !is_quoted) || bytes[at] == b'\\' {
            at = end_of(bytes, at);
        } else {
            is_quoted ^= bytes[at] == b'"';
            at += 1;
        }
    }
}

/// Where a quote, a substitution or a placeholder ends that begins here; at the end of the text if it never does.
fn end_of(bytes: &[u8], from: usize) -> usize {
    let mut open: Vec<u8> = Vec::new();
    let mut at = from;
    while at < bytes.len() {
        let closing = open.last().copied();
        let is_literal = closing == Some(b'\'');
        if closing == Some(bytes[at]) {
            open.pop();
        } else if is_literal {
        } else if bytes[at] == b'\\' {
            at += 1;
        } else if bytes[at..].starts_with(b"$(") || bytes[at..].starts_with(b"${") {
            at += 1;
            open.push(if bytes[at] == b'(' { b')' } else { b'}' });
        } else if closing != Some(b'"') && matches!(bytes[at], b'\'' | b'"') || bytes[at] == b'`' {
            open.push(bytes[at]);
        } else if closing == Some(b')') && bytes[at] == b'(' {
            open.push(b')');
        }
        at += 1;
        if open.is_empty() {
            return at.min(bytes.len());
        }
    }
    bytes.len()
}

/// What of a script was split already.
#[derive(Default)]
struct Parts<'a> {
    script: &'a str,
    /// Where the word begins.
    start: Option<usize>,
    /// Where the command begins.
    begin: usize,
    words: Vec<&'a str>,
    /// Words of the command that stand in quotes and have spaces.
    quoted: Vec<&'a str>,
    commands: Vec<Command<'a>>,
    /// What stands in `$(…)` and backticks.
    substituted: Vec<&'a str>,
    /// Words that are scripts, and whether that is sure.
    scripts: Vec<(&'a str, bool)>,
}

impl Parts<'_> {
    fn read(mut self) -> Self {
        let bytes = self.script.as_bytes();
        let mut at = 0;
        while at < bytes.len() {
            let next = bytes.get(at + 1).copied();
            let is_behind = |sign: u8| at > 0 && bytes[at - 1] == sign;
            match bytes[at] {
                // A line that goes on ends a word.
                b'\\' if next == Some(b'\n') => {
                    self.end_word(at);
                    at += 1;
                }
                b'\\' => {
                    self.begin_word(at);
                    at += 1;
                }
                b'\'' | b'"' | b'`' => {
                    self.begin_word(at);
                    at = end_of(bytes, at) - 1;
                }
                b'$' if matches!(next, Some(b'(' | b'{')) => {
                    self.begin_word(at);
                    at = end_of(bytes, at) - 1;
                }
                b'#' if self.start.is_none() => {
                    at += bytes[at..].iter().position(|it| *it == b'\n').unwrap_or(bytes.len() - at) - 1;
                }
                b'&' if is_behind(b'>') || next == Some(b'>') => self.begin_word(at),
                b'\n' | b';' | b'&' | b'|' | b'(' | b')' => {
                    self.end_command(at, bytes[at] == b'|' && next != Some(b'|') && !is_behind(b'|'));
                }
                letter if letter.is_ascii_whitespace() => self.end_word(at),
                _ => self.begin_word(at),
            }
            at += 1;
        }
        self.end_command(self.script.len(), false);
        self
    }

    fn begin_word(&mut self, at: usize) {
        if self.words.is_empty() && self.start.is_none() {
            self.begin = at;
        }
        self.start.get_or_insert(at);
    }

    fn end_word(&mut self, at: usize) {
        if let Some(start) = self.start.take() {
            let word = &self.script[start..at];
            substitutions(word, &mut self.substituted);
            if word.starts_with(['"', '\'']) && word.contains([' ', '\n']) {
                self.quoted.push(unquoted(word));
            }
            self.words.push(unquoted(word));
        }
    }

    fn end_command(&mut self, at: usize, is_piped: bool) {
        self.end_word(at);
        let mut prefix = std::mem::take(&mut self.words);
        if prefix.is_empty() {
            return;
        }
        // Alone, an assignment is for the commands that follow.
        let length = Some(prefix_length(&prefix)).filter(|it| *it < prefix.len()).unwrap_or_default();
        let words = prefix.split_off(length);
        let sure = script(&words);
        let runs_script = sure.is_some();
        let guessed = self.quoted.drain(..).filter(|_| !runs_script && !MESSENGERS.contains(&program(words[0])));
        self.scripts.extend(sure.map(|it| (it, true)).into_iter().chain(guessed.map(|it| (it, false))));
        self.commands.push(Command { text: &self.script[self.begin..at], prefix, words, is_piped, runs_script });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(commands: &[Vec<&str>]) -> Vec<String> {
        commands.iter().map(|it| it.join(" ")).collect()
    }

    fn of_script(script: &str) -> Vec<String> {
        split(script).iter().map(|it| it.words.join(" ")).collect()
    }

    #[test]
    fn a_script_is_its_commands() {
        let words = ["/bin/sh", "-ec", "A=1 ps aux | grep '[c]onsume' && sleep 5; exec nginx -s quit 2>&1"];
        assert_eq!(lines(&commands(&words)), ["ps aux", "grep [c]onsume", "sleep 5", "nginx -s quit 2>&1"]);
        assert_eq!(lines(&commands(&["bash", "-c", "--", "true"])), ["true"]);
    }

    #[test]
    fn what_no_shell_runs_is_one_command() {
        assert_eq!(commands(&["pgrep", "-f", "consume"]), [["pgrep", "-f", "consume"]]);
        assert_eq!(script(&["pgrep", "-c", "consume"]), None);
        assert_eq!(program("/opt/kafka/bin/kafka-topics.sh"), "kafka-topics");
    }

    #[test]
    fn separators_in_quotes_separate_nothing() {
        assert_eq!(of_script("psql -c \"SELECT 1; COMMIT\" | cat"), ["psql -c SELECT 1; COMMIT", "cat"]);
        assert_eq!(of_script("echo '$(no; command)'"), ["echo $(no; command)"]);
        assert_eq!(of_script("a \\; b"), ["a \\; b"]);
    }

    #[test]
    fn substitutions_are_words_and_commands() {
        let script = "test $(ps aux | wc -l) -gt 0";
        assert_eq!(of_script(script), ["test $(ps aux | wc -l) -gt 0", "ps aux", "wc -l"]);
        assert_eq!(
            of_script("f=\"$(date \"+%F %T\")\" && dump > /x-`date`"),
            ["f=\"$(date \"+%F %T\")", "dump > /x-`date`", "date +%F %T", "date"]
        );
        assert_eq!(of_script("sleep $((2 * (3 + 1)))"), ["sleep $((2 * (3 + 1)))"]);
        assert_eq!(of_script("a ${X:-$(b; c)} d"), ["a ${X:-$(b; c)} d", "b", "c"]);
    }

    #[test]
    fn scripts_of_other_shells_are_read() {
        assert_eq!(of_script("sh -c 'a; b'").split_first().expect("three").1, ["a", "b"]);
        assert_eq!(of_script("su - postgres -c \"pg_dump x\"")[1], "pg_dump x");
        assert_eq!(lines(&commands(&["tini", "--", "sh", "-c", "bash -c 'a && b'"])), ["a", "b"]);
        // Texts for other programs may be scripts.
        assert_eq!(of_script("ssh host 'a; b'").len(), 1);
        assert_eq!(split_all("ssh host 'a; b'").len(), 3);
        assert_eq!(split_all("echo 'a; b'").len(), 1);
    }

    #[test]
    fn what_starts_a_program_is_not_the_program() {
        for script in [
            "sudo -u postgres pg_dump x",
            "exec gosu postgres pg_dump x",
            "if ! env -i A=1 nohup pg_dump x",
            "tini -g -- pg_dump x",
        ] {
            assert_eq!(split(script)[0].words, ["pg_dump", "x"], "{script}");
        }
        assert_eq!(split("A=1 B=2")[0].words, ["A=1", "B=2"]);
    }

    #[test]
    fn redirections_belong_to_their_command() {
        assert_eq!(of_script("a &> /x; b >/y 2>&1 &"), ["a &> /x", "b >/y 2>&1"]);
        assert!(split("a | b")[0].is_piped && !split("a || b")[0].is_piped);
        assert_eq!(split("a; x | y ")[1].text, "x ");
    }

    #[test]
    fn hostile_scripts_end() {
        for script in ["$(", "\"", "'", "`", "${", "\\", "$((", "sh -c '", "(", "#", "&>"] {
            let long = script.repeat(20_000);
            assert!(split_all(&long).len() <= long.len());
        }
        assert_eq!(split("é `ü` $(ö)").len(), 3);
    }
}
