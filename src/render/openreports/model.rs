//! The part of `openreports.io/v1alpha1` that we write.

use serde::Serialize;
use std::collections::BTreeMap;

#[derive(Serialize)]
pub(super) struct Body<'a> {
    #[serde(flatten)]
    pub(super) head: Head<'a>,
    pub(super) source: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) scope: Option<Scope<'a>>,
    pub(super) summary: Summary,
    pub(super) results: &'a [Outcome<'a>],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Head<'a> {
    pub(super) api_version: &'static str,
    pub(super) kind: &'static str,
    pub(super) metadata: Metadata<'a>,
}

#[derive(Serialize)]
pub(super) struct Metadata<'a> {
    pub(super) name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) namespace: Option<&'a str>,
    pub(super) labels: BTreeMap<&'static str, &'static str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Scope<'a> {
    pub(super) api_version: &'static str,
    pub(super) kind: &'static str,
    pub(super) name: &'a str,
}

#[derive(Serialize)]
pub(super) struct Summary {
    pub(super) pass: usize,
    pub(super) fail: usize,
    pub(super) warn: usize,
    pub(super) error: usize,
    pub(super) skip: usize,
}

/// A result, by the name that does not hide Rust's own.
#[derive(Serialize)]
pub(super) struct Outcome<'a> {
    pub(super) source: &'static str,
    pub(super) policy: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) category: Option<&'static str>,
    pub(super) result: &'static str,
    pub(super) severity: &'static str,
    pub(super) scored: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) resources: Vec<Reference>,
    pub(super) message: String,
    pub(super) timestamp: Timestamp,
    pub(super) properties: BTreeMap<&'static str, String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Reference {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) api_version: Option<String>,
    pub(super) kind: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) namespace: Option<String>,
    pub(super) name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) uid: Option<String>,
}

#[derive(Serialize)]
pub(super) struct Timestamp {
    pub(super) seconds: i64,
    pub(super) nanos: i32,
}
