//! The bill of materials: every crate that is compiled into the program, in CycloneDX.
//!
//! Source: the specification of CycloneDX 1.5, <https://cyclonedx.org/docs/1.5/json/>.

use super::Build;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

/// Writes it.
pub(super) fn write(build: &Build) -> Result<PathBuf, String> {
    let output = crate::cargo(&build.root)
        .args(["metadata", "--format-version", "1", "--locked", "--filter-platform", &build.target])
        .output()
        .map_err(|it| format!("cargo does not start: {it}"))?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    let metadata: Value = serde_json::from_slice(&output.stdout).map_err(|it| format!("cargo metadata: {it}"))?;
    let lock = std::fs::read_to_string(build.root.join("Cargo.lock")).map_err(|it| format!("Cargo.lock: {it}"))?;
    let path = build.dist.join(format!("edms-lint-{}-{}.cdx.json", build.version, build.target));
    let text = serde_json::to_string_pretty(&bill(&metadata, &lock)?).map_err(|it| it.to_string())?;
    std::fs::write(&path, text + "\n").map_err(|it| format!("{}: {it}", path.display()))?;
    Ok(path)
}

fn bill(metadata: &Value, lock: &str) -> Result<Value, String> {
    let list = |value: &Value, key: &str| value[key].as_array().cloned().unwrap_or_default();
    let packages: BTreeMap<String, Value> =
        list(metadata, "packages").into_iter().map(|it| (text(&it, "id"), it)).collect();
    let nodes: BTreeMap<String, BTreeSet<String>> = list(&metadata["resolve"], "nodes")
        .into_iter()
        .map(|node| {
            let is_linked = |it: &Value| list(it, "dep_kinds").iter().any(|it| it["kind"].is_null());
            let linked = list(&node, "deps").into_iter().filter(is_linked).map(|it| text(&it, "pkg"));
            (text(&node, "id"), linked.collect())
        })
        .collect();
    let is_program = |it: &&Value| it["name"] == "edms-lint";
    let program = packages.values().find(is_program).ok_or("cargo metadata does not know the program")?;
    let mut linked = BTreeSet::new();
    let mut waiting = vec![text(program, "id")];
    while let Some(id) = waiting.pop() {
        if linked.insert(id.clone()) {
            waiting.extend(nodes.get(&id).into_iter().flatten().cloned());
        }
    }
    let sums = checksums(lock);
    let component = |it: &Value, kind: &str| component(it, kind, &sums);
    let reference = |id: &String| packages.get(id).map(purl).unwrap_or_default();
    let mut components: Vec<Value> = linked
        .iter()
        .filter_map(|it| packages.get(it))
        .filter(|it| it["name"] != "edms-lint")
        .map(|it| component(it, "library"))
        .collect();
    components.sort_by_key(|it| text(it, "purl"));
    let mut edges: Vec<Value> = linked
        .iter()
        .map(|id| {
            let mut on: Vec<String> = nodes.get(id).into_iter().flatten().map(reference).collect();
            on.sort();
            json!({"ref": reference(id), "dependsOn": on})
        })
        .collect();
    edges.sort_by_key(|it| text(it, "ref"));
    Ok(json!({
        "$schema": "http://cyclonedx.org/schema/bom-1.5.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {"component": component(program, "application")},
        "components": components,
        "dependencies": edges,
    }))
}

fn text(value: &Value, key: &str) -> String {
    value[key].as_str().unwrap_or_default().to_owned()
}

/// The name of a package across registries.
fn purl(package: &Value) -> String {
    format!("pkg:cargo/{}@{}", text(package, "name"), text(package, "version"))
}

fn component(package: &Value, kind: &str, sums: &BTreeMap<(String, String), String>) -> Value {
    let (name, version) = (text(package, "name"), text(package, "version"));
    let purl = purl(package);
    let mut component = json!({"type": kind, "bom-ref": purl, "name": name, "version": version, "purl": purl});
    // Older crates write `MIT/Apache-2.0` for either.
    let licence = text(package, "license").replace('/', " OR ");
    if !licence.is_empty() {
        component["licenses"] = json!([{"expression": licence}]);
    }
    if let Some(sum) = sums.get(&(name, version)) {
        component["hashes"] = json!([{"alg": "SHA-256", "content": sum}]);
    }
    component
}

/// The checksums of the lock file, by name and version.
fn checksums(lock: &str) -> BTreeMap<(String, String), String> {
    let value = |block: &str, key: &str| {
        let prefix = format!("{key} = \"");
        block.lines().find_map(|it| Some(it.strip_prefix(&prefix)?.trim_end_matches('"').to_owned()))
    };
    let blocks = lock.split("[[package]]").skip(1);
    blocks.filter_map(|it| Some(((value(it, "name")?, value(it, "version")?), value(it, "checksum")?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_linked_is_listed_and_what_only_builds_or_tests_is_not() {
        let package = |name: &str| json!({"id": name, "name": name, "version": "1.0.0", "license": "MIT/Apache-2.0"});
        let dep = |name: &str, kind: Value| json!({"pkg": name, "dep_kinds": [{"kind": kind}]});
        let metadata = json!({
            "packages": [package("edms-lint"), package("a"), package("b"), package("c")],
            "resolve": {"nodes": [
                {"id": "edms-lint", "deps": [dep("a", Value::Null), dep("c", json!("dev"))]},
                {"id": "a", "deps": [dep("b", Value::Null), dep("c", json!("build"))]},
                {"id": "b", "deps": []}, {"id": "c", "deps": []},
            ]},
        });
        let lock = "[[package]]\nname = \"b\"\nversion = \"1.0.0\"\nchecksum = \"00ff\"\n";
        let bill = bill(&metadata, lock).expect("the program is there");
        let names: Vec<String> =
            bill["components"].as_array().expect("a list").iter().map(|it| text(it, "purl")).collect();
        assert_eq!(names, ["pkg:cargo/a@1.0.0", "pkg:cargo/b@1.0.0"]);
        assert_eq!(bill["components"][1]["hashes"][0]["content"], "00ff");
        assert_eq!(bill["components"][0]["licenses"][0]["expression"], "MIT OR Apache-2.0");
        assert_eq!(bill["dependencies"].as_array().map(Vec::len), Some(3));
    }
}
