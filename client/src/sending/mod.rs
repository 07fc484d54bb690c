//! From instructions to a transaction that landed.
//!
//! [`send`] does it all: it sizes compute by simulation, which also refuses for free what cannot work; sets a priority fee; signs; submits; and
//! signs again with a new blockhash where one expired, which is safe, because an expired transaction never lands.
//!
//! Its steps can be had one by one, for multisigs, offline signing and durable nonces: [`Draft`] gives the unsigned message,
//! [`signing`] takes signatures from several places, and [`submit`] sends what is complete.

mod draft;
mod funds;
pub mod signing;

use solana_address::Address;
use solana_instruction::Instruction;
use solana_signer::signers::Signers;
use solana_transaction::versioned::VersionedTransaction;

pub use draft::{Budget, Draft, MAX_COMPUTE_UNITS, Nonce, TRANSACTION_SIZE, Validity};

use crate::{
    error::SendError,
    ledger::{Ledger, ReadError, Sent},
};

/// For how many blocks a blockhash is good, by the rules of the cluster.
const BLOCKHASH_BLOCKS: u64 = 150;

/// How transactions are paid for and how often they are tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policy {
    /// What is offered to be served before others.
    pub priority_fee: PriorityFee,
    /// How many compute units are asked for.
    pub compute: Compute,
    /// How often a transaction is signed at most, once for each blockhash that expires; 0 counts as 1.
    pub attempts: u32,
}

impl Default for Policy {
    /// No priority fee, compute units by simulation and a tenth more, five attempts.
    fn default() -> Self {
        Self { priority_fee: PriorityFee::None, compute: Compute::Simulated { margin_percent: 10 }, attempts: 5 }
    }
}

/// What is offered to be served before others, in micro-lamports per compute unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PriorityFee {
    /// Nothing.
    None,
    /// Always the same.
    Fixed(u64),
    /// What others paid lately to write to the same accounts.
    Recent {
        /// At least so many percent of the recent slots were served for this much or less.
        percentile: u8,
        /// But not more than this.
        at_most: u64,
    },
}

/// How many compute units a transaction asks for, at most [`MAX_COMPUTE_UNITS`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compute {
    /// As many as a simulation took, and some more.
    Simulated {
        /// How many percent more.
        margin_percent: u8,
    },
    /// So many.
    Fixed(u32),
}

impl Compute {
    /// What is asked for after a simulation took so many units.
    #[must_use]
    pub fn limit(self, simulated: u64) -> u32 {
        match self {
            Self::Fixed(units) => units.min(MAX_COMPUTE_UNITS),
            Self::Simulated { margin_percent } => {
                let with_margin = simulated.saturating_mul(u64::from(margin_percent).saturating_add(100)).div_ceil(100);
                u32::try_from(with_margin).unwrap_or(MAX_COMPUTE_UNITS).min(MAX_COMPUTE_UNITS)
            }
        }
    }
}

impl PriorityFee {
    /// The price to offer for writing to these accounts.
    ///
    /// # Errors
    /// [`ReadError`], if recent fees are wanted and cannot be read.
    pub async fn price(self, ledger: &dyn Ledger, writable: &[Address]) -> Result<u64, ReadError> {
        match self {
            Self::None => Ok(0),
            Self::Fixed(price) => Ok(price),
            Self::Recent { percentile, at_most } => {
                let mut fees = ledger.recent_priority_fees(writable).await?;
                fees.sort_unstable();
                let rank = fees.len().saturating_mul(usize::from(percentile.min(100))).div_ceil(100).saturating_sub(1);
                Ok(fees.get(rank).copied().unwrap_or(0).min(at_most))
            }
        }
    }
}

/// Prepares, signs and sends instructions, and waits for their effect. The signers are those that the instructions and the payer need, each
/// once, in any order. The future is `Send` if the signers are `Sync`.
///
/// # Errors
/// [`SendError`]; the index of a refused instruction counts those that were passed.
pub async fn send<S: Signers + ?Sized>(
    ledger: &dyn Ledger,
    instructions: &[Instruction],
    payer: &Address,
    signers: &S,
    policy: &Policy,
) -> Result<Sent, SendError> {
    let draft = prepare(ledger, instructions, payer, None, policy).await?;
    let mut attempt = 1;
    loop {
        let lifetime = ledger.lifetime().await?;
        let validity = Validity::Blockhash(lifetime.blockhash);
        let transaction = signing::sign(draft.message(&validity), signers)?;
        match ledger.submit(&transaction, Some(lifetime.last_valid_block_height)).await {
            Err(SendError::Expired(_)) if attempt < policy.attempts => attempt = attempt.saturating_add(1),
            Err(error) => {
                let error = draft.as_passed(&validity, error);
                return Err(funds::explain(ledger, &draft, &validity, error).await);
            }
            Ok(sent) => return Ok(sent),
        }
    }
}

/// As [`send`], with a durable nonce: what is signed once is good until the nonce is advanced.
///
/// # Errors
/// [`SendError`], as [`send`].
pub async fn send_durable<S: Signers + ?Sized>(
    ledger: &dyn Ledger,
    instructions: &[Instruction],
    payer: &Address,
    nonce: Nonce,
    signers: &S,
    policy: &Policy,
) -> Result<Sent, SendError> {
    let draft = prepare(ledger, instructions, payer, Some(nonce), policy).await?;
    let validity = Validity::Nonce(nonce);
    let transaction = signing::sign(draft.message(&validity), signers)?;
    match ledger.submit(&transaction, None).await {
        Err(error) => {
            let error = draft.as_passed(&validity, error);
            Err(funds::explain(ledger, &draft, &validity, error).await)
        }
        Ok(sent) => Ok(sent),
    }
}

/// Sizes and prices a transaction by the policy. It is simulated, so that what would be refused is refused here, for free.
///
/// # Errors
/// [`SendError`]; the index of a refused instruction counts those that were passed.
pub async fn prepare(
    ledger: &dyn Ledger,
    instructions: &[Instruction],
    payer: &Address,
    nonce: Option<Nonce>,
    policy: &Policy,
) -> Result<Draft, SendError> {
    let mut draft = Draft::new(*payer, instructions.to_vec());
    let validity = nonce.map_or_else(|| Validity::Blockhash(solana_hash::Hash::default()), Validity::Nonce);
    draft.budget.price = policy.priority_fee.price(ledger, &draft.writable()).await?;
    let most = match policy.compute {
        Compute::Fixed(units) => units,
        Compute::Simulated { .. } => MAX_COMPUTE_UNITS,
    };
    // A price is simulated as if it were nothing: at the largest limit it could be more than the payer has.
    let price = std::mem::take(&mut draft.budget.price);
    draft.budget.units = Some(most);
    let simulated = match ledger.simulate(&signing::unsigned(draft.message(&validity))).await {
        Ok(simulated) => simulated,
        Err(error) => {
            let error = draft.as_passed(&validity, error);
            // What it would take is not known now; the cluster's own default is more than that.
            draft.budget = Budget { units: Some(policy.compute.limit(draft::DEFAULT_UNITS)), price };
            return Err(funds::explain(ledger, &draft, &validity, error).await);
        }
    };
    let for_the_price = if price > 0 { draft::UNITS_OF_A_BUDGET_INSTRUCTION } else { 0 };
    draft.budget.price = price;
    draft.budget.units = Some(policy.compute.limit(simulated.compute_units.saturating_add(for_the_price)));
    Ok(draft)
}

/// Sends a transaction that was signed elsewhere, after a simulation that refuses for free what cannot work. One that was executed before
/// is not sent again: what came of it is told.
///
/// # Errors
/// [`SendError::Unsigned`] names whose signature is missing; [`SendError::Expired`]: its blockhash is too old, so that it must be signed anew.
pub async fn submit(ledger: &dyn Ledger, transaction: &VersionedTransaction) -> Result<Sent, SendError> {
    let missing = signing::missing(transaction);
    if !missing.is_empty() {
        return Err(SendError::Unsigned(missing));
    }
    match ledger.simulate(transaction).await {
        Ok(_) => {}
        Err(SendError::Read(error)) => return Err(error.into()),
        // What was executed before is often refused now, for what it changed itself.
        Err(error) => {
            let signature = transaction.signatures.first().copied().unwrap_or_default();
            return match ledger.outcome(&signature).await? {
                Some(past) => past.into_result(&transaction.message),
                None => Err(error),
            };
        }
    }
    // When its blockhash was taken is not known, but it was taken before now.
    let until = if transaction.uses_durable_nonce() {
        None
    } else {
        Some(ledger.block_height().await?.saturating_add(BLOCKHASH_BLOCKS))
    };
    ledger.submit(transaction, until).await
}
