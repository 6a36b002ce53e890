//! The page: its files are within the program.

use axum::Router;
use axum::http::header;
use axum::routing::get;

use super::Shares;

/// Path, media type, bytes.
const FILES: &[(&str, &str, &[u8])] = &[
    ("/", "text/html; charset=utf-8", include_bytes!("assets/index.html")),
    ("/style.css", "text/css; charset=utf-8", include_bytes!("assets/style.css")),
    ("/review.css", "text/css; charset=utf-8", include_bytes!("assets/review.css")),
    ("/icon.svg", "image/svg+xml", include_bytes!("assets/icon.svg")),
    ("/app.js", "text/javascript; charset=utf-8", include_bytes!("assets/app.js")),
    ("/api.js", "text/javascript; charset=utf-8", include_bytes!("assets/api.js")),
    ("/dom.js", "text/javascript; charset=utf-8", include_bytes!("assets/dom.js")),
    ("/convert.js", "text/javascript; charset=utf-8", include_bytes!("assets/convert.js")),
    ("/result.js", "text/javascript; charset=utf-8", include_bytes!("assets/result.js")),
    ("/code.js", "text/javascript; charset=utf-8", include_bytes!("assets/code.js")),
    ("/epub.js", "text/javascript; charset=utf-8", include_bytes!("assets/epub.js")),
    ("/zip.js", "text/javascript; charset=utf-8", include_bytes!("assets/zip.js")),
    ("/review.js", "text/javascript; charset=utf-8", include_bytes!("assets/review.js")),
    ("/panes.js", "text/javascript; charset=utf-8", include_bytes!("assets/panes.js")),
    ("/decisions.js", "text/javascript; charset=utf-8", include_bytes!("assets/decisions.js")),
];

/// The same paths, and the page's.
pub(super) fn route(router: Router<Shares>) -> Router<Shares> {
    FILES.iter().fold(router, |router, &(path, media_type, bytes)| {
        router.route(path, get(async move || ([(header::CONTENT_TYPE, media_type)], bytes)))
    })
}
