//! `microcred issue`.

use std::{path::PathBuf, process::ExitCode};

use clap::Args;
use microcred_client::{
    Address, address,
    bulk::{self, Issuing},
    definition,
    document::status_list::Base,
    documents::{Award, Folder, Provided},
    instructions::{IssueArgs, credential},
    learners::{self, Allow, Personal},
    lookup::{self, Intent, Located},
    state::{Achievement, CredentialStatus, Issuer, SubjectKind, permission},
};

use crate::full::{
    bulk::{BulkOptions, Table, Task},
    change::Change,
    credential::ActingOptions,
    definitions::FILE_LIMIT,
    documents::{Basis, Clerk, DocumentOptions, PersonalOptions, read_secret},
    error::CliError,
    files,
    office::{Office, not_offline},
    session::Session,
    transaction::TransactionOptions,
    values::{AchievementRef, IssuerRef, counted, parse_address, parse_digest, parse_end, sol_and_lamports},
};

const EXAMPLES: &str = "Examples:
  microcred issue --achievement ISSUER/rust-basics --subject WALLET -k platform.json
  microcred issue --achievement ISSUER/rust-basics --csv learners.csv -k platform.json
  microcred issue --achievement ISSUER/rust-basics --csv learners.csv --documents documents \\
      --definition microcred.toml -k platform.json";

/// A new credential, or many.
#[derive(Args, Clone)]
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
    /// learner (a name that stays in the file), digest, expires_at and status_index; with --documents
    /// no digest, but name (otherwise learner is the name), email, student_number and grade, which go
    /// into documents only. All rows are checked before anything is sent. What is sent is written
    /// into a journal first, so that the same command takes up a run that was ended with Ctrl-C,
    /// killed or cut off: nobody is left out, and nobody is issued to twice. Since rent stays in the
    /// accounts for good, you are asked first.
    #[arg(long, value_name = "FILE", conflicts_with_all = [
        "subject", "by_commitment", "digest", "expires", "status_index", "sequence", "issuer", "sign_only", "blockhash",
        "nonce", "PersonalOptions",
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
    /// Place in the issuer's status lists [default: one that is free, at random]
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
    documents: DocumentOptions,
    /// The achievement's definition: a declaration with it (TOML), or its object (JSON)
    ///
    /// It is the one whose digest stands on chain, or nothing is made.
    #[arg(long, value_name = "FILE", requires = "documents", help_heading = "Options for documents")]
    definition: Option<PathBuf>,
    /// URL under which the issuer's status lists are [default: URL of its account, and /credentials/status]
    #[arg(long, value_name = "URL", requires = "documents", help_heading = "Options for documents")]
    status_lists: Option<Base>,
    /// The chain does not name learners: its subjects are commitments that documents open
    ///
    /// A learner gets an achievement either privately or publicly. Where one of the two is known,
    /// the other is refused; who holds it privately is not known without the secret.
    #[arg(
        long,
        requires_all = ["documents", "issuer_secret"],
        conflicts_with = "by_commitment",
        help_heading = "Options for documents"
    )]
    private: bool,
    /// The issuer's secret, of which commitments are made; `keygen --secret FILE` writes one
    #[arg(long, value_name = "FILE", requires = "private", help_heading = "Options for documents")]
    issuer_secret: Option<PathBuf>,
    #[command(flatten)]
    personal: PersonalOptions,
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
    let documents = arguments.documents.documents.is_some();
    let allow = Allow { off_curve: arguments.allow_off_curve, documents };
    let rows = learners::read(&table.bytes, allow).map_err(|errors| {
        let otherwise = learners::read(&table.bytes, Allow { off_curve: true, ..allow });
        let fewer = otherwise.map_or_else(|errors| errors.len(), |_| 0) < errors.len();
        let hint = match (fewer, documents) {
            (true, false) => "\nSmart wallets are allowed with --allow-off-curve.",
            (_, false) if learners::read(&table.bytes, Allow { documents: true, ..allow }).is_ok() => {
                "\nDocuments are made with --documents DIR."
            }
            _ => "",
        };
        table.wrong(errors, hint)
    })?;
    let achievement = session.find::<Achievement>(&named.address).await?;
    let issuer = Office::<Issuer>::look(session, transaction, achievement.issuer).await?;
    let intent = Intent { permission: permission::ISSUE, achievement: named.address };
    let key = session.acting_key(transaction, issuer.address, acting.key_index, &intent).await?;
    let issuing = Issuing { payer: session.payer()?.address, key, achievement: named.address, again: *again };
    let source = table.source(session, options).await?;
    let clerk = arguments.clerk(session, &achievement).await?;
    let (ledger, how) = (session.ledger().await?, options.options(transaction));
    let run = match &clerk {
        Some(clerk) => bulk::issue_with_documents(ledger, &issuing, clerk.documents(), &rows, &source, how).await,
        None => bulk::issue(ledger, &issuing, &rows, &source, how).await,
    };
    let achievement = Office { address: named.address, account: Some(achievement) };
    let title = achievement.title();
    let task = Task {
        action: "issue",
        issuer: issuer.linked(),
        achievement: Some(achievement.linked()),
        table,
        source: &source,
        options,
        clerk: clerk.as_ref(),
    };
    let consequence = |overview: &bulk::Overview| {
        let folder = clerk.as_ref().map(|clerk| format!(" Their documents go to {}.", clerk.folder.path().display()));
        format!(
            "This issues {title} to {}, and {} of rent stay in their accounts for good.{}",
            counted(overview.to_do, "learner"),
            sol_and_lamports(overview.rent),
            folder.unwrap_or_default()
        )
    };
    task.carry_out(session, run, consequence).await
}

impl Arguments {
    /// Who makes the documents, if any are to be made.
    async fn clerk(&self, session: &Session, achievement: &Achievement) -> Result<Option<Clerk>, CliError> {
        let Some(folder) = &self.documents.documents else { return Ok(None) };
        let path = self.definition.as_ref().ok_or_else(|| {
            CliError::Usage(
                "documents say what was earned: name the achievement's definition with --definition, as a declaration (TOML) or its object (JSON)"
                    .into(),
            )
        })?;
        let address = self.achievement.address;
        let bytes = files::read(path, FILE_LIMIT)?;
        let definition = definition::read(&bytes, &address, achievement)
            .map_err(|error| CliError::Definition { path: path.clone(), error: Box::new(error) })?;
        let secret = self.issuer_secret.as_deref().map(read_secret).transpose()?;
        let basis = Basis {
            issuer: achievement.issuer,
            achievement: address,
            definition,
            status_lists: self.status_lists.clone(),
            secret,
        };
        Clerk::open(session, folder, self.documents.assert_key.as_deref(), basis).await.map(Some)
    }
}

/// Issues to one subject.
async fn one(session: &Session, arguments: &Arguments, wallet: &Address) -> Result<(), CliError> {
    let Arguments { achievement: named, transaction, acting, .. } = arguments;
    let personal = arguments.personal.checked()?;
    let achievement = Office::<Achievement>::look(session, transaction, named.address).await?;
    let known = achievement.account.as_ref().map(|account| account.issuer);
    let said = acting.issuer.map(|IssuerRef(issuer)| issuer);
    let issuer = known.or(named.issuer).or(said).ok_or_else(|| not_offline("--issuer"))?;
    let intent = Intent { permission: permission::ISSUE, achievement: named.address };
    let key = session.acting_key(transaction, issuer, acting.key_index, &intent).await?;
    let clerk = match &achievement.account {
        Some(account) => arguments.clerk(session, account).await?,
        None => None,
    };
    let subject = clerk.as_ref().map_or(*wallet, |clerk| clerk.office.subject(wallet));
    if subject != *wallet {
        require_none_in_public(session, &named.address, wallet).await?;
    }
    let sequence = match arguments.sequence {
        Some(sequence) => sequence,
        None => next(session, transaction, &named.address, &subject).await?,
    };
    let place = address::credential(&named.address, &subject, sequence);
    let change =
        achievement.about(Change::new("issue").about("credential", place, None)).about("subject", subject, None);
    let payer = session.payer()?.address;
    let issuing = |args| vec![credential::issue(payer, &key, named.address, args)];

    let Some(clerk) = clerk else {
        let status_index = match arguments.status_index {
            Some(index) => index,
            None if transaction.sign_only => return Err(not_offline("--status-index")),
            None => lookup::free_status_index(session.ledger().await?, &issuer).await?,
        };
        let kind = if arguments.by_commitment { SubjectKind::Commitment } else { SubjectKind::Wallet };
        let args = IssueArgs {
            subject,
            sequence,
            subject_kind: kind.code(),
            digest: arguments.digest.unwrap_or_default(),
            expires_at: arguments.expires,
            status_index,
        };
        let change = change.valid_until(arguments.expires);
        return session.conclude(transaction, change, issuing(args)).await;
    };
    let (status_index, provided) = document(session, arguments, &clerk, &place, (*wallet, personal)).await?;
    let args = IssueArgs {
        subject,
        sequence,
        subject_kind: clerk.office.subject_kind().code(),
        digest: *provided.made.document.digest(),
        expires_at: Some(provided.made.expires_at),
        status_index,
    };
    let change = change.with_document(clerk.path(&provided)).valid_until(Some(provided.made.expires_at));
    match session.conclude(transaction, change, issuing(args)).await {
        Ok(()) => Ok(()),
        Err(error) => Err(clerk.withdraw(session, &place, &provided, error).await),
    }
}

/// The document of a new credential, there for good, and its place in the status lists.
async fn document(
    session: &Session,
    arguments: &Arguments,
    clerk: &Clerk,
    credential: &Address,
    (wallet, personal): (Address, Personal),
) -> Result<(u32, Provided), CliError> {
    if arguments.by_commitment {
        return Err(CliError::Usage(
            "of a commitment that was made elsewhere, no document can be made: name the learner's wallet, with --private".into(),
        ));
    }
    if !wallet.is_on_curve() {
        return Err(CliError::Usage(format!(
            "no key can sign for {wallet}, so that its learner could not show to be the document's: name a wallet that can"
        )));
    }
    let office = &clerk.office;
    let wished = arguments.status_index;
    let index = office.status_index(session.ledger().await?, &clerk.folder, credential, wished).await?;
    let award = Award {
        credential: *credential,
        status: office.status(index),
        awarded: None,
        expires_at: arguments.expires,
        learner: office.learner(wallet, personal),
    };
    let provided = clerk.provide(Folder::file_name(credential, 0), &award)?;
    Ok((index, provided))
}

/// Who holds it under their own address does not get it once more under a commitment.
async fn require_none_in_public(session: &Session, achievement: &Address, wallet: &Address) -> Result<(), CliError> {
    let Some(latest) = lookup::latest(session.ledger().await?, achievement, wallet).await? else { return Ok(()) };
    let status = status_of(&latest)?;
    if status.is_over() {
        return Ok(());
    }
    Err(CliError::Usage(format!(
        "{wallet} has a credential of this achievement already that is not private: {}, which is {status}; renew that one, or revoke it first",
        latest.address
    )))
}

fn status_of(latest: &Located) -> Result<CredentialStatus, CliError> {
    latest.credential.credential_status().map_err(|error| CliError::Usage(error.message().into()))
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
    let status = status_of(&latest)?;
    match latest.sequence.checked_add(1) {
        Some(next) if status.is_over() => Ok(next),
        Some(_) => Err(CliError::Usage(format!(
            "{subject} has a credential of this achievement already: {}, which is {status}; renew or revoke that one",
            latest.address
        ))),
        None => Err(CliError::Usage(format!("{subject} has had as many credentials of this achievement as can be"))),
    }
}
