//! The seam to a cluster: what it can be asked, and the transactions it takes. One end is embedded: an SVM inside the process whose state
//! lives in a file. The other is any Solana cluster, by RPC.

#[cfg(feature = "embedded")]
mod embedded;
#[cfg(feature = "embedded")]
mod file;
#[cfg(feature = "embedded")]
mod journal;
#[cfg(feature = "rpc")]
mod rpc;

use async_trait::async_trait;
use microcred::ID;
use serde::{Deserialize, Serialize};
use solana_account::Account;
use solana_address::Address;
use solana_hash::Hash;
use solana_message::VersionedMessage;
use solana_signature::Signature;
use solana_transaction::versioned::VersionedTransaction;
use solana_transaction_error::TransactionError;
use thiserror::Error;

#[cfg(feature = "embedded")]
pub use embedded::{Embedded, PROGRAM_ELF};
#[cfg(feature = "embedded")]
pub use file::OpenError;
#[cfg(feature = "rpc")]
pub use rpc::{Cluster, CommitmentConfig, Endpoint, EndpointError, Options as RpcOptions, Patience, Rpc};

use crate::{
    error::{Refusal, SendError},
    event,
};

/// Address of the clock sysvar.
pub const CLOCK: Address = Address::from_str_const("SysvarC1ock11111111111111111111111111111111");

/// How many addresses one [`AccountReader::read`] takes at most: the limit of `getMultipleAccounts`.
pub const READ_LIMIT: usize = 100;

/// Accounts as they stood together in one slot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// The slot.
    pub slot: u64,
    /// The accounts, in the order they were asked for; none: the address is empty.
    pub accounts: Vec<Option<Account>>,
}

/// Which of the program's accounts are looked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Search {
    /// What must stand where: offset from the account's start, and bytes (at most 128). The discriminator is one of them, at 0.
    pub matches: Vec<(usize, Vec<u8>)>,
    /// Which bytes of each account to answer with: offset and length. None: all.
    pub slice: Option<(usize, usize)>,
}

/// A recent blockhash, and how long a transaction with it is good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lifetime {
    /// The blockhash.
    pub blockhash: Hash,
    /// The last block height at which a transaction with it can land.
    pub last_valid_block_height: u64,
}

/// What a transaction would do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Simulated {
    /// Compute units it would take.
    pub compute_units: u64,
    /// Its log.
    pub logs: Vec<String>,
    /// What the last program would return.
    pub return_data: Vec<u8>,
}

/// A transaction that took effect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    /// Its signature.
    pub signature: Signature,
    /// The slot in which it took effect.
    pub slot: u64,
    /// Lamports paid as fee.
    pub fee: u64,
    /// Compute units it took.
    pub compute_units: u64,
    /// Its log.
    pub logs: Vec<String>,
    /// What the last program returned.
    pub return_data: Vec<u8>,
}

impl Sent {
    /// The program's events, in order.
    #[must_use]
    pub fn events(&self) -> Vec<event::Event> {
        event::from_logs(&self.logs)
    }
}

/// A transaction that took effect, without what it costs another question to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Landed {
    /// Its signature.
    pub signature: Signature,
    /// The slot in which it took effect.
    pub slot: u64,
}

/// A transaction that touched an account, from the ledger's history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Past {
    /// Its signature.
    #[serde(with = "as_text")]
    pub signature: Signature,
    /// The slot in which it was executed.
    pub slot: u64,
    /// When, Unix seconds; none: not known to the cluster.
    pub time: Option<i64>,
    /// Why it failed; none: it took effect.
    pub failure: Option<TransactionError>,
    /// Lamports paid as fee.
    pub fee: u64,
    /// Compute units it took.
    pub compute_units: u64,
    /// Its log.
    pub logs: Vec<String>,
}

impl Past {
    /// The program's events, in order; a transaction that failed has none.
    #[must_use]
    pub fn events(&self) -> Vec<event::Event> {
        if self.failure.is_some() { Vec::new() } else { event::from_logs(&self.logs) }
    }

    /// Why it failed, in words; none: it took effect.
    #[must_use]
    pub fn why_failed(&self) -> Option<String> {
        let failure = self.failure.as_ref()?;
        let TransactionError::InstructionError(index, cause) = failure else { return Some(failure.to_string()) };
        // The one that failed first: those that called it fail with the same error.
        let failed = self.logs.iter().find_map(|line| line.strip_prefix("Program ")?.split_once(" failed: "));
        let program = failed.and_then(|(program, _)| program.parse().ok());
        let refusal = Refusal::from_instruction(cause.clone(), program.as_ref());
        Some(format!("instruction {} was refused: {refusal}", index.saturating_add(1)))
    }

    /// What sending it gave, or would have given had its sender waited. The message is the transaction's.
    ///
    /// # Errors
    /// [`SendError`], if it failed.
    pub fn into_result(self, message: &VersionedMessage) -> Result<Sent, SendError> {
        if let Some(failure) = self.failure {
            return Err(SendError::of_message(failure, message, self.logs));
        }
        Ok(Sent {
            signature: self.signature,
            slot: self.slot,
            fee: self.fee,
            compute_units: self.compute_units,
            return_data: event::return_data(&self.logs),
            logs: self.logs,
        })
    }
}

/// Which part of an account's history is asked for: the newest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    /// Only what is older than this transaction.
    pub before: Option<Signature>,
    /// Only what is newer than this transaction.
    pub until: Option<Signature>,
    /// At most so many.
    pub limit: usize,
}

/// A read that failed. None of these says anything about what stands on the ledger.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum ReadError {
    /// No answer came, also after retries.
    #[error("{endpoint} gave no answer ({why}): check --url and the network, then try again")]
    Unreachable {
        /// The endpoint's address, without anything secret in it.
        endpoint: String,
        /// What happened.
        why: String,
    },
    /// The cluster answered with an error.
    #[error("the cluster refused: {0}")]
    Refused(String),
    /// The answer makes no sense.
    #[error("the ledger's answer makes no sense: {0}")]
    Malformed(String),
    /// The answer is older than what the same ledger has answered before.
    #[error("the cluster answered from slot {slot}, which is before {wanted}, already seen: try again")]
    Stale {
        /// Slot of the answer.
        slot: u64,
        /// What it must not be before.
        wanted: u64,
    },
    /// The program is not on the cluster: nothing of it could be found there.
    #[error("microcred ({ID}) is not deployed on {cluster}: check --url, or deploy it there")]
    NotDeployed {
        /// Which cluster it is.
        cluster: String,
    },
    /// More addresses were asked for than one read takes.
    #[error("one read takes at most {READ_LIMIT} addresses, not {0}")]
    TooMany(usize),
    /// The ledger's own file could not be read.
    #[error("the ledger could not be read: {0}")]
    File(String),
}

/// What verification needs of a ledger.
#[async_trait]
pub trait AccountReader: Send + Sync {
    /// Reads accounts, at most [`READ_LIMIT`], as they stand together in one slot.
    async fn read(&self, addresses: &[Address]) -> Result<Snapshot, ReadError>;
}

/// A cluster, or what stands in for one. It takes signed transactions: who signs, and how, is the caller's.
#[async_trait]
pub trait Ledger: AccountReader {
    /// The program's accounts that match, in no particular order.
    async fn find(&self, search: &Search) -> Result<Vec<(Address, Account)>, ReadError>;

    /// Lamports that an account of a size must hold, by the ledger's rent.
    async fn rent_minimum(&self, size: usize) -> Result<u64, ReadError>;

    /// A recent blockhash.
    async fn lifetime(&self) -> Result<Lifetime, ReadError>;

    /// The present block height, which [`Lifetime::last_valid_block_height`] is compared with.
    async fn block_height(&self) -> Result<u64, ReadError>;

    /// Lamports that the ledger would charge for a message.
    async fn fee(&self, message: &VersionedMessage) -> Result<u64, ReadError>;

    /// Micro-lamports per compute unit that recent transactions paid which wrote to these accounts, a figure a slot; empty: nobody pays.
    async fn recent_priority_fees(&self, writable: &[Address]) -> Result<Vec<u64>, ReadError>;

    /// What a transaction would do. Its signatures and blockhash may be missing or old.
    async fn simulate(&self, transaction: &VersionedTransaction) -> Result<Simulated, SendError>;

    /// Sends a signed transaction and follows it until it took effect, was refused, or can no longer land because the block height has
    /// passed `last_valid_block_height` (none: it has a durable nonce, and is followed for a minute). The same transaction may be sent
    /// again and again, and has its effect once.
    async fn submit(
        &self,
        transaction: &VersionedTransaction,
        last_valid_block_height: Option<u64>,
    ) -> Result<Sent, SendError>;

    /// Like [`Self::submit`], but what the transaction cost and logged is not asked for: on a cluster that saves a question each, which
    /// counts where thousands are sent.
    async fn land(
        &self,
        transaction: &VersionedTransaction,
        last_valid_block_height: Option<u64>,
    ) -> Result<Landed, SendError> {
        let Sent { signature, slot, .. } = self.submit(transaction, last_valid_block_height).await?;
        Ok(Landed { signature, slot })
    }

    /// What became of a transaction that was sent earlier, perhaps by another process; none: the ledger does not know it.
    async fn outcome(&self, signature: &Signature) -> Result<Option<Past>, ReadError>;

    /// The transactions that touched an account, newest first.
    async fn history(&self, address: &Address, page: &Page) -> Result<Vec<Past>, ReadError>;
}

/// Signatures are written as their Base58 text.
mod as_text {
    use std::{fmt::Display, str::FromStr};

    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub(super) fn serialize<T: Display, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(value)
    }

    pub(super) fn deserialize<'de, T, D>(deserializer: D) -> Result<T, D::Error>
    where
        T: FromStr<Err: Display>,
        D: Deserializer<'de>,
    {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}
