use anchor_lang::prelude::*;

use super::ManageAccreditation;
use crate::{
    arguments::NoArgs,
    state::{AccreditationAction, Reason},
};

/// Clears a suspension, also for what was issued meanwhile. To keep a gap, withdraw and add a term.
pub(crate) fn handle(ctx: &mut Context<'_, ManageAccreditation>, _: &NoArgs) -> Result<()> {
    ManageAccreditation::change(ctx, AccreditationAction::Reinstate, Reason::Unspecified.code(), 0)
}
