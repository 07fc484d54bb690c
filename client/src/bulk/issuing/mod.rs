//! Issuing to many.

mod book;
#[cfg(feature = "documents")]
mod documents;
mod ready;

use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use microcred::{
    error::MicrocredError,
    state::{Credential, CredentialStatus, Record as _, SubjectKind},
};
use solana_account::Account;
use solana_address::Address;
use solana_instruction::Instruction;
use solana_signer::Signer;

use super::{
    BulkError, Options, RowError, Source, accounts,
    delivery::Fate,
    job::{Job, Standing},
    journal::{Digits, Known, Made, Text},
    packing::{Issuance, Placed},
    run::{Parts, Record, Run},
};
use crate::{
    account::decode,
    instructions::{KeyRef, SYSTEM_PROGRAM},
    learners::Row,
    ledger::Ledger,
    sending::Budget,
};
use book::Book;
#[cfg(feature = "documents")]
pub use documents::{Documents, issue_with_documents};
use ready::Ready;

/// Roughly the compute units of an instruction that issues, of each of its credentials, of each bump that an address takes beyond the
/// first, and of an address that holds lamports already.
const UNITS: u64 = 6_000;
const UNITS_OF_ONE: u64 = 2_600;
const UNITS_OF_A_BUMP: u64 = 385;
const UNITS_WHERE_FUNDED: u64 = 6_000;

/// What is issued to many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Issuing {
    /// Pays fees and rent, and signs.
    pub payer: Address,
    /// The key that issues, and signs.
    pub key: KeyRef,
    /// What is issued.
    pub achievement: Address,
    /// Whether learners whose last credential is over (revoked, declined, erased) are issued the next one.
    pub again: bool,
}

/// Looks at all rows and at the ledger. Rows without a place in the status lists get one: at random, apart from all that the issuer's
/// credentials have, and written into the journal before it is used.
///
/// # Errors
/// [`BulkError`]; nothing was sent then.
pub async fn issue<'a>(
    ledger: &'a dyn Ledger,
    issuing: &Issuing,
    rows: &[Row],
    source: &Source,
    options: Options,
) -> Result<Run<'a>, BulkError> {
    prepare(ledger, issuing, rows, source, options, None).await
}

/// What is made for each row before it is sent.
#[async_trait]
trait Making: Send + Sync {
    /// What identifies the run beside what is issued.
    fn header(&self) -> Vec<(&'static str, String)>;

    /// What the subjects are.
    fn subject_kind(&self) -> SubjectKind;

    /// The subject of a learner.
    fn subject(&self, wallet: &Address) -> Address;

    /// Looks for what earlier runs made of a row, and gives the expiry that goes with it.
    fn look(&mut self, number: usize, placed: &Placed, known: &Known) -> Result<i64, String>;

    /// Who signs.
    fn key(&self) -> Address;

    /// Requires that whoever signs may still do so.
    async fn may_still_sign(&self, ledger: &dyn Ledger, options: &Options) -> Result<(), String>;

    /// Makes what rows lack.
    fn make(&self, rows: &[usize], placed: &[Placed], signer: &dyn Signer) -> Result<Vec<Made>, String>;

    /// The digest of what was made of a row.
    fn digest(&self, row: usize) -> Option<[u8; 32]>;

    /// Whether there is a file with what was made of a row.
    fn has_file(&self, placed: &Placed) -> bool;

    /// Whether a digest is that of the row's file.
    fn is_of_file(&self, placed: &Placed, digest: &[u8; 32]) -> bool;

    /// How many were made by this run.
    fn count(&self) -> usize;
}

async fn prepare<'a>(
    ledger: &'a dyn Ledger,
    issuing: &Issuing,
    rows: &[Row],
    source: &Source,
    options: Options,
    mut making: Option<Box<dyn Making + 'a>>,
) -> Result<Run<'a>, BulkError> {
    let of_documents = making.as_ref().map(|making| making.header()).unwrap_or_default();
    let common = [
        ("issuer", issuing.key.issuer.to_string()),
        ("key", format!("{} ({})", issuing.key.index, issuing.key.key)),
        ("achievement", issuing.achievement.to_string()),
        ("issuing again", issuing.again.to_string()),
    ];
    let header = source.header("issue", common.into_iter().chain(of_documents));
    let mut record = Record::open(source.journal.clone(), header)?;
    record.settle(ledger, &options).await?;

    let subject = |row: &Row| making.as_ref().map_or(row.wallet, |making| making.subject(&row.wallet));
    let digest = |row: &Row| match (&making, record.known.made.get(&row.line)) {
        (None, _) => row.digest,
        (Some(_), Some(Made(_, _, Text(Digits(digest)), _))) => *digest,
        (Some(_), None) => NOT_MADE,
    };
    let mut book = Book::new(ledger, issuing, rows, (subject, digest), &record, &options).await?;
    let open = book.fates.iter().filter(|fate| **fate == Fate::Open).count();
    let mut pending = false;
    if open > 0 {
        let ready = Ready::check(ledger, &options, issuing, open).await?;
        pending = ready.pending;
        book.place(ledger, &options, issuing, rows, &record, ready.now).await?;
        if let Some(making) = making.as_deref_mut() {
            look(&mut book, rows, &record, making)?;
        }
    }
    let rent = accounts::rent_minimum(ledger, &options, Credential::SIZE).await?;
    let rent = book.funded.iter().map(|funded| rent.saturating_sub(*funded)).collect();
    let Book { placed, bumps, funded, lines, fates, plan, on_chain, .. } = book;
    let subject_kind = making.as_ref().map_or(SubjectKind::Wallet, |making| making.subject_kind());
    let issuance = Issuance { subject_kind, ..Issuance::new(issuing.payer, issuing.key, issuing.achievement) };
    let job = Box::new(IssueJob { issuance, placed, bumps, funded, lines, on_chain: Mutex::new(on_chain), making });
    Run::size(ledger, options, Parts { job, record, plan, fates, rent, pending }).await
}

/// Looks what earlier runs made of the rows that are open.
fn look(book: &mut Book, rows: &[Row], record: &Record, making: &mut dyn Making) -> Result<(), BulkError> {
    let mut errors = Vec::new();
    for (number, ((row, placed), fate)) in rows.iter().zip(&mut book.placed).zip(&book.fates).enumerate() {
        if *fate != Fate::Open {
            continue;
        }
        match making.look(number, placed, &record.known) {
            Ok(expires_at) => placed.expires_at = Some(expires_at),
            Err(what) => errors.push(RowError { line: row.line, what }),
        }
    }
    if errors.is_empty() { Ok(()) } else { Err(BulkError::Rows(errors)) }
}

struct IssueJob<'a> {
    issuance: Issuance,
    placed: Vec<Placed>,
    bumps: Vec<u8>,
    funded: Vec<u64>,
    lines: Vec<u64>,
    /// Digest of each row's credential, as far as it is known that there is one.
    on_chain: Mutex<Vec<Option<[u8; 32]>>>,
    making: Option<Box<dyn Making + 'a>>,
}

/// What stands for the digest of a document that is not made: while transactions are sized, and where digests are compared.
const NOT_MADE: [u8; 32] = [0xff; 32];

impl IssueJob<'_> {
    /// A row as it is sent.
    fn of(&self, row: usize) -> Option<Placed> {
        let placed = self.placed.get(row).copied()?;
        let made = self.making.as_ref().map(|making| making.digest(row).unwrap_or(NOT_MADE));
        Some(Placed { digest: made.unwrap_or(placed.digest), ..placed })
    }
}

#[async_trait]
impl Job for IssueJob<'_> {
    fn payer(&self) -> Address {
        self.issuance.payer
    }

    fn line(&self, row: usize) -> u64 {
        self.lines.get(row).copied().unwrap_or_default()
    }

    fn credential(&self, row: usize) -> Address {
        self.placed.get(row).map(|placed| placed.address).unwrap_or_default()
    }

    fn standing(&self, row: usize, account: Option<&Account>) -> Standing {
        let Some(placed) = self.of(row) else { return Standing::Open };
        let mut on_chain = self.on_chain.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(on_chain) = on_chain.get_mut(row) {
            *on_chain = digest(&placed, account);
        }
        standing(&placed, account)
    }

    fn pack(&self, rows: &[usize], budget: Budget) -> Vec<Vec<usize>> {
        self.issuance.pack(&self.placed, rows, budget)
    }

    fn instruction(&self, rows: &[usize]) -> Instruction {
        let placed: Vec<_> = rows.iter().filter_map(|row| self.of(*row)).collect();
        self.issuance.instruction(&placed)
    }

    fn document_key(&self) -> Option<Address> {
        self.making.as_ref().map(|making| making.key())
    }

    async fn may_still_sign(&self, ledger: &dyn Ledger, options: &Options) -> Result<(), String> {
        let Some(making) = &self.making else { return Ok(()) };
        making.may_still_sign(ledger, options).await
    }

    fn make(&self, rows: &[usize], signer: &dyn Signer) -> Result<Vec<Made>, String> {
        self.making.as_ref().map_or(Ok(Vec::new()), |making| making.make(rows, &self.placed, signer))
    }

    fn has_document(&self, row: usize) -> bool {
        self.making.as_ref().is_some_and(|making| making.digest(row).is_some())
    }

    fn has_file(&self, row: usize) -> bool {
        let (Some(making), Some(placed)) = (&self.making, self.placed.get(row)) else { return false };
        making.has_file(placed)
    }

    fn is_on_chain(&self, row: usize) -> bool {
        let (Some(making), Some(placed)) = (&self.making, self.placed.get(row)) else { return false };
        let on_chain = self.on_chain.lock().unwrap_or_else(PoisonError::into_inner).get(row).copied().flatten();
        on_chain.is_some_and(|digest| making.is_of_file(placed, &digest))
    }

    fn documents(&self) -> usize {
        self.making.as_ref().map_or(0, |making| making.count())
    }

    fn units(&self, rows: &[usize]) -> u64 {
        rows.iter().fold(UNITS, |sum, row| {
            let bumps = self.bumps.get(*row).copied().unwrap_or_default();
            let funded = self.funded.get(*row).is_some_and(|lamports| *lamports > 0);
            sum.saturating_add(UNITS_OF_ONE)
                .saturating_add(UNITS_OF_A_BUMP.saturating_mul(bumps.into()))
                .saturating_add(if funded { UNITS_WHERE_FUNDED } else { 0 })
        })
    }

    fn stops(&self, error: MicrocredError) -> bool {
        use MicrocredError as E;

        matches!(
            error,
            E::KeyRetired
                | E::KeyNotYetValid
                | E::KeyNoLongerValid
                | E::KeyWithoutPermission
                | E::KeyOutOfScope
                | E::QuotaExceeded
                | E::NotKeyHolder
                | E::WrongIssuer
                | E::IssuerNotActive
                | E::AchievementNotActive
        )
    }
}

/// What the account at a credential's address says. A credential is this run's if it has the place that the run gave it, and the digest,
/// unless that was replaced since: two runs may be over the same file, each with documents of its own.
fn standing(placed: &Placed, account: Option<&Account>) -> Standing {
    // An address to which somebody sent lamports is as good as an empty one.
    let Some(account) = account.filter(|account| account.owner != SYSTEM_PROGRAM || !account.data.is_empty()) else {
        return Standing::Open;
    };
    match decode::<Credential>(&placed.address, account) {
        Ok(credential) => {
            let status = credential.credential_status().map_or_else(|error| error.message(), CredentialStatus::word);
            let what = format!("the learner has this credential already: {status}");
            let has_digest = credential.revision > 0 || credential.digest == placed.digest;
            Standing::Done { ours: credential.status_index == placed.status_index && has_digest, what }
        }
        Err(error) => Standing::Closed(error.to_string()),
    }
}

/// The digest of the credential at an address; none: there is no credential.
fn digest(placed: &Placed, account: Option<&Account>) -> Option<[u8; 32]> {
    decode::<Credential>(&placed.address, account?).ok().map(|credential| credential.digest)
}
