use anchor_lang::prelude::*;

use crate::{
    arguments::arguments,
    error::MicrocredError,
    events::{KeyAdded, log},
    instructions::{
        common::{no_extra_accounts, now},
        creation::{create, rent},
    },
    seeds,
    state::{Issuer, IssuerKey, Lifecycle, MAX_KEYS, Record, VERSION, codes::only_known_bits, permission},
};

/// What a new key may do. Key, permissions, scope and `valid_from` are immutable: retire a key and add another instead of editing it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, AnchorSerialize, AnchorDeserialize, IdlType)]
pub struct KeyTerms {
    /// The Ed25519 key.
    pub key: Address,
    /// Bits of `permission`, at least one.
    pub permissions: u16,
    /// The only achievement it may touch; zero: all.
    pub scope: Address,
    /// First second of validity, Unix seconds; 0 and the past: now.
    pub valid_from: i64,
    /// First second after validity, in the future; 0: none.
    pub valid_until: i64,
    /// How many credentials it may issue and renew; `u64::MAX`: no limit.
    pub quota: u64,
}

arguments! {
    /// Arguments of `add_key`.
    pub struct AddKeyArgs {
        /// The issuer's `key_count`.
        pub index: u16,
        /// What the key may do.
        pub key: KeyTerms,
    }
}

/// Accounts of `add_key`.
#[derive(Accounts)]
pub struct AddKey {
    // May be the authority: it only pays, and its address is stored nowhere.
    /// Pays the rent.
    #[account(unsafe(dup))]
    pub payer: Signer,
    /// The issuer's authority.
    #[account(address = issuer.authority @ MicrocredError::NotIssuerAuthority)]
    pub authority: Signer,
    /// The issuer; it must not be retired.
    #[account(mut)]
    pub issuer: Account<Issuer>,
    /// Seeds `"key", issuer, index`.
    #[account(mut)]
    pub issuer_key: UncheckedAccount,
    /// The System program.
    pub system_program: Program<System>,
}

impl AddKey {
    pub(crate) fn handle(ctx: &mut Context<'_, Self>, args: &AddKeyArgs) -> Result<()> {
        no_extra_accounts(ctx)?;
        let at = now()?;
        let accounts = &mut ctx.accounts;
        let issuer = &mut accounts.issuer;
        require!(issuer.lifecycle()? != Lifecycle::Retired, MicrocredError::IssuerRetired);
        require!(issuer.key_count < MAX_KEYS, MicrocredError::TooManyKeys);
        require!(args.index == issuer.key_count, MicrocredError::WrongKeyIndex);
        issuer.key_count = issuer.key_count.checked_add(1).ok_or(MicrocredError::Overflow)?;
        issuer.invariant()?;
        create_key(
            accounts.payer.account(),
            accounts.issuer_key.account(),
            accounts.issuer.address(),
            args.index,
            &args.key,
            at,
        )
    }
}

/// Creates an issuer key account and says so in an event.
pub(crate) fn create_key(
    payer: &AccountView,
    target: &AccountView,
    issuer: &Address,
    index: u16,
    terms: &KeyTerms,
    at: i64,
) -> Result<()> {
    require!(terms.key != Address::default(), MicrocredError::ZeroKey);
    require!(terms.permissions != 0, MicrocredError::NoPermissions);
    require!(only_known_bits(terms.permissions, permission::ALL), MicrocredError::UnknownPermission);
    require!(
        terms.valid_until == 0 || (terms.valid_until > terms.valid_from && terms.valid_until > at),
        MicrocredError::BadKeyWindow
    );
    let valid_from = terms.valid_from.max(at);
    let place = [seeds::KEY, issuer.as_ref(), &index.to_le_bytes()];
    let (mut key, bump) = create::<IssuerKey, _>(payer, target, &place, rent::<IssuerKey>()?)?;
    let fields = &mut *key;
    fields.version = VERSION;
    fields.bump = bump;
    fields.index = index;
    fields.permissions = terms.permissions;
    fields.issuer = *issuer;
    fields.key = terms.key;
    fields.scope = terms.scope;
    fields.valid_from = valid_from;
    fields.valid_until = terms.valid_until;
    fields.quota = terms.quota;
    fields.changed_at = at;
    fields.invariant()?;
    log(&KeyAdded {
        issuer_key: *key.address(),
        issuer: *issuer,
        index,
        key: terms.key,
        permissions: terms.permissions,
        scope: terms.scope,
        valid_from,
        valid_until: terms.valid_until,
        quota: terms.quota,
        at,
    })?;
    Ok(())
}
