mod accept_authority;
mod create;
pub(crate) mod lifecycle;
pub(crate) mod propose_authority;
pub(crate) mod update_uri;

use anchor_lang::prelude::*;

pub use accept_authority::*;
pub use create::*;
pub use update_uri::UpdateRegistryUriArgs;

use crate::{error::MicrocredError, state::Registry};

/// Accounts of the instructions by which its authority administers a registry.
#[derive(Accounts)]
pub struct ManageRegistry {
    /// The registry's authority.
    #[account(address = registry.authority @ MicrocredError::NotRegistryAuthority)]
    pub authority: Signer,
    /// The registry.
    #[account(mut)]
    pub registry: Account<Registry>,
}
