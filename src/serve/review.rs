//! `POST /api/review`: one source in; out comes its text beside what was made of it, with everything on which an editor
//! can decide, and what was decided.

use axum::extract::{Request, State};
use axum::response::Response;

use super::Shares;
use super::convert::json;
use super::problem::Problem;
use super::request::Asked;
use crate::request::review;

/// The options that are understood.
const OPTIONS: &[&str] = &["decisions", "enrich", "from", "name", "profile"];

/// `POST /api/review`.
pub(super) async fn review(State(shared): State<Shares>, request: Request) -> Result<Response, Problem> {
    let asked = Asked::read(&shared, request, OPTIONS).await?;
    let work = Shares::clone(&shared);
    shared.desk.work(move || json(&review::review(&work.registry, &asked.request())?)).await
}
