//! The name of an image, taken apart: the one reading of registries, tags and digests.

use super::Version;

/// An image's name in its parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ImageName<'a> {
    /// Registry and repository: `docker.io/bitnami/kafka`.
    pub full: &'a str,
    /// The tag.
    pub tag: Option<&'a str>,
    /// The digest, with its algorithm.
    pub digest: Option<&'a str>,
}

impl<'a> ImageName<'a> {
    /// Takes a name apart. A colon before the last slash belongs to a port.
    pub fn read(image: &'a str) -> ImageName<'a> {
        let (rest, digest) = image.split_once('@').map_or((image, None), |it| (it.0, Some(it.1)));
        let last = rest.rfind('/').map_or(0, |it| it + 1);
        match rest[last..].find(':') {
            Some(at) => ImageName { full: &rest[..last + at], tag: Some(&rest[last + at + 1..]), digest },
            None => ImageName { full: rest, tag: None, digest },
        }
    }

    /// The repository without its registry: `bitnami/kafka`.
    pub fn repository(self) -> &'a str {
        match self.full.split_once('/') {
            Some((registry, rest)) if registry.contains(['.', ':']) || registry == "localhost" => rest,
            _ => self.full,
        }
    }

    /// The last part of the repository: `kafka`.
    pub fn name(self) -> &'a str {
        self.full.rsplit('/').next().unwrap_or_default()
    }

    /// The release that the tag names.
    pub fn release(self) -> Option<Version> {
        self.tag.and_then(Version::exact)
    }
}

#[cfg(test)]
mod tests {
    use super::ImageName;
    use crate::model::Version;

    #[test]
    fn images_have_three_parts() {
        let parts = |image| {
            let ImageName { full, tag, digest } = ImageName::read(image);
            (full, tag.unwrap_or_default(), digest.unwrap_or_default())
        };
        assert_eq!(parts("redis"), ("redis", "", ""));
        assert_eq!(parts("redis:7"), ("redis", "7", ""));
        assert_eq!(parts("host:5000/a/b"), ("host:5000/a/b", "", ""));
        assert_eq!(parts("host:5000/a/b:1@sha256:0"), ("host:5000/a/b", "1", "sha256:0"));
        assert_eq!(parts("a@sha256:0"), ("a", "", "sha256:0"));
    }

    #[test]
    fn repositories_lose_registry_tag_and_digest() {
        let repository = |image| ImageName::read(image).repository();
        assert_eq!(repository("docker.io/bitnami/kafka:3.9"), "bitnami/kafka");
        assert_eq!(repository("localhost:5000/a/b@sha256:00"), "a/b");
        assert_eq!(repository("postgres:15-alpine"), "postgres");
        assert_eq!(repository("postgres"), "postgres");
    }

    #[test]
    fn a_digest_does_not_hide_the_release() {
        let image = ImageName::read("quay.io/strimzi/operator:0.45.1@sha256:00");
        assert_eq!((image.release(), image.name()), (Some(Version::new(0, 45, 1)), "operator"));
        assert_eq!(ImageName::read("localhost:5000/operator").release(), None);
    }
}
