//! What the volumes of pods say of where a pod comes back.

use crate::config::Durability;
use crate::drill::ground::Ground;
use crate::drill::verdict::Proof;
use crate::index::{Claim, Index};

/// Why pods come back to some places alone.
#[derive(Clone, Debug, Default)]
pub(super) struct Volumes {
    /// To their own node alone.
    pub(super) local: Option<Proof>,
    /// Perhaps to their own node alone.
    sticky: Option<Proof>,
    /// To their own zone alone.
    zonal: Option<Proof>,
}

impl Volumes {
    /// Reads claims of the same pods.
    pub(super) fn read<'a>(index: &Index<'a>, claims: impl IntoIterator<Item = Claim<'a>>) -> Volumes {
        let mut volumes = Volumes::default();
        for claim in claims {
            let Some(class) = claim.class else { continue };
            let fact = index.storage_fact(class);
            let (kept, text) = match fact.durability {
                Some(Durability::NodeLocal) => {
                    (&mut volumes.local, format!("{} stays on its node: {}", fact.title, fact.reason))
                }
                None => {
                    let text = format!("whether {} follows a pod to another node is not known", fact.title);
                    (&mut volumes.sticky, text)
                }
                Some(Durability::Zonal | Durability::SingleCopy) => {
                    (&mut volumes.zonal, format!("{} stays in its zone: {}", fact.title, fact.reason))
                }
                Some(Durability::File | Durability::MultiZone) => continue,
            };
            kept.get_or_insert_with(|| Proof::at(text, claim.place.span));
        }
        volumes
    }

    /// The volumes of these pods and of others.
    pub(super) fn or(self, other: Volumes) -> Volumes {
        Volumes {
            local: self.local.or(other.local),
            sticky: self.sticky.or(other.sticky),
            zonal: self.zonal.or(other.zonal),
        }
    }

    /// Why a pod may not come back before so many drained nodes do.
    pub(super) fn binds(&self, ground: Ground, at_once: i64) -> Option<&Proof> {
        let is_small = ground.zones.is_none_or(|it| it.smallest <= at_once);
        let zonal = self.zonal.as_ref().filter(|_| is_small);
        self.local.as_ref().or(self.sticky.as_ref()).or(zonal)
    }
}
