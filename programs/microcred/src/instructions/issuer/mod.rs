mod accept_authority;
mod create;
pub(crate) mod lifecycle;
pub(crate) mod propose_authority;
pub(crate) mod update_profile;
pub(crate) mod update_treasury;

use anchor_lang::prelude::*;

pub use accept_authority::*;
pub use create::*;
pub use update_profile::UpdateIssuerProfileArgs;
pub use update_treasury::UpdateIssuerTreasuryArgs;

use crate::{error::MicrocredError, state::Issuer};

/// Accounts of the instructions by which its authority administers an issuer.
#[derive(Accounts)]
pub struct ManageIssuer {
    /// The issuer's authority.
    #[account(address = issuer.authority @ MicrocredError::NotIssuerAuthority)]
    pub authority: Signer,
    /// The issuer.
    #[account(mut)]
    pub issuer: Account<Issuer>,
}

/// Refuses what lamports would be lost in, or could not leave.
fn require_treasury(treasury: &Address, issuer: &Address) -> Result<()> {
    require!(*treasury != Address::default() && treasury != issuer, MicrocredError::BadTreasury);
    Ok(())
}
