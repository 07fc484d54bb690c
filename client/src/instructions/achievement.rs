//! Instructions about achievements. A key that may manage achievements signs each of them, or the issuer's authority.

use microcred::{CreateAchievementArgs, EditAchievementArgs, NoArgs, accounts, instruction};
use solana_address::Address;
use solana_instruction::Instruction;

use super::{Actor, SYSTEM_PROGRAM, build};
use crate::address;

/// Creates an achievement. `payer` signs too. A key limited to one achievement cannot.
#[must_use]
pub fn create(payer: Address, actor: &Actor, args: CreateAchievementArgs) -> Instruction {
    let issuer = actor.issuer();
    let achievement = address::achievement(&issuer, &args.code);
    build(
        &accounts::CreateAchievement {
            payer,
            actor: actor.signer(),
            issuer_key: actor.issuer_key(),
            issuer,
            achievement,
            system_program: SYSTEM_PROGRAM,
        },
        &instruction::CreateAchievement { args },
    )
}

/// Edits the whole definition of a draft.
#[must_use]
pub fn edit(actor: &Actor, achievement: Address, args: EditAchievementArgs) -> Instruction {
    build(&manage(actor, achievement), &instruction::EditAchievement { args })
}

/// Publishes a draft, which freezes its definition.
#[must_use]
pub fn publish(actor: &Actor, achievement: Address) -> Instruction {
    build(&manage(actor, achievement), &instruction::PublishAchievement { args: NoArgs {} })
}

/// Pauses: none of it is issued or renewed.
#[must_use]
pub fn pause(actor: &Actor, achievement: Address) -> Instruction {
    build(&manage(actor, achievement), &instruction::PauseAchievement { args: NoArgs {} })
}

/// Resumes.
#[must_use]
pub fn resume(actor: &Actor, achievement: Address) -> Instruction {
    build(&manage(actor, achievement), &instruction::ResumeAchievement { args: NoArgs {} })
}

/// Retires, for good.
#[must_use]
pub fn retire(actor: &Actor, achievement: Address) -> Instruction {
    build(&manage(actor, achievement), &instruction::RetireAchievement { args: NoArgs {} })
}

/// Says that an achievement replaces an older one of the same issuer.
#[must_use]
pub fn set_replaced(actor: &Actor, achievement: Address, replaced: Address) -> Instruction {
    build(
        &accounts::SetReplacedAchievement {
            actor: actor.signer(),
            issuer_key: actor.issuer_key(),
            issuer: actor.issuer(),
            achievement,
            replaced,
        },
        &instruction::SetReplacedAchievement { args: NoArgs {} },
    )
}

fn manage(actor: &Actor, achievement: Address) -> accounts::ManageAchievement {
    accounts::ManageAchievement {
        actor: actor.signer(),
        issuer_key: actor.issuer_key(),
        issuer: actor.issuer(),
        achievement,
    }
}
