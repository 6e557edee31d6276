//! Argo CD: what an `Application` asks for, source by source.
//!
//! Facts: `argoproj/argo-cd`, `pkg/apis/application/v1alpha1/types.go`, `util/kustomize/kustomize.go` (each option
//! is a `kustomize edit` of the folder's kustomization) and `reposerver/repository/repository.go`.

use super::catalog::address;
use super::order::{Halt, Listing, Order, Source};
use crate::model::{ImageName, Object};
use crate::source::Span;
use crate::yaml::NodeRef;
use crate::yaml::tree::{Content, Tree, TreeEntry};

/// The API group.
pub(super) use crate::model::products::ARGO as GROUP;
/// What a cluster that runs Argo CD is called in it.
pub(super) const IN_CLUSTER: &str = "in-cluster";
/// Its address there.
const IN_CLUSTER_SERVER: &str = "https://kubernetes.default.svc";

/// What an Application asks for: something for each source with a path.
pub(super) fn orders(object: &Object, file: usize) -> Vec<Order> {
    let Some(spec) = object.node().get("spec").filter(|it| it.is_map()) else { return Vec::new() };
    let sources: Vec<NodeRef<'_>> = if spec.items_at(&["sources"]).next().is_some() {
        spec.items_at(&["sources"]).collect()
    } else {
        spec.get("source").into_iter().collect()
    };
    sources.into_iter().filter_map(|it| order(object, spec, it, file)).collect()
}

fn order(object: &Object, spec: NodeRef<'_>, source: NodeRef<'_>, file: usize) -> Option<Order> {
    let path = source.get("path")?.text();
    // A chart of a repository of charts has no path in git.
    if source.get("chart").is_some() {
        return None;
    }
    let text = |keys: &[&str]| source.at(keys).map(NodeRef::text).unwrap_or_default();
    let url = text(&["repoURL"]);
    let cluster = cluster(spec);
    let mut order = Order {
        path: path.trim_start_matches('/').to_owned(),
        source: if url.is_empty() { Source::Unsaid } else { Source::Repository(address(url)) },
        listing: Listing::Argo {
            recurses: source.bool_at(&["directory", "recurse"]) == Some(true),
            include: text(&["directory", "include"]).to_owned(),
            exclude: text(&["directory", "exclude"]).to_owned(),
        },
        namespace: spec.at(&["destination"]).and_then(|it| it.entry("namespace")).and_then(TreeEntry::of),
        ..Order::new(object.title(), source.place(&["path"]), file)
    };
    order.namespace = order.namespace.take().map(TreeEntry::into_text).filter(|it| it.value.scalar() != Some(""));
    if let Some(kustomize) = source.get("kustomize") {
        overrides(kustomize, &mut order);
    }
    order.halt = halt(source, cluster.as_deref(), path);
    order.cluster = cluster;
    Some(order)
}

/// The name of the destination's cluster; none for the one that the Application is in.
pub(super) fn cluster(spec: NodeRef<'_>) -> Option<String> {
    let text = |key: &str| spec.at(&["destination", key]).map(NodeRef::text).unwrap_or_default();
    let (name, server) = (text("name"), text("server").trim_end_matches('/').trim_end_matches(":443"));
    let found = if name.is_empty() { server } else { name };
    let is_own = found.is_empty() || found == IN_CLUSTER || found == IN_CLUSTER_SERVER;
    (!is_own).then(|| found.to_owned())
}

fn halt(source: NodeRef<'_>, cluster: Option<&str>, path: &str) -> Option<Halt> {
    if cluster.is_some_and(|it| it.contains("{{")) || path.contains("{{") {
        return Some(Halt::Unseen("has a template that is not filled in here"));
    }
    if source.get("plugin").is_some_and(NodeRef::is_map) {
        return Some(Halt::Unseen("uses a plugin of Argo CD, whose objects are not seen"));
    }
    None
}

/// What `spec.source.kustomize` sets in the folder's kustomization.
fn overrides(kustomize: NodeRef<'_>, order: &mut Order) {
    for key in ["namePrefix", "nameSuffix", "namespace"] {
        order.set.extend(kustomize.entry(key).and_then(TreeEntry::of).map(TreeEntry::into_text));
    }
    for key in ["patches", "components", "replicas"] {
        order.added.extend(kustomize.entry(key).and_then(TreeEntry::of));
    }
    let is_off_selectors = kustomize.bool_at(&["labelWithoutSelector"]) == Some(true);
    if let Some(labels) = kustomize.entry("commonLabels").and_then(TreeEntry::of) {
        let span = labels.key_span;
        let mut label = Tree::map(span);
        label.put(labels.named("pairs"));
        let flag = |key: &str, value: bool| {
            TreeEntry::made(key, Tree { span, content: Content::Plain(value.to_string().into()) })
        };
        label.put(flag("includeSelectors", !is_off_selectors));
        if is_off_selectors {
            label.put(flag("includeTemplates", kustomize.bool_at(&["labelIncludeTemplates"]) == Some(true)));
        }
        order.added.push(TreeEntry::made("labels", Tree { span, content: Content::List(vec![label]) }));
    }
    let images: Vec<Tree> = kustomize.items_at(&["images"]).map(image).collect();
    if let Some(first) = images.first() {
        let span = first.span;
        order.added.push(TreeEntry::made("images", Tree { span, content: Content::List(images) }));
    }
}

/// An image as `kustomize edit set image` takes it: `name=new:tag`, `name:tag`, `name@digest`.
fn image(node: NodeRef<'_>) -> Tree {
    let (text, span) = (node.text(), node.span());
    let (name, new) = text.split_once('=').map_or((None, text), |it| (Some(it.0), it.1));
    let ImageName { full: new, tag, digest } = ImageName::read(new);
    let mut tree = Tree::map(span);
    let new_name = name.map(|_| new).filter(|it| *it != "*" && !it.is_empty());
    let fields = [("name", name.or(Some(new))), ("newName", new_name), ("newTag", tag), ("digest", digest)];
    for (key, text) in fields {
        if let Some(text) = text.filter(|it| *it != "*") {
            tree.put(entry(key, text, span));
        }
    }
    tree
}

fn entry(key: &str, text: &str, span: Span) -> TreeEntry {
    TreeEntry::made(key, Tree::text(text, span))
}
