//! `anyURI` (XML Schema, Part 2, §3.2.17): what becomes a reference of RFC 2396, as amended by RFC 2732, once the
//! characters that no URI can hold – spaces, quotes, letters beyond ASCII – are escaped.

use std::net::Ipv6Addr;

/// True for a reference, with or without scheme, that a processor could follow.
pub(super) fn is_uri(text: &str) -> bool {
    let (body, fragment) = match text.split_once('#') {
        Some((body, fragment)) => (body, Some(fragment)),
        None => (text, None),
    };
    if !is_escaped(text) || fragment.is_some_and(|fragment| fragment.contains('#')) {
        return false;
    }
    match body.find([':', '/', '?']) {
        Some(at) if body[at..].starts_with(':') => {
            let rest = &body[at + 1..];
            is_scheme(&body[..at])
                && if rest.starts_with('/') { is_hierarchy(rest, fragment) } else { !rest.is_empty() }
        }
        _ => is_hierarchy(body, fragment),
    }
}

/// Every `%` begins an escape.
fn is_escaped(text: &str) -> bool {
    text.match_indices('%').all(|(at, _)| {
        let digits = text.as_bytes().get(at + 1..at + 3);
        digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
    })
}

fn is_scheme(scheme: &str) -> bool {
    let legal = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.');
    scheme.starts_with(|first: char| first.is_ascii_alphabetic()) && scheme.bytes().all(legal)
}

/// `//authority/path?query`, the authority or all of it left out. Brackets may only stand in a query and around the
/// address of a host.
fn is_hierarchy(text: &str, fragment: Option<&str>) -> bool {
    let (text, query) = text.split_once('?').map_or((text, None), |(text, query)| (text, Some(query)));
    let path = match text.strip_prefix("//") {
        Some(rest) => {
            let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
            if authority.is_empty() && path.is_empty() && query.is_none() && fragment.is_none() {
                return false;
            }
            if !is_authority(authority) {
                return false;
            }
            path
        }
        None => text,
    };
    !path.contains(['[', ']'])
}

/// A name, or `user@[address]:port`.
fn is_authority(text: &str) -> bool {
    if !text.contains(['[', ']']) {
        return true;
    }
    let host = text.split_once('@').map_or(text, |(_, host)| host);
    let Some((address, port)) = host.strip_prefix('[').and_then(|rest| rest.split_once(']')) else { return false };
    let address = address.split_once('%').map_or(address, |(address, _)| address);
    let port = port.strip_prefix(':').unwrap_or(port);
    address.parse::<Ipv6Addr>().is_ok() && port.bytes().all(|byte| byte.is_ascii_digit())
}
