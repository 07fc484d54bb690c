//! Files that others fetch: each appears whole, with what is new, or stays as it was.

use std::{fs, path::PathBuf};

use super::{
    error::CliError,
    files::{Existing, Mode, Waiting, folder},
};

/// Files that were written beside where they belong, and wait to be put there together. What is not put there is removed.
#[derive(Default)]
pub(crate) struct Staged(Vec<Waiting>);

impl Staged {
    /// Writes a file beside where it belongs; its folder is made if it is not there.
    pub(crate) fn add(&mut self, path: PathBuf, bytes: &[u8]) -> Result<(), CliError> {
        if let Err(error) = fs::create_dir_all(folder(&path)) {
            return Err(CliError::File { path, error });
        }
        self.0.push(Waiting::write(path, bytes, Mode::Everybody)?);
        Ok(())
    }

    /// Puts all files where they belong.
    pub(crate) fn publish(self) -> Result<(), CliError> {
        self.0.into_iter().try_for_each(|file| file.put(Existing::Replace))
    }
}
