//! What outputs are called: names that every file system takes, and no two of them the same.

use std::collections::HashSet;
use std::path::{Component, Path, PathBuf};

use super::with_extension;

/// Names that Windows keeps for devices, whatever their extension.
const DEVICES: [&str; 6] = ["con", "prn", "aux", "nul", "conin$", "conout$"];

/// The longest name that file systems take, in bytes, less what extensions and a number may add.
const LONGEST: usize = 200;

/// The first eight bytes of a hash: two of a hundred million names have the same with a chance of one to 3000.
pub(super) fn fingerprint(bytes: &[u8]) -> u64 {
    let [a, b, c, d, e, f, g, h, ..] = *blake3::hash(bytes).as_bytes();
    u64::from_le_bytes([a, b, c, d, e, f, g, h])
}

/// By what two stems collide: many file systems take names that differ only by case for one.
pub(super) fn key(stem: &Path) -> u64 {
    fingerprint(stem.to_string_lossy().to_lowercase().as_bytes())
}

/// A path below the output folder like that of an input, of names that every file system takes: no bytes that are no
/// text, no control or direction characters, none of Windows' devices; never above the folder.
pub(super) fn safe(below: &Path) -> PathBuf {
    below
        .components()
        .filter_map(|part| match part {
            Component::Normal(name) => Some(safe_name(&name.to_string_lossy())),
            _ => None,
        })
        .collect()
}

fn safe_name(name: &str) -> String {
    let mut safe: String = name
        .chars()
        .map(|character| match character {
            '<' | '>' | ':' | '"' | '|' | '?' | '*' | '\\' | '\u{FFFD}' => '_',
            '\u{200E}' | '\u{200F}' | '\u{061C}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' => '_',
            character if character.is_control() => '_',
            character => character,
        })
        .collect();
    if safe.len() > LONGEST {
        let cut = (0..=LONGEST).rev().find(|&at| safe.is_char_boundary(at)).unwrap_or(0);
        safe.truncate(cut);
    }
    if is_device(safe.split('.').next().unwrap_or("")) {
        safe.insert(0, '_');
    }
    safe
}

fn is_device(stem: &str) -> bool {
    let stem = stem.trim_end().to_lowercase();
    let port = |name: &str| stem.strip_prefix(name).is_some_and(|number| number.len() == 1 && number != "0");
    DEVICES.contains(&stem.as_str()) || ((port("com") || port("lpt")) && stem.ends_with(|c: char| c.is_ascii_digit()))
}

/// The names of all inputs, as fingerprints: eight bytes for each, however long the paths.
#[derive(Debug, Default)]
pub(super) struct Names {
    all: Vec<u64>,
    sorted: bool,
}

impl Names {
    pub(super) fn add(&mut self, name: u64) {
        self.all.push(name);
        self.sorted = false;
    }

    pub(super) fn sort(&mut self) {
        self.all.sort_unstable();
        self.sorted = true;
    }

    pub(super) fn holds(&self, name: u64) -> bool {
        debug_assert!(self.sorted, "looked up before all were there");
        self.all.binary_search(&name).is_ok()
    }

    /// True if a name was added more than once.
    pub(super) fn is_shared(&self, name: u64) -> bool {
        let from = self.all.partition_point(|&known| known < name);
        self.all.get(from + 1) == Some(&name)
    }
}

/// Gives inputs whose outputs would collide (`a.txt` and `a.xml`) their whole names: `a.txt.md`, `a.xml.md`; and
/// where that is no help either, a number.
#[derive(Debug, Default)]
pub(super) struct Parted {
    given: HashSet<u64>,
}

impl Parted {
    pub(super) fn name(&mut self, names: &Names, stem: PathBuf, extension: Option<&str>) -> PathBuf {
        if !names.is_shared(key(&stem)) {
            return stem;
        }
        let whole = match extension {
            Some(extension) => with_extension(&stem, extension),
            None => stem,
        };
        let numbered = (2..).map(|number: usize| with_extension(&whole, &number.to_string()));
        let mut candidates = std::iter::once(whole.clone()).chain(numbered);
        let free = candidates.find(|stem| !names.holds(key(stem)) && !self.given.contains(&key(stem)));
        let free = free.unwrap_or(whole);
        self.given.insert(key(&free));
        free
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_made_safe_for_every_file_system() {
        for (name, made) in [
            ("1931/cable", "1931/cable"),
            ("con", "_con"),
            ("a/COM7.b", "a/_COM7.b"),
            ("company", "company"),
            ("a\u{202E}txt", "a_txt"),
            ("a\u{7}b:c", "a_b_c"),
            ("../../up", "up"),
            ("/etc/passwd", "etc/passwd"),
        ] {
            assert_eq!(safe(Path::new(name)), Path::new(made), "{name:?}");
        }
        assert!(safe(Path::new(&"é".repeat(300))).as_os_str().len() <= LONGEST);
    }

    #[test]
    fn a_whole_name_that_is_taken_gets_a_number() {
        let mut names = Names::default();
        let stems = ["a", "A", "a.txt"].map(PathBuf::from);
        stems.iter().for_each(|stem| names.add(key(stem)));
        names.sort();
        let mut parted = Parted::default();
        let given = stems.map(|stem| parted.name(&names, stem, Some("txt")));
        assert_eq!(given, ["a.txt.2", "A.txt.3", "a.txt"].map(PathBuf::from));
    }
}
