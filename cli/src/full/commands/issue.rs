//! `microcred issue`.

use clap::Args;
use microcred_client::{
    Address, address,
    instructions::{IssueArgs, credential},
    lookup::{self, Intent},
    state::{Achievement, SubjectKind, permission},
};

use crate::full::{
    change::Change,
    credential::ActingOptions,
    error::CliError,
    office::{Office, not_offline},
    session::Session,
    transaction::TransactionOptions,
    values::{AchievementRef, IssuerRef, parse_address, parse_digest, parse_end},
};

/// A new credential.
#[derive(Args, Clone, Debug)]
#[command(after_help = "Example: microcred issue --achievement ISSUER/rust-basics --subject WALLET -k platform.json")]
pub(crate) struct Arguments {
    /// What was earned: the achievement's address, or ISSUER/CODE
    #[arg(long)]
    achievement: AchievementRef,
    /// Who earned it: the learner's wallet
    #[arg(long, value_name = "ADDRESS", value_parser = parse_address)]
    subject: Address,
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
    #[command(flatten)]
    transaction: TransactionOptions,
}

pub(crate) async fn run(session: &Session, arguments: &Arguments) -> Result<(), CliError> {
    let Arguments { achievement: named, subject, transaction, acting, .. } = arguments;
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
