//! `microcred status-list`.

mod check;
mod export;

use std::process::ExitCode;

use clap::Subcommand;

use crate::full::{error::CliError, session::Session};

/// What is done with status lists.
#[derive(Subcommand, Clone, Debug)]
pub(crate) enum Command {
    /// Write an issuer's status lists from what stands on chain, for its web server
    ///
    /// Each list is written twice: N.json with a Data Integrity proof, and N.jwt as signed token. A
    /// bit is set where a credential is out of force for good: revoked, erased, declined, or its key
    /// compromised. An index never moves, and lists that were published stay. Run it again before
    /// the lists end, and after each revocation that the world is to know of. Where two credentials
    /// share a bit, the lists are written, the bit is set if it is for one of them, and the exit
    /// code is 2.
    #[command(
        after_help = "Example: microcred status-list export --issuer CREATOR/university --out status --key signing.json"
    )]
    Export(export::Arguments),
    /// Check a status list's file, and tell a bit
    ///
    /// Reads both published forms. The exit code is 0 where the bit is not set, 2 where it is, and 5
    /// where the list cannot be relied on.
    #[command(after_help = "Example: microcred status-list check status/0.json --index 94567")]
    Check(check::Arguments),
}

pub(crate) async fn run(session: &Session, command: &Command) -> Result<ExitCode, CliError> {
    match command {
        Command::Export(arguments) => export::run(session, arguments).await,
        Command::Check(arguments) => check::run(session, arguments),
    }
}
