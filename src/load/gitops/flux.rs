//! Flux: the `Kustomization` of its kustomize-controller.
//!
//! Facts: `fluxcd/kustomize-controller`, `api/v1/kustomization_types.go`, and `fluxcd/pkg`,
//! `kustomize/kustomize_generator.go`: fields of the object take the place of those in the folder's
//! kustomization, patches and components are added to them.

use super::order::{Halt, Order, Source};
use super::substitute::Variables;
use crate::model::Object;
use crate::yaml::NodeRef;
use crate::yaml::tree::{Content, Tree, TreeEntry};

/// The API group.
pub(super) use crate::model::products::FLUX_KUSTOMIZE as GROUP;

/// What a Flux Kustomization asks for. One without `spec` is a patch or a mistake, and asks for nothing.
pub(super) fn order(object: &Object, file: usize) -> Option<Order> {
    let spec = object.node().get("spec").filter(|it| it.is_map())?;
    let text = |keys: &[&str]| spec.at(keys).map(NodeRef::text).unwrap_or_default();
    // A patch of a Kustomization says neither from where nor what.
    if text(&["sourceRef", "kind"]).is_empty() && text(&["path"]).is_empty() {
        return None;
    }
    let at = if spec.get("path").is_some() { spec.place(&["path"]) } else { object.name_span() };
    let kind = text(&["sourceRef", "kind"]).to_owned();
    let name = text(&["sourceRef", "name"]).to_owned();
    let mut order = Order {
        path: text(&["path"]).trim_start_matches('/').to_owned(),
        source: if kind.is_empty() { Source::Unsaid } else { Source::Flux { kind, name } },
        variables: Variables::of(spec),
        halt: halt(spec),
        ..Order::new(object.title(), at, file)
    };
    for (field, key) in [("targetNamespace", "namespace"), ("namePrefix", "namePrefix"), ("nameSuffix", "nameSuffix")] {
        order.set.extend(spec.entry(field).and_then(TreeEntry::of).map(|it| it.into_text().named(key)));
    }
    for key in ["patches", "components", "images"] {
        order.added.extend(spec.entry(key).and_then(TreeEntry::of));
    }
    order.added.extend(spec.at(&["commonMetadata"]).and_then(common_labels));
    Some(order)
}

fn halt(spec: NodeRef<'_>) -> Option<Halt> {
    if spec.bool_at(&["suspend"]) == Some(true) {
        return Some(Halt::Suspended("is suspended"));
    }
    let is_remote = spec.get("kubeConfig").is_some_and(NodeRef::is_map);
    is_remote.then_some(Halt::Away("deploys to another cluster by its kubeConfig"))
}

/// The labels that all objects get, as kustomize's `labels`, which leaves selectors alone.
fn common_labels(metadata: NodeRef<'_>) -> Option<TreeEntry> {
    let pairs = TreeEntry::of(metadata.entry("labels")?)?.named("pairs");
    let span = pairs.key_span;
    let mut label = Tree::map(span);
    label.put(pairs);
    Some(TreeEntry::made("labels", Tree { span, content: Content::List(vec![label]) }))
}
