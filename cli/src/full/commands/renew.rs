//! `microcred renew`.

use std::path::PathBuf;

use clap::Args;
use microcred_client::{
    Address,
    document::Document,
    documents::{Folder, Provided, Renewal},
    instructions::{RenewArgs, credential},
    learners::Personal,
    lookup::Intent,
    state::{Credential, permission},
};

use crate::full::{
    change::Change,
    credential::{ActingOptions, CredentialOptions, Target},
    documents::{Clerk, DocumentOptions, PersonalOptions, Subject},
    error::CliError,
    presentation::read_json,
    session::Session,
    transaction::TransactionOptions,
    values::{parse_digest, parse_end},
};

const EXAMPLES: &str = "Examples:
  microcred renew CREDENTIAL -k platform.json
  microcred renew CREDENTIAL --document documents/CREDENTIAL.json --documents documents --grade A -k platform.json";

/// By one of the issuer's keys.
#[derive(Args, Clone)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    #[command(flatten)]
    credential: CredentialOptions,
    /// SHA-256 of the new document's canonical JSON, in hexadecimal digits [default: no document]
    #[arg(long, value_name = "HEX", value_parser = parse_digest)]
    digest: Option<[u8; 32]>,
    /// First second after validity, or never [default: as the achievement says]
    #[arg(long, value_name = "TIME", value_parser = parse_end)]
    expires: Option<i64>,
    /// Renew without a document what has one: its file is superseded, and none follows
    #[arg(long, conflicts_with_all = ["digest", "documents"])]
    without_document: bool,
    /// The document that is in force, of which the new one is made
    ///
    /// It goes to ADDRESS.rN.json for the Nth renewal. The learner's name and the like are taken over
    /// unless they are said anew, which is how a document is corrected.
    #[arg(long, value_name = "FILE", requires = "documents", help_heading = "Options for documents")]
    document: Option<PathBuf>,
    #[command(flatten)]
    documents: DocumentOptions,
    #[command(flatten)]
    personal: PersonalOptions,
    #[command(flatten)]
    acting: ActingOptions,
    #[command(flatten)]
    transaction: TransactionOptions,
}

pub(crate) async fn run(session: &Session, arguments: &Arguments) -> Result<(), CliError> {
    let Arguments { credential, acting, transaction, .. } = arguments;
    let corrections = arguments.personal.checked()?;
    let target = Target::find(session, transaction, credential).await?;
    let (issuer, achievement) = (target.issuer(acting)?, target.achievement()?);
    let intent = Intent { permission: permission::RENEW, achievement };
    let key = session.acting_key(transaction, issuer, acting.key_index, &intent).await?;
    let renewing = |args| credential::renew(&key, achievement, target.address, args);
    let change = target.about(Change::new("renew"));

    let (Some(folder), Some(account)) = (&arguments.documents.documents, &target.credential) else {
        require_document_or_none(arguments, &target)?;
        let args = RenewArgs { digest: arguments.digest.unwrap_or_default(), expires_at: arguments.expires };
        return session.conclude(transaction, change, vec![renewing(args)]).await;
    };
    let (clerk, provided) = new_document(session, arguments, (folder, corrections), &target.address, account).await?;
    let args = RenewArgs { digest: *provided.made.document.digest(), expires_at: Some(provided.made.expires_at) };
    let change = change.with_document(clerk.path(&provided));
    match session.conclude(transaction, change, vec![renewing(args)]).await {
        Ok(()) => Ok(()),
        Err(error) => Err(clerk.withdraw(session, &target.address, &provided, error).await),
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
    (folder, corrections): (&PathBuf, Personal),
    address: &Address,
    account: &Credential,
) -> Result<(Clerk, Provided), CliError> {
    let path = arguments.document.as_ref().ok_or_else(|| {
        CliError::Usage("name the document that is in force with --document: the new one is made of it".into())
    })?;
    let old = Document::new(read_json(path)?);
    let renewal = Renewal::of(&old, address, account)
        .map_err(|error| CliError::Document { path: path.clone(), why: error.to_string() })?;
    let subject = Subject {
        issuer: account.issuer,
        achievement: account.achievement,
        definition: renewal.definition().clone(),
        status_lists: Some(renewal.status_lists().clone()),
        secret: None,
    };
    let clerk = Clerk::open(session, folder, arguments.documents.assert_key.as_deref(), subject).await?;
    let award = renewal.award(corrections, arguments.expires, &clerk.office);
    let name = Folder::file_name(address, account.revision.saturating_add(1));
    let provided = clerk.provide(name, &award)?;
    Ok((clerk, provided))
}
