//! What a walk leaves out, that it is counted, and that naming it brings it in: `.gitignore`, packages of others,
//! data of tests.

use crate::common::program::{BLOCKING, CLEAN, folder, run};
use std::path::Path;

/// The files with findings, and what the summary says is left out.
fn seen(folder: &Path, arguments: &[&str]) -> (Vec<String>, Vec<String>) {
    let (_, stdout, stderr) = run(folder, &[arguments, &["--select", "pdb-blocks-drain", "-f", "concise"]].concat());
    let files = stdout.lines().filter_map(|it| it.split_once(':')).map(|it| it.0.to_owned()).collect();
    let left_out = stderr.lines().filter_map(|it| it.strip_prefix("left out: ")).map(str::to_owned).collect();
    (files, left_out)
}

/// An index of version 2 that tracks these files, as git writes one.
fn index(names: &[&str]) -> Vec<u8> {
    let mut bytes = [&b"DIRC\0\0\0\x02\0\0\0"[..], &[u8::try_from(names.len()).expect("few")]].concat();
    for name in names {
        let mut entry = vec![0; 60];
        entry.extend([0, u8::try_from(name.len()).expect("short")]);
        entry.extend(name.as_bytes());
        entry.resize((entry.len() + 8) & !7, 0);
        bytes.extend(entry);
    }
    bytes
}

fn track(folder: &Path, names: &[&str]) {
    std::fs::write(folder.join(".git/index"), index(names)).expect("can be written");
}

fn text(items: &[&str]) -> Vec<String> {
    items.iter().map(|it| (*it).to_owned()).collect()
}

#[test]
fn what_gitignore_hides_is_counted_and_named() {
    let dir = folder(&[
        (".git/HEAD", ""),
        (".gitignore", "*.local.yaml\n/out/\n"),
        ("k8s/a.yaml", BLOCKING),
        ("k8s/b.local.yaml", BLOCKING),
        ("out/c.yaml", BLOCKING),
        ("out/d.yaml", BLOCKING),
        ("out/notes.txt", ""),
    ]);
    let all = text(&["3 files that .gitignore names: k8s/b.local.yaml, out"]);
    assert_eq!(seen(dir.path(), &[]), (text(&["k8s/a.yaml"]), all.clone()));
    let (_, stdout, _) = run(dir.path(), &["-f", "pretty"]);
    assert!(stdout.contains(&format!("left out: {}\n", all[0])), "{stdout}");
    let (_, stdout, _) = run(dir.path(), &["-f", "json"]);
    let report: serde_json::Value = serde_json::from_str(&stdout).expect("is JSON");
    let expected =
        serde_json::json!([{"reason": "that .gitignore names", "files": 3, "places": ["k8s/b.local.yaml", "out"]}]);
    assert_eq!(report["leftOut"], expected);
    // The same for a named folder that is not ignored itself.
    let of_folder = text(&["1 file that .gitignore names: k8s/b.local.yaml"]);
    assert_eq!(seen(dir.path(), &["k8s"]), (text(&["k8s/a.yaml"]), of_folder));
}

#[test]
fn gitignore_hides_nothing_that_was_named() {
    let dir = folder(&[
        (".git/HEAD", ""),
        (".gitignore", "rendered/\nall/*\n*.local.yaml\n"),
        ("rendered/a.yaml", BLOCKING),
        ("all/b.yaml", BLOCKING),
        ("own/.gitignore", "*\n"),
        ("own/c.yaml", BLOCKING),
        ("k8s/d.local.yaml", BLOCKING),
    ]);
    for (argument, file) in [
        ("rendered", "rendered/a.yaml"),
        ("rendered/a.yaml", "rendered/a.yaml"),
        ("all", "all/b.yaml"),
        ("own", "own/c.yaml"),
        ("k8s/d.local.yaml", "k8s/d.local.yaml"),
        ("k8s/*.yaml", "k8s/d.local.yaml"),
    ] {
        assert_eq!(seen(dir.path(), &[argument]), (text(&[file]), Vec::new()), "{argument}");
    }
    // From inside, too.
    assert_eq!(seen(&dir.path().join("rendered"), &["."]).0, text(&["a.yaml"]));
    // Beside a folder that holds it.
    assert_eq!(seen(dir.path(), &[".", "rendered"]).0, text(&["rendered/a.yaml"]));
}

#[test]
fn gitignore_hides_nothing_that_git_tracks() {
    let dir = folder(&[
        (".git/HEAD", ""),
        (".gitignore", "*.gen.yaml\nout/\n"),
        ("k8s/a.gen.yaml", BLOCKING),
        ("k8s/b.gen.yaml", BLOCKING),
        ("out/deep/c.yaml", &BLOCKING.replace("name: backend", "name: other")),
        ("out/deep/d.yaml", BLOCKING),
    ]);
    track(dir.path(), &["k8s/a.gen.yaml", "out/deep/c.yaml", "out/removed.yaml"]);
    let left_out = text(&["2 files that .gitignore names: k8s/b.gen.yaml, out"]);
    assert_eq!(seen(dir.path(), &[]), (text(&["k8s/a.gen.yaml", "out/deep/c.yaml"]), left_out));
    // An index that cannot be read tracks nothing, and nothing breaks.
    std::fs::write(dir.path().join(".git/index"), "DIRC").expect("can be written");
    assert_eq!(seen(dir.path(), &[]).0, Vec::<String>::new());
}

#[test]
fn a_worktree_has_its_index_elsewhere() {
    let dir = folder(&[
        ("main/.git/worktrees/wt/HEAD", ""),
        ("wt/.git", "gitdir: ../main/.git/worktrees/wt\n"),
        ("wt/.gitignore", "*.yaml\n"),
        ("wt/a.yaml", BLOCKING),
    ]);
    std::fs::write(dir.path().join("main/.git/worktrees/wt/index"), index(&["a.yaml"])).expect("can be written");
    assert_eq!(seen(&dir.path().join("wt"), &[]).0, text(&["a.yaml"]));
}

#[test]
fn an_inner_gitignore_may_take_back_what_an_outer_one_hides() {
    let dir = folder(&[
        (".git/HEAD", ""),
        (".gitignore", "*.yaml\n"),
        ("k8s/.gitignore", "!keep.yaml\n"),
        ("k8s/keep.yaml", BLOCKING),
        ("k8s/drop.yaml", BLOCKING),
        // Another repository: the rules outside of it do not count.
        ("sub/.git/HEAD", ""),
        ("sub/e.yaml", &BLOCKING.replace("name: backend", "name: other")),
    ]);
    let left_out = text(&["1 file that .gitignore names: k8s/drop.yaml"]);
    assert_eq!(seen(dir.path(), &[]), (text(&["k8s/keep.yaml", "sub/e.yaml"]), left_out));
}

#[test]
fn packages_of_others_and_data_of_tests_count_only_if_they_are_named() {
    let dir = folder(&[
        ("k8s/a.yaml", BLOCKING),
        ("web/node_modules/sample/b.yaml", BLOCKING),
        ("vendor/k8s.io/testdata/c.yaml", BLOCKING),
        ("pkg/testfiles/d.yaml", BLOCKING),
        ("tests/data/e.yaml", BLOCKING),
        ("tests/apps/f.yaml", CLEAN),
    ]);
    let left_out =
        text(&["4 files of other projects or for tests, which count only if they are named: pkg/testfiles, \
                           tests/data, vendor, web/node_modules"]);
    assert_eq!(seen(dir.path(), &[]), (text(&["k8s/a.yaml"]), left_out));
    for (argument, file) in [
        ("tests/data", "tests/data/e.yaml"),
        ("vendor/k8s.io/testdata", "vendor/k8s.io/testdata/c.yaml"),
        ("vendor/k8s.io/testdata/c.yaml", "vendor/k8s.io/testdata/c.yaml"),
        ("web/node_modules", "web/node_modules/sample/b.yaml"),
        ("vendor/**/testdata/*.yaml", "vendor/k8s.io/testdata/c.yaml"),
        ("pkg/*/*.yaml", "pkg/testfiles/d.yaml"),
    ] {
        assert_eq!(seen(dir.path(), &[argument]).0, text(&[file]), "{argument}");
    }
    assert_eq!(seen(dir.path(), &["**/*.yaml"]).0, text(&["k8s/a.yaml"]));
    let config = "environments:\n  - {name: packages, paths: [vendor/k8s.io/testdata]}\n";
    std::fs::write(dir.path().join(".edms-lint.yaml"), config).expect("can be written");
    assert_eq!(seen(dir.path(), &["vendor"]).0, text(&["vendor/k8s.io/testdata/c.yaml"]));
}

#[test]
fn where_everything_is_left_out_that_is_said() {
    let dir = folder(&[("vendor/a.yaml", BLOCKING)]);
    let (code, stdout, stderr) = run(dir.path(), &["-q"]);
    assert_eq!((code, stdout.as_str()), (0, ""));
    let expected = "edms-lint: nothing was checked: all manifests here are left out; name a folder or file to have it \
                    checked\nedms-lint: left out: 1 file of other projects or for tests, which count only if they are \
                    named: vendor\n";
    assert_eq!(stderr, expected);
    assert_eq!(run(dir.path(), &["--fail-on-empty"]).0, 2);
    assert_eq!(run(dir.path(), &["vendor"]).0, 1);
}

#[test]
fn what_a_kustomization_refers_to_is_read_wherever_it_lies() {
    let dir = folder(&[
        (".git/HEAD", ""),
        (".gitignore", "secret.yaml\n"),
        ("k8s/kustomization.yaml", "resources: [../vendor/a.yaml, secret.yaml]\n"),
        ("k8s/secret.yaml", "apiVersion: v1\nkind: Namespace\nmetadata: {name: other}\n"),
        ("vendor/a.yaml", BLOCKING),
    ]);
    assert_eq!(seen(dir.path(), &[]), (text(&["vendor/a.yaml"]), Vec::new()));
}

#[cfg(unix)]
#[test]
fn links_in_a_circle_end() {
    let dir = folder(&[("k8s/a.yaml", BLOCKING), ("k8s/deep/b.yaml", CLEAN)]);
    let link = |target: &str, name: &str| {
        std::os::unix::fs::symlink(target, dir.path().join(name)).expect("links can be made");
    };
    link("..", "k8s/deep/up");
    link("loop", "k8s/loop");
    link("../k8s", "k8s/deep/again");
    link("a.yaml", "k8s/z.yaml");
    assert_eq!(seen(dir.path(), &["k8s"]).0, text(&["k8s/a.yaml"]));
}

#[test]
fn manifests_that_a_dot_hides_are_counted_and_others_are_not() {
    let workflow = "on: push\njobs: {}\n";
    let dir = folder(&[
        (".git/HEAD", ""),
        (".git/a.yaml", BLOCKING),
        (".gitignore", "/.cache\n"),
        (".cache/a.yaml", BLOCKING),
        (".github/dependabot.yml", "version: 2\n"),
        (".github/workflows/test.yaml", workflow),
        (".github/workflows/kubernetes/a.yaml", BLOCKING),
        (
            ".github/workflows/kubernetes/b.json",
            "{\n  \"apiVersion\": \"v1\",\n  \"kind\": \"List\",\n  \"items\": []\n}\n",
        ),
        ("k8s/.deploy/c.yaml", BLOCKING),
        ("k8s/a.yaml", BLOCKING),
    ]);
    let words = "in folders whose names begin with a dot, which count only if they are named";
    let all = text(&[&format!("3 files {words}: .github/workflows/kubernetes, k8s/.deploy")]);
    assert_eq!(seen(dir.path(), &[]), (text(&["k8s/a.yaml"]), all));
    assert_eq!(seen(dir.path(), &["k8s/.deploy"]), (text(&["k8s/.deploy/c.yaml"]), Vec::new()));
    let excluded = folder(&[(".edms-lint.yaml", "exclude: [.github]\n"), (".github/a.yaml", BLOCKING)]);
    assert_eq!(seen(excluded.path(), &[]).1, Vec::<String>::new());
}
