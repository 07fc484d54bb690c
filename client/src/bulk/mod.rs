//! Issuing to many and revoking from many, from a file of rows, so that a run which is killed at any point can be taken up again without
//! doing a row twice or leaving one out.
//!
//! [`issue`] and [`revoke`] look at every row and at the ledger before anything is sent, and give a [`Run`] whose [`Overview`] says what it
//! will do; [`Run::execute`] does it. Beside the file stands a journal, to which a run writes what it is about to send. A run with the same
//! journal begins where the last one ended: what became of transactions under way is asked first, and the accounts on the ledger have the
//! last word on each row. The journal's lock keeps two runs apart. Where documents are made, each is a file that is there for good, and its
//! digest in the journal, before that digest is sent.

mod accounts;
mod delivery;
mod indices;
mod issuing;
mod job;
mod journal;
mod packing;
mod patience;
mod problem;
mod revoking;
mod run;
mod summary;
pub(crate) mod table;

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use sha2::{Digest, Sha256};

pub use indices::draw;
pub(crate) use indices::used as used_places;
#[cfg(feature = "documents")]
pub use issuing::{Documents, issue_with_documents};
pub use issuing::{Issuing, issue};
pub use journal::JournalError;
pub use packing::{Issuance, Placed};
pub use problem::{BulkError, Problem};
pub use revoking::{Revocation, Revoking, Whose, read_revocations, revoke};
pub use run::Run;
pub use summary::{Delivered, Overview, Progress, Remark, Summary};
pub use table::RowError;

use crate::{hex::Hex, sending::Policy};

/// How a run goes about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// Fees, compute units, and how often anything is tried.
    pub policy: Policy,
    /// How many transactions are under way at once; 0 counts as 1. Interactive signers sign one after the other.
    pub concurrency: usize,
    /// How long to wait before what failed is tried again; twice as long each further time.
    pub pause: Duration,
    /// Whether signers that ask a person may be asked for every transaction.
    pub interactive: bool,
}

impl Default for Options {
    /// As a public endpoint takes it: eight at once, ten attempts, half a second.
    fn default() -> Self {
        let policy = Policy { attempts: 10, ..Policy::default() };
        Self { policy, concurrency: 8, pause: Duration::from_millis(500), interactive: false }
    }
}

/// Where a run's rows come from, and where it writes down what it does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// SHA-256 of the file of rows.
    pub digest: [u8; 32],
    /// Path of the journal.
    pub journal: PathBuf,
    /// What identifies the cluster: its genesis hash, or the path of an embedded ledger.
    pub cluster: String,
}

impl Source {
    /// A file of rows, with the journal beside it: its name and `.journal`.
    #[must_use]
    pub fn of(path: &Path, bytes: &[u8], cluster: impl Into<String>) -> Self {
        Self {
            digest: Sha256::digest(bytes).into(),
            journal: journal::Journal::path_for(path),
            cluster: cluster.into(),
        }
    }

    /// What identifies a run over this file.
    fn header(&self, what: &str, more: impl IntoIterator<Item = (&'static str, String)>) -> journal::Header {
        let common = [
            ("version", journal::FORM.into()),
            ("purpose", what.into()),
            ("file's SHA-256", Hex(&self.digest).to_string()),
            ("program", microcred::ID.to_string()),
            ("cluster", self.cluster.clone()),
        ];
        common.into_iter().chain(more).map(|(name, value)| (name.into(), value)).collect()
    }
}
