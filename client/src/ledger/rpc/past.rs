//! What a cluster is asked about transactions of the past.

use std::time::Duration;

use backon::{ExponentialBuilder, Retryable};
use futures_util::{StreamExt, TryStreamExt, stream};
use serde_json::json;
use solana_address::Address;
use solana_commitment_config::CommitmentConfig;
use solana_rpc_client_api::{
    config::{RpcSignatureStatusConfig, RpcSignaturesForAddressConfig, RpcTransactionConfig},
    request::{MAX_GET_CONFIRMED_SIGNATURES_FOR_ADDRESS2_LIMIT, RpcRequest},
    response::{Response, RpcConfirmedTransactionStatusWithSignature},
};
use solana_signature::Signature;
use solana_transaction_status_client_types::{
    EncodedConfirmedTransactionWithStatusMeta, TransactionStatus, UiTransactionEncoding,
    option_serializer::OptionSerializer,
};

use super::{Rpc, reading::parse};
use crate::ledger::{Page, Past, ReadError};

/// How many transactions of a history are asked for at a time.
const AT_A_TIME: usize = 16;

/// How long it may take until a transaction that landed can be told: the history is written after the slot.
const LAG: ExponentialBuilder = ExponentialBuilder::new()
    .with_min_delay(Duration::from_millis(200))
    .with_max_delay(Duration::from_secs(2))
    .with_max_times(12);

/// What the cluster says of some transactions, at a slot.
pub(super) struct Statuses {
    /// The slot, of whatever commitment.
    pub(super) slot: u64,
    /// In the order asked; none: the cluster does not know the transaction.
    pub(super) statuses: Vec<Option<TransactionStatus>>,
}

/// Why a transaction that landed is not told.
enum NotTold {
    Yet,
    Read(ReadError),
}

impl Rpc {
    pub(super) async fn statuses(&self, signatures: &[Signature], search_history: bool) -> Result<Statuses, ReadError> {
        let texts: Vec<_> = signatures.iter().map(ToString::to_string).collect();
        let config = RpcSignatureStatusConfig { search_transaction_history: search_history };
        let answer: Response<Vec<Option<TransactionStatus>>> =
            self.ask(RpcRequest::GetSignatureStatuses, json!([texts, config])).await?;
        if answer.value.len() != signatures.len() {
            let why = format!("{} statuses instead of {}", answer.value.len(), signatures.len());
            return Err(ReadError::Malformed(why));
        }
        Ok(Statuses { slot: answer.context.slot, statuses: answer.value })
    }

    /// What became of a transaction; none: the cluster does not know it, by an answer that is not behind what was seen.
    pub(super) async fn past(&self, signature: &Signature) -> Result<Option<Past>, ReadError> {
        if let Some(past) = self.transaction(signature).await? {
            return Ok(Some(past));
        }
        let wanted = self.seen();
        let Statuses { slot, statuses } = self.statuses(&[*signature], true).await?;
        match statuses.into_iter().flatten().next() {
            Some(status) if status.satisfies_commitment(self.options.commitment) => {
                self.past_of_landed(signature).await.map(Some)
            }
            None if slot < wanted => Err(ReadError::Stale { slot, wanted }),
            _ => Ok(None),
        }
    }

    /// A transaction of which the cluster says that it was executed.
    pub(super) async fn past_of_landed(&self, signature: &Signature) -> Result<Past, ReadError> {
        let told = || async {
            match self.transaction(signature).await {
                Ok(Some(past)) => Ok(past),
                Ok(None) => Err(NotTold::Yet),
                Err(error) => Err(NotTold::Read(error)),
            }
        };
        let told = told.retry(LAG).sleep(tokio::time::sleep).when(|error| matches!(error, NotTold::Yet)).await;
        told.map_err(|error| match error {
            NotTold::Yet => ReadError::Refused(format!("it keeps no history of the transaction {signature}")),
            NotTold::Read(error) => error,
        })
    }

    /// The transactions that touched an account, newest first, in as many questions as that takes.
    pub(super) async fn past_of(&self, address: &Address, page: &Page) -> Result<Vec<Past>, ReadError> {
        let mut signatures = Vec::new();
        let mut before = page.before;
        while signatures.len() < page.limit {
            let limit = (page.limit - signatures.len()).min(MAX_GET_CONFIRMED_SIGNATURES_FOR_ADDRESS2_LIMIT);
            let part = self.signatures(address, &Page { before, until: page.until, limit }).await?;
            let is_last = part.len() < limit;
            before = part.last().copied();
            signatures.extend(part);
            if is_last {
                break;
            }
        }
        stream::iter(signatures)
            .map(|signature| async move { self.past_of_landed(&signature).await })
            .buffered(AT_A_TIME)
            .try_collect()
            .await
    }

    async fn signatures(&self, address: &Address, page: &Page) -> Result<Vec<Signature>, ReadError> {
        let config = RpcSignaturesForAddressConfig {
            before: page.before.map(|signature| signature.to_string()),
            until: page.until.map(|signature| signature.to_string()),
            limit: Some(page.limit),
            commitment: Some(self.history_commitment()),
            min_context_slot: Some(self.seen()).filter(|_| self.options.commitment == self.history_commitment()),
        };
        let found: Vec<RpcConfirmedTransactionStatusWithSignature> =
            self.ask(RpcRequest::GetSignaturesForAddress, json!([address.to_string(), config])).await?;
        // Who continues from one of these must not be answered by a node that does not know it yet.
        found.iter().for_each(|found| self.has_seen(found.slot));
        found.iter().map(|found| parse(&found.signature, "a signature")).collect()
    }

    async fn transaction(&self, signature: &Signature) -> Result<Option<Past>, ReadError> {
        let config = RpcTransactionConfig {
            encoding: Some(UiTransactionEncoding::Base64),
            commitment: Some(self.history_commitment()),
            max_supported_transaction_version: Some(0),
        };
        let found: Option<EncodedConfirmedTransactionWithStatusMeta> =
            self.ask(RpcRequest::GetTransaction, json!([signature.to_string(), config])).await?;
        let Some(found) = found else { return Ok(None) };
        let meta = found.transaction.meta.ok_or_else(|| {
            ReadError::Malformed(format!(
                "the transaction {signature} without what it did: ask an endpoint that keeps that"
            ))
        })?;
        Ok(Some(Past {
            signature: *signature,
            slot: found.slot,
            time: found.block_time,
            failure: meta.err.map(Into::into),
            fee: meta.fee,
            compute_units: taken(meta.compute_units_consumed).unwrap_or_default(),
            logs: taken(meta.log_messages).unwrap_or_default(),
        }))
    }

    /// History is kept of confirmed slots only.
    pub(super) fn history_commitment(&self) -> CommitmentConfig {
        if self.options.commitment.is_finalized() { self.options.commitment } else { CommitmentConfig::confirmed() }
    }
}

fn taken<T>(value: OptionSerializer<T>) -> Option<T> {
    match value {
        OptionSerializer::Some(value) => Some(value),
        OptionSerializer::None | OptionSerializer::Skip => None,
    }
}
