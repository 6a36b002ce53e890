//! Who may ask: this machine, under its own names, from its own page; others with the token. And what every answer
//! says to browsers.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::problem::Problem;
use super::{Settings, Shares};

/// The page runs only scripts and styles of its own. The pages of books, which it makes itself, come from memory
/// (`blob:`), without any script.
const POLICY: &str = "default-src 'self'; script-src 'self'; style-src 'self' blob:; img-src 'self' blob: data:; \
    font-src 'self' blob:; media-src 'self' blob:; frame-src blob:; connect-src 'self'; object-src 'none'; \
    base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

const HEADERS: [(HeaderName, HeaderValue); 7] = [
    (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY)),
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (header::X_FRAME_OPTIONS, HeaderValue::from_static("SAMEORIGIN")),
    (HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin")),
    (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin")),
    (
        HeaderName::from_static("permissions-policy"),
        HeaderValue::from_static("camera=(), microphone=(), geolocation=(), payment=(), usb=()"),
    ),
];

/// Lets through what may ask, and adds to each answer what browsers must know.
pub(super) async fn guard(State(shared): State<Shares>, request: Request, next: Next) -> Response {
    let is_api = request.uri().path().starts_with("/api/");
    let refused = check(&shared.settings, request.headers(), request.uri().authority().map(|it| it.as_str()), is_api);
    let mut response = match refused {
        Err(problem) => problem.into_response(),
        Ok(()) => next.run(request).await,
    };
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.insert(name, value);
    }
    let cached = if is_api { "no-store" } else { "no-cache" };
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static(cached));
    response
}

fn check(settings: &Settings, headers: &HeaderMap, authority: Option<&str>, is_api: bool) -> Result<(), Problem> {
    let text = |name: &HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or("\u{FFFD}"));
    let host = authority.or_else(|| text(&header::HOST)).unwrap_or_default();
    // A name that leads here by another's DNS is not ours (DNS rebinding). Where a token is needed it proves enough.
    if settings.token.is_none() && !is_own(host, &settings.hosts) {
        return Err(Problem::forbidden(format!("this server is not called `{host}`; `--host NAME` allows a name")));
    }
    if !is_api {
        return Ok(());
    }
    if let Some(site) =
        text(&HeaderName::from_static("sec-fetch-site")).filter(|site| !matches!(*site, "same-origin" | "none"))
    {
        return Err(Problem::forbidden(format!("the request comes from another site ({site})")));
    }
    if let Some(origin) = text(&header::ORIGIN)
        && origin.split_once("://").is_none_or(|(_, from)| !from.eq_ignore_ascii_case(host))
    {
        return Err(Problem::forbidden(format!("the request comes from another site ({origin})")));
    }
    match &settings.token {
        Some(token) if !presents(text(&header::AUTHORIZATION), token) => Err(Problem::unauthorized()),
        _ => Ok(()),
    }
}

/// True if a host is a name of this machine, for itself, or one that was allowed.
fn is_own(host: &str, allowed: &[String]) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    ["localhost", "127.0.0.1", "[::1]"].iter().any(|own| name.eq_ignore_ascii_case(own))
        || allowed.iter().any(|own| name.eq_ignore_ascii_case(own))
}

/// True if the token was sent. Hashes are compared in a time that tells nothing of where they part.
fn presents(authorization: Option<&str>, token: &str) -> bool {
    let Some((scheme, sent)) = authorization.and_then(|said| said.split_once(' ')) else { return false };
    scheme.eq_ignore_ascii_case("bearer") && blake3::hash(sent.trim().as_bytes()) == blake3::hash(token.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_this_machine_are_known_with_and_without_a_port() {
        for own in ["localhost", "LOCALHOST:8417", "127.0.0.1:1", "[::1]:80", "[::1]"] {
            assert!(is_own(own, &[]), "{own}");
        }
        for other in ["", "localhost.evil.example", "evil.example:8417", "127.0.0.1.evil.example", "10.0.0.1"] {
            assert!(!is_own(other, &[]), "{other}");
        }
        assert!(is_own("texts.example:80", &["texts.example".to_owned()]));
    }

    #[test]
    fn a_token_is_presented_whole() {
        assert!(presents(Some("Bearer abc"), "abc") && presents(Some("bearer abc"), "abc"));
        for wrong in [None, Some("abc"), Some("Bearer ab"), Some("Bearer abcd"), Some("Basic abc"), Some("Bearer ")] {
            assert!(!presents(wrong, "abc"), "{wrong:?}");
        }
    }
}
