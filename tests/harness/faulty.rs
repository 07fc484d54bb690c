//! A ledger with faults, as networks have them.

use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use microcred_client::{
    Address,
    error::SendError,
    ledger::{AccountReader, Embedded, Ledger, Lifetime, Page, Past, ReadError, Search, Sent, Simulated, Snapshot},
};
use solana_account::Account;
use solana_message::VersionedMessage;
use solana_signature::Signature;
use solana_transaction::versioned::VersionedTransaction;

/// What a ledger can be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Call {
    /// Accounts by address.
    Read,
    /// Accounts that match.
    Find,
    /// Rent, block height, fees.
    Figure,
    /// A blockhash.
    Lifetime,
    /// What a transaction would do.
    Simulate,
    /// To execute a transaction.
    Submit,
    /// What became of a transaction.
    Outcome,
}

/// What goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// No answer, and nothing was done.
    Fail,
    /// The answer comes late: others go on meanwhile.
    Delay,
    /// The transaction is dropped, and said to have expired.
    Expire,
    /// The transaction is dropped, and nothing is known of it.
    Lose,
    /// The transaction takes effect, but nothing is known of it.
    Unconfirmed,
    /// Nothing is known of the transaction, and it takes effect later, if its blockhash is still good then.
    Late,
    /// The transaction arrives twice.
    Twice,
}

type Plan = Box<dyn FnMut(Call) -> Option<Fault> + Send>;

/// An embedded ledger whose answers go wrong by plan.
pub struct Faulty {
    /// The ledger behind it.
    pub ledger: Embedded,
    plan: Mutex<Plan>,
    late: Mutex<Vec<VersionedTransaction>>,
    calls: Mutex<Vec<Call>>,
}

impl Faulty {
    /// A ledger for each of whose calls the plan says what goes wrong.
    pub fn new(ledger: Embedded, plan: impl FnMut(Call) -> Option<Fault> + Send + 'static) -> Self {
        Self { ledger, plan: Mutex::new(Box::new(plan)), late: Mutex::default(), calls: Mutex::default() }
    }

    /// A ledger on which these faults befall the first transactions that are submitted, and nothing those after.
    #[must_use]
    pub fn submitting(ledger: Embedded, faults: &[Fault]) -> Self {
        let faults = faults.to_vec();
        let mut faults = faults.into_iter();
        Self::new(ledger, move |call| if call == Call::Submit { faults.next() } else { None })
    }

    /// How often it was asked this.
    #[must_use]
    pub fn count(&self, call: Call) -> usize {
        lock(&self.calls).iter().filter(|made| **made == call).count()
    }

    /// Executes what is still under way.
    pub async fn settle(&self) {
        let late = std::mem::take(&mut *lock(&self.late));
        for transaction in late {
            let _ = self.ledger.submit(&transaction, None).await;
        }
    }

    async fn fault(&self, call: Call) -> Option<Fault> {
        lock(&self.calls).push(call);
        let fault = (lock(&self.plan))(call);
        if fault == Some(Fault::Delay) {
            for _ in 0..5 {
                tokio::task::yield_now().await;
            }
        }
        fault
    }

    async fn check(&self, call: Call) -> Result<(), ReadError> {
        match self.fault(call).await {
            Some(Fault::Fail) => Err(no_answer()),
            _ => Ok(()),
        }
    }
}

fn no_answer() -> ReadError {
    ReadError::Unreachable { endpoint: "http://127.0.0.1".into(), why: "by plan".into() }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[async_trait]
impl AccountReader for Faulty {
    async fn read(&self, addresses: &[Address]) -> Result<Snapshot, ReadError> {
        self.check(Call::Read).await?;
        self.ledger.read(addresses).await
    }
}

#[async_trait]
impl Ledger for Faulty {
    async fn find(&self, search: &Search) -> Result<Vec<(Address, Account)>, ReadError> {
        self.check(Call::Find).await?;
        self.ledger.find(search).await
    }

    async fn rent_minimum(&self, size: usize) -> Result<u64, ReadError> {
        self.check(Call::Figure).await?;
        Ledger::rent_minimum(&self.ledger, size).await
    }

    async fn lifetime(&self) -> Result<Lifetime, ReadError> {
        self.check(Call::Lifetime).await?;
        self.ledger.lifetime().await
    }

    async fn block_height(&self) -> Result<u64, ReadError> {
        self.check(Call::Figure).await?;
        self.ledger.block_height().await
    }

    async fn fee(&self, message: &VersionedMessage) -> Result<u64, ReadError> {
        self.check(Call::Figure).await?;
        self.ledger.fee(message).await
    }

    async fn recent_priority_fees(&self, writable: &[Address]) -> Result<Vec<u64>, ReadError> {
        self.check(Call::Figure).await?;
        self.ledger.recent_priority_fees(writable).await
    }

    async fn simulate(&self, transaction: &VersionedTransaction) -> Result<Simulated, SendError> {
        self.check(Call::Simulate).await?;
        self.ledger.simulate(transaction).await
    }

    async fn submit(&self, transaction: &VersionedTransaction, until: Option<u64>) -> Result<Sent, SendError> {
        let fault = self.fault(Call::Submit).await;
        self.settle().await;
        let signature = transaction.signatures.first().copied().unwrap_or_default();
        let unconfirmed = Err(SendError::Unconfirmed { signature, why: "by plan".into() });
        match fault {
            None | Some(Fault::Delay) => self.ledger.submit(transaction, until).await,
            Some(Fault::Fail) => Err(no_answer().into()),
            Some(Fault::Expire) => Err(SendError::Expired(signature)),
            Some(Fault::Lose) => unconfirmed,
            Some(Fault::Unconfirmed) => {
                let _ = self.ledger.submit(transaction, until).await;
                unconfirmed
            }
            Some(Fault::Late) => {
                lock(&self.late).push(transaction.clone());
                unconfirmed
            }
            Some(Fault::Twice) => {
                let _ = self.ledger.submit(transaction, until).await;
                self.ledger.submit(transaction, until).await
            }
        }
    }

    async fn outcome(&self, signature: &Signature) -> Result<Option<Past>, ReadError> {
        self.check(Call::Outcome).await?;
        self.ledger.outcome(signature).await
    }

    async fn history(&self, address: &Address, page: &Page) -> Result<Vec<Past>, ReadError> {
        self.check(Call::Read).await?;
        self.ledger.history(address, page).await
    }
}
