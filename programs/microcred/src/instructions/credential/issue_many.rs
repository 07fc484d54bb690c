use alloc::vec::Vec;

use anchor_lang::prelude::*;

use super::issuing::{Particulars, Terms};
use crate::{
    arguments::arguments,
    error::MicrocredError,
    instructions::common::now,
    state::{Achievement, Issuer, IssuerKey},
};

/// What is particular to one of many learners.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, AnchorSerialize, AnchorDeserialize, IdlType)]
pub struct Learner {
    /// The learner's identity, not zero.
    pub subject: Address,
    /// SHA-256 of the document's canonical JSON; zero: no document.
    pub digest: [u8; 32],
    /// Added to `status_base`: the place in the issuer's status lists.
    pub status_offset: u16,
}

arguments! {
    /// Arguments of `issue_many`: every credential has sequence 0.
    pub struct IssueManyArgs {
        /// A `SubjectKind`: wallet or commitment.
        pub subject_kind: u8,
        /// First second after validity, in the future; 0: never expires; none: by the achievement's default validity.
        pub expires_at: Option<i64>,
        /// Added to each learner's `status_offset`. Two bytes a learner instead of four let one more credential into a
        /// transaction; offsets can still be drawn at random from 65,536 places.
        pub status_base: u32,
        /// The learners, in the order of the new accounts.
        pub learners: Vec<Learner>,
    }
}

/// Accounts of `issue_many`. After these comes one new account for each learner: seeds
/// `"credential", achievement, subject, 0u16`, writable.
#[derive(Accounts)]
pub struct IssueMany {
    // May be the key: it only pays, and its address is stored nowhere.
    /// Pays the rent.
    #[account(unsafe(dup))]
    pub payer: Signer,
    /// The key's holder.
    pub key: Signer,
    /// The issuer; it must be active.
    pub issuer: Account<Issuer>,
    /// The signer's key, with permission to issue.
    #[account(mut)]
    pub issuer_key: Account<IssuerKey>,
    /// The achievement; it must be active.
    pub achievement: Account<Achievement>,
    /// The System program.
    pub system_program: Program<System>,
}

impl IssueMany {
    pub(crate) fn handle(ctx: &mut Context<'_, Self>, args: &IssueManyArgs) -> Result<()> {
        require!(!args.learners.is_empty(), MicrocredError::NothingToDo);
        let targets = ctx.remaining_accounts()?;
        require!(targets.len() == args.learners.len(), MicrocredError::CountMismatch);
        let accounts = &mut ctx.accounts;
        let terms = Terms::check(
            accounts.key.address(),
            &mut accounts.issuer_key,
            &accounts.issuer,
            &accounts.achievement,
            args.subject_kind,
            args.expires_at,
            args.learners.len() as u64,
            now()?,
        )?;
        for (learner, target) in args.learners.iter().zip(&targets) {
            require!(target.is_writable(), MicrocredError::NotWritable);
            let status_index =
                args.status_base.checked_add(u32::from(learner.status_offset)).ok_or(MicrocredError::BadStatusIndex)?;
            terms.issue(
                accounts.payer.account(),
                target,
                &Particulars { subject: &learner.subject, sequence: 0, digest: &learner.digest, status_index },
            )?;
        }
        Ok(())
    }
}
