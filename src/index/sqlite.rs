//! Entries as an SQLite database, to be asked in SQL. [`SCHEMA`] says which tables it has.

use std::collections::HashMap;
use std::io::{self, Write};

use rusqlite::{Connection, Transaction, params};

use super::graph::Places;
use super::{Correspondent, Entry};

/// The tables.
///
/// | table | a row for each |
/// | --- | --- |
/// | `documents` | document, with the columns of the CSV |
/// | `correspondents` | sender and addressee of a document |
/// | `names` | person, place, organisation or term that a document names, and how often |
/// | `citations` | reference of a document; `cites` is the document it leads to, if that was read |
pub const SCHEMA: &str = r#"
CREATE TABLE documents (
  key INTEGER PRIMARY KEY, "file" TEXT NOT NULL, "id" TEXT, "number" TEXT, "title" TEXT NOT NULL,
  "from" TEXT, "to" TEXT, "sender" TEXT, "addressee" TEXT, "place" TEXT, "repository" TEXT,
  "notes" INTEGER NOT NULL, "words" INTEGER NOT NULL
) STRICT;
CREATE TABLE correspondents (
  document INTEGER NOT NULL REFERENCES documents (key), part TEXT NOT NULL CHECK (part IN ('sender', 'addressee')),
  name TEXT NOT NULL, uri TEXT
) STRICT;
CREATE TABLE names (
  document INTEGER NOT NULL REFERENCES documents (key),
  kind TEXT NOT NULL CHECK (kind IN ('person', 'place', 'organisation', 'name', 'term')),
  target TEXT NOT NULL, name TEXT NOT NULL, times INTEGER NOT NULL
) STRICT;
CREATE TABLE citations (
  document INTEGER NOT NULL REFERENCES documents (key), target TEXT NOT NULL, cites INTEGER REFERENCES documents (key)
) STRICT;
CREATE INDEX documents_from ON documents ("from");
CREATE INDEX correspondents_name ON correspondents (name);
CREATE INDEX names_target ON names (target);
CREATE INDEX citations_cites ON citations (cites);
PRAGMA user_version = 1;
"#;

/// Writes a whole database.
///
/// # Errors
/// What the system says; what SQLite says would be a fault of this program.
pub fn write(entries: &[Entry], mut to: impl Write) -> io::Result<()> {
    let bytes = database(entries).map_err(io::Error::other)?;
    to.write_all(&bytes)
}

/// The database is made in memory: a file appears whole or not at all.
fn database(entries: &[Entry]) -> rusqlite::Result<Vec<u8>> {
    let mut connection = Connection::open_in_memory()?;
    connection.execute_batch(SCHEMA)?;
    let all = connection.transaction()?;
    let keys: HashMap<String, i64> = entries.iter().map(Entry::address).zip(1..).collect();
    let places = Places::of(entries);
    for (entry, key) in entries.iter().zip(1..) {
        document(&all, entry, key)?;
    }
    // A document may cite a later one.
    for (entry, key) in entries.iter().zip(1..) {
        let mut insert = all.prepare_cached("INSERT INTO citations VALUES (?, ?, ?)")?;
        for target in &entry.references {
            let cited = places.find(entry, target).and_then(|cited| keys.get(&cited.address()));
            insert.execute(params![key, target, cited])?;
        }
    }
    all.commit()?;
    Ok(connection.serialize("main")?.to_vec())
}

fn document(all: &Transaction<'_>, entry: &Entry, key: i64) -> rusqlite::Result<()> {
    let joined = |named: &[Correspondent]| {
        let names: Vec<_> = named.iter().map(|one| one.name.as_str()).collect();
        (!names.is_empty()).then(|| names.join("; "))
    };
    let count = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    all.prepare_cached("INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")?.execute(params![
        key,
        entry.file,
        entry.id,
        entry.number,
        entry.title,
        entry.from.map(|moment| moment.to_string()),
        entry.to.map(|moment| moment.to_string()),
        joined(&entry.senders),
        joined(&entry.addressees),
        entry.place,
        entry.repository,
        count(entry.notes),
        count(entry.words),
    ])?;
    let mut insert = all.prepare_cached("INSERT INTO correspondents VALUES (?, ?, ?, ?)")?;
    for (part, parties) in [("sender", &entry.senders), ("addressee", &entry.addressees)] {
        for party in parties {
            insert.execute(params![key, part, party.name, party.uri])?;
        }
    }
    let mut insert = all.prepare_cached("INSERT INTO names VALUES (?, ?, ?, ?, ?)")?;
    for named in &entry.names {
        insert.execute(params![key, named.kind, named.target, named.name, count(named.times)])?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::index::Named;

    #[test]
    fn a_database_can_be_asked() {
        let entry = |id: &str, references: &[&str]| Entry {
            file: "a.xml".to_owned(),
            id: Some(id.to_owned()),
            title: "Letter".to_owned(),
            from: "1931-05-04".parse().ok(),
            senders: vec![Correspondent { name: "Moor".to_owned(), uri: None }],
            names: vec![Named { kind: "person", target: "#p".to_owned(), name: "Ada".to_owned(), times: 2 }],
            references: references.iter().map(|target| (*target).to_owned()).collect(),
            ..Entry::default()
        };
        let mut bytes = Vec::new();
        write(&[entry("d1", &["#d2", "#d2fn1", "#d9"]), entry("d2", &[])], &mut bytes).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("x.sqlite");
        std::fs::write(&file, &bytes).unwrap();
        let asked = Connection::open(&file).unwrap();
        let one = |sql: &str| asked.query_row(sql, [], |row| row.get::<_, String>(0)).unwrap();
        assert_eq!(one("PRAGMA integrity_check"), "ok");
        assert_eq!(one("SELECT sender || ' ' || \"from\" FROM documents WHERE id = 'd1'"), "Moor 1931-05-04");
        assert_eq!(one("SELECT group_concat(target, ' ') FROM citations WHERE cites = 2"), "#d2 #d2fn1");
        assert_eq!(one("SELECT target FROM citations WHERE cites IS NULL"), "#d9");
        assert_eq!(one("SELECT name || times FROM names LIMIT 1"), "Ada2");
        let mut again = Vec::new();
        write(&[entry("d1", &["#d2", "#d2fn1", "#d9"]), entry("d2", &[])], &mut again).unwrap();
        assert_eq!(bytes, again, "the same entries give the same bytes");
    }
}
