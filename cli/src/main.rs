//! microcred on the command line: arguments, printing and exit codes.

mod demo;

use std::{path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand};

/// Micro-credentials in education on Solana: issue, verify, suspend, reinstate, revoke.
#[derive(Parser)]
#[command(version, about)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run the main job on an embedded ledger: declare, issue to a file of learners, verify, change the status, verify again
    Demo(DemoArguments),
}

/// What the demo reads, and where it works.
#[derive(clap::Args)]
pub(crate) struct DemoArguments {
    /// What is declared: registry, issuer, keys, accreditation, achievements
    #[arg(long, value_name = "TOML", default_value = "examples/university/microcred.toml")]
    declaration: PathBuf,
    /// Who learns: columns learner, wallet, status_index
    #[arg(long, value_name = "CSV", default_value = "examples/university/learners.csv")]
    learners: PathBuf,
    /// Where the ledger lives; it must be new [default: a temporary file]
    #[arg(long, value_name = "FILE")]
    ledger: Option<PathBuf>,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let result = match Arguments::parse().command {
        Command::Demo(arguments) => demo::run(&arguments).await,
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}
