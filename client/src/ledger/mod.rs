//! The seam to a cluster. One end is embedded: an SVM inside the process whose state lives in a file.

#[cfg(feature = "embedded")]
mod embedded;
#[cfg(feature = "embedded")]
mod file;

use std::future::Future;

use solana_account::Account;
use solana_address::Address;
use solana_instruction::Instruction;
use solana_keypair::Keypair;
use solana_signature::Signature;
use thiserror::Error;

#[cfg(feature = "embedded")]
pub use embedded::{Embedded, PROGRAM_ELF};
#[cfg(feature = "embedded")]
pub use file::OpenError;

use crate::{error::SendError, event};

/// Address of the clock sysvar.
pub const CLOCK: Address = Address::from_str_const("SysvarC1ock11111111111111111111111111111111");

/// Accounts as they stood together in one slot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// The slot.
    pub slot: u64,
    /// The accounts, in the order they were asked for; none: the address is empty.
    pub accounts: Vec<Option<Account>>,
}

/// A transaction that took effect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    /// Its signature.
    pub signature: Signature,
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

/// A read that failed.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("the ledger could not be read: {0}")]
pub struct ReadError(pub String);

/// A cluster, or what stands in for one.
pub trait Ledger {
    /// Reads accounts as they stand together in one slot.
    fn read(&self, addresses: &[Address]) -> impl Future<Output = Result<Snapshot, ReadError>> + Send;

    /// Sends one transaction, signed by the payer and the other signers, and waits until it took effect.
    fn send(
        &mut self,
        instructions: &[Instruction],
        payer: &Keypair,
        signers: &[&Keypair],
    ) -> impl Future<Output = Result<Sent, SendError>> + Send;
}
