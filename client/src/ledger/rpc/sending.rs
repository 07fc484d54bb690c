//! Sending a transaction again and again until its fate is known.

use serde_json::{Value, json};
use solana_rpc_client_api::{
    config::RpcSendTransactionConfig, custom_error::JSON_RPC_SERVER_ERROR_TRANSACTION_SIGNATURE_VERIFICATION_FAILURE,
    request::RpcRequest,
};
use solana_signature::Signature;
use solana_transaction::versioned::VersionedTransaction;
use solana_transaction_error::TransactionError;
use solana_transaction_status_client_types::UiTransactionEncoding;
use tokio::time::{sleep, timeout};

use super::{AskError, Rpc, fault::Fault, following::Fate, past::Statuses, reading::encode};
use crate::{error::SendError, ledger::ReadError};

/// JSON-RPC's code of an error inside the server (jsonrpc.org/specification, section 5.1).
const INTERNAL_ERROR: i64 = -32603;

/// A transaction that was executed.
pub(super) struct Executed {
    pub(super) signature: Signature,
    pub(super) slot: u64,
    /// Why it failed; none: it took effect.
    pub(super) failure: Option<TransactionError>,
}

/// What one sending says.
enum Sending {
    /// The cluster has it, or may have it.
    Taken,
    /// The cluster does not have it, but may take it next time.
    NotTaken(ReadError),
    /// The cluster does not want it.
    Refused(SendError),
}

/// How the sending goes, as far as it is known.
#[derive(Default)]
struct Course {
    /// Whether a sending is under way: it may reach the cluster, even if nobody waits for its answer.
    under_way: bool,
    /// Whether any sending may have reached the cluster.
    may_be_taken: bool,
    /// Why the last one did not.
    not_taken: Option<ReadError>,
}

impl Rpc {
    /// Sends until it was executed, was refused or can no longer land.
    pub(super) async fn follow(
        &self,
        transaction: &VersionedTransaction,
        last_valid_block_height: Option<u64>,
    ) -> Result<Executed, SendError> {
        let signature = transaction.signatures.first().copied().unwrap_or_default();
        let text = encode(transaction)?;
        let mut course = Course::default();
        let following = async {
            let fate = self.fate(signature, last_valid_block_height);
            match last_valid_block_height {
                Some(_) => fate.await,
                None => match timeout(self.options.nonce, fate).await {
                    Ok(fate) => fate,
                    Err(_) => self.last_look(&signature).await,
                },
            }
        };
        let fate = tokio::select! {
            biased;
            fate = following => fate,
            refused = self.send_again_and_again(&text, transaction, &mut course) => return Err(refused),
        };
        match fate {
            Fate::Executed { slot, failure } => {
                self.has_seen(slot);
                Ok(Executed { signature, slot, failure })
            }
            Fate::Expired => Err(SendError::Expired(signature)),
            Fate::Unknown(error) => Err(match course.not_taken {
                Some(why) if !course.may_be_taken && !course.under_way => SendError::Read(why),
                _ => SendError::Unconfirmed { signature, why: error.to_string() },
            }),
        }
    }

    /// Ends only when the cluster refuses what it never had, from nobody: another process may have sent it before, and what it changed
    /// be why it is refused now.
    async fn send_again_and_again(
        &self,
        text: &str,
        transaction: &VersionedTransaction,
        course: &mut Course,
    ) -> SendError {
        let signature = transaction.signatures.first().copied().unwrap_or_default();
        loop {
            course.under_way = true;
            let sending = self.send_once(text, transaction).await;
            course.under_way = false;
            match sending {
                Sending::Taken => course.may_be_taken = true,
                Sending::NotTaken(why) => course.not_taken = Some(why),
                Sending::Refused(error) if !course.may_be_taken => match self.statuses(&[signature], true).await {
                    Ok(Statuses { statuses, .. }) if statuses.iter().all(Option::is_none) => return error,
                    Ok(_) => course.may_be_taken = true,
                    Err(why) => course.not_taken = Some(why),
                },
                Sending::Refused(_) => {}
            }
            sleep(self.options.resend).await;
        }
    }

    async fn send_once(&self, text: &str, transaction: &VersionedTransaction) -> Sending {
        let config = RpcSendTransactionConfig {
            skip_preflight: true,
            encoding: Some(UiTransactionEncoding::Base64),
            max_retries: Some(0),
            ..RpcSendTransactionConfig::default()
        };
        let fault = match self.try_ask::<Value>(RpcRequest::SendTransaction, json!([text, config])).await {
            Ok(_) | Err(AskError::Malformed(_)) => return Sending::Taken,
            Err(AskError::Fault(fault)) => fault,
        };
        // Some endpoints simulate, asked or not.
        if let Some((error, logs)) = fault.of_transaction() {
            return match error {
                TransactionError::AlreadyProcessed => Sending::Taken,
                TransactionError::BlockhashNotFound => {
                    Sending::NotTaken(ReadError::Refused("it does not know the transaction's blockhash".to_owned()))
                }
                error => Sending::Refused(SendError::of_message(error, &transaction.message, logs)),
            };
        }
        match fault {
            Fault::NotAnswered(_) | Fault::OutOfOrder(_) => Sending::Taken,
            Fault::NotAsked(_) | Fault::TooMany { .. } => Sending::NotTaken(fault.into_read_error(&self.endpoint)),
            Fault::Refused { code: INTERNAL_ERROR, .. } => Sending::Taken,
            Fault::Refused { code: JSON_RPC_SERVER_ERROR_TRANSACTION_SIGNATURE_VERIFICATION_FAILURE, .. } => {
                Sending::Refused(SendError::NotExecuted(TransactionError::SignatureFailure))
            }
            fault if fault.is_passing() => Sending::NotTaken(fault.into_read_error(&self.endpoint)),
            fault => Sending::Refused(SendError::Read(fault.into_read_error(&self.endpoint))),
        }
    }

    /// What is known of a transaction with a durable nonce that was followed long enough.
    async fn last_look(&self, signature: &Signature) -> Fate {
        let statuses = match self.statuses(&[*signature], true).await {
            Ok(Statuses { statuses, .. }) => statuses,
            Err(error) => return Fate::Unknown(error),
        };
        match statuses.into_iter().flatten().next() {
            Some(status) if status.satisfies_commitment(self.options.commitment) => {
                Fate::Executed { slot: status.slot, failure: status.err }
            }
            _ => Fate::Unknown(ReadError::Refused(
                "it has a durable nonce, and may land until that is advanced".to_owned(),
            )),
        }
    }
}
