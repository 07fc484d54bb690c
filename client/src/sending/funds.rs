//! What a payer needs.

use solana_hash::Hash;
use solana_instruction_error::InstructionError;
use solana_transaction_error::TransactionError;

use super::{Draft, Validity, signing};
use crate::{
    error::{Refusal, SendError},
    instructions::created_sizes,
    ledger::{Ledger, ReadError},
};

/// Lamports for each signature, by the rules of the cluster.
const SIGNATURE_FEE: u64 = 5_000;
const MICRO_LAMPORTS: u64 = 1_000_000;

impl SendError {
    /// Whether it may be that the payer has not enough lamports.
    #[must_use]
    pub const fn is_about_funds(&self) -> bool {
        matches!(
            self,
            Self::TooPoor { .. }
                | Self::NotExecuted(
                    TransactionError::AccountNotFound
                        | TransactionError::InsufficientFundsForFee
                        | TransactionError::InsufficientFundsForRent { account_index: 0 }
                )
                | Self::Refused { refusal: Refusal::Runtime(InstructionError::Custom(1)), .. }
        )
    }
}

/// The error; or, if the payer is too poor, what it has and needs.
pub(super) async fn explain(ledger: &dyn Ledger, draft: &Draft, validity: &Validity, error: SendError) -> SendError {
    if error.is_about_funds()
        && let Ok(Some(too_poor)) = shortage(ledger, draft, validity).await
    {
        return too_poor;
    }
    error
}

/// What the payer lacks, if anything.
async fn shortage(ledger: &dyn Ledger, draft: &Draft, validity: &Validity) -> Result<Option<SendError>, ReadError> {
    let account = ledger.read(&[draft.payer]).await?.accounts.into_iter().next().flatten();
    let has = account.map_or(0, |account| account.lamports);
    // The payer's own account must be worth keeping afterwards.
    let mut needs = fee(ledger, draft, validity).await?.saturating_add(ledger.rent_minimum(0).await?);
    for size in draft.instructions.iter().flat_map(created_sizes) {
        needs = needs.saturating_add(ledger.rent_minimum(size).await?);
    }
    Ok((has < needs).then_some(SendError::TooPoor { payer: draft.payer, has, needs }))
}

/// The ledger's own word on the fee; it may have none for a payer who cannot pay.
async fn fee(ledger: &dyn Ledger, draft: &Draft, validity: &Validity) -> Result<u64, ReadError> {
    Ok(ledger.fee(&draft.message(validity)).await?.max(draft.fee_by_rule()))
}

impl Draft {
    /// Lamports by the rules of the cluster: so many for each signature, and what is offered for the compute units that are asked for.
    pub(crate) fn fee_by_rule(&self) -> u64 {
        let message = self.message(&Validity::Blockhash(Hash::default()));
        let signatures = u64::try_from(signing::signers(&message).len()).unwrap_or(u64::MAX);
        let units = u64::from(self.budget.units.unwrap_or(super::MAX_COMPUTE_UNITS));
        let priority = self.budget.price.saturating_mul(units).div_ceil(MICRO_LAMPORTS);
        signatures.saturating_mul(SIGNATURE_FEE).saturating_add(priority)
    }
}
