//! A page for editors and an HTTP interface over the same conversions as the command line's, on this machine alone:
//! `apograph serve`.
//!
//! ```text
//! request ─▶ guard (who may ask) ─▶ request (what was sent) ─▶ work (limits, panics) ─▶ convert, validate, review
//! ```
//!
//! Nothing here fetches anything: the page and all that it needs is within the program, and its content security
//! policy lets it ask no other server.

mod assets;
mod convert;
mod formats;
mod guard;
mod problem;
mod request;
mod review;
mod shelf;
mod validate;
mod work;

use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};

use crate::registry::Registry;
use problem::Problem;
use shelf::Shelf;
use work::Desk;

/// How the server is set up.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The address at which it listens.
    pub bind: IpAddr,
    /// The port; 0 for any that is free.
    pub port: u16,
    /// What clients must present as `Authorization: Bearer …`. Where others than this machine can reach the server,
    /// there must be one.
    pub token: Option<String>,
    /// The names under which the server may be asked for, besides those of this machine.
    pub hosts: Vec<String>,
    /// The folder whose sources are listed, and beside whose sources decisions are written.
    pub root: Option<PathBuf>,
    /// What is taken at most.
    pub limits: Limits,
}

/// What the server takes at most.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes of a request's body.
    pub body: usize,
    /// Files in a request.
    pub files: usize,
    /// Requests that are worked on at once.
    pub jobs: usize,
    /// How long a request waits for its turn before it is sent away.
    pub wait: Duration,
    /// How long a request's body may take to arrive.
    pub receive: Duration,
    /// How long the work on a request may take.
    pub work: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body: 64 << 20,
            files: 1000,
            jobs: std::thread::available_parallelism().map_or(2, usize::from),
            wait: Duration::from_secs(10),
            receive: Duration::from_secs(60),
            work: Duration::from_secs(120),
        }
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            bind: IpAddr::V4(Ipv4Addr::LOCALHOST),
            port: 8417,
            token: None,
            hosts: Vec::new(),
            root: None,
            limits: Limits::default(),
        }
    }
}

/// What all requests share.
pub(crate) struct Shared {
    registry: Registry,
    desk: Desk,
    shelf: Option<Shelf>,
    settings: Settings,
}

type Shares = Arc<Shared>;

/// Every path that is answered, behind its guard.
///
/// # Errors
/// What the system says if the folder of sources can't be opened.
pub fn app(registry: Registry, settings: Settings) -> io::Result<Router> {
    let shelf = settings.root.as_deref().map(Shelf::open).transpose()?;
    let desk = Desk::new(settings.limits);
    let body = settings.limits.body;
    let shared: Shares = Arc::new(Shared { registry, desk, shelf, settings });
    let api = Router::new()
        .route("/api/formats", get(formats::formats))
        .route("/api/openapi.json", get(formats::openapi))
        .route("/api/convert", post(convert::convert))
        .route("/api/validate", post(validate::validate))
        .route("/api/review", post(review::review))
        .route("/api/sources", get(shelf::sources))
        .route("/api/source", get(shelf::source))
        .route("/api/decisions", get(shelf::decisions).put(shelf::decide));
    Ok(assets::route(api)
        .fallback(async || Problem::not_found("there is nothing at this path"))
        .method_not_allowed_fallback(async || Problem::method_not_allowed())
        .layer(DefaultBodyLimit::max(body))
        .layer(axum::middleware::from_fn_with_state(Arc::clone(&shared), guard::guard))
        .with_state(shared))
}

/// Serves until the system asks for an end (SIGINT, SIGTERM), then finishes what runs. `ready` is told the address.
///
/// # Errors
/// What the system says if the address or the folder can't be had.
pub fn run(registry: Registry, settings: Settings, ready: impl FnOnce(SocketAddr)) -> io::Result<()> {
    let limits = settings.limits;
    let address = SocketAddr::new(settings.bind, settings.port);
    let app = app(registry, settings)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        // Documents nest, and dropping a tree recurses.
        .thread_stack_size(64 << 20)
        .enable_all()
        .build()?;
    let served = runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind(address).await?;
        ready(listener.local_addr()?);
        let (told, ended) = tokio::sync::watch::channel(false);
        let signal = async move {
            asked_to_end().await;
            let _ = told.send(true);
        };
        let server = axum::serve(listener, app).with_graceful_shutdown(signal);
        tokio::select! {
            served = server => served,
            // Whoever keeps a connection open without asking for anything does not keep the server.
            () = overdue(ended, limits) => Ok(()),
        }
    });
    runtime.shutdown_timeout(limits.work);
    served
}

/// Waits until the end was asked for and all that ran then must be done; or until it is asked for a second time.
async fn overdue(mut ended: tokio::sync::watch::Receiver<bool>, limits: Limits) {
    let _ = ended.wait_for(|ended| *ended).await;
    tokio::select! {
        () = tokio::time::sleep(limits.receive + limits.wait + limits.work) => {}
        () = asked_to_end() => {}
    }
}

/// Waits for SIGINT or SIGTERM.
async fn asked_to_end() {
    let interrupted = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let terminated = async {
            match signal(SignalKind::terminate()) {
                Ok(mut terminate) => drop(terminate.recv().await),
                Err(_) => std::future::pending().await,
            }
        };
        tokio::select! { () = interrupted => {}, () = terminated => {} }
    }
    #[cfg(not(unix))]
    interrupted.await;
}

/// A token that nobody can guess: 128 bits of the system's randomness, in hexadecimal.
///
/// # Errors
/// What the system says if it has none.
pub fn fresh_token() -> io::Result<String> {
    let mut bytes = [0_u8; 16];
    getrandom::fill(&mut bytes).map_err(io::Error::other)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}
