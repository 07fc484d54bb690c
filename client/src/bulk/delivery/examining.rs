//! What a transaction that was refused, or of which nothing is known, means for its rows.

use std::collections::HashSet;

use solana_hash::Hash;
use solana_signer::{Signer, signers::Signers};

use super::{Delivery, Fate, Pack, Trouble};
use crate::{
    bulk::{
        job::Standing,
        journal::{Entry, Landed, Text},
        patience::patiently,
        run::fate,
        summary::{Delivered, Progress},
    },
    error::SendError,
    ledger::{READ_LIMIT, ReadError},
    sending::{Draft, Validity, signing},
};

impl<S: Signers + ?Sized, D: Signer, P: Fn(&Progress)> Delivery<'_, S, D, P> {
    /// Rows of whose transaction nothing came to be known: their accounts may tell; else it is no time to send more.
    pub(super) async fn unknown(&self, rows: &[usize], error: &SendError) -> Result<(), Trouble> {
        let standings = self.standings(rows).await.unwrap_or_default();
        let mut known = true;
        let mut state = self.state();
        for (place, row) in rows.iter().enumerate() {
            let fate = match standings.get(place) {
                Some(Standing::Done { ours: true, .. }) => Fate::Done,
                Some(Standing::Done { what, .. } | Standing::Closed(what)) => Fate::Skipped(what.clone()),
                Some(Standing::Open) | None => {
                    known = false;
                    Fate::Unknown(error.to_string())
                }
            };
            state.set(*row, fate);
        }
        if known && matches!(error, SendError::Unconfirmed { .. }) {
            return Ok(());
        }
        Err(Trouble::Stop(error.to_string()))
    }

    /// Finds out which rows a refusal is about, by their accounts, or by trying halves: the others are sent all the same.
    pub(super) async fn examine(&self, pack: Pack, error: SendError) -> Vec<Pack> {
        let standings = match self.standings(&pack.rows).await {
            Ok(standings) => standings,
            Err(unread) => {
                self.state().stopped.get_or_insert(unread.to_string());
                return Vec::new();
            }
        };
        let mut state = self.state();
        let mut open = Vec::new();
        for (row, standing) in pack.rows.iter().zip(standings) {
            let fate = match standing {
                Standing::Open => {
                    open.push(*row);
                    continue;
                }
                Standing::Done { ours: true, .. } if state.doubtful.contains(row) => Fate::Done,
                // The run began with a read from before an earlier one's transactions.
                standing => fate(standing, self.sent_earlier.contains(&self.job.line(*row))),
            };
            state.set(*row, fate);
        }
        if open.is_empty() {
            return Vec::new();
        }
        if error.microcred().is_some_and(|error| self.job.stops(error)) || error.is_about_funds() {
            state.stopped.get_or_insert(error.to_string());
            return Vec::new();
        }
        let suspect = |rows: &[usize]| Pack { rows: rows.to_vec(), suspect: true };
        match open.as_slice() {
            [row] if pack.rows.len() == 1 => {
                state.set(*row, Fate::Failed(error.to_string()));
                Vec::new()
            }
            rows if rows.len() < pack.rows.len() => vec![suspect(rows)],
            rows => rows.chunks(rows.len().div_ceil(2)).map(suspect).collect(),
        }
    }

    async fn standings(&self, rows: &[usize]) -> Result<Vec<Standing>, ReadError> {
        let mut standings = Vec::with_capacity(rows.len());
        for rows in rows.chunks(READ_LIMIT) {
            let addresses: Vec<_> = rows.iter().map(|row| self.job.credential(*row)).collect();
            let snapshot = patiently(self.options, || self.ledger.read(&addresses)).await?;
            let accounts = rows.iter().zip(&snapshot.accounts);
            standings.extend(accounts.map(|(row, account)| self.job.standing(*row, account.as_ref())));
        }
        Ok(standings)
    }

    /// Simulates what may be refused.
    pub(super) async fn rehearse(&self, draft: &Draft) -> Result<(), Trouble> {
        let validity = Validity::Blockhash(Hash::default());
        let transaction = signing::unsigned(draft.message(&validity));
        match self.ledger.simulate(&transaction).await.map_err(|error| draft.as_passed(&validity, error)) {
            Err(error @ SendError::Refused { .. }) => Err(Trouble::Refused(error)),
            // A simulation that fails otherwise says nothing: sending will tell.
            _ => Ok(()),
        }
    }

    /// Asks once more about transactions of which nothing was known, to count what they cost.
    pub(super) async fn settle(&self) {
        let (unsettled, mut settled) = {
            let mut state = self.state();
            let settled: HashSet<_> = state.delivered.iter().map(|delivered| delivered.signature).collect();
            (std::mem::take(&mut state.unsettled), settled)
        };
        for (signature, lines) in unsettled {
            if !settled.insert(signature) {
                continue;
            }
            let Ok(Some(past)) = self.ledger.outcome(&signature).await else { continue };
            let entry = match &past.failure {
                None => Entry::Landed(Landed { signature: Text(signature), fee: Some(past.fee) }),
                Some(failure) => Entry::Lost { signature: Text(signature), why: failure.to_string() },
            };
            if self.journal.note(&entry).is_err() {
                return;
            }
            if past.failure.is_none() {
                let mut state = self.state();
                state.progress.transactions = state.progress.transactions.saturating_add(1);
                state.delivered.push(Delivered { signature, lines, fee: past.fee });
            }
        }
    }
}
