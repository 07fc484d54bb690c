//! The histories that tell of what is watched, each read from where it was left.

use std::collections::{HashSet, VecDeque};

use microcred::ID;
use solana_address::Address;
use solana_signature::Signature;

use super::{Scope, Since, Told};
use crate::{
    event::Event,
    ledger::{Ledger, Page, Past, ReadError},
    queries::{self, Achievements},
};

/// Of more accounts than this the program's own history is read instead of one for each.
const OWN_HISTORIES: usize = 16;

/// How many transactions are remembered as told: those that touched several of the accounts watched are met several times.
const REMEMBERED: usize = 4096;

/// How a log that was cut ends.
const CUT: &str = "Log truncated";

/// The histories of a scope.
pub(super) struct Histories {
    histories: Vec<History>,
    /// What events are about that are told.
    watched: HashSet<Address>,
    /// An issuer whose achievements are watched too.
    issuer: Option<Address>,
    /// Whether those are known.
    is_complete: bool,
    told: Remembered,
}

/// One account's history.
struct History {
    address: Address,
    /// None: not begun.
    left_at: Option<Place>,
    since: Since,
}

/// The last transaction read; none: there was none.
type Place = Option<(Signature, u64)>;

/// The transactions told last.
#[derive(Default)]
struct Remembered {
    known: HashSet<Signature>,
    order: VecDeque<Signature>,
}

impl Histories {
    pub(super) fn new(scope: &Scope, since: Since) -> Self {
        let (read, watched, issuer) = match scope {
            Scope::Accounts(accounts) if accounts.len() <= OWN_HISTORIES => (accounts.clone(), accounts.clone(), None),
            Scope::Accounts(accounts) => (vec![ID], accounts.clone(), None),
            // Suspending or revoking a credential names neither its achievement nor, by a key, its issuer.
            Scope::Achievement(achievement) => (vec![ID], vec![*achievement], None),
            Scope::Issuer(issuer) => (vec![ID], vec![*issuer], Some(*issuer)),
        };
        Self {
            histories: read.into_iter().map(|address| History { address, left_at: None, since }).collect(),
            watched: watched.into_iter().collect(),
            issuer,
            is_complete: issuer.is_none(),
            told: Remembered::default(),
        }
    }

    /// The accounts whose histories are read.
    #[cfg(any(feature = "rpc", test))]
    pub(super) fn addresses(&self) -> Vec<Address> {
        self.histories.iter().map(|history| history.address).collect()
    }

    /// What is new, oldest first. After an error nothing is skipped: the next time begins where this one did.
    pub(super) async fn news(&mut self, ledger: &dyn Ledger) -> Result<Vec<Told>, ReadError> {
        for history in &mut self.histories {
            history.begin(ledger).await?;
        }
        if let Some(issuer) = self.issuer.filter(|_| !self.is_complete) {
            let filter = Achievements { issuer: Some(issuer), ..Achievements::default() };
            self.watched.extend(queries::addresses(ledger, &filter).await?);
            self.is_complete = true;
        }
        let mut parts = Vec::with_capacity(self.histories.len());
        for history in &self.histories {
            parts.push(history.after(ledger).await?);
        }
        let mut all = Vec::new();
        for (history, part) in self.histories.iter_mut().zip(parts) {
            if let Some(last) = part.last() {
                history.left_at = Some(Some((last.signature, last.slot)));
            }
            all.extend(part);
        }
        // Stable: within a slot each account's own order stays.
        all.sort_by_key(|past| past.slot);
        all.retain(|past| self.told.is_new(past.signature));
        Ok(all.into_iter().flat_map(|past| self.tell(&past)).collect())
    }

    fn tell(&mut self, past: &Past) -> Vec<Told> {
        let (signature, slot, time) = (past.signature, past.slot, past.time);
        let mut told = Vec::new();
        for event in past.events() {
            if event.accounts().iter().any(|account| self.watched.contains(account)) {
                if let (Event::AchievementCreated(created), Some(issuer)) = (&event, self.issuer)
                    && created.issuer == issuer
                {
                    self.watched.insert(created.achievement);
                }
                told.push(Told::Change { signature, slot, time, event });
            }
        }
        if past.failure.is_none() && past.logs.iter().any(|line| line == CUT) {
            told.push(Told::CutShort { signature, slot });
        }
        told
    }
}

impl History {
    /// Finds out after which transaction to begin.
    async fn begin(&mut self, ledger: &dyn Ledger) -> Result<(), ReadError> {
        if self.left_at.is_some() {
            return Ok(());
        }
        self.left_at = Some(match self.since {
            Since::Beginning => None,
            Since::Transaction { signature, slot } => Some((signature, slot)),
            Since::Now => {
                let newest = ledger.history(&self.address, &Page { before: None, until: None, limit: 1 }).await?;
                newest.first().map(|past| (past.signature, past.slot))
            }
        });
        Ok(())
    }

    /// What came after, oldest first. A ledger that does not know where it was left tells older things too: those are passed over.
    async fn after(&self, ledger: &dyn Ledger) -> Result<Vec<Past>, ReadError> {
        let left_at = self.left_at.flatten();
        let page = Page { before: None, until: left_at.map(|(signature, _)| signature), limit: usize::MAX };
        let mut past = ledger.history(&self.address, &page).await?;
        if let Some((signature, slot)) = left_at {
            past.retain(|past| past.slot >= slot && past.signature != signature);
        }
        past.reverse();
        Ok(past)
    }
}

impl Remembered {
    /// False: it was told before.
    fn is_new(&mut self, signature: Signature) -> bool {
        if !self.known.insert(signature) {
            return false;
        }
        self.order.push_back(signature);
        if self.order.len() > REMEMBERED
            && let Some(oldest) = self.order.pop_front()
        {
            self.known.remove(&oldest);
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ACCOUNT: Address = Address::new_from_array([1; 32]);

    fn past(number: u8, logs: &[&str]) -> Past {
        Past {
            signature: Signature::from([number; 64]),
            slot: 7,
            time: None,
            failure: None,
            fee: 5000,
            compute_units: 1,
            logs: logs.iter().map(|&line| line.to_owned()).collect(),
        }
    }

    #[test]
    fn a_log_that_was_cut_is_told() {
        let mut histories = Histories::new(&Scope::Accounts(vec![ACCOUNT]), Since::Now);
        let cut = past(1, &["Program log: much", CUT]);
        assert_eq!(histories.tell(&cut), [Told::CutShort { signature: cut.signature, slot: 7 }]);
        assert_eq!(histories.tell(&past(2, &["Program log: little"])), []);
    }

    #[test]
    fn what_was_told_is_remembered_for_long_but_not_for_ever() {
        let mut told = Remembered::default();
        let signature = |number: usize| {
            let mut bytes = [0; 64];
            bytes[..8].copy_from_slice(&number.to_le_bytes());
            Signature::from(bytes)
        };
        assert!((0..REMEMBERED).all(|number| told.is_new(signature(number))));
        assert!(!told.is_new(signature(0)));
        assert!(told.is_new(signature(REMEMBERED)) && told.is_new(signature(0)));
        assert_eq!((told.known.len(), told.order.len()), (REMEMBERED, REMEMBERED));
    }

    #[test]
    fn many_accounts_are_watched_by_the_programs_history() {
        let few = Histories::new(&Scope::Accounts(vec![ACCOUNT; OWN_HISTORIES]), Since::Now);
        assert_eq!(few.addresses(), vec![ACCOUNT; OWN_HISTORIES]);
        let many = Histories::new(&Scope::Accounts(vec![ACCOUNT; OWN_HISTORIES + 1]), Since::Now);
        assert_eq!(many.addresses(), [ID]);
    }
}
