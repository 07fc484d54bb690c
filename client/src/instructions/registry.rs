//! Instructions about registries.

use microcred::{CreateRegistryArgs, NoArgs, ProposeAuthorityArgs, UpdateRegistryUriArgs, accounts, instruction};
use solana_address::Address;
use solana_instruction::Instruction;

use super::{SYSTEM_PROGRAM, build};
use crate::address;

/// Creates a registry. `payer` and `creator` sign; the creator becomes the authority.
#[must_use]
pub fn create(payer: Address, creator: Address, args: CreateRegistryArgs) -> Instruction {
    let registry = address::registry(&creator, &args.slug);
    build(
        &accounts::CreateRegistry { payer, creator, registry, system_program: SYSTEM_PROGRAM },
        &instruction::CreateRegistry { args },
    )
}

/// Changes the URI. The authority signs.
#[must_use]
pub fn update_uri(authority: Address, registry: Address, uri: &str) -> Instruction {
    let args = UpdateRegistryUriArgs { uri: uri.into() };
    build(&accounts::ManageRegistry { authority, registry }, &instruction::UpdateRegistryUri { args })
}

/// Proposes another authority; none takes a proposal back. The authority signs.
#[must_use]
pub fn propose_authority(authority: Address, registry: Address, new_authority: Option<Address>) -> Instruction {
    let args = ProposeAuthorityArgs { new_authority: new_authority.unwrap_or_default() };
    build(&accounts::ManageRegistry { authority, registry }, &instruction::ProposeRegistryAuthority { args })
}

/// Accepts the authority. The proposed authority signs.
#[must_use]
pub fn accept_authority(new_authority: Address, registry: Address) -> Instruction {
    build(
        &accounts::AcceptRegistryAuthority { new_authority, registry },
        &instruction::AcceptRegistryAuthority { args: NoArgs {} },
    )
}

/// Pauses. The authority signs.
#[must_use]
pub fn pause(authority: Address, registry: Address) -> Instruction {
    build(&accounts::ManageRegistry { authority, registry }, &instruction::PauseRegistry { args: NoArgs {} })
}

/// Resumes. The authority signs.
#[must_use]
pub fn resume(authority: Address, registry: Address) -> Instruction {
    build(&accounts::ManageRegistry { authority, registry }, &instruction::ResumeRegistry { args: NoArgs {} })
}

/// Retires, for good. The authority signs.
#[must_use]
pub fn retire(authority: Address, registry: Address) -> Instruction {
    build(&accounts::ManageRegistry { authority, registry }, &instruction::RetireRegistry { args: NoArgs {} })
}
