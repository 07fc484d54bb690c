use anchor_lang::prelude::*;

use super::ChangeStatus;
use crate::{
    arguments::NoArgs,
    state::{CredentialAction, Reason, permission},
};

/// By a key with permission to suspend, or the authority.
pub(crate) fn handle(ctx: &mut Context<'_, ChangeStatus>, _: &NoArgs) -> Result<()> {
    ChangeStatus::change(ctx, permission::SUSPEND, CredentialAction::Reinstate, Reason::Unspecified.code())
}
