//! Profiles: how a kind of transcript marks what is not text. A profile is a small TOML file; what it leaves open is
//! found out from the text.

use serde::Deserialize;

use crate::failure::Failure;

/// What is known of how transcripts of one kind are written.
#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// Its name.
    #[serde(default)]
    pub name: String,
    /// What transcripts it fits, in a sentence.
    #[serde(default)]
    pub about: String,
    /// Notes and their markers.
    #[serde(default)]
    pub notes: Notes,
    /// Page breaks.
    #[serde(default)]
    pub pages: Pages,
    /// How lines are set.
    #[serde(default)]
    pub lines: Lines,
}

/// How notes are called and listed. In patterns `N` stands for the number or symbol; `¹` means raised figures.
#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Notes {
    /// How a note is called in the text: `N`, `[N]`, `(N)`, `^N`, `¹`.
    pub markers: Option<Vec<Pattern>>,
    /// How a note begins where it stands: `N.`, `[N]`, `N)`, `¹`.
    pub labels: Option<Vec<Pattern>>,
    /// Where notes stand.
    pub at: Option<At>,
}

/// Where notes stand.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum At {
    /// In a list behind the text.
    End,
    /// At the foot of each page.
    Page,
}

/// How page breaks are written.
#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Pages {
    /// The tokens: `[Page N]`, `[p. N]`, `{N}`, `|N|`; a form feed is one always.
    pub breaks: Option<Vec<Pattern>>,
}

/// How lines are set.
#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Lines {
    /// True if paragraphs are broken into lines of a width.
    pub wrapped: Option<bool>,
    /// The characters with which a word is parted at a line's end.
    pub hyphens: Option<Vec<char>>,
}

/// How a number is written: `[N]`, `N.`, or `¹` for raised figures.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(try_from = "String")]
pub enum Pattern {
    /// The number between two strings, either of which may be empty.
    Around(String, String),
    /// Raised figures.
    Raised,
}

impl TryFrom<String> for Pattern {
    type Error = String;

    fn try_from(pattern: String) -> Result<Self, String> {
        if pattern == "¹" {
            return Ok(Self::Raised);
        }
        match pattern.split_once('N') {
            Some((before, after)) if !after.contains('N') => Ok(Self::Around(before.to_owned(), after.to_owned())),
            _ => Err(format!("`{pattern}` is no pattern: it needs one `N` where the number stands, or be `¹`")),
        }
    }
}

const BUILTIN: [&str; 7] = [
    include_str!("profiles/plain.toml"),
    include_str!("profiles/bracketed.toml"),
    include_str!("profiles/parenthesised.toml"),
    include_str!("profiles/raised.toml"),
    include_str!("profiles/caret.toml"),
    include_str!("profiles/page-notes.toml"),
    include_str!("profiles/typescript.toml"),
];

impl Profile {
    /// Reads a profile from TOML.
    ///
    /// # Errors
    /// [`Failure::Unsupported`], with line, column and what was expected.
    pub fn parse(toml: &str) -> Result<Self, Failure> {
        toml::from_str(toml).map_err(|error| Failure::Unsupported { message: format!("the profile: {error}") })
    }

    /// The profiles that come with the program.
    pub fn builtin() -> impl Iterator<Item = Self> {
        BUILTIN.iter().filter_map(|toml| Self::parse(toml).ok())
    }

    /// The profile of this name that comes with the program.
    pub fn named(name: &str) -> Option<Self> {
        Self::builtin().find(|profile| profile.name == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_profiles_that_come_along_can_be_read_and_have_a_name() {
        for toml in BUILTIN {
            let profile = Profile::parse(toml).expect("it is written as profiles are");
            assert_eq!(Profile::named(&profile.name), Some(profile.clone()));
            assert!(!profile.about.is_empty());
        }
    }

    #[test]
    fn a_pattern_without_a_number_is_refused_with_its_line() {
        let error = Profile::parse("name = \"mine\"\nnotes.markers = [\"[]\"]\n").expect_err("there is no N");
        let said = error.to_string();
        assert!(said.contains("line 2") && said.contains("needs one `N`"), "{said}");
    }
}
