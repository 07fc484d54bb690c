//! Changes as they come, none lost and none told twice.
//!
//! What is told comes from the ledger's history alone, which is read from where it was left. A WebSocket only says when to look; whether its
//! messages arrive, and how often it breaks, changes nothing but how soon a change is told.

mod history;
#[cfg(feature = "rpc")]
mod wake;

use std::{collections::VecDeque, time::Duration};

use futures_util::stream::{self, Stream};
use solana_address::Address;
use solana_signature::Signature;
use tokio::{
    sync::mpsc,
    time::{Instant, sleep_until},
};

use crate::{
    event::Event,
    ledger::{Ledger, ReadError},
};
use history::Histories;

/// What is watched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Some accounts, of whatever kind.
    Accounts(Vec<Address>),
    /// An achievement and its credentials.
    Achievement(Address),
    /// An issuer with its keys, accreditations, achievements and credentials.
    Issuer(Address),
}

/// From where on changes are told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Since {
    /// From now on.
    #[default]
    Now,
    /// After a transaction, the last one told before, say.
    Transaction {
        /// Its signature.
        signature: Signature,
        /// Its slot.
        slot: u64,
    },
    /// From the first one that the ledger remembers.
    Beginning,
}

/// How to watch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WatchOptions {
    /// From where on; default: now.
    pub since: Since,
    /// How often to look without being woken; default: 15 seconds.
    pub every: Duration,
    /// Where the cluster tells that there is something to look at; none: there is nothing but looking.
    #[cfg(feature = "rpc")]
    pub web_socket: Option<crate::ledger::Endpoint>,
}

impl Default for WatchOptions {
    fn default() -> Self {
        Self {
            since: Since::Now,
            every: Duration::from_secs(15),
            #[cfg(feature = "rpc")]
            web_socket: None,
        }
    }
}

/// What a watcher is told.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(clippy::large_enum_variant, reason = "nearly all that is told are changes")]
pub enum Told {
    /// Something changed. For each account in order, each change once.
    Change {
        /// The transaction that did it.
        signature: Signature,
        /// The slot of that.
        slot: u64,
        /// When, Unix seconds; none: not known to the ledger.
        time: Option<i64>,
        /// What changed.
        event: Event,
    },
    /// A transaction changed something, but its log was too long to be kept whole: read the accounts.
    CutShort {
        /// The transaction.
        signature: Signature,
        /// The slot of that.
        slot: u64,
    },
    /// Changes are told at once from now on.
    Connected,
    /// Changes are told a little later until it is connected again, which is tried.
    Disconnected {
        /// Why.
        why: String,
    },
    /// The history could not be read. It is tried again: nothing is lost.
    Unread(ReadError),
}

/// A reason to look.
#[cfg_attr(not(feature = "rpc"), allow(dead_code, reason = "only a WebSocket wakes"))]
enum Wake {
    Connected,
    Changed,
    Disconnected(String),
}

/// After a wake it may take a moment until the history has what it was about: looked for at these intervals.
const SOON: [Duration; 4] =
    [Duration::from_millis(250), Duration::from_millis(500), Duration::from_secs(1), Duration::from_secs(2)];

/// Watches, without end. It must be polled inside a tokio runtime.
pub fn watch<'a>(
    ledger: &'a dyn Ledger,
    scope: &Scope,
    options: &WatchOptions,
) -> impl Stream<Item = Told> + Send + 'a {
    let histories = Histories::new(scope, options.since);
    let (sender, wakes) = mpsc::channel(16);
    #[cfg(feature = "rpc")]
    let waker = options.web_socket.clone().map(|endpoint| wake::Waker::new(endpoint, histories.addresses(), sender));
    #[cfg(not(feature = "rpc"))]
    drop(sender);
    let watching = Watching {
        ledger,
        histories,
        every: options.every,
        next_look: Instant::now(),
        soon: SOON.len(),
        wakes,
        is_woken: true,
        #[cfg(feature = "rpc")]
        waker,
        told: VecDeque::new(),
    };
    stream::unfold(watching, |mut watching| async move { Some((watching.next().await, watching)) })
}

struct Watching<'a> {
    ledger: &'a dyn Ledger,
    histories: Histories,
    every: Duration,
    next_look: Instant,
    /// Which of [`SOON`] comes next.
    soon: usize,
    wakes: mpsc::Receiver<Wake>,
    /// Whether anybody is left who wakes.
    is_woken: bool,
    #[cfg(feature = "rpc")]
    waker: Option<wake::Waker>,
    told: VecDeque<Told>,
}

impl Watching<'_> {
    async fn next(&mut self) -> Told {
        #[cfg(feature = "rpc")]
        if let Some(waker) = &mut self.waker {
            waker.begin();
        }
        loop {
            if let Some(told) = self.told.pop_front() {
                return told;
            }
            tokio::select! {
                wake = self.wakes.recv(), if self.is_woken => match wake {
                    Some(wake) => self.wake(wake),
                    None => self.is_woken = false,
                },
                () = sleep_until(self.next_look) => self.look().await,
            }
        }
    }

    fn wake(&mut self, wake: Wake) {
        match wake {
            Wake::Disconnected(why) => self.told.push_back(Told::Disconnected { why }),
            Wake::Connected => self.told.push_back(Told::Connected),
            Wake::Changed => {}
        }
        self.soon = 0;
        self.next_look = self.next_look.min(Instant::now());
    }

    async fn look(&mut self) {
        match self.histories.news(self.ledger).await {
            Ok(news) => {
                // A history that lags has a part of what there is: after news, more may be about to come.
                if !news.is_empty() {
                    self.soon = 0;
                }
                self.told.extend(news);
            }
            Err(error) => self.told.push_back(Told::Unread(error)),
        }
        let wait = SOON.get(self.soon).copied().unwrap_or(self.every);
        self.soon = self.soon.saturating_add(1);
        self.next_look = Instant::now() + wait.min(self.every);
    }
}
