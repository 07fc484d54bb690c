//! A ledger that refuses what another one would take.

use std::sync::atomic::{AtomicU32, Ordering};

use async_trait::async_trait;
use microcred_client::{
    Address, MicrocredError,
    error::{Refusal, SendError},
    ledger::{AccountReader, Embedded, Ledger, Lifetime, Page, Past, ReadError, Search, Sent, Simulated, Snapshot},
};
use solana_account::Account;
use solana_message::VersionedMessage;
use solana_signature::Signature;
use solana_transaction::versioned::VersionedTransaction;

/// A ledger that refuses whatever names one account.
pub(crate) struct Refusing {
    pub(crate) ledger: Embedded,
    pub(crate) bad: Address,
    /// The error that it refuses with.
    pub(crate) error: MicrocredError,
    /// After how many transactions, simulated or submitted, it begins to refuse.
    pub(crate) from: u32,
    pub(crate) seen: AtomicU32,
}

impl Refusing {
    /// One that refuses what names an account that nothing names.
    pub(crate) fn new(ledger: Embedded) -> Self {
        let bad = Address::new_from_array([0xee; 32]);
        Self { ledger, bad, error: MicrocredError::InvariantBroken, from: 0, seen: AtomicU32::new(0) }
    }

    fn check(&self, transaction: &VersionedTransaction) -> Result<(), SendError> {
        let seen = self.seen.fetch_add(1, Ordering::Relaxed);
        if seen < self.from || !transaction.message.static_account_keys().contains(&self.bad) {
            return Ok(());
        }
        let refusal = Refusal::Microcred(self.error);
        Err(SendError::Refused { index: 0, refusal, logs: Vec::new() })
    }
}

#[async_trait]
impl AccountReader for Refusing {
    async fn read(&self, addresses: &[Address]) -> Result<Snapshot, ReadError> {
        self.ledger.read(addresses).await
    }
}

#[async_trait]
impl Ledger for Refusing {
    async fn find(&self, search: &Search) -> Result<Vec<(Address, Account)>, ReadError> {
        self.ledger.find(search).await
    }

    async fn rent_minimum(&self, size: usize) -> Result<u64, ReadError> {
        Ledger::rent_minimum(&self.ledger, size).await
    }

    async fn lifetime(&self) -> Result<Lifetime, ReadError> {
        self.ledger.lifetime().await
    }

    async fn block_height(&self) -> Result<u64, ReadError> {
        self.ledger.block_height().await
    }

    async fn fee(&self, message: &VersionedMessage) -> Result<u64, ReadError> {
        self.ledger.fee(message).await
    }

    async fn recent_priority_fees(&self, writable: &[Address]) -> Result<Vec<u64>, ReadError> {
        self.ledger.recent_priority_fees(writable).await
    }

    async fn simulate(&self, transaction: &VersionedTransaction) -> Result<Simulated, SendError> {
        self.check(transaction)?;
        self.ledger.simulate(transaction).await
    }

    async fn submit(&self, transaction: &VersionedTransaction, until: Option<u64>) -> Result<Sent, SendError> {
        self.check(transaction)?;
        self.ledger.submit(transaction, until).await
    }

    async fn outcome(&self, signature: &Signature) -> Result<Option<Past>, ReadError> {
        self.ledger.outcome(signature).await
    }

    async fn history(&self, address: &Address, page: &Page) -> Result<Vec<Past>, ReadError> {
        self.ledger.history(address, page).await
    }
}
