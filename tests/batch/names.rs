//! Names that mean harm, or that some file system can't take.

use std::fs;

use crate::{files, folder, run, succeed};

#[cfg(unix)]
#[test]
fn names_are_made_safe_and_none_is_lost() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let folder = folder();
    let path = folder.path();
    fs::create_dir(path.join("in")).unwrap();
    let names: [&[u8]; 12] = [
        b"bad\xFF.txt",
        b"bad\xFE.txt",
        "cable\u{202E}txt.md".as_bytes(),
        b"aux.txt",
        b"COM1.md",
        b"Same.txt",
        b"same.txt",
        b"same.md",
        b"a:b?.txt",
        b"line\nbreak.txt",
        b"\x1b[31m.txt",
        b"-o.txt",
    ];
    for (number, name) in names.iter().enumerate() {
        fs::write(path.join("in").join(OsStr::from_bytes(name)), format!("1. Letter\n\nOf {number}.\n")).unwrap();
    }
    let told = succeed(path, &["convert", "in", "--to", "tei", "-o", "out", "--report", "report.html"]);
    assert!(!told.contains('\u{202E}') && !told.contains('\u{1b}') && told.contains("12 of 12"), "{told}");
    let page = fs::read_to_string(path.join("report.html")).unwrap();
    assert!(!page.contains('\u{202E}') && !page.contains('\u{1b}'));
    let out = files(&path.join("out"));
    let folded: std::collections::HashSet<_> = out.keys().map(|name| name.to_str().unwrap().to_lowercase()).collect();
    assert_eq!((out.len(), folded.len()), (12, 12), "{:?}", out.keys());
    for name in &folded {
        let wild = |character: char| character.is_control() || "<>:\"|?*\\\u{202E}\u{FFFD}".contains(character);
        assert!(!name.contains(wild) && !["aux.", "com1."].iter().any(|device| name.starts_with(device)), "{name}");
    }
    for number in 0..12 {
        let text = format!("Of {number}.");
        assert_eq!(out.values().filter(|bytes| String::from_utf8_lossy(bytes).contains(&text)).count(), 1, "{text}");
    }
    assert!(succeed(path, &["convert", "in", "--to", "tei", "-o", "out"]).contains("12 unchanged"));
}

#[cfg(unix)]
#[test]
fn links_lead_nowhere() {
    let folder = folder();
    let path = folder.path();
    fs::create_dir_all(path.join("in/loop")).unwrap();
    fs::write(path.join("secret.txt"), "1. Secret\n\nNobody's.\n").unwrap();
    fs::write(path.join("in/good.txt"), "1. Letter\n\nGood.\n").unwrap();
    std::os::unix::fs::symlink("../secret.txt", path.join("in/link.txt")).unwrap();
    std::os::unix::fs::symlink("..", path.join("in/loop/up")).unwrap();
    std::os::unix::fs::symlink("missing", path.join("in/dead.txt")).unwrap();
    assert!(succeed(path, &["convert", "in", "--to", "markdown", "-o", "out"]).contains("converted in/good.txt"));
    assert_eq!(files(&path.join("out")).len(), 1);
    // An output that is a link to an input is not written through.
    fs::create_dir(path.join("trap")).unwrap();
    std::os::unix::fs::symlink("../in/good.txt", path.join("trap/good.md")).unwrap();
    run(path, &["convert", "in/good.txt", "--to", "markdown", "-o", "trap/", "--force"]);
    assert_eq!(fs::read_to_string(path.join("in/good.txt")).unwrap(), "1. Letter\n\nGood.\n");
}

#[test]
fn nothing_is_written_outside_the_output_folder() {
    let folder = folder();
    let path = folder.path();
    fs::create_dir_all(path.join("a/in")).unwrap();
    fs::write(path.join("a/in/x.txt"), "1. Letter\n\nText.\n").unwrap();
    fs::create_dir_all(path.join("a/work")).unwrap();
    succeed(&path.join("a/work"), &["convert", "../in/x.txt", "../in", "--to", "markdown", "-o", "out"]);
    let all = files(path);
    let made: Vec<_> = all.keys().filter(|name| name.extension().is_some_and(|extension| extension == "md")).collect();
    assert!(!made.is_empty() && made.iter().all(|name| name.starts_with("a/work/out")), "{made:?}");
}
