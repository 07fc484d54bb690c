//! Issuing to many and revoking from many: exactly one credential for each row, whatever happens on the way.

mod cluster;
mod crashes;
mod documents;
mod faults;
mod issuing;
mod readiness;
mod refusing;
mod revoking;

use std::{
    collections::{HashMap, HashSet},
    fmt::Write,
    path::PathBuf,
    time::Duration,
};

use microcred_client::{
    Address, account, address,
    bulk::{self, BulkError, Issuing, Options, Progress, Run, Source, Summary},
    learners::{self, Allow},
    ledger::{Embedded, Ledger},
    state::{Credential, Record},
};
use microcred_tests::{Keys, World};
use solana_keypair::Keypair;
use solana_signer::Signer;
use tempfile::TempDir;

/// Who issues what, from where; the ledger is passed to each step, so that it can have faults.
struct Desk {
    payer: Keypair,
    key: Keypair,
    issuing: Issuing,
    issuer: Address,
    folder: TempDir,
}

impl Desk {
    /// The desk of a world's issuer, which issues the achievement that needs no acceptance.
    fn of(world: &World) -> Self {
        let issuing = Issuing {
            payer: world.payer.pubkey(),
            key: world.issuer.key_ref(),
            achievement: world.issuer.achievement,
            again: false,
        };
        Self {
            payer: world.payer.insecure_clone(),
            key: world.issuer.key.insecure_clone(),
            issuing,
            issuer: world.issuer.address,
            folder: TempDir::new().unwrap(),
        }
    }

    fn journal(&self) -> PathBuf {
        self.folder.path().join("learners.csv.journal")
    }

    fn source(&self, file: &str) -> Source {
        Source::of(&self.folder.path().join("learners.csv"), file.as_bytes(), "a test")
    }

    fn signers(&self) -> [Keypair; 2] {
        [self.payer.insecure_clone(), self.key.insecure_clone()]
    }

    async fn prepare<'a>(&self, ledger: &'a dyn Ledger, file: &str, options: Options) -> Result<Run<'a>, BulkError> {
        let rows = learners::read(file.as_bytes(), Allow::default()).map_err(BulkError::Rows)?;
        bulk::issue(ledger, &self.issuing, &rows, &self.source(file), options).await
    }

    async fn issue(&self, ledger: &dyn Ledger, file: &str) -> Result<Summary, BulkError> {
        self.issue_with(ledger, file, options()).await
    }

    async fn issue_with(&self, ledger: &dyn Ledger, file: &str, options: Options) -> Result<Summary, BulkError> {
        let run = self.prepare(ledger, file, options).await?;
        run.execute(&self.signers(), &|_: &Progress| ()).await
    }
}

/// Quick: nothing is waited for.
fn options() -> Options {
    Options { pause: Duration::ZERO, ..Options::default() }
}

/// Wallets of learners, the same for the same seed.
fn wallets(seed: u64, count: usize) -> Vec<Address> {
    let mut keys = Keys::seeded(seed);
    (0..count).map(|_| keys.next_key().pubkey()).collect()
}

/// A file with these wallets and nothing else.
fn file(wallets: &[Address]) -> String {
    let mut file = String::from("wallet\n");
    for wallet in wallets {
        writeln!(file, "{wallet}").unwrap();
    }
    file
}

/// The issuer's credentials, by address.
fn credentials(ledger: &Embedded) -> HashMap<Address, Credential> {
    let accounts = ledger.program_accounts().into_iter().filter(|(_, account)| account.data.len() == Credential::SIZE);
    accounts.filter_map(|(address, account)| Some((address, account::decode(&address, &account).ok()?))).collect()
}

/// Requires that each of these wallets, and nobody else, has exactly one credential, and each its own place.
#[track_caller]
fn assert_each_has_one(ledger: &Embedded, achievement: &Address, wallets: &[Address]) {
    let found = credentials(ledger);
    for wallet in wallets {
        let credential = found.get(&address::credential(achievement, wallet, 0)).expect("a gap");
        assert_eq!((credential.subject, credential.sequence), (*wallet, 0));
    }
    assert_eq!(found.len(), wallets.len(), "credentials that no row asks for");
    let places: HashSet<_> = found.values().map(|credential| credential.status_index).collect();
    assert_eq!(places.len(), found.len(), "a place was given twice");
}

/// Requires that every row is told in exactly one place.
#[track_caller]
fn assert_adds_up(summary: &Summary, rows: usize) {
    let told = summary.skipped.len() + summary.failed.len() + summary.unknown.len() + summary.not_sent.len();
    assert_eq!(summary.done + summary.done_earlier + told, rows, "{summary:#?}");
    assert_eq!(summary.stopped.is_some(), !summary.unknown.is_empty() || !summary.not_sent.is_empty(), "{summary:#?}");
}
