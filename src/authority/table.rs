//! Authority files that are tables: CSV with a head of columns, and JSON.
//!
//! | column or key | what it says |
//! | --- | --- |
//! | `id` | the entry's id; without `uri`, names point to `file#id` |
//! | `name` | the name, of persons best inverted: `Moor, Ada` |
//! | `kind` | `person` (if left out), `place`, `org`, `term` |
//! | `variants` | other names, in CSV parted by `;` or `|` |
//! | `from`, `to` | of a person birth and death: `1880`, `1880-05`, `1880-05-04` |
//! | `uri` | the URI of the entry elsewhere: VIAF, Wikidata, GeoNames |
//! | `about` | offices held, with dates in words; the meaning of an abbreviation |

use serde::Deserialize;

use super::{Authorities, Entry, Kind, folded};
use crate::failure::Failure;
use crate::model::{Moment, Target};
use crate::source::Span;

/// One row or object.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Row {
    id: Option<Scalar>,
    name: String,
    kind: Option<String>,
    variants: Variants,
    from: Option<Scalar>,
    to: Option<Scalar>,
    uri: Option<String>,
    about: Option<String>,
}

/// Ids and years may be numbers in JSON.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Scalar {
    Text(String),
    Number(i64),
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Variants {
    Several(Vec<String>),
    One(String),
}

impl Default for Variants {
    fn default() -> Self {
        Self::Several(Vec::new())
    }
}

impl Scalar {
    fn text(self) -> String {
        match self {
            Self::Text(text) => text.trim().to_owned(),
            Self::Number(number) if (0..1000).contains(&number) => format!("{number:04}"),
            Self::Number(number) => number.to_string(),
        }
    }
}

/// Reads a CSV file: a line of column names, then one entry a line.
///
/// # Errors
/// [`Failure::NotWellFormed`] with the line, for a column that is unknown, an entry without a name or without
/// id and URI, or a date that is none.
pub fn from_csv(text: &str) -> Result<Authorities, Failure> {
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).flexible(false).from_reader(text.as_bytes());
    let heads = reader.headers().map_err(|fault| broken(1, &csv_fault(&fault)))?.clone();
    let known = ["id", "name", "kind", "variants", "from", "to", "uri", "about"];
    let heads: Vec<String> = heads.iter().map(|head| head.trim_start_matches('\u{feff}').to_lowercase()).collect();
    if let Some(head) = heads.iter().find(|head| !known.contains(&head.as_str())) {
        return Err(broken(1, &format!("`{head}` is no column; there are {}", known.join(", "))));
    }
    let columns = known.map(|name| heads.iter().position(|head| head == name));
    let mut entries = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|fault| broken(line_of(&fault), &csv_fault(&fault)))?;
        let line = record.position().map_or(0, csv::Position::line);
        let field = |name: &str| {
            let column = known.iter().position(|known| *known == name)?;
            record.get(columns[column]?).filter(|value| !value.is_empty()).map(str::to_owned)
        };
        let row = Row {
            id: field("id").map(Scalar::Text),
            name: field("name").unwrap_or_default(),
            kind: field("kind"),
            variants: Variants::One(field("variants").unwrap_or_default()),
            from: field("from").map(Scalar::Text),
            to: field("to").map(Scalar::Text),
            uri: field("uri"),
            about: field("about"),
        };
        entries.push(entry(row).map_err(|message| broken(line, &message))?);
    }
    Ok(Authorities { entries })
}

/// Reads a JSON file: a list of objects, as `schemas/authorities.schema.json` describes them.
///
/// # Errors
/// [`Failure::NotWellFormed`] with the line and column, or the number of the object and what is wrong with it.
pub fn from_json(text: &str) -> Result<Authorities, Failure> {
    let fault = |message: String| Failure::NotWellFormed { message, span: Span::default() };
    let values: Vec<serde_json::Value> = serde_json::from_str(text).map_err(|cause| fault(cause.to_string()))?;
    let rows = values.into_iter().enumerate().map(|(number, value)| {
        let row: Result<Row, _> = serde_json::from_value(value);
        row.map_err(|cause| cause.to_string())
            .and_then(entry)
            .map_err(|message| fault(format!("entry {}: {message}", number + 1)))
    });
    Ok(Authorities { entries: rows.collect::<Result<_, _>>()? })
}

fn entry(row: Row) -> Result<Entry, String> {
    let name = folded(&row.name);
    if name.is_empty() {
        return Err("it has no `name`".to_owned());
    }
    let kind = match &row.kind {
        None => Kind::Person,
        Some(word) => {
            Kind::of(word).ok_or_else(|| format!("`{word}` is no kind; there are person, place, org, term"))?
        }
    };
    let id = row.id.map(Scalar::text).filter(|id| !id.is_empty());
    let target = match (row.uri.filter(|uri| !uri.is_empty()), id) {
        (Some(uri), _) if !uri.contains(char::is_whitespace) => Target::Elsewhere(uri.into()),
        (Some(uri), _) => return Err(format!("`{uri}` is no URI: it has white space")),
        (None, Some(id)) if !id.contains(char::is_whitespace) => Target::Here(id.into()),
        (None, Some(id)) => return Err(format!("`{id}` is no id: it has white space")),
        (None, None) => return Err(format!("`{name}` has neither `id` nor `uri`")),
    };
    let moment = |value: Option<Scalar>| -> Result<Option<Moment>, String> {
        let Some(text) = value.map(Scalar::text).filter(|text| !text.is_empty()) else { return Ok(None) };
        text.parse().map(Some).map_err(|cause| format!("{cause}"))
    };
    let variants = match row.variants {
        Variants::Several(several) => several,
        Variants::One(one) => one.split([';', '|']).map(str::to_owned).collect(),
    };
    let variants = variants.iter().map(|variant| folded(variant)).filter(|variant| !variant.is_empty()).collect();
    let life = (moment(row.from)?, moment(row.to)?);
    Ok(Entry { kind, target, name, variants, about: row.about.unwrap_or_default(), life })
}

fn broken(line: u64, message: &str) -> Failure {
    Failure::NotWellFormed { message: format!("line {line}: {message}"), span: Span::default() }
}

fn line_of(fault: &csv::Error) -> u64 {
    fault.position().map_or(0, csv::Position::line)
}

fn csv_fault(fault: &csv::Error) -> String {
    match fault.kind() {
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!("it has {len} fields, but the head of the table {expected_len}")
        }
        csv::ErrorKind::Utf8 { .. } => "it is no UTF-8".to_owned(),
        _ => fault.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_and_json_say_the_same() {
        let csv = "id,name,kind,variants,from,to,uri,about\n\
            p1,\"Moor, Ada\",,Mrs Moor;The Harbour Mistress,1880,1940-02-01,,Harbour Master\n\
            ,Port Vale,place,,,,https://sws.geonames.org/1/,\n";
        let json = r#"[
            {"id": "p1", "name": "Moor, Ada", "variants": ["Mrs Moor", "The Harbour Mistress"], "from": 1880,
             "to": "1940-02-01", "about": "Harbour Master"},
            {"name": "Port Vale", "kind": "place", "uri": "https://sws.geonames.org/1/"}
        ]"#;
        let read = from_csv(csv).unwrap();
        assert_eq!(read, from_json(json).unwrap());
        assert_eq!(read.entries[0].target, Target::parse("#p1"));
        assert_eq!(read.entries[0].life.0, Some(Moment::year(1880)));
        assert_eq!(read.within("a.csv").entries[0].target.to_string(), "a.csv#p1");
    }

    #[test]
    fn what_is_wrong_is_said_with_its_line() {
        let told = |csv: &str| from_csv(csv).unwrap_err().to_string();
        assert!(told("id,nom\n1,x\n").contains("line 1: `nom` is no column"));
        assert!(told("id,name\n1,\n").contains("line 2: it has no `name`"));
        assert!(told("id,name,from\n1,x,2\n").contains("line 2: `2` is not a date"));
        assert!(told("id,name\n1,x\n2\n").contains("line 3: it has 1 fields"));
        assert!(from_json("[{}]").unwrap_err().to_string().contains("entry 1: it has no `name`"));
        assert!(from_json("[\n{]").unwrap_err().to_string().contains("line 2"));
    }
}
