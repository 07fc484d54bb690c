//! Keypair files with names, in the form of the Solana CLI.

use std::{
    fs,
    path::{Path, PathBuf},
};

use solana_keypair::{Keypair, read_keypair_file, write_keypair_file};
use thiserror::Error;

/// Whom a developer of credentials plays.
pub(crate) const ROLES: [&str; 7] = [
    "payer",
    "registry-authority",
    "issuer-authority",
    "course-platform",
    "examination-office",
    "learner",
    UPGRADE_AUTHORITY,
];

/// Who may upgrade the program.
pub(crate) const UPGRADE_AUTHORITY: &str = "upgrade-authority";

/// A keypair file that is not as it should be.
#[derive(Debug, Error)]
pub(crate) enum KeysError {
    #[error("{} cannot be read as a keypair ({why}): delete it, and another takes its place", path.display())]
    Read { path: PathBuf, why: String },
    #[error("{} cannot be written ({why}): name another folder with --keys", path.display())]
    Write { path: PathBuf, why: String },
}

/// A keypair for each of [`ROLES`], from the folder; those that lack are made there.
pub(crate) fn of_folder(folder: &Path) -> Result<Vec<(&'static str, Keypair)>, KeysError> {
    ROLES.into_iter().map(|role| Ok((role, read_or_make(&folder.join(role).with_extension("json"))?))).collect()
}

fn read_or_make(path: &Path) -> Result<Keypair, KeysError> {
    if fs::symlink_metadata(path).is_ok() {
        return read_keypair_file(path).map_err(|error| KeysError::Read { path: path.into(), why: error.to_string() });
    }
    let keypair = Keypair::new();
    match write_keypair_file(&keypair, path) {
        Ok(_) => Ok(keypair),
        Err(error) => Err(KeysError::Write { path: path.into(), why: error.to_string() }),
    }
}
