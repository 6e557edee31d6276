//! Every error of the configuration, with its place counted by hand.

use super::*;
use crate::source::{Source, SourceId};

const VOCABULARY: Vocabulary<'_> = Vocabulary {
    rules: &["pdb-blocks-drain", "pdb-missing", "workload-too-few-replicas"],
    roles: &["application", "singleton", "worker"],
};

fn read(text: &str) -> Result<Config, Vec<ConfigError>> {
    let text: Arc<str> = text.into();
    let document = crate::yaml::parse(SourceId(0), &text, 0..text.len()).expect("parses").expect("is there");
    let (config, errors) = super::read(&Arc::new(document), &VOCABULARY);
    if errors.is_empty() { Ok(config) } else { Err(errors) }
}

/// Each error as `line:column message (help)`.
fn errors(text: &str) -> Vec<String> {
    let source = Source::new(".edms-lint.yaml", text);
    let errors = read(text).expect_err("is refused");
    let line = |it: &ConfigError| {
        let at = source.line_column(it.span.start);
        let help = it.help.as_ref().map(|it| format!(" ({it})")).unwrap_or_default();
        format!("{}:{} {}{help}", at.line, at.column, it.message)
    };
    errors.iter().map(line).collect()
}

#[test]
fn a_whole_configuration_is_read() {
    let text = "\
profile: production
rules:
  pdb-missing: off
  pdb-blocks-drain: note
  workload-too-few-replicas:
    level: error
    minimum: 3
components:
  - match: {kind: Deployment, name: mailer-*, labels: {tier: \"1\"}}
    role: singleton
environments:
  - name: production
    paths: [k8s-prod, \"shared/**/*.yaml\"]
exclude:
  - \"**/testdata/**\"
cluster:
  nodes: 5
  kubernetes: 1.30
storage-classes:
  standard: zonal
  \"\": multi-zone
";
    let config = read(text).expect("is understood");
    assert_eq!(config.profile, Profile::Production);
    assert_eq!(config.rules["pdb-missing"].level, Some(None));
    assert_eq!(config.rules["pdb-blocks-drain"].level, Some(Some(Severity::Note)));
    let rule = &config.rules["workload-too-few-replicas"];
    assert_eq!(rule.level, Some(Some(Severity::Error)));
    let parameters: BTreeMap<String, u32> =
        rule.parameters.as_ref().expect("are there").parameters(&[]).expect("without the level all are numbers");
    assert_eq!(parameters, BTreeMap::from([("minimum".to_owned(), 3)]));
    assert_eq!(config.components[0].selects.name.as_deref(), Some("mailer-*"));
    assert_eq!(config.components[0].selects.labels["tier"], "1");
    assert_eq!(config.components[0].role, "singleton");
    assert_eq!(config.environments[0].paths, ["k8s-prod", "shared/**/*.yaml"]);
    assert_eq!(*config.exclude, ["**/testdata/**"]);
    assert_eq!(config.cluster.nodes.expect("is set").0, 5);
    assert_eq!(config.cluster.zones, None);
    assert_eq!(config.cluster.kubernetes.expect("is set").0.short(), "1.30");
    assert_eq!(config.storage_classes["standard"].0, Durability::Zonal);
    assert_eq!(config.storage_classes[""].0, Durability::MultiZone);
}

#[test]
fn sections_that_are_commented_out_are_absent() {
    let config = read("rules:\n# pdb-missing: off\nexclude:\n").expect("is understood");
    assert!(config.rules.is_empty() && config.exclude.is_empty());
}

#[test]
fn all_errors_are_found_at_once_in_the_order_of_the_file() {
    let text = "profil: default\nrules:\n  pdb-mising: off\n  pdb-missing: fatal\nexcludes: []\n";
    assert_eq!(
        errors(text),
        [
            "1:1 unknown key `profil` (did you mean `profile`?)",
            "3:3 there is no rule `pdb-mising` (did you mean `pdb-missing`?)",
            "4:16 unknown value `fatal` (known here: `off`, `note`, `warning`, `error`)",
            "5:1 unknown key `excludes` (did you mean `exclude`?)",
        ]
    );
}

#[test]
fn values_of_the_wrong_type_are_pointed_at() {
    let cases: &[(&str, &str)] = &[
        ("- a\n", "1:1 expected a map, found a list"),
        ("profile: strict\n", "1:10 unknown value `strict` (known here: `relaxed`, `default`, `production`)"),
        ("profile:\n", "1:1 expected a string, found nothing"),
        ("profile: default\nprofile: relaxed\n", "2:1 the key `profile` stands twice in this map"),
        ("rules: [pdb-missing]\n", "1:8 expected a map, found a list"),
        (
            "rules:\n  pdb-missing: on\n",
            "2:16 expected a string, found `on`, which YAML reads as true (quote it: \"on\")",
        ),
        ("rules:\n  pdb-missing: {level: 2}\n", "2:24 expected a string, found the number 2 (quote it: \"2\")"),
        ("components: {}\n", "1:13 expected a list, found a map"),
        ("components:\n  - role: worker\n", "2:5 `match` is missing"),
        ("components:\n  - match: {name: a}\n", "2:5 `role` is missing"),
        (
            "components:\n  - match: {}\n    role: worker\n",
            "2:5 `match` is empty and would select every workload (name a kind, name, namespace, labels or image)",
        ),
        ("components:\n  - match: {nmae: a}\n    role: worker\n", "2:13 unknown key `nmae` (did you mean `name`?)"),
        (
            "components:\n  - match: {labels: {tier: 1}}\n    role: worker\n",
            "2:28 expected a string, found the number 1 (quote it: \"1\")",
        ),
        (
            "components:\n  - match: {name: a}\n    role: singelton\n",
            "3:11 unknown value `singelton` (did you mean `singleton`?)",
        ),
        (
            "environments:\n  - name: a\n",
            "2:5 nothing is said of this environment (`paths` say what belongs to it; other keys say what holds there only)",
        ),
        ("environments:\n  - profile: production\n", "2:5 `name` is missing"),
        ("environments:\n  - {name: a, profile: prod}\n", "2:24 unknown value `prod` (did you mean `production`?)"),
        (
            "ignore:\n  - {rules: [pdb-missing]}\n",
            "2:6 it covers everything (name paths, objects or environments; `rules: {RULE: off}` turns a rule off \
             everywhere)",
        ),
        ("ignore:\n  - {paths: [a]}\n", "2:6 `rules` is missing"),
        ("ignore:\n  - {rules: [], paths: [a]}\n", "2:6 it names no rule to ignore"),
        (
            "ignore:\n  - {rules: [pdb-mising], paths: [a]}\n",
            "2:14 there is no rule `pdb-mising` (did you mean `pdb-missing`?)",
        ),
        (
            "ignore:\n  - {rules: [pdb-missing], objects: [{}]}\n",
            "2:38 it would fit every object (name a kind, name or namespace)",
        ),
        (
            "ignore:\n  - {rules: [pdb-missing], paths: [a], until: May}\n",
            "2:47 expected a date such as 2027-01-31, found the string \"May\"",
        ),
        (
            "require-reason: true\nignore:\n  - {rules: [pdb-missing], paths: [a]}\n",
            "3:6 `reason` is missing, which `require-reason` demands",
        ),
        ("cluster: {operators: {strimzy: 1.0}}\n", "1:23 unknown key `strimzy` (did you mean `strimzi`?)"),
        (
            "cluster: {operators: {strimzi: new}}\n",
            "1:32 expected a release such as \"0.45.1\", found the string \"new\"",
        ),
        ("environments:\n  - {name: a, paths: [a]}\n  - {name: a, paths: [b]}\n", "3:6 two environments are named `a`"),
        ("exclude: a\n", "1:10 expected a list, found the string \"a\""),
        ("exclude: [\"a[\"]\n", "1:11 not a glob: unclosed character class; missing ']'"),
        ("cluster:\n  nodes: three\n", "2:10 expected a whole number from 0 to 4294967295, found the string \"three\""),
        ("cluster:\n  zones: 0\n", "2:10 `zones` is 0; a cluster has at least one"),
        ("cluster:\n  node: 3\n", "2:9 expected a map, found the number 3"),
        ("cluster:\n  nods: 3\n", "2:3 unknown key `nods` (did you mean `nodes`?)"),
        ("cluster:\n  kubernetes: latest\n", "2:15 expected a version such as \"1.36\", found the string \"latest\""),
        ("storage-classes:\n  a: zonall\n", "2:6 unknown value `zonall` (did you mean `zonal`?)"),
    ];
    for (text, expected) in cases {
        assert_eq!(errors(text), [*expected], "{text}");
    }
}

#[test]
fn attestations_are_read_and_their_mistakes_shown() {
    let text = "\
attestations:
  - {id: ops-failover-tested, owner: platform, date: 2026-11-01, evidence: docs/drill.md, environments: [prod]}
  - {id: pdb-missing, owner: platform, date: \"2026-11-01\", expires: 2026-11-02}
";
    let config = read(text).expect("is understood");
    let [drill, rule] = config.attestations.as_slice() else { panic!("there are two") };
    assert_eq!((drill.date.to_string(), drill.expires.to_string()), ("2026-11-01".into(), "2027-04-30".into()));
    assert_eq!(drill.evidence.as_deref(), Some("docs/drill.md"));
    assert!(drill.speaks_of("prod") && !drill.speaks_of("dev") && rule.speaks_of("dev"));
    let day = |text: &str| super::date(text);
    assert!(!rule.is_expired(day("2026-11-01")) && rule.is_expired(day("2026-11-02")) && !rule.is_expired(None));
    let cases: &[(&str, &str)] = &[
        ("{owner: a, date: 2026-11-01}", "2:6 `id` is missing"),
        ("{id: pdb-missing, date: 2026-11-01}", "2:6 `owner` is missing"),
        ("{id: pdb-missing, owner: a}", "2:6 `date` is missing"),
        (
            "{id: pdb-missing, owner: a, date: soon}",
            "2:39 expected a date such as 2027-01-31, found the string \"soon\"",
        ),
        (
            "{id: ops-failover-testd, owner: a, date: 2026-11-01}",
            "2:10 nothing is called `ops-failover-testd` that can be attested (did you mean `ops-failover-tested`?)",
        ),
        (
            "{id: pdb-missing, owner: a, date: 2026-11-01, expires: 2026-11-01}",
            "2:60 it expires on 2026-11-01, but dates from 2026-11-01",
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(errors(&format!("attestations:\n  - {text}\n")), [*expected], "{text}");
    }
}
