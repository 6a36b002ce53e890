//! Errors as `application/problem+json` (RFC 9457), with what was noticed.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::batch::finding::{Finding, Places};
use crate::failure::Failure;
use crate::request::Refusal;

/// Why a request was not done.
#[derive(Debug, Serialize)]
pub(super) struct Problem {
    #[serde(rename = "type")]
    kind: &'static str,
    title: &'static str,
    status: u16,
    detail: String,
    /// What was noticed, each with its place.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    diagnostics: Vec<Finding>,
    /// After how many seconds another try may go better.
    #[serde(skip)]
    retry_after: Option<u64>,
}

impl Problem {
    fn new(status: StatusCode, kind: &'static str, title: &'static str, detail: impl Into<String>) -> Self {
        let status = status.as_u16();
        Self { kind, title, status, detail: detail.into(), diagnostics: Vec::new(), retry_after: None }
    }

    /// 400.
    pub(super) fn bad_request(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "urn:apograph:problem:request", "the request makes no sense", detail)
    }

    /// 401.
    pub(super) fn unauthorized() -> Self {
        let detail = "send the token that the server printed as `Authorization: Bearer TOKEN`";
        Self::new(StatusCode::UNAUTHORIZED, "urn:apograph:problem:token", "a token is needed", detail)
    }

    /// 403.
    pub(super) fn forbidden(detail: impl Into<String>) -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "urn:apograph:problem:cross-site",
            "requests of other sites are refused",
            detail,
        )
    }

    /// 404.
    pub(super) fn not_found(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, "urn:apograph:problem:not-found", "not found", detail)
    }

    /// 405.
    pub(super) fn method_not_allowed() -> Self {
        let detail = "the header `Allow` names the methods of this path";
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "urn:apograph:problem:method", "no such method here", detail)
    }

    /// 408.
    pub(super) fn too_slow(seconds: u64) -> Self {
        let detail = format!("the body did not arrive within {seconds} seconds");
        Self::new(StatusCode::REQUEST_TIMEOUT, "urn:apograph:problem:slow", "the request came too slowly", detail)
    }

    /// 413.
    pub(super) fn too_large(limit: usize) -> Self {
        let detail = format!("a request may have {} MiB; `apograph serve --max-body` raises the limit", limit >> 20);
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "urn:apograph:problem:size", "the request is too large", detail)
    }

    /// 422: a document that can't be read, or an output that is not what was asked for.
    pub(super) fn document(detail: impl Into<String>, diagnostics: Vec<Finding>) -> Self {
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        let plain = Self::new(status, "urn:apograph:problem:document", "the document can't be converted", detail);
        Self { diagnostics, ..plain }
    }

    /// 422, of a failure.
    pub(super) fn failure(name: &str, failure: &Failure, places: &Places) -> Self {
        Self::document(format!("{name}: {failure}"), vec![Finding::failure(failure, places)])
    }

    /// 500: a fault of this program.
    pub(super) fn bug(detail: impl Into<String>) -> Self {
        let status = StatusCode::INTERNAL_SERVER_ERROR;
        Self::new(status, "urn:apograph:problem:bug", "this program has a fault", detail)
    }

    /// 503.
    pub(super) fn busy(seconds: u64) -> Self {
        let detail = "as much is being worked on as this server may; try again";
        let plain =
            Self::new(StatusCode::SERVICE_UNAVAILABLE, "urn:apograph:problem:busy", "the server is busy", detail);
        Self { retry_after: Some(seconds), ..plain }
    }

    /// 504.
    pub(super) fn too_long(seconds: u64) -> Self {
        let detail =
            format!("the work was not done after {seconds} seconds; `apograph serve --timeout` raises the limit");
        Self::new(StatusCode::GATEWAY_TIMEOUT, "urn:apograph:problem:time", "the work takes too long", detail)
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Request(detail) => Self::bad_request(detail),
            Refusal::Document { detail, diagnostics } => Self::document(detail, diagnostics),
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        // A problem holds strings and numbers only; serde_json can't refuse it.
        let body = serde_json::to_vec(&self).unwrap_or_default();
        let mut response = (status, [(header::CONTENT_TYPE, "application/problem+json")], body).into_response();
        let headers = response.headers_mut();
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}
