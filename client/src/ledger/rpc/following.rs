//! What became of all that was sent, asked for together: one question a poll for up to 256 transactions, however many wait.
//!
//! Of those that wait, one asks for all, and hands that over to another when its own fate is known.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use futures_util::future::join_all;
use solana_rpc_client_api::request::MAX_GET_SIGNATURE_STATUSES_QUERY_ITEMS;
use solana_signature::Signature;
use solana_transaction_error::TransactionError;
use tokio::{
    sync::watch,
    time::{Instant, sleep_until},
};

use super::{Rpc, past::Statuses};
use crate::ledger::ReadError;

/// How often an answer that makes no sense is asked for again before those it concerns are told.
const ATTEMPTS: usize = 3;

/// How many looks at what is past its last block may decide nothing before the block height is asked for anew: it may have been wrong.
const LOOKS_A_HEIGHT: usize = 25;

/// How many such looks there are at all.
const LOOKS: usize = 6 * LOOKS_A_HEIGHT;

/// What became of a transaction.
#[derive(Clone, Debug)]
pub(super) enum Fate {
    /// It was executed.
    Executed {
        /// The slot.
        slot: u64,
        /// Why it failed; none: it took effect.
        failure: Option<TransactionError>,
    },
    /// It was not, and never will be.
    Expired,
    /// The cluster could not be asked.
    Unknown(ReadError),
}

/// The transactions whose fate is waited for.
#[derive(Default)]
pub(super) struct Following {
    followed: Mutex<HashMap<Signature, Followed>>,
    /// Held by the one who asks; when to ask next.
    turn: tokio::sync::Mutex<Option<Instant>>,
}

struct Followed {
    fate: watch::Sender<Option<Fate>>,
    last_valid_block_height: Option<u64>,
    /// The slot at which the block height was found to be past the last valid one.
    expired_at: Option<u64>,
    /// How many looks since then decided nothing.
    looks: usize,
}

impl Following {
    /// A panic elsewhere leaves the map whole: it changes in single steps.
    fn followed(&self) -> MutexGuard<'_, HashMap<Signature, Followed>> {
        self.followed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn begin(&self, signature: Signature, last_valid_block_height: Option<u64>) -> Waiting<'_> {
        let mut followed = self.followed();
        let entry = followed.entry(signature).or_insert_with(|| Followed {
            fate: watch::Sender::new(None),
            last_valid_block_height,
            expired_at: None,
            looks: 0,
        });
        Waiting { following: self, signature, fate: entry.fate.subscribe() }
    }

    fn tell(&self, signature: &Signature, fate: Fate) {
        if let Some(followed) = self.followed().remove(signature) {
            followed.fate.send_replace(Some(fate));
        }
    }

    /// A look at what is past its last block decided nothing. It is not looked at for ever: a single answer with a slot that never comes
    /// would have it so.
    fn stays_undecided(&self, signature: &Signature) {
        let looks = match self.followed().get_mut(signature) {
            Some(one) => {
                one.looks = one.looks.saturating_add(1);
                if one.looks.is_multiple_of(LOOKS_A_HEIGHT) {
                    one.expired_at = None;
                }
                one.looks
            }
            None => return,
        };
        if looks >= LOOKS {
            let why = "it does not tell up to its last block whether the transaction landed".to_owned();
            self.tell(signature, Fate::Unknown(ReadError::Refused(why)));
        }
    }
}

/// Somebody who waits; what nobody waits for is not asked for any more.
struct Waiting<'a> {
    following: &'a Following,
    signature: Signature,
    fate: watch::Receiver<Option<Fate>>,
}

impl Waiting<'_> {
    async fn fate(&mut self) -> Fate {
        let told = self.fate.wait_for(Option::is_some).await.ok().and_then(|fate| fate.clone());
        told.unwrap_or_else(|| Fate::Unknown(ReadError::Refused("nobody asks any more".to_owned())))
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        let mut followed = self.following.followed();
        // It may be followed anew meanwhile, by others.
        let is_last =
            |entry: &Followed| entry.fate.receiver_count() == 1 && entry.fate.subscribe().same_channel(&self.fate);
        if followed.get(&self.signature).is_some_and(is_last) {
            followed.remove(&self.signature);
        }
    }
}

impl Rpc {
    /// Waits until the fate of a transaction is known. Whoever waits may be stopped at any time: another one goes on asking.
    pub(super) async fn fate(&self, signature: Signature, last_valid_block_height: Option<u64>) -> Fate {
        let mut waiting = self.following.begin(signature, last_valid_block_height);
        tokio::select! {
            biased;
            fate = waiting.fate() => fate,
            never = self.ask_for_all() => match never {},
        }
    }

    /// Waits for its turn, then asks again and again for all that are followed.
    async fn ask_for_all(&self) -> std::convert::Infallible {
        let mut next = self.following.turn.lock().await;
        loop {
            let at = next.unwrap_or_else(|| Instant::now() + self.options.poll);
            *next = Some(at);
            sleep_until(at).await;
            *next = Some(Instant::now() + self.options.poll);
            self.poll().await;
        }
    }

    async fn poll(&self) {
        let (mut ended, mut open) = (Vec::new(), Vec::new());
        for (signature, followed) in self.following.followed().iter() {
            if followed.expired_at.is_some() { ended.push(*signature) } else { open.push(*signature) }
        }
        let parts = |all: &[Signature]| -> Vec<Vec<Signature>> {
            all.chunks(MAX_GET_SIGNATURE_STATUSES_QUERY_ITEMS).map(<[_]>::to_vec).collect()
        };
        let open = parts(&open).into_iter().map(|part| (part, false));
        let questions = open.chain(parts(&ended).into_iter().map(|part| (part, true)));
        join_all(questions.map(|(part, ended)| self.poll_part(part, ended))).await;
        self.note_expired().await;
    }

    async fn poll_part(&self, part: Vec<Signature>, ended: bool) {
        let Statuses { slot, statuses } = match self.patient_statuses(&part, ended).await {
            Ok(statuses) => statuses,
            Err(error) => return part.iter().for_each(|one| self.following.tell(one, Fate::Unknown(error.clone()))),
        };
        for (signature, status) in part.iter().zip(statuses) {
            match status {
                Some(status) if status.satisfies_commitment(self.options.commitment) => {
                    self.has_seen(status.slot);
                    self.following.tell(signature, Fate::Executed { slot: status.slot, failure: status.err });
                }
                None if ended && self.expired_at(signature).is_some_and(|expired_at| expired_at <= slot) => {
                    self.following.tell(signature, Fate::Expired);
                }
                _ if ended => self.following.stays_undecided(signature),
                _ => {}
            }
        }
    }

    async fn patient_statuses(&self, part: &[Signature], search_history: bool) -> Result<Statuses, ReadError> {
        let mut result = self.statuses(part, search_history).await;
        for _ in 1..ATTEMPTS {
            let Err(ReadError::Malformed(_)) = result else { break };
            result = self.statuses(part, search_history).await;
        }
        result
    }

    fn expired_at(&self, signature: &Signature) -> Option<u64> {
        self.following.followed().get(signature)?.expired_at
    }

    /// Marks what cannot land any more. Slot and height come from one answer, so that the look that follows can be held to the slot: a
    /// node that is behind does not know yet what landed last.
    async fn note_expired(&self) {
        if !self.following.followed().values().any(Followed::may_expire) {
            return;
        }
        let position = self.position(self.history_commitment()).await;
        let mut followed = self.following.followed();
        match position {
            Ok(position) => {
                for one in followed.values_mut().filter(|one| one.may_expire()) {
                    if one.last_valid_block_height.is_some_and(|last| last < position.block_height) {
                        one.expired_at = Some(position.absolute_slot);
                    }
                }
            }
            Err(error) => {
                for (_, one) in followed.extract_if(|_, one| one.may_expire()) {
                    one.fate.send_replace(Some(Fate::Unknown(error.clone())));
                }
            }
        }
    }
}

impl Followed {
    const fn may_expire(&self) -> bool {
        self.last_valid_block_height.is_some() && self.expired_at.is_none()
    }
}
