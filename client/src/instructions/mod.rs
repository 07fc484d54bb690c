//! Pure builders of the program's instructions, a module per account kind. They need no network and hold no keys: whoever is named as
//! a signer signs the transaction that the instruction goes into.

pub mod accreditation;
pub mod achievement;
pub mod credential;
pub mod issuer;
pub mod key;
pub mod registry;

use anchor_lang::{Discriminator, InstructionData, ToAccountMetas};
pub use microcred::{
    CreateAchievementArgs, CreateIssuerArgs, CreateRegistryArgs, EditAchievementArgs, IssueArgs, IssueManyArgs,
    KeyTerms, Learner, RenewArgs, UpdateIssuerProfileArgs, VerifyArgs,
};
use microcred::{
    ID, NoArgs, accounts, instruction,
    state::{Accreditation, Achievement, Credential, Issuer, IssuerKey, Record, Registry},
};
use solana_address::Address;
use solana_instruction::Instruction;

use crate::address;

/// Address of the System program.
pub const SYSTEM_PROGRAM: Address = Address::new_from_array([0; 32]);

/// A key of an issuer, as the one who signs with it knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyRef {
    /// Address of the issuer.
    pub issuer: Address,
    /// Which of the issuer's keys.
    pub index: u16,
    /// The key itself, which signs.
    pub key: Address,
}

impl KeyRef {
    /// Address of the issuer key account.
    #[must_use]
    pub fn address(&self) -> Address {
        address::issuer_key(&self.issuer, self.index)
    }
}

/// Who acts for an issuer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actor {
    /// The holder of one of its keys, within the key's limits.
    Key(KeyRef),
    /// Its authority.
    Authority {
        /// Address of the issuer.
        issuer: Address,
        /// The authority, which signs.
        authority: Address,
    },
}

impl Actor {
    /// Who signs.
    #[must_use]
    pub const fn signer(&self) -> Address {
        match self {
            Self::Key(key) => key.key,
            Self::Authority { authority, .. } => *authority,
        }
    }

    /// Address of the issuer.
    #[must_use]
    pub const fn issuer(&self) -> Address {
        match self {
            Self::Key(key) => key.issuer,
            Self::Authority { issuer, .. } => *issuer,
        }
    }

    /// The issuer key account, when a key signs.
    fn issuer_key(&self) -> Option<Address> {
        match self {
            Self::Key(key) => Some(key.address()),
            Self::Authority { .. } => None,
        }
    }

    /// The issuer account, when the authority signs.
    const fn issuer_as_authority(&self) -> Option<Address> {
        match self {
            Self::Key(_) => None,
            Self::Authority { issuer, .. } => Some(*issuer),
        }
    }
}

/// Where the excess lamports of an account go, and which account says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Excess {
    /// Of a registry itself: to its authority.
    OfRegistry {
        /// The registry's authority.
        authority: Address,
    },
    /// Of an issuer itself: to its treasury.
    OfIssuer {
        /// The issuer's treasury.
        treasury: Address,
    },
    /// Of an accreditation: to the registry's authority.
    UnderRegistry {
        /// The registry.
        registry: Address,
        /// Its authority.
        authority: Address,
    },
    /// Of an issuer key, achievement or credential: to the issuer's treasury.
    UnderIssuer {
        /// The issuer.
        issuer: Address,
        /// Its treasury.
        treasury: Address,
    },
}

/// Returns lamports above the rent minimum of an account to where they belong. Nobody needs to sign but the fee payer.
#[must_use]
pub fn withdraw_excess(account: Address, excess: &Excess) -> Instruction {
    let (issuer, registry, destination) = match *excess {
        Excess::OfRegistry { authority } => (None, None, authority),
        Excess::OfIssuer { treasury } => (None, None, treasury),
        Excess::UnderRegistry { registry, authority } => (None, Some(registry), authority),
        Excess::UnderIssuer { issuer, treasury } => (Some(issuer), None, treasury),
    };
    build(
        &accounts::WithdrawExcess { account, issuer, registry, destination },
        &instruction::WithdrawExcess { args: NoArgs {} },
    )
}

/// Bytes of each account that an instruction of the program creates, whose rent its payer pays. Of other programs' instructions nothing is
/// known: none.
#[must_use]
pub fn created_sizes(instruction: &Instruction) -> Vec<usize> {
    if instruction.program_id != ID {
        return Vec::new();
    }
    match instruction.data.get(..8) {
        Some(instruction::CreateRegistry::DISCRIMINATOR) => vec![Registry::SIZE],
        Some(instruction::CreateIssuer::DISCRIMINATOR) => vec![Issuer::SIZE, IssuerKey::SIZE],
        Some(instruction::AccreditIssuer::DISCRIMINATOR) => vec![Accreditation::SIZE],
        Some(instruction::AddKey::DISCRIMINATOR) => vec![IssuerKey::SIZE],
        Some(instruction::CreateAchievement::DISCRIMINATOR) => vec![Achievement::SIZE],
        Some(instruction::Issue::DISCRIMINATOR) => vec![Credential::SIZE],
        Some(instruction::IssueMany::DISCRIMINATOR) => {
            vec![Credential::SIZE; instruction.accounts.len().saturating_sub(credential::ISSUE_MANY_ACCOUNTS)]
        }
        _ => Vec::new(),
    }
}

fn build(accounts: &impl ToAccountMetas, data: &impl InstructionData) -> Instruction {
    Instruction { program_id: ID, accounts: accounts.to_account_metas(None), data: data.data() }
}
