//! Shares of the inputs, so that several machines do one folder.

use std::path::Path;
use std::str::FromStr;

use super::names::fingerprint;

/// One of several shares of the inputs, which is the same wherever and whenever it is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    /// Which, from 1.
    pub number: u64,
    /// Of how many.
    pub count: u64,
}

impl Shard {
    /// True if the share holds the input with this path below the folder that was named: by the path's hash.
    pub fn holds(self, below: &Path) -> bool {
        fingerprint(below.to_string_lossy().as_bytes()) % self.count == self.number - 1
    }
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parsed = text.split_once('/').and_then(|(number, count)| {
            Some(Self { number: number.trim().parse().ok()?, count: count.trim().parse().ok()? })
        });
        parsed
            .filter(|shard| shard.number >= 1 && shard.number <= shard.count)
            .ok_or_else(|| "it is I/N with I from 1 to N, for example 2/4".to_owned())
    }
}
