//! Issuing to many.

mod book;
mod ready;

use microcred::{
    error::MicrocredError,
    state::{Credential, CredentialStatus, Record as _},
};
use solana_account::Account;
use solana_address::Address;
use solana_instruction::Instruction;

use super::{
    BulkError, Options, Source, accounts,
    delivery::Fate,
    job::{Job, Standing},
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
    let header = source.header(
        "issue",
        [
            ("issuer", issuing.key.issuer.to_string()),
            ("key", format!("{} ({})", issuing.key.index, issuing.key.key)),
            ("achievement", issuing.achievement.to_string()),
            ("issuing again", issuing.again.to_string()),
        ],
    );
    let mut record = Record::open(source.journal.clone(), header)?;
    record.settle(ledger, &options).await?;

    let mut book = Book::new(ledger, issuing, rows, &record, &options).await?;
    let open = book.fates.iter().filter(|fate| **fate == Fate::Open).count();
    let mut pending = false;
    if open > 0 {
        let ready = Ready::check(ledger, &options, issuing, open).await?;
        pending = ready.pending;
        book.place(ledger, &options, issuing, rows, &record, ready.now).await?;
    }
    let rent = accounts::rent_minimum(ledger, &options, Credential::SIZE).await?;
    let rent = book.funded.iter().map(|funded| rent.saturating_sub(*funded)).collect();
    let Book { placed, bumps, funded, lines, fates, plan, .. } = book;
    let issuance = Issuance::new(issuing.payer, issuing.key, issuing.achievement);
    let job = Box::new(IssueJob { issuance, placed, bumps, funded, lines });
    Run::size(ledger, options, Parts { job, record, plan, fates, rent, pending }).await
}

struct IssueJob {
    issuance: Issuance,
    placed: Vec<Placed>,
    bumps: Vec<u8>,
    funded: Vec<u64>,
    lines: Vec<u64>,
}

impl Job for IssueJob {
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
        self.placed.get(row).map_or(Standing::Open, |placed| standing(placed, account))
    }

    fn pack(&self, rows: &[usize], budget: Budget) -> Vec<Vec<usize>> {
        self.issuance.pack(&self.placed, rows, budget)
    }

    fn instruction(&self, rows: &[usize]) -> Instruction {
        let placed: Vec<_> = rows.iter().filter_map(|row| self.placed.get(*row).copied()).collect();
        self.issuance.instruction(&placed)
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

/// What the account at a credential's address says. A credential is this run's if it has the place that the run gave it.
fn standing(placed: &Placed, account: Option<&Account>) -> Standing {
    // An address to which somebody sent lamports is as good as an empty one.
    let Some(account) = account.filter(|account| account.owner != SYSTEM_PROGRAM || !account.data.is_empty()) else {
        return Standing::Open;
    };
    match decode::<Credential>(&placed.address, account) {
        Ok(credential) => {
            let status = credential.credential_status().map_or_else(|error| error.message(), CredentialStatus::word);
            let what = format!("the learner has this credential already: {status}");
            Standing::Done { ours: credential.status_index == placed.status_index, what }
        }
        Err(error) => Standing::Closed(error.to_string()),
    }
}
