//! Robustness as seen from outside: a cluster on loopback behind a proxy through which things go wrong, and processes that are killed.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails by panicking")]

mod bulk;
mod command_line;
mod history;
mod killing;
mod killing_documents;
mod plan;
mod proxy;
mod queries;
mod scene;
mod sending;
mod verification;

use std::{path::Path, process::Command};

/// The binary in a home folder, with nothing of the tester's environment.
fn microcred(home: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_microcred"));
    command.env_clear().env("HOME", home).env("XDG_DATA_HOME", home.join("data")).current_dir(home);
    command
}
