use anchor_lang::prelude::*;

use super::ChangeStatus;
use crate::{
    arguments::arguments,
    state::{CredentialAction, permission},
};

arguments! {
    /// Arguments of `revoke`.
    pub struct RevokeArgs {
        /// A `Reason`.
        pub reason: u8,
    }
}

/// By a key with permission to revoke, or the authority. Final.
pub(crate) fn handle(ctx: &mut Context<'_, ChangeStatus>, args: &RevokeArgs) -> Result<()> {
    ChangeStatus::change(ctx, permission::REVOKE, CredentialAction::Revoke, args.reason)
}
