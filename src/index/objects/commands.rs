//! What containers run and are told: the commands of their arguments and scripts, and their variables.

use crate::index::Objects;
use crate::model::{Container, Object, Place, PodTemplate, WorkloadKind, is_placeholder, shell};
use crate::source::Span;
use crate::yaml::NodeRef;

/// A word of a command, or the value of a variable.
#[derive(Clone, Copy, Debug)]
pub struct Word<'a> {
    /// The word, without quotes.
    pub text: &'a str,
    node: NodeRef<'a>,
    holder: &'a Object,
}

impl<'a> Word<'a> {
    /// The text that it stands in, with the object that holds that.
    pub fn written(&self) -> (&'a Object, NodeRef<'a>) {
        (self.holder, self.node)
    }
}

/// A command with its arguments.
#[derive(Clone, Debug)]
pub struct Command<'a> {
    /// Its words, the program first.
    pub words: Vec<Word<'a>>,
    /// Whether what it prints goes on into another one.
    pub is_piped: bool,
}

/// A setting: an option of a command, or a variable.
#[derive(Clone, Debug)]
pub struct Told<'a> {
    /// Its name in lower case, with dashes between the words: `group-id`, `kafka-group-id`.
    pub name: String,
    /// Its value.
    pub value: &'a str,
    /// Where the value stands.
    pub word: Word<'a>,
    /// Whether it is a variable.
    pub is_variable: bool,
}

/// What one container runs and is told.
#[derive(Clone, Debug)]
pub struct Orders<'a> {
    /// The container.
    pub container: Container<'a>,
    /// What its image is started with: command and arguments.
    pub main: Command<'a>,
    /// The commands of its scripts, those of mounted `ConfigMap`s included.
    pub scripts: Vec<Command<'a>>,
    /// Its variables, those of the environment's `ConfigMap`s included.
    pub variables: Vec<Told<'a>>,
    /// Whether a `ConfigMap` or Secret with scripts or variables is not among the manifests, or hides its content.
    pub is_open: bool,
}

/// Whether a value is a template placeholder, by a template or by the shell.
pub fn is_open_value(text: &str) -> bool {
    is_placeholder(text) || text.starts_with('$') || text.contains("=$") || text.contains(",$")
}

impl<'a> Word<'a> {
    /// A part of it.
    pub fn part(self, text: &'a str) -> Word<'a> {
        Word { text, ..self }
    }

    /// The line that it stands on.
    pub fn span(&self) -> Span {
        self.node.line_of(self.text)
    }

    /// The place of the field that holds it, at its line.
    pub fn place(&self) -> Place {
        Place { span: self.span(), path: self.holder.node().path_to(self.node) }
    }
}

impl<'a> Command<'a> {
    /// The program's name, without folder and `.sh`.
    pub fn program(&self) -> &'a str {
        shell::program(self.words.first().map_or("", |it| it.text))
    }

    /// The options: `--name=value`, and `--name value`.
    pub fn options(&self) -> impl Iterator<Item = Told<'a>> + '_ {
        self.words.iter().enumerate().filter_map(|(at, word)| {
            let name = word.text.strip_prefix('-')?.trim_start_matches('-');
            let told = |name: &str, value, word| Told { name: dashed(name), value, word, is_variable: false };
            if let Some((name, value)) = name.split_once('=') {
                return Some(told(name, shell::unquoted(value), *word));
            }
            let next = self.words.get(at + 1).filter(|it| !it.text.starts_with('-'))?;
            Some(told(name, next.text, *next))
        })
    }

    /// The value of an option with this name.
    pub fn option(&self, name: &str) -> Option<Told<'a>> {
        self.options().find(|it| it.name == name)
    }
}

impl<'a> Orders<'a> {
    /// All commands: what it is started with, and those of scripts.
    pub fn commands(&self) -> impl Iterator<Item = &Command<'a>> {
        std::iter::once(&self.main).chain(&self.scripts)
    }

    /// The options that its program gets, and its variables.
    pub fn told(&self) -> Vec<Told<'a>> {
        self.main
            .options()
            .chain(self.scripts.iter().flat_map(Command::options))
            .chain(self.variables.clone())
            .collect()
    }
}

/// Whether an object, or what it takes from elsewhere, may hold one of these texts: a quick look before a long one.
pub(in crate::index) fn may_mention(object: &Object, texts: &[&str]) -> bool {
    let written = object.document().text_of(object.node().span());
    // A document that was put together from several has no text of its own.
    written.is_empty() || written.contains("onfigMap") || texts.iter().any(|it| written.contains(it))
}

impl<'a> Objects<'a> {
    /// Whether a container has an environment variable whose name fits, its ConfigMaps and Secrets included.
    pub(in crate::index) fn has_env(
        &self,
        from: &Object,
        container: Container<'_>,
        fits: impl Fn(&str) -> bool,
    ) -> bool {
        container.env().any(|(name, _)| fits(name)) || self.env_from(from, container).into_iter().any(fits)
    }

    /// The names of a container's environment variables, those of its ConfigMaps and Secrets included.
    pub(in crate::index) fn env_names<'n>(&'n self, from: &Object, container: Container<'n>) -> Vec<&'n str> {
        container.env().map(|it| it.0).chain(self.env_from(from, container)).collect()
    }

    /// The names of variables that come from whole ConfigMaps and Secrets of the environment.
    fn env_from(&self, from: &Object, container: Container<'_>) -> Vec<&'a str> {
        let mut names = Vec::new();
        for source in container.node().items_at(&["envFrom"]) {
            for (key, kind) in [("configMapRef", "ConfigMap"), ("secretRef", "Secret")] {
                let Some(name) = source.str_at(&[key, "name"]) else { continue };
                if let Some(object) = self.find(from, "", kind, name) {
                    for data in ["data", "stringData"] {
                        let entries = object.node().at(&[data]).into_iter().flat_map(NodeRef::entries);
                        names.extend(entries.map(|it| it.key.text()));
                    }
                }
            }
        }
        names
    }

    /// What the containers of an object run and are told, init containers included.
    pub fn orders_of(&self, object: &'a Object) -> Vec<Orders<'a>> {
        let Some(template) = WorkloadKind::of(object).and_then(|it| PodTemplate::of(object, it)) else {
            return Vec::new();
        };
        let containers = template.init_containers().chain(template.containers());
        containers.map(|it| self.orders(object, template, it)).collect()
    }

    fn orders(&self, object: &'a Object, template: PodTemplate<'a>, container: Container<'a>) -> Orders<'a> {
        let node = container.node();
        let word = |it: NodeRef<'a>| Word { text: it.text(), node: it, holder: object };
        let words: Vec<Word<'a>> = node.items_at(&["command"]).chain(node.items_at(&["args"])).map(word).collect();
        let mut scripts = Vec::new();
        let hook = node.items_at(&["lifecycle", "postStart", "exec", "command"]).map(word).collect::<Vec<_>>();
        for words in [&words, &hook] {
            for word in words.iter().filter(|it| it.text.contains([' ', '\n'])) {
                scripts.extend(split(*word));
            }
        }
        if !hook.is_empty() {
            scripts.push(Command { words: hook, is_piped: false });
        }
        let mut is_open = false;
        for (name, volume) in self.mounted(template, container) {
            is_open |= self.read_scripts(object, volume, &mut scripts).is_none() && is_for_scripts(name);
        }
        let mut variables = Vec::new();
        is_open |= self.read_variables(object, container, &mut variables).is_none();
        Orders { container, main: Command { words, is_piped: false }, scripts, variables, is_open }
    }

    /// The volumes of a container, by the paths at which they are mounted.
    fn mounted(&self, template: PodTemplate<'a>, container: Container<'a>) -> Vec<(&'a str, NodeRef<'a>)> {
        let volume = |name: &str| template.volumes().find(|it| it.str_at(&["name"]) == Some(name));
        container.mounts().filter_map(|(path, name)| Some((path, volume(name)?))).collect()
    }

    /// Adds the commands of the scripts in a volume; `None` if its content is not among the manifests.
    fn read_scripts(&self, object: &'a Object, volume: NodeRef<'a>, found: &mut Vec<Command<'a>>) -> Option<()> {
        if volume.at(&["secret"]).is_some() {
            return None;
        }
        let Some(source) = volume.at(&["configMap"]) else { return Some(()) };
        let map = self.find(object, "", "ConfigMap", source.str_at(&["name"])?)?;
        for entry in map.node().at(&["data"]).into_iter().flat_map(NodeRef::entries) {
            let text = entry.value.text();
            if entry.name().ends_with(".sh") || text.starts_with("#!") {
                found.extend(split(Word { text, node: entry.value, holder: map }));
            }
        }
        Some(())
    }

    /// Adds the variables of a container; `None` if some are not among the manifests.
    fn read_variables(&self, object: &'a Object, container: Container<'a>, found: &mut Vec<Told<'a>>) -> Option<()> {
        let mut is_complete = Some(());
        let told = |name: &str, node: NodeRef<'a>, holder: &'a Object| Told {
            name: dashed(name),
            value: node.text(),
            word: Word { text: node.text(), node, holder },
            is_variable: true,
        };
        for source in container.node().items_at(&["envFrom"]) {
            let Some(name) = source.str_at(&["configMapRef", "name"]) else { continue };
            let prefix = source.str_at(&["prefix"]).unwrap_or_default();
            let Some(map) = self.find(object, "", "ConfigMap", name) else {
                is_complete = None;
                continue;
            };
            for entry in map.node().at(&["data"]).into_iter().flat_map(NodeRef::entries) {
                found.push(told(&format!("{prefix}{}", entry.name()), entry.value, map));
            }
        }
        for variable in container.node().items_at(&["env"]) {
            let Some(name) = variable.get("name").map(NodeRef::text) else { continue };
            if let Some(value) = variable.at(&["value"]) {
                found.push(told(name, value, object));
            } else if let Some(reference) = variable.at(&["valueFrom", "configMapKeyRef"]) {
                let map = reference.str_at(&["name"]).and_then(|it| self.find(object, "", "ConfigMap", it));
                let key = reference.str_at(&["key"]).unwrap_or_default();
                let value = map.and_then(|it| Some((it, it.node().at(&["data", key])?)));
                match value {
                    Some((map, value)) => found.push(told(name, value, map)),
                    None => is_complete = None,
                }
            }
        }
        is_complete
    }
}

/// Whether a folder is called as those of scripts are.
fn is_for_scripts(path: &str) -> bool {
    path.contains("script") || path.contains("bin") || path.ends_with(".sh")
}

/// `KAFKA_GROUP_ID` and `kafka.group.id` as `kafka-group-id`.
fn dashed(name: &str) -> String {
    let dash = |it: char| if matches!(it, '.' | '_') { '-' } else { it.to_ascii_lowercase() };
    name.chars().map(dash).collect()
}

/// The commands of a script, and those that stand in quotes for another shell or for `eval`.
fn split(script: Word<'_>) -> impl Iterator<Item = Command<'_>> {
    shell::split_all(script.text).into_iter().map(move |it| Command {
        words: it.words.into_iter().map(|it| script.part(it)).collect(),
        is_piped: it.is_piped,
    })
}

#[cfg(test)]
mod tests {
    use super::{Command, Word, split};
    use crate::model::Object;
    use crate::source::SourceId;
    use crate::yaml::parse;
    use std::sync::Arc;

    fn read(script: &str, ask: impl Fn(&[Command<'_>])) {
        let lines: Vec<&str> = script.lines().collect();
        let text: Arc<str> = format!("apiVersion: v1\nkind: ConfigMap\nx: |\n  {}\n", lines.join("\n  ")).into();
        let length = text.len();
        let document = Arc::new(parse(SourceId(0), &text, 0..length).expect("YAML").expect("not empty"));
        let object = Object::read(&document, document.root()).expect("an object");
        let node = object.node().get("x").expect("it is there");
        ask(&split(Word { text: node.text(), node, holder: &object }).collect::<Vec<_>>());
    }

    #[test]
    fn scripts_are_split_as_shells_do() {
        let script = "# comment; here\nuntil a --list; do sleep 1; done\nX=1 /opt/kafka-topics.sh --create \\\n  --topic 'a b' \
                      --partitions=3 | gzip > /out 2>&1\n\
                      dump > x-$(date +%F; ls).gz || exit 1\n";
        read(script, |commands| {
            let programs: Vec<&str> = commands.iter().map(Command::program).collect();
            assert_eq!(programs, ["a", "sleep", "done", "kafka-topics", "gzip", "dump", "exit", "date", "ls", "a"]);
            let topics = &commands[3];
            assert!(topics.is_piped && !commands[5].is_piped);
            assert_eq!(commands[5].words.last().map(|it| it.text), Some("x-$(date +%F; ls).gz"));
            assert_eq!(topics.option("topic").map(|it| it.value), Some("a b"));
            assert_eq!(topics.option("partitions").map(|it| it.value), Some("3"));
        });
    }

    #[test]
    fn words_know_their_lines() {
        read("tool --a 1\ntool --b 1\n", |commands| {
            let lines: Vec<u32> = commands.iter().map(|it| it.words[2].span().start).collect();
            assert!(lines[0] < lines[1], "{lines:?}");
        });
    }
}
