//! `microcred revoke`.

use std::{path::PathBuf, process::ExitCode};

use clap::{ArgGroup, Args};
use microcred_client::{
    Address,
    bulk::{self, Overview, Revocation, Revoking, Whose},
    lookup::Intent,
    state::{Achievement, Credential, Issuer, Reason, permission},
};

use super::status::{self, Reasoned};
use crate::full::{
    bulk::{BulkOptions, Table, Task},
    credential::{ActingOptions, CredentialOptions},
    error::CliError,
    office::Office,
    session::Session,
    transaction::TransactionOptions,
    values::{AchievementRef, counted, parse_address, parse_reason},
};

const EXAMPLES: &str = "Examples:
  microcred revoke --achievement ISSUER/rust-basics --subject WALLET --reason issued-in-error
  microcred revoke --achievement ISSUER/rust-basics --csv withdrawn.csv --reason payment";

/// A credential, or many.
#[derive(Args, Clone, Debug)]
#[command(after_help = EXAMPLES, group = ArgGroup::new("whose").args(["subject", "csv"]))]
pub(crate) struct Arguments {
    /// Address of the credential
    #[arg(
        value_parser = parse_address,
        required_unless_present_any = ["subject", "csv"],
        conflicts_with_all = ["achievement", "subject", "sequence", "BulkOptions"],
    )]
    credential: Option<Address>,
    /// Instead of its address: the achievement, by address or ISSUER/CODE
    #[arg(long, requires = "whose")]
    achievement: Option<AchievementRef>,
    /// The learner's wallet, or commitment
    #[arg(long, value_name = "ADDRESS", value_parser = parse_address, requires = "achievement", conflicts_with = "BulkOptions")]
    subject: Option<Address>,
    /// Which of the learner's credentials of this achievement, from 0 [default: the latest]
    #[arg(long, value_name = "N", requires = "subject")]
    sequence: Option<u16>,
    /// Instead of one credential: all in this file
    ///
    /// The first line of the CSV file names its columns: wallet or credential, of which each row has
    /// one, and as far as they are wanted learner (a name that stays in the file) and reason. A
    /// wallet stands for its latest credential of --achievement. All rows are checked before anything
    /// is sent. What is sent is written into a journal first, so that the same command takes up a run
    /// that was ended with Ctrl-C, killed or cut off. Since it is for good, you are asked first.
    #[arg(long, value_name = "FILE", conflicts_with_all = [
        "credential", "subject", "sequence", "issuer", "sign_only", "blockhash", "nonce",
    ])]
    csv: Option<PathBuf>,
    /// Why, as a code: issued-in-error, superseded, academic-misconduct, payment, key-compromise,
    /// learner-request, under-review, identity-not-confirmed, requirements-not-met,
    /// assessment-annulled, operations-ceased, legal-order
    #[arg(long, value_parser = parse_reason, default_value = "unspecified")]
    reason: Reason,
    #[command(flatten)]
    acting: ActingOptions,
    #[command(flatten)]
    bulk: BulkOptions,
    #[command(flatten)]
    transaction: TransactionOptions,
}

pub(crate) async fn run(session: &Session, arguments: &Arguments) -> Result<ExitCode, CliError> {
    if let Some(path) = &arguments.csv {
        return many(session, arguments, &Table::read(path)?).await;
    }
    let Arguments { credential, achievement, subject, sequence, reason, acting, transaction, .. } = arguments.clone();
    let credential = CredentialOptions { credential, achievement, subject, sequence };
    status::revoke(session, &Reasoned { credential, reason, acting, transaction }).await?;
    Ok(ExitCode::SUCCESS)
}

/// Revokes all rows of a file.
async fn many(session: &Session, arguments: &Arguments, table: &Table) -> Result<ExitCode, CliError> {
    let Arguments { transaction, acting, bulk: options, reason, .. } = arguments;
    let rows = bulk::read_revocations(&table.bytes).map_err(|errors| table.wrong(errors, ""))?;
    let scene = Scene::look(session, arguments, &rows).await?;
    let intent = Intent { permission: permission::REVOKE, achievement: scene.example };
    let actor = session.acting(transaction, scene.issuer.address, acting.key_index, &intent).await?;
    let achievement = scene.achievement.map(|achievement| achievement.address);
    let revoking = Revoking { payer: session.payer()?.address, actor, achievement, reason: *reason };
    let source = table.source(session, options).await?;
    let run = bulk::revoke(session.ledger().await?, &revoking, &rows, &source, options.options(transaction)).await;
    let task = Task {
        action: "revoke",
        issuer: scene.issuer.linked(),
        achievement: scene.achievement.map(|achievement| achievement.linked()),
        table,
        source: &source,
        options,
        clerk: None,
    };
    let what = scene.achievement.map_or_else(|| scene.issuer.title(), |achievement| achievement.title());
    let consequence = |overview: &Overview| {
        let credentials = counted(overview.to_do, "credential");
        format!("This revokes {credentials} of {what}, for good, reason: {reason}, unless a row says another.")
    };
    task.carry_out(session, run, consequence).await
}

/// Whose credentials are revoked.
struct Scene {
    issuer: Office<Issuer>,
    /// What was named.
    achievement: Option<Office<Achievement>>,
    /// The achievement of one of the credentials.
    example: Address,
}

impl Scene {
    /// Looks at what was named, or at the first credential in the file.
    async fn look(session: &Session, arguments: &Arguments, rows: &[Revocation]) -> Result<Self, CliError> {
        let transaction = &arguments.transaction;
        if let Some(AchievementRef { address, .. }) = arguments.achievement {
            let account = session.find::<Achievement>(&address).await?;
            let issuer = Office::look(session, transaction, account.issuer).await?;
            let achievement = Some(Office { address, account: Some(account) });
            return Ok(Self { issuer, achievement, example: address });
        }
        let first = rows.iter().find_map(|row| match row.whose {
            Whose::Credential(address) => Some(address),
            Whose::Wallet(_) => None,
        });
        let first = first.ok_or_else(|| {
            CliError::Usage("the file names wallets: say with --achievement of what they lose the credential".into())
        })?;
        let credential = session.find::<Credential>(&first).await?;
        let issuer = Office::look(session, transaction, credential.issuer).await?;
        Ok(Self { issuer, achievement: None, example: credential.achievement })
    }
}
