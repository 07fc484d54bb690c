//! **gate**: a program that lets in who holds a credential. It is the example for programs that build on microcred, and what the
//! tests call to see the check from the outside.
//!
//! An admin creates a gate, which says what must be held: an achievement and, where trust matters, the registry that must have
//! accredited its issuer. A learner enters with their wallet, by way of microcred's `verify_strict`, which fails unless the
//! credential is valid. Three rules make that safe, and any program that gates something on a credential needs them:
//!
//! 1. What is expected comes from the program's own account and from the signer, never from what the caller passes along: otherwise
//!    anyone enters with somebody else's credential, or with one that they issued to themselves.
//! 2. The program that is asked is microcred, known by its address: otherwise anyone enters with a program that always agrees.
//! 3. The learner's wallet signs: otherwise anyone enters with a credential that they read off the chain.
//!
//! The accounts that the caller does pass along, the credential and what belongs to it, need no check here: microcred refuses
//! those that do not belong together.
#![cfg_attr(not(test), no_std)]
#![allow(unused_variables, reason = "derive(Accounts) names the arguments in functions that do not use them")]
extern crate alloc;

use anchor_lang::prelude::*;
use microcred::{
    VerifyArgs,
    cpi::{accounts::Verify, verify_strict},
};

declare_id!("GateNWm3CDHszNe1aVRpzKRPvDLnWfnSvsCFLfiyr4XJ");

/// First seed of a gate: followed by admin and number (u16, little-endian).
pub const GATE: &[u8] = b"gate";
/// First seed of a visit: followed by gate and wallet.
pub const VISIT: &[u8] = b"visit";

/// The instructions.
#[program]
#[allow(missing_docs, reason = "the generated items repeat what the instructions' own documentation says")]
pub mod gate {
    use super::*;

    /// Creates a gate. What it expects cannot be changed afterwards.
    pub fn create_gate(ctx: &mut Context<CreateGate>, args: CreateGateArgs) -> Result<()> {
        require!(args.achievement != Address::default(), GateError::ZeroAchievement);
        require!(args.registry != Some(Address::default()), GateError::ZeroRegistry);
        let accounts = &mut ctx.accounts;
        accounts.gate.bump = ctx.bumps.gate;
        accounts.gate.number = args.number;
        accounts.gate.admin = *accounts.admin.address();
        accounts.gate.achievement = args.achievement;
        accounts.gate.registry = args.registry.unwrap_or_default();
        Ok(())
    }

    /// Lets the learner in, or fails with microcred's error: `NotValid`, `NotTrusted` or the one that says what was passed wrong.
    pub fn enter(ctx: &mut Context<Enter>) -> Result<()> {
        let accounts = &mut ctx.accounts;
        let expected = VerifyArgs {
            achievement: Some(accounts.gate.achievement),
            issuer: None,
            subject: *accounts.wallet.address(),
            registry: accounts.gate.expected_registry(),
        };
        // An account that is absent here is absent there: each program has its own sign for that, and the handles translate it.
        let passed_on = Verify {
            credential: accounts.credential.cpi_handle(),
            issuer_key: accounts.issuer_key.as_ref().map(AnchorAccount::cpi_handle),
            issuer: accounts.issuer.as_ref().map(AnchorAccount::cpi_handle),
            registry: accounts.registry.as_ref().map(AnchorAccount::cpi_handle),
            accreditation: accounts.accreditation.as_ref().map(AnchorAccount::cpi_handle),
        };
        verify_strict(CpiContext::new(accounts.microcred.address(), passed_on), expected)?;

        let visit = &mut accounts.visit;
        visit.bump = ctx.bumps.visit;
        visit.gate = *accounts.gate.address();
        visit.wallet = *accounts.wallet.address();
        visit.count = visit.count.checked_add(1).ok_or(GateError::Overflow)?;
        visit.last_at = Clock::get()?.unix_timestamp;
        Ok(())
    }
}

/// Arguments of `create_gate`.
#[derive(Clone, Debug, PartialEq, Eq, AnchorSerialize, AnchorDeserialize, IdlType)]
pub struct CreateGateArgs {
    /// Tells the gates of one admin apart.
    pub number: u16,
    /// The achievement that must be held.
    pub achievement: Address,
    /// The registry that must have accredited the issuer when it issued; none: any issuer's credential opens, as the achievement
    /// names its issuer already.
    pub registry: Option<Address>,
}

/// Accounts of `create_gate`.
#[derive(Accounts)]
#[instruction(args: CreateGateArgs)]
pub struct CreateGate {
    /// Who the gate belongs to; pays the rent.
    #[account(mut)]
    pub admin: Signer,
    /// Seeds `"gate", admin, number`.
    #[account(
        init,
        payer = admin,
        space = Gate::SIZE,
        seeds = [GATE, admin.address().as_ref(), &args.number.to_le_bytes()],
        bump,
    )]
    pub gate: Account<Gate>,
    /// The System program.
    pub system_program: Program<System>,
}

/// Accounts of `enter`.
#[derive(Accounts)]
pub struct Enter {
    /// The learner's wallet, the subject of the credential; pays the rent of the visit.
    #[account(mut)]
    pub wallet: Signer,
    /// What is expected.
    pub gate: Account<Gate>,
    /// Seeds `"visit", gate, wallet`; created by the first visit.
    #[account(
        init_if_needed,
        payer = wallet,
        space = Visit::SIZE,
        seeds = [VISIT, gate.address().as_ref(), wallet.address().as_ref()],
        bump,
    )]
    pub visit: Account<Visit>,
    /// Who answers whether the credential is valid.
    pub microcred: Program<Microcred>,
    // This one and those below: microcred checks them.
    /// The credential.
    pub credential: UncheckedAccount,
    /// The issuer key that asserted it.
    pub issuer_key: Option<UncheckedAccount>,
    /// The credential's issuer, where the gate names a registry.
    pub issuer: Option<UncheckedAccount>,
    /// The registry, where the gate names one.
    pub registry: Option<UncheckedAccount>,
    /// The issuer's entry in that registry, which may be empty.
    pub accreditation: Option<UncheckedAccount>,
    /// The System program.
    pub system_program: Program<System>,
}

/// The microcred program, by its address.
pub struct Microcred;

impl Id for Microcred {
    fn id() -> Address {
        microcred::ID
    }
}

/// What must be held to enter. 112 bytes; seeds `"gate", admin, number u16 LE`.
#[account]
#[derive(Debug, PartialEq, Eq)]
pub struct Gate {
    /// 8: canonical bump of the address.
    pub bump: u8,
    /// 9: reserved.
    pub reserved_9: u8,
    /// 10: tells the gates of one admin apart; part of the address.
    pub number: u16,
    /// 12: reserved.
    pub reserved_12: [u8; 4],
    /// 16: who created it; part of the address.
    pub admin: Address,
    /// 48: the achievement that must be held.
    pub achievement: Address,
    /// 80: the registry that must have accredited the issuer; zero: none.
    pub registry: Address,
}

impl Gate {
    /// The bytes of the account, discriminator included.
    pub const SIZE: usize = 112;

    /// The registry that must have accredited the issuer, if any must.
    #[must_use]
    pub fn expected_registry(&self) -> Option<Address> {
        (self.registry != Address::default()).then_some(self.registry)
    }
}
const _: () = assert!(core::mem::size_of::<Gate>() + 8 == Gate::SIZE);

/// That a wallet entered. 96 bytes; seeds `"visit", gate, wallet`.
#[account]
#[derive(Debug, PartialEq, Eq)]
pub struct Visit {
    /// 8: canonical bump of the address.
    pub bump: u8,
    /// 9: reserved.
    pub reserved_9: [u8; 7],
    /// 16: the gate; part of the address.
    pub gate: Address,
    /// 48: who entered; part of the address.
    pub wallet: Address,
    /// 80: how often.
    pub count: u64,
    /// 88: when last, Unix seconds by the clock.
    pub last_at: i64,
}

impl Visit {
    /// The bytes of the account, discriminator included.
    pub const SIZE: usize = 96;
}
const _: () = assert!(core::mem::size_of::<Visit>() + 8 == Visit::SIZE);

/// A refusal by the gate itself. Refusals of a credential are microcred's.
#[error_code]
#[derive(Debug, PartialEq, Eq)]
pub enum GateError {
    /// A gate without an achievement would expect nothing.
    #[msg("name the achievement that must be held")]
    ZeroAchievement,
    /// None is said by leaving the registry out.
    #[msg("the registry is all zeros; leave it out if any issuer will do")]
    ZeroRegistry,
    /// The count of visits cannot grow further.
    #[msg("a number exceeds its range")]
    Overflow,
}
