//! What can go wrong between a question and its answer, and whether asking again may help.

use std::{error::Error as _, time::Duration};

use solana_rpc_client_api::{
    client_error::{AnyhowError, Error, ErrorKind, reqwest},
    custom_error::{JSON_RPC_SERVER_ERROR_MIN_CONTEXT_SLOT_NOT_REACHED, JSON_RPC_SERVER_ERROR_NODE_UNHEALTHY},
    response::RpcSimulateTransactionResult,
};
use solana_transaction_error::TransactionError;
use thiserror::Error;

use super::Endpoint;
use crate::ledger::ReadError;

/// One exchange that failed.
#[derive(Clone, Debug, Error)]
pub(super) enum Fault {
    /// The question did not reach the cluster.
    #[error("{0}")]
    NotAsked(String),
    /// The question may have reached the cluster, but the answer was lost, cut or is none.
    #[error("{0}")]
    NotAnswered(String),
    /// Too many questions, says a part of the way there.
    #[error("HTTP 429: too many requests")]
    TooMany {
        /// How long to wait at least.
        wait: Duration,
    },
    /// A part of the way there is out of order.
    #[error("HTTP {0}")]
    OutOfOrder(u16),
    /// A part of the way there lets nobody through.
    #[error("HTTP {0}: check the address and its key")]
    Barred(u16),
    /// The answer is from before what was asked for.
    #[error("an answer from slot {slot}, before {wanted}")]
    Stale {
        /// Slot of the answer.
        slot: u64,
        /// What it must not be before.
        wanted: u64,
    },
    /// The cluster answered with an error.
    #[error("{message} (code {code})")]
    Refused {
        /// JSON-RPC error code.
        code: i64,
        /// In the cluster's words.
        message: String,
        /// What a transaction would have done, if it was refused for that.
        simulated: Option<Box<RpcSimulateTransactionResult>>,
    },
}

impl Fault {
    /// Whether another attempt may succeed.
    pub(super) const fn is_passing(&self) -> bool {
        match self {
            Self::NotAsked(_) | Self::NotAnswered(_) | Self::TooMany { .. } | Self::OutOfOrder(_) => true,
            Self::Stale { .. } => true,
            Self::Barred(_) => false,
            Self::Refused { code, .. } => matches!(
                *code,
                JSON_RPC_SERVER_ERROR_NODE_UNHEALTHY | JSON_RPC_SERVER_ERROR_MIN_CONTEXT_SLOT_NOT_REACHED
            ),
        }
    }

    /// How long to wait at least before another attempt.
    pub(super) const fn wait(&self) -> Duration {
        match self {
            Self::TooMany { wait } => *wait,
            _ => Duration::ZERO,
        }
    }

    /// What the HTTP library says, without the address, in which there may be a key.
    pub(super) fn of_exchange(error: reqwest::Error) -> Self {
        let error = error.without_url();
        if error.is_connect() {
            return Self::NotAsked(cause(&error));
        }
        if error.is_timeout() {
            return Self::NotAnswered("no answer in time".to_owned());
        }
        Self::NotAnswered(format!("the answer was lost: {}", cause(&error)))
    }

    /// What is wrong with a transaction that was sent, with its log, if that is what it was refused for. Some nodes say it in words only.
    pub(super) fn of_transaction(&self) -> Option<(TransactionError, Vec<String>)> {
        let Self::Refused { message, simulated, .. } = self else { return None };
        if let Some(simulated) = simulated
            && let Some(error) = &simulated.err
        {
            return Some((error.clone().into(), simulated.logs.clone().unwrap_or_default()));
        }
        [TransactionError::AlreadyProcessed, TransactionError::BlockhashNotFound]
            .into_iter()
            .find(|error| message.contains(&error.to_string()))
            .map(|error| (error, Vec::new()))
    }

    /// What a caller is told.
    pub(super) fn into_read_error(self, endpoint: &Endpoint) -> ReadError {
        match self {
            Self::Stale { slot, wanted } => ReadError::Stale { slot, wanted },
            Self::Refused { .. } if !self.is_passing() => ReadError::Refused(self.to_string()),
            other => ReadError::Unreachable { endpoint: endpoint.to_string(), why: other.to_string() },
        }
    }
}

/// The innermost cause: the outer ones say only that something failed.
fn cause(error: &reqwest::Error) -> String {
    let mut source = error.source();
    let mut words = error.to_string();
    while let Some(inner) = source {
        words = inner.to_string();
        source = inner.source();
    }
    words
}

/// `RpcClient` carries the fault as an error of what is between it and the network.
impl From<Fault> for Error {
    fn from(fault: Fault) -> Self {
        ErrorKind::Middleware(AnyhowError::new(fault)).into()
    }
}

/// The fault that `RpcClient` carried. Other errors are its own, and say that an answer has not the form it should have.
pub(super) fn carried(error: &Error) -> Result<Fault, ReadError> {
    match error.kind() {
        ErrorKind::Middleware(inner) => match inner.downcast_ref::<Fault>() {
            Some(fault) => Ok(fault.clone()),
            None => Err(ReadError::Malformed(inner.to_string())),
        },
        other => Err(ReadError::Malformed(other.to_string())),
    }
}
