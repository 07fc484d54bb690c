//! A run: looked at, sized and priced before anything is sent; then sent; and taken up again where it ended.

use std::{
    collections::{HashSet, VecDeque},
    path::PathBuf,
    sync::{Mutex, PoisonError},
};

use futures_util::{StreamExt, TryStreamExt, stream};
use solana_account::Account;
use solana_address::Address;
use solana_hash::Hash;
use solana_keypair::Keypair;
use solana_signer::{Signer, signers::Signers};

use super::{
    BulkError, Options, Problem,
    delivery::{Delivery, Fate, Pack, State},
    job::{Job, Standing},
    journal::{Entry, Header, Journal, Known, Landed, Planned, Sending, Text},
    patience::patiently,
    summary::{Overview, Progress, Remark, Summary},
};
use crate::{
    error::SendError,
    ledger::{Ledger, READ_LIMIT, ReadError},
    sending::{Budget, Compute, Draft, MAX_COMPUTE_UNITS, Validity, signing},
};

/// Compute units up to which a transaction is left to the cluster's default limit of 200,000 where no priority fee is paid: without an
/// instruction about the budget, more rows fit into it.
const WITHOUT_BUDGET: u64 = 180_000;

/// The file of a run's journal, and what is known from it.
pub(super) struct Record {
    pub(super) path: PathBuf,
    pub(super) header: Header,
    pub(super) journal: Option<Journal>,
    pub(super) known: Known,
}

impl Record {
    pub(super) fn open(path: PathBuf, header: Header) -> Result<Self, BulkError> {
        let (journal, known) = Journal::open(&path, &header)?.unzip();
        Ok(Self { path, header, journal, known: known.unwrap_or_default() })
    }

    /// Asks what became of transactions of which an earlier run did not come to know, and writes down what is found. Those that may still
    /// land are left.
    pub(super) async fn settle(&mut self, ledger: &dyn Ledger, options: &Options) -> Result<(), BulkError> {
        let Some(journal) = &self.journal else { return Ok(()) };
        if self.known.open.is_empty() {
            return Ok(());
        }
        let height = patiently(options, || ledger.block_height()).await?;
        let mut open = Vec::new();
        for sending in std::mem::take(&mut self.known.open) {
            let signature = sending.signature.0;
            let lost = |why: String| Entry::Lost { signature: Text(signature), why };
            match patiently(options, || ledger.outcome(&signature)).await? {
                Some(past) => match past.failure {
                    Some(failure) => journal.note(&lost(failure.to_string()))?,
                    None => {
                        journal.note(&Entry::Landed(Landed { signature: Text(signature), fee: Some(past.fee) }))?;
                        self.known.fees = self.known.fees.saturating_add(past.fee);
                        self.known.landed.extend(sending.lines);
                    }
                },
                None if height > sending.until => journal.note(&lost("expired".into()))?,
                None => open.push(sending),
            }
        }
        self.known.open = open;
        Ok(())
    }
}

/// Reads the accounts at many addresses, in their order.
pub(super) async fn read_all(
    ledger: &dyn Ledger,
    addresses: &[Address],
    options: &Options,
) -> Result<Vec<Option<Account>>, ReadError> {
    let reads: Vec<_> =
        addresses.chunks(READ_LIMIT).map(|chunk| patiently(options, move || ledger.read(chunk))).collect();
    let snapshots: Vec<_> = stream::iter(reads).buffered(options.concurrency.max(1)).try_collect().await?;
    Ok(snapshots.into_iter().flat_map(|snapshot| snapshot.accounts).collect())
}

/// A run that was looked at, sized and priced, and can begin. Until it does nothing was sent, and nothing written.
pub struct Run<'a> {
    ledger: &'a dyn Ledger,
    options: Options,
    job: Box<dyn Job + 'a>,
    record: Record,
    /// What the journal does not hold yet of what was decided.
    plan: Vec<Planned>,
    packs: VecDeque<Pack>,
    state: State,
    overview: Overview,
    /// Lamports that each row's account takes.
    rent: Vec<u64>,
}

/// What a run is made of.
pub(super) struct Parts<'a> {
    pub(super) job: Box<dyn Job + 'a>,
    pub(super) record: Record,
    pub(super) plan: Vec<Planned>,
    /// What is known of each row.
    pub(super) fates: Vec<Fate>,
    /// Lamports that each row's account will take of the payer.
    pub(super) rent: Vec<u64>,
    pub(super) pending: bool,
}

impl<'a> Run<'a> {
    /// Packs what is open, sizes it by its dearest transaction, and requires that the payer can pay for all.
    pub(super) async fn size(ledger: &'a dyn Ledger, options: Options, parts: Parts<'a>) -> Result<Self, BulkError> {
        let Parts { job, record, plan, fates, rent, pending } = parts;
        let (sure, doubtful) = split(&*job, &fates, &record.known.open);
        let mut run = Self {
            ledger,
            options,
            overview: Overview {
                rows: fates.len(),
                pending,
                under_way: record.known.open.len(),
                ..Overview::default()
            },
            job,
            record,
            plan,
            packs: VecDeque::new(),
            state: State { fates, doubtful: doubtful.iter().copied().collect(), ..State::default() },
            rent,
        };
        run.overview.to_do = sure.len().saturating_add(doubtful.len());
        run.state.progress.rows = run.overview.to_do;
        for (row, fate) in run.state.fates.iter().enumerate() {
            match fate {
                Fate::DoneEarlier => run.overview.done_earlier = run.overview.done_earlier.saturating_add(1),
                Fate::Skipped(what) => {
                    run.overview.skipped.push(Remark { line: run.job.line(row), what: what.clone() });
                }
                Fate::Open | Fate::Done | Fate::Failed(_) | Fate::Unknown(_) => {}
            }
        }
        if run.overview.to_do > 0 {
            run.budget(&sure, &doubtful).await?;
        }
        Ok(run)
    }

    /// What it will do.
    #[must_use]
    pub const fn overview(&self) -> &Overview {
        &self.overview
    }

    async fn budget(&mut self, sure: &[usize], doubtful: &[usize]) -> Result<(), BulkError> {
        let policy = self.options.policy;
        let writable = self.job.instruction(sure.first().or(doubtful.first()).map_or(&[], std::slice::from_ref));
        let writable = Draft::new(self.job.payer(), vec![writable]).writable();
        let price = patiently(&self.options, || policy.priority_fee.price(self.ledger, &writable)).await?;
        let asks = |budget: &Budget| price > 0 || budget.units.is_some() || matches!(policy.compute, Compute::Fixed(_));
        let mut budget = Budget { units: None, price };
        loop {
            if asks(&budget) {
                budget.units = Some(MAX_COMPUTE_UNITS);
            }
            self.packs = self.pack(sure, false, budget).into_iter().chain(self.pack(doubtful, true, budget)).collect();
            let Some(dearest) = self.packs.iter().max_by_key(|pack| self.job.units(&pack.rows)) else { return Ok(()) };
            let by_rule = self.job.units(&dearest.rows);
            let mut draft = Draft::new(self.job.payer(), vec![self.job.instruction(&dearest.rows)]);
            draft.budget = Budget { units: budget.units.map(|_| policy.compute.limit(by_rule)), price };
            self.funds(&draft).await?;
            // A price that is next to nothing has the size of any other.
            draft.budget = Budget { price: price.min(1), ..budget };
            let units = self.simulate(&draft, by_rule).await?;
            if budget.units.is_none() && units > WITHOUT_BUDGET {
                budget.units = Some(MAX_COMPUTE_UNITS);
                continue;
            }
            budget.units = budget.units.map(|_| policy.compute.limit(units));
            draft.budget = budget;
            self.state.budget = budget;
            self.overview.fees = self.funds(&draft).await?;
            self.overview.transactions = self.packs.len();
            return Ok(());
        }
    }

    fn pack(&self, rows: &[usize], suspect: bool, budget: Budget) -> Vec<Pack> {
        self.job.pack(rows, budget).into_iter().map(|rows| Pack { rows, suspect }).collect()
    }

    /// Compute units of a transaction. One that is refused for the sake of one of its rows is sized by rule: the row is found later.
    async fn simulate(&self, draft: &Draft, by_rule: u64) -> Result<u64, BulkError> {
        let validity = Validity::Blockhash(Hash::default());
        let transaction = signing::unsigned(draft.message(&validity));
        let mut attempt = 0;
        loop {
            super::patience::pause(&self.options, attempt).await;
            attempt = attempt.saturating_add(1);
            match self.ledger.simulate(&transaction).await.map_err(|error| draft.as_passed(&validity, error)) {
                Ok(simulated) => return Ok(simulated.compute_units),
                Err(SendError::Read(_)) if attempt < self.options.policy.attempts => {}
                Err(error @ SendError::Refused { .. })
                    if !error.is_about_funds() && !error.microcred().is_some_and(|error| self.job.stops(error)) =>
                {
                    return Ok(by_rule);
                }
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// Requires that the payer has enough for all packs, each of which costs what this one does. Gives all fees.
    async fn funds(&mut self, draft: &Draft) -> Result<u64, BulkError> {
        let payer = self.job.payer();
        let message = draft.message(&Validity::Blockhash(Hash::default()));
        let quoted = patiently(&self.options, || self.ledger.fee(&message)).await?;
        let fee = quoted.max(draft.fee_by_rule());
        let fees = fee.saturating_mul(u64::try_from(self.packs.len()).unwrap_or(u64::MAX));
        let rows = self.packs.iter().flat_map(|pack| &pack.rows);
        self.overview.rent =
            rows.fold(0, |sum, row| sum.saturating_add(self.rent.get(*row).copied().unwrap_or_default()));
        let snapshot = patiently(&self.options, || self.ledger.read(std::slice::from_ref(&payer))).await?;
        let has = snapshot.accounts.first().and_then(Option::as_ref).map_or(0, |account| account.lamports);
        let own = patiently(&self.options, || self.ledger.rent_minimum(0)).await?;
        let needs = fees.saturating_add(self.overview.rent).saturating_add(own);
        if has < needs {
            return Err(BulkError::Unready(vec![Problem::TooPoor { payer, has, needs }]));
        }
        Ok(fees)
    }

    /// Sends what is to be done, and tells how far it is after each transaction. The future is `Send` if the signers and what is told are
    /// `Sync`; when it is dropped, the next run takes up where it was.
    ///
    /// # Errors
    /// [`BulkError::Interactive`], [`BulkError::DocumentSigner`] and [`BulkError::Journal`], before anything is sent. What happens later is
    /// told in the summary.
    pub async fn execute<S, P>(self, signers: &S, progress: &P) -> Result<Summary, BulkError>
    where
        S: Signers + ?Sized,
        P: Fn(&Progress),
    {
        self.deliver(signers, None::<&Keypair>, progress).await
    }

    /// As [`Self::execute`], where documents are made: each is there for good before what has its digest is sent.
    ///
    /// # Errors
    /// As [`Self::execute`].
    pub async fn execute_with_documents<S, D, P>(
        self,
        signers: &S,
        document_signer: &D,
        progress: &P,
    ) -> Result<Summary, BulkError>
    where
        S: Signers + ?Sized,
        D: Signer,
        P: Fn(&Progress),
    {
        self.deliver(signers, Some(document_signer), progress).await
    }

    async fn deliver<S, D, P>(
        self,
        signers: &S,
        document_signer: Option<&D>,
        progress: &P,
    ) -> Result<Summary, BulkError>
    where
        S: Signers + ?Sized,
        D: Signer,
        P: Fn(&Progress),
    {
        let transactions = self.packs.len();
        if signers.is_interactive() && transactions > 1 && !self.options.interactive {
            return Err(BulkError::Interactive(transactions));
        }
        if let Some(key) = self.job.document_key()
            && !document_signer.is_some_and(|signer| signer.pubkey() == key && !signer.is_interactive())
        {
            return Err(BulkError::DocumentSigner(key));
        }
        let Self { ledger, options, job, mut record, plan, packs, mut state, rent, .. } = self;
        if !packs.is_empty() || !plan.is_empty() {
            let journal = match record.journal.take() {
                Some(journal) => journal,
                None => Journal::create(&record.path, &record.header)?,
            };
            if !plan.is_empty() {
                journal.secure(&Entry::Plan(plan)).await?;
            }
            let delivery = Delivery {
                ledger,
                job: &*job,
                journal: &journal,
                sent_earlier: &record.known.sent,
                options: &options,
                signers,
                document_signer,
                progress,
                state: Mutex::new(state),
                lifetime: tokio::sync::Mutex::new(None),
            };
            delivery.all(packs).await;
            state = delivery.state.into_inner().unwrap_or_else(PoisonError::into_inner);
            if let Err(error) = journal.finish() {
                state.stopped.get_or_insert(error.to_string());
            }
        }
        Ok(summary(&*job, state, &rent, record.known.fees))
    }
}

/// The rows that are open: those that nobody sent, and those of transactions that may still land, which come last.
fn split(job: &dyn Job, fates: &[Fate], open: &[Sending]) -> (Vec<usize>, Vec<usize>) {
    let under_way: HashSet<_> = open.iter().flat_map(|sending| &sending.lines).collect();
    let rows = fates.iter().enumerate().filter(|(_, fate)| **fate == Fate::Open).map(|(row, _)| row);
    rows.partition(|row| !under_way.contains(&job.line(*row)))
}

/// What a row's account means for a run that begins.
pub(super) fn fate(standing: Standing, sent_earlier: bool) -> Fate {
    match standing {
        Standing::Open => Fate::Open,
        Standing::Done { ours: true, .. } if sent_earlier => Fate::DoneEarlier,
        Standing::Done { what, .. } | Standing::Closed(what) => Fate::Skipped(what),
    }
}

fn summary(job: &dyn Job, state: State, rent: &[u64], fees_earlier: u64) -> Summary {
    let mut summary =
        Summary { stopped: state.stopped, fees_earlier, documents: job.documents(), ..Summary::default() };
    for (row, fate) in state.fates.into_iter().enumerate() {
        let line = job.line(row);
        match fate {
            Fate::Done | Fate::DoneEarlier if job.has_file(row) => {
                summary.in_folder = summary.in_folder.saturating_add(1);
            }
            Fate::Failed(_) | Fate::Open if job.has_file(row) => summary.not_issued.push(line),
            Fate::Skipped(_) if job.has_file(row) && !job.is_on_chain(row) => summary.not_issued.push(line),
            _ => {}
        }
        match fate {
            Fate::Done => {
                summary.done = summary.done.saturating_add(1);
                summary.rent = summary.rent.saturating_add(rent.get(row).copied().unwrap_or_default());
            }
            Fate::DoneEarlier => summary.done_earlier = summary.done_earlier.saturating_add(1),
            Fate::Skipped(what) => summary.skipped.push(Remark { line, what }),
            Fate::Failed(what) => summary.failed.push(Remark { line, what }),
            Fate::Unknown(what) => summary.unknown.push(Remark { line, what }),
            Fate::Open if state.doubtful.contains(&row) => {
                let what = "a transaction with it may have landed, or may still land".into();
                summary.unknown.push(Remark { line, what });
            }
            Fate::Open => summary.not_sent.push(line),
        }
    }
    summary.fees = state.delivered.iter().fold(0, |sum, delivered| sum.saturating_add(delivered.fee));
    summary.transactions = state.delivered;
    summary
}
