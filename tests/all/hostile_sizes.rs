//! Large inputs: each is read in bounded memory, or refused with what to do, and what stands beside it is audited.

use crate::common::program::{folder, run};
use crate::hostile::{DEPLOYMENT, alert, assert_says, lint};
use std::fmt::Write as _;

fn config_map(name: &str, data: &str) -> String {
    format!("---\napiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {name}}}\ndata:\n{data}")
}

/// A Deployment that takes its variables from a ConfigMap.
fn reading(number: usize, map: &str) -> String {
    let with = format!("image: 'shop:1', envFrom: [{{configMapRef: {{name: '{map}'}}}}]");
    format!(
        "---\n{}",
        DEPLOYMENT
            .replace("image: 'shop:1'", &with)
            .replace("name: shop}\nspec", &format!("name: shop{number}}}\nspec"))
    )
}

#[test]
fn a_file_of_sixty_four_mebibytes_is_read() {
    let text = format!("    {}\n", "words of a long line ".repeat(200)).repeat(250);
    let maps: String = (0..64).map(|it| config_map(&format!("m{it}"), &format!("  k: |\n{text}"))).collect();
    assert!(maps.len() > 64 << 20);
    assert_says(&[("a.yaml", &(maps + "---\n" + DEPLOYMENT))], "Deployment shop");
}

#[test]
fn a_document_of_two_million_values_is_to_be_split() {
    let values = "a,".repeat(1 << 21);
    let words = "more than 2097152 values in one document: write each object as a document of its own";
    assert_says(&[("a.yaml", &config_map("m", &format!("  k: [{values}]\n")))], words);
}

/// As one document they would have too many values.
#[test]
fn a_long_list_of_json_is_read_item_by_item() {
    let variables: Vec<String> = (0..500).map(|it| format!(r#"{{"name":"V{it}","value":"v"}}"#)).collect();
    let variables = variables.join(",");
    let item = |it: usize| {
        format!(
            r#"{{"apiVersion":"v1","kind":"Pod","metadata":{{"name":"p{it}"}},"spec":{{"containers":[{{"name":"c","image":"c:1","env":[{variables}]}}]}}}}"#
        )
    };
    let items: Vec<String> = (0..900).map(item).collect();
    let list = format!(r#"{{"apiVersion":"v1","kind":"List","items":[{}]}}"#, items.join(","));
    assert_says(&[("a.json", &list)], "Pod p899");
}

#[test]
fn a_comment_that_names_a_hundred_thousand_rules_is_not_heeded() {
    for names in [vec!["a".to_owned(); 100_000], (0..100_000).map(|it| format!("pdb-missing{it}")).collect()] {
        let text = format!("# edms-lint: ignore[{}]: known\n{DEPLOYMENT}", names.join(","));
        assert_says(&[("a.yaml", &text)], "it names 100000 rules, and no more than 256 are read");
    }
}

#[test]
fn a_configuration_of_mistakes_shows_the_first_of_them() {
    let names: Vec<String> = (0..5_000).map(|it| format!("a{it}")).collect();
    let config = format!("ignore:\n- rules: [{}]\n  reason: known\n", names.join(","));
    let dir = folder(&[(".edms-lint.yaml", &config)]);
    let (code, _, stderr) = run(dir.path(), &["."]);
    assert_eq!(code, 2);
    assert!(stderr.contains("5000 mistakes") && stderr.trim_end().ends_with("and 4900 more"), "{}", stderr.len());
    assert!(stderr.len() < 100 << 10, "{}", stderr.len());
}

#[test]
fn long_names_near_each_other_are_compared_within_bounds() {
    let name = "name-".repeat(40);
    let mut text: String = (0..300).map(|it| reading(it, &format!("{name}x{it}y{}", it * 7))).collect();
    text.extend((0..499).map(|it| config_map(&format!("{name}z{it}w{}", it * 3), "  k: v\n")));
    assert_says(&[("a.yaml", &text)], &format!("{name}x299y2093"));
}

#[test]
fn many_long_alerts_are_read_in_bounded_memory() {
    let expression =
        |it: usize| (0..100).map(|at| format!("up{{job=\"d{at}\"}} == {it}")).collect::<Vec<_>>().join(" or ");
    let mut rules = String::new();
    for it in 0..1_000 {
        _ = write!(rules, "---\n{}", alert(&expression(it)).replace("name: rules", &format!("name: rules{it}")));
    }
    lint(&[("a.yaml", &rules)]);
}

#[test]
fn line_breaks_of_unicode_are_those_of_kubernetes() {
    for found in ["\u{85}", "\u{2028}", "\u{2029}"] {
        let text = DEPLOYMENT.replace("replicas: 2", &format!("replicas: 2{found}  odd: 1"));
        let stdout =
            lint(&[("a.yaml", &text), ("b.yaml", &config_map("m", &format!("  k: \"{}\"\n", found.repeat(100_000))))]);
        assert!(stdout.contains("`spec` has no field `odd`"), "{found:?}");
    }
}

/// Only a `List` is read item by item: of one of a type, items need not say what they are.
#[test]
fn a_list_of_one_type_with_too_many_values_is_to_be_split() {
    let variables: Vec<String> = (0..500).map(|it| format!(r#"{{"name":"V{it}","value":"v"}}"#)).collect();
    let variables = variables.join(",");
    let item = |it: usize| {
        format!(
            r#"{{"metadata":{{"name":"d{it}"}},"spec":{{"template":{{"spec":{{"containers":[{{"name":"c","image":"c:1","env":[{variables}]}}]}}}}}}}}"#
        )
    };
    let items: Vec<String> = (0..900).map(item).collect();
    let list = format!(r#"{{"apiVersion":"apps/v1","kind":"DeploymentList","items":[{}]}}"#, items.join(","));
    let words = "more than 2097152 values in one document: write each object as a document of its own";
    assert_says(&[("a.json", &list)], words);
}

/// What an environment of the configuration has in common with others is not kept for each.
#[test]
fn a_thousand_environments_with_rules_of_their_own_are_read() {
    let environment = |it| format!("- {{name: e{it}, paths: [base, o{it}], rules: {{pdb-missing: note}}}}\n");
    let environments: String = (0..1_000).map(environment).collect();
    let mut files = vec![
        (".edms-lint.yaml".to_owned(), format!("environments:\n{environments}")),
        ("base/shop.yaml".to_owned(), DEPLOYMENT.to_owned()),
    ];
    files.extend((0..1_000).map(|it| (format!("o{it}/m.yaml"), config_map(&format!("m{it}"), "  k: v\n"))));
    let files: Vec<(&str, &str)> = files.iter().map(|it| (it.0.as_str(), it.1.as_str())).collect();
    assert_says(&files, "e999");
}
