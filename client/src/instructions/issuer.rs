//! Instructions about issuers.

use microcred::{
    CreateIssuerArgs, NoArgs, ProposeAuthorityArgs, UpdateIssuerProfileArgs, UpdateIssuerTreasuryArgs, accounts,
    instruction,
};
use solana_address::Address;
use solana_instruction::Instruction;

use super::{SYSTEM_PROGRAM, build};
use crate::address;

/// Creates an issuer with its first key, which gets index 0. `payer` and `creator` sign; the creator becomes the authority.
#[must_use]
pub fn create(payer: Address, creator: Address, args: CreateIssuerArgs) -> Instruction {
    let issuer = address::issuer(&creator, &args.slug);
    let issuer_key = address::issuer_key(&issuer, 0);
    build(
        &accounts::CreateIssuer { payer, creator, issuer, issuer_key, system_program: SYSTEM_PROGRAM },
        &instruction::CreateIssuer { args },
    )
}

/// Changes the whole profile, which raises its revision. The authority signs.
#[must_use]
pub fn update_profile(authority: Address, issuer: Address, args: UpdateIssuerProfileArgs) -> Instruction {
    build(&accounts::ManageIssuer { authority, issuer }, &instruction::UpdateIssuerProfile { args })
}

/// Changes where excess lamports go. The authority signs.
#[must_use]
pub fn update_treasury(authority: Address, issuer: Address, treasury: Address) -> Instruction {
    let args = UpdateIssuerTreasuryArgs { treasury };
    build(&accounts::ManageIssuer { authority, issuer }, &instruction::UpdateIssuerTreasury { args })
}

/// Proposes another authority; none takes a proposal back. The authority signs.
#[must_use]
pub fn propose_authority(authority: Address, issuer: Address, new_authority: Option<Address>) -> Instruction {
    let args = ProposeAuthorityArgs { new_authority: new_authority.unwrap_or_default() };
    build(&accounts::ManageIssuer { authority, issuer }, &instruction::ProposeIssuerAuthority { args })
}

/// Accepts the authority. The proposed authority signs.
#[must_use]
pub fn accept_authority(new_authority: Address, issuer: Address) -> Instruction {
    build(
        &accounts::AcceptIssuerAuthority { new_authority, issuer },
        &instruction::AcceptIssuerAuthority { args: NoArgs {} },
    )
}

/// Pauses: nothing is issued or renewed. The authority signs.
#[must_use]
pub fn pause(authority: Address, issuer: Address) -> Instruction {
    build(&accounts::ManageIssuer { authority, issuer }, &instruction::PauseIssuer { args: NoArgs {} })
}

/// Resumes. The authority signs.
#[must_use]
pub fn resume(authority: Address, issuer: Address) -> Instruction {
    build(&accounts::ManageIssuer { authority, issuer }, &instruction::ResumeIssuer { args: NoArgs {} })
}

/// Retires, for good. The authority signs.
#[must_use]
pub fn retire(authority: Address, issuer: Address) -> Instruction {
    build(&accounts::ManageIssuer { authority, issuer }, &instruction::RetireIssuer { args: NoArgs {} })
}
