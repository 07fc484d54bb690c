//! `microcred renew`.

use std::path::PathBuf;

use clap::Args;
use microcred_client::{
    Address,
    document::Document,
    documents::{Folder, Provided, Renewal},
    instructions::{RenewArgs, credential},
    learners::Corrections,
    lookup::Intent,
    state::{Achievement, Credential, permission},
};

use crate::full::{
    change::Change,
    credential::{ActingOptions, CredentialOptions, Target},
    documents::{Basis, Clerk, DocumentOptions, LeavingOutOptions, PersonalOptions},
    error::CliError,
    presentation::read_json,
    session::Session,
    transaction::TransactionOptions,
    values::{Time, parse_digest, parse_end},
};

const EXAMPLES: &str = "Examples:
  microcred renew CREDENTIAL -k platform.json
  microcred renew CREDENTIAL --document documents/CREDENTIAL.json --documents documents --grade A -k platform.json

The old document stays good for verifiers that do not ask the chain: revoke and issue anew where it
must not be used.";

/// Both documents have the same place in the status lists, so that those say nothing about the old one.
const OLD_DOCUMENT: &str = "The old document stays good for verifiers that do not ask the chain: revoke and issue anew where it must not be used.";

/// By one of the issuer's keys.
#[derive(Args, Clone)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    #[command(flatten)]
    credential: CredentialOptions,
    /// SHA-256 of the new document's canonical JSON, in hexadecimal digits [default: no document]
    #[arg(long, value_name = "HEX", value_parser = parse_digest)]
    digest: Option<[u8; 32]>,
    /// First second after validity, or never [default: as the achievement says, or as before]
    ///
    /// By default, the achievement's default validity counts from now. As before: where it has none,
    /// and where a document is only corrected, unless the credential has expired.
    #[arg(long, value_name = "TIME", value_parser = parse_end)]
    expires: Option<i64>,
    /// Renew without a document what has one: its file is superseded, and none follows
    #[arg(long, conflicts_with_all = ["digest", "documents"])]
    without_document: bool,
    /// The document that is in force, of which the new one is made
    ///
    /// The new one goes to ADDRESS.rN.json for the Nth renewal. The learner's name and the like are
    /// taken over unless they are said anew or left out, which is how a document is corrected.
    #[arg(long, value_name = "FILE", requires = "documents", help_heading = "Options for documents")]
    document: Option<PathBuf>,
    #[command(flatten)]
    documents: DocumentOptions,
    #[command(flatten)]
    personal: PersonalOptions,
    #[command(flatten)]
    leaving_out: LeavingOutOptions,
    #[command(flatten)]
    acting: ActingOptions,
    #[command(flatten)]
    transaction: TransactionOptions,
}

pub(crate) async fn run(session: &Session, arguments: &Arguments) -> Result<(), CliError> {
    let Arguments { credential, acting, transaction, .. } = arguments;
    let corrections =
        Corrections { said: arguments.personal.checked()?, left_out: arguments.leaving_out.particulars() };
    let target = Target::find(session, transaction, credential).await?;
    let (issuer, achievement) = (target.issuer(acting)?, target.achievement()?);
    require_renewable(&target)?;
    let intent = Intent { permission: permission::RENEW, achievement };
    let key = session.acting_key(transaction, issuer, acting.key_index, &intent).await?;
    let renewing = |args| credential::renew(&key, achievement, target.address, args);
    let change = target.about(Change::new("renew"));

    let (Some(folder), Some(account)) = (&arguments.documents.documents, &target.credential) else {
        require_document_or_none(arguments, &target)?;
        let args = RenewArgs { digest: arguments.digest.unwrap_or_default(), expires_at: arguments.expires };
        let change = change.valid_until(arguments.expires.or_else(|| kept(&target)));
        return session.conclude(transaction, change, vec![renewing(args)]).await;
    };
    let (clerk, provided) = new_document(session, arguments, (folder, corrections), &target.address, account).await?;
    let args = RenewArgs { digest: *provided.made.document.digest(), expires_at: Some(provided.made.expires_at) };
    session.printer.note(expiry(account.expires_at, provided.made.expires_at));
    let change =
        change.remark(OLD_DOCUMENT).with_document(clerk.path(&provided)).valid_until(Some(provided.made.expires_at));
    match session.conclude(transaction, change, vec![renewing(args)]).await {
        Ok(()) => Ok(()),
        Err(error) => Err(clerk.withdraw(session, &target.address, &provided, error).await),
    }
}

/// A renewal that the program would refuse is not begun, since there is another way to the same end.
fn require_renewable(target: &Target) -> Result<(), CliError> {
    if target.earned().is_none_or(Achievement::is_renewable) {
        return Ok(());
    }
    Err(CliError::Usage(format!(
        "{} cannot be renewed, since its achievement's policy does not allow that: revoke it with --reason superseded, and issue anew",
        target.title()
    )))
}

/// The expiry that the program keeps where none is said, if it does.
fn kept(target: &Target) -> Option<i64> {
    let keeps = target.earned().is_some_and(|achievement| achievement.default_validity == 0);
    target.credential.filter(|_| keeps).map(|credential| credential.expires_at)
}

/// What becomes of the expiry, told before anything is sent.
fn expiry(before: i64, after: i64) -> String {
    let words = |at| Time::unless_zero(at).map_or_else(|| "never".into(), |at| at.to_string());
    if before == after {
        format!("The expiry stays: {}.", words(after))
    } else {
        format!("The new expiry: {}; before: {}.", words(after), words(before))
    }
}

/// What would leave a learner with a file that is worth nothing is said, not done by the way.
fn require_document_or_none(arguments: &Arguments, target: &Target) -> Result<(), CliError> {
    let has_document = target.credential.is_some_and(|credential| credential.digest != [0; 32]);
    if !has_document || arguments.digest.is_some() || arguments.without_document {
        return Ok(());
    }
    Err(CliError::Usage(format!(
        "{} has a document, whose file is superseded by this: make a new one of it with --document FILE --documents DIR, give the --digest of one \
         that was made elsewhere, or say --without-document",
        target.title()
    )))
}

/// The new document, there for good.
async fn new_document(
    session: &Session,
    arguments: &Arguments,
    (folder, corrections): (&PathBuf, Corrections),
    address: &Address,
    account: &Credential,
) -> Result<(Clerk, Provided), CliError> {
    let path = arguments.document.as_ref().ok_or_else(|| {
        CliError::Usage("name the document that is in force with --document: the new one is made of it".into())
    })?;
    let old = Document::new(read_json(path)?);
    let renewal = Renewal::of(&old, address, account)
        .map_err(|error| CliError::Document { path: path.clone(), why: error.to_string() })?;
    let basis = Basis {
        issuer: account.issuer,
        achievement: account.achievement,
        definition: renewal.definition().clone(),
        status_lists: Some(renewal.status_lists().clone()),
        secret: None,
    };
    let clerk = Clerk::open(session, folder, arguments.documents.assert_key.as_deref(), basis).await?;
    let award = renewal.award(corrections, arguments.expires, &clerk.office);
    let name = Folder::file_name(address, account.revision.saturating_add(1));
    let provided = clerk.provide(name, &award)?;
    Ok((clerk, provided))
}
