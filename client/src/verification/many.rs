//! Verification of many credentials with few reads.
//!
//! Credentials of one pile mostly share issuer, achievement, key and accreditations. So one read holds the clock, what is shared, and as
//! many credentials as fit beside it; each verdict rests on that one read, as if it had been asked for alone. What a credential links to is
//! guessed from those before; where the guess was wrong, it is read again with what it does link to.

use std::collections::BTreeMap;

use futures_util::{
    future::BoxFuture,
    stream::{self, FuturesUnordered, Stream, StreamExt},
};
use microcred::state::Credential;
use solana_account::Account;
use solana_address::Address;

use super::{
    ATTEMPTS, CHANGING, Locator, Query, Receipt,
    batch::{Batch, Learned},
    judging::judge,
    links::{Linked, Links, SEQUENCES_AT_ONCE, Together},
    unchecked,
};
use crate::{
    account::decode,
    address,
    ledger::{AccountReader, CLOCK, READ_LIMIT, ReadError},
};

/// How many reads are under way at a time: so many are in vain where the pile goes over to another issuer.
const READS_AT_ONCE: usize = 4;

/// How many questions wait for an answer, or for the answer to one before them, at most.
const WINDOW: usize = 2048;

/// How many questions the first read holds: nothing is known then of what they share.
const FIRST: usize = 16;

/// How many questions wait to be read again, in reads that have what they link to anyway, before they are read for their own sake.
const RIPE: usize = 256;

/// Answers many queries, in their order, each as [`verify`](super::verify) does. Queries are taken as they are needed, so that a pile of any
/// size takes little memory. A read that fails leaves unchecked those that it was for, and no others.
///
/// Ten thousand credentials of one issuer take about 110 reads.
pub fn verify_many<'a, Q>(ledger: &'a dyn AccountReader, queries: Q) -> impl Stream<Item = Receipt> + Send + 'a
where
    Q: IntoIterator<Item = Query>,
    Q::IntoIter: Send + 'a,
{
    let pile = Pile {
        ledger,
        queries: Box::new(queries.into_iter()),
        taken: 0,
        told: 0,
        fresh: None,
        again: Vec::new(),
        reading: FuturesUnordered::new(),
        ready: BTreeMap::new(),
        learned: Learned::default(),
        reads: 0,
    };
    stream::unfold(pile, |mut pile| async move { pile.next().await.map(|receipt| (receipt, pile)) })
}

/// A question on its way to an answer.
pub(super) struct Task {
    /// Its place among all.
    place: usize,
    query: Query,
    step: Step,
    /// How often links changed after they were known.
    changes: usize,
}

/// What is known of a credential.
enum Step {
    /// Nothing but where it would be.
    Unread(Address),
    /// What it linked to when it was read.
    Linked(Links),
    /// It is over, and of these sequences after it there may be some.
    MayHaveLater {
        latest: Links,
        later: Vec<Address>,
        /// The first sequence after those.
        next: Option<u16>,
    },
}

/// What came of a read for one question.
enum Progress {
    Answered(Box<Receipt>),
    Again(Step),
}

impl Task {
    fn new(place: usize, query: Query) -> Self {
        let credential = match query.credential {
            Locator::Address(address) => address,
            Locator::Latest { achievement, subject } => address::credential(&achievement, &subject, 0),
        };
        Self { place, query, step: Step::Unread(credential), changes: 0 }
    }

    /// The addresses that must be in the read.
    pub(super) fn needs(&self) -> Vec<Address> {
        match &self.step {
            Step::Unread(credential) => {
                let mut needs = vec![CLOCK, *credential];
                if let Locator::Latest { achievement, .. } = self.query.credential {
                    needs.push(achievement);
                }
                needs.extend(self.query.signers());
                needs
            }
            Step::Linked(links) => links.rests_on(&self.query),
            Step::MayHaveLater { latest, later, .. } => {
                let mut needs = latest.rests_on(&self.query);
                needs.extend(later);
                needs
            }
        }
    }

    /// What it is known to link to.
    fn linked(&self) -> Option<Linked> {
        match &self.step {
            Step::Unread(_) => None,
            Step::Linked(links) | Step::MayHaveLater { latest: links, .. } => links.to,
        }
    }

    fn advance(&mut self, together: &Together) -> Progress {
        let links = match &self.step {
            Step::Unread(credential) => {
                let links = Links::of(*credential, together.account(credential));
                if self.may_have_later(together.account(credential), credential) {
                    return Progress::Again(self.later(links, 1, 1));
                }
                links
            }
            Step::Linked(links) => Links::of(links.credential, together.account(&links.credential)),
            Step::MayHaveLater { latest, later, next } => {
                let there = later.iter().take_while(|address| together.account(address).is_some());
                match there.clone().last() {
                    None => Links::of(latest.credential, together.account(&latest.credential)),
                    Some(last) => {
                        let links = Links::of(*last, together.account(last));
                        match next {
                            Some(next) if there.count() == later.len() => {
                                return Progress::Again(self.later(links, *next, SEQUENCES_AT_ONCE));
                            }
                            _ => links,
                        }
                    }
                }
            }
        };
        if together.has(&links.rests_on(&self.query)) {
            return Progress::Answered(Box::new(judge(&self.query, &links, together)));
        }
        if let Step::Linked(_) = self.step {
            self.changes = self.changes.saturating_add(1);
            if self.changes >= ATTEMPTS {
                return Progress::Answered(Box::new(unchecked(&self.query, CHANGING.to_owned())));
            }
        }
        Progress::Again(Step::Linked(links))
    }

    /// Whether a subject's latest credential is asked for, and the first is over: only then can there be another.
    fn may_have_later(&self, account: Option<&Account>, credential: &Address) -> bool {
        let Locator::Latest { .. } = self.query.credential else { return false };
        let credential = account.and_then(|account| decode::<Credential>(credential, account).ok());
        credential.and_then(|credential| credential.credential_status().ok()).is_some_and(|status| status.is_over())
    }

    /// A look at some sequences from one on, as many as one read holds beside the rest.
    fn later(&self, latest: Links, from: u16, count: u16) -> Step {
        let Locator::Latest { achievement, subject } = self.query.credential else { return Step::Linked(latest) };
        let room = READ_LIMIT.saturating_sub(latest.rests_on(&self.query).len());
        let count = count.min(u16::try_from(room).unwrap_or(count)).max(1);
        let last = from.saturating_add(count.saturating_sub(1));
        let later = (from..=last).map(|sequence| address::credential(&achievement, &subject, sequence)).collect();
        Step::MayHaveLater { latest, later, next: last.checked_add(1) }
    }
}

type Reading<'a> = BoxFuture<'a, (Vec<Task>, Result<Together, ReadError>)>;

struct Pile<'a> {
    ledger: &'a dyn AccountReader,
    queries: Box<dyn Iterator<Item = Query> + Send + 'a>,
    /// How many queries were taken, and how many receipts told.
    taken: usize,
    told: usize,
    /// Taken, but it did not fit into the read before.
    fresh: Option<Task>,
    /// To be read again, now that it is known what they link to.
    again: Vec<Task>,
    reading: FuturesUnordered<Reading<'a>>,
    /// Receipts that wait for one before them.
    ready: BTreeMap<usize, Receipt>,
    learned: Learned,
    reads: usize,
}

impl Pile<'_> {
    async fn next(&mut self) -> Option<Receipt> {
        loop {
            if let Some(receipt) = self.ready.remove(&self.told) {
                self.told = self.told.saturating_add(1);
                return Some(receipt);
            }
            while self.reading.len() < self.reads_at_once() && self.begin_read() {}
            match self.reading.next().await {
                Some((tasks, answer)) => self.take(tasks, answer),
                None if self.ready.contains_key(&self.told) => {}
                None => return None,
            }
        }
    }

    /// The first answer tells what the others probably link to: it is waited for.
    fn reads_at_once(&self) -> usize {
        if self.reads <= 1 && self.reading.len() == self.reads { 1 } else { READS_AT_ONCE }
    }

    /// False: there is nothing to read at present.
    fn begin_read(&mut self) -> bool {
        let (addresses, tasks) = self.batch().into_parts();
        if tasks.is_empty() {
            return false;
        }
        self.reads = self.reads.saturating_add(1);
        let ledger = self.ledger;
        self.reading.push(Box::pin(async move { (tasks, Together::read(ledger, &addresses).await) }));
        true
    }

    fn batch(&mut self) -> Batch {
        let mut batch = Batch::new();
        self.fresh = self.take_fresh();
        let is_ripe = self.fresh.is_none() || self.again.len() >= RIPE;
        if !is_ripe && let Some(task) = self.fresh.take() {
            let may_need = self.learned.guess(&task.query);
            let unfit = batch.add(task, &may_need, READ_LIMIT);
            // With so many registries there is no room for guesses.
            self.fresh = unfit.and_then(|task| batch.add(task, &[], READ_LIMIT));
        }
        let at_most = if is_ripe { READ_LIMIT } else { 1 };
        self.again =
            std::mem::take(&mut self.again).into_iter().filter_map(|task| batch.add(task, &[], at_most)).collect();
        let room = if self.reads == 0 { FIRST } else { READ_LIMIT };
        while batch.len() < room
            && let Some(task) = self.take_fresh()
        {
            let may_need = self.learned.guess(&task.query);
            self.fresh = batch.add(task, &may_need, READ_LIMIT);
            if self.fresh.is_some() {
                break;
            }
        }
        batch
    }

    /// The next question that was not read yet; none: there is none, or too many wait.
    fn take_fresh(&mut self) -> Option<Task> {
        if self.fresh.is_some() {
            return self.fresh.take();
        }
        while self.taken.saturating_sub(self.told) < WINDOW {
            let query = self.queries.next()?;
            let place = self.taken;
            self.taken = self.taken.saturating_add(1);
            match query.too_much() {
                Some(problem) => drop(self.ready.insert(place, unchecked(&query, problem))),
                None => return Some(Task::new(place, query)),
            }
        }
        None
    }

    fn take(&mut self, tasks: Vec<Task>, answer: Result<Together, ReadError>) {
        let together = match answer {
            Ok(together) => together,
            Err(error) => {
                for task in tasks {
                    self.ready.insert(task.place, unchecked(&task.query, error.to_string()));
                }
                return;
            }
        };
        self.learned.age();
        for mut task in tasks {
            match task.advance(&together) {
                Progress::Answered(receipt) => {
                    if let Some(credential) = &receipt.credential {
                        self.learned.note(&Linked::of(credential));
                    }
                    self.ready.insert(task.place, *receipt);
                }
                Progress::Again(step) => {
                    task.step = step;
                    if let Some(linked) = task.linked() {
                        self.learned.note(&linked);
                    }
                    self.again.push(task);
                }
            }
        }
    }
}
