//! `microcred issue`.

use std::{path::PathBuf, process::ExitCode};

use clap::Args;
use microcred_client::{
    Address, address,
    bulk::{self, Issuing},
    instructions::{IssueArgs, credential},
    learners::{self, Allow},
    lookup::{self, Intent},
    state::{Achievement, Issuer, SubjectKind, permission},
};

use crate::full::{
    bulk::{BulkOptions, Table, Task},
    change::Change,
    credential::ActingOptions,
    error::CliError,
    office::{Office, not_offline},
    session::Session,
    transaction::TransactionOptions,
    values::{AchievementRef, IssuerRef, counted, parse_address, parse_digest, parse_end, sol_and_lamports},
};

const EXAMPLES: &str = "Examples:
  microcred issue --achievement ISSUER/rust-basics --subject WALLET -k platform.json
  microcred issue --achievement ISSUER/rust-basics --csv learners.csv -k platform.json";

/// A new credential, or many.
#[derive(Args, Clone, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// What was earned: the achievement's address, or ISSUER/CODE
    #[arg(long)]
    achievement: AchievementRef,
    /// Who earned it: the learner's wallet
    #[arg(
        long,
        value_name = "ADDRESS",
        value_parser = parse_address,
        required_unless_present = "csv",
        conflicts_with_all = ["again", "allow_off_curve", "BulkOptions"],
    )]
    subject: Option<Address>,
    /// Instead of one subject: all learners in this file
    ///
    /// The first line of the CSV file names its columns: wallet, and as far as they are wanted
    /// learner (a name that stays in the file), digest, expires_at and status_index. All rows are
    /// checked before anything is sent. What is sent is written into a journal first, so that the
    /// same command takes up a run that was ended with Ctrl-C, killed or cut off: nobody is left out,
    /// and nobody is issued to twice. Since rent stays in the accounts for good, you are asked first.
    #[arg(long, value_name = "FILE", conflicts_with_all = [
        "subject", "by_commitment", "digest", "expires", "status_index", "sequence", "issuer", "sign_only", "blockhash",
        "nonce",
    ])]
    csv: Option<PathBuf>,
    /// The subject is no wallet but a commitment: a salted hash that only the learner's file opens
    #[arg(long)]
    by_commitment: bool,
    /// SHA-256 of the document's canonical JSON, in hexadecimal digits [default: no document]
    #[arg(long, value_name = "HEX", value_parser = parse_digest)]
    digest: Option<[u8; 32]>,
    /// First second after validity, or never [default: as the achievement says]
    #[arg(long, value_name = "TIME", value_parser = parse_end)]
    expires: Option<i64>,
    /// Place in the issuer's status lists [default: after those that are taken]
    #[arg(long, value_name = "N", required_if_eq("sign_only", "true"))]
    status_index: Option<u32>,
    /// Which of the learner's credentials of this achievement, from 0 [default: the next]
    #[arg(long, value_name = "N", required_if_eq("sign_only", "true"))]
    sequence: Option<u16>,
    #[command(flatten)]
    acting: ActingOptions,
    /// Issue the next credential to learners whose last one is revoked, declined or erased
    #[arg(long, requires = "csv", help_heading = "Options with --csv")]
    again: bool,
    /// Take wallets that no key can sign for, as smart wallets are
    #[arg(long, requires = "csv", help_heading = "Options with --csv")]
    allow_off_curve: bool,
    #[command(flatten)]
    bulk: BulkOptions,
    #[command(flatten)]
    transaction: TransactionOptions,
}

pub(crate) async fn run(session: &Session, arguments: &Arguments) -> Result<ExitCode, CliError> {
    match (&arguments.csv, &arguments.subject) {
        (Some(path), _) => many(session, arguments, &Table::read(path)?).await,
        (None, Some(subject)) => one(session, arguments, subject).await.map(|()| ExitCode::SUCCESS),
        (None, None) => Err(CliError::Usage("say who earned it, with --subject or --csv".into())),
    }
}

/// Issues to all rows of a file.
async fn many(session: &Session, arguments: &Arguments, table: &Table) -> Result<ExitCode, CliError> {
    let Arguments { achievement: named, transaction, acting, bulk: options, again, .. } = arguments;
    let allow = Allow { off_curve: arguments.allow_off_curve, ..Allow::default() };
    let rows = learners::read(&table.bytes, allow).map_err(|errors| {
        let otherwise = learners::read(&table.bytes, Allow { off_curve: true, ..allow });
        let fewer = otherwise.map_or_else(|errors| errors.len(), |_| 0) < errors.len();
        let hint = if fewer { "\nSmart wallets are allowed with --allow-off-curve." } else { "" };
        table.wrong(errors, hint)
    })?;
    let achievement = session.find::<Achievement>(&named.address).await?;
    let issuer = Office::<Issuer>::look(session, transaction, achievement.issuer).await?;
    let intent = Intent { permission: permission::ISSUE, achievement: named.address };
    let key = session.acting_key(transaction, issuer.address, acting.key_index, &intent).await?;
    let issuing = Issuing { payer: session.payer()?.address, key, achievement: named.address, again: *again };
    let source = table.source(session, options).await?;
    let run = bulk::issue(session.ledger().await?, &issuing, &rows, &source, options.options(transaction)).await;
    let achievement = Office { address: named.address, account: Some(achievement) };
    let title = achievement.title();
    let task = Task {
        action: "issue",
        issuer: issuer.linked(),
        achievement: Some(achievement.linked()),
        table,
        source: &source,
        options,
    };
    let consequence = |overview: &bulk::Overview| {
        format!(
            "This issues {title} to {}, and {} of rent stay in their accounts for good.",
            counted(overview.to_do, "learner"),
            sol_and_lamports(overview.rent)
        )
    };
    task.carry_out(session, run, consequence).await
}

/// Issues to one subject.
async fn one(session: &Session, arguments: &Arguments, subject: &Address) -> Result<(), CliError> {
    let Arguments { achievement: named, transaction, acting, .. } = arguments;
    let achievement = Office::<Achievement>::look(session, transaction, named.address).await?;
    let known = achievement.account.as_ref().map(|account| account.issuer);
    let said = acting.issuer.map(|IssuerRef(issuer)| issuer);
    let issuer = known.or(named.issuer).or(said).ok_or_else(|| not_offline("--issuer"))?;
    let intent = Intent { permission: permission::ISSUE, achievement: named.address };
    let key = session.acting_key(transaction, issuer, acting.key_index, &intent).await?;
    let sequence = match arguments.sequence {
        Some(sequence) => sequence,
        None => next(session, transaction, &named.address, subject).await?,
    };
    let status_index = match arguments.status_index {
        Some(index) => index,
        None if transaction.sign_only => return Err(not_offline("--status-index")),
        None => lookup::next_status_index(session.ledger().await?, &issuer).await?,
    };
    let kind = if arguments.by_commitment { SubjectKind::Commitment } else { SubjectKind::Wallet };
    let args = IssueArgs {
        subject: *subject,
        sequence,
        subject_kind: kind.code(),
        digest: arguments.digest.unwrap_or_default(),
        expires_at: arguments.expires,
        status_index,
    };
    let place = address::credential(&named.address, subject, sequence);
    let change =
        achievement.about(Change::new("issue").about("credential", place, None)).about("subject", *subject, None);
    let instruction = credential::issue(session.payer()?.address, &key, named.address, args);
    session.conclude(transaction, change, vec![instruction]).await
}

/// The sequence after the latest credential, which must be over.
async fn next(
    session: &Session,
    transaction: &TransactionOptions,
    achievement: &Address,
    subject: &Address,
) -> Result<u16, CliError> {
    if transaction.sign_only {
        return Err(not_offline("--sequence"));
    }
    let Some(latest) = lookup::latest(session.ledger().await?, achievement, subject).await? else { return Ok(0) };
    let status = latest.credential.credential_status().map_err(|error| CliError::Usage(error.message().into()))?;
    match latest.sequence.checked_add(1) {
        Some(next) if status.is_over() => Ok(next),
        Some(_) => Err(CliError::Usage(format!(
            "{subject} has a credential of this achievement already: {}, which is {status}; renew or revoke that one",
            latest.address
        ))),
        None => Err(CliError::Usage(format!("{subject} has had as many credentials of this achievement as can be"))),
    }
}
