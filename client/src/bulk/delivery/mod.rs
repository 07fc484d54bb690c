//! Gets packed rows onto the ledger, several transactions at a time.
//!
//! Nothing here relies on what a transaction was thought to have done: a row is done when its account says so. Sending a row twice has no other
//! effect than sending it once, because its credential has one address and is revoked once; so whatever is in doubt may be sent again.

mod examining;

use std::{
    collections::{HashSet, VecDeque},
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use futures_util::{StreamExt, stream::FuturesUnordered};
use solana_hash::Hash;
use solana_instruction_error::InstructionError;
use solana_signature::Signature;
use solana_signer::{Signer, signers::Signers};
use solana_transaction::versioned::VersionedTransaction;
use solana_transaction_error::TransactionError;

use super::{
    Options,
    job::Job,
    journal::{Entry, Journal, JournalError, Landed, Sending, Text},
    patience::pause,
    summary::{Delivered, Progress},
};
use crate::{
    error::{Refusal, SendError},
    ledger::{Ledger, Lifetime, ReadError},
    sending::{Budget, Draft, MAX_COMPUTE_UNITS, Validity, signing},
};

/// How long a blockhash is signed with: half of the time that it is good, so that the other half is left to land in.
const FRESH: Duration = Duration::from_secs(30);

/// For how many rows documents are made together: making files durable takes hardly longer for many than for one.
const AHEAD: usize = 64;

/// Rows for one transaction.
#[derive(Clone, Debug)]
pub(super) struct Pack {
    pub(super) rows: Vec<usize>,
    /// Perhaps it is refused: a simulation finds out for free.
    pub(super) suspect: bool,
}

/// What is known about a row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum Fate {
    /// It is to be done.
    #[default]
    Open,
    Done,
    DoneEarlier,
    Skipped(String),
    Failed(String),
    Unknown(String),
}

/// What changes while packs are delivered.
#[derive(Debug, Default)]
pub(super) struct State {
    pub(super) fates: Vec<Fate>,
    /// Rows that a transaction may have done of which nothing is known for certain.
    pub(super) doubtful: HashSet<usize>,
    /// Transactions of that kind.
    pub(super) unsettled: Vec<(Signature, Vec<u64>)>,
    pub(super) delivered: Vec<Delivered>,
    pub(super) progress: Progress,
    pub(super) budget: Budget,
    pub(super) stopped: Option<String>,
}

impl State {
    pub(super) fn set(&mut self, row: usize, fate: Fate) {
        let counter = match fate {
            Fate::Open => return,
            Fate::Done => &mut self.progress.done,
            Fate::DoneEarlier | Fate::Skipped(_) => &mut self.progress.skipped,
            Fate::Failed(_) | Fate::Unknown(_) => &mut self.progress.failed,
        };
        *counter = counter.saturating_add(1);
        if let Some(place) = self.fates.get_mut(row) {
            *place = fate;
        }
    }
}

/// One run's delivery.
pub(super) struct Delivery<'r, S: ?Sized, D, P> {
    pub(super) ledger: &'r dyn Ledger,
    pub(super) job: &'r dyn Job,
    pub(super) journal: &'r Journal,
    /// Lines of rows that earlier runs with this journal were about to send.
    pub(super) sent_earlier: &'r HashSet<u64>,
    pub(super) options: &'r Options,
    pub(super) signers: &'r S,
    /// Signs documents, where they are made.
    pub(super) document_signer: Option<&'r D>,
    pub(super) progress: &'r P,
    pub(super) state: Mutex<State>,
    pub(super) lifetime: tokio::sync::Mutex<Option<(Lifetime, Instant)>>,
}

/// Why a pack was not delivered.
enum Trouble {
    /// It was refused.
    Refused(SendError),
    /// It is to be sent again at once.
    Again,
    /// Nothing can be sent any more.
    Stop(String),
}

impl From<JournalError> for Trouble {
    fn from(error: JournalError) -> Self {
        Self::Stop(error.to_string())
    }
}

impl<S: Signers + ?Sized, D: Signer, P: Fn(&Progress)> Delivery<'_, S, D, P> {
    /// Delivers all packs, or stops where there is no use in going on.
    pub(super) async fn all(&self, mut waiting: VecDeque<Pack>) {
        let at_once = if self.signers.is_interactive() { 1 } else { self.options.concurrency.max(1) };
        let mut under_way = FuturesUnordered::new();
        loop {
            while under_way.len() < at_once && self.state().stopped.is_none() {
                let Some(pack) = waiting.pop_front() else { break };
                if let Err(why) = self.make_ahead(&pack, &waiting).await {
                    self.state().stopped.get_or_insert(why);
                    break;
                }
                under_way.push(self.deliver(pack));
            }
            let Some(again) = under_way.next().await else { break };
            for pack in again.into_iter().rev() {
                waiting.push_front(pack);
            }
            let progress = self.state().progress;
            (self.progress)(&progress);
        }
        self.settle().await;
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Delivers one pack; what is to be sent anew comes back.
    async fn deliver(&self, pack: Pack) -> Vec<Pack> {
        match self.attempt(&pack).await {
            Ok(()) => Vec::new(),
            Err(Trouble::Refused(error)) => self.examine(pack, error).await,
            Err(Trouble::Again) => vec![pack],
            Err(Trouble::Stop(why)) => {
                self.state().stopped.get_or_insert(why);
                Vec::new()
            }
        }
    }

    async fn attempt(&self, pack: &Pack) -> Result<(), Trouble> {
        if pack.suspect {
            self.rehearse(&self.draft(&pack.rows)).await?;
        }
        self.make(&pack.rows).await.map_err(Trouble::Stop)?;
        let draft = self.draft(&pack.rows);
        let mut expired = None;
        let mut why = String::new();
        for attempt in 0..self.options.policy.attempts.max(1) {
            pause(self.options, attempt).await;
            let lifetime = match self.lifetime(expired).await {
                Ok(lifetime) => lifetime,
                Err(error) => {
                    why = error.to_string();
                    continue;
                }
            };
            let validity = Validity::Blockhash(lifetime.blockhash);
            let transaction = signing::sign(draft.message(&validity), self.signers)
                .map_err(|error| Trouble::Stop(error.to_string()))?;
            let signature = transaction.signatures.first().copied().unwrap_or_default();
            let lines = self.lines(&pack.rows);
            let until = lifetime.last_valid_block_height;
            let sending = Sending { signature: Text(signature), until, lines: lines.clone() };
            self.journal.secure(&Entry::Sending(sending)).await?;
            let (outcome, in_doubt) = self.see_through(&transaction, until).await;
            let lost = |error: &SendError| -> Result<(), Trouble> {
                if in_doubt {
                    self.doubt(signature, &pack.rows);
                    return Ok(());
                }
                Ok(self.journal.note(&Entry::Lost { signature: Text(signature), why: error.to_string() })?)
            };
            match outcome.map_err(|error| draft.as_passed(&validity, error)) {
                Ok(signature) => return Ok(self.landed(&pack.rows, signature, &draft)?),
                Err(error @ SendError::Expired(_)) => {
                    lost(&error)?;
                    expired = Some(lifetime.blockhash);
                    why = error.to_string();
                }
                Err(error @ SendError::Refused { .. }) => {
                    lost(&error)?;
                    if exceeds_budget(&error) && self.raise_budget() {
                        return Err(Trouble::Again);
                    }
                    return Err(Trouble::Refused(error));
                }
                Err(error) => {
                    self.doubt(signature, &pack.rows);
                    if let SendError::Unconfirmed { .. } | SendError::NotSaved(_) = error {
                        return self.unknown(&pack.rows, &error).await;
                    }
                    if error.is_about_funds() {
                        return Err(Trouble::Stop(error.to_string()));
                    }
                    why = error.to_string();
                }
            }
        }
        Err(Trouble::Stop(why))
    }

    fn draft(&self, rows: &[usize]) -> Draft {
        Draft { budget: self.state().budget, ..Draft::new(self.job.payer(), vec![self.job.instruction(rows)]) }
    }

    /// Makes what documents the rows lack. That they are made becomes durable with what is sent next.
    async fn make(&self, rows: &[usize]) -> Result<(), String> {
        let Some(signer) = self.document_signer else { return Ok(()) };
        if rows.iter().all(|row| self.job.has_document(*row)) {
            return Ok(());
        }
        self.job.may_still_sign(self.ledger, self.options).await?;
        let made = self.job.make(rows, signer)?;
        if made.is_empty() {
            return Ok(());
        }
        self.journal.note(&Entry::Made(made)).map_err(|error| error.to_string())
    }

    /// Makes what documents the rows of a pack lack, and those of the packs behind it. What may be refused is left until it is tried.
    async fn make_ahead(&self, pack: &Pack, waiting: &VecDeque<Pack>) -> Result<(), String> {
        if self.document_signer.is_none() || pack.suspect || pack.rows.iter().all(|row| self.job.has_document(*row)) {
            return Ok(());
        }
        let behind = waiting.iter().filter(|pack| !pack.suspect).flat_map(|pack| &pack.rows);
        let rows: Vec<_> = pack.rows.iter().chain(behind).copied().take(AHEAD).collect();
        self.make(&rows).await
    }

    /// Submits a transaction, again and again while nothing is known of it. Also gives whether it may have landed where the answer is
    /// a failure: one that was sent before may be refused because of what it did itself.
    async fn see_through(
        &self,
        transaction: &VersionedTransaction,
        until: u64,
    ) -> (Result<Signature, SendError>, bool) {
        let mut in_doubt = false;
        let mut unconfirmed = None;
        for attempt in 0..self.options.policy.attempts.max(1) {
            pause(self.options, attempt).await;
            match self.ledger.land(transaction, Some(until)).await {
                Err(error @ SendError::Unconfirmed { .. }) => {
                    in_doubt = true;
                    unconfirmed = Some(error);
                }
                Err(SendError::Read(_)) if in_doubt => {}
                Err(
                    error @ (SendError::NotExecuted(TransactionError::AlreadyProcessed) | SendError::Refused { .. }),
                ) if in_doubt || matches!(error, SendError::NotExecuted(_)) => {
                    let signature = transaction.signatures.first().copied().unwrap_or_default();
                    return match self.ledger.outcome(&signature).await {
                        Ok(Some(past)) => (past.into_result(&transaction.message).map(|sent| sent.signature), false),
                        _ => (Err(error), true),
                    };
                }
                result => return (result.map(|landed| landed.signature), in_doubt),
            }
        }
        let nothing = || SendError::Read(ReadError::Malformed("no answer".into()));
        (Err(unconfirmed.unwrap_or_else(nothing)), in_doubt)
    }

    /// What the transaction cost is known by the rules, without asking.
    fn landed(&self, rows: &[usize], signature: Signature, draft: &Draft) -> Result<(), JournalError> {
        let fee = draft.fee_by_rule();
        self.journal.note(&Entry::Landed(Landed { signature: Text(signature), fee: Some(fee) }))?;
        let lines = self.lines(rows);
        let mut state = self.state();
        for row in rows {
            state.set(*row, Fate::Done);
        }
        state.progress.transactions = state.progress.transactions.saturating_add(1);
        state.delivered.push(Delivered { signature, lines, fee });
        Ok(())
    }

    fn doubt(&self, signature: Signature, rows: &[usize]) {
        let lines = self.lines(rows);
        let mut state = self.state();
        state.doubtful.extend(rows);
        state.unsettled.push((signature, lines));
    }

    /// A blockhash that is fresh, and another one than what expired.
    async fn lifetime(&self, expired: Option<Hash>) -> Result<Lifetime, ReadError> {
        let mut kept = self.lifetime.lock().await;
        if let Some((lifetime, since)) = *kept
            && Some(lifetime.blockhash) != expired
            && since.elapsed() < FRESH
            && !self.signers.is_interactive()
        {
            return Ok(lifetime);
        }
        let lifetime = self.ledger.lifetime().await?;
        *kept = Some((lifetime, Instant::now()));
        Ok(lifetime)
    }

    /// Asks for half as many compute units more; false: there are no more to be had.
    fn raise_budget(&self) -> bool {
        let mut state = self.state();
        let Some(units) = state.budget.units.filter(|units| *units < MAX_COMPUTE_UNITS) else { return false };
        state.budget.units = Some(units.saturating_add(units / 2).min(MAX_COMPUTE_UNITS));
        true
    }

    fn lines(&self, rows: &[usize]) -> Vec<u64> {
        rows.iter().map(|row| self.job.line(*row)).collect()
    }
}

fn exceeds_budget(error: &SendError) -> bool {
    let SendError::Refused { refusal: Refusal::Runtime(error), .. } = error else { return false };
    matches!(error, InstructionError::ComputationalBudgetExceeded | InstructionError::ProgramFailedToComplete)
}
