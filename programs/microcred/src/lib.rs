//! **microcred**: micro-credentials in education, issued, verified and revoked on Solana.
//!
//! Registries vouch for issuers; issuers publish achievements and let keys issue credentials of them to subjects; anyone reads the
//! verdict. This crate is the program and, for the client, its types: [`state`] has the accounts, [`verdict`] decides, [`error`] says
//! why something was refused, [`events`] what changed.
#![cfg_attr(not(test), no_std)]
extern crate alloc;

pub mod arguments;
pub mod error;
pub mod events;
pub mod instructions;
pub mod seeds;
pub mod state;
pub mod verdict;

use anchor_lang::prelude::*;

pub use instructions::*;

declare_id!("McRSEVpH8874qrZeVP1JNUeGujuQHAZGfq1WCo8tWuY");

/// The instructions, each forwarding to its handler. Those at the top are called most: dispatch goes from top to bottom, and what is
/// inlined into it saves some fifty compute units.
#[program]
#[allow(missing_docs, reason = "the generated items repeat what the handlers' own documentation says")]
pub mod microcred {
    use super::*;

    /// Issues a credential.
    #[inline(always)]
    pub fn issue(ctx: &mut Context<Issue>, args: IssueArgs) -> Result<()> {
        Issue::handle(ctx, &args)
    }

    /// Issues one credential to each of many learners.
    pub fn issue_many(ctx: &mut Context<IssueMany>, args: IssueManyArgs) -> Result<()> {
        IssueMany::handle(ctx, &args)
    }

    /// Answers whether a credential is valid, in return data.
    pub fn verify(ctx: &mut Context<Verify>, args: VerifyArgs) -> Result<VerifyReceipt> {
        Verify::handle(ctx, &args)
    }

    /// Fails unless a credential is valid and, where a registry is named, trusted.
    pub fn verify_strict(ctx: &mut Context<Verify>, args: VerifyArgs) -> Result<()> {
        Verify::handle_strict(ctx, &args)
    }

    /// Revokes a credential, for good.
    #[inline(always)]
    pub fn revoke(ctx: &mut Context<ChangeStatus>, args: RevokeArgs) -> Result<()> {
        credential::revoke::handle(ctx, &args)
    }

    /// Revokes many credentials, for one reason.
    pub fn revoke_many(ctx: &mut Context<RevokeMany>, args: RevokeManyArgs) -> Result<()> {
        RevokeMany::handle(ctx, &args)
    }

    /// Suspends a credential.
    pub fn suspend(ctx: &mut Context<ChangeStatus>, args: SuspendArgs) -> Result<()> {
        credential::suspend::handle(ctx, &args)
    }

    /// Reinstates a suspended credential.
    pub fn reinstate(ctx: &mut Context<ChangeStatus>, args: NoArgs) -> Result<()> {
        credential::reinstate::handle(ctx, &args)
    }

    /// Renews a credential.
    pub fn renew(ctx: &mut Context<Renew>, args: RenewArgs) -> Result<()> {
        Renew::handle(ctx, &args)
    }

    /// Accepts a pending credential, as its learner.
    pub fn accept(ctx: &mut Context<Answer>, args: NoArgs) -> Result<()> {
        credential::accept::handle(ctx, &args)
    }

    /// Declines a pending credential, as its learner.
    pub fn decline(ctx: &mut Context<Answer>, args: NoArgs) -> Result<()> {
        credential::decline::handle(ctx, &args)
    }

    /// Removes digest and subject of a credential.
    pub fn erase(ctx: &mut Context<Erase>, args: EraseArgs) -> Result<()> {
        Erase::handle(ctx, &args)
    }

    /// Creates an achievement, as a draft or published at once.
    pub fn create_achievement(ctx: &mut Context<CreateAchievement>, args: CreateAchievementArgs) -> Result<()> {
        CreateAchievement::handle(ctx, &args)
    }

    /// Edits a draft.
    pub fn edit_achievement(ctx: &mut Context<ManageAchievement>, args: EditAchievementArgs) -> Result<()> {
        achievement::edit::handle(ctx, &args)
    }

    /// Publishes a draft: its definition is frozen from then on.
    pub fn publish_achievement(ctx: &mut Context<ManageAchievement>, args: NoArgs) -> Result<()> {
        achievement::lifecycle::publish(ctx, &args)
    }

    /// Pauses an achievement: none of it is issued or renewed.
    pub fn pause_achievement(ctx: &mut Context<ManageAchievement>, args: NoArgs) -> Result<()> {
        achievement::lifecycle::pause(ctx, &args)
    }

    /// Resumes a paused achievement.
    pub fn resume_achievement(ctx: &mut Context<ManageAchievement>, args: NoArgs) -> Result<()> {
        achievement::lifecycle::resume(ctx, &args)
    }

    /// Retires an achievement, for good.
    pub fn retire_achievement(ctx: &mut Context<ManageAchievement>, args: NoArgs) -> Result<()> {
        achievement::lifecycle::retire(ctx, &args)
    }

    /// Says which achievement this one replaces.
    pub fn set_replaced_achievement(ctx: &mut Context<SetReplacedAchievement>, args: NoArgs) -> Result<()> {
        SetReplacedAchievement::handle(ctx, &args)
    }

    /// Creates an issuer with its first key.
    pub fn create_issuer(ctx: &mut Context<CreateIssuer>, args: CreateIssuerArgs) -> Result<()> {
        CreateIssuer::handle(ctx, &args)
    }

    /// Changes an issuer's name, home page and country, which raises its profile's revision.
    pub fn update_issuer_profile(ctx: &mut Context<ManageIssuer>, args: UpdateIssuerProfileArgs) -> Result<()> {
        issuer::update_profile::handle(ctx, &args)
    }

    /// Changes where excess lamports of an issuer's accounts go.
    pub fn update_issuer_treasury(ctx: &mut Context<ManageIssuer>, args: UpdateIssuerTreasuryArgs) -> Result<()> {
        issuer::update_treasury::handle(ctx, &args)
    }

    /// Proposes another authority for an issuer; zero takes the proposal back.
    pub fn propose_issuer_authority(ctx: &mut Context<ManageIssuer>, args: ProposeAuthorityArgs) -> Result<()> {
        issuer::propose_authority::handle(ctx, &args)
    }

    /// Accepts the authority over an issuer.
    pub fn accept_issuer_authority(ctx: &mut Context<AcceptIssuerAuthority>, args: NoArgs) -> Result<()> {
        AcceptIssuerAuthority::handle(ctx, &args)
    }

    /// Pauses an issuer: it neither issues nor renews.
    pub fn pause_issuer(ctx: &mut Context<ManageIssuer>, args: NoArgs) -> Result<()> {
        issuer::lifecycle::pause(ctx, &args)
    }

    /// Resumes a paused issuer.
    pub fn resume_issuer(ctx: &mut Context<ManageIssuer>, args: NoArgs) -> Result<()> {
        issuer::lifecycle::resume(ctx, &args)
    }

    /// Retires an issuer, for good. It can still revoke, suspend, reinstate and erase.
    pub fn retire_issuer(ctx: &mut Context<ManageIssuer>, args: NoArgs) -> Result<()> {
        issuer::lifecycle::retire(ctx, &args)
    }

    /// Adds a key to an issuer.
    pub fn add_key(ctx: &mut Context<AddKey>, args: AddKeyArgs) -> Result<()> {
        AddKey::handle(ctx, &args)
    }

    /// Ends a key's validity earlier.
    pub fn shorten_key(ctx: &mut Context<ManageKey>, args: ShortenKeyArgs) -> Result<()> {
        key::shorten::handle(ctx, &args)
    }

    /// Retires a key, for good.
    pub fn retire_key(ctx: &mut Context<ManageKey>, args: NoArgs) -> Result<()> {
        key::retire::handle(ctx, &args)
    }

    /// Marks a key compromised since a time, which retires it and voids what it asserted since.
    pub fn mark_key_compromised(ctx: &mut Context<ManageKey>, args: MarkKeyCompromisedArgs) -> Result<()> {
        key::mark_compromised::handle(ctx, &args)
    }

    /// Creates a registry.
    pub fn create_registry(ctx: &mut Context<CreateRegistry>, args: CreateRegistryArgs) -> Result<()> {
        CreateRegistry::handle(ctx, &args)
    }

    /// Changes a registry's URI.
    pub fn update_registry_uri(ctx: &mut Context<ManageRegistry>, args: UpdateRegistryUriArgs) -> Result<()> {
        registry::update_uri::handle(ctx, &args)
    }

    /// Proposes another authority for a registry; zero takes the proposal back.
    pub fn propose_registry_authority(ctx: &mut Context<ManageRegistry>, args: ProposeAuthorityArgs) -> Result<()> {
        registry::propose_authority::handle(ctx, &args)
    }

    /// Accepts the authority over a registry.
    pub fn accept_registry_authority(ctx: &mut Context<AcceptRegistryAuthority>, args: NoArgs) -> Result<()> {
        AcceptRegistryAuthority::handle(ctx, &args)
    }

    /// Pauses a registry: it takes no new accreditations.
    pub fn pause_registry(ctx: &mut Context<ManageRegistry>, args: NoArgs) -> Result<()> {
        registry::lifecycle::pause(ctx, &args)
    }

    /// Resumes a paused registry.
    pub fn resume_registry(ctx: &mut Context<ManageRegistry>, args: NoArgs) -> Result<()> {
        registry::lifecycle::resume(ctx, &args)
    }

    /// Retires a registry, for good. It can still suspend, reinstate, withdraw and confirm.
    pub fn retire_registry(ctx: &mut Context<ManageRegistry>, args: NoArgs) -> Result<()> {
        registry::lifecycle::retire(ctx, &args)
    }

    /// Vouches for an issuer.
    pub fn accredit_issuer(ctx: &mut Context<AccreditIssuer>, args: AccreditIssuerArgs) -> Result<()> {
        AccreditIssuer::handle(ctx, &args)
    }

    /// Suspends an accreditation.
    pub fn suspend_accreditation(ctx: &mut Context<ManageAccreditation>, args: SuspendAccreditationArgs) -> Result<()> {
        accreditation::suspend::handle(ctx, &args)
    }

    /// Reinstates a suspended accreditation.
    pub fn reinstate_accreditation(ctx: &mut Context<ManageAccreditation>, args: NoArgs) -> Result<()> {
        accreditation::reinstate::handle(ctx, &args)
    }

    /// Withdraws an accreditation and ends its terms.
    pub fn withdraw_accreditation(
        ctx: &mut Context<ManageAccreditation>,
        args: WithdrawAccreditationArgs,
    ) -> Result<()> {
        accreditation::withdraw::handle(ctx, &args)
    }

    /// Adds a term to an accreditation, or prolongs its last one.
    pub fn add_accreditation_term(ctx: &mut Context<VouchAgain>, args: AddAccreditationTermArgs) -> Result<()> {
        accreditation::add_term::handle(ctx, &args)
    }

    /// Vouches for the present profile of an issuer that changed it.
    pub fn confirm_accreditation(ctx: &mut Context<VouchAgain>, args: ConfirmAccreditationArgs) -> Result<()> {
        accreditation::confirm::handle(ctx, &args)
    }

    /// Returns lamports above the rent minimum of any account to where they belong. Anyone may call it.
    pub fn withdraw_excess(ctx: &mut Context<WithdrawExcess>, args: NoArgs) -> Result<()> {
        WithdrawExcess::handle(ctx, &args)
    }
}
