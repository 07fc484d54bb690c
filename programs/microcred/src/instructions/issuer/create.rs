use alloc::string::String;

use anchor_lang::prelude::*;

use super::require_treasury;
use crate::{
    arguments::arguments,
    events::{IssuerCreated, log},
    instructions::{
        common::{no_extra_accounts, now},
        creation::{create, rent},
        key::{KeyTerms, create_key},
    },
    seeds,
    state::{Issuer, Lifecycle, Record, VERSION, write_country, write_name, write_slug, write_text},
};

arguments! {
    /// Arguments of `create_issuer`.
    pub struct CreateIssuerArgs {
        /// 1 to 32 of `a-z0-9-`; unique to the creator.
        pub slug: String,
        /// 1 to 96 bytes of UTF-8.
        pub name: String,
        /// At most 128 bytes of UTF-8.
        pub url: String,
        /// ISO 3166-1 alpha-2, or empty.
        pub country: String,
        /// Where excess lamports of the issuer's accounts go.
        pub treasury: Address,
        /// The first key, which gets index 0.
        pub key: KeyTerms,
    }
}

/// Accounts of `create_issuer`.
#[derive(Accounts)]
pub struct CreateIssuer {
    // May be the creator: it only pays, and its address is stored nowhere.
    /// Pays the rent.
    #[account(unsafe(dup))]
    pub payer: Signer,
    /// Signs, because the address carries its name, and becomes the authority.
    pub creator: Signer,
    /// Seeds `"issuer", creator, slug`.
    #[account(mut)]
    pub issuer: UncheckedAccount,
    /// Seeds `"key", issuer, 0u16`.
    #[account(mut)]
    pub issuer_key: UncheckedAccount,
    /// The System program.
    pub system_program: Program<System>,
}

impl CreateIssuer {
    pub(crate) fn handle(ctx: &mut Context<'_, Self>, args: &CreateIssuerArgs) -> Result<()> {
        no_extra_accounts(ctx)?;
        let at = now()?;
        let mut slug = [0; 32];
        write_slug(&mut slug, &args.slug)?;
        let accounts = &ctx.accounts;
        require_treasury(&args.treasury, accounts.issuer.address())?;
        let creator = *accounts.creator.address();
        let (mut issuer, bump) = create::<Issuer, _>(
            accounts.payer.account(),
            accounts.issuer.account(),
            &[seeds::ISSUER, creator.as_ref(), args.slug.as_bytes()],
            rent::<Issuer>()?,
        )?;
        let fields = &mut *issuer;
        fields.version = VERSION;
        fields.bump = bump;
        fields.status = Lifecycle::Active.code();
        fields.key_count = 1;
        fields.creator = creator;
        fields.authority = creator;
        fields.treasury = args.treasury;
        fields.slug = slug;
        fields.created_at = at;
        write_name(&mut fields.name, &args.name)?;
        write_text(&mut fields.url, &args.url)?;
        write_country(&mut fields.country, &args.country)?;
        fields.invariant()?;
        log(&IssuerCreated {
            issuer: *issuer.address(),
            creator,
            treasury: args.treasury,
            slug: args.slug.clone(),
            name: args.name.clone(),
            url: args.url.clone(),
            country: args.country.clone(),
            at,
        })?;
        create_key(accounts.payer.account(), accounts.issuer_key.account(), issuer.address(), 0, &args.key, at)
    }
}
