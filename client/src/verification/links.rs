//! Which accounts a verdict rests on, and reading them together.

use std::collections::HashMap;

use microcred::state::Credential;
use solana_account::Account;
use solana_address::Address;

use super::{Locator, Query};
use crate::{
    account::{decode, is_only_funded},
    address,
    ledger::{AccountReader, CLOCK, READ_LIMIT, ReadError, Snapshot},
};

/// How many sequences one discovery read looks at.
pub(super) const SEQUENCES_AT_ONCE: u16 = 16;

/// Accounts that every verdict about an existing credential rests on: clock, credential, issuer, achievement and key.
const ALWAYS: usize = 5;

/// Of how many registries one read can hold the answers, two accounts each, and beside them that of the key which signed a document.
pub const REGISTRY_LIMIT: usize = (READ_LIMIT - ALWAYS - 1) / 2;

/// How many accounts that may hold the key which signed a document fit into one read beside so many registries.
pub(super) const fn room_for_signers(registries: usize) -> usize {
    READ_LIMIT.saturating_sub(ALWAYS.saturating_add(registries.saturating_mul(2)))
}

/// Where the accounts are that a verdict rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Links {
    pub(super) credential: Address,
    /// None: there is no credential.
    pub(super) to: Option<Linked>,
}

/// What a credential links to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Linked {
    pub(super) issuer: Address,
    pub(super) achievement: Address,
    pub(super) key: Address,
}

impl Linked {
    pub(super) fn of(credential: &Credential) -> Self {
        let key = address::issuer_key(&credential.issuer, credential.key_index);
        Self { issuer: credential.issuer, achievement: credential.achievement, key }
    }
}

impl Links {
    pub(super) fn of(address: Address, account: Option<&Account>) -> Self {
        let credential = account.and_then(|account| decode::<Credential>(&address, account).ok());
        Self { credential: address, to: credential.as_ref().map(Linked::of) }
    }

    /// The addresses that the answer to a query rests on: clock, credential, issuer, achievement, key, two for each registry, and what may
    /// hold the key that signed the document.
    pub(super) fn rests_on(&self, query: &Query) -> Vec<Address> {
        let mut addresses = vec![CLOCK, self.credential];
        if let Some(Linked { issuer, achievement, key }) = self.to {
            addresses.extend([issuer, achievement, key]);
            for registry in &query.registries {
                addresses.extend([*registry, address::accreditation(registry, &issuer)]);
            }
            addresses.extend(query.signers());
        }
        addresses
    }
}

/// What stands together in one slot.
pub(super) struct Together {
    slot: u64,
    accounts: HashMap<Address, Option<Account>>,
}

impl Together {
    /// An address to which somebody only sent lamports is empty, as it is to the program: else anyone could bar an answer. A ledger
    /// that answers with another number of accounts than asked for has not answered.
    pub(super) async fn read(ledger: &dyn AccountReader, addresses: &[Address]) -> Result<Self, ReadError> {
        let Snapshot { slot, accounts } = ledger.read(addresses).await?;
        if accounts.len() != addresses.len() {
            return Err(ReadError::Malformed(format!("{} accounts instead of {}", accounts.len(), addresses.len())));
        }
        let accounts = accounts.into_iter().map(|account| account.filter(|account| !is_only_funded(account)));
        Ok(Self { slot, accounts: addresses.iter().copied().zip(accounts).collect() })
    }

    pub(super) const fn slot(&self) -> u64 {
        self.slot
    }

    /// The account at an address; none: it is empty, or was not asked for.
    pub(super) fn account(&self, address: &Address) -> Option<&Account> {
        self.accounts.get(address)?.as_ref()
    }

    pub(super) fn has(&self, addresses: &[Address]) -> bool {
        addresses.iter().all(|address| self.accounts.contains_key(address))
    }
}

/// Finds the credential, and which accounts are linked to it.
pub(super) async fn discover(ledger: &dyn AccountReader, query: &Query) -> Result<Links, ReadError> {
    let (achievement, subject) = match query.credential {
        Locator::Address(address) => {
            let found = Together::read(ledger, &[address]).await?;
            return Ok(Links::of(address, found.account(&address)));
        }
        Locator::Latest { achievement, subject } => (achievement, subject),
    };
    let mut latest = Links { credential: address::credential(&achievement, &subject, 0), to: None };
    let mut first = 0;
    loop {
        let last = first + (SEQUENCES_AT_ONCE - 1);
        let addresses: Vec<_> =
            (first..=last).map(|sequence| address::credential(&achievement, &subject, sequence)).collect();
        let found = Together::read(ledger, &addresses).await?;
        for address in &addresses {
            let account = found.account(address);
            if account.is_none() {
                return Ok(latest);
            }
            latest = Links::of(*address, account);
        }
        match last.checked_add(1) {
            Some(next) => first = next,
            None => return Ok(latest),
        }
    }
}
