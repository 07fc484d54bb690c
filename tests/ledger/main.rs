//! The embedded ledger in a file: what survives, what is refused, and what is never lost.

mod history;

use std::{
    fs,
    path::{Path, PathBuf},
    time::{SystemTime, UNIX_EPOCH},
};

use microcred_client::{
    Address, Instruction, MicrocredError, PROGRAM_ID, address,
    error::{Refusal, SendError},
    instructions::registry,
    ledger::{Embedded, OpenError, PROGRAM_ELF},
};
use microcred_tests::{Outcome, registry_args};
use solana_keypair::Keypair;
use solana_signer::Signer;
use tempfile::TempDir;

const SOL: u64 = 1_000_000_000;
/// Bytes before the state: name, version of the form, checksum.
const HEADER: usize = 16 + 4 + 32;
/// Lamports of one signature.
const SIGNATURE: u64 = 5_000;

/// A folder for one ledger, and who pays on it.
struct Home {
    folder: TempDir,
    payer: Keypair,
}

impl Home {
    fn new() -> Self {
        Self { folder: TempDir::new().unwrap(), payer: Keypair::new() }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("ledger")
    }

    fn open(&self) -> Embedded {
        Embedded::open(&self.path()).unwrap()
    }

    /// A new ledger on which the payer has one SOL.
    fn funded(&self) -> Embedded {
        let mut ledger = self.open();
        ledger.fund(&self.payer.pubkey(), SOL).unwrap();
        ledger
    }

    /// The bytes of a ledger that was used and closed.
    fn written(&self) -> Vec<u8> {
        drop(self.funded());
        fs::read(self.path()).unwrap()
    }

    /// The payer's own registry.
    fn creating(&self, slug: &str) -> Instruction {
        registry::create(self.payer.pubkey(), self.payer.pubkey(), registry_args(slug))
    }

    fn create(&self, ledger: &mut Embedded, slug: &str) -> Outcome {
        ledger.send(&[self.creating(slug)], &self.payer, &[])
    }

    fn registry(&self, slug: &str) -> Address {
        address::registry(&self.payer.pubkey(), slug)
    }

    fn lamports(&self, ledger: &Embedded) -> u64 {
        ledger.account(&self.payer.pubkey()).map_or(0, |account| account.lamports)
    }
}

/// Why a file with these bytes is not opened. It must be left as it is.
#[track_caller]
fn refused_to_open(bytes: &[u8]) -> OpenError {
    let home = Home::new();
    fs::write(home.path(), bytes).unwrap();
    let error = open_error(&home.path());
    assert_eq!(fs::read(home.path()).unwrap(), bytes, "the file was overwritten");
    error
}

#[track_caller]
fn open_error(path: &Path) -> OpenError {
    match Embedded::open(path) {
        Ok(_) => panic!("{} was opened", path.display()),
        Err(error) => error,
    }
}

#[track_caller]
fn assert_damaged(bytes: &[u8], why: &str) {
    match refused_to_open(bytes) {
        OpenError::Damaged { why: found, .. } => assert!(found.contains(why), "{found}"),
        other => panic!("expected damage ({why}), got {other:?}"),
    }
}

fn flipped(bytes: &[u8], at: usize) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    bytes[at] ^= 1;
    bytes
}

#[test]
fn what_was_sent_is_there_after_reopening() {
    let home = Home::new();
    let mut ledger = home.funded();
    home.create(&mut ledger, "agency").unwrap();
    let (before, registry) = (home.lamports(&ledger), ledger.account(&home.registry("agency")));
    assert!(registry.is_some());
    drop(ledger);

    let mut ledger = home.open();
    assert_eq!(ledger.path(), Some(home.path()));
    assert_eq!(home.lamports(&ledger), before);
    assert_eq!(ledger.account(&home.registry("agency")), registry);
    assert_eq!(ledger.program_accounts().len(), 1);
    home.create(&mut ledger, "another").unwrap();
    assert_eq!(ledger.program_accounts().len(), 2);
}

#[test]
fn the_clock_is_the_computers_but_never_goes_backwards() {
    let home = Home::new();
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs().cast_signed();
    let mut ledger = home.funded();
    assert!((now..now + 60).contains(&ledger.time()));
    let ahead = now + 100_000;
    ledger.set_time(ahead);
    home.create(&mut ledger, "agency").unwrap();
    drop(ledger);

    let mut ledger = home.open();
    assert_eq!(ledger.time(), ahead);
    home.create(&mut ledger, "another").unwrap();
    assert_eq!(ledger.time(), ahead);
    drop(ledger);

    let mut ledger = home.open();
    ledger.set_time(now - 100_000);
    ledger.fund(&home.payer.pubkey(), 1).unwrap();
    drop(ledger);
    assert!((now..now + 60).contains(&home.open().time()), "the computer's clock is caught up with");
}

#[test]
fn a_folder_that_is_not_there_is_made() {
    let home = Home::new();
    let path = home.folder.path().join("some/where/ledger");
    drop(Embedded::open(&path).unwrap());
    assert!(path.is_file());
}

#[test]
fn an_open_ledger_is_locked_until_it_is_dropped() {
    let home = Home::new();
    let mut ledger = home.funded();
    let before = fs::read(home.path()).unwrap();
    let error = open_error(&home.path());
    assert!(matches!(&error, OpenError::Locked(path) if *path == home.path()), "{error:?}");
    assert_eq!(
        error.to_string(),
        format!("{} is in use by another process: wait until that ends", home.path().display())
    );
    assert_eq!(fs::read(home.path()).unwrap(), before);
    // Saving replaces the file, but not the lock.
    home.create(&mut ledger, "agency").unwrap();
    assert!(matches!(open_error(&home.path()), OpenError::Locked(_)));
    drop(ledger);
    assert!(home.open().account(&home.registry("agency")).is_some());
}

#[test]
fn a_refused_opening_releases_the_lock() {
    let home = Home::new();
    let bytes = home.written();
    fs::write(home.path(), b"").unwrap();
    assert!(matches!(open_error(&home.path()), OpenError::Damaged { .. }));
    fs::write(home.path(), bytes).unwrap();
    assert_eq!(home.lamports(&home.open()), SOL);
}

#[test]
fn a_damaged_file_is_refused_and_left_as_it_is() {
    let bytes = Home::new().written();
    let (begins, checksum) = ("it does not begin as a ledger does", "its checksum does not match");
    for (damaged, why) in [
        (Vec::new(), begins),
        (b"learner,wallet,status_index\n".repeat(9), begins),
        (bytes[..HEADER - 1].to_vec(), begins),
        (flipped(&bytes, 0), begins),
        (flipped(&bytes, 15), begins),
        (flipped(&bytes, 20), checksum),
        (flipped(&bytes, HEADER - 1), checksum),
        (bytes[..HEADER].to_vec(), checksum),
        (bytes[..bytes.len() - 1].to_vec(), checksum),
        (bytes[..bytes.len() / 2].to_vec(), checksum),
        (flipped(&bytes, HEADER), checksum),
        (flipped(&bytes, bytes.len() / 2), checksum),
        (flipped(&bytes, bytes.len() - 1), checksum),
        ([&bytes[..], &[0]].concat(), checksum),
    ] {
        assert_damaged(&damaged, why);
    }
}

#[test]
fn a_state_that_is_none_is_refused_even_if_its_checksum_matches() {
    let bytes = Home::new().written();
    for state in [&[][..], &[0xFF; 64]] {
        let checksum = anchor_lang::prelude::sha256(state);
        assert_damaged(&[&bytes[..20], &checksum, state].concat(), "");
    }
}

#[test]
fn a_damaged_file_says_what_to_do() {
    let home = Home::new();
    fs::write(home.path(), b"").unwrap();
    assert_eq!(
        open_error(&home.path()).to_string(),
        format!(
            "{} is damaged (it does not begin as a ledger does): restore it from a copy, or move it away to begin anew",
            home.path().display()
        )
    );
}

#[test]
fn another_version_of_the_form_is_refused() {
    let mut bytes = Home::new().written();
    bytes[16..20].copy_from_slice(&2_u32.to_le_bytes());
    let error = refused_to_open(&bytes);
    assert!(matches!(error, OpenError::OtherVersion { form: 2, .. }), "{error:?}");
    assert!(error.to_string().contains("another version (form 2, this one reads 1)"), "{error}");
}

#[test]
fn where_no_file_can_be_the_system_says_why() {
    let home = Home::new();
    let file = home.folder.path().join("file");
    fs::write(&file, b"not a folder").unwrap();
    let folder = home.folder.path().join("folder");
    fs::create_dir(&folder).unwrap();
    for path in [file.join("ledger"), file.join("deeper/ledger"), folder.clone()] {
        let error = open_error(&path);
        let OpenError::Io { path: named, .. } = &error else { panic!("{error:?}") };
        assert!(path.starts_with(named), "{error}");
    }
    assert_eq!(fs::read(&file).unwrap(), b"not a folder");
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 0);
}

#[test]
fn a_batch_is_saved_once_after_the_last() {
    let home = Home::new();
    let mut ledger = home.funded();
    let before = fs::read(home.path()).unwrap();
    let sent: Result<(), SendError> = ledger.batch(|ledger| {
        for slug in ["one", "two", "three"] {
            home.create(ledger, slug)?;
            assert_eq!(fs::read(home.path()).unwrap(), before);
        }
        Ok(())
    });
    sent.unwrap();
    drop(ledger);
    let mut ledger = home.open();
    assert_eq!(ledger.program_accounts().len(), 3);
    // Afterwards every transaction is saved again.
    home.create(&mut ledger, "four").unwrap();
    drop(ledger);
    assert_eq!(home.open().program_accounts().len(), 4);
}

#[test]
fn a_batch_inside_another_is_saved_with_it() {
    let home = Home::new();
    let mut ledger = home.funded();
    let before = fs::read(home.path()).unwrap();
    let sent: Result<(), SendError> = ledger.batch(|ledger| {
        ledger.batch(|ledger| home.create(ledger, "one"))?;
        assert_eq!(fs::read(home.path()).unwrap(), before);
        Ok(())
    });
    sent.unwrap();
    drop(ledger);
    assert_eq!(home.open().program_accounts().len(), 1);
}

#[test]
fn an_error_ends_a_batch_and_what_took_effect_before_it_is_saved() {
    let home = Home::new();
    let mut ledger = home.funded();
    let sent: Outcome = ledger.batch(|ledger| {
        home.create(ledger, "one")?;
        home.create(ledger, "Not A Slug")?;
        home.create(ledger, "two")
    });
    assert!(matches!(sent, Err(SendError::Refused { .. })), "{sent:?}");
    home.create(&mut ledger, "three").unwrap();
    drop(ledger);
    let ledger = home.open();
    assert!(ledger.account(&home.registry("one")).is_some());
    assert!(ledger.account(&home.registry("two")).is_none());
    assert!(ledger.account(&home.registry("three")).is_some());
}

#[test]
fn a_refused_transaction_costs_its_fee_and_changes_nothing_else() {
    let home = Home::new();
    let mut ledger = home.funded();
    let sent = ledger.send(&[home.creating("agency"), home.creating("Not A Slug")], &home.payer, &[]);
    let Err(SendError::Refused { index: 1, refusal: Refusal::Microcred(error), logs }) = sent else {
        panic!("{sent:?}")
    };
    assert_eq!(error, MicrocredError::BadSlug);
    assert!(!logs.is_empty());
    let as_before = |ledger: &Embedded| {
        assert_eq!(ledger.program_accounts(), []);
        assert_eq!(home.lamports(ledger), SOL - SIGNATURE);
    };
    as_before(&ledger);
    drop(ledger);
    as_before(&home.open());
}

#[test]
fn what_cannot_be_executed_costs_nothing() {
    let home = Home::new();
    let mut ledger = home.open();
    let sent = home.create(&mut ledger, "agency");
    assert!(matches!(sent, Err(SendError::NotExecuted(_))), "{sent:?}");
    let stranger = Keypair::new().pubkey();
    let unsigned = registry::create(home.payer.pubkey(), stranger, registry_args("agency"));
    ledger.fund(&home.payer.pubkey(), SOL).unwrap();
    let sent = ledger.send(&[unsigned], &home.payer, &[]);
    assert!(matches!(sent, Err(SendError::NotSigned(_))), "{sent:?}");
    assert_eq!(home.lamports(&ledger), SOL);
    assert_eq!(ledger.program_accounts(), []);
}

#[test]
fn a_transaction_that_cannot_be_saved_is_told_from_one_that_was_refused() {
    let home = Home::new();
    let mut ledger = home.funded();
    fs::remove_dir_all(home.folder.path()).unwrap();
    let sent = home.create(&mut ledger, "agency");
    assert!(matches!(sent, Err(SendError::NotSaved(_))), "{sent:?}");
    assert!(ledger.account(&home.registry("agency")).is_some(), "it took effect in memory");
    let sent = home.create(&mut ledger, "Not A Slug");
    assert!(matches!(sent, Err(SendError::Refused { .. })), "{sent:?}");
    assert!(matches!(ledger.fund(&home.payer.pubkey(), 1), Err(SendError::NotSaved(_))));
    let batch: Outcome = ledger.batch(|ledger| home.create(ledger, "another"));
    assert!(matches!(batch, Err(SendError::NotSaved(_))), "{batch:?}");
    // Where the folder comes back, nothing was lost.
    fs::create_dir(home.folder.path()).unwrap();
    home.create(&mut ledger, "third").unwrap();
    drop(ledger);
    assert_eq!(home.open().program_accounts().len(), 3);
}

#[test]
fn an_interrupted_save_leaves_the_state_before() {
    let home = Home::new();
    let bytes = home.written();
    // What a crash amid writing leaves: part of the new state in a temporary file, the old one in its place.
    let leftover = home.folder.path().join(".tmpA1b2C3");
    fs::write(&leftover, &bytes[..bytes.len() / 2]).unwrap();
    let mut ledger = home.open();
    assert_eq!(home.lamports(&ledger), SOL);
    home.create(&mut ledger, "agency").unwrap();
    drop(ledger);
    assert!(home.open().account(&home.registry("agency")).is_some());
    assert_eq!(fs::read(&leftover).unwrap().len(), bytes.len() / 2);
}

#[test]
fn saving_leaves_nothing_but_the_ledger_its_history_and_its_lock() {
    let home = Home::new();
    let mut ledger = home.funded();
    home.create(&mut ledger, "agency").unwrap();
    drop(ledger);
    let mut names: Vec<_> = fs::read_dir(home.folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names, ["ledger", "ledger.history", "ledger.lock"]);
}

#[test]
fn an_older_program_is_replaced_on_opening() {
    let home = Home::new();
    let mut ledger = home.funded();
    let older = include_bytes!("../../fixtures/gate.so");
    ledger.svm().add_program(PROGRAM_ID, older).unwrap();
    ledger.fund(&home.payer.pubkey(), 1).unwrap();
    assert!(home.create(&mut ledger, "agency").is_err());
    let bytes = fs::read(home.path()).unwrap();
    let holds = |bytes: &[u8], elf: &[u8]| bytes.windows(64).any(|window| window == &elf[elf.len() / 2..][..64]);
    assert!(holds(&bytes, older) && !holds(&bytes, PROGRAM_ELF), "the older program was saved");
    drop(ledger);

    let mut ledger = home.open();
    home.create(&mut ledger, "agency").unwrap();
    drop(ledger);
    let bytes = fs::read(home.path()).unwrap();
    assert!(holds(&bytes, PROGRAM_ELF) && !holds(&bytes, older), "the present program was saved");
    assert!(home.open().account(&home.registry("agency")).is_some());
}
