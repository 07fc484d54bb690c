//! microcred on the command line: arguments, printing and exit codes.

mod demo;
mod say;

use std::{io::ErrorKind, path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand};

use crate::demo::DemoError;

/// Exit code where a closed pipe ended the output, as shells report it: 128 + SIGPIPE.
const CLOSED_PIPE: u8 = 141;

/// Micro-credentials in education on Solana: issue, verify, suspend, reinstate, revoke.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

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

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            // Help and version are asked for; anything else is wrong usage. That it cannot be printed changes neither.
            let _ = error.print();
            return if error.use_stderr() { ExitCode::FAILURE } else { ExitCode::SUCCESS };
        }
    };
    let result = match arguments.command {
        Command::Demo(arguments) => demo::run(&arguments).await,
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        // Who reads the output has enough.
        Err(DemoError::Output(error)) if error.kind() == ErrorKind::BrokenPipe => ExitCode::from(CLOSED_PIPE),
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}
