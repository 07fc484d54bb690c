//! The document of one credential: what is there already, or a new one.

use std::collections::HashSet;

use serde_json::Value;
use solana_address::Address;
use solana_signer::Signer;

use super::{Award, Folder, FolderError, Made, MakeError, Office};
use crate::{
    bulk,
    document::{Document, status_list::PLACES},
    ledger::{Ledger, ReadError},
};

/// Why there is no document.
#[derive(Debug, thiserror::Error)]
pub enum ProvideError {
    /// The ledger could not be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// It cannot be made.
    #[error(transparent)]
    Make(#[from] MakeError),
    /// It cannot be read or written.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// What is there is another document.
    #[error(
        "{0} is there already, and is not what would be made: move it away, or name another folder; if it was sent, and what became of \
         that is not known, find that out first"
    )]
    Another(String),
    /// Another credential has the place in the status lists.
    #[error("the status index {index} is that of the credential {by} already: {remedy}")]
    Taken {
        /// The status index.
        index: u32,
        /// Whose it is.
        by: Address,
        /// What to do.
        remedy: String,
    },
    /// All places are given.
    #[error("the issuer's status lists are full")]
    NoPlaces,
}

/// A document that is there for good, to be sent.
#[derive(Clone, Debug, PartialEq)]
pub struct Provided {
    /// Name of its file.
    pub name: String,
    /// The document, and its expiry.
    pub made: Made,
    /// Whether it was made now. Otherwise it may have been sent before.
    pub is_new: bool,
}

impl Office {
    /// The status index of a new credential of which there may be a document already: what that says, or what is wished, or a place at random
    /// that no credential of the issuer's has.
    ///
    /// # Errors
    /// [`ProvideError`]: the place is taken, or there is none, or the folder or ledger cannot be read.
    pub async fn status_index(
        &self,
        ledger: &dyn Ledger,
        folder: &Folder,
        credential: &Address,
        wished: Option<u32>,
    ) -> Result<u32, ProvideError> {
        folder.hold()?;
        let name = Folder::file_name(credential, 0);
        let path = || folder.path().join(&name).display().to_string();
        let there = match folder.read(&name)? {
            Some(document) => Some(self.index_of(&document).ok_or_else(|| ProvideError::Another(path()))?),
            None => None,
        };
        if wished.is_some_and(|wished| there.is_some_and(|there| there != wished)) {
            return Err(ProvideError::Another(path()));
        }
        let used = bulk::used_places(ledger, &self.key().issuer).await?;
        let Some(index) = there.or(wished) else {
            let mut taken: HashSet<_> = used.into_iter().map(|(place, _)| place).collect();
            return bulk::draw(1, &mut taken).and_then(|drawn| drawn.first().copied()).ok_or(ProvideError::NoPlaces);
        };
        match used.into_iter().find(|(place, by)| *place == index && by != credential) {
            None => Ok(index),
            Some((_, by)) => {
                let remedy = match there {
                    Some(_) => format!("move {} away, and issue again", path()),
                    None => "name another".into(),
                };
                Err(ProvideError::Taken { index, by, remedy })
            }
        }
    }

    /// The document for an award: what is there under this name, if it is what would be made but for its id and when; otherwise a new one,
    /// which is there for good when this returns.
    ///
    /// # Errors
    /// [`ProvideError`]: another document is there, or it cannot be made or written.
    pub fn provide(
        &self,
        folder: &Folder,
        name: String,
        award: &Award,
        signer: &dyn Signer,
    ) -> Result<Provided, ProvideError> {
        folder.hold()?;
        if let Some(document) = folder.read(&name)? {
            folder.tidy(&name);
            return match self.recognise(award, document) {
                Some(made) => Ok(Provided { name, made, is_new: false }),
                None => Err(ProvideError::Another(folder.path().join(name).display().to_string())),
            };
        }
        let made = self.make(award, signer)?;
        folder.write(&[(name.clone(), &made.document)])?;
        Ok(Provided { name, made, is_new: true })
    }

    /// The status index that a document of this issuer names.
    fn index_of(&self, document: &Document) -> Option<u32> {
        let status = document.value().get("credentialStatus")?;
        let text = |name: &str| status.get(name).and_then(Value::as_str);
        let (list, _) = self.status(0);
        let base = list.strip_suffix('0')?;
        let number: u32 = text("statusListCredential")?.strip_prefix(base)?.parse().ok()?;
        let place: u32 = text("statusListIndex")?.parse().ok()?;
        let index = number.checked_mul(PLACES)?.checked_add(place)?;
        (self.status(index) == (text("statusListCredential")?.to_owned(), place)).then_some(index)
    }
}
