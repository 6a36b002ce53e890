//! Runs that are cut short: by a kill at any moment, by a full disk, by a folder that can't be written, by an input that
//! vanishes. What was done stays, nothing is half done, and the next run goes on from there.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::{apograph, files, folder, run, said, succeed, transcripts};

const CONVERT: [&str; 6] = ["convert", "in", "--to", "tei,markdown", "-o", "out"];

/// Kills so many runs, each after another while, then lets one run to its end and compares.
fn kill(times: u64, documents: usize, step: Duration) {
    let folder = folder();
    let path = folder.path();
    transcripts(&path.join("in"), documents);
    succeed(path, &["convert", "in", "--to", "tei,markdown", "-o", "whole"]);
    let whole = files(&path.join("whole"));
    let mut killed = 0;
    for time in 0..times {
        let mut child = apograph(path, &CONVERT).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        // Some order of moments that is the same each time: a multiplicative one over all of them.
        std::thread::sleep(step * ((time * 37) % times.max(1)) as u32);
        // A run that has ended already can't be killed.
        killed += u64::from(child.try_wait().unwrap().is_none());
        let _ = child.kill();
        child.wait().unwrap();
        // Whatever is there is whole.
        if path.join("out").is_dir() {
            for (name, bytes) in files(&path.join("out")) {
                assert!(whole.get(&name) == Some(&bytes), "{name:?} is half done after kill {time}");
            }
        }
        if time % 10 == 9 {
            fs::remove_dir_all(path.join("out")).unwrap();
        }
    }
    succeed(path, &CONVERT);
    assert!(files(&path.join("out")) == whole, "the outputs differ");
    assert!(succeed(path, &CONVERT).contains(&format!("{documents} unchanged")), "something is done again");
    let own = fs::read_dir(path.join("out/.apograph")).unwrap().map(|entry| entry.unwrap().file_name());
    assert!(own.map(|name| name.into_string().unwrap()).all(|name| name == "lock" || name == "state.jsonl"));
    eprintln!("{killed} of {times} runs were killed under way");
    assert!(killed > 0, "no run was killed under way");
}

#[test]
fn a_run_may_be_killed_at_any_moment() {
    kill(12, 60, Duration::from_millis(15));
}

/// The long form: `cargo test --release --test batch -- --ignored a_hundred`.
#[test]
#[ignore = "takes a minute or two"]
fn a_hundred_runs_are_killed() {
    kill(100, 400, Duration::from_millis(5));
}

#[test]
fn what_a_killed_run_did_is_not_done_again() {
    let folder = folder();
    let path = folder.path();
    transcripts(&path.join("in"), 300);
    let state = path.join("out/.apograph/state.jsonl");
    let mut child = apograph(path, &CONVERT).stderr(Stdio::null()).spawn().unwrap();
    let lines =
        || fs::read(&state).map_or(0, |bytes| bytes.split(|&byte| byte == b'\n').filter(|it| !it.is_empty()).count());
    while lines() < 20 && child.try_wait().unwrap().is_none() {
        std::thread::sleep(Duration::from_millis(2));
    }
    let _ = child.kill();
    child.wait().unwrap();
    let done = lines() - 1;
    let told = succeed(path, &CONVERT);
    let unchanged = told.lines().filter(|line| line.starts_with("unchanged")).count();
    assert!(done > 0 && unchanged >= done, "{unchanged} unchanged, {done} were done");
}

/// A small file system of its own, if this user may have one.
struct Mounted<'p>(&'p Path);

impl<'p> Mounted<'p> {
    fn new(path: &'p Path, options: &str) -> Option<Self> {
        fs::create_dir_all(path).unwrap();
        let mount = Command::new("mount").args(["-t", "tmpfs", "-o", options, "tmpfs"]).arg(path).output();
        let mounted = mount.is_ok_and(|output| output.status.success());
        if !mounted {
            eprintln!("skipped: a file system can't be mounted here");
        }
        mounted.then_some(Self(path))
    }

    fn remount(&self, options: &str) {
        let options = format!("remount,{options}");
        assert!(Command::new("mount").args(["-o", &options]).arg(self.0).status().unwrap().success());
    }
}

impl Drop for Mounted<'_> {
    fn drop(&mut self) {
        // What stays mounted is seen by whoever looks; there is nothing more to do about it here.
        let _ = Command::new("umount").arg(self.0).status();
    }
}

#[test]
fn a_full_disk_leaves_nothing_half_done() {
    let folder = folder();
    let path = folder.path();
    transcripts(&path.join("in"), 120);
    succeed(path, &["convert", "in", "--to", "tei,markdown", "-o", "whole"]);
    let whole = files(&path.join("whole"));
    let out = path.join("out");
    let Some(disk) = Mounted::new(&out, "size=300k") else { return };
    let (code, told) = run(path, &CONVERT);
    assert_eq!(code, 1, "{told}");
    assert!(told.contains("No space left on device"), "{told}");
    let there = files(&out);
    assert!(!there.is_empty() && there.len() < whole.len(), "{} files", there.len());
    for (name, bytes) in &there {
        assert!(whole.get(name) == Some(bytes), "{name:?} is half done");
    }
    disk.remount("size=50m");
    succeed(path, &CONVERT);
    assert!(files(&out) == whole, "the outputs differ");
}

#[test]
fn a_folder_that_can_not_be_written_is_told() {
    let folder = folder();
    let path = folder.path();
    transcripts(&path.join("in"), 3);
    let out = path.join("out");
    let Some(disk) = Mounted::new(&out, "ro,size=1m") else { return };
    let (code, told) = run(path, &CONVERT);
    assert_eq!(code, 1, "{told}");
    assert!(told.contains("Read-only file system") && told.contains("0 of 3 documents converted"), "{told}");
    disk.remount("rw");
    succeed(path, &CONVERT);
    assert_eq!(files(&out).len(), 6);
}

#[test]
fn an_input_that_vanishes_fails_alone() {
    let folder = folder();
    let path = folder.path();
    transcripts(&path.join("in"), 200);
    let child = apograph(path, &CONVERT).stderr(Stdio::piped()).spawn().unwrap();
    while !path.join("out/00/0000.xml").exists() {
        std::thread::sleep(Duration::from_millis(1));
    }
    fs::remove_dir_all(path.join("in/01")).unwrap();
    let done = child.wait_with_output().unwrap();
    let told = said(&done);
    // The folder may be gone before its files are found, or after.
    assert!(matches!(done.status.code(), Some(0 | 1)), "{told}");
    assert!(!told.contains("bug.panic") && told.matches("converted in/00/").count() == 100, "{told}");
    assert!(run(path, &CONVERT).1.contains("100 unchanged"), "what is left was done");
}

#[test]
fn two_runs_do_not_work_on_the_same() {
    let folder = folder();
    let path = folder.path();
    transcripts(&path.join("in"), 400);
    let mut first = apograph(path, &CONVERT).stderr(Stdio::null()).spawn().unwrap();
    while !path.join("out/00/0000.xml").exists() {
        std::thread::sleep(Duration::from_millis(1));
    }
    let (code, told) = run(path, &CONVERT);
    let under_way = first.try_wait().unwrap().is_none();
    assert!(first.wait().unwrap().success());
    assert!(!under_way || (code == 2 && told.contains("another run is at work")), "{code}: {told}");
}
