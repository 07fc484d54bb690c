//! microcred on the command line: arguments, printing and exit codes.

mod demo;
#[cfg(feature = "full")]
mod full;
mod say;

use std::{io::ErrorKind, path::PathBuf, process::ExitCode};

#[cfg(not(feature = "full"))]
use clap::{Parser, Subcommand};

use crate::demo::DemoError;

/// Documents are read and canonicalized in many small pieces: half the time goes into allocating them, and with this one half of that.
#[cfg(feature = "full")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Exit code where a closed pipe ended the output, as shells report it: 128 + SIGPIPE.
const CLOSED_PIPE: u8 = 141;

/// Micro-credentials in education on Solana: issue, verify, suspend, reinstate, revoke.
#[cfg(not(feature = "full"))]
#[derive(Parser)]
#[command(version, max_term_width = 100)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[cfg(not(feature = "full"))]
#[derive(Subcommand)]
enum Command {
    /// Run the main job on an embedded ledger, from declaring to revoking
    ///
    /// Declares, issues to a file of learners, verifies, changes the status and verifies again.
    Demo(DemoArguments),
}

/// What the demo reads, and where it works.
#[derive(clap::Args)]
pub(crate) struct DemoArguments {
    /// What is declared
    ///
    /// Registry, issuer, keys, accreditation and achievements. Times are RFC 3339.
    #[arg(long, value_name = "TOML", default_value = "examples/university/microcred.toml")]
    declaration: PathBuf,
    /// Who learns
    ///
    /// Columns learner, wallet, status_index and, where there are documents, digest.
    #[arg(long, value_name = "CSV", default_value = "examples/university/learners.csv")]
    learners: PathBuf,
    /// Where the ledger is kept [default: a temporary file]
    #[arg(long, value_name = "FILE")]
    ledger: Option<PathBuf>,
}

#[cfg(feature = "full")]
#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    full::main().await
}

#[cfg(not(feature = "full"))]
#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match Arguments::try_parse() {
        Ok(Arguments { command: Command::Demo(arguments) }) => demonstrate(&arguments).await,
        Err(error) => usage(&error),
    }
}

/// Help and version are asked for; anything else is wrong usage. That it cannot be printed changes neither.
fn usage(error: &clap::Error) -> ExitCode {
    let _ = error.print();
    if error.use_stderr() { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

/// Runs the demo and tells how it ended.
async fn demonstrate(arguments: &DemoArguments) -> ExitCode {
    match demo::run(arguments).await {
        Ok(()) => ExitCode::SUCCESS,
        // Who reads the output has enough.
        Err(DemoError::Output(error)) if error.kind() == ErrorKind::BrokenPipe => ExitCode::from(CLOSED_PIPE),
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}
