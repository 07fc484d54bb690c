use alloc::string::String;

use anchor_lang::prelude::*;

use super::ManageAchievement;
use crate::{
    arguments::arguments,
    error::MicrocredError,
    events::{AchievementEdited, log},
    instructions::common::now,
    state::{Definition, Lifecycle, Record},
};

arguments! {
    /// Arguments of `edit_achievement`: the whole definition.
    pub struct EditAchievementArgs {
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
    }
}

pub(crate) fn handle(ctx: &mut Context<'_, ManageAchievement>, args: &EditAchievementArgs) -> Result<()> {
    ManageAchievement::authorize(ctx, now()?)?;
    require!(ctx.accounts.issuer.is_active(), MicrocredError::IssuerNotActive);
    let achievement = &mut ctx.accounts.achievement;
    require!(achievement.lifecycle()? == Lifecycle::Draft, MicrocredError::AchievementNotDraft);
    let event = AchievementEdited {
        achievement: *achievement.address(),
        old_title: achievement.title().into(),
        new_title: args.title.clone(),
        old_uri: achievement.uri().into(),
        new_uri: args.uri.clone(),
        old_definition_digest: achievement.definition_digest,
        new_definition_digest: args.definition_digest,
        old_rules: [achievement.kind, achievement.policy, achievement.eqf_level],
        new_rules: [args.kind, args.policy, args.eqf_level],
        old_workload: achievement.workload,
        new_workload: args.workload,
        old_default_validity: achievement.default_validity,
        new_default_validity: args.default_validity,
    };
    achievement.define(&Definition {
        kind: args.kind,
        policy: args.policy,
        eqf_level: args.eqf_level,
        workload: args.workload,
        definition_digest: args.definition_digest,
        title: &args.title,
        uri: &args.uri,
        default_validity: args.default_validity,
    })?;
    achievement.invariant()?;
    log(&event)?;
    Ok(())
}
