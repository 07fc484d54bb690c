//! **anchor1-gate**: how a program of Anchor 1 lets in who holds a credential. It knows microcred by the IDL alone, `idls/microcred.json`,
//! from which `declare_program!` makes the types and the call. That file is the program's IDL without accounts and events, which a caller
//! needs not: Anchor 1 has no events that are plain memory, as two of them are.
//!
//! Three rules make it safe, and any program that gates something on a credential needs them:
//!
//! 1. What is expected comes from the program's own account and from the signer, never from what the caller passes along.
//! 2. The program that is asked is microcred, known by its address.
//! 3. The learner's wallet signs.

use anchor_lang::prelude::*;

declare_id!("GateNWm3CDHszNe1aVRpzKRPvDLnWfnSvsCFLfiyr4XJ");
declare_program!(microcred);

use microcred::{cpi::accounts::VerifyStrict, program::Microcred, types::VerifyArgs};

/// The instructions.
#[program]
pub mod anchor1_gate {
    use super::*;

    /// Creates a gate. What it expects cannot be changed afterwards.
    pub fn create_gate(ctx: Context<CreateGate>, achievement: Pubkey, registry: Option<Pubkey>) -> Result<()> {
        require_keys_neq!(achievement, Pubkey::default(), GateError::ZeroAchievement);
        ctx.accounts.gate.set_inner(Gate { admin: ctx.accounts.admin.key(), achievement, registry });
        Ok(())
    }

    /// Lets the learner in, or fails with microcred's error: `NotValid`, `NotTrusted` or the one that says what was passed wrong.
    pub fn enter(ctx: Context<Enter>) -> Result<()> {
        let accounts = &ctx.accounts;
        let expected = VerifyArgs {
            achievement: Some(accounts.gate.achievement),
            issuer: None,
            subject: accounts.wallet.key(),
            registry: accounts.gate.registry,
        };
        let passed_on = VerifyStrict {
            credential: accounts.credential.to_account_info(),
            issuer_key: accounts.issuer_key.as_ref().map(ToAccountInfo::to_account_info),
            issuer: accounts.issuer.as_ref().map(ToAccountInfo::to_account_info),
            registry: accounts.registry.as_ref().map(ToAccountInfo::to_account_info),
            accreditation: accounts.accreditation.as_ref().map(ToAccountInfo::to_account_info),
        };
        microcred::cpi::verify_strict(CpiContext::new(accounts.microcred.key(), passed_on), expected)?;
        msg!("welcome");
        Ok(())
    }
}

/// Accounts of `create_gate`.
#[derive(Accounts)]
#[instruction(achievement: Pubkey)]
pub struct CreateGate<'info> {
    /// Who the gate belongs to; pays the rent.
    #[account(mut)]
    pub admin: Signer<'info>,
    /// Seeds `"gate", admin, achievement`.
    #[account(
        init,
        payer = admin,
        space = Gate::DISCRIMINATOR.len() + Gate::INIT_SPACE,
        seeds = [b"gate", admin.key().as_ref(), achievement.as_ref()],
        bump,
    )]
    pub gate: Account<'info, Gate>,
    /// The System program.
    pub system_program: Program<'info, System>,
}

/// Accounts of `enter`.
#[derive(Accounts)]
pub struct Enter<'info> {
    /// The learner's wallet, the subject of the credential.
    pub wallet: Signer<'info>,
    /// What is expected.
    pub gate: Account<'info, Gate>,
    /// Who answers whether the credential is valid.
    pub microcred: Program<'info, Microcred>,
    /// CHECK: the credential; microcred checks it.
    pub credential: UncheckedAccount<'info>,
    /// CHECK: the issuer key that asserted it; microcred checks it.
    pub issuer_key: Option<UncheckedAccount<'info>>,
    /// CHECK: the issuer, where the gate names a registry; microcred checks it.
    pub issuer: Option<UncheckedAccount<'info>>,
    /// CHECK: the registry, where the gate names one; microcred checks it.
    pub registry: Option<UncheckedAccount<'info>>,
    /// CHECK: the issuer's entry in that registry, which may be empty; microcred checks it.
    pub accreditation: Option<UncheckedAccount<'info>>,
}

/// What must be held to enter.
#[account]
#[derive(InitSpace)]
pub struct Gate {
    /// Who created it; part of the address.
    pub admin: Pubkey,
    /// The achievement that must be held; part of the address.
    pub achievement: Pubkey,
    /// The registry that must have accredited the issuer when it issued; none: any issuer's credential opens, as the achievement
    /// names its issuer already.
    pub registry: Option<Pubkey>,
}

/// A refusal by the gate itself. Refusals of a credential are microcred's.
#[error_code]
pub enum GateError {
    /// A gate without an achievement would expect nothing.
    #[msg("name the achievement that must be held")]
    ZeroAchievement,
}

#[cfg(test)]
mod tests {
    use anchor_lang::{InstructionData, ToAccountMetas};

    use super::{microcred::client, *};

    #[test]
    fn what_is_passed_on_is_what_microcred_reads() {
        let [achievement, subject, credential] = [1, 2, 3].map(|byte| Pubkey::new_from_array([byte; 32]));
        let args = VerifyArgs { achievement: Some(achievement), issuer: None, subject, registry: None };
        let data = client::args::VerifyStrict { args }.data();
        // After the discriminator: some achievement, no issuer, the subject, no registry.
        assert_eq!(data[8..], [&[1][..], achievement.as_ref(), &[0], subject.as_ref(), &[0]].concat());

        let accounts = client::accounts::VerifyStrict {
            credential,
            issuer_key: None,
            issuer: None,
            registry: None,
            accreditation: None,
        };
        // An account that is absent is passed as microcred's own address.
        let passed: Vec<_> =
            accounts.to_account_metas(None).iter().map(|meta| (meta.pubkey, meta.is_writable)).collect();
        let absent = (microcred::ID, false);
        assert_eq!(passed, [(credential, false), absent, absent, absent, absent]);
    }
}
