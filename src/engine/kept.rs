//! What rules said of environments, for whoever audits them again with some files edited: most stand as they stood.

use super::schedule::Planned;
use crate::model::Environment;
use crate::rule::RuleOutput;
use crate::source::{SourceId, Sources};
use foldhash::fast::FixedState;
use std::collections::{BTreeSet, HashMap};
use std::hash::{BuildHasher as _, Hash as _, Hasher as _};
use std::sync::{Mutex, PoisonError};

/// What the rules said in audits, by environment and how it stood: whoever undoes some of his edits has the states of the
/// others again. Right as long as the configuration is the same.
#[derive(Debug, Default)]
pub struct Kept {
    before: HashMap<State, Vec<RuleOutput>>,
    now: Mutex<HashMap<State, Vec<RuleOutput>>>,
    /// The texts of this round as numbers: many environments read one file.
    texts: Mutex<HashMap<SourceId, u64>>,
}

/// An environment's name, and all that it was made of.
type State = (String, u64);

impl Kept {
    /// What each of the rules says: what it said before, if the environment stands as it stood. A rule that asked about
    /// other environments is asked again.
    pub(super) fn said(
        &self,
        rules: &[Planned],
        environment: &Environment,
        sources: &Sources,
        ask_all: impl Fn() -> Vec<RuleOutput>,
        ask_one: impl Fn(&Planned) -> RuleOutput,
    ) -> Vec<RuleOutput> {
        let state = (environment.name.clone(), state(environment, sources, &self.texts));
        if let Some(before) = self.before.get(&state).filter(|it| it.len() == rules.len()) {
            let again =
                |(rule, said): (&Planned, &RuleOutput)| if said.asked_run { ask_one(rule) } else { said.clone() };
            return rules.iter().zip(before).map(again).collect();
        }
        let said = ask_all();
        self.now.lock().unwrap_or_else(PoisonError::into_inner).insert(state, said.clone());
        said
    }

    /// Keeps what was said in this round for those that follow.
    pub(super) fn end_round(&mut self) {
        let now = std::mem::take(self.now.get_mut().unwrap_or_else(PoisonError::into_inner));
        self.before.extend(now);
        self.texts.get_mut().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

/// All that an environment is made of, as a number: the texts of its files, and what was read around them.
fn state(environment: &Environment, sources: &Sources, texts: &Mutex<HashMap<SourceId, u64>>) -> u64 {
    let mut hasher = FixedState::default().build_hasher();
    (&environment.name, &environment.known_as, &environment.reason, &environment.remarks).hash(&mut hasher);
    (environment.is_fragment, environment.is_directory, environment.is_undeployed).hash(&mut hasher);
    (&environment.folders, environment.documents.len(), environment.instructions.len()).hash(&mut hasher);
    format!("{:?}{:?}{:?}", environment.problems, environment.unseen, environment.charts).hash(&mut hasher);
    let mut files: BTreeSet<SourceId> = environment.documents.iter().map(|it| it.span.source).collect();
    for object in &environment.objects {
        (object.subject(), object.node().span()).hash(&mut hasher);
        if object.document().is_composed() {
            files.extend(object.document().sources());
        }
        files.insert(object.node().span().source);
    }
    let text = |file: SourceId| {
        let source = sources.get(file);
        FixedState::default().hash_one((file, source.name(), source.text()))
    };
    let mut texts = texts.lock().unwrap_or_else(PoisonError::into_inner);
    for file in files {
        texts.entry(file).or_insert_with(|| text(file)).hash(&mut hasher);
    }
    hasher.finish()
}
