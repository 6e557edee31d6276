//! Names as `apimachinery/pkg/util/validation` has them; an error says what is wrong, to be read behind the value.

/// What is wrong with a name.
pub(super) type Checked = Result<(), &'static str>;
/// A rule for names.
pub(super) type Rule = fn(&str) -> Checked;

fn is_plain(it: u8) -> bool {
    it.is_ascii_lowercase() || it.is_ascii_digit()
}

/// A label of DNS: at most 63 lower-case letters, digits and `-`, none at the ends.
pub(super) fn dns_label(text: &str) -> Checked {
    if text.len() > 63 {
        return Err("is longer than 63 characters");
    }
    plain(text, |it| is_plain(it) || it == b'-')
}

/// A subdomain of DNS: labels, parted by dots, of at most 253 characters together.
pub(super) fn dns_subdomain(text: &str) -> Checked {
    if text.len() > 253 {
        return Err("is longer than 253 characters");
    }
    plain(text, |it| is_plain(it) || it == b'-' || it == b'.')?;
    if text.split('.').any(|it| it.is_empty() || it.starts_with('-') || it.ends_with('-')) {
        return Err("has a dot beside another dot or a -");
    }
    Ok(())
}

/// The letters of a name, and those at its ends.
fn plain(text: &str, is_allowed: impl Fn(u8) -> bool) -> Checked {
    if text.bytes().any(|it| it.is_ascii_uppercase()) {
        return Err("has upper-case letters");
    }
    if text.contains('_') {
        return Err("has an underscore");
    }
    if text.contains('.') && !is_allowed(b'.') {
        return Err("has a dot");
    }
    if !text.bytes().all(&is_allowed) {
        return Err("has characters other than lower-case letters, digits and -");
    }
    let is_end = |it: Option<u8>| it.is_some_and(is_plain);
    if !is_end(text.bytes().next()) || !is_end(text.bytes().last()) {
        return Err("does not begin and end with a letter or digit");
    }
    Ok(())
}

/// The value of a label.
pub(super) fn label_value(text: &str) -> Checked {
    if text.len() > 63 {
        return Err("is longer than 63 characters");
    }
    if text.is_empty() { Ok(()) } else { qualified_part(text) }
}

fn qualified_part(text: &str) -> Checked {
    let is_end = |it: Option<u8>| it.is_some_and(|it| it.is_ascii_alphanumeric());
    if !text.bytes().all(|it| it.is_ascii_alphanumeric() || matches!(it, b'-' | b'_' | b'.')) {
        return Err("has characters other than letters, digits, -, _ and .");
    }
    if !is_end(text.bytes().next()) || !is_end(text.bytes().last()) {
        return Err("does not begin and end with a letter or digit");
    }
    Ok(())
}

/// The key of a label or annotation, a topology key: a name, with an optional prefix of DNS.
pub(super) fn qualified(text: &str) -> Checked {
    let name = match text.split_once('/') {
        Some((prefix, name)) => {
            if prefix.is_empty() || dns_subdomain(prefix).is_err() {
                return Err("has a prefix that is no DNS name");
            }
            name
        }
        None => text,
    };
    if name.contains('/') {
        return Err("has more than one /");
    }
    if name.is_empty() || name.len() > 63 {
        return Err("has a name that is empty or longer than 63 characters");
    }
    qualified_part(name)
}

/// The name of a container's port (IANA): at most 15 letters, digits and `-`, a letter among them.
pub(super) fn port_name(text: &str) -> Checked {
    if text.len() > 15 {
        return Err("is longer than 15 characters");
    }
    plain(text, |it| is_plain(it) || it == b'-')?;
    if text.contains("--") {
        return Err("has two - in a row");
    }
    if !text.bytes().any(|it| it.is_ascii_lowercase()) {
        return Err("has no letter");
    }
    Ok(())
}

/// A key of a ConfigMap or Secret.
pub(super) fn config_key(text: &str) -> Checked {
    if text.is_empty() || text.len() > 253 {
        return Err("is empty or longer than 253 characters");
    }
    if !text.bytes().all(|it| it.is_ascii_alphanumeric() || matches!(it, b'-' | b'_' | b'.')) {
        return Err("has characters other than letters, digits, -, _ and .");
    }
    if text == "." || text.starts_with("..") {
        return Err("is no name of a file");
    }
    Ok(())
}

/// A name that only has to stand in a path: of roles, of metrics.
pub(super) fn path_segment(text: &str) -> Checked {
    match text {
        "." | ".." => Err("is no name"),
        _ if text.contains(['/', '%']) => Err("has a / or %"),
        _ => Ok(()),
    }
}

/// The name of an environment variable, or a prefix of such names.
pub(super) fn variable(text: &str) -> Checked {
    if text.contains('=') {
        return Err("has a =");
    }
    if text.bytes().all(|it| (b' '..=b'~').contains(&it)) { Ok(()) } else { Err("has characters beyond ASCII") }
}

/// The name of a header of HTTP.
pub(super) fn header(text: &str) -> Checked {
    let is_plain = !text.is_empty() && text.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'-');
    if is_plain { Ok(()) } else { Err("has characters other than letters, digits and -") }
}

/// A host of an Ingress: a subdomain, whose first label can be `*`.
pub(super) fn host(text: &str) -> Checked {
    match text.strip_prefix("*.") {
        Some(rest) => dns_subdomain(rest),
        None if text.contains('*') => Err("has a * that is not a first label of its own"),
        None => dns_subdomain(text),
    }
}

/// A domain and a path, as in `example.org/controller`.
pub(super) fn domain_and_path(text: &str) -> Checked {
    let Some((domain, path)) = text.split_once('/') else {
        return Err("has no domain, as in example.org/name");
    };
    dns_subdomain(domain)?;
    let is_allowed = |it: u8| it.is_ascii_alphanumeric() || b"/-._~%!$&'()*+,;=:".contains(&it);
    if !path.is_empty() && path.bytes().all(is_allowed) { Ok(()) } else { Err("has a path with other characters") }
}

/// The name of a driver of volumes: a subdomain in any case.
pub(super) fn driver(text: &str) -> Checked {
    if text.len() > 63 {
        return Err("is longer than 63 characters");
    }
    dns_subdomain(&text.to_ascii_lowercase())
}

/// A qualified name in any case.
pub(super) fn qualified_in_any_case(text: &str) -> Checked {
    qualified(&text.to_ascii_lowercase())
}

/// A subdomain that can have underscores, and a dot at its end: where resolvers search.
pub(super) fn search_domain(text: &str) -> Checked {
    if text == "." {
        return Ok(());
    }
    let text = text.strip_suffix('.').unwrap_or(text);
    dns_subdomain(&text.replace('_', "0"))
}

/// A path below another one.
pub(super) fn path_below(text: &str) -> Checked {
    if text.starts_with('/') {
        return Err("is an absolute path");
    }
    no_steps_back(text)
}

/// A path without `..` among its parts.
pub(super) fn no_steps_back(text: &str) -> Checked {
    if text.split('/').any(|it| it == "..") { Err("has .. among its parts") } else { Ok(()) }
}

/// A path of a file in a volume.
pub(super) fn file_path(text: &str) -> Checked {
    path_below(text)?;
    if text.starts_with("..") { Err("begins with ..") } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_the_api_server() {
        for good in ["a", "orders-api", "0x", "a--b"] {
            assert_eq!(dns_label(good), Ok(()), "{good}");
        }
        for bad in ["orders_api", "Orders", "-a", "a-", "a.b", "a b", &"a".repeat(64)] {
            assert!(dns_label(bad).is_err(), "{bad}");
        }
        assert_eq!(dns_subdomain("orders.v1"), Ok(()));
        assert!(dns_subdomain("a..b").is_err() && dns_subdomain("a.-b").is_err());
        assert_eq!(label_value(""), Ok(()));
        assert_eq!(label_value("Team_Core.1"), Ok(()));
        assert!(
            label_value("team core").is_err() && label_value("-a").is_err() && label_value(&"a".repeat(64)).is_err()
        );
        assert_eq!(qualified("app.kubernetes.io/name"), Ok(()));
        assert_eq!(qualified("MyKey"), Ok(()));
        assert!(qualified("a/b/c").is_err() && qualified("/a").is_err() && qualified("A_B/c").is_err());
        assert_eq!(port_name("http-2"), Ok(()));
        assert!(port_name("http-remote-write-api").is_err() && port_name("HTTP").is_err() && port_name("80").is_err());
    }
}
