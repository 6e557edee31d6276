//! What a page says of the fixes of its rule.

use crate::finding::{Safety, Stage};

/// How a rule mends what it finds, at best.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remedy {
    /// How far its fixes may be trusted at best. A single one may be trusted less.
    pub class: Safety,
    /// What they are about.
    pub stage: Stage,
    /// What they do, as an imperative without a full stop.
    pub title: &'static str,
    /// Why it is safe, why a person decides or why it is only shown, to be read after "because"; no full stop.
    pub why: &'static str,
    /// The rules whose errors may show only once it is mended.
    pub uncovers: Vec<&'static str>,
}

impl Remedy {
    /// Reads `{class: none}`, which is none, or
    /// `{class: unsafe, stage: replicas, title: run 2 replicas, uncovers: [pdb-overlap]}`, with the sentence beside it.
    ///
    /// # Errors
    /// What is no such text, or a fix without its sentence.
    pub(super) fn read(value: &'static str, why: &'static str) -> Result<Option<Remedy>, String> {
        let wrong = || format!("no fix: {value}");
        let rest = value.strip_prefix("{class: ").and_then(|it| it.strip_suffix('}')).ok_or_else(wrong)?;
        match (rest, why) {
            ("none", "") => return Ok(None),
            ("none", _) => return Err(format!("why without a fix: {why}")),
            (_, "") => return Err(format!("no why beside fix: {value}")),
            _ => {}
        }
        let (class, rest) = rest.split_once(", stage: ").ok_or_else(wrong)?;
        let (stage, rest) = rest.split_once(", title: ").ok_or_else(wrong)?;
        let (title, uncovers) = match rest.split_once(", uncovers: [") {
            Some((title, rules)) => (title, rules.strip_suffix(']').ok_or_else(wrong)?.split(", ").collect()),
            None => (rest, Vec::new()),
        };
        let class = [Safety::Safe, Safety::Unsafe, Safety::DisplayOnly].into_iter().find(|it| it.name() == class);
        let stage = Stage::ALL.into_iter().find(|it| it.name() == stage);
        let (class, stage) = class.zip(stage).ok_or_else(wrong)?;
        Ok(Some(Remedy { class, stage, title, why, uncovers }))
    }
}
