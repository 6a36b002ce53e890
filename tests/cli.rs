//! The command line as a user meets it: outputs, exit codes, streams, and a batch with one bad file.

mod command;

use std::fs;
use std::path::Path;

use command::{apograph, said};

const DOCUMENT: &str = r#"{"format": "apograph", "version": 1, "document": {
  "metadata": {"title": {"main": "A Day at the Lake"}},
  "body": [{"paragraph": {"tag": {}, "content": [{"text": "The ferry left at noon."}]}}]
}}"#;

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

#[test]
fn a_folder_is_mirrored_and_a_second_run_changes_nothing() {
    let folder = folder();
    let path = folder.path();
    fs::create_dir_all(path.join("in/1931")).unwrap();
    fs::write(path.join("in/lake.json"), DOCUMENT).unwrap();
    fs::write(path.join("in/1931/No. 12.json"), DOCUMENT).unwrap();
    fs::write(path.join("in/package.json"), r#"{"name": "something else"}"#).unwrap();
    for told in ["2 of 2 documents converted", "2 unchanged"] {
        let done = apograph(path).args(["convert", "in", "--to", "json", "-o", "out"]).assert().code(0);
        assert!(said(&done.get_output().stderr).contains(told));
    }
    assert!(path.join("out/lake.json").is_file() && path.join("out/1931/No. 12.json").is_file());
    let left: Vec<_> = fs::read_dir(path.join("out")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left.iter().filter(|name| name.to_string_lossy().ends_with(".part")).count(), 0);
}

#[test]
fn one_bad_file_fails_alone() {
    let folder = folder();
    let path = folder.path();
    fs::write(path.join("a.json"), DOCUMENT).unwrap();
    fs::write(path.join("b.json"), "{\"format\": \"apograph\",\n \"document\": [").unwrap();
    fs::write(path.join("c.json"), DOCUMENT).unwrap();
    let done = apograph(path)
        .args(["convert", "a.json", "b.json", "missing.json", "c.json", "--to", "json", "-o", "out", "--jobs", "2"])
        .assert()
        .code(1);
    let told = said(&done.get_output().stderr);
    assert!(told.contains("failed b.json") && told.contains("failed missing.json"), "{told}");
    assert!(told.contains("2 of 4 documents converted"), "{told}");
    assert!(path.join("out/a.json").is_file() && path.join("out/c.json").is_file());
    assert!(!path.join("out/b.json").exists());
}

#[test]
fn the_streams_are_the_user_s() {
    let folder = folder();
    let done = apograph(folder.path()).args(["convert", "-", "--to", "json"]).write_stdin(DOCUMENT).assert().code(0);
    assert!(said(&done.get_output().stdout).contains("The ferry left at noon."));
    assert!(!said(&done.get_output().stderr).contains('\u{1b}'), "no colour in a pipe");
}

#[test]
fn a_text_without_a_name_is_a_transcript() {
    let folder = folder();
    let text = "12. Note on the Ferry1\n\nIt left on May 4, 1931.\n\n  1. Source: Lake Archive.\n";
    let done = apograph(folder.path()).args(["convert", "-", "--to", "markdown"]).write_stdin(text).assert().code(0);
    assert!(said(&done.get_output().stdout).contains("# 12. Note on the Ferry[^1]"));
}

#[test]
fn what_was_inferred_is_told_with_its_place_and_words() {
    let folder = folder();
    let text = "12. Note on the Ferry1\n\nIt left on May 4, 1931.\n\n  1. Source: Lake Archive, June 5.\n";
    fs::write(folder.path().join("a.txt"), text).unwrap();
    let done = apograph(folder.path()).args(["explain", "a.txt"]).assert().code(0);
    let told = said(&done.get_output().stdout);
    for (place, what) in [
        ("1:22 ", "note 1 behind “12. Note on the Ferry”"),
        ("3 ", "“May 4, 1931” is 1931-05-04"),
        ("5 ", "“June 5” is 1931-06-05"),
    ] {
        assert!(told.lines().any(|line| line.starts_with(place) && line.contains(what)), "{what} in {told}");
    }
    let done = apograph(folder.path()).args(["explain", "a.txt", "--json"]).assert().code(0);
    let rows: Vec<serde_json::Value> =
        said(&done.get_output().stdout).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(rows.len(), 3);
    assert_eq!(rows[0]["line"], 1);
}

#[test]
fn passes_are_chosen_by_name_and_run_on_tei_when_asked_for() {
    let folder = folder();
    let path = folder.path();
    let text = "12. Note on the Ferry1\n\nIt left on May 4, 1931.\n\n  1. See Document 9.\n";
    fs::write(path.join("a.txt"), text).unwrap();
    let tei = |input: &str, enrich: &[&str]| {
        let arguments = [&["convert", input, "--to", "tei", "-o", "-"], enrich].concat();
        said(&apograph(path).args(arguments).assert().code(0).get_output().stdout)
    };
    let none = tei("a.txt", &["--enrich", "none"]);
    assert!(!none.contains("<date") && !none.contains("<ref"), "{none}");
    let dates = tei("a.txt", &["--enrich", "dates"]);
    assert!(dates.contains("<date when=\"1931-05-04\">") && !dates.contains("<ref"), "{dates}");
    fs::write(path.join("b.xml"), none).unwrap();
    assert!(!tei("b.xml", &[]).contains("<date"), "what editors encoded is left as it is");
    assert!(tei("b.xml", &["--enrich", "dates"]).contains("<date when=\"1931-05-04\">"));
    apograph(path).args(["convert", "a.txt", "--to", "tei", "--enrich", "daets", "-o", "out"]).assert().code(2);
}

#[test]
fn an_index_tells_of_all_documents_of_a_folder() {
    let folder = folder();
    let path = folder.path();
    fs::create_dir(path.join("in")).unwrap();
    let letter = "12. Letter From the Archivist (Tarn) to Consul Moor1\n\nPort Vale, May 4, 1931.\n\nSee below.\n\n  \
                  1. See Document 13.\n";
    fs::write(path.join("in/d12.txt"), letter).unwrap();
    fs::write(path.join("in/d13.txt"), "13. Editorial Note\n\nSee Documents 12 and 99.\n").unwrap();
    let index = |to: &str| {
        let done = apograph(path).args(["index", "in", "--to", to]).assert().code(0);
        said(&done.get_output().stdout)
    };
    let csv = index("csv");
    assert!(csv.contains("in/d12.txt,d12,12,Letter From the Archivist (Tarn) to Consul Moor,1931-05-04"), "{csv}");
    let graph: serde_json::Value = serde_json::from_str(&index("graph")).unwrap();
    assert_eq!(graph["edges"].as_array().unwrap().len(), 2);
    assert_eq!(graph["unresolved"][0]["to"], "#d99");
    let cmif = index("cmif");
    assert!(cmif.contains("<persName>Tarn</persName>"), "{cmif}");
    fs::write(path.join("cmif.xml"), cmif).unwrap();
    apograph(path).args(["validate", "cmif.xml"]).assert().code(0);
}

#[test]
fn wrong_use_is_2_and_says_what_to_do() {
    let folder = folder();
    let path = folder.path();
    fs::write(path.join("a.json"), DOCUMENT).unwrap();
    for arguments in [
        &["convert", "a.json"][..],
        &["convert", "a.json", "--to", "nonsense"],
        &["convert", "a.json", "--to", "json", "--from", "nonsense"],
        &["convert", "a.json", "--to", "json", "--set", "title"],
        &["convert", ".", "--to", "json"],
        &["convert", "a.json", "a.json", "--to", "json", "-o", "-"],
        &["nonsense"],
    ] {
        let done = apograph(path).args(arguments).assert().code(2);
        assert!(!done.get_output().stderr.is_empty(), "{arguments:?}");
    }
    apograph(path).arg("--help").assert().code(0);
}

#[test]
fn an_input_is_never_overwritten() {
    let folder = folder();
    let path = folder.path();
    fs::write(path.join("a.json"), DOCUMENT).unwrap();
    for arguments in [
        &["convert", "a.json", "--to", "json", "--force"][..],
        &["convert", "a.json", "--to", "json", "-o", "a.json"],
        &["convert", "a.json", "--to", "json", "-o", "."],
    ] {
        let done = apograph(path).args(arguments).assert().code(1);
        assert!(said(&done.get_output().stderr).contains("output.is-input"), "{arguments:?}");
        assert_eq!(fs::read_to_string(path.join("a.json")).unwrap(), DOCUMENT);
    }
}

#[test]
fn the_later_metadata_win() {
    let folder = folder();
    let path = folder.path();
    fs::write(path.join("apograph.toml"), "title = 'folder'\npublisher = 'Lake Press'\ndate = 1931-05-04\n").unwrap();
    fs::write(path.join("a.yaml"), "title: beside\nauthors: [J. Moor, A. Vale]\n").unwrap();
    fs::write(path.join("a.json"), DOCUMENT).unwrap();
    let title = |arguments: &[&str]| {
        apograph(path).args(["convert", "a.json", "--to", "json", "-o", "out"]).args(arguments).assert().code(0);
        let json: serde_json::Value =
            serde_json::from_str(&fs::read_to_string(path.join("out/a.json")).unwrap()).unwrap();
        json["document"]["metadata"].clone()
    };
    let metadata = title(&[]);
    assert_eq!(metadata["title"]["main"], "beside");
    assert_eq!(metadata["publication"]["publisher"], "Lake Press");
    assert_eq!(metadata["publication"]["date"], "1931-05-04");
    assert_eq!(metadata["agents"][1]["name"], "A. Vale");
    assert_eq!(title(&["--set", "title=set"])["title"]["main"], "set");
}

#[test]
fn broken_metadata_name_their_file_and_line() {
    let folder = folder();
    let path = folder.path();
    fs::write(path.join("a.toml"), "title = 'a'\nauthor = [\n").unwrap();
    fs::write(path.join("a.json"), DOCUMENT).unwrap();
    let done = apograph(path).args(["convert", "a.json", "--to", "json", "-o", "out"]).assert().code(1);
    assert!(said(&done.get_output().stderr).contains("a.toml: line"), "{}", said(&done.get_output().stderr));
}

#[test]
fn reports_do_not_depend_on_the_number_of_workers() {
    let folder = folder();
    let path = folder.path();
    fs::create_dir(path.join("in")).unwrap();
    for number in 0..40 {
        let text = if number == 7 { "{\"format\": \"apograph\"".to_owned() } else { DOCUMENT.to_owned() };
        fs::write(path.join(format!("in/{number:02}.json")), text).unwrap();
    }
    let report = |jobs: &str, name: &str| {
        apograph(path)
            .args(["convert", "in", "--to", "json", "-o", "out", "--json", "--force", "--jobs", jobs, "--report", name])
            .assert()
            .code(1);
        fs::read_to_string(path.join(name)).unwrap()
    };
    assert!(report("1", "one.json") == report("3", "three.json"), "the reports differ");
    let page = report("2", "report.html");
    assert!(page.contains("in/07.json"));
    assert_eq!(page.matches("<script").count(), 1, "only the page's own");
}

#[test]
fn json_lines_are_one_object_each() {
    let folder = folder();
    let path = folder.path();
    fs::write(path.join("a.json"), DOCUMENT).unwrap();
    fs::write(path.join("b.json"), "{").unwrap();
    let done = apograph(path)
        .args(["convert", "a.json", "b.json", "--from", "json", "--to", "json", "-o", "out", "--json"])
        .assert()
        .code(1);
    let lines: Vec<serde_json::Value> =
        said(&done.get_output().stdout).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.iter().map(|line| line["status"].clone()).collect::<Vec<_>>(), ["converted", "failed"]);
    assert_eq!(lines[0]["outputs"][0]["format"], "json");
}

fn many(folder: &Path, count: usize) {
    fs::create_dir_all(folder.join("in")).unwrap();
    for number in 0..count {
        fs::write(folder.join(format!("in/{number:02}.json")), DOCUMENT).unwrap();
    }
}

#[test]
fn a_second_run_does_only_what_changed() {
    let folder = folder();
    let path = folder.path();
    many(path, 5);
    let run = |arguments: &[&str], code: i32| {
        let done =
            apograph(path).args(["convert", "in", "--to", "json", "-o", "out"]).args(arguments).assert().code(code);
        said(&done.get_output().stderr)
    };
    assert!(!run(&[], 0).contains("unchanged"));
    assert!(run(&[], 0).contains("5 unchanged"));
    fs::write(path.join("in/03.json"), DOCUMENT.replace("noon", "one")).unwrap();
    assert!(run(&[], 0).contains("4 unchanged"));
    assert!(!run(&["--set", "title=New"], 0).contains("unchanged"), "options count");
    fs::write(path.join("in/apograph.toml"), "publisher = 'Lake Press'").unwrap();
    assert!(!run(&["--set", "title=New"], 0).contains("unchanged"), "metadata count");
    fs::remove_file(path.join("out/02.json")).unwrap();
    assert!(run(&["--set", "title=New"], 0).contains("4 unchanged"), "a lost output is made again");
    assert!(path.join("out/02.json").is_file());
    assert!(!run(&["--set", "title=New", "--force"], 0).contains("unchanged"));
}

#[test]
fn what_a_person_changed_is_left_alone() {
    let folder = folder();
    let path = folder.path();
    many(path, 2);
    let convert = ["convert", "in", "--to", "json", "-o", "out"];
    apograph(path).args(convert).assert().code(0);
    fs::write(path.join("out/01.json"), "mine").unwrap();
    let done = apograph(path).args(convert).assert().code(1);
    assert!(said(&done.get_output().stderr).contains("output.edited"));
    assert_eq!(fs::read_to_string(path.join("out/01.json")).unwrap(), "mine");
    apograph(path).args(convert).arg("--force").assert().code(0);
    assert_ne!(fs::read_to_string(path.join("out/01.json")).unwrap(), "mine");
}

#[test]
fn outputs_of_what_is_gone_are_removed_only_on_request() {
    let folder = folder();
    let path = folder.path();
    many(path, 3);
    let convert = ["convert", "in", "--to", "json", "-o", "out"];
    apograph(path).args(convert).assert().code(0);
    fs::remove_file(path.join("in/01.json")).unwrap();
    let done = apograph(path).args(convert).assert().code(0);
    assert!(said(&done.get_output().stderr).contains("gone in/01.json"));
    assert!(path.join("out/01.json").is_file());
    apograph(path).args(convert).arg("--prune").assert().code(0);
    assert!(!path.join("out/01.json").exists() && path.join("out/00.json").is_file());
    let done = apograph(path).args(convert).assert().code(0);
    assert!(!said(&done.get_output().stderr).contains("gone"));
}

#[test]
fn a_state_that_was_cut_short_is_gone_on_from() {
    let folder = folder();
    let path = folder.path();
    many(path, 4);
    let convert = ["convert", "in", "--to", "json", "-o", "out"];
    apograph(path).args(convert).assert().code(0);
    let state = path.join("out/.apograph/state.jsonl");
    let text = fs::read_to_string(&state).unwrap();
    fs::write(&state, &text[..text.len() * 5 / 8]).unwrap();
    let done = apograph(path).args(convert).assert().code(0);
    assert!(said(&done.get_output().stderr).contains("2 unchanged"), "{}", said(&done.get_output().stderr));
    let sorted = |text: &str| {
        let mut lines: Vec<_> = text.lines().filter(|line| line.ends_with('}')).map(str::to_owned).collect();
        lines.sort();
        lines
    };
    assert_eq!(sorted(&fs::read_to_string(&state).unwrap()), sorted(&text));
}

#[test]
fn shards_together_are_the_whole() {
    let folder = folder();
    let path = folder.path();
    many(path, 30);
    apograph(path).args(["convert", "in", "--to", "json", "-o", "whole"]).assert().code(0);
    for shard in ["1/4", "2/4", "3/4", "4/4"] {
        apograph(path).args(["convert", "in", "--to", "json", "-o", "parts", "--shard", shard]).assert().code(0);
    }
    for number in 0..30 {
        let name = format!("{number:02}.json");
        assert_eq!(
            fs::read(path.join("whole").join(&name)).unwrap(),
            fs::read(path.join("parts").join(&name)).unwrap()
        );
    }
    apograph(path).args(["convert", "in", "--to", "json", "-o", "x", "--shard", "5/4"]).assert().code(2);
}

#[test]
fn globs_and_ignore_files_choose_and_failures_can_stop() {
    let folder = folder();
    let path = folder.path();
    many(path, 12);
    fs::write(path.join("in/.apographignore"), "05.json\n").unwrap();
    let done = apograph(path)
        .args(["convert", "in", "--to", "json", "-o", "out", "--include", "0*.json", "--exclude", "07.json"])
        .assert()
        .code(0);
    assert!(said(&done.get_output().stderr).contains("8 of 8"), "{}", said(&done.get_output().stderr));
    for number in 0..12 {
        fs::write(path.join(format!("in/{number:02}.json")), "{\"format\": \"apograph\"").unwrap();
    }
    let done =
        apograph(path).args(["convert", "in", "--to", "json", "-o", "new", "--max-errors", "3"]).assert().code(1);
    let told = said(&done.get_output().stderr);
    assert_eq!(told.matches("failed in/").count(), 3, "{told}");
    assert!(told.contains("stopped"), "{told}");
}

#[test]
fn the_examples_convert_to_every_format() {
    let folder = folder();
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let formats = apograph(folder.path()).args(["formats", "--json"]).output().unwrap();
    let rows: Vec<serde_json::Value> = serde_json::from_slice(&formats.stdout).unwrap();
    let named = |field: &str| -> Vec<String> {
        let rows = rows.iter().filter(|row| row[field] == true);
        rows.map(|row| row["name"].as_str().unwrap().to_owned()).collect()
    };
    if !named("read").iter().any(|name| name == "transcript") {
        eprintln!("no reader of transcripts is built in");
        return;
    }
    apograph(folder.path())
        .args(["convert", "--to", &named("write").join(","), "-o", "out"])
        .arg(examples)
        .assert()
        .code(0);
}

#[test]
fn a_schema_of_the_user_s_own_is_asked() {
    let folder = folder();
    let path = folder.path();
    let schema = r#"<element name="boats" xmlns="http://relaxng.org/ns/structure/1.0"><oneOrMore><element name="boat">
        <text/></element></oneOrMore></element>"#;
    fs::write(path.join("boats.rng"), schema).unwrap();
    fs::write(path.join("good.xml"), "<boats><boat>Patience</boat></boats>").unwrap();
    fs::write(path.join("bad.xml"), "<boats>\n  <boat>Patience</boat>\n  <ship/>\n</boats>").unwrap();
    apograph(path).args(["validate", "good.xml", "--schema", "boats.rng"]).assert().code(0);
    let done = apograph(path).args(["validate", "good.xml", "bad.xml", "--schema", "boats.rng"]).assert().code(1);
    assert!(said(&done.get_output().stderr).contains("bad.xml:3:"), "{}", said(&done.get_output().stderr));
    assert!(said(&done.get_output().stdout).contains("not valid bad.xml"));
    apograph(path).args(["validate", "good.xml", "--schema", "missing.rng"]).assert().code(2);
}

#[test]
fn bad_input_is_told_and_loses_nothing_of_the_others() {
    let folder = folder();
    let path = folder.path();
    fs::create_dir(path.join("in")).unwrap();
    let good = "1. Memorandum1\n\nThe ferry left.\n\n  1. Source: Lake Archive.\n";
    for (name, bytes) in [
        ("good.txt", good.as_bytes()),
        ("empty.txt", b""),
        ("latin.txt", b"1. Caf\xe9 au lait\n\nD\xe9j\xe0 vu, na\xefve, fa\xe7ade.\n"),
        ("binary.txt", b"a\0b\xff"),
        ("odd.txt", b"1. Memo1\n\nText.\n\n  1. Note.\n  1. Twice.\n  5. Five.\n"),
        ("cut.xml", b"<TEI xmlns=\"http://www.tei-c.org/ns/1.0\"><text>"),
    ] {
        fs::write(path.join("in").join(name), bytes).unwrap();
    }
    let done = apograph(path).args(["convert", "in", "--to", "tei,epub,markdown", "-o", "out"]).assert().code(1);
    let told = said(&done.get_output().stderr);
    for part in ["transcript.empty", "transcript.encoding", "failed in/binary.txt", "in/odd.txt:", "in/cut.xml:1:"] {
        assert!(told.contains(part), "{part} is not told:\n{told}");
    }
    for name in ["good", "latin", "odd", "empty"] {
        for extension in ["xml", "epub", "md"] {
            assert!(path.join(format!("out/{name}.{extension}")).is_file(), "{name}.{extension}");
        }
    }
    assert!(!path.join("out/binary.xml").exists() && !path.join("out/cut.md").exists());
    assert!(fs::read_to_string(path.join("out/latin.md")).unwrap().contains("naïve, façade"));
}

#[test]
fn a_run_that_is_killed_is_gone_on_from() {
    let folder = folder();
    let path = folder.path();
    many(path, 60);
    apograph(path).args(["convert", "in", "--to", "json,markdown", "-o", "whole"]).assert().code(0);
    let program = assert_cmd::cargo::cargo_bin!("apograph");
    for delay in 0..12 {
        let mut run = std::process::Command::new(program)
            .current_dir(path)
            .args(["convert", "in", "--to", "json,markdown", "-o", "killed"])
            .stderr(std::process::Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(std::time::Duration::from_millis(3 * delay));
        // A run that has ended already can't be killed.
        let _ = run.kill();
        run.wait().unwrap();
    }
    apograph(path).args(["convert", "in", "--to", "json,markdown", "-o", "killed"]).assert().code(0);
    for number in 0..60 {
        for extension in ["json", "md"] {
            let name = format!("{number:02}.{extension}");
            let [whole, killed] = ["whole", "killed"].map(|folder| fs::read(path.join(folder).join(&name)).unwrap());
            assert!(whole == killed, "{name} differs");
        }
    }
}
