//! Whether the program on a cluster is the one that is expected, byte by byte.

use std::{fmt, str::FromStr};

use serde::{Serialize, Serializer};
use sha2::{Digest, Sha256};
use solana_account::Account;
use solana_address::Address;
use solana_loader_v3_interface::state::UpgradeableLoaderState;
use solana_sdk_ids::bpf_loader_upgradeable;
use thiserror::Error;

use crate::{
    hex::{self, Hex},
    ledger::{AccountReader, ReadError},
};

/// SHA-256 of a program's bytes without the zeros at their end, which deploying adds to leave room: the hash that `solana-verify`
/// prints too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProgramHash([u8; 32]);

impl ProgramHash {
    /// Of a compiled program, as its file has it or as a cluster keeps it.
    #[must_use]
    pub fn of(elf: &[u8]) -> Self {
        let end = elf.iter().rposition(|byte| *byte != 0).map_or(0, |last| last.saturating_add(1));
        Self(Sha256::digest(elf.get(..end).unwrap_or_default()).into())
    }
}

impl fmt::Display for ProgramHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Hex(&self.0).fmt(f)
    }
}

/// Not 64 hexadecimal digits.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("a program's hash is 64 hexadecimal digits, as `solana-verify get-executable-hash` prints it")]
pub struct NotAHash;

impl FromStr for ProgramHash {
    type Err = NotAHash;

    fn from_str(text: &str) -> Result<Self, NotAHash> {
        hex::parse(text).map(Self).ok_or(NotAHash)
    }
}

impl Serialize for ProgramHash {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// A program that is deployed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deployment {
    /// Its address.
    pub program: Address,
    /// Hash of its bytes.
    pub hash: ProgramHash,
    /// Who may replace those; none: nobody, ever.
    pub upgrade_authority: Option<Address>,
    /// The slot in which they were deployed last.
    pub slot: u64,
}

/// Why a program is not the one that is expected.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum DeploymentError {
    /// Nothing that can be executed is there.
    #[error("no program is deployed at {program}: deploy it, or check the address and the cluster")]
    NotDeployed {
        /// The program's address.
        program: Address,
    },
    /// Another loader than the upgradeable one owns it, so that its bytes are not where they are looked for.
    #[error(
        "the program {program} belongs to {owner}, not to the upgradeable loader: it was not deployed as this one is"
    )]
    OtherLoader {
        /// The program's address.
        program: Address,
        /// Who owns its account.
        owner: Address,
    },
    /// The account with the bytes is missing or of another kind.
    #[error(
        "the bytes of the program {program} are not where the loader keeps them: it was closed, or the answer is not whole"
    )]
    NoBytes {
        /// The program's address.
        program: Address,
    },
    /// Other bytes are deployed.
    #[error(
        "the program {} has other bytes than expected (SHA-256 {} instead of {expected}): do not use it before you know why; {}",
        found.program, found.hash, said_of(found.upgrade_authority)
    )]
    Differs {
        /// What is deployed.
        found: Box<Deployment>,
        /// What was expected.
        expected: ProgramHash,
    },
    /// The cluster could not be read.
    #[error(transparent)]
    Read(#[from] ReadError),
}

fn said_of(upgrade_authority: Option<Address>) -> String {
    upgrade_authority.map_or_else(|| "nobody can upgrade it".into(), |authority| format!("{authority} can upgrade it"))
}

/// Reads what is deployed at an address.
///
/// # Errors
/// [`DeploymentError`] but [`DeploymentError::Differs`].
pub async fn read(reader: &dyn AccountReader, program: &Address) -> Result<Deployment, DeploymentError> {
    let account = one(reader, program).await?;
    let account = account.filter(|account| account.executable);
    let account = account.ok_or(DeploymentError::NotDeployed { program: *program })?;
    if account.owner != bpf_loader_upgradeable::ID {
        return Err(DeploymentError::OtherLoader { program: *program, owner: account.owner });
    }
    let no_bytes = || DeploymentError::NoBytes { program: *program };
    let Some(UpgradeableLoaderState::Program { programdata_address }) = state(&account.data) else {
        return Err(no_bytes());
    };
    let bytes = one(reader, &programdata_address).await?;
    let bytes = bytes.filter(|bytes| bytes.owner == bpf_loader_upgradeable::ID).ok_or_else(no_bytes)?;
    // The authority's place is there also where none is.
    let elf = bytes.data.get(UpgradeableLoaderState::size_of_programdata_metadata()..).ok_or_else(no_bytes)?;
    match state(&bytes.data) {
        Some(UpgradeableLoaderState::ProgramData { slot, upgrade_authority_address }) => Ok(Deployment {
            program: *program,
            hash: ProgramHash::of(elf),
            upgrade_authority: upgrade_authority_address,
            slot,
        }),
        _ => Err(no_bytes()),
    }
}

/// Requires that the bytes deployed at an address are those expected.
///
/// # Errors
/// [`DeploymentError`].
pub async fn verify(
    reader: &dyn AccountReader,
    program: &Address,
    expected: ProgramHash,
) -> Result<Deployment, DeploymentError> {
    let found = read(reader, program).await?;
    if found.hash == expected { Ok(found) } else { Err(DeploymentError::Differs { found: Box::new(found), expected }) }
}

async fn one(reader: &dyn AccountReader, address: &Address) -> Result<Option<Account>, ReadError> {
    Ok(reader.read(&[*address]).await?.accounts.into_iter().next().flatten())
}

/// What the loader writes at the start of its accounts.
fn state(data: &[u8]) -> Option<UpgradeableLoaderState> {
    bincode::deserialize(data).ok()
}
