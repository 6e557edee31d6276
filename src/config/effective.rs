//! What is in force in one environment: the whole configuration with the environment's own settings over it.

use super::{Attestation, ClusterFacts, Config, EnvironmentSetting, RuleSetting};
use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

impl Config {
    /// What is in force in each of these environments.
    pub fn of_environments<'n>(&self, names: impl IntoIterator<Item = &'n str>) -> Vec<Cow<'_, Config>> {
        // The first of a name counts.
        let settings = self.environments.iter().rev();
        let by_name: HashMap<&str, &EnvironmentSetting> = settings.map(|it| (it.name.as_str(), it)).collect();
        names.into_iter().map(|it| by_name.get(it).map_or(Cow::Borrowed(self), |it| self.under(it))).collect()
    }

    /// What is in force with the settings of an environment. It costs nothing where there are none.
    fn under(&self, setting: &EnvironmentSetting) -> Cow<'_, Config> {
        let own = &setting.overrides;
        if own.is_empty() {
            return Cow::Borrowed(self);
        }
        let mut config = self.clone();
        if let Some((profile, span)) = own.profile {
            (config.profile, config.profile_span) = (profile, Some(span));
        }
        for (id, rule) in &*own.rules {
            let merged = config.rules.get(id).map_or_else(|| rule.clone(), |it| it.under(rule));
            Arc::make_mut(&mut config.rules).insert(id.clone(), merged);
        }
        config.components.splice(0..0, own.components.iter().cloned());
        config.cluster = config.cluster.under(&own.cluster);
        if !own.storage_classes.is_empty() {
            let classes = own.storage_classes.iter().map(|(class, it)| (class.clone(), *it));
            Arc::make_mut(&mut config.storage_classes).extend(classes);
        }
        for attestation in &own.attestations {
            let environments = vec![setting.name.clone()];
            config.attestations.push(Arc::new(Attestation { environments, ..Attestation::clone(attestation) }));
        }
        Cow::Owned(config)
    }
}

impl RuleSetting {
    /// This with what another says over it: level and parameters each as a whole.
    fn under(&self, other: &RuleSetting) -> RuleSetting {
        RuleSetting {
            level: other.level.or(self.level),
            parameters: other.parameters.clone().or_else(|| self.parameters.clone()),
            span: other.span,
        }
    }
}

impl ClusterFacts {
    fn under(&self, other: &ClusterFacts) -> ClusterFacts {
        ClusterFacts {
            nodes: other.nodes.or(self.nodes),
            zones: other.zones.or(self.zones),
            kubernetes: other.kubernetes.or(self.kubernetes),
            strimzi: other.strimzi.or(self.strimzi),
            pools: other.pools.clone().or_else(|| self.pools.clone()),
            node: other.node.or(self.node),
            zones_of_nodes: other.zones_of_nodes.clone().or_else(|| self.zones_of_nodes.clone()),
        }
    }
}

impl super::Overrides {
    /// Whether nothing is said.
    pub fn is_empty(&self) -> bool {
        self.profile.is_none()
            && self.rules.is_empty()
            && self.components.is_empty()
            && self.cluster == ClusterFacts::default()
            && self.storage_classes.is_empty()
            && self.attestations.is_empty()
    }
}
