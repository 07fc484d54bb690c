use anchor_lang::{address_eq, prelude::*};

use super::issuing::{Particulars, Terms};
use crate::{
    arguments::arguments,
    error::MicrocredError,
    instructions::common::{no_extra_accounts, now},
    seeds,
    state::{Achievement, Credential, Issuer, IssuerKey},
};

arguments! {
    /// Arguments of `issue`.
    pub struct IssueArgs {
        /// The learner's identity, not zero.
        pub subject: Address,
        /// 0 for the first credential of this achievement and subject; n + 1 when n is over.
        pub sequence: u16,
        /// A `SubjectKind`: wallet or commitment.
        pub subject_kind: u8,
        /// SHA-256 of the document's canonical JSON; zero: no document.
        pub digest: [u8; 32],
        /// First second after validity, in the future; 0: never expires; none: by the achievement's default validity.
        pub expires_at: Option<i64>,
        /// Place in the issuer's status lists.
        pub status_index: u32,
    }
}

/// Accounts of `issue`.
#[derive(Accounts)]
pub struct Issue {
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
    /// The credential before this one, when the sequence is not 0. It must be revoked, declined or erased.
    pub previous: Option<Account<Credential>>,
    /// Seeds `"credential", achievement, subject, sequence`.
    #[account(mut)]
    pub credential: UncheckedAccount,
    /// The System program.
    pub system_program: Program<System>,
}

impl Issue {
    #[inline(always)]
    pub(crate) fn handle(ctx: &mut Context<'_, Self>, args: &IssueArgs) -> Result<()> {
        no_extra_accounts(ctx)?;
        let accounts = &mut ctx.accounts;
        let terms = Terms::check(
            accounts.key.address(),
            &mut accounts.issuer_key,
            &accounts.issuer,
            &accounts.achievement,
            args.subject_kind,
            args.expires_at,
            1,
            now()?,
        )?;
        Self::previous_is_over(accounts.previous.as_ref(), accounts.achievement.address(), args)?;
        terms.issue(
            accounts.payer.account(),
            accounts.credential.account(),
            &Particulars {
                subject: &args.subject,
                sequence: args.sequence,
                digest: &args.digest,
                status_index: args.status_index,
            },
        )
    }

    /// The previous account is known by its address: an erased one names no subject any more.
    fn previous_is_over(previous: Option<&Account<Credential>>, achievement: &Address, args: &IssueArgs) -> Result<()> {
        let Some(sequence) = args.sequence.checked_sub(1) else {
            require!(previous.is_none(), MicrocredError::PreviousUnexpected);
            return Ok(());
        };
        let previous = previous.ok_or(MicrocredError::PreviousMissing)?;
        let expected = create_program_address(
            &[
                seeds::CREDENTIAL,
                achievement.as_ref(),
                args.subject.as_ref(),
                &sequence.to_le_bytes(),
                &[previous.bump],
            ],
            &crate::ID,
        )
        .map_err(|_| MicrocredError::WrongPrevious)?;
        require!(address_eq(previous.address(), &expected), MicrocredError::WrongPrevious);
        require!(previous.credential_status()?.is_over(), MicrocredError::PreviousStillLive);
        Ok(())
    }
}
