//! Writes the skeleton of a rule: it compiles, its page is complete in form, and it is registered.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

/// Writes page, module and fixtures, and registers the rule. Returns the files, relative to the root.
///
/// # Errors
/// When the id is none, the component does not exist, the rule does, or a file cannot be written.
pub(crate) fn write(root: &Path, component: &str, id: &str) -> Result<Vec<String>, String> {
    check(root, component, id)?;
    let (module, type_name) = (id.replace('-', "_"), type_name(id));
    let table = format!("src/rules/{component}/mod.rs");
    let registered = register(&read(root, &table)?, &module, &type_name)
        .ok_or_else(|| format!("{table} has no table of rules: register {module}::{type_name} by hand"))?;
    let page = page(&read(root, "rules/_template.md")?, component, id);
    let files = [
        (format!("rules/{component}/{id}.md"), page),
        (format!("src/rules/{component}/{module}.rs"), source(component, id, &type_name)),
        (format!("fixtures/rules/{id}/fail-missing.yaml"), DEPLOYMENT.to_owned()),
        (format!("fixtures/rules/{id}/pass-marked.yaml"), marked()),
        (table, registered),
    ];
    for (name, text) in &files {
        let path = root.join(name);
        let folder = path.parent().expect("every file lies in a folder");
        fs::create_dir_all(folder).map_err(|it| format!("{}: {it}", folder.display()))?;
        fs::write(&path, text).map_err(|it| format!("{name}: {it}"))?;
    }
    Ok(files.into_iter().map(|it| it.0).collect())
}

fn read(root: &Path, name: &str) -> Result<String, String> {
    fs::read_to_string(root.join(name)).map_err(|it| format!("{name}: {it}"))
}

fn check(root: &Path, component: &str, id: &str) -> Result<(), String> {
    let is_word = |it: &str| !it.is_empty() && it.bytes().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit());
    if !id.split('-').all(is_word) || !id.contains('-') {
        return Err(format!("{id}: an id is two or more lower-case words with dashes, and says what is wrong"));
    }
    if !root.join("src/rules").join(component).join("mod.rs").is_file() {
        let mut known = Vec::new();
        for entry in fs::read_dir(root.join("src/rules")).into_iter().flatten().flatten() {
            known.extend(entry.path().is_dir().then(|| entry.file_name().to_string_lossy().into_owned()));
        }
        known.sort();
        return Err(format!("{component}: no such component; there are {}", known.join(", ")));
    }
    if root.join(format!("rules/{component}/{id}.md")).exists() {
        return Err(format!("{id}: the rule exists"));
    }
    Ok(())
}

/// `PdbMissing` of `pdb-missing`.
fn type_name(id: &str) -> String {
    let capital = |word: &str| {
        let (first, rest) = word.split_at(1);
        first.to_ascii_uppercase() + rest
    };
    id.split('-').map(capital).collect()
}

/// The table of a component with one rule more, in order.
fn register(table: &str, module: &str, type_name: &str) -> Option<String> {
    let with_module = insert(table, "mod ", &format!("mod {module};"))?;
    insert(&with_module, "    ", &format!("    {module}::{type_name},"))
}

/// Inserts a line among its neighbours: those that begin alike and hold nothing else.
fn insert(text: &str, start: &str, line: &str) -> Option<String> {
    let is_neighbour = |it: &&str| {
        let rest = it.strip_prefix(start).unwrap_or_default();
        let name = rest.split([':', ';']).next().unwrap_or_default();
        let is_name =
            !name.is_empty() && name.bytes().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || it == b'_');
        is_name && (rest.ends_with(';') || (rest.contains("::") && rest.ends_with(',')))
    };
    let lines: Vec<&str> = text.lines().collect();
    let first = lines.iter().position(is_neighbour)?;
    let count = lines[first..].iter().take_while(|it| is_neighbour(it)).count();
    let at = first + lines[first..first + count].iter().take_while(|it| **it < line).count();
    let mut all = String::new();
    for (number, old) in lines.iter().enumerate() {
        if number == at {
            _ = writeln!(all, "{line}");
        }
        _ = writeln!(all, "{old}");
    }
    if at == lines.len() {
        _ = writeln!(all, "{line}");
    }
    Some(all)
}

/// The template with an example that the module's condition is about.
fn page(template: &str, component: &str, id: &str) -> String {
    let (front, words) = template.split_once("\n---\n").expect("the template has front matter");
    let mut head = String::new();
    for line in front.lines() {
        let key = line.split(':').next().unwrap_or_default();
        match key {
            "id" => _ = writeln!(head, "id: {id}"),
            "component" => _ = writeln!(head, "component: {component}"),
            "kinds" => head.push_str("kinds: [Deployment]\n"),
            // What a rule may have besides is in the template.
            "absence" | "cases" | "parameters" => {}
            _ if line.starts_with([' ', '#']) => {}
            _ => _ = writeln!(head, "{line}"),
        }
    }
    let mut page = format!("{head}---\n");
    let mut section = "";
    for line in words.lines().filter(|it| !it.is_empty()) {
        section = line.strip_prefix("## ").unwrap_or(section);
        match line {
            _ if line.starts_with("## ") => {
                _ = write!(page, "\n{line}\n\n");
                page.push_str(match section {
                    "Bad" => BAD,
                    "Good" => GOOD,
                    "References" => {
                        "* [Deployments](https://kubernetes.io/docs/concepts/workloads/controllers/deployment/)\n"
                    }
                    _ => "To be written.\n",
                });
            }
            _ => {}
        }
    }
    page
}

const BAD: &str = "```yaml bad
apiVersion: apps/v1
kind: Deployment
metadata:
  name: api # <- finding
```
";
const GOOD: &str = "```yaml good
apiVersion: apps/v1
kind: Deployment
metadata:
  name: api
  annotations:
    example.org/marked: \"true\"
```
";
const DEPLOYMENT: &str = "apiVersion: apps/v1
kind: Deployment
metadata:
  name: api
spec:
  replicas: 2
  selector:
    matchLabels: {app: api}
  template:
    metadata:
      labels: {app: api}
    spec:
      containers:
        - name: api
          image: registry.example.org/api:1.0.0
";

fn marked() -> String {
    DEPLOYMENT.replace("  name: api\nspec", "  name: api\n  annotations:\n    example.org/marked: \"true\"\nspec")
}

fn source(component: &str, id: &str, type_name: &str) -> String {
    format!(
        r#"//! {id}: Deployments without a mark. Replace the condition, and this line, by what the rule is about.

use crate::model::Object;
use crate::rule::{{Context, Verdict, rule}};

rule!({type_name}, "{component}/{id}.md", |walk| walk.of_kinds(&[("apps", "Deployment")], judge));

fn judge<'a>(object: &'a Object, cx: &mut Context<'a>) -> Verdict {{
    if object.annotation("example.org/marked").is_some() {{
        return Verdict::Pass;
    }}
    cx.fail(object, object.name_place(), format!("{{}} is not marked", object.title())).help("mark it").verdict()
}}
"#
    )
}

#[cfg(test)]
mod tests {
    use super::{insert, register, type_name};

    #[test]
    fn rules_are_registered_in_order() {
        let table = "//! Rules.\n\nmod a_rule;\nmod c_rule;\n\nrules! {\n    a_rule::ARule,\n    c_rule::CRule,\n}\n";
        let wanted = "//! Rules.\n\nmod a_rule;\nmod b_rule;\nmod c_rule;\n\nrules! {\n    a_rule::ARule,\n    b_rule::BRule,\n    c_rule::CRule,\n}\n";
        assert_eq!(register(table, "b_rule", &type_name("b-rule")).as_deref(), Some(wanted));
        assert_eq!(insert("x", "mod ", "mod b;"), None);
    }
}
