//! Several reports become one: those of the shares of one folder, in the order of the whole.

use std::fmt;
use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::{FORMAT, Misuse, Outcome};

/// How many outcomes of one report are read ahead.
const AHEAD: usize = 16;

/// Hands over the outcomes of several reports in the order of the inputs. Where reports speak of the same input, the
/// report that was named last has the word.
///
/// # Errors
/// [`Misuse`] for a file that can't be read or is no report.
pub fn merge(reports: &[PathBuf], mut each: impl FnMut(Outcome)) -> Result<(), Misuse> {
    std::thread::scope(|threads| {
        let mut heads: Vec<Head> = reports
            .iter()
            .map(|path| {
                let (sender, receiver) = sync_channel(AHEAD);
                threads.spawn(move || {
                    if let Err(misuse) = read(path, &sender) {
                        // Nobody listens any more only when another report was refused.
                        let _ = sender.send(Err(misuse));
                    }
                });
                Head { path, receiver, next: None }
            })
            .collect();
        heads.iter_mut().try_for_each(Head::advance)?;
        while let Some(number) = heads.iter().filter_map(Head::number).min() {
            let mut same: Vec<(usize, Outcome)> = Vec::new();
            for (at, head) in heads.iter_mut().enumerate() {
                while let Some(outcome) = head.take(number)? {
                    same.push((at, outcome));
                }
            }
            let last = |at: usize, input: &str| !same.iter().any(|(other, it)| *other > at && it.input == input);
            let kept: Vec<_> = same.iter().map(|(at, outcome)| last(*at, &outcome.input)).collect();
            same.into_iter().zip(kept).filter(|(_, kept)| *kept).for_each(|((_, outcome), _)| each(outcome));
        }
        Ok(())
    })
}

/// One report, and what it tells next.
struct Head<'r> {
    path: &'r Path,
    receiver: Receiver<Result<Outcome, Misuse>>,
    next: Option<Outcome>,
}

impl Head<'_> {
    fn number(&self) -> Option<usize> {
        self.next.as_ref().map(|outcome| outcome.number)
    }

    fn advance(&mut self) -> Result<(), Misuse> {
        let before = self.number();
        self.next = self.receiver.recv().ok().transpose()?;
        if before > self.number() && self.next.is_some() {
            return Err(Misuse::new(format!("`{}` does not keep the order of its documents", self.path.display())));
        }
        Ok(())
    }

    /// The next outcome if it has this number.
    fn take(&mut self, number: usize) -> Result<Option<Outcome>, Misuse> {
        if self.number() != Some(number) {
            return Ok(None);
        }
        let next = self.next.clone();
        self.advance()?;
        Ok(next)
    }
}

fn read(path: &Path, sender: &SyncSender<Result<Outcome, Misuse>>) -> Result<(), Misuse> {
    let refused = |cause: &dyn fmt::Display| {
        Misuse::new(format!("`{}` is no report: {cause}", path.display()))
            .hint("reports are made by `apograph convert … --report FILE.json`")
    };
    let file = File::open(path).map_err(|cause| refused(&cause))?;
    let mut json = serde_json::Deserializer::from_reader(BufReader::new(file));
    Whole(sender).deserialize(&mut json).map_err(|cause| refused(&cause))?;
    json.end().map_err(|cause| refused(&cause))
}

/// A report, whose documents are sent one after the other.
struct Whole<'s>(&'s SyncSender<Result<Outcome, Misuse>>);

struct Documents<'s>(&'s SyncSender<Result<Outcome, Misuse>>);

impl<'de> DeserializeSeed<'de> for Whole<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Whole<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an object with \"format\": \"{FORMAT}\"")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut known = false;
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "format" => known = map.next_value::<String>()? == FORMAT,
                "documents" if known => map.next_value_seed(Documents(self.0))?,
                _ => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        if known { Ok(()) } else { Err(A::Error::custom(format!("there is no \"format\": \"{FORMAT}\" in it"))) }
    }
}

impl<'de> DeserializeSeed<'de> for Documents<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Documents<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of documents")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut documents: A) -> Result<(), A::Error> {
        while let Some(outcome) = documents.next_element::<Outcome>()? {
            if self.0.send(Ok(outcome)).is_err() {
                return Err(A::Error::custom("nobody listens"));
            }
        }
        Ok(())
    }
}
