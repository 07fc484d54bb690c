use anchor_lang::prelude::*;

use super::ManageAccreditation;
use crate::{arguments::arguments, state::AccreditationAction};

arguments! {
    /// Arguments of `withdraw_accreditation`.
    pub struct WithdrawAccreditationArgs {
        /// A `Reason`.
        pub reason: u8,
        /// Since when it has effect, Unix seconds, not in the future, and not later than a suspension that it
        /// follows; 0: now, or since that suspension.
        pub effective_at: i64,
    }
}

/// Ends every term at `effective_at`, so that a term added later cannot heal the gap.
pub(crate) fn handle(ctx: &mut Context<'_, ManageAccreditation>, args: &WithdrawAccreditationArgs) -> Result<()> {
    ManageAccreditation::change(ctx, AccreditationAction::Withdraw, args.reason, args.effective_at)
}
