//! What rules said of environments, for whoever audits them again with some files edited: most stand as they stood.

use super::schedule::Planned;
use crate::model::Environment;
use crate::rule::RuleOutput;
use crate::source::{SourceId, Sources};
use foldhash::fast::FixedState;
use std::collections::{BTreeSet, HashMap};
use std::hash::{BuildHasher as _, Hash as _, Hasher as _};
use std::sync::{Mutex, PoisonError};

/// What the rules said in an audit, by environment. Right as long as the configuration is the same.
#[derive(Debug, Default)]
pub struct Kept {
    before: HashMap<String, Of>,
    now: Mutex<HashMap<String, Of>>,
}

/// What they said of one environment, and how it stood.
#[derive(Debug)]
struct Of {
    state: u64,
    said: Vec<RuleOutput>,
}

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
        let state = state(environment, sources);
        let before = self.before.get(&environment.name).filter(|it| it.state == state && it.said.len() == rules.len());
        let again = |(rule, said): (&Planned, &RuleOutput)| if said.asked_run { ask_one(rule) } else { said.clone() };
        let said = before.map_or_else(ask_all, |it| rules.iter().zip(&it.said).map(again).collect());
        let of = Of { state, said: said.clone() };
        self.now.lock().unwrap_or_else(PoisonError::into_inner).insert(environment.name.clone(), of);
        said
    }

    /// Forgets how environments stood before.
    pub(super) fn end_round(&mut self) {
        self.before = std::mem::take(self.now.get_mut().unwrap_or_else(PoisonError::into_inner));
    }
}

/// All that an environment is made of, as a number: the texts of its files, and what was read around them.
fn state(environment: &Environment, sources: &Sources) -> u64 {
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
    for file in files {
        let source = sources.get(file);
        (file, source.name(), source.text()).hash(&mut hasher);
    }
    hasher.finish()
}
