//! Where each row stands, and what is decided about it.

use std::collections::{HashMap, HashSet};

use solana_account::Account;
use solana_address::Address;

use super::{Issuing, digest as of_credential, standing};
use crate::{
    address,
    bulk::{
        BulkError, Options, Problem, RowError,
        accounts::{self, Latest},
        delivery::Fate,
        indices,
        job::Standing,
        journal::Planned,
        packing::Placed,
        patience::patiently,
        run::{Record, fate, read_all},
    },
    learners::Row,
    ledger::Ledger,
};

/// What is known of each row.
pub(super) struct Book {
    pub(super) placed: Vec<Placed>,
    pub(super) lines: Vec<u64>,
    /// How many bumps each address takes beyond the first.
    pub(super) bumps: Vec<u8>,
    /// Lamports at addresses where no account is yet.
    pub(super) funded: Vec<u64>,
    /// Digest of each row's credential, where there is one.
    pub(super) on_chain: Vec<Option<[u8; 32]>>,
    pub(super) fates: Vec<Fate>,
    /// Whether the journal holds what was decided.
    planned: Vec<bool>,
    pub(super) plan: Vec<Planned>,
}

impl Book {
    /// Reads where each row stands.
    pub(super) async fn new(
        ledger: &dyn Ledger,
        issuing: &Issuing,
        rows: &[Row],
        (subject, digest): (impl Fn(&Row) -> Address, impl Fn(&Row) -> [u8; 32]),
        record: &Record,
        options: &Options,
    ) -> Result<Self, BulkError> {
        let mut book = Self {
            placed: Vec::with_capacity(rows.len()),
            lines: rows.iter().map(|row| row.line).collect(),
            bumps: Vec::with_capacity(rows.len()),
            funded: vec![0; rows.len()],
            on_chain: Vec::with_capacity(rows.len()),
            fates: Vec::with_capacity(rows.len()),
            planned: Vec::with_capacity(rows.len()),
            plan: Vec::new(),
        };
        for row in rows {
            let subject = subject(row);
            let decided = record.known.planned.get(&row.line);
            let (sequence, status_index) = decided.copied().unwrap_or((0, row.status_index.unwrap_or_default()));
            let (address, bump) = address::credential_and_bump(&issuing.achievement, &subject, sequence);
            let (digest, expires_at) = (digest(row), row.expires_at);
            book.placed.push(Placed { subject, digest, expires_at, status_index, sequence, address });
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
            book.on_chain.push(of_credential(placed, account.as_ref()));
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
        let subjects = over.iter().filter_map(|row| self.placed.get(*row)).map(|placed| placed.subject).collect();
        let latest = accounts::latest(ledger, options, &issuing.achievement, subjects, 1).await?;
        for (row, Latest { sequence, address, bump, account }) in over.into_iter().zip(latest) {
            let (Some(placed), Some(fate), Some(bumps), Some(funded)) =
                (self.placed.get_mut(row), self.fates.get_mut(row), self.bumps.get_mut(row), self.funded.get_mut(row))
            else {
                break;
            };
            *placed = Placed { sequence, address, ..*placed };
            *bumps = u8::MAX.saturating_sub(bump);
            *funded = account.as_ref().map_or(0, |account| account.lamports);
            if let Some(on_chain) = self.on_chain.get_mut(row) {
                *on_chain = of_credential(placed, account.as_ref());
            }
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
    pub(super) async fn place(
        &mut self,
        ledger: &dyn Ledger,
        options: &Options,
        issuing: &Issuing,
        rows: &[Row],
        record: &Record,
        now: i64,
    ) -> Result<(), BulkError> {
        // The place of a row that was sent is in a transaction that may have landed.
        let mut free: Vec<_> = (0..rows.len())
            .filter(|row| self.fates.get(*row) == Some(&Fate::Open))
            .filter(|row| self.lines.get(*row).is_some_and(|line| !record.known.sent.contains(line)))
            .collect();
        if free.is_empty() {
            return Ok(());
        }
        let used: HashMap<_, _> =
            patiently(options, || indices::used(ledger, &issuing.key.issuer)).await?.into_iter().collect();
        // A place that was decided on may have been taken by others since.
        free.retain(|row| {
            let placed = self.placed.get(*row).zip(self.planned.get(*row));
            placed.is_some_and(|(placed, planned)| !planned || used.contains_key(&placed.status_index))
        });
        let mut taken: HashSet<u32> = used.keys().copied().collect();
        taken.extend(rows.iter().filter_map(|row| row.status_index));
        let decided = self.placed.iter().zip(&self.planned).filter(|(_, planned)| **planned);
        taken.extend(decided.map(|(placed, _)| placed.status_index));

        let mut errors = Vec::new();
        let mut without = Vec::new();
        for row in &free {
            let (Some(Row { line, status_index, expires_at, .. }), Some(planned)) =
                (rows.get(*row), self.planned.get(*row))
            else {
                break;
            };
            let mut wrong = |what| errors.push(RowError { line: *line, what });
            let past = |expires_at: &i64| !planned && *expires_at != 0 && *expires_at <= now;
            if let Some(expires_at) = expires_at.filter(past) {
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
        self.plan = free
            .iter()
            .filter_map(|row| self.placed.get(*row).zip(self.lines.get(*row)))
            .map(|(placed, line)| Planned(*line, placed.sequence, placed.status_index))
            .collect();
        Ok(())
    }
}

fn is_over(placed: &Placed, account: Option<&Account>) -> bool {
    account.is_some_and(|account| accounts::is_over(&placed.address, account))
}
