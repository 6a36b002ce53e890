//! The folder whose sources the page lists, and beside whose sources it writes decisions. Nothing outside it is ever
//! opened, and nothing but files of decisions is ever written.

use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

use axum::body::Bytes;
use axum::extract::FromRequest as _;
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use super::Shares;
use super::convert::json;
use super::problem::Problem;
use super::request::query;
use crate::batch::store::Store;
use crate::decisions::{Decisions, path_for};

/// How many sources are listed.
const LISTED: usize = 5000;

/// A folder of sources.
pub(super) struct Shelf {
    /// Without links, from the file system's root.
    root: PathBuf,
}

#[derive(Serialize)]
struct Source {
    path: String,
    bytes: u64,
    /// True if there are decisions about it.
    decided: bool,
}

#[derive(Serialize)]
struct Sources {
    folder: String,
    sources: Vec<Source>,
    /// True if there are more than are listed.
    more: bool,
}

impl Shelf {
    pub(super) fn open(folder: &Path) -> io::Result<Self> {
        let root = folder.canonicalize()?;
        if !root.is_dir() {
            return Err(io::Error::new(io::ErrorKind::NotADirectory, format!("{} is no folder", folder.display())));
        }
        Ok(Self { root })
    }

    /// The file that a relative path names, if it lies in the folder when all links are followed.
    fn find(&self, path: &str) -> Option<PathBuf> {
        let relative = Path::new(path);
        let plain = relative.components().all(|part| match part {
            Component::Normal(name) => !name.to_string_lossy().starts_with('.'),
            _ => false,
        });
        if path.is_empty() || path.contains(['\\', '\0']) || !plain {
            return None;
        }
        let found = self.root.join(relative).canonicalize().ok()?;
        (found.starts_with(&self.root) && found.is_file()).then_some(found)
    }

    /// Files that some reader takes by their extension, hidden ones and links aside.
    fn list(&self, extensions: &[&str]) -> Sources {
        let walk = ignore::WalkBuilder::new(&self.root)
            .standard_filters(false)
            .hidden(true)
            .follow_links(false)
            .sort_by_file_path(Path::cmp)
            .build();
        let mut sources = Vec::new();
        let mut more = false;
        for entry in walk.flatten().filter(|entry| entry.file_type().is_some_and(|kind| kind.is_file())) {
            let path = entry.path();
            let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
            let is_source = extensions.iter().any(|known| known.eq_ignore_ascii_case(extension));
            let Some(below) = path.strip_prefix(&self.root).ok().and_then(Path::to_str).filter(|_| is_source) else {
                continue;
            };
            more = sources.len() >= LISTED;
            if more {
                break;
            }
            let bytes = entry.metadata().map_or(0, |data| data.len());
            sources.push(Source { path: below.replace('\\', "/"), bytes, decided: path_for(path).is_file() });
        }
        let folder = self.root.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        Sources { folder, sources, more }
    }
}

fn none() -> Problem {
    Problem::not_found("the server was started without a folder: `apograph serve FOLDER`")
}

/// The source that a request's query names.
fn named(shared: &super::Shared, request: &Request) -> Result<PathBuf, Problem> {
    let shelf = shared.shelf.as_ref().ok_or_else(none)?;
    let pairs = query(request.uri().query())?;
    let path = match pairs.as_slice() {
        [(name, path)] if name == "path" => path,
        _ => return Err(Problem::bad_request("the query is `path=…`, and nothing else")),
    };
    shelf.find(path).ok_or_else(|| Problem::not_found(format!("there is no source `{path}` in the folder")))
}

/// `GET /api/sources`.
pub(super) async fn sources(State(shared): State<Shares>) -> Result<Response, Problem> {
    let work = Shares::clone(&shared);
    let listed = shared.desk.work(move || {
        let shelf = work.shelf.as_ref().ok_or_else(none)?;
        let mut extensions: Vec<&str> =
            work.registry.readers().flat_map(|reader| reader.format().extensions.iter().copied()).collect();
        extensions.dedup();
        Ok(shelf.list(&extensions))
    });
    json(&listed.await?)
}

/// `GET /api/source?path=…`.
pub(super) async fn source(State(shared): State<Shares>, request: Request) -> Result<Response, Problem> {
    let path = named(&shared, &request)?;
    let limit = shared.settings.limits.body;
    let bytes = shared.desk.work(move || {
        let large = fs::metadata(&path).is_ok_and(|data| data.len() > limit as u64);
        if large {
            return Err(Problem::too_large(limit));
        }
        fs::read(&path).map_err(|cause| Problem::not_found(cause.to_string()))
    });
    Ok(([(header::CONTENT_TYPE, "application/octet-stream")], bytes.await?).into_response())
}

/// `GET /api/decisions?path=…`: the file of decisions beside a source, as it is; 204 if there is none.
pub(super) async fn decisions(State(shared): State<Shares>, request: Request) -> Result<Response, Problem> {
    let source = named(&shared, &request)?;
    let text = shared.desk.work(move || match beside(&source)? {
        path if path.is_file() => match fs::read_to_string(&path) {
            Ok(text) => Ok(Some(text)),
            Err(cause) => Err(Problem::not_found(cause.to_string())),
        },
        _ => Ok(None),
    });
    Ok(match text.await? {
        Some(text) => ([(header::CONTENT_TYPE, "application/toml")], text).into_response(),
        None => StatusCode::NO_CONTENT.into_response(),
    })
}

/// `PUT /api/decisions?path=…`: writes the file of decisions beside a source; removes it if nothing is decided.
pub(super) async fn decide(State(shared): State<Shares>, request: Request) -> Result<Response, Problem> {
    let source = named(&shared, &request)?;
    let limit = shared.settings.limits.body;
    let _within = shared.desk.enter().await?;
    let received = tokio::time::timeout(shared.desk.receive(), Bytes::from_request(request, &())).await;
    let bytes = received.map_err(|_| Problem::too_slow(shared.desk.receive().as_secs()))?;
    let bytes = bytes.map_err(|refused| match refused.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Problem::too_large(limit),
        _ => Problem::bad_request(refused.body_text()),
    })?;
    let written = shared.desk.work(move || {
        let text = std::str::from_utf8(&bytes).map_err(|_| unreadable("they are not UTF-8"))?;
        let mut decisions = Decisions::parse(text).map_err(|fault| unreadable(&fault.to_string()))?;
        let path = beside(&source)?;
        decisions.source = source.file_name().map(|name| name.to_string_lossy().into_owned());
        let done = match decisions.is_empty() {
            true if !path.exists() => Ok(()),
            true => fs::remove_file(&path).map_err(|cause| cause.to_string()),
            false => Store::default().put(&path, decisions.to_toml().as_bytes()).map_err(|cause| cause.to_string()),
        };
        done.map_err(|cause| Problem::document(format!("the decisions can't be written: {cause}"), Vec::new()))
    });
    written.await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

fn unreadable(fault: &str) -> Problem {
    Problem::document(format!("the decisions can't be read: {fault}"), Vec::new())
}

/// The file of decisions beside a source. One that is a link might lead out of the folder and is not touched.
fn beside(source: &Path) -> Result<PathBuf, Problem> {
    let path = path_for(source);
    match fs::symlink_metadata(&path) {
        Ok(data) if !data.is_file() => Err(Problem::document("the file of decisions is no ordinary file", Vec::new())),
        _ => Ok(path),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_outside_the_folder_is_found() {
        let outer = tempfile::tempdir().unwrap();
        let root = outer.path().join("in");
        fs::create_dir_all(root.join("sub")).unwrap();
        fs::write(outer.path().join("secret.txt"), "no").unwrap();
        fs::write(root.join("sub/a.txt"), "yes").unwrap();
        fs::write(root.join(".hidden.txt"), "no").unwrap();
        let shelf = Shelf::open(&root).unwrap();
        assert!(shelf.find("sub/a.txt").is_some());
        for path in
            ["../secret.txt", "sub/../../secret.txt", "/etc/passwd", "", "sub", ".hidden.txt", "sub/b.txt", "a\0"]
        {
            assert_eq!(shelf.find(path), None, "{path}");
        }
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink(outer.path().join("secret.txt"), root.join("link.txt")).unwrap();
            std::os::unix::fs::symlink(outer.path(), root.join("up")).unwrap();
            std::os::unix::fs::symlink(outer.path().join("secret.txt"), root.join("sub/a.decisions.toml")).unwrap();
            assert_eq!(shelf.find("link.txt"), None);
            assert_eq!(shelf.find("up/secret.txt"), None);
            assert!(beside(&root.join("sub/a.txt")).is_err(), "a link is not written through");
            let listed: Vec<_> = shelf.list(&["txt"]).sources.into_iter().map(|source| source.path).collect();
            assert_eq!(listed, ["sub/a.txt"]);
        }
    }
}
