use anchor_lang::prelude::*;

use super::Answer;
use crate::{arguments::NoArgs, state::CredentialAction};

/// By the learner, before the credential expires.
pub(crate) fn handle(ctx: &mut Context<'_, Answer>, _: &NoArgs) -> Result<()> {
    Answer::give(ctx, CredentialAction::Accept)
}
