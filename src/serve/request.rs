//! What a request asks for: files and options, sent as a form (`multipart/form-data`) or as a raw body with the options
//! in the query.

use axum::body::Bytes;
use axum::extract::multipart::{Multipart, MultipartError, MultipartRejection};
use axum::extract::{FromRequest, Request as Received};
use axum::http::{StatusCode, header};

use tokio::sync::OwnedSemaphorePermit;

use super::Shared;
use super::problem::Problem;
use crate::request::{Request, Upload};

/// A file that was sent.
#[derive(Debug)]
pub(super) struct Sent {
    /// Its name, with the folders that a browser tells.
    pub name: String,
    /// What it holds.
    pub bytes: Bytes,
}

/// What was sent.
#[derive(Debug, Default)]
pub(super) struct Asked {
    /// The files, in their order.
    pub files: Vec<Sent>,
    /// The options by name, in their order.
    pub options: Vec<(String, String)>,
    /// Until it is dropped the request counts as one of those that are held.
    within: Option<OwnedSemaphorePermit>,
}

impl Asked {
    /// Reads a request.
    ///
    /// # Errors
    /// 400 for an option that is none of `known` or a form that is broken, 408, 413.
    pub(super) async fn read(shared: &Shared, request: Received, known: &[&str]) -> Result<Self, Problem> {
        let desk = &shared.desk;
        let within = desk.enter().await?;
        let received = tokio::time::timeout(desk.receive(), Self::receive(shared, request)).await;
        let mut asked = received.map_err(|_| Problem::too_slow(desk.receive().as_secs()))??;
        asked.within = Some(within);
        if let Some((name, _)) = asked.options.iter().find(|(name, _)| !known.contains(&name.as_str())) {
            return Err(Problem::bad_request(format!("there is no option `{name}`; there are: {}", known.join(", "))));
        }
        if asked.files.is_empty() {
            return Err(Problem::bad_request("no file was sent: a form names it `file`, a raw body is it"));
        }
        Ok(asked)
    }

    async fn receive(shared: &Shared, request: Received) -> Result<Self, Problem> {
        let limit = shared.desk.limits().body;
        let mut asked = Self { options: query(request.uri().query())?, ..Self::default() };
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        let unsaid = kind.is_none();
        let kind = kind.unwrap_or_default().to_ascii_lowercase();
        if kind.starts_with("multipart/") {
            let form = Multipart::from_request(request, &()).await;
            return asked.fields(form, shared).await;
        }
        let bytes = Bytes::from_request(request, &()).await.map_err(|refused| match refused.status() {
            StatusCode::PAYLOAD_TOO_LARGE => Problem::too_large(limit),
            _ => Problem::bad_request(refused.body_text()),
        })?;
        // An empty file has at least a kind.
        if bytes.is_empty() && unsaid {
            return Ok(asked);
        }
        let name = asked.take("name").unwrap_or_else(|| "document".to_owned());
        asked.files.push(Sent { name: own_name(&name), bytes });
        Ok(asked)
    }

    async fn fields(mut self, form: Result<Multipart, MultipartRejection>, shared: &Shared) -> Result<Self, Problem> {
        let limits = shared.desk.limits();
        let broken = |refused: &MultipartError| match refused.status() {
            StatusCode::PAYLOAD_TOO_LARGE => Problem::too_large(limits.body),
            _ => Problem::bad_request(format!("the form is broken: {}", refused.body_text())),
        };
        let mut form = form.map_err(|refused| Problem::bad_request(refused.body_text()))?;
        while let Some(field) = form.next_field().await.map_err(|refused| broken(&refused))? {
            let name = field.name().unwrap_or_default().to_owned();
            if name == "file" {
                let named = field.file_name().map(own_name);
                let file = named.ok_or_else(|| Problem::bad_request("a file of a form has a `filename`"))?;
                let bytes = field.bytes().await.map_err(|refused| broken(&refused))?;
                self.files.push(Sent { name: file, bytes });
            } else {
                let value = field.text().await.map_err(|refused| broken(&refused))?;
                self.options.push((name, value));
            }
            if self.files.len() > limits.files || self.options.len() > limits.files {
                return Err(Problem::bad_request(format!("more than {} files or options", limits.files)));
            }
        }
        Ok(self)
    }

    /// The same, for the library.
    pub(super) fn request(&self) -> Request<'_> {
        let files = self.files.iter().map(|file| Upload { name: &file.name, bytes: &file.bytes });
        Request { files: files.collect(), options: &self.options }
    }

    fn take(&mut self, name: &str) -> Option<String> {
        let at = self.options.iter().position(|(known, _)| known == name)?;
        Some(self.options.remove(at).1)
    }
}

/// The pairs of a query, decoded.
pub(super) fn query(query: Option<&str>) -> Result<Vec<(String, String)>, Problem> {
    let uri = axum::http::Uri::builder().path_and_query(format!("/?{}", query.unwrap_or_default())).build();
    let uri = uri.map_err(|_| Problem::bad_request("the query can't be read"))?;
    axum::extract::Query::<Vec<(String, String)>>::try_from_uri(&uri)
        .map(|axum::extract::Query(pairs)| pairs)
        .map_err(|refused| Problem::bad_request(refused.body_text()))
}

/// A file's name with its folders, without anything that leads elsewhere, and short enough for any file system.
fn own_name(name: &str) -> String {
    let parts = name.split(['/', '\\']).filter(|part| !matches!(*part, "" | "." | ".."));
    let clean: String = parts.collect::<Vec<_>>().join("/").chars().filter(|c| !c.is_control()).take(500).collect();
    if clean.is_empty() { "document".to_owned() } else { clean }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_leads_nowhere_else() {
        assert_eq!(own_name("../../etc/passwd"), "etc/passwd");
        assert_eq!(own_name("C:\\letters\\a.txt"), "C:/letters/a.txt");
        assert_eq!(own_name("\u{0}/.."), "document");
        assert_eq!(own_name("1931/a b.txt"), "1931/a b.txt");
    }

    #[test]
    fn queries_are_pairs() {
        let pairs = query(Some("to=tei%2Cepub&name=a+b.txt")).unwrap();
        assert_eq!(pairs, [("to".to_owned(), "tei,epub".to_owned()), ("name".to_owned(), "a b.txt".to_owned())]);
        assert!(query(None).unwrap().is_empty());
    }
}
