//! Every command but the demo: arguments, what is in effect, signing, answers.

mod acting;
mod applied;
mod bulk;
mod change;
mod commands;
mod credential;
mod definitions;
mod documents;
mod error;
mod files;
mod office;
mod offline;
mod options;
mod output;
mod presentation;
mod safe;
mod series;
mod session;
mod settings;
mod shown;
mod signers;
mod staged;
mod transaction;
mod values;

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use microcred_client::ledger::Patience;

use self::{
    commands::{
        achievement, apply, bake, certificate, challenge, completions, config, did_web, extract, fund, history, issue,
        issuer, key, keygen, list, present, registry, renew, revoke, show, status, status_list, verify, watch,
    },
    error::CliError,
    options::{Format, GlobalOptions},
    output::Printer,
    session::Session,
};
use crate::DemoArguments;

/// Micro-credentials in education on Solana: issue, verify, suspend, reinstate, revoke.
#[derive(Parser)]
#[command(name = "microcred", version, max_term_width = 100)]
struct Arguments {
    #[command(flatten)]
    options: GlobalOptions,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run the main job on an embedded ledger, from declaring to revoking
    ///
    /// Declares, issues to a file of learners, verifies, changes the status and verifies again.
    Demo(DemoArguments),
    /// Make a ledger as a file declares: registry, issuer, keys, accreditations, achievements
    ///
    /// Shows what would change, asks, and does it. Applied again, it finds nothing to do; after an
    /// interruption, it goes on.
    #[command(
        after_help = "Examples: microcred apply microcred.toml --dry-run\n          microcred apply microcred.toml --key 'course platform=platform.json'"
    )]
    Apply(apply::Arguments),
    /// Create and administer a registry, and accredit issuers in it
    #[command(subcommand)]
    Registry(registry::Command),
    /// Create and administer an issuer
    #[command(subcommand)]
    Issuer(issuer::Command),
    /// Let keys act for an issuer, and end that
    #[command(subcommand)]
    Key(key::Command),
    /// Create and administer what can be earned
    #[command(subcommand)]
    Achievement(achievement::Command),
    /// Issue a credential to a learner, or to all in a file, as one of the issuer's keys
    Issue(issue::Arguments),
    /// Accept a pending credential, as its learner
    Accept(status::Answer),
    /// Decline a pending credential, as its learner
    Decline(status::Answer),
    /// Suspend a credential
    #[command(after_help = "Example: microcred suspend CREDENTIAL --reason under-review")]
    Suspend(status::Reasoned),
    /// Reinstate a suspended credential
    Reinstate(status::Reinstate),
    /// Revoke a credential, or all in a file, for good
    Revoke(revoke::Arguments),
    /// Renew an active credential, as one of the issuer's keys
    Renew(renew::Arguments),
    /// Remove subject and digest of a credential, for good
    Erase(status::Erase),
    /// Put a learner's document into an image, as Open Badges 3.0 says
    #[command(after_help = "Example: microcred bake credential.json --image badge.png --out my-badge.png")]
    Bake(bake::Arguments),
    /// Take the document out of an image
    #[command(after_help = "Example: microcred extract my-badge.png --out credential.json")]
    Extract(extract::Arguments),
    /// Print a learner's document on one page, as a PDF with a code to scan
    #[command(after_help = "Example: microcred certificate credential.json --out certificate.pdf")]
    Certificate(certificate::Arguments),
    /// Show any account, decoded, with names
    Show(show::Arguments),
    /// Give an address lamports where they cost nothing: embedded, localhost, devnet, testnet
    Fund(fund::Arguments),
    /// Verify a credential, or many
    Verify(verify::Arguments),
    /// Make a challenge, for a learner to prove that a document is theirs
    Challenge(challenge::Arguments),
    /// Answer a challenge: show a document as its learner
    Present(present::Arguments),
    /// List credentials, achievements, keys, registries, issuers or accreditations
    #[command(subcommand)]
    List(list::Command),
    /// Tell what happened to an account, the newest first
    History(history::Arguments),
    /// Tell changes as they come, until Ctrl-C
    Watch(watch::Arguments),
    /// Write the status lists that an issuer publishes, and check them
    #[command(subcommand)]
    StatusList(status_list::Command),
    /// Write the DID document of an issuer's web site
    #[command(subcommand)]
    DidWeb(did_web::Command),
    /// Show what is in effect: cluster, ledger, signer, balance, program
    Config,
    /// Write a new keypair, or an issuer's secret, to a file
    Keygen(keygen::Arguments),
    /// Print the completions of a shell
    Completions(completions::Arguments),
}

impl Command {
    /// How long a cluster is asked again before the command gives up: a few seconds, where somebody waits for one answer; longer, where
    /// giving up would leave open what became of a transaction.
    fn patience(&self) -> Patience {
        let is_short = match self {
            Self::Verify(arguments) => !arguments.are_many(),
            Self::Show(_)
            | Self::List(_)
            | Self::History(_)
            | Self::Watch(_)
            | Self::StatusList(_)
            | Self::DidWeb(_)
            | Self::Config => true,
            _ => false,
        };
        if is_short { Patience { attempts: 4, ..Patience::default() } } else { Patience::default() }
    }
}

/// Runs the command line and tells how it ended.
pub(crate) async fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return wrong_usage(&error),
    };
    if let Command::Demo(arguments) = &arguments.command {
        return crate::demonstrate(arguments).await;
    }
    match run(&arguments).await {
        Ok(code) => code,
        Err(error) => {
            if !error.is_closed_pipe() {
                Printer::error(arguments.options.output, &error);
            }
            error.exit_code()
        }
    }
}

async fn run(arguments: &Arguments) -> Result<ExitCode, CliError> {
    if let Command::Completions(arguments) = &arguments.command {
        completions::run(arguments)?;
        return Ok(ExitCode::SUCCESS);
    }
    let session = Session::new(&arguments.options, arguments.command.patience())?;
    match &arguments.command {
        Command::Demo(_) | Command::Completions(_) => {}
        Command::Apply(arguments) => apply::run(&session, arguments).await?,
        Command::Registry(command) => registry::run(&session, command).await?,
        Command::Issuer(command) => issuer::run(&session, command).await?,
        Command::Key(command) => key::run(&session, command).await?,
        Command::Achievement(command) => return achievement::run(&session, command).await,
        Command::Issue(arguments) => return issue::run(&session, arguments).await,
        Command::Accept(arguments) => status::accept(&session, arguments).await?,
        Command::Decline(arguments) => status::decline(&session, arguments).await?,
        Command::Suspend(arguments) => status::suspend(&session, arguments).await?,
        Command::Reinstate(arguments) => status::reinstate(&session, arguments).await?,
        Command::Revoke(arguments) => return revoke::run(&session, arguments).await,
        Command::Renew(arguments) => renew::run(&session, arguments).await?,
        Command::Erase(arguments) => status::erase(&session, arguments).await?,
        Command::Bake(arguments) => bake::run(&session, arguments)?,
        Command::Extract(arguments) => extract::run(&session, arguments)?,
        Command::Certificate(arguments) => certificate::run(&session, arguments)?,
        Command::Show(arguments) => show::run(&session, arguments).await?,
        Command::Fund(arguments) => fund::run(&session, arguments).await?,
        Command::Verify(arguments) => return verify::run(&session, arguments).await,
        Command::Challenge(arguments) => challenge::run(&session, arguments)?,
        Command::Present(arguments) => present::run(&session, arguments)?,
        Command::List(command) => list::run(&session, command).await?,
        Command::History(arguments) => history::run(&session, arguments).await?,
        Command::Watch(arguments) => return watch::run(&session, arguments).await,
        Command::StatusList(command) => return status_list::run(&session, command).await,
        Command::DidWeb(command) => did_web::run(&session, command).await?,
        Command::Config => config::run(&session).await?,
        Command::Keygen(arguments) => keygen::run(&session, arguments)?,
    }
    Ok(ExitCode::SUCCESS)
}

/// Help and version go where they were asked for; wrong usage is told in the format that was asked for.
fn wrong_usage(error: &clap::Error) -> ExitCode {
    let format = Format::asked_for(std::env::args());
    if error.use_stderr() && format != Format::Text {
        let message = error.render().to_string();
        let error = CliError::Usage(message.trim().trim_start_matches("error: ").to_owned());
        Printer::error(format, &error);
        return error.exit_code();
    }
    crate::usage(error)
}
