//! Tells people or programs how a run goes, while it goes: a line about each document; on a terminal a bar, in a log from
//! time to time a line, with rate and remaining time.

use std::io::{IsTerminal, Write};
use std::time::{Duration, Instant};

use super::Arguments;
use crate::batch::outcome::Outcome;
use crate::batch::report::Totals;
use crate::cli::show;
use crate::diagnostic::Severity;

/// How often a log is told how far the run is.
const PAUSE: Duration = Duration::from_secs(30);

/// Tells how it goes.
pub(super) struct Teller<'a> {
    arguments: &'a Arguments,
    /// Standard output belongs to the converted text.
    busy: bool,
    bar: Option<indicatif::ProgressBar>,
    documents: usize,
    told: usize,
    bad: usize,
    begun: Instant,
    paused: Instant,
}

impl<'a> Teller<'a> {
    pub(super) fn new(arguments: &'a Arguments, documents: usize, busy: bool) -> Self {
        let wanted = documents > 1 && !arguments.quiet && !arguments.json && std::io::stderr().is_terminal();
        let bar = wanted.then(|| {
            let bar = indicatif::ProgressBar::new(documents as u64);
            let template = "{bar:30} {human_pos}/{human_len} · {rate} · {eta} left{msg}";
            if let Ok(style) = indicatif::ProgressStyle::with_template(template) {
                let rate = |state: &indicatif::ProgressState, to: &mut dyn std::fmt::Write| {
                    // What can't be shown is not shown.
                    let _ = write!(to, "{:.1}/s", state.per_sec());
                };
                bar.set_style(style.with_key("rate", rate));
            }
            bar
        });
        let now = Instant::now();
        Self { arguments, busy, bar, documents, told: 0, bad: 0, begun: now, paused: now }
    }

    pub(super) fn tell(&mut self, outcome: &Outcome) {
        self.told += 1;
        // A source of many documents counted as one.
        self.documents = self.documents.max(self.told);
        let Some(bar) = &self.bar else {
            self.tell_line(outcome);
            return self.tell_progress();
        };
        // What went well is told by the bar.
        if self.arguments.verbose || outcome.count(Severity::Warning) > 0 || outcome.is_bad(self.arguments.strict) {
            bar.suspend(|| self.tell_line(outcome));
        }
        if outcome.is_bad(self.arguments.strict) {
            self.bad += 1;
            bar.set_message(format!(" · {} failed", self.bad));
        }
        bar.set_length(self.documents as u64);
        bar.inc(1);
    }

    pub(super) fn end(&self, totals: &Totals) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
        if self.documents > 1 && !self.arguments.quiet && !self.arguments.json {
            show::totals(totals);
        }
    }

    fn tell_line(&self, outcome: &Outcome) {
        if self.arguments.json {
            self.tell_json(outcome);
            return;
        }
        let shown = !self.arguments.quiet || outcome.is_bad(self.arguments.strict);
        if shown {
            show::findings(&outcome.input, &outcome.findings, self.arguments.verbose);
        }
        if !self.arguments.quiet {
            show::summary(outcome);
        }
    }

    fn tell_json(&self, outcome: &Outcome) {
        // An outcome holds strings and numbers only; serde_json can't refuse it.
        let Ok(json) = serde_json::to_string(outcome) else { return };
        // A reader that went away is no reason to stop.
        let _ = if self.busy {
            writeln!(std::io::stderr().lock(), "{json}")
        } else {
            writeln!(std::io::stdout().lock(), "{json}")
        };
    }

    fn tell_progress(&mut self) {
        if self.arguments.quiet || self.arguments.json || self.paused.elapsed() < PAUSE {
            return;
        }
        self.paused = Instant::now();
        show::line(&progress(self.told, self.documents, self.begun.elapsed()));
    }
}

fn progress(told: usize, documents: usize, elapsed: Duration) -> String {
    let rate = told as f64 / elapsed.as_secs_f64();
    let left = documents.saturating_sub(told) as f64 / rate;
    let left = if left.is_finite() { left as u64 } else { 0 };
    format!("{told} of {documents} · {rate:.1}/s · {}:{:02}:{:02} left", left / 3600, left / 60 % 60, left % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_is_told_rate_and_remaining_time() {
        assert_eq!(progress(1200, 300_000, Duration::from_secs(2)), "1200 of 300000 · 600.0/s · 0:08:18 left");
        assert_eq!(progress(0, 5, Duration::from_secs(1)), "0 of 5 · 0.0/s · 0:00:00 left");
    }
}
