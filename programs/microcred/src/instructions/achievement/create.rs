use alloc::string::String;

use anchor_lang::prelude::*;

use super::manages;
use crate::{
    arguments::arguments,
    error::MicrocredError,
    events::{AchievementCreated, log},
    instructions::{
        common::{no_extra_accounts, now},
        creation::{create, rent},
    },
    seeds,
    state::{Achievement, Definition, Issuer, IssuerKey, Lifecycle, Record, VERSION, write_slug},
};

arguments! {
    /// Arguments of `create_achievement`.
    pub struct CreateAchievementArgs {
        /// 1 to 32 of `a-z0-9-`; unique to the issuer.
        pub code: String,
        /// 1 to 128 bytes of UTF-8.
        pub title: String,
        /// At most 128 bytes of UTF-8.
        pub uri: String,
        /// An `AchievementKind`.
        pub kind: u8,
        /// Bits of `policy`.
        pub policy: u8,
        /// 1 to 8; 0: none.
        pub eqf_level: u8,
        /// Tenths of an ECTS credit.
        pub workload: u16,
        /// Seconds; 0: never expires.
        pub default_validity: i64,
        /// SHA-256 of the full definition's canonical JSON; zero: none.
        pub definition_digest: [u8; 32],
        /// Whether to publish at once.
        pub publish: bool,
    }
}

/// Accounts of `create_achievement`.
#[derive(Accounts)]
pub struct CreateAchievement {
    // May be the actor: it only pays, and its address is stored nowhere.
    /// Pays the rent.
    #[account(unsafe(dup))]
    pub payer: Signer,
    /// The key's holder, or the authority.
    pub actor: Signer,
    /// The signer's key, without scope; none when the authority signs.
    #[account(constraint = issuer_key.issuer == *issuer.address() @ MicrocredError::WrongIssuer)]
    pub issuer_key: Option<Account<IssuerKey>>,
    /// The issuer; it must be active.
    pub issuer: Account<Issuer>,
    /// Seeds `"achievement", issuer, code`.
    #[account(mut)]
    pub achievement: UncheckedAccount,
    /// The System program.
    pub system_program: Program<System>,
}

impl CreateAchievement {
    pub(crate) fn handle(ctx: &mut Context<'_, Self>, args: &CreateAchievementArgs) -> Result<()> {
        no_extra_accounts(ctx)?;
        let at = now()?;
        let accounts = &ctx.accounts;
        if let Some(key) = &accounts.issuer_key {
            require!(key.scope == Address::default(), MicrocredError::KeyScopedCannotCreate);
        }
        let target = accounts.achievement.account();
        manages(&accounts.actor, accounts.issuer_key.as_ref(), &accounts.issuer, target.address(), at)?;
        require!(accounts.issuer.is_active(), MicrocredError::IssuerNotActive);
        let mut code = [0; 32];
        write_slug(&mut code, &args.code)?;
        let issuer = *accounts.issuer.address();
        let (mut achievement, bump) = create::<Achievement, _>(
            accounts.payer.account(),
            target,
            &[seeds::ACHIEVEMENT, issuer.as_ref(), args.code.as_bytes()],
            rent::<Achievement>()?,
        )?;
        let status = if args.publish { Lifecycle::Active } else { Lifecycle::Draft };
        let fields = &mut *achievement;
        fields.version = VERSION;
        fields.bump = bump;
        fields.status = status.code();
        fields.issuer = issuer;
        fields.code = code;
        fields.created_at = at;
        fields.define(&Definition {
            kind: args.kind,
            policy: args.policy,
            eqf_level: args.eqf_level,
            workload: args.workload,
            definition_digest: args.definition_digest,
            title: &args.title,
            uri: &args.uri,
            default_validity: args.default_validity,
        })?;
        fields.invariant()?;
        log(&AchievementCreated {
            achievement: *achievement.address(),
            issuer,
            code: args.code.clone(),
            title: args.title.clone(),
            uri: args.uri.clone(),
            kind: args.kind,
            policy: args.policy,
            eqf_level: args.eqf_level,
            workload: args.workload,
            default_validity: args.default_validity,
            definition_digest: args.definition_digest,
            status: status.code(),
            at,
        })?;
        Ok(())
    }
}
