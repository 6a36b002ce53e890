//! Where the documents of a file with several begin: an invented one, and on the corpora beside the checkout, where
//! they are, the transcripts of each volume one behind the other, and those of all volumes.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use apograph::read::transcript::Boundaries;

type Outcome<T = ()> = Result<T, Box<dyn std::error::Error>>;

/// The transcripts of each volume, in order, if they are there.
fn volumes() -> Outcome<BTreeMap<String, Vec<String>>> {
    let shared = std::env::var_os("APOGRAPH_SHARED")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared"), PathBuf::from);
    let folder = shared.join("corpora/transcripts/web");
    let mut volumes: BTreeMap<String, BTreeMap<(u32, String), String>> = BTreeMap::new();
    if !folder.is_dir() {
        eprintln!("skipped: there is no {}", folder.display());
        return Ok(BTreeMap::new());
    }
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let Some((volume, number)) = name.rsplit_once("-d") else { continue };
        let digits = number.chars().take_while(char::is_ascii_digit).count();
        let place = (number[..digits].parse()?, number[digits..].to_owned());
        volumes.entry(volume.to_owned()).or_default().insert(place, std::fs::read_to_string(path)?);
    }
    Ok(volumes.into_iter().map(|(name, texts)| (name, texts.into_values().collect())).collect())
}

/// The texts one behind the other, and where each begins.
fn joined<'t>(texts: impl Iterator<Item = &'t String>) -> (String, BTreeSet<usize>) {
    let (mut joined, mut starts) = (String::new(), BTreeSet::new());
    for text in texts {
        starts.insert(joined.len() + text.len() - text.trim_start().len());
        joined.push_str(text.trim_end());
        joined.push_str("\n\n");
    }
    (joined, starts)
}

/// The beginnings that the reader finds.
fn found(text: &str) -> BTreeSet<usize> {
    Boundaries::new().within(text).into_iter().filter_map(|at| usize::try_from(at).ok()).collect()
}

/// True for a line that holds nothing but a page token, and for a blank one.
fn is_page(line: &str) -> bool {
    let line = line.trim();
    line.is_empty() || line.starts_with("[Page ") && line.find(']') == Some(line.len() - 1)
}

/// How many beginnings are found of how many, and how many places are taken for one that are none.
fn score(name: &str, text: &str, starts: &BTreeSet<usize>) -> (usize, usize, usize) {
    // Page tokens above a heading belong to its document or to the one before: nobody can tell.
    let begin = |at: usize| {
        text[at..].split_inclusive('\n').take_while(|line| is_page(line)).fold(at, |at, line| at + line.len())
    };
    let found: BTreeSet<usize> = found(text).into_iter().map(begin).collect();
    let starts: BTreeSet<usize> = starts.iter().copied().map(begin).collect();
    let line = |at: &usize| text[*at..].lines().next().unwrap_or_default().chars().take(100).collect::<String>();
    let wrong: Vec<&usize> = found.difference(&starts).collect();
    let right = found.len() - wrong.len();
    println!("{name}: {right} of {} found, {} wrong", starts.len(), wrong.len());
    wrong.iter().for_each(|at| println!("  wrong at {at}: {}", line(at)));
    starts.difference(&found).for_each(|at| println!("  missed at {at}: {}", line(at)));
    (right, starts.len(), wrong.len())
}

const INVENTED: &str = "\
3. Telegram From the Harbour Board to the Ministry of Ferries1

Port Vale, May 2, 1931.

188. For Moor from Lindqvist. Please tell the clerks to keep the list:

4. Memorandum by the clerk, of which there is no copy.

5. Letters to the quay master.

Lindqvist
  1. Source: Harbour papers.

9. Editorial Note

Nothing else was found.

14. Letter From the Quay Master to the Harbour Board

Port Vale, May 9, 1931.

The boats lie along the quay.

620.11/5–1231: Telegram

The Consul at Port Vale to the Minister of Ferries

Port Vale, May 12, 1931.

The talks have begun.

Editorial Note

The talks ended in June.
";

#[test]
fn documents_with_and_without_numbers_stand_in_one_source() {
    let starts = ["3. Telegram", "9. Editorial", "14. Letter", "620.11/", "Editorial Note\n\nThe talks"];
    let starts: BTreeSet<usize> = starts.iter().filter_map(|start| INVENTED.find(start)).collect();
    assert_eq!(found(INVENTED), starts);
    assert_eq!(starts.len(), 5);
    // What an editor says below a single letter is a part of it.
    let letter =
        "Letter From the Quay Master\n\nPort Vale, May 9, 1931.\n\nThe boats lie.\n\nEditorial Note\n\nNo reply.\n";
    assert_eq!(found(letter), BTreeSet::from([0]));
}

/// The least share of the beginnings that is found.
const LEAST: f64 = 0.98;

#[test]
fn documents_of_the_corpora_are_told_apart() -> Outcome {
    let volumes = volumes()?;
    let (mut right, mut of) = (0, 0);
    let each = volumes.iter().map(|(name, texts)| (name.as_str(), joined(texts.iter())));
    let all = std::iter::once(("all in one", joined(volumes.values().flatten())));
    for (name, (text, starts)) in each.chain(all) {
        let (found, there, wrong) = score(name, &text, &starts);
        assert_eq!(wrong, 0, "{name}");
        (right, of) = (right + found, of + there);
    }
    assert!(right as f64 >= of as f64 * LEAST, "{right} of {of}");
    Ok(())
}
