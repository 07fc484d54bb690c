use anchor_lang::prelude::*;

use crate::{
    arguments::arguments,
    error::MicrocredError,
    events::{IssuerAccredited, log},
    instructions::{
        common::{no_extra_accounts, now},
        creation::{create, rent},
    },
    seeds,
    state::{Accreditation, AccreditationStatus, Issuer, Lifecycle, Record, Registry, Term, VERSION},
};

arguments! {
    /// Arguments of `accredit_issuer`.
    pub struct AccreditIssuerArgs {
        /// The revision of the issuer's profile that was looked at; refused if it changed since.
        pub profile_revision: u32,
        /// First second of the term, Unix seconds. It may lie in the past: the event shows when it was entered.
        pub from: i64,
        /// First second after the term; 0: open.
        pub until: i64,
    }
}

/// Accounts of `accredit_issuer`.
#[derive(Accounts)]
pub struct AccreditIssuer {
    // May be the authority: it only pays, and its address is stored nowhere.
    /// Pays the rent.
    #[account(unsafe(dup))]
    pub payer: Signer,
    /// The registry's authority.
    #[account(address = registry.authority @ MicrocredError::NotRegistryAuthority)]
    pub authority: Signer,
    /// The registry; it must be active.
    #[account(mut)]
    pub registry: Account<Registry>,
    /// The issuer; it must not be retired.
    pub issuer: Account<Issuer>,
    /// Seeds `"accreditation", registry, issuer`.
    #[account(mut)]
    pub accreditation: UncheckedAccount,
    /// The System program.
    pub system_program: Program<System>,
}

impl AccreditIssuer {
    pub(crate) fn handle(ctx: &mut Context<'_, Self>, args: &AccreditIssuerArgs) -> Result<()> {
        no_extra_accounts(ctx)?;
        let at = now()?;
        let accounts = &mut ctx.accounts;
        require!(accounts.registry.lifecycle()? == Lifecycle::Active, MicrocredError::RegistryNotActive);
        require!(accounts.issuer.lifecycle()? != Lifecycle::Retired, MicrocredError::IssuerRetired);
        require!(accounts.issuer.profile_revision == args.profile_revision, MicrocredError::WrongProfileRevision);
        let (registry, issuer) = (*accounts.registry.address(), *accounts.issuer.address());
        let (mut accreditation, bump) = create::<Accreditation, _>(
            accounts.payer.account(),
            accounts.accreditation.account(),
            &[seeds::ACCREDITATION, registry.as_ref(), issuer.as_ref()],
            rent::<Accreditation>()?,
        )?;
        let term = Term { from: args.from, until: args.until };
        let fields = &mut *accreditation;
        fields.version = VERSION;
        fields.bump = bump;
        fields.status = AccreditationStatus::Active.code();
        fields.registry = registry;
        fields.issuer = issuer;
        fields.profile_revision = args.profile_revision;
        fields.effective_at = at;
        fields.status_changed_at = at;
        fields.add_term(term)?;
        fields.invariant()?;
        accounts.registry.accreditation_count =
            accounts.registry.accreditation_count.checked_add(1).ok_or(MicrocredError::Overflow)?;
        accounts.registry.invariant()?;
        log(&IssuerAccredited {
            accreditation: *accreditation.address(),
            registry,
            issuer,
            profile_revision: args.profile_revision,
            term,
            at,
        })?;
        Ok(())
    }
}
