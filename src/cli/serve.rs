//! `apograph serve`: the page for editors and the HTTP interface.

use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use super::{Ending, show};
use crate::batch::Misuse;
use crate::registry::Registry;
use crate::serve::{Limits, Settings, fresh_token};

pub(super) const LONG: &str = "\
Open a page for editors on this machine: convert, review what was inferred, decide.

The page converts files that are dropped on it, and shows a source beside what was made of it: each note marker, \
page break, date and reference, marked by how certain it is. What is doubtful is listed, worst first, and walked \
with the keyboard: accept, reject, move, mark as text. What you decide is kept in `letter.decisions.toml` beside \
`letter.txt`; every later conversion honours it, on the command line too. The source is never changed.

Nothing leaves the machine: the page is part of the program, and browsers let it ask no other server.";

const AFTER: &str = "\
Examples:
  apograph serve                       the page, for files that are dropped on it
  apograph serve archive/              the sources of a folder; decisions are kept beside them
  apograph serve --port 0              on any free port; the address is printed
  apograph serve --bind 0.0.0.0        for others too; they need the token that is printed
  ssh -L 8417:localhost:8417 HOST      better: reach a server on another machine through ssh

Without the page:
  curl --data-binary @cable.txt 'http://localhost:8417/api/convert?to=tei&as=file&name=cable.txt'
  curl -F file=@cable.txt -F to=tei,epub -F as=zip http://localhost:8417/api/convert -o cable.zip
  curl -F file=@cable.xml http://localhost:8417/api/validate

`GET /api/openapi.json` describes all of it. Ctrl-C ends the server when what runs is done; a second one at once.";

/// What `apograph serve` is told.
#[derive(Debug, Args)]
#[command(after_help = AFTER)]
pub(super) struct Arguments {
    /// A folder of sources, which the page lists; decisions are written beside them, and nothing else
    #[arg(value_name = "FOLDER")]
    root: Option<PathBuf>,
    /// The address at which to listen. With any but this machine's own, clients need a token
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1")]
    bind: IpAddr,
    /// The port; 0 for any that is free
    #[arg(long, value_name = "PORT", default_value_t = 8417)]
    port: u16,
    /// What clients must send as `Authorization: Bearer TOKEN`. Without it, where one is needed, one is made and printed
    #[arg(long, value_name = "TOKEN", env = "APOGRAPH_TOKEN", hide_env_values = true)]
    token: Option<String>,
    /// A further name under which browsers may ask for the server, behind a proxy; may be given several times
    #[arg(long, value_name = "NAME")]
    host: Vec<String>,
    /// The largest request, in MiB
    #[arg(long, value_name = "MIB", default_value_t = 64, value_parser = clap::value_parser!(u32).range(1..=2048))]
    max_body: u32,
    /// How many requests are worked on at once [default: one for each processor]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    jobs: Option<u16>,
    /// How many seconds the work on a request may take
    #[arg(long, value_name = "SECONDS", default_value_t = 120, value_parser = clap::value_parser!(u32).range(1..))]
    timeout: u32,
}

pub(super) fn run(registry: Registry, arguments: &Arguments) -> Result<Ending, Misuse> {
    let settings = settings(arguments)?;
    let (token, root) = (settings.token.clone(), settings.root.clone());
    let served = crate::serve::run(registry, settings, |address| {
        let key = token.as_deref().map(|token| format!("#token={token}")).unwrap_or_default();
        show::print(&format!("http://{address}/{key}"));
        if let Some(root) = &root {
            show::line(&format!(
                "sources of {}; decisions are written beside them",
                show::tame(&root.display().to_string())
            ));
        }
        show::line("Ctrl-C ends the server");
    });
    served.map_err(|cause| {
        let at = format!("{}:{}", arguments.bind, arguments.port);
        Misuse::new(format!("the server can't run at {at}: {cause}")).hint("`--port 0` takes any free port")
    })?;
    Ok(Ending::Good)
}

fn settings(arguments: &Arguments) -> Result<Settings, Misuse> {
    if arguments.token.as_deref().is_some_and(|token| token.len() < 16 || !token.bytes().all(|b| b.is_ascii_graphic()))
    {
        return Err(Misuse::new("the token is shorter than 16 characters, or has others than printable ASCII")
            .hint("leave `--token` out: one is made and printed"));
    }
    let token = match &arguments.token {
        None if !arguments.bind.is_loopback() => {
            Some(fresh_token().map_err(|cause| Misuse::new(format!("no token can be made: {cause}")))?)
        }
        given => given.clone(),
    };
    let root = arguments.root.clone();
    if let Some(root) = root.as_ref().filter(|root| !root.is_dir()) {
        return Err(Misuse::new(format!("`{}` is no folder", root.display())).hint("name the folder of your sources"));
    }
    let mut limits = Limits { body: (arguments.max_body as usize) << 20, ..Limits::default() };
    limits.work = Duration::from_secs(arguments.timeout.into());
    limits.jobs = arguments.jobs.map_or(limits.jobs, usize::from);
    let Arguments { bind, port, host, .. } = arguments;
    Ok(Settings { bind: *bind, port: *port, token, hosts: host.clone(), root, limits })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arguments(bind: &str, token: Option<&str>) -> Arguments {
        Arguments {
            root: None,
            bind: bind.parse().unwrap(),
            port: 0,
            token: token.map(str::to_owned),
            host: Vec::new(),
            max_body: 1,
            jobs: None,
            timeout: 1,
        }
    }

    #[test]
    fn whoever_is_not_on_this_machine_needs_a_token() {
        let token = |bind, given| settings(&arguments(bind, given)).map(|settings| settings.token);
        assert!(token("127.0.0.1", None).is_ok_and(|token| token.is_none()));
        assert!(token("::1", None).is_ok_and(|token| token.is_none()));
        let made: Vec<_> = (0..2).filter_map(|_| token("0.0.0.0", None).ok().flatten()).collect();
        assert!(made.len() == 2 && made[0] != made[1] && made[0].len() == 32);
        let own = "a-token-of-my-own";
        assert!(token("0.0.0.0", Some(own)).is_ok_and(|token| token.as_deref() == Some(own)));
        assert!(token("0.0.0.0", Some("short")).is_err());
    }
}
