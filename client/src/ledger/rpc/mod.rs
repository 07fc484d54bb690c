//! Any Solana cluster, by JSON-RPC.
//!
//! What is read never goes back in time: endpoints often have several nodes behind them, and some of those are behind the others. So
//! every question names the highest slot that was seen, and the answer is held to it.

mod cluster;
mod endpoint;
mod fault;
mod following;
mod options;
mod past;
mod reading;
mod sending;
mod transport;

use std::sync::atomic::{AtomicU64, Ordering};

use async_trait::async_trait;
use serde::de::DeserializeOwned;
use serde_json::Value;
use solana_account::Account;
use solana_address::Address;
use solana_message::VersionedMessage;
use solana_rpc_client::{nonblocking::rpc_client::RpcClient, rpc_client::RpcClientConfig};
use solana_rpc_client_api::request::RpcRequest;
use solana_signature::Signature;
use solana_transaction::versioned::VersionedTransaction;

pub use cluster::Cluster;
pub use endpoint::{Endpoint, EndpointError};
pub use options::{Options, Patience};
pub use solana_commitment_config::CommitmentConfig;

use super::{AccountReader, Landed, Ledger, Lifetime, Page, Past, ReadError, Search, Sent, Simulated, Snapshot};
use crate::error::SendError;
use fault::{Fault, carried};
use following::Following;
use sending::Executed;
use transport::Transport;

/// A cluster behind an RPC endpoint.
///
/// ```no_run
/// use microcred_client::ledger::{AccountReader, CLOCK, Rpc, RpcOptions};
///
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// let cluster = Rpc::new("https://api.devnet.solana.com", RpcOptions::default())?;
/// cluster.require_program().await?;
/// let clock = cluster.read(&[CLOCK]).await?;
/// assert!(clock.accounts[0].is_some());
/// # Ok(())
/// # }
/// ```
pub struct Rpc {
    client: RpcClient,
    endpoint: Endpoint,
    web_socket: Endpoint,
    options: Options,
    /// The highest slot seen in an answer of the commitment asked for.
    seen: AtomicU64,
    following: Following,
}

impl Rpc {
    /// A cluster behind an address that begins with `http://` or `https://`. Nothing is asked yet.
    ///
    /// # Errors
    /// [`EndpointError`].
    pub fn new(url: &str, options: Options) -> Result<Self, EndpointError> {
        let endpoint = Endpoint::http(url)?;
        let web_socket = match &options.web_socket {
            Some(text) => Endpoint::web_socket(text)?,
            None => endpoint.its_web_socket(),
        };
        let transport = Transport::new(endpoint.clone(), &options)?;
        let config = RpcClientConfig::with_commitment(options.commitment);
        Ok(Self {
            client: RpcClient::new_sender(transport, config),
            endpoint,
            web_socket,
            seen: AtomicU64::new(0),
            following: Following::default(),
            options,
        })
    }

    /// Where the cluster is asked.
    #[must_use]
    pub const fn endpoint(&self) -> &Endpoint {
        &self.endpoint
    }

    /// Where the cluster tells of changes.
    #[must_use]
    pub const fn web_socket(&self) -> &Endpoint {
        &self.web_socket
    }

    /// How it is asked.
    #[must_use]
    pub const fn options(&self) -> &Options {
        &self.options
    }

    /// The client of Solana's own crates, on the same connection and with the same patience, for what a [`Ledger`] does not do.
    #[must_use]
    pub const fn client(&self) -> &RpcClient {
        &self.client
    }

    /// The highest slot seen so far: nothing read later is from before it.
    #[must_use]
    pub fn seen(&self) -> u64 {
        self.seen.load(Ordering::Relaxed)
    }

    fn has_seen(&self, slot: u64) {
        self.seen.fetch_max(slot, Ordering::Relaxed);
    }

    /// Asks, with patience where the request may be repeated.
    async fn try_ask<T: DeserializeOwned>(&self, request: RpcRequest, params: Value) -> Result<T, AskError> {
        self.client.send(request, params).await.map_err(|error| match carried(&error) {
            Ok(fault) => AskError::Fault(fault),
            Err(malformed) => AskError::Malformed(malformed),
        })
    }

    async fn ask<T: DeserializeOwned>(&self, request: RpcRequest, params: Value) -> Result<T, ReadError> {
        self.try_ask(request, params).await.map_err(|error| self.told(error))
    }

    fn told(&self, error: AskError) -> ReadError {
        match error {
            AskError::Fault(fault) => fault.into_read_error(&self.endpoint),
            AskError::Malformed(error) => error,
        }
    }
}

/// Why there is no answer.
enum AskError {
    Fault(Fault),
    Malformed(ReadError),
}

#[async_trait]
impl AccountReader for Rpc {
    async fn read(&self, addresses: &[Address]) -> Result<Snapshot, ReadError> {
        self.accounts(addresses).await
    }
}

#[async_trait]
impl Ledger for Rpc {
    async fn find(&self, search: &Search) -> Result<Vec<(Address, Account)>, ReadError> {
        self.program_accounts(search).await
    }

    async fn rent_minimum(&self, size: usize) -> Result<u64, ReadError> {
        self.minimum_balance(size).await
    }

    async fn lifetime(&self) -> Result<Lifetime, ReadError> {
        self.latest_blockhash().await
    }

    async fn block_height(&self) -> Result<u64, ReadError> {
        self.position(self.options.commitment).await.map(|position| position.block_height)
    }

    async fn fee(&self, message: &VersionedMessage) -> Result<u64, ReadError> {
        self.fee_for(message).await
    }

    async fn recent_priority_fees(&self, writable: &[Address]) -> Result<Vec<u64>, ReadError> {
        self.priority_fees(writable).await
    }

    async fn simulate(&self, transaction: &VersionedTransaction) -> Result<Simulated, SendError> {
        self.simulated(transaction).await
    }

    async fn submit(
        &self,
        transaction: &VersionedTransaction,
        last_valid_block_height: Option<u64>,
    ) -> Result<Sent, SendError> {
        let Executed { signature, slot, failure } = self.follow(transaction, last_valid_block_height).await?;
        match (self.past_of_landed(&signature).await, failure) {
            (Ok(past), _) => past.into_result(&transaction.message),
            (Err(error), None) => Err(SendError::Untold { signature, slot, why: error.to_string() }),
            (Err(_), Some(failure)) => Err(SendError::of_message(failure, &transaction.message, Vec::new())),
        }
    }

    async fn land(
        &self,
        transaction: &VersionedTransaction,
        last_valid_block_height: Option<u64>,
    ) -> Result<Landed, SendError> {
        let Executed { signature, slot, failure } = self.follow(transaction, last_valid_block_height).await?;
        match failure {
            None => Ok(Landed { signature, slot }),
            Some(failure) => {
                let logs = self.past_of_landed(&signature).await.map_or_else(|_| Vec::new(), |past| past.logs);
                Err(SendError::of_message(failure, &transaction.message, logs))
            }
        }
    }

    async fn outcome(&self, signature: &Signature) -> Result<Option<Past>, ReadError> {
        self.past(signature).await
    }

    async fn history(&self, address: &Address, page: &Page) -> Result<Vec<Past>, ReadError> {
        self.past_of(address, page).await
    }
}
