//! Kustomizations and what deploys them, broken or beyond measure: each is told by file and line, the rest is audited,
//! and reading them ends.

use crate::common::program::{folder, run};
use std::fmt::Write as _;

const API: &str = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: api}\nspec:\n  replicas: 1\n  selector: {matchLabels: {app: api}}\n  template:\n    metadata: {labels: {app: api}}\n    spec: {containers: [{name: main, image: 'api:1', ports: [{containerPort: 80}]}]}\n";
/// That the Deployment was audited.
const AUDITED: &str = "[workload-too-few-replicas]";

fn patch(name: &str, replicas: u32) -> String {
    format!("apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: {name}}}\nspec:\n  replicas: {replicas}\n")
}

/// What is printed, findings and summary.
fn printed(files: &[(&str, &str)]) -> String {
    let dir = folder(files);
    let (_, stdout, stderr) = run(dir.path(), &["--select", "manifest-syntax,workload-too-few-replicas"]);
    stdout + &stderr
}

#[track_caller]
fn assert_told(files: &[(&str, &str)], words: &str) {
    let printed = printed(files);
    assert!(printed.contains(words) && printed.contains(AUDITED), "{words}\nis not in\n{printed}");
}

#[test]
fn bases_in_a_circle() {
    let files = [
        ("one/kustomization.yaml", "resources: [../two]\n"),
        ("two/kustomization.yaml", "resources: [api.yaml, ../one]\n"),
        ("two/api.yaml", API),
    ];
    assert_told(
        &files,
        "two/kustomization.yaml:1:23: error[manifest-syntax] this leads back to a kustomization that leads here",
    );
}

#[test]
fn a_path_where_a_patch_is_needed() {
    let files = [("kustomization.yaml", "resources: [api.yaml]\npatches:\n- p.yaml\n"), ("api.yaml", API)];
    let words = "kustomization.yaml:3:3: error[manifest-syntax] `patches`: a map is needed, and this is a string";
    assert_told(&files, words);
    assert_eq!(printed(&files).matches("error[manifest-syntax]").count(), 1);
}

#[test]
fn a_generator_may_replace_what_another_repository_has() {
    let text = "resources: [api.yaml, 'https://git.example.com/team/base//deploy?ref=v2']\nconfigMapGenerator:\n- {name: settings, behavior: replace, literals: [a=b]}\n";
    assert!(!printed(&[("kustomization.yaml", text), ("api.yaml", API)]).contains("[manifest-syntax]"));
    let alone = text.replace(", 'https://git.example.com/team/base//deploy?ref=v2'", "");
    let words =
        "kustomization.yaml:3:4: error[manifest-syntax] there is no ConfigMap settings to merge with or replace";
    assert_told(&[("kustomization.yaml", &alone), ("api.yaml", API)], words);
}

#[test]
fn secrets_that_are_kept_elsewhere_are_not_seen() {
    let text = "resources: [api.yaml]\nsecretGenerator:\n- {name: tls, files: [tls.crt=secrets/tls.crt]}\n";
    let told = printed(&[("kustomization.yaml", text), ("api.yaml", API)]);
    assert!(told.contains("a generated Secret is not seen: secrets/tls.crt is not here"), "{told}");
    assert!(!told.contains("[manifest-syntax]") && told.contains(AUDITED), "{told}");
    let text = text.replace("secretGenerator", "configMapGenerator");
    let words = "error[manifest-syntax] secrets/tls.crt: there is no such file";
    assert_told(&[("kustomization.yaml", &text), ("api.yaml", API)], words);
}

/// A patch list under which an object grows costs the square of its length: it ends at a limit that is told.
#[test]
fn patches_that_copy_without_end() {
    let mut text = String::from("resources: [api.yaml, other.yaml]\npatches:\n");
    let entries = (0..3000).fold(String::new(), |text, it| text + &format!("k{it}: a, "));
    _ = writeln!(text, "- {{target: {{name: api}}, patch: \"- {{op: add, path: /data, value: {{{entries}}}}}\"}}");
    for _ in 0..7_000 {
        text.push_str("- {target: {name: api}, patch: \"- {op: add, path: /data/k1, value: b}\"}\n");
    }
    let other = API.replace("name: api", "name: other");
    let printed = printed(&[("kustomization.yaml", &text), ("api.yaml", API), ("other.yaml", &other)]);
    let words = "error[manifest-syntax] patches up to here copy more than 2 million values of Deployment api: this one and the rest are not applied";
    assert_eq!(printed.matches(words).count(), 1, "{}", &printed[..printed.len().min(2000)]);
    assert!(printed.contains("Deployment other has 1 replica"), "{}", &printed[..printed.len().min(2000)]);
}

/// The same of many objects, none of which grows as much.
#[test]
fn patches_that_copy_many_objects_without_end() {
    let mut text = String::from("resources: [api.yaml, other.yaml]\npatches:\n");
    let entries = (0..3000).fold(String::new(), |text, it| text + &format!("k{it}: a, "));
    _ = writeln!(text, "- {{target: {{name: api.*}}, patch: \"- {{op: add, path: /data, value: {{{entries}}}}}\"}}");
    for _ in 0..400 {
        text.push_str("- {target: {name: api.*}, patch: \"- {op: add, path: /data/k1, value: b}\"}\n");
    }
    let all: Vec<String> = (0..20).map(|it| API.replace("name: api", &format!("name: api{it}"))).collect();
    let other = API.replace("name: api", "name: other");
    let printed = printed(&[("kustomization.yaml", &text), ("api.yaml", &all.join("---\n")), ("other.yaml", &other)]);
    let words = "error[manifest-syntax] patches up to here copy more than 20 million values: this one and the rest are not applied";
    assert_eq!(printed.matches(words).count(), 1, "{}", &printed[..printed.len().min(2000)]);
    assert!(printed.contains("Deployment other has 1 replica"), "{}", &printed[..printed.len().min(2000)]);
}

#[test]
fn patches_without_what_they_change() {
    let gone = patch("gone", 3);
    let files = |text: &'static str| [("kustomization.yaml", text), ("api.yaml", API)];
    let of_file =
        [files("resources: [api.yaml]\npatches:\n- path: p.yaml\n").as_slice(), &[("p.yaml", &gone)]].concat();
    assert_told(
        &of_file,
        "kustomization.yaml:3:3: error[manifest-syntax] no object matches the patch of Deployment gone",
    );
    let absent = "resources: [api.yaml]\npatches:\n- path: none.yaml\n";
    assert_told(
        &files(absent),
        "kustomization.yaml:3:9: error[manifest-syntax] none.yaml: there is no such file or folder",
    );
    // Of a target that fits nothing kustomize says nothing.
    let target = "resources: [api.yaml]\npatches:\n- target: {kind: Deployment, name: gone}\n  patch: '[{\"op\": \"remove\", \"path\": \"/spec/replicas\"}]'\n";
    assert_told(&files(target), "  kustomization.yaml:4: no object fits the target, so this patch changes nothing\n");
}

#[test]
fn two_patches_of_one_field() {
    let (one, two) = (patch("api", 2), patch("api", 1));
    let files = [("api.yaml", API), ("one.yaml", &one), ("two.yaml", &two)];
    let list = |text: &'static str| [files.as_slice(), &[("kustomization.yaml", text)]].concat();
    let words =
        "  two.yaml:5: sets spec.replicas of Deployment api, which one.yaml:5 sets, too: the later one counts\n";
    assert_told(&list("resources: [api.yaml]\npatches: [{path: one.yaml}, {path: two.yaml}]\n"), words);
    assert_told(&list("resources: [api.yaml]\npatchesStrategicMerge: [one.yaml, two.yaml]\n"), words);
    let operations = "resources: [api.yaml]\npatches:\n- path: one.yaml\n- target: {kind: Deployment}\n  patch: |-\n    - {op: replace, path: /spec/replicas, value: 1}\n";
    assert_told(
        &list(operations),
        "  kustomization.yaml:6: sets spec.replicas of Deployment api, which one.yaml:5 sets, too",
    );
    // One that says the same is none, nor is an overlay that changes what its base set.
    let same = printed(&list("resources: [api.yaml]\npatches: [{path: two.yaml}, {path: two.yaml}]\n"));
    assert!(!same.contains("sets, too"), "{same}");
    let overlay = [
        ("base/kustomization.yaml", "resources: [api.yaml]\npatches: [{path: one.yaml}]\n"),
        ("base/api.yaml", API),
        ("base/one.yaml", &one),
        ("prod/kustomization.yaml", "resources: [../base]\npatches: [{path: two.yaml}]\n"),
        ("prod/two.yaml", &two),
    ];
    assert!(!printed(&overlay).contains("sets, too"));
}

#[test]
fn variables_that_flux_replaces_with_nothing() {
    let flux = |build: &str| {
        format!(
            "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {{name: apps, namespace: flux-system}}\nspec:\n  path: ./apps\n  prune: true\n  interval: 10m\n  sourceRef: {{kind: GitRepository, name: flux-system}}\n{build}"
        )
    };
    let metadata = "{name: api, namespace: '${SPACE}', labels: {tier: '${TIER:=web}', x: '$${LATER}'}}\n";
    let api = API.replace("{name: api}\n", metadata);
    assert_ne!(api, API);
    let printed =
        |build: &str| printed(&[("clusters/prod/apps.yaml", flux(build).as_str()), ("apps/api.yaml", api.as_str())]);
    let closed = printed("  postBuild:\n    substitute: {NAME: shop}\n");
    let told =
        "clusters/prod/apps.yaml:10:5: warning[manifest-syntax] SPACE is set nowhere: Flux writes an empty text for it";
    assert!(closed.contains(told), "{closed}");
    // Values may come from the cluster, and without a `postBuild` nothing is replaced.
    let open = "  postBuild:\n    substitute: {NAME: shop}\n    substituteFrom: [{kind: ConfigMap, name: values}]\n";
    for build in [open, "", "  postBuild:\n    substitute: {SPACE: shop}\n"] {
        let text = printed(build);
        assert!(!text.contains("set nowhere"), "{build}{text}");
    }
}

#[test]
fn folders_and_repositories_that_are_not_here() {
    let flux = |name: &str, path: &str| {
        format!(
            "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {{name: {name}, namespace: flux-system}}\nspec:\n  path: {path}\n  prune: true\n  interval: 10m\n  sourceRef: {{kind: GitRepository, name: flux-system}}\n"
        )
    };
    let (gone, apps) = (flux("gone", "./gone"), flux("apps", "./apps"));
    let files =
        [("clusters/prod/gone.yaml", gone.as_str()), ("clusters/prod/apps.yaml", &apps), ("apps/api.yaml", API)];
    assert_told(
        &files,
        "clusters/prod/gone.yaml:5:3: warning[manifest-syntax] ./gone: the repository has no such folder",
    );
    // A path with a placeholder is filled in before anything is deployed.
    let later = flux("later", "'./clusters/<CLUSTER>/apps'");
    assert_eq!(
        printed(&[("clusters/prod/later.yaml", later.as_str()), files[1], files[2]]).matches("no such").count(),
        0
    );
    let argo = |name: &str, repository: &str, path: &str| {
        format!(
            "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {{name: {name}, namespace: argocd}}\nspec:\n  source: {{repoURL: 'https://git.example.com/{repository}.git', path: {path}}}\n  destination: {{server: 'https://kubernetes.default.svc', namespace: shop}}\n"
        )
    };
    let (root, own, other) = (argo("root", "a/b", "argocd"), argo("api", "a/b", "apps"), argo("other", "c/d", "apps"));
    let files = [
        ("root.yaml", root.as_str()),
        ("argocd/api.yaml", &own),
        ("argocd/other.yaml", &other),
        ("apps/api.yaml", API),
    ];
    assert_told(&files, "  argocd/other.yaml:5: Application other comes from another repository\n");
}

#[test]
fn tens_of_thousands_of_files_and_patches_come_to_an_end() {
    let mut files = "resources:\n- api.yaml\n".to_owned();
    let mut patches = "resources: [api.yaml]\npatches:\n".to_owned();
    for number in 0..30_000 {
        writeln!(files, "- none/{number}.yaml").expect("a text takes it");
        let operation = format!(r#"[{{"op": "replace", "path": "/spec/replicas", "value": {}}}]"#, number % 7 + 1);
        writeln!(patches, "- {{target: {{name: api}}, patch: '{operation}'}}").expect("a text takes it");
    }
    let told = printed(&[("kustomization.yaml", &files), ("api.yaml", API)]);
    assert!(told.contains("29999.yaml: there is no such file or folder") && told.contains(AUDITED), "{}", told.len());
    let told = printed(&[("kustomization.yaml", &patches), ("api.yaml", API)]);
    assert!(told.contains("further fields are set by two patches of one kustomization"), "{told}");
}

#[test]
fn files_outside_of_the_folder_are_doubtful_once_and_flux_takes_them() {
    let kustomization = "resources: [../shared/api.yaml, ../shared/limits.yaml]\nconfigMapGenerator:\n- {name: settings, files: [../shared/a.ini, b=../shared/b.ini]}\n";
    let limits = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: limits}\n";
    let mut files = vec![
        ("k8s/kustomization.yaml", kustomization),
        ("shared/api.yaml", API),
        ("shared/limits.yaml", limits),
        ("shared/a.ini", "a = 1"),
        ("shared/b.ini", "b = 1"),
    ];
    let words = "k8s/kustomization.yaml:1:13: warning[manifest-syntax] ../shared/api.yaml: a file outside of the kustomization's folder, which kustomize refuses";
    assert_told(&files, words);
    assert_eq!(printed(&files).matches("[manifest-syntax]").count(), 1);
    // The others are named with it.
    let dir = folder(&files);
    let (_, stdout, _) = run(dir.path(), &["--select", "manifest-syntax", "-f", "json"]);
    let report: serde_json::Value = serde_json::from_str(&stdout).expect("is JSON");
    let lines: Vec<u64> = report["findings"][0]["labels"]
        .as_array()
        .expect("has labels")
        .iter()
        .filter_map(|it| it["line"].as_u64())
        .collect();
    assert_eq!(lines, [1, 3, 3]);
    let flux = "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: apps, namespace: flux-system}\nspec:\n  path: ./k8s\n  prune: true\n  interval: 10m\n  sourceRef: {kind: GitRepository, name: flux-system}\n";
    files.push(("clusters/main/apps.yaml", flux));
    let printed = printed(&files);
    assert!(printed.contains(AUDITED) && !printed.contains("[manifest-syntax]"), "{printed}");
}

#[test]
fn argo_cd_applies_a_folder_with_an_object_that_stands_there_twice() {
    let argo = |name: &str, path: &str| {
        format!(
            "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {{name: {name}, namespace: argocd}}\nspec:\n  source: {{repoURL: 'https://git.example.com/a/b.git', path: {path}}}\n  destination: {{server: 'https://kubernetes.default.svc', namespace: shop}}\n"
        )
    };
    let (root, shop, other) = (argo("root", "argocd"), argo("shop", "k8s"), API.replace("replicas: 1", "replicas: 2"));
    let mut files = vec![
        ("root.yaml", root.as_str()),
        ("argocd/shop.yaml", shop.as_str()),
        ("k8s/one.yaml", API),
        ("k8s/two.yaml", other.as_str()),
    ];
    let told = |files: &[(&str, &str)]| {
        let dir = folder(files);
        let (_, stdout, _) = run(dir.path(), &["--select", "manifest-syntax,duplicate-object", "-f", "concise"]);
        stdout
    };
    let twice = "k8s/two.yaml:3:12: warning[duplicate-object] Deployment api is written twice in this environment\n";
    assert_eq!(told(&files), twice);
    // Kustomize refuses what Argo CD takes as it stands.
    files.push(("k8s/kustomization.yaml", "resources: [one.yaml, two.yaml]\n"));
    assert!(told(&files).contains("a second Deployment api: kustomize takes no object twice"), "{}", told(&files));
}
