//! No file of a layer imports back up: what imports what, followed through re-exports, has no circles.

use crate::common::{files_below, root};
use std::collections::{BTreeMap, BTreeSet};

/// The layers that lie in folders. The rules name each other by their ids, which is no order.
const LAYERS: &[&str] = &[
    "cli",
    "config",
    "drill",
    "engine",
    "finding",
    "index",
    "load",
    "model",
    "readiness",
    "render",
    "rule",
    "suppress",
];

/// Maps hold lists and lists hold maps: one recursion, in two files.
const RECURSION: &str = "load: kustomize::merge -> kustomize::merge_lists -> kustomize::merge";

/// A module's path below its layer: `["kafka", "topics"]`; the layer itself is empty.
type Module = Vec<String>;

/// The files of a layer that lies in a folder, as modules.
struct Layer {
    name: String,
    texts: BTreeMap<Module, String>,
    /// What a module offers under a name of its own that stands elsewhere.
    exports: BTreeMap<Module, Module>,
}

fn words(text: &str) -> Module {
    text.split("::").map(|it| it.trim().to_owned()).collect()
}

/// The paths of an import: `a::{b, c::d}` is `a::b` and `a::c::d`.
fn expand(tree: &str, found: &mut Vec<String>) {
    let Some((start, rest)) = tree.split_once('{') else { return found.push(tree.trim().to_owned()) };
    let inner = rest.strip_suffix('}').expect("braces match");
    let (mut depth, mut part) = (0, String::new());
    for letter in inner.chars().chain([',']) {
        match letter {
            ',' if depth == 0 => {
                if !part.trim().is_empty() {
                    expand(&format!("{start}{}", part.trim()), found);
                }
                part.clear();
                continue;
            }
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        part.push(letter);
    }
}

impl Layer {
    fn read(name: &str) -> Layer {
        let folder = root().join("src").join(name);
        let mut texts = BTreeMap::new();
        let head = folder.with_extension("rs");
        let head = head.exists().then_some(head);
        let files = files_below(&folder).into_iter().chain(head);
        for file in files.filter(|it| it.extension().is_some_and(|it| it == "rs")) {
            let path = file.strip_prefix(&folder).map(|it| it.with_extension("")).unwrap_or_default();
            let mut module: Module = path.iter().map(|it| it.to_string_lossy().into_owned()).collect();
            module.pop_if(|it| it == "mod");
            let text = std::fs::read_to_string(&file).expect("sources are text");
            let code = text.split("#[cfg(test)]").next().unwrap_or_default();
            let lines = code.lines().filter(|it| !it.trim_start().starts_with("//"));
            texts.insert(module, lines.collect::<Vec<_>>().join("\n"));
        }
        let mut layer = Layer { name: name.to_owned(), texts, exports: BTreeMap::new() };
        let mut exports = BTreeMap::new();
        for (module, text) in &layer.texts {
            for (path, is_export) in imports(text) {
                let (path, alias) = path.split_once(" as ").unwrap_or((&path, ""));
                let target = layer.absolute(module, path).unwrap_or_else(|| [module.clone(), words(path)].concat());
                let own = if alias.is_empty() { target.last().cloned().unwrap_or_default() } else { alias.to_owned() };
                if is_export {
                    exports.insert([module.clone(), vec![own]].concat(), target);
                }
            }
        }
        layer.exports = exports;
        layer
    }

    /// The path from the layer on, if an import stays in it.
    fn absolute(&self, module: &Module, path: &str) -> Option<Module> {
        let words = words(path);
        let ups = words.iter().take_while(|it| *it == "super").count();
        match words.first().map(String::as_str) {
            Some("crate") if words.get(1) == Some(&self.name) => Some(words[2..].to_vec()),
            Some("self") => Some([module.clone(), words[1..].to_vec()].concat()),
            Some("super") if ups <= module.len() => {
                Some([module[..module.len() - ups].to_vec(), words[ups..].to_vec()].concat())
            }
            _ => None,
        }
    }

    /// The module that a path leads to.
    fn module_of(&self, mut path: Module) -> Module {
        while let Some(target) = self.exports.get(&path).filter(|it| **it != path) {
            path.clone_from(target);
        }
        while !path.is_empty() && !self.texts.contains_key(&path) {
            path.pop();
        }
        path
    }

    fn arrows(&self) -> BTreeMap<&Module, BTreeSet<Module>> {
        let of = |module: &Module, text: &str| {
            let own = imports(text).into_iter().filter(|it| !it.1).map(|it| it.0).chain(mentions(text));
            let targets = own.filter_map(|it| self.absolute(module, it.split(" as ").next().unwrap_or_default()));
            targets.map(|it| self.module_of(it)).filter(|it| it != module).collect()
        };
        self.texts.iter().map(|(module, text)| (module, of(module, text))).collect()
    }
}

/// The paths that a text imports, each with whether it offers them to others.
fn imports(text: &str) -> Vec<(String, bool)> {
    let mut found = Vec::new();
    for statement in text.split(';') {
        let Some(start) = statement.rfind("use ").filter(|it| is_import(statement, *it)) else { continue };
        let mut paths = Vec::new();
        expand(&statement[start + 4..].replace('\n', " "), &mut paths);
        let is_export = statement[..start].trim_end().ends_with([')', 'b']) && statement[..start].contains("pub");
        found.extend(paths.into_iter().map(|it| (it, is_export)));
    }
    found
}

fn is_import(statement: &str, at: usize) -> bool {
    let line = statement[..at].rsplit('\n').next().unwrap_or_default().trim();
    line.is_empty() || line.starts_with("pub")
}

/// The paths that code spells out.
fn mentions(text: &str) -> impl Iterator<Item = String> {
    let lines = text.lines().filter(|it| !it.trim_start().starts_with("use ") && !it.contains(" use "));
    lines.flat_map(|line| {
        let starts = line.match_indices("crate::").chain(line.match_indices("super::"));
        starts.map(|(at, _)| {
            line[at..].chars().take_while(|it| it.is_alphanumeric() || matches!(it, '_' | ':')).collect::<String>()
        })
    })
}

/// A circle that starts at a module, if there is one.
fn circle<'m>(
    at: &'m Module,
    arrows: &'m BTreeMap<&Module, BTreeSet<Module>>,
    path: &mut Vec<&'m Module>,
    done: &mut BTreeSet<&'m Module>,
) -> Option<String> {
    if let Some(start) = path.iter().position(|it| *it == at) {
        let names: Vec<String> = path[start..].iter().chain([&at]).map(|it| it.join("::")).collect();
        return Some(names.join(" -> "));
    }
    if !done.insert(at) {
        return None;
    }
    path.push(at);
    let found = arrows[at].iter().find_map(|it| circle(it, arrows, path, done));
    path.pop();
    found
}

#[test]
fn no_layer_has_circles() {
    let mut imports = 0;
    let mut circles = Vec::new();
    for name in LAYERS {
        let layer = Layer::read(name);
        let arrows = layer.arrows();
        imports += arrows.values().map(BTreeSet::len).sum::<usize>();
        let mut done = BTreeSet::new();
        for module in arrows.keys() {
            let circle = circle(module, &arrows, &mut Vec::new(), &mut done).map(|it| format!("{name}: {it}"));
            circles.extend(circle.filter(|it| it != RECURSION));
        }
    }
    assert!(imports > 500, "the imports were read");
    assert!(circles.is_empty(), "{}", circles.join("\n"));
}
