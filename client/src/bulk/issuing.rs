//! Issuing to many.

use std::collections::{HashMap, HashSet};

use microcred::{
    error::MicrocredError,
    state::{Achievement, Credential, CredentialStatus, Issuer, IssuerKey, Record as _, UNLIMITED, permission},
};
use solana_account::Account;
use solana_address::Address;
use solana_instruction::Instruction;

use super::{
    BulkError, Options, Problem, RowError, Source,
    accounts::{self, Clock, Latest, find},
    delivery::Fate,
    indices,
    job::{Job, Standing},
    journal::Planned,
    packing::{Issuance, Placed},
    run::{Parts, Record, Run, fate, read_all},
};
use crate::{
    account::decode,
    address,
    instructions::{KeyRef, SYSTEM_PROGRAM},
    learners::Row,
    ledger::{CLOCK, Ledger},
    sending::Budget,
};

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
        book.place(ledger, &options, issuing, rows, ready.now).await?;
    }
    let rent = accounts::rent_minimum(ledger, &options, Credential::SIZE).await?;
    let rent = book.funded.iter().map(|funded| rent.saturating_sub(*funded)).collect();
    let Book { placed, bumps, funded, lines, fates, plan, .. } = book;
    let issuance = Issuance::new(issuing.payer, issuing.key, issuing.achievement);
    let job = Box::new(IssueJob { issuance, placed, bumps, funded, lines });
    Run::size(ledger, options, Parts { job, record, plan, fates, rent, pending }).await
}

/// What is known of each row.
struct Book {
    placed: Vec<Placed>,
    lines: Vec<u64>,
    /// How many bumps each address takes beyond the first.
    bumps: Vec<u8>,
    /// Lamports at addresses where no account is yet.
    funded: Vec<u64>,
    fates: Vec<Fate>,
    /// Whether the journal holds what was decided.
    planned: Vec<bool>,
    plan: Vec<Planned>,
}

impl Book {
    /// Reads where each row stands.
    async fn new(
        ledger: &dyn Ledger,
        issuing: &Issuing,
        rows: &[Row],
        record: &Record,
        options: &Options,
    ) -> Result<Self, BulkError> {
        let mut book = Self {
            placed: Vec::with_capacity(rows.len()),
            lines: rows.iter().map(|row| row.line).collect(),
            bumps: Vec::with_capacity(rows.len()),
            funded: vec![0; rows.len()],
            fates: Vec::with_capacity(rows.len()),
            planned: Vec::with_capacity(rows.len()),
            plan: Vec::new(),
        };
        for row in rows {
            let decided = record.known.planned.get(&row.line);
            let (sequence, status_index) = decided.copied().unwrap_or((0, row.status_index.unwrap_or_default()));
            let (address, bump) = address::credential_and_bump(&issuing.achievement, &row.wallet, sequence);
            let (wallet, digest, expires_at) = (row.wallet, row.digest, row.expires_at);
            book.placed.push(Placed { wallet, digest, expires_at, status_index, sequence, address });
            book.bumps.push(u8::MAX.saturating_sub(bump));
            book.planned.push(decided.is_some());
        }
        let addresses: Vec<_> = book.placed.iter().map(|placed| placed.address).collect();
        let found = read_all(ledger, &addresses, options).await?;
        let mut over = Vec::new();
        for (row, account) in found.iter().enumerate() {
            let (Some(placed), Some(planned), Some(line)) =
                (book.placed.get(row), book.planned.get(row), book.lines.get(row))
            else {
                break;
            };
            if let Some(funded) = book.funded.get_mut(row) {
                *funded = account.as_ref().map_or(0, |account| account.lamports);
            }
            let standing = standing(placed, account.as_ref());
            book.fates.push(match standing {
                standing if *planned => fate(standing, record.known.sent.contains(line)),
                Standing::Done { .. } if is_over(placed, account.as_ref()) => {
                    over.push(row);
                    Fate::Open
                }
                standing => fate(standing, false),
            });
        }
        book.next_ones(ledger, issuing, over, options).await?;
        Ok(book)
    }

    /// Looks for the next sequence of learners whose first credential is over.
    async fn next_ones(
        &mut self,
        ledger: &dyn Ledger,
        issuing: &Issuing,
        over: Vec<usize>,
        options: &Options,
    ) -> Result<(), BulkError> {
        let wallets = over.iter().filter_map(|row| self.placed.get(*row)).map(|placed| placed.wallet).collect();
        let latest = accounts::latest(ledger, options, &issuing.achievement, wallets, 1).await?;
        for (row, Latest { sequence, address, bump, account }) in over.into_iter().zip(latest) {
            let (Some(placed), Some(fate), Some(bumps), Some(funded)) =
                (self.placed.get_mut(row), self.fates.get_mut(row), self.bumps.get_mut(row), self.funded.get_mut(row))
            else {
                break;
            };
            *placed = Placed { sequence, address, ..*placed };
            *bumps = u8::MAX.saturating_sub(bump);
            *funded = account.as_ref().map_or(0, |account| account.lamports);
            *fate = match standing(placed, account.as_ref()) {
                Standing::Open if issuing.again => Fate::Open,
                Standing::Open => Fate::Skipped(format!(
                    "the learner's credential {} is over: to issue number {sequence}, allow to issue again",
                    sequence.saturating_sub(1)
                )),
                Standing::Done { what, .. } | Standing::Closed(what) => Fate::Skipped(what),
            };
        }
        Ok(())
    }

    /// Decides on places in the status lists, and refuses what the ledger shows to be wrong.
    async fn place(
        &mut self,
        ledger: &dyn Ledger,
        options: &Options,
        issuing: &Issuing,
        rows: &[Row],
        now: i64,
    ) -> Result<(), BulkError> {
        let new: Vec<_> = (0..rows.len())
            .filter(|row| self.fates.get(*row) == Some(&Fate::Open) && self.planned.get(*row) == Some(&false))
            .collect();
        if new.is_empty() {
            return Ok(());
        }
        let used: HashMap<_, _> = super::patience::patiently(options, || indices::used(ledger, &issuing.key.issuer))
            .await?
            .into_iter()
            .collect();
        let mut taken: HashSet<u32> = used.keys().copied().collect();
        taken.extend(rows.iter().filter_map(|row| row.status_index));
        let decided = self.placed.iter().zip(&self.planned).filter(|(_, planned)| **planned);
        taken.extend(decided.map(|(placed, _)| placed.status_index));

        let mut errors = Vec::new();
        let mut without = Vec::new();
        for row in &new {
            let Some(Row { line, status_index, expires_at, .. }) = rows.get(*row) else { break };
            let mut wrong = |what| errors.push(RowError { line: *line, what });
            if let Some(expires_at) = expires_at.filter(|expires_at| *expires_at != 0 && *expires_at <= now) {
                wrong(format!("the expiry {} lies in the past", accounts::date(expires_at)));
            }
            match status_index {
                None => without.push(*row),
                Some(place) => {
                    if let Some(other) = used.get(place) {
                        wrong(format!("the status index {place} is that of the credential {other} already"));
                    }
                }
            }
        }
        if !errors.is_empty() {
            return Err(BulkError::Rows(errors));
        }
        let drawn =
            indices::draw(without.len(), &mut taken).ok_or_else(|| BulkError::Unready(vec![Problem::NoPlaces]))?;
        for (row, place) in without.into_iter().zip(drawn) {
            if let Some(placed) = self.placed.get_mut(row) {
                placed.status_index = place;
            }
        }
        self.plan = new
            .iter()
            .filter_map(|row| self.placed.get(*row).zip(self.lines.get(*row)))
            .map(|(placed, line)| Planned(*line, placed.sequence, placed.status_index))
            .collect();
        Ok(())
    }
}

/// What was found to be in order.
struct Ready {
    now: i64,
    pending: bool,
}

impl Ready {
    async fn check(ledger: &dyn Ledger, options: &Options, issuing: &Issuing, count: usize) -> Result<Self, BulkError> {
        let key_account = issuing.key.address();
        let addresses = [CLOCK, issuing.key.issuer, key_account, issuing.achievement];
        let accounts = read_all(ledger, &addresses, options).await?;
        let mut problems = Vec::new();
        let account = |place: usize| accounts.get(place).and_then(Option::as_ref);
        let now = Clock::read(account(0))?;
        let issuer = find::<Issuer>(&issuing.key.issuer, account(1), &mut problems);
        let key = find::<IssuerKey>(&key_account, account(2), &mut problems);
        let achievement = find::<Achievement>(&issuing.achievement, account(3), &mut problems);

        if let Some(issuer) = issuer.filter(|issuer| !issuer.is_active()) {
            problems.push(match issuer.lifecycle() {
                Ok(status) => Problem::Issuer { name: issuer.name().into(), status },
                Err(error) => Problem::Unknown { address: issuing.key.issuer, error },
            });
        }
        if let Some(achievement) = &achievement {
            if achievement.issuer != issuing.key.issuer {
                let (achievement, issuer) = (issuing.achievement, achievement.issuer);
                problems.push(Problem::AnotherIssuers { achievement, issuer });
            }
            if !achievement.is_active() {
                problems.push(match achievement.lifecycle() {
                    Ok(status) => Problem::Achievement { title: achievement.title().into(), status },
                    Err(error) => Problem::Unknown { address: issuing.achievement, error },
                });
            }
        }
        if let Some(key) = &key {
            let index = issuing.key.index;
            if key.key != issuing.key.key {
                problems.push(Problem::AnotherKey { index, key: key.key, signer: issuing.key.key });
            }
            if let Err(error) = key.authorize(permission::ISSUE, &issuing.achievement, now) {
                problems.push(Problem::Key { index, error });
            }
            let (left, wanted) = (key.quota.saturating_sub(key.used), u64::try_from(count).unwrap_or(u64::MAX));
            if key.quota != UNLIMITED && left < wanted {
                problems.push(Problem::Quota { index, left, wanted });
            }
        }
        if !problems.is_empty() {
            return Err(BulkError::Unready(problems));
        }
        Ok(Self { now, pending: achievement.is_some_and(|achievement| achievement.requires_acceptance()) })
    }
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

fn is_over(placed: &Placed, account: Option<&Account>) -> bool {
    account.is_some_and(|account| accounts::is_over(&placed.address, account))
}
