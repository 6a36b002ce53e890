//! The time of a build that can be repeated (reproducible-builds.org), which stands where else the clock would.

use chrono::{DateTime, Utc};

use crate::batch::Misuse;

/// The variable that says it, in seconds since 1970.
const VARIABLE: &str = "SOURCE_DATE_EPOCH";

/// What the variable says; none if it says nothing.
///
/// # Errors
/// [`Misuse`] if it says what is no time.
pub(super) fn build_time() -> Result<Option<DateTime<Utc>>, Misuse> {
    instant(std::env::var(VARIABLE).ok().as_deref())
}

fn instant(said: Option<&str>) -> Result<Option<DateTime<Utc>>, Misuse> {
    let Some(said) = said.map(str::trim).filter(|said| !said.is_empty()) else { return Ok(None) };
    let instant = said.parse::<i64>().ok().and_then(|seconds| DateTime::from_timestamp(seconds, 0));
    match instant {
        Some(instant) => Ok(Some(instant)),
        None => Err(Misuse::new(format!("`{VARIABLE}` is `{said}`, which is no number of seconds since 1970"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_of_a_build_is_seconds_or_wrong_use() {
        let told =
            |said| instant(said).map(|instant| instant.map(|it| it.to_rfc3339())).map_err(|misuse| misuse.message);
        assert_eq!(told(Some("1714564800")), Ok(Some("2024-05-01T12:00:00+00:00".to_owned())));
        assert_eq!(told(None), Ok(None));
        assert_eq!(told(Some("")), Ok(None));
        assert!(told(Some("yesterday")).is_err_and(|why| why.contains("yesterday")));
    }
}
