use anchor_lang::prelude::*;

use super::ManageAccreditation;
use crate::{arguments::arguments, state::AccreditationAction};

arguments! {
    /// Arguments of `suspend_accreditation`.
    pub struct SuspendAccreditationArgs {
        /// A `Reason`.
        pub reason: u8,
        /// Since when it has effect, Unix seconds, not in the future; 0: now.
        pub effective_at: i64,
    }
}

/// Suspended accreditations can be reinstated; until then what the issuer issues from `effective_at` on is not vouched for.
pub(crate) fn handle(ctx: &mut Context<'_, ManageAccreditation>, args: &SuspendAccreditationArgs) -> Result<()> {
    ManageAccreditation::change(ctx, AccreditationAction::Suspend, args.reason, args.effective_at)
}
