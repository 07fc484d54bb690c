use anchor_lang::prelude::*;

use super::ChangeStatus;
use crate::{
    arguments::arguments,
    state::{CredentialAction, permission},
};

arguments! {
    /// Arguments of `suspend`.
    pub struct SuspendArgs {
        /// A `Reason`.
        pub reason: u8,
    }
}

/// By a key with permission to suspend, or the authority.
pub(crate) fn handle(ctx: &mut Context<'_, ChangeStatus>, args: &SuspendArgs) -> Result<()> {
    ChangeStatus::change(ctx, permission::SUSPEND, CredentialAction::Suspend, args.reason)
}
