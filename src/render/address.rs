//! Where the project is on the web, and its pages with it.

use crate::rules;

/// The package's repository. None while it is still one of the addresses that lead nowhere (RFC 2606): a report with a
/// dead link is worse than one without.
pub(super) fn project() -> Option<&'static str> {
    known(env!("CARGO_PKG_REPOSITORY"))
}

/// The page of the rule with this id.
pub(super) fn of_rule(id: &str) -> Option<String> {
    project().and_then(|_| page(rules::find(id)?.component(), id))
}

/// A rule's page, in the version that is running.
pub(super) fn page(component: &str, id: &str) -> Option<String> {
    project().map(|it| page_at(it, component, id))
}

fn page_at(project: &str, component: &str, id: &str) -> String {
    // GitLab answers this form, too.
    format!("{project}/blob/v{}/rules/{component}/{id}.md", env!("CARGO_PKG_VERSION"))
}

fn known(address: &'static str) -> Option<&'static str> {
    let host = address.strip_prefix("https://")?.split('/').next()?;
    let leads_nowhere = host.ends_with(".example") || host.ends_with("example.org") || host.ends_with("example.com");
    (!leads_nowhere).then_some(address)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_that_lead_nowhere_are_not_told() {
        assert_eq!(known("https://repository.example/a/b"), None);
        assert_eq!(known(""), None);
        let address = "https://git.acme.io/ops/edms-lint";
        assert_eq!(known(address), Some(address));
        let page = page_at(address, "disruption", "pdb-missing");
        let (start, end) = page.split_once(env!("CARGO_PKG_VERSION")).expect("it has the version");
        assert_eq!((start, end), ("https://git.acme.io/ops/edms-lint/blob/v", "/rules/disruption/pdb-missing.md"));
    }
}
