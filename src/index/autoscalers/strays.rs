//! What names a target but is no autoscaler that we can follow.

use crate::index::Objects;
use crate::index::lookup::directory::Directory;
use crate::model::{Object, is_known};
use crate::yaml::NodeRef;

/// Files what names a target but is no autoscaler that we can follow: an HPA without an API group, a kind
/// in wrong letters, a custom resource of somebody else.
pub(in crate::index) fn stray_scalers<'a>(objects: &Objects<'a>) -> Directory<'a> {
    let mut strays = Vec::new();
    for object in objects.objects().filter(|it| !it.is_made()) {
        let is_own = matches!(object.kind(), "HorizontalPodAutoscaler" | "ScaledObject");
        if is_own || !is_known(object.group(), object.kind()) {
            let name = foreign_target(object).and_then(|it| it.get("name").or_else(|| it.get("deployment")));
            strays.extend(name.map(|it| (("", "", it.text()), object)));
        }
    }
    Directory::new(strays)
}

/// What a custom resource of an unknown kind scales. Every `scaleTargetRef` counts; a `targetRef`, which policies
/// of all sorts have, only where the kind calls itself an autoscaler, as DatadogPodAutoscaler does.
pub(in crate::index) fn foreign_target(object: &Object) -> Option<NodeRef<'_>> {
    let reference = object.node().at(&["spec", "scaleTargetRef"]);
    let is_autoscaler = || object.kind().ends_with("Autoscaler") || object.kind().ends_with("Scaler");
    reference.or_else(|| object.node().at(&["spec", "targetRef"]).filter(|_| is_autoscaler()))
}
