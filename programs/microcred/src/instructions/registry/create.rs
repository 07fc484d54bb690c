use alloc::string::String;

use anchor_lang::prelude::*;

use crate::{
    arguments::arguments,
    events::{RegistryCreated, log},
    instructions::{
        common::{no_extra_accounts, now},
        creation::{create, rent},
    },
    seeds,
    state::{Lifecycle, Record, Registry, VERSION, write_name, write_slug, write_text},
};

arguments! {
    /// Arguments of `create_registry`.
    pub struct CreateRegistryArgs {
        /// 1 to 32 of `a-z0-9-`; unique to the creator.
        pub slug: String,
        /// 1 to 96 bytes of UTF-8.
        pub name: String,
        /// At most 128 bytes of UTF-8.
        pub uri: String,
    }
}

/// Accounts of `create_registry`.
#[derive(Accounts)]
pub struct CreateRegistry {
    // May be the creator: it only pays, and its address is stored nowhere.
    /// Pays the rent.
    #[account(unsafe(dup))]
    pub payer: Signer,
    /// Signs, because the address carries its name, and becomes the authority.
    pub creator: Signer,
    /// Seeds `"registry", creator, slug`.
    #[account(mut)]
    pub registry: UncheckedAccount,
    /// The System program.
    pub system_program: Program<System>,
}

impl CreateRegistry {
    pub(crate) fn handle(ctx: &mut Context<'_, Self>, args: &CreateRegistryArgs) -> Result<()> {
        no_extra_accounts(ctx)?;
        let at = now()?;
        let mut slug = [0; 32];
        write_slug(&mut slug, &args.slug)?;
        let accounts = &ctx.accounts;
        let creator = *accounts.creator.address();
        let (mut registry, bump) = create::<Registry, _>(
            accounts.payer.account(),
            accounts.registry.account(),
            &[seeds::REGISTRY, creator.as_ref(), args.slug.as_bytes()],
            rent::<Registry>()?,
        )?;
        let fields = &mut *registry;
        fields.version = VERSION;
        fields.bump = bump;
        fields.status = Lifecycle::Active.code();
        fields.creator = creator;
        fields.authority = creator;
        fields.slug = slug;
        fields.created_at = at;
        write_name(&mut fields.name, &args.name)?;
        write_text(&mut fields.uri, &args.uri)?;
        fields.invariant()?;
        log(&RegistryCreated {
            registry: *registry.address(),
            creator,
            slug: args.slug.clone(),
            name: args.name.clone(),
            uri: args.uri.clone(),
            at,
        })?;
        Ok(())
    }
}
