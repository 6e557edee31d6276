//! The programs that answer for Ingresses, and the classes by which Ingresses choose one.

use crate::index::{Roles, Workload};
use crate::model::Object;

/// Repositories of ingress controllers' images, by their ends.
const IMAGES: &[&str] = &[
    "ingress-nginx/controller",
    "nginx/nginx-ingress",
    "nginx-ingress-controller",
    "haproxytech/kubernetes-ingress",
    "haproxy-ingress",
    "kong/kubernetes-ingress-controller",
    "traefik",
    "traefik/traefik",
    "projectcontour/contour",
];

/// How the retired controller calls itself in an `IngressClass`.
const INGRESS_NGINX: &str = "k8s.io/ingress-nginx";

impl<'a> Roles<'a> {
    /// Those of some workloads that are ingress controllers.
    pub fn ingress_controllers<'w>(
        &self,
        among: &'w [Workload<'a>],
    ) -> impl Iterator<Item = &'w Workload<'a>> + use<'w, 'a> {
        let is_controller = |image: &str| {
            let ends = |it: &&str| image.strip_suffix(*it).is_some_and(|rest| rest.is_empty() || rest.ends_with('/'));
            IMAGES.iter().any(ends)
        };
        among.iter().filter(move |it| it.containers().any(|it| is_controller(it.repository())))
    }

    /// Whether an Ingress is one for ingress-nginx: for certain by its class, or by its annotations alone.
    pub fn is_for_ingress_nginx(&self, ingress: &Object) -> Option<bool> {
        let class = ingress.node().str_at(&["spec", "ingressClassName"]);
        let class = class.or_else(|| ingress.annotation("kubernetes.io/ingress.class"));
        let own = class.and_then(|it| self.named("networking.k8s.io", "IngressClass", it).into_iter().next());
        if let Some(own) = own {
            return (own.node().str_at(&["spec", "controller"]) == Some(INGRESS_NGINX)).then_some(true);
        }
        let annotations = ingress.node().at(&["metadata", "annotations"])?;
        let has = |prefix: &str| annotations.entries().any(|it| it.name().starts_with(prefix));
        let is_its_class = class.is_none_or(|it| it.contains("nginx"));
        // The controller of F5 has annotations of its own.
        (is_its_class && has("nginx.ingress.kubernetes.io/") && !has("nginx.org/")).then_some(false)
    }
}
