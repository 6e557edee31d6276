//! `edms-lint drill` as users run it.

use crate::common::root;
use std::process::{Command, Output};

fn drill(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_edms-lint"))
        .arg("drill")
        .args(arguments)
        .current_dir(root())
        .output()
        .expect("the program runs")
}

fn text(arguments: &[&str]) -> String {
    String::from_utf8(drill(arguments).stdout).expect("output is UTF-8")
}

#[test]
fn the_shop_is_stuck_and_says_where() {
    let shop = text(&["fixtures/projects/shop"]);
    let stuck = shop.lines().find(|it| it.starts_with("STUCK")).expect("something is stuck");
    assert!(stuck.contains("allows 0 of 2 pods to go") && stuck.ends_with("backend.yaml:76:3"), "{stuck}");
    assert!(shop.starts_with("fixtures/projects/shop at the least scale; 3 nodes in 3 zones (assumed"), "{shop}");
    let row = shop.lines().find(|it| it.contains("Deployment backend ")).expect("the backend has a row");
    for cell in ["may fail 0..1", "STUCK", "survives 2"] {
        assert!(row.contains(cell), "{row}");
    }
}

#[test]
fn a_gate_fails_on_what_it_requires_alone() {
    let code = |arguments: &[&str]| drill(arguments).status.code();
    assert_eq!(code(&["fixtures/projects/shop"]), Some(0));
    assert_eq!(code(&["fixtures/projects/shop", "--require", "drain"]), Some(1));
    assert_eq!(code(&["fixtures/projects/shop", "--require", "dran"]), Some(2));
    assert_eq!(code(&["fixtures/projects/shop", "--nodes", "0"]), Some(2));
    assert_eq!(code(&["fixtures/projects/shop", "--nodes", "3", "--zones", "4"]), Some(2));
}
