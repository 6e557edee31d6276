//! Which image a Cluster of CloudNativePG runs: its own, or that of a catalog.

use super::CNPG;
use crate::index::PostgresClusters;
use crate::model::{ImageName, Object};
use crate::source::Span;

/// An image, and where it is written.
#[derive(Clone, Copy, Debug)]
pub struct Image<'a> {
    /// The image.
    pub text: &'a str,
    /// Where.
    pub span: Span,
}

impl Image<'_> {
    /// The image, taken apart.
    pub fn parts(&self) -> ImageName<'_> {
        ImageName::read(self.text)
    }
}

impl<'a> PostgresClusters<'a> {
    /// The image that a Cluster names, or a catalog of the manifests for it.
    pub fn cnpg_image(&self, cluster: &'a Object) -> Option<Image<'a>> {
        let spec = cluster.node().at(&["spec"])?;
        if let Some(own) = spec.at(&["imageName"]) {
            return Some(Image { text: own.text(), span: spec.place(&["imageName"]) });
        }
        let reference = spec.at(&["imageCatalogRef"])?;
        let (kind, name) = (reference.str_at(&["kind"])?, reference.str_at(&["name"])?);
        let catalog = match kind {
            "ClusterImageCatalog" => self.named(CNPG, kind, name).first().copied()?,
            _ => self.find(cluster, CNPG, kind, name)?,
        };
        let major = reference.int_at(&["major"])?;
        let entry = catalog.node().items_at(&["spec", "images"]).find(|it| it.int_at(&["major"]) == Some(major))?;
        Some(Image { text: entry.str_at(&["image"])?, span: entry.place(&["image"]) })
    }
}
