//! New objects in files of their own, for whoever keeps one object a file.

use crate::load::is_kustomization_name;
use crate::source::{SourceId, Sources};
use crate::yaml::edit::{Editor, Refusal};
use crate::yaml::{self, Document, Value, emit};
use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::path::{Component, Path, PathBuf};

/// The files that fixes of a run make in one folder.
pub(super) struct NewFiles<'s> {
    sources: &'s Sources,
    /// As shown.
    folder: &'s str,
    kustomizations: Vec<(PathBuf, Document)>,
    texts: BTreeMap<String, String>,
}

impl<'s> NewFiles<'s> {
    pub(super) fn new(sources: &'s Sources, folder: &'s str) -> NewFiles<'s> {
        let named = sources.iter().filter(|(_, it)| {
            Path::new(it.name()).file_name().and_then(OsStr::to_str).is_some_and(is_kustomization_name)
        });
        let kustomizations = named.filter_map(|(id, source)| {
            let document = yaml::parse(id, source.text(), 0..source.text().len()).ok()??;
            Some((Path::new(source.name()).parent()?.to_owned(), document))
        });
        NewFiles { sources, folder, kustomizations: kustomizations.collect(), texts: BTreeMap::new() }
    }

    /// The files by their names.
    pub(super) fn into_texts(self) -> BTreeMap<String, String> {
        self.texts
    }

    /// Files for these objects, which belong to one of a file, named in each kustomization that names that one. They are
    /// kept once [`NewFiles::keep`] is told so.
    pub(super) fn prepare(
        &self,
        beside: SourceId,
        objects: &[Value],
        editor: &mut Editor<'_>,
    ) -> Result<Vec<(String, String)>, Refusal> {
        let mut files: Vec<(String, String)> = Vec::new();
        for object in objects {
            let is_taken = |name: &String| {
                self.texts.contains_key(name)
                    || files.iter().any(|it| it.0 == *name)
                    || self.sources.iter().any(|(_, it)| it.name() == name)
            };
            let name = names(object).into_iter().map(|it| shown(self.folder, &it)).find(|it| !is_taken(it));
            let Some(name) = name else { return Err(Refusal::Generated("a file of its name is there".to_owned())) };
            self.register(beside, &name, editor)?;
            files.push((name, emit::block(object, &emit::Style::default()).join("\n") + "\n"));
        }
        Ok(files)
    }

    pub(super) fn keep(&mut self, files: Vec<(String, String)>) {
        self.texts.extend(files);
    }

    /// Names a file in each kustomization that names the other one.
    fn register(&self, beside: SourceId, name: &str, editor: &mut Editor<'_>) -> Result<(), Refusal> {
        let beside = normal(Path::new(self.sources.get(beside).name()));
        for (folder, document) in &self.kustomizations {
            let Some(resources) = document.root().get("resources") else { continue };
            if resources.items().any(|it| normal(&folder.join(it.text())) == beside) {
                editor.push(resources, &Value::text(relative(folder, Path::new(name))))?;
            }
        }
        Ok(())
    }
}

/// `poddisruptionbudget-api.yaml`, and the same with its namespace.
fn names(object: &Value) -> Vec<String> {
    let text = |keys: &[&str]| text_at(object, keys).to_lowercase();
    let (kind, name, namespace) = (text(&["kind"]), text(&["metadata", "name"]), text(&["metadata", "namespace"]));
    let mut names = vec![format!("{kind}-{name}.yaml")];
    if !namespace.is_empty() {
        names.push(format!("{kind}-{namespace}-{name}.yaml"));
    }
    names
}

/// The text at these keys of a new object; empty where there is none.
pub(super) fn text_at<'v>(object: &'v Value, keys: &[&str]) -> &'v str {
    match keys.iter().try_fold(object, |value, key| value.get(key)) {
        Some(Value::Text(text)) => text,
        _ => "",
    }
}

fn shown(folder: &str, name: &str) -> String {
    match folder.trim_end_matches('/') {
        "" | "." => name.to_owned(),
        folder => format!("{folder}/{name}"),
    }
}

/// A path without `.` and, where something is before them, `..`.
fn normal(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if normal.file_name().is_some() => _ = normal.pop(),
            part => normal.push(part),
        }
    }
    normal
}

/// The way from a folder to a file.
fn relative(folder: &Path, file: &Path) -> String {
    let (folder, file) = (normal(folder), normal(file));
    let shared = folder.components().zip(file.components()).take_while(|(one, other)| one == other).count();
    let ups = std::iter::repeat_n("..".to_owned(), folder.components().count() - shared);
    let downs = file.components().skip(shared).map(|it| it.as_os_str().to_string_lossy().into_owned());
    ups.chain(downs).collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ways_lead_from_a_kustomization_to_a_file() {
        let cases = [
            ("k8s/base", "k8s/base/pdb.yaml", "pdb.yaml"),
            ("k8s/base", "k8s/budgets/pdb.yaml", "../budgets/pdb.yaml"),
            ("", "pdb.yaml", "pdb.yaml"),
            ("./k8s", "k8s/a/../pdb.yaml", "pdb.yaml"),
        ];
        for (folder, file, way) in cases {
            assert_eq!(relative(Path::new(folder), Path::new(file)), way, "{folder} {file}");
        }
    }

    #[test]
    fn a_new_file_is_called_after_its_object() {
        let object = Value::map([
            ("kind", Value::text("PodDisruptionBudget")),
            ("metadata", Value::map([("name", Value::text("api")), ("namespace", Value::text("shop"))])),
        ]);
        assert_eq!(names(&object), ["poddisruptionbudget-api.yaml", "poddisruptionbudget-shop-api.yaml"]);
        assert_eq!(shown(".", "a.yaml"), "a.yaml");
        assert_eq!(shown("k8s/", "a.yaml"), "k8s/a.yaml");
    }
}
