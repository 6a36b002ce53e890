//! `GET /api/formats` and `GET /api/openapi.json`: what there is.

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use super::Shares;
use super::convert::json;
use super::problem::Problem;
use crate::read::transcript::Profile;
use crate::registry::Offer;

/// The description of the interface, by hand; the tests ask the running server whether it is true.
pub(super) const OPENAPI: &str = include_str!("openapi.json");

#[derive(Serialize)]
struct Named {
    name: String,
    summary: String,
}

#[derive(Serialize)]
struct Formats {
    program: &'static str,
    version: &'static str,
    formats: Vec<Offer>,
    passes: Vec<Named>,
    profiles: Vec<Named>,
    /// Bytes that a request may have.
    largest: usize,
    /// True if the server lists sources of a folder.
    sources: bool,
}

/// `GET /api/formats`.
pub(super) async fn formats(State(shared): State<Shares>) -> Result<Response, Problem> {
    let registry = &shared.registry;
    let passes =
        registry.passes().map(|pass| Named { name: pass.name().to_owned(), summary: pass.summary().to_owned() });
    let profiles = Profile::builtin().map(|profile| Named { name: profile.name, summary: profile.about });
    json(&Formats {
        program: env!("CARGO_PKG_NAME"),
        version: env!("CARGO_PKG_VERSION"),
        formats: registry.formats(),
        passes: passes.collect(),
        profiles: profiles.collect(),
        largest: shared.settings.limits.body,
        sources: shared.shelf.is_some(),
    })
}

/// `GET /api/openapi.json`.
pub(super) async fn openapi() -> Response {
    ([(header::CONTENT_TYPE, "application/json")], OPENAPI).into_response()
}
