//! `--watch`: after a first run, whatever changes is converted.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use notify::{EventKind, RecursiveMode, Watcher};

use super::{Arguments, Destination, Ending, Misuse, Session, show};
use crate::batch::plan::is_standard;
use crate::batch::state::FOLDER;
use crate::registry::Registry;

/// How long nothing must change until what has changed is converted: editors write a file in several steps.
const QUIET: Duration = Duration::from_millis(200);

/// Converts, and converts again what changes, until the program is ended.
pub(super) fn run(registry: &Registry, arguments: &Arguments) -> Result<Ending, Misuse> {
    let (sender, events) = channel();
    let refused = |cause: notify::Error| Misuse::new(format!("what changes can't be watched: {cause}"));
    let mut watcher = notify::recommended_watcher(sender).map_err(refused)?;
    for input in &arguments.inputs {
        if is_standard(input) {
            return Err(Misuse::new("standard input can't be watched").hint("name files or folders"));
        }
        let mode = if input.is_dir() { RecursiveMode::Recursive } else { RecursiveMode::NonRecursive };
        watcher.watch(folder(input), mode).map_err(refused)?;
    }
    let inside = |path: &Path| arguments.inputs.iter().any(|input| input.is_dir() && below(path, input));
    for file in arguments.files().into_iter().filter(|file| !inside(file)) {
        watcher.watch(folder(file), RecursiveMode::NonRecursive).map_err(refused)?;
    }
    // What is wrong from the start is told and ends the program; later an editor may be half-way through.
    let mut settled = arguments.formats(registry.clone())?;
    let mut first = true;
    loop {
        let session = Session::new(&settled.0, arguments, &settled.1)?;
        if until_settings(&session, &events, first)?.is_none() {
            return Ok(Ending::Good);
        }
        first = false;
        settled = loop {
            match arguments.formats(registry.clone()) {
                Ok(settled) => break settled,
                Err(misuse) => show::misuse(&misuse),
            }
            if changed(&events, None).is_none() {
                return Ok(Ending::Good);
            }
        };
    }
}

/// The folder that is to be watched: an editor may put a new file in the place of the old.
fn folder(path: &Path) -> &Path {
    let folder = if path.is_dir() { path } else { path.parent().unwrap_or(Path::new("")) };
    if folder.as_os_str().is_empty() { Path::new(".") } else { folder }
}

fn below(path: &Path, folder: &Path) -> bool {
    path.canonicalize().ok().zip(folder.canonicalize().ok()).is_some_and(|(path, folder)| path.starts_with(folder))
}

/// Converts, and what changes again, until a file changes that an option names; none when nobody watches any more.
fn until_settings(
    session: &Session<'_>,
    events: &Receiver<notify::Result<notify::Event>>,
    first: bool,
) -> Result<Option<()>, Misuse> {
    let settings: HashSet<PathBuf> =
        session.arguments.files().into_iter().filter_map(|it| it.canonicalize().ok()).collect();
    let out = match &session.plan.destination {
        Destination::Folder(folder) => folder.canonicalize().ok(),
        Destination::Beside | Destination::File(_) | Destination::Standard => None,
    };
    match session.run(None) {
        Err(misuse) if first => return Err(misuse),
        Err(misuse) => show::misuse(&misuse),
        Ok(_) => {}
    }
    let inside = session.plan.inputs.iter().any(|input| input.canonicalize().ok() == out);
    let out = out.filter(|_| !inside);
    loop {
        show::line("watching for changes; Ctrl-C ends");
        let Some(changed) = changed(events, out.as_deref()) else { return Ok(None) };
        if !changed.is_disjoint(&settings) {
            return Ok(Some(()));
        }
        // Inputs of their own are done for themselves. Whatever else has changed may concern any of them.
        let survey = session.plan.survey();
        let inputs = changed.iter().all(|path| path.is_file() && survey.is_input(path));
        match session.run(inputs.then_some(&changed)) {
            Ok(_) => {}
            // All inputs may be gone for a while.
            Err(misuse) => show::misuse(&misuse),
        }
    }
}

/// Waits for changes and then until there are no more of them; none when nobody watches any more.
fn changed(events: &Receiver<notify::Result<notify::Event>>, out: Option<&Path>) -> Option<HashSet<PathBuf>> {
    let mut changed = HashSet::new();
    loop {
        let next = if changed.is_empty() {
            events.recv().map_err(|_| RecvTimeoutError::Disconnected)
        } else {
            events.recv_timeout(QUIET)
        };
        match next {
            // What can't be watched has perhaps changed.
            Ok(Err(_)) => drop(changed.insert(PathBuf::new())),
            Ok(Ok(event)) if matches!(event.kind, EventKind::Access(_)) => {}
            Ok(Ok(event)) => changed.extend(event.paths.into_iter().filter_map(|path| concerned(&path, out))),
            Err(RecvTimeoutError::Timeout) => return Some(changed),
            Err(RecvTimeoutError::Disconnected) => return None,
        }
    }
}

/// A path that changed, without links, unless it is our own work.
fn concerned(path: &Path, out: Option<&Path>) -> Option<PathBuf> {
    let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let ours = out.is_some_and(|out| path.starts_with(out))
        || path.components().any(|part| part.as_os_str() == FOLDER)
        || path.extension().is_some_and(|extension| extension == "part");
    // A folder tells that something in it changed, which is told as well.
    (!ours && !path.is_dir()).then_some(path)
}
