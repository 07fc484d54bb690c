mod add;
pub(crate) mod mark_compromised;
pub(crate) mod retire;
pub(crate) mod shorten;

use anchor_lang::prelude::*;

pub use add::*;
pub use mark_compromised::MarkKeyCompromisedArgs;
pub use shorten::ShortenKeyArgs;

use crate::{
    error::MicrocredError,
    state::{Issuer, IssuerKey},
};

/// Accounts of the instructions by which an issuer's authority limits a key. The issuer may be paused or retired: marking a compromise
/// must always work.
#[derive(Accounts)]
pub struct ManageKey {
    /// The issuer's authority.
    #[account(address = issuer.authority @ MicrocredError::NotIssuerAuthority)]
    pub authority: Signer,
    /// The issuer.
    pub issuer: Account<Issuer>,
    /// The key.
    #[account(mut, constraint = issuer_key.issuer == *issuer.address() @ MicrocredError::WrongIssuer)]
    pub issuer_key: Account<IssuerKey>,
}
