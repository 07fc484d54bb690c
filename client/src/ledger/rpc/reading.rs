//! What a cluster is asked about its present state.

use anchor_lang::wincode;
use base64::{Engine, prelude::BASE64_STANDARD};
use microcred::ID;
use serde::Deserialize;
use serde_json::json;
use solana_account::Account;
use solana_account_decoder_client_types::{UiAccount, UiAccountEncoding, UiDataSliceConfig};
use solana_address::Address;
use solana_commitment_config::CommitmentConfig;
use solana_message::VersionedMessage;
use solana_rpc_client_api::{
    config::{RpcAccountInfoConfig, RpcContextConfig, RpcProgramAccountsConfig, RpcSimulateTransactionConfig},
    filter::{Memcmp, MemcmpEncodedBytes, RpcFilterType},
    request::RpcRequest,
    response::{Response, RpcBlockhash, RpcKeyedAccount, RpcPrioritizationFee, RpcSimulateTransactionResult},
};
use solana_signature::Signature;
use solana_transaction::versioned::VersionedTransaction;
use solana_transaction_status_client_types::{UiReturnDataEncoding, UiTransactionEncoding, UiTransactionReturnData};

use super::Rpc;
use crate::{
    error::SendError,
    ledger::{Lifetime, READ_LIMIT, ReadError, Search, Simulated, Snapshot},
};

/// How many addresses one `getRecentPrioritizationFees` takes.
const FEE_ADDRESSES: usize = 128;

/// Where the cluster stands, by one answer.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Position {
    pub(super) absolute_slot: u64,
    pub(super) block_height: u64,
}

impl Rpc {
    pub(super) async fn accounts(&self, addresses: &[Address]) -> Result<Snapshot, ReadError> {
        if addresses.len() > READ_LIMIT {
            return Err(ReadError::TooMany(addresses.len()));
        }
        let params = json!([texts(addresses), self.account_config(None)]);
        let answer: Response<Vec<Option<UiAccount>>> = self.ask(RpcRequest::GetMultipleAccounts, params).await?;
        if answer.value.len() != addresses.len() {
            let why = format!("{} accounts instead of {}", answer.value.len(), addresses.len());
            return Err(ReadError::Malformed(why));
        }
        let accounts = answer.value.iter().map(|account| account.as_ref().map(decode).transpose());
        let accounts = accounts.collect::<Result<_, _>>()?;
        self.has_seen(answer.context.slot);
        Ok(Snapshot { slot: answer.context.slot, accounts })
    }

    pub(super) async fn program_accounts(&self, search: &Search) -> Result<Vec<(Address, Account)>, ReadError> {
        let filters = search.matches.iter().map(|(offset, bytes)| {
            let bytes = MemcmpEncodedBytes::Base64(BASE64_STANDARD.encode(bytes));
            RpcFilterType::Memcmp(Memcmp::new(*offset, bytes))
        });
        let config = RpcProgramAccountsConfig {
            filters: Some(filters.collect()),
            account_config: self.account_config(search.slice),
            with_context: Some(true),
            sort_results: Some(false),
        };
        let params = json!([ID.to_string(), config]);
        // With the slot, because without it nobody could tell an answer of long ago.
        let answer: Response<Vec<RpcKeyedAccount>> = self.ask(RpcRequest::GetProgramAccounts, params).await?;
        self.has_seen(answer.context.slot);
        answer.value.iter().map(|found| Ok((parse(&found.pubkey, "an address")?, decode(&found.account)?))).collect()
    }

    pub(super) async fn minimum_balance(&self, size: usize) -> Result<u64, ReadError> {
        self.ask(RpcRequest::GetMinimumBalanceForRentExemption, json!([size, self.options.commitment])).await
    }

    pub(super) async fn latest_blockhash(&self) -> Result<Lifetime, ReadError> {
        let params = json!([self.context_config(self.options.commitment)]);
        let answer: Response<RpcBlockhash> = self.ask(RpcRequest::GetLatestBlockhash, params).await?;
        self.has_seen(answer.context.slot);
        Ok(Lifetime {
            blockhash: parse(&answer.value.blockhash, "a blockhash")?,
            last_valid_block_height: answer.value.last_valid_block_height,
        })
    }

    /// Slot and block height from one answer, so that the one can be held against the other.
    pub(super) async fn position(&self, commitment: CommitmentConfig) -> Result<Position, ReadError> {
        let params = json!([self.context_config(commitment)]);
        let position: Position = self.ask(RpcRequest::GetEpochInfo, params).await?;
        if commitment == self.options.commitment {
            self.has_seen(position.absolute_slot);
        }
        Ok(position)
    }

    /// A blockhash that the cluster does not know any more, or that is missing, is replaced by a recent one.
    pub(super) async fn fee_for(&self, message: &VersionedMessage) -> Result<u64, ReadError> {
        if let Some(fee) = self.fee_of(message).await? {
            return Ok(fee);
        }
        let mut recent = message.clone();
        recent.set_recent_blockhash(self.latest_blockhash().await?.blockhash);
        self.fee_of(&recent).await?.ok_or_else(|| ReadError::Refused("no fee for a message that it knows".to_owned()))
    }

    async fn fee_of(&self, message: &VersionedMessage) -> Result<Option<u64>, ReadError> {
        let text = BASE64_STANDARD.encode(message.serialize());
        let params = json!([text, self.context_config(self.options.commitment)]);
        let answer: Response<Option<u64>> = self.ask(RpcRequest::GetFeeForMessage, params).await?;
        Ok(answer.value)
    }

    pub(super) async fn priority_fees(&self, writable: &[Address]) -> Result<Vec<u64>, ReadError> {
        let asked = writable.get(..FEE_ADDRESSES).unwrap_or(writable);
        let params = json!([texts(asked)]);
        let fees: Vec<RpcPrioritizationFee> = self.ask(RpcRequest::GetRecentPrioritizationFees, params).await?;
        Ok(fees.into_iter().map(|fee| fee.prioritization_fee).collect())
    }

    pub(super) async fn simulated(&self, transaction: &VersionedTransaction) -> Result<Simulated, SendError> {
        let mut unsigned = transaction.clone();
        let signers = usize::from(unsigned.message.header().num_required_signatures);
        unsigned.signatures.resize(signers, Signature::default());
        let config = RpcSimulateTransactionConfig {
            sig_verify: false,
            replace_recent_blockhash: !unsigned.uses_durable_nonce(),
            commitment: Some(self.options.commitment),
            encoding: Some(UiTransactionEncoding::Base64),
            min_context_slot: Some(self.seen()),
            ..RpcSimulateTransactionConfig::default()
        };
        let params = json!([encode(&unsigned)?, config]);
        let answer: Response<RpcSimulateTransactionResult> = self.ask(RpcRequest::SimulateTransaction, params).await?;
        self.has_seen(answer.context.slot);
        let RpcSimulateTransactionResult { err, logs, units_consumed, return_data, .. } = answer.value;
        let logs = logs.unwrap_or_default();
        match err {
            Some(failure) => Err(SendError::of_message(failure.into(), &transaction.message, logs)),
            None => Ok(Simulated {
                compute_units: units_consumed.unwrap_or_default(),
                logs,
                return_data: return_data.map(returned).unwrap_or_default(),
            }),
        }
    }

    fn account_config(&self, slice: Option<(usize, usize)>) -> RpcAccountInfoConfig {
        RpcAccountInfoConfig {
            encoding: Some(UiAccountEncoding::Base64),
            data_slice: slice.map(|(offset, length)| UiDataSliceConfig { offset, length }),
            commitment: Some(self.options.commitment),
            min_context_slot: Some(self.seen()),
        }
    }

    /// Of a commitment that is not above the one that slots are seen by.
    fn context_config(&self, commitment: CommitmentConfig) -> RpcContextConfig {
        let seen = if commitment == self.options.commitment { Some(self.seen()) } else { None };
        RpcContextConfig { commitment: Some(commitment), min_context_slot: seen }
    }
}

/// A transaction as the cluster takes it: Base64 of its bytes.
pub(super) fn encode(transaction: &VersionedTransaction) -> Result<String, SendError> {
    let bytes = wincode::serialize(transaction).map_err(|error| SendError::NotSigned(error.to_string()))?;
    Ok(BASE64_STANDARD.encode(bytes))
}

pub(super) fn parse<T: std::str::FromStr>(text: &str, what: &str) -> Result<T, ReadError> {
    text.parse().map_err(|_| ReadError::Malformed(format!("{what} that is none")))
}

fn texts(addresses: &[Address]) -> Vec<String> {
    addresses.iter().map(ToString::to_string).collect()
}

fn decode(account: &UiAccount) -> Result<Account, ReadError> {
    account.to_account().ok_or_else(|| ReadError::Malformed("an account that cannot be decoded".to_owned()))
}

fn returned(
    UiTransactionReturnData { data: (text, UiReturnDataEncoding::Base64), .. }: UiTransactionReturnData,
) -> Vec<u8> {
    BASE64_STANDARD.decode(text).unwrap_or_default()
}
