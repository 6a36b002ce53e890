//! `apograph validate` as a user runs it: which schema is taken, what is said, and the forms for other programs.

use std::path::Path;

use assert_cmd::Command;
use serde_json::Value;

type Outcome = Result<(), Box<dyn std::error::Error>>;

const BOATS: &str = "<element name='boats' xmlns='http://relaxng.org/ns/structure/1.0'>
<oneOrMore><element name='boat'><attribute name='name'/><text/></element></oneOrMore></element>";
const FLEET: &str = "<element name='fleet' xmlns='http://relaxng.org/ns/structure/1.0'><empty/></element>";

fn apograph(folder: &Path) -> Command {
    let mut command = Command::cargo_bin("apograph").expect("the program is built");
    command.current_dir(folder);
    command
}

fn said(done: &assert_cmd::assert::Assert) -> String {
    let output = done.get_output();
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

fn folder(files: &[(&str, &str)]) -> Result<tempfile::TempDir, std::io::Error> {
    let folder = tempfile::tempdir()?;
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text)?;
    }
    Ok(folder)
}

#[test]
fn the_schema_that_a_document_names_is_used_when_it_lies_beside_it() -> Outcome {
    let named = "<?xml version='1.0'?><?xml-model href='boats.rng' \
        schematypens='http://relaxng.org/ns/structure/1.0'?><boats><boat name='Lively'/></boats>";
    let folder = folder(&[("boats.rng", BOATS), ("fleet.rng", FLEET), ("named.xml", named)])?;
    let done = apograph(folder.path()).args(["validate", "named.xml"]).assert().code(0);
    assert!(said(&done).contains("valid named.xml (boats.rng)"), "{}", said(&done));
    // What the user names goes before what the document names.
    apograph(folder.path()).args(["validate", "--schema", "fleet.rng", "named.xml"]).assert().code(1);
    Ok(())
}

#[test]
fn a_schema_that_lies_elsewhere_is_told() -> Outcome {
    let letter = include_str!("cases/schemas/valid.tei.xml").replacen(
        "<TEI",
        "<?xml-model href='https://x.test/tei_all.rng' schematypens='http://relaxng.org/ns/structure/1.0'?><TEI",
        1,
    );
    let folder = folder(&[("letter.xml", &letter)])?;
    let done = apograph(folder.path()).args(["validate", "letter.xml"]).assert().code(0);
    assert!(said(&done).contains("`https://x.test/tei_all.rng` does not lie beside it"), "{}", said(&done));
    Ok(())
}

#[test]
fn what_says_the_same_is_said_once() -> Outcome {
    let many = format!("<boats>\n{}</boats>", "<boot name='x'/>\n".repeat(15));
    let folder = folder(&[("boats.rng", BOATS), ("many.xml", &many)])?;
    let done = apograph(folder.path()).args(["validate", "--schema", "boats.rng", "many.xml"]).assert().code(1);
    let said = said(&done);
    assert_eq!(said.matches("`boot` is no element of the schema").count(), 1, "{said}");
    assert!(said.contains("did you mean `boat`? allowed here: `boat`"), "{said}");
    assert!(said.contains("… 14 more like this, in lines 3, 4, 5, 6, 7, 8, 9, 10 …"), "{said}");
    assert!(said.contains("at: /boats/boot"), "{said}");
    Ok(())
}

#[test]
fn embedded_schematron_is_passed_over() -> Outcome {
    let schema = BOATS.replacen(
        "<oneOrMore>",
        "<s:pattern xmlns:s='http://purl.oclc.org/dsdl/schematron'><s:rule context='boat'><s:assert test='false()'/>\
         </s:rule></s:pattern><oneOrMore>",
        1,
    );
    let folder = folder(&[("boats.rng", &schema), ("boats.xml", "<boats><boat name='Lively'/></boats>")])?;
    apograph(folder.path()).args(["validate", "--schema", "boats.rng", "boats.xml"]).assert().code(0);
    Ok(())
}

#[test]
fn json_tells_each_fault_with_place_path_and_what_is_allowed() -> Outcome {
    let folder = folder(&[("boats.rng", BOATS), ("bad.xml", "<boats>\n <boat nam='x'/>\n <boat/>\n</boats>")])?;
    let done =
        apograph(folder.path()).args(["validate", "--json", "--schema", "boats.rng", "bad.xml"]).assert().code(1);
    let verdict: Value = serde_json::from_slice(&done.get_output().stdout)?;
    assert_eq!(verdict["valid"], false);
    let findings = verdict["findings"].as_array().ok_or("no findings")?;
    let codes = findings.iter().map(|finding| finding["code"].as_str().unwrap_or("")).collect::<Vec<_>>();
    assert_eq!(codes, ["attribute.unknown", "attribute.missing", "attribute.missing"]);
    let first = &findings[0];
    assert_eq!((&first["line"], &first["column"]), (&2.into(), &8.into()));
    assert_eq!(first["path"], "/boats/boat");
    assert_eq!(first["allowed"], serde_json::json!(["name"]));
    assert_eq!(first["meant"], "name");
    Ok(())
}

/// The parts of SARIF 2.1.0 that readers of it need (OASIS, §3.13, §3.14, §3.27).
#[test]
fn sarif_has_the_structure_that_its_standard_asks_for() -> Outcome {
    let bad = "<boats>\n <boot/>\n <boat name='x'><p/></boat>\n</boats>";
    let files = [
        ("boats.rng", BOATS),
        ("bad one.xml", bad),
        ("broken.xml", "<boats>\n<boat>"),
        ("good.xml", "<boats><boat name='x'/></boats>"),
    ];
    let folder = folder(&files)?;
    let arguments = ["validate", "--schema", "boats.rng", "--sarif", "-", "bad one.xml", "broken.xml", "good.xml"];
    let done = apograph(folder.path()).args(arguments).assert().code(1);
    let log: Value = serde_json::from_slice(&done.get_output().stdout)?;
    assert_eq!(log["version"], "2.1.0");
    let runs = log["runs"].as_array().ok_or("no runs")?;
    assert_eq!(runs.len(), 1);
    let driver = &runs[0]["tool"]["driver"];
    assert_eq!(driver["name"], "apograph");
    let rules = driver["rules"].as_array().ok_or("no rules")?;
    assert_eq!(runs[0]["artifacts"].as_array().map(Vec::len), Some(3));
    let results = runs[0]["results"].as_array().ok_or("no results")?;
    assert!(results.len() >= 3, "{results:#?}");
    for result in results {
        assert!(matches!(result["level"].as_str(), Some("error" | "warning" | "note")), "{result:#?}");
        assert!(!result["message"]["text"].as_str().unwrap_or("").is_empty(), "{result:#?}");
        let index = result["ruleIndex"].as_u64().ok_or("no rule")? as usize;
        assert_eq!(rules[index]["id"], result["ruleId"]);
        let location = &result["locations"][0]["physicalLocation"];
        let uri = location["artifactLocation"]["uri"].as_str().ok_or("no file")?;
        assert!(!uri.contains(' '), "{uri}");
        let region = &location["region"];
        assert!(region["startLine"].as_u64() >= Some(1), "{result:#?}");
        assert!(region["endColumn"].as_u64() > region["startColumn"].as_u64(), "{result:#?}");
    }
    assert_eq!(results[0]["locations"][0]["logicalLocations"][0]["fullyQualifiedName"], "/boats/boot");

    let arguments = ["validate", "--schema", "boats.rng", "--sarif", "found.sarif", "good.xml"];
    apograph(folder.path()).args(arguments).assert().code(0);
    let log: Value = serde_json::from_slice(&std::fs::read(folder.path().join("found.sarif"))?)?;
    assert_eq!(log["runs"][0]["results"].as_array().map(Vec::len), Some(0));
    Ok(())
}

#[test]
fn hostile_schemas_and_documents_end_in_an_error() -> Outcome {
    let attributes = (0..100_000).map(|number| format!(" a{number}=''")).collect::<String>();
    let deep = "<boats>".repeat(100_000);
    let entities = "<!DOCTYPE a [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;'>\
        <!ENTITY c '&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;'><!ENTITY d '&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;'>\
        <!ENTITY e '&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;'><!ENTITY f '&e;&e;&e;&e;&e;&e;&e;&e;&e;&e;'>\
        <!ENTITY g '&f;&f;&f;&f;&f;&f;&f;&f;&f;&f;'>]><boats>&g;&g;&g;</boats>";
    let recursive = "<grammar xmlns='http://relaxng.org/ns/structure/1.0'><start><ref name='a'/></start>\
        <define name='a'><choice><element name='x'><empty/></element><group><ref name='a'/><ref name='a'/></group></choice></define></grammar>";
    let nested = format!(
        "<element name='a' xmlns='http://relaxng.org/ns/structure/1.0'>{}<empty/>{}</element>",
        "<optional>".repeat(50_000),
        "</optional>".repeat(50_000)
    );
    let files = [
        ("boats.rng", BOATS),
        ("attributes.xml", &format!("<boats{attributes}/>")),
        ("deep.xml", &deep),
        ("entities.xml", entities),
        ("recursive.rng", recursive),
        ("nested.rng", &nested),
        ("self.rng", "<grammar xmlns='http://relaxng.org/ns/structure/1.0'><include href='self.rng'/></grammar>"),
        ("good.xml", "<boats><boat name='x'/></boats>"),
    ];
    let folder = folder(&files)?;
    for document in ["attributes.xml", "deep.xml", "entities.xml"] {
        let done = apograph(folder.path()).args(["validate", "--schema", "boats.rng", document]).assert().code(1);
        assert!(said(&done).contains("limit"), "{document}: {}", said(&done));
    }
    for (schema, expected) in [
        ("recursive.rng", "`a` holds itself without an element between"),
        ("nested.rng", "beyond the limit"),
        ("self.rng", "includes itself"),
    ] {
        let done = apograph(folder.path()).args(["validate", "--schema", schema, "good.xml"]).assert().code(2);
        assert!(said(&done).contains(expected), "{schema}: {}", said(&done));
    }
    Ok(())
}
