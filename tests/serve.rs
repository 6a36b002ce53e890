//! The server as clients meet it: what it answers, what it refuses, and that it ends well.
#![cfg(feature = "serve")]

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Command, Stdio};

use apograph::registry::Registry;
use apograph::serve::{Limits, Settings, app};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode, header};
use serde_json::Value;
use tower::ServiceExt;

const LETTER: &str = "\
12. Letter From the Harbour Office to Captain Orme1

Port Vale, May 4, 1931.

We counted 302 boats in the bay on Monday, and 14 of them were of oak.2 The pilot came on March 9 and left.

Quill

  1. Source: Lake Archive, Ferry Files, Box 2.
  2. The figure is from the harbour book; see Document 10.
";

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    bytes: Vec<u8>,
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).expect("an answer in JSON")
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    fn header(&self, name: header::HeaderName) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("a header of text"))
    }

    fn problem(&self) -> String {
        assert_eq!(self.header(header::CONTENT_TYPE), "application/problem+json", "{}", self.text());
        assert_eq!(self.json()["status"], self.status.as_u16(), "{}", self.text());
        self.json()["detail"].as_str().expect("a detail").to_owned()
    }
}

fn router(settings: Settings) -> Router {
    app(Registry::builtin(), settings).expect("a server")
}

fn ask(router: &Router, request: Request<Body>) -> Answer {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let response = router.clone().oneshot(request).await.expect("it never fails");
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, usize::MAX).await.expect("a body").to_vec();
        Answer { status: parts.status, headers: parts.headers, bytes }
    })
}

fn request(method: &str, path: &str) -> axum::http::request::Builder {
    Request::builder().method(method).uri(path).header(header::HOST, "localhost:8417")
}

fn get(router: &Router, path: &str) -> Answer {
    ask(router, request("GET", path).body(Body::empty()).expect("a request"))
}

fn post(router: &Router, path: &str, body: impl Into<Body>) -> Answer {
    ask(router, request("POST", path).body(body.into()).expect("a request"))
}

/// A form of files (with a name) and options (without).
fn form(router: &Router, path: &str, fields: &[(&str, Option<&str>, &str)]) -> Answer {
    let mut body = String::new();
    for (name, file, value) in fields {
        let file = file.map(|file| format!("; filename=\"{file}\"")).unwrap_or_default();
        body.push_str(&format!("--edge\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n{value}\r\n"));
    }
    body.push_str("--edge--\r\n");
    let request = request("POST", path).header(header::CONTENT_TYPE, "multipart/form-data; boundary=edge");
    ask(router, request.body(body.into()).expect("a request"))
}

#[test]
fn a_raw_body_becomes_the_one_output() {
    let router = router(Settings::default());
    let answer = post(&router, "/api/convert?to=tei&as=file&name=letter.txt", LETTER);
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    assert_eq!(answer.header(header::CONTENT_TYPE), "application/tei+xml");
    assert!(answer.header(header::CONTENT_DISPOSITION).contains("letter.xml"));
    assert!(answer.text().contains("oak.<note xml:id=\"d12fn2\""));
}

#[test]
fn a_form_becomes_a_report_with_the_outputs_in_it() {
    let router = router(Settings::default());
    let fields = [
        ("to", None, "tei,epub"),
        ("file", Some("a/letter.txt"), LETTER),
        ("file", Some("bad.json"), "{\"format\": \"apograph\","),
        ("set", None, "title=A Letter"),
    ];
    let answer = form(&router, "/api/convert", &fields);
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    let report = answer.json();
    let [good, bad] = report["documents"].as_array().expect("documents").as_slice() else { panic!("{report}") };
    assert_eq!((&good["status"], &good["input"]), (&"converted".into(), &"a/letter.txt".into()));
    assert_eq!(good["contents"][0]["name"], "a/letter.xml");
    assert!(good["contents"][0]["files"][0]["text"].as_str().expect("TEI").contains("A Letter"));
    assert_eq!(good["contents"][1]["conserved"], true);
    assert!(good["contents"][1]["files"][0]["base64"].as_str().expect("an EPUB").starts_with("UEsD"));
    assert!(good["inferences"].as_array().is_some_and(|all| !all.is_empty()));
    assert_eq!(bad["status"], "failed");
    assert_eq!(bad["findings"][0]["severity"], "error");
    let zip =
        form(&router, "/api/convert", &[("to", None, "tei"), ("as", None, "zip"), ("file", Some("a.txt"), LETTER)]);
    assert_eq!(zip.header(header::CONTENT_TYPE), "application/zip");
    assert!(zip.bytes.starts_with(b"PK"));
}

#[test]
fn decisions_that_are_sent_along_are_honoured() {
    let router = router(Settings::default());
    let review = form(&router, "/api/review", &[("file", Some("letter.txt"), LETTER)]).json();
    let items = review["items"].as_array().expect("items");
    let marker = items.iter().find(|item| item["note"] == "2").expect("the marker of note 2");
    assert_eq!(review["of_source"], true);
    let decisions = serde_json::json!({"version": 1, "decision": [{
        "kind": "note-marker", "verdict": "text", "note": "2", "at": marker["place"], "entry": marker["entry"]["place"],
    }]});
    let fields = [("file", Some("letter.txt"), LETTER), ("decisions", None, &decisions.to_string())];
    let decided = form(&router, "/api/review", &fields).json();
    assert_eq!(decided["decided"][0]["holds"], true, "{decided}");
    let toml = decided["toml"].as_str().expect("a file");
    assert!(toml.contains("source = \"letter.txt\"") && toml.contains("verdict = \"text\""), "{toml}");
    let fields =
        [("to", None, "tei"), ("file", Some("letter.txt"), LETTER), ("file", Some("letter.decisions.toml"), toml)];
    let report = form(&router, "/api/convert", &fields).json();
    let tei = report["documents"][0]["contents"][0]["files"][0]["text"].as_str().expect("TEI").to_owned();
    assert!(tei.contains("of oak.2 The pilot"), "{tei}");
    assert_eq!(report["documents"].as_array().map(Vec::len), Some(1), "the file of decisions is no document");
}

#[test]
fn a_document_that_can_not_be_read_is_a_problem_with_its_place() {
    let router = router(Settings::default());
    let answer =
        post(&router, "/api/convert?to=tei&as=file&name=a.xml", "<TEI xmlns='http://www.tei-c.org/ns/1.0'>\n<text>");
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.problem().contains("a.xml"));
    assert_eq!(answer.json()["diagnostics"][0]["severity"], "error");
    assert!(answer.json()["diagnostics"][0]["line"].is_number());
}

#[test]
fn what_makes_no_sense_is_said_to() {
    let router = router(Settings::default());
    for (path, word) in [
        ("/api/convert?to=tei,verse", "no writer for `verse`"),
        ("/api/convert?to=tei&from=verse", "no reader for `verse`"),
        ("/api/convert?to=tei&as=cake", "`as` is one of"),
        ("/api/convert?to=tei&tow=1", "no option `tow`"),
        ("/api/convert?to=tei&set=nothing", "key=value"),
        ("/api/convert?to=tei&profile=none", "no profile `none`"),
        ("/api/validate?format=transcript", "no schema for `transcript`"),
        ("/api/validate?strict=maybe", "true or false"),
    ] {
        let answer = post(&router, path, "text");
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{path}: {}", answer.text());
        assert!(answer.problem().contains(word), "{path}: {}", answer.text());
    }
    let broken =
        request("POST", "/api/convert?to=tei").header(header::CONTENT_TYPE, "multipart/form-data; boundary=edge");
    assert_eq!(
        ask(&router, broken.body(Body::from("--edge\r\nnothing")).expect("a request")).status,
        StatusCode::BAD_REQUEST
    );
    assert_eq!(get(&router, "/api/nothing").status, StatusCode::NOT_FOUND);
    let wrong = get(&router, "/api/convert");
    assert_eq!((wrong.status, wrong.header(header::ALLOW)), (StatusCode::METHOD_NOT_ALLOWED, "POST"));
    wrong.problem();
}

#[test]
fn files_are_validated() {
    let router = router(Settings::default());
    let tei = post(&router, "/api/convert?to=tei&as=file&name=letter.txt", LETTER).text();
    let good = post(&router, "/api/validate?name=letter.xml", tei.clone());
    assert_eq!(good.json()["valid"], true, "{}", good.text());
    let bad = form(
        &router,
        "/api/validate",
        &[("file", Some("letter.xml"), &tei.replace("<opener>", "<opner>").replace("</opener>", "</opner>"))],
    );
    assert_eq!(bad.json()["valid"], false);
    assert!(bad.json()["files"][0]["findings"][0]["line"].is_number());
    assert_eq!(post(&router, "/api/validate?name=a.txt", "text").status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[test]
fn other_sites_and_other_names_are_refused() {
    let router = router(Settings::default());
    let asked = |headers: &[(&str, &str)]| {
        let mut request = Request::builder().method("POST").uri("/api/convert?to=tei&as=file");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        ask(&router, request.body(Body::from(LETTER)).expect("a request")).status
    };
    let host = ("host", "localhost:8417");
    assert_eq!(asked(&[host]), StatusCode::OK);
    assert_eq!(asked(&[host, ("origin", "http://localhost:8417"), ("sec-fetch-site", "same-origin")]), StatusCode::OK);
    for refused in [
        vec![host, ("origin", "http://evil.example")],
        vec![host, ("origin", "null")],
        vec![host, ("origin", "http://localhost:9999")],
        vec![host, ("sec-fetch-site", "cross-site")],
        vec![host, ("sec-fetch-site", "same-site")],
        vec![("host", "evil.example")],
        vec![("host", "evil.example"), ("origin", "http://evil.example"), ("sec-fetch-site", "same-origin")],
        vec![],
    ] {
        assert_eq!(asked(&refused), StatusCode::FORBIDDEN, "{refused:?}");
    }
    let page = ask(
        &router,
        Request::builder().uri("/").header("host", "evil.example").body(Body::empty()).expect("a request"),
    );
    assert_eq!(page.status, StatusCode::FORBIDDEN);
}

#[test]
fn with_a_token_nothing_is_done_without_it() {
    let router = router(Settings { token: Some("0123456789abcdef".to_owned()), ..Settings::default() });
    let with = |token: Option<&str>, path: &str| {
        let mut request = Request::builder().uri(path).header(header::HOST, "texts.example:8417");
        if let Some(token) = token {
            request = request.header(header::AUTHORIZATION, token);
        }
        ask(&router, request.body(Body::empty()).expect("a request"))
    };
    let refused = with(None, "/api/formats");
    assert_eq!((refused.status, refused.header(header::WWW_AUTHENTICATE)), (StatusCode::UNAUTHORIZED, "Bearer"));
    assert_eq!(with(Some("Bearer 0123456789abcdeX"), "/api/formats").status, StatusCode::UNAUTHORIZED);
    assert_eq!(with(Some("Bearer 0123456789abcdef"), "/api/formats").status, StatusCode::OK);
    assert_eq!(with(None, "/").status, StatusCode::OK, "the page itself is no secret and asks for the token");
}

#[test]
fn a_body_that_is_too_large_is_refused() {
    let limits = Limits { body: 1000, ..Limits::default() };
    let router = router(Settings { limits, ..Settings::default() });
    let large = "a".repeat(2000);
    for answer in [
        post(&router, "/api/convert?to=tei", large.clone()),
        form(&router, "/api/convert?to=tei", &[("file", Some("a.txt"), &large)]),
    ] {
        assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE, "{}", answer.text());
        answer.problem();
    }
}

#[test]
fn answers_tell_browsers_to_ask_nobody_else() {
    let router = router(Settings::default());
    for path in ["/", "/app.js", "/api/formats", "/nothing"] {
        let answer = get(&router, path);
        let policy = answer.header(header::CONTENT_SECURITY_POLICY);
        assert!(policy.contains("default-src 'self'") && !policy.contains("unsafe"), "{path}: {policy}");
        assert_eq!(answer.header(header::X_CONTENT_TYPE_OPTIONS), "nosniff");
        assert_eq!(answer.header(header::ACCESS_CONTROL_ALLOW_ORIGIN), "");
    }
    // The page names nothing but files of its own, and holds no script or style itself.
    let page = get(&router, "/").text();
    assert!(!page.contains("<style") && !page.contains("style=\"") && !page.contains(" onclick"));
    for named in page.split(['"', '\'']).filter(|word| word.ends_with(".js") || word.ends_with(".css")) {
        let asset = get(&router, named);
        assert_eq!(asset.status, StatusCode::OK, "{named}");
        assert!(
            !asset.text().contains("http://") || named == "/epub.js" || asset.text().contains("www.w3.org"),
            "{named}"
        );
    }
    assert_eq!(get(&router, "/api/openapi.json").json()["openapi"], "3.1.0");
}

#[test]
fn a_folder_is_listed_and_only_decisions_are_written_into_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path();
    fs::create_dir(root.join("1931")).expect("a folder");
    fs::write(root.join("1931/letter.txt"), LETTER).expect("a source");
    fs::write(root.join("key.pem"), "secret").expect("a file");
    let router = router(Settings { root: Some(root.to_owned()), ..Settings::default() });
    let listed = get(&router, "/api/sources").json();
    assert_eq!(listed["sources"].as_array().map(Vec::len), Some(1), "{listed}");
    assert_eq!(listed["sources"][0]["path"], "1931/letter.txt");
    assert_eq!(get(&router, "/api/source?path=1931/letter.txt").text(), LETTER);
    assert_eq!(get(&router, "/api/decisions?path=1931/letter.txt").status, StatusCode::NO_CONTENT);
    let put = |path: &str, text: &str| {
        ask(&router, request("PUT", path).body(Body::from(text.to_owned())).expect("a request"))
    };
    let decisions = "version = 1\n[[decision]]\nkind = \"date\"\nverdict = \"reject\"\nat = { quote = \"March 9\", before = \"came on \" }\n";
    assert_eq!(put("/api/decisions?path=1931/letter.txt", decisions).status, StatusCode::NO_CONTENT);
    let written = fs::read_to_string(root.join("1931/letter.decisions.toml")).expect("written");
    assert!(written.contains("source = \"letter.txt\"") && written.contains("March 9"), "{written}");
    assert_eq!(get(&router, "/api/decisions?path=1931/letter.txt").text(), written);
    assert_eq!(put("/api/decisions?path=1931/letter.txt", "kind = 3").status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(put("/api/decisions?path=../letter.txt", decisions).status, StatusCode::NOT_FOUND);
    assert_eq!(put("/api/decisions?path=1931/none.txt", decisions).status, StatusCode::NOT_FOUND);
    assert_eq!(get(&router, "/api/source?path=/etc/passwd").status, StatusCode::NOT_FOUND);
    assert_eq!(get(&router, "/api/source?path=1931/%2e%2e/%2e%2e/etc/passwd").status, StatusCode::NOT_FOUND);
    assert_eq!(get(&router, "/api/source?file=1931/letter.txt").status, StatusCode::BAD_REQUEST);
    assert_eq!(put("/api/decisions?path=1931/letter.txt", "version = 1\n").status, StatusCode::NO_CONTENT);
    assert!(!root.join("1931/letter.decisions.toml").exists(), "nothing is decided any more");
    assert_eq!(fs::read_to_string(root.join("1931/letter.txt")).expect("the source"), LETTER);
}

/// A server as its users start it, and the address that it printed.
fn server(arguments: &[&str], folder: &Path) -> (std::process::Child, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_apograph"))
        .arg("serve")
        .args(["--port", "0"])
        .args(arguments)
        .current_dir(folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("it starts");
    let mut line = String::new();
    BufReader::new(child.stdout.take().expect("its output")).read_line(&mut line).expect("an address");
    let address = line.trim().trim_start_matches("http://").split('/').next().unwrap_or_default().to_owned();
    (child, address)
}

#[cfg(unix)]
#[test]
fn an_end_lets_what_runs_finish() {
    let folder = tempfile::tempdir().expect("a folder");
    let (mut child, address) = server(&[], folder.path());
    let mut idle = TcpStream::connect(&address).expect("a connection that asks for nothing");
    let mut busy = TcpStream::connect(&address).expect("a connection");
    let head = format!(
        "POST /api/convert?to=tei&as=file&name=a.txt HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nContent-Length: {}\r\n\r\n",
        LETTER.len()
    );
    let (first, second) = LETTER.split_at(100);
    busy.write_all(format!("{head}{first}").as_bytes()).expect("half a request");
    std::thread::sleep(std::time::Duration::from_millis(300));
    let told = Command::new("kill").args(["-TERM", &child.id().to_string()]).status().expect("kill");
    assert!(told.success());
    std::thread::sleep(std::time::Duration::from_millis(300));
    busy.write_all(second.as_bytes()).expect("the other half");
    let mut answer = String::new();
    busy.read_to_string(&mut answer).expect("an answer");
    assert!(answer.starts_with("HTTP/1.1 200") && answer.contains("</TEI>"), "{answer}");
    assert!(child.wait().expect("it ends").success());
    let mut rest = Vec::new();
    assert_eq!(idle.read_to_end(&mut rest).unwrap_or_default(), 0);
}

#[test]
fn help_teaches_and_wrong_use_is_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let run = |arguments: &[&str]| {
        let done = assert_cmd::Command::cargo_bin("apograph")
            .expect("the binary")
            .current_dir(folder.path())
            .arg("serve")
            .args(arguments)
            .output()
            .expect("it runs");
        let told = [done.stdout, done.stderr].concat();
        (done.status.code(), String::from_utf8_lossy(&told).into_owned())
    };
    let (code, help) = run(&["--help"]);
    assert!(code == Some(0) && help.contains("decisions.toml") && help.contains("curl"), "{help}");
    let (code, told) = run(&["nowhere"]);
    assert!(code == Some(2) && told.contains("`nowhere` is no folder"), "{told}");
    let (code, told) = run(&["--token", "short"]);
    assert!(code == Some(2) && told.contains("16 characters"), "{told}");
}

#[test]
fn markdown_and_tei_are_shown_as_they_are_and_a_book_is_not() {
    let router = router(Settings::default());
    let shown = |name: &str, text: &str| form(&router, "/api/review", &[("file", Some(name), text)]).json();
    let of = |review: &Value, kind: &str| {
        let items = review["items"].as_array().expect("items").iter();
        let items = items.filter(|item| item["kind"] == kind).map(|item| {
            let at = &item["in_source"]["at"];
            let bound = |number: usize| at[number].as_u64().map_or(0, |at| at as usize);
            let source: Vec<u16> = review["source"].as_str().expect("a source").encode_utf16().collect();
            (String::from_utf16_lossy(&source[bound(0)..bound(1)]), item["in_source"]["exact"] == true)
        });
        items.collect::<Vec<_>>()
    };
    let yes = |words: &str| (words.to_owned(), true);
    let markdown = "# Ä\n\nThe *ferry* ran on May 4, 1931.[^a] It ran on May 4, 1931 again.\n\nIt *ran on\nMay 6*, 1931.\n\n\
                    [^a]: See Document 4.\n";
    let review = shown("letter.md", markdown);
    assert_eq!(review["of_source"], false);
    assert_eq!(of(&review, "date")[..2], [yes("May 4, 1931"), yes("May 4, 1931")]);
    let starts: Vec<_> =
        review["items"].as_array().expect("items").iter().map(|it| &it["in_source"]["at"][0]).collect();
    assert!(starts.windows(2).all(|pair| pair[0] != pair[1]), "each stands somewhere else: {starts:?}");
    assert_eq!(of(&review, "note-marker"), [yes("")], "a point");
    assert_eq!(of(&review, "reference"), [yes("Document 4")]);
    let tei = "<TEI xmlns=\"http://www.tei-c.org/ns/1.0\"><teiHeader><fileDesc><titleStmt><title>A</title></titleStmt>\
        <publicationStmt><p>A</p></publicationStmt><sourceDesc><p>A</p></sourceDesc></fileDesc></teiHeader><text><body>\
        <p>On <date when=\"1931-05-04\">May 4</date> the <pb n=\"7\"/>ferry ran.</p></body></text></TEI>";
    let review = shown("letter.xml", tei);
    assert_eq!(of(&review, "date"), [yes("<date when=\"1931-05-04\">May 4")]);
    assert_eq!(of(&review, "page-break"), [yes("<pb n=\"7\"/>")]);
    assert_eq!(shown("letter.txt", LETTER)["source"], Value::Null, "a transcript is its own text");
    let book = post(&router, "/api/convert?to=epub&as=file&name=letter.txt", LETTER);
    let book =
        ask(&router, request("POST", "/api/review?name=letter.epub").body(book.bytes.into()).expect("a request"));
    assert_eq!((&book.json()["source"], &book.json()["of_source"]), (&Value::Null, &Value::Bool(false)));
}
