//! `GET /api/formats` and `GET /api/openapi.json`: what there is.

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use super::Shares;
use super::convert::json;
use super::problem::Problem;
use crate::request::Known;

/// The description of the interface, by hand; the tests ask the running server whether it is true.
pub(super) const OPENAPI: &str = include_str!("openapi.json");

#[derive(Serialize)]
struct Formats {
    #[serde(flatten)]
    known: Known,
    /// Bytes that a request may have.
    largest: usize,
    /// True if the server lists sources of a folder.
    sources: bool,
}

/// `GET /api/formats`.
pub(super) async fn formats(State(shared): State<Shares>) -> Result<Response, Problem> {
    json(&Formats {
        known: Known::of(&shared.registry),
        largest: shared.settings.limits.body,
        sources: shared.shelf.is_some(),
    })
}

/// `GET /api/openapi.json`.
pub(super) async fn openapi() -> Response {
    ([(header::CONTENT_TYPE, "application/json")], OPENAPI).into_response()
}
