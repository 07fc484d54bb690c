//! What comes of sending an instruction with a substitute.

use std::collections::HashMap;

use anchor_lang::{BORSH_CONFIG, wincode::config::deserialize_exact};
use microcred::VerifyReceipt;
use microcred_client::{Address, verdict::Verdict};
use solana_account::{AccountSharedData, ReadableAccount};
use solana_transaction_error::TransactionError;

use crate::{cases::Case, stage::Stage, substitutes::Substitute};

/// What a substitution that is not refused does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// What the valid instruction does, but for the lamports of who signs and of what was put on the ledger before.
    Same,
    /// Something else.
    Other,
    /// Nothing: it is an answer of `verify`.
    Answer(Verdict),
}

/// A ledger's accounts.
pub type State = HashMap<Address, AccountSharedData>;

/// Sends a case's instruction with a substitute. `after` is the state that the valid instruction leads to. A refusal
/// must change nothing.
pub fn attempt(
    case: &Case,
    substitute: &Substitute,
    stage: &mut Stage,
    after: &State,
) -> Result<Effect, TransactionError> {
    let before = stage.state();
    let result = stage.send(&substitute.instruction);
    if result.is_err() || case.instruction == "verify" {
        assert!(stage.state() == before, "{}, {}: nothing changes", case.name(), substitute.kind);
    }
    let sent = result?;
    if case.instruction == "verify" {
        let receipt: VerifyReceipt = deserialize_exact(&sent.return_data.data, BORSH_CONFIG).unwrap();
        return Ok(Effect::Answer(receipt.verdict.try_into().unwrap()));
    }
    let metas = case.valid.accounts.iter().chain(&substitute.instruction.accounts);
    let signers = metas.filter(|meta| meta.is_signer).map(|meta| meta.pubkey);
    let but: Vec<_> = signers.chain(substitute.placed.iter().map(|(address, _)| *address)).collect();
    Ok(if same(&stage.state(), after, &but) { Effect::Same } else { Effect::Other })
}

/// Whether two states are the same but for the lamports of some accounts.
fn same(one: &State, other: &State, but: &[Address]) -> bool {
    let content = |account: Option<&AccountSharedData>| {
        account.map(|account| (*account.owner(), account.data().to_vec())).unwrap_or_default()
    };
    one.keys().chain(other.keys()).all(|address| {
        let (one, other) = (one.get(address), other.get(address));
        one == other || (but.contains(address) && content(one) == content(other))
    })
}
