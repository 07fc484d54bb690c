//! What keeps a run from beginning.

use microcred::{error::MicrocredError, state::Lifecycle};
use solana_address::Address;
use thiserror::Error;

use super::{journal::JournalError, table::RowError};
use crate::{account::DecodeError, error::SendError, ledger::ReadError};

/// Why a run did not begin: nothing was sent.
#[derive(Debug, Error)]
pub enum BulkError {
    /// Rows are wrong.
    #[error("{} of the rows are wrong; nothing was sent:\n  {}", .0.len(), list(.0))]
    Rows(Vec<RowError>),
    /// Something stands in the way of all rows.
    #[error("nothing was sent, because {}", list(.0))]
    Unready(Vec<Problem>),
    /// The journal cannot be used.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// The folder of documents cannot be used.
    #[cfg(feature = "documents")]
    #[error(transparent)]
    Folder(crate::documents::FolderError),
    /// The ledger could not be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The dearest transaction of the run would not go through.
    #[error("nothing was sent, because the run's dearest transaction would not go through: {0}")]
    Simulated(#[from] SendError),
    /// A person would have to confirm every transaction.
    #[error("{0} transactions would each have to be confirmed by hand: use a key in a file, or allow it")]
    Interactive(usize),
    /// Who signs documents is not here, or asks a person.
    #[error(
        "documents are signed by {0}, and its keypair is not here: name it; hardware wallets do not sign documents, which are plain bytes to them"
    )]
    DocumentSigner(Address),
}

/// Something that stands in the way of all rows.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum Problem {
    /// An account does not exist.
    #[error("there is no {what} at {address}: check the address and the cluster")]
    Missing {
        /// What should be there.
        what: &'static str,
        /// The address.
        address: Address,
    },
    /// An account is not what it should be.
    #[error(transparent)]
    Decode(#[from] DecodeError),
    /// The achievement cannot be issued now.
    #[error("the achievement {title:?} is {status}: {}", match .status {
        Lifecycle::Draft => "publish it first",
        Lifecycle::Paused => "resume it first",
        Lifecycle::Active | Lifecycle::Retired => "issue the one that replaces it",
    })]
    Achievement {
        /// Its title.
        title: String,
        /// Where it stands.
        status: Lifecycle,
    },
    /// The achievement is another issuer's.
    #[error("the achievement {achievement} belongs to the issuer {issuer}: name that issuer and one of its keys")]
    AnotherIssuers {
        /// The achievement.
        achievement: Address,
        /// Whose it is.
        issuer: Address,
    },
    /// The issuer cannot issue now.
    #[error("the issuer {name:?} is {status}")]
    Issuer {
        /// Its name.
        name: String,
        /// Where it stands.
        status: Lifecycle,
    },
    /// The key is somebody else's.
    #[error(
        "key {index} of the issuer is {key}, not {signer}: name the index of the signer's key, or sign with that one"
    )]
    AnotherKey {
        /// Index of the key.
        index: u16,
        /// The key itself.
        key: Address,
        /// Who would sign.
        signer: Address,
    },
    /// The authority is somebody else.
    #[error("the issuer's authority is {authority}, not {signer}")]
    AnotherAuthority {
        /// The authority.
        authority: Address,
        /// Who would sign.
        signer: Address,
    },
    /// The key may not do this now.
    #[error("key {index} cannot do this: {}", .error.message())]
    Key {
        /// Index of the key.
        index: u16,
        /// Why not.
        error: MicrocredError,
    },
    /// The key may not issue so many.
    #[error(
        "key {index} may issue {left} more, but {wanted} are to be issued: add a key with a larger quota, or split the file"
    )]
    Quota {
        /// Index of the key.
        index: u16,
        /// How many it may issue.
        left: u64,
        /// How many are to be issued.
        wanted: u64,
    },
    /// The payer cannot pay for the run.
    #[error("{payer} has {has} lamports, and the whole run needs {needs}: send it {}, or name another payer", .needs.saturating_sub(*.has))]
    TooPoor {
        /// Who was to pay.
        payer: Address,
        /// Lamports it has.
        has: u64,
        /// Lamports that fees, rent and the payer's own account take.
        needs: u64,
    },
    /// An account holds a number that has no meaning.
    #[error("{address} holds what this software does not know ({}): update it", .error.message())]
    Unknown {
        /// The account.
        address: Address,
        /// What it holds.
        error: MicrocredError,
    },
    /// Documents would be made of something else.
    #[error(
        "the documents are for the achievement {documents}, and {achievement} is issued: open the office of that one"
    )]
    OtherDocuments {
        /// What documents would be made of.
        documents: Address,
        /// What is issued.
        achievement: Address,
    },
    /// All places are given.
    #[error("the issuer's status lists are full")]
    NoPlaces,
}

fn list<T: ToString>(all: &[T]) -> String {
    all.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n  ")
}
