//! How far a run is, for people who watch it.

use std::{
    io::{self, IsTerminal},
    time::Duration,
};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use microcred_client::bulk::Progress;

use crate::full::{options::Format, output::Printer};

/// How often the bar is drawn anew while nothing happens.
const TICK: Duration = Duration::from_millis(500);
const FORM: &str = "{bar:30} {human_pos} of {human_len} rows, {per_sec:1}, {eta} left{msg}";

/// A progress bar on the standard error, where that is a terminal and answers are for people. It is gone when this is dropped.
pub(super) struct Bar(ProgressBar);

impl Bar {
    pub(super) fn new(rows: usize, printer: &Printer) -> Self {
        if rows == 0 || printer.format() != Format::Text || !io::stderr().is_terminal() {
            return Self(ProgressBar::hidden());
        }
        let bar = ProgressBar::with_draw_target(Some(count(rows)), ProgressDrawTarget::stderr());
        if let Ok(style) = ProgressStyle::with_template(FORM) {
            bar.set_style(style);
        }
        bar.enable_steady_tick(TICK);
        Self(bar)
    }

    pub(super) fn show(&self, progress: &Progress) {
        let over = progress.done.saturating_add(progress.skipped).saturating_add(progress.failed);
        self.0.set_position(count(over));
        if progress.failed > 0 {
            self.0.set_message(format!(", {} failed", progress.failed));
        }
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}

fn count(rows: usize) -> u64 {
    u64::try_from(rows).unwrap_or(u64::MAX)
}
