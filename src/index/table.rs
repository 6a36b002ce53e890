//! Entries as a table: CSV (RFC 4180) or JSON, one row for each document.

use std::io::{self, Write};

use super::{Correspondent, Entry};

/// The columns of the CSV.
pub const COLUMNS: [&str; 12] =
    ["file", "id", "number", "title", "from", "to", "sender", "addressee", "place", "repository", "notes", "words"];

/// Writes CSV with a line of headings; several senders or addressees stand in one cell, parted by `; `.
///
/// # Errors
/// What the system says.
pub fn csv(entries: &[Entry], to: impl Write) -> io::Result<()> {
    let mut writer = csv::Writer::from_writer(to);
    writer.write_record(COLUMNS)?;
    for entry in entries {
        let said = |text: &Option<String>| text.clone().unwrap_or_default();
        let names = |named: &[Correspondent]| named.iter().map(|one| one.name.as_str()).collect::<Vec<_>>().join("; ");
        let moment =
            |moment: Option<crate::model::Moment>| moment.map_or_else(String::new, |moment| moment.to_string());
        writer.write_record([
            entry.file.clone(),
            said(&entry.id),
            said(&entry.number),
            entry.title.clone(),
            moment(entry.from),
            moment(entry.to),
            names(&entry.senders),
            names(&entry.addressees),
            said(&entry.place),
            said(&entry.repository),
            entry.notes.to_string(),
            entry.words.to_string(),
        ])?;
    }
    writer.flush()
}

/// Writes a JSON array of all entries, with all that is known of them.
///
/// # Errors
/// What the system says.
pub fn json(entries: &[Entry], mut to: impl Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut to, entries)?;
    to.write_all(b"\n")
}
