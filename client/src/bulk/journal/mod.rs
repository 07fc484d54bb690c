//! What a run has done, in a file that is only appended to: a line is durable before what it announces is sent, so that a run that was killed
//! can be taken up where it ended.
//!
//! Each line is JSON, `{"check":"...","entry":{...}}`. The check is the beginning of a SHA-256 over the check of the line before and the
//! entry, so that a line that was changed, removed or added is noticed. Only the last line can be incomplete, when the machine stopped while it
//! was written: it is cut off, since nothing was sent yet that it would have announced.

mod reading;

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    fmt,
    fs::{File, TryLockError},
    io::{self, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
    str::FromStr,
    sync::{Mutex, MutexGuard, PoisonError},
};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use solana_signature::Signature;
use thiserror::Error;

use crate::hex::{self, Hex};
use reading::Reading;

/// Version of the form.
pub(super) const FORM: &str = "1";
/// How every line begins.
const BEGIN: &str = "{\"check\":\"";
const BETWEEN: &str = "\",\"entry\":";
/// Hexadecimal digits of a check.
const CHECK: usize = 16;

/// Why a journal cannot be used.
#[derive(Debug, Error)]
pub enum JournalError {
    /// Another run has it open.
    #[error("{} is in use by another run: wait until that ends", .0.display())]
    InUse(PathBuf),
    /// It cannot be read or written.
    #[error("{}: {error}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// The file is no journal, or was changed.
    #[error(
        "{}, line {line}, is damaged ({why}): restore it from a copy, or move it away and run again; learners who hold theirs are skipped then",
        path.display()
    )]
    Damaged {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: u64,
        /// What is wrong with it.
        why: &'static str,
    },
    /// It is the journal of another run.
    #[error(
        "{} is the journal of another run: {}. Take that run up with what it began with, or move the journal away to begin another",
        path.display(),
        differences.join("; ")
    )]
    OtherRun {
        /// The file.
        path: PathBuf,
        /// What differs.
        differences: Vec<String>,
    },
}

/// What identifies a run: name and value of each thing that must be the same when it is taken up again.
pub(super) type Header = BTreeMap<String, String>;

/// One line.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub(super) enum Entry {
    /// The first line.
    Header(Header),
    /// What was decided about rows, before the first of them is sent. A later decision on a row replaces an earlier one.
    Plan(Vec<Planned>),
    /// Documents were made and written, before what has their digests is sent.
    Made(Vec<Made>),
    /// A transaction is about to be sent.
    Sending(Sending),
    /// A transaction took effect.
    Landed(Landed),
    /// A transaction did not take effect, and never will.
    Lost {
        /// The transaction.
        signature: Text<Signature>,
        /// Why.
        why: String,
    },
}

/// What was decided about a row: its line, sequence of its credential, and place in the status lists.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, PartialEq, Eq)]
pub(super) struct Planned(pub(super) u64, pub(super) u16, pub(super) u32);

/// A document that was made for a row: its line, the file's name, its digest, and the expiry that it says.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
pub(super) struct Made(pub(super) u64, pub(super) String, pub(super) Text<Digits>, pub(super) i64);

/// Thirty-two bytes as hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Digits(pub(super) [u8; 32]);

impl fmt::Display for Digits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Hex(&self.0).fmt(f)
    }
}

impl FromStr for Digits {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        hex::parse(text).map(Self).ok_or(())
    }
}

/// A transaction that is about to be sent.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
pub(super) struct Sending {
    pub(super) signature: Text<Signature>,
    /// The last block height at which it can land.
    pub(super) until: u64,
    /// Lines of its rows.
    pub(super) lines: Vec<u64>,
}

/// A transaction that took effect.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, PartialEq, Eq)]
pub(super) struct Landed {
    pub(super) signature: Text<Signature>,
    /// Lamports; none: not known.
    pub(super) fee: Option<u64>,
}

/// Something that is written as its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Text<T>(pub(super) T);

impl<T: ToString> Serialize for Text<T> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0.to_string())
    }
}

impl<'de, T: FromStr> Deserialize<'de> for Text<T> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map(Self).map_err(|_| serde::de::Error::custom("not of its form"))
    }
}

/// What a journal tells about earlier runs.
#[derive(Debug, Default)]
pub(super) struct Known {
    /// What was decided, by line.
    pub(super) planned: BTreeMap<u64, (u16, u32)>,
    /// Documents that were made for what was decided, by line.
    pub(super) made: HashMap<u64, Made>,
    /// Digests of documents that were made and never sent, before the row was decided on anew, by line.
    pub(super) withdrawn: HashMap<u64, [u8; 32]>,
    /// Transactions of which it is not known what became of them, in the order of their sending.
    pub(super) open: Vec<Sending>,
    /// Lines of all rows that were ever about to be sent.
    pub(super) sent: HashSet<u64>,
    /// Lines of rows whose transactions took effect.
    pub(super) landed: Vec<u64>,
    /// How many transactions were announced.
    pub(super) sendings: usize,
    /// Lamports paid for those that took effect.
    pub(super) fees: u64,
}

/// A journal, locked while it is open.
#[derive(Debug)]
pub(super) struct Journal {
    path: PathBuf,
    inner: Mutex<Inner>,
}

#[derive(Debug)]
struct Inner {
    file: File,
    /// Check of the last line.
    check: String,
    /// Lines written, and how many of them are durable.
    written: u64,
    durable: u64,
    /// A line could not be written: what follows it would be damage.
    broken: bool,
}

impl Journal {
    /// The journal's path of a file of rows.
    pub(super) fn path_for(rows: &Path) -> PathBuf {
        rows.with_added_extension("journal")
    }

    /// Opens the journal of this run; none: there is none yet.
    pub(super) fn open(path: &Path, header: &Header) -> Result<Option<(Self, Known)>, JournalError> {
        let io = |error| JournalError::Io { path: path.to_owned(), error };
        let file = match File::options().read(true).write(true).open(path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(io(error)),
        };
        lock(&file, path)?;
        let Reading { known, check, end, .. } = reading::read(path, &file, header)?;
        file.set_len(end).map_err(io)?;
        let mut journal = Self::of(path, file, check);
        journal.inner().file.seek(SeekFrom::End(0)).map_err(io)?;
        if end == 0 {
            journal.begin(header)?;
        }
        Ok(Some((journal, known)))
    }

    /// Creates the journal of a new run.
    pub(super) fn create(path: &Path, header: &Header) -> Result<Self, JournalError> {
        let created = File::options().create_new(true).write(true).open(path);
        let file = created.map_err(|error| JournalError::Io { path: path.to_owned(), error })?;
        lock(&file, path)?;
        let mut journal = Self::of(path, file, String::new());
        journal.begin(header)?;
        Ok(journal)
    }

    fn of(path: &Path, file: File, check: String) -> Self {
        let inner = Inner { file, check, written: 0, durable: 0, broken: false };
        Self { path: path.to_owned(), inner: Mutex::new(inner) }
    }

    /// Writes the first line, and makes the file itself durable.
    fn begin(&mut self, header: &Header) -> Result<(), JournalError> {
        let folder = self.path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let folder = File::open(folder);
        let inner = self.inner();
        let written = inner.append(&Entry::Header(header.clone())).and_then(|_| inner.sync());
        written.and_then(|()| folder?.sync_all()).map_err(|error| JournalError::Io { path: self.path.clone(), error })
    }

    /// Writes a line, which becomes durable with one that must be, or at the end.
    pub(super) fn note(&self, entry: &Entry) -> Result<(), JournalError> {
        self.lock().append(entry).map(|_| ()).map_err(|error| self.io(error))
    }

    /// Writes a line and returns when it is durable. Those that wait together are made durable together.
    pub(super) async fn secure(&self, entry: &Entry) -> Result<(), JournalError> {
        let number = self.lock().append(entry).map_err(|error| self.io(error))?;
        tokio::task::yield_now().await;
        let mut inner = self.lock();
        if inner.durable < number { inner.sync().map_err(|error| self.io(error)) } else { Ok(()) }
    }

    /// Makes everything durable.
    pub(super) fn finish(&self) -> Result<(), JournalError> {
        self.lock().sync().map_err(|error| self.io(error))
    }

    fn inner(&mut self) -> &mut Inner {
        self.inner.get_mut().unwrap_or_else(PoisonError::into_inner)
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn io(&self, error: io::Error) -> JournalError {
        JournalError::Io { path: self.path.clone(), error }
    }
}

impl Inner {
    /// Writes a line, and gives its number.
    fn append(&mut self, entry: &Entry) -> io::Result<u64> {
        if self.broken {
            return Err(io::Error::other("a line before could not be written"));
        }
        let entry = serde_json::to_string(entry)?;
        let check = check(&self.check, &entry);
        self.broken = true;
        self.file.write_all(format!("{BEGIN}{check}{BETWEEN}{entry}}}\n").as_bytes())?;
        self.broken = false;
        self.check = check;
        self.written = self.written.saturating_add(1);
        Ok(self.written)
    }

    fn sync(&mut self) -> io::Result<()> {
        self.file.sync_data()?;
        self.durable = self.written;
        Ok(())
    }
}

fn lock(file: &File, path: &Path) -> Result<(), JournalError> {
    file.try_lock().map_err(|error| match error {
        TryLockError::WouldBlock => JournalError::InUse(path.to_owned()),
        TryLockError::Error(error) => JournalError::Io { path: path.to_owned(), error },
    })
}

fn check(before: &str, entry: &str) -> String {
    let digest = Sha256::new().chain_update(before).chain_update(entry).finalize();
    digest
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .take(CHECK)
        .filter_map(|digit| char::from_digit(digit.into(), 16))
        .collect()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn header() -> Header {
        [("version", FORM), ("cluster", "here")].map(|(name, value)| (name.into(), value.into())).into()
    }

    fn sending(number: u8, lines: &[u64]) -> Entry {
        let signature = Text(Signature::from([number; 64]));
        Entry::Sending(Sending { signature, until: 7, lines: lines.to_vec() })
    }

    /// A journal of two transactions, one of which landed, and its bytes.
    fn written(path: &Path) -> Vec<u8> {
        let journal = Journal::create(path, &header()).unwrap();
        journal.note(&Entry::Plan(vec![Planned(2, 0, 11), Planned(3, 1, 12)])).unwrap();
        journal.note(&sending(1, &[2])).unwrap();
        journal.note(&sending(2, &[3])).unwrap();
        journal.note(&Entry::Landed(Landed { signature: Text(Signature::from([1; 64])), fee: Some(5) })).unwrap();
        journal.finish().unwrap();
        fs::read(path).unwrap()
    }

    #[test]
    fn what_was_written_is_known() {
        let folder = tempfile::tempdir().unwrap();
        let path = Journal::path_for(&folder.path().join("learners.csv"));
        assert!(Journal::open(&path, &header()).unwrap().is_none());
        written(&path);
        let (journal, known) = Journal::open(&path, &header()).unwrap().unwrap();
        assert_eq!(known.planned, [(2, (0, 11)), (3, (1, 12))].into());
        assert_eq!((known.landed.as_slice(), known.fees, known.sendings), (&[2][..], 5, 2));
        assert_eq!(known.open.iter().map(|sending| sending.lines.clone()).collect::<Vec<_>>(), [[3]]);
        assert!(matches!(Journal::open(&path, &header()), Err(JournalError::InUse(_))));
        journal.note(&Entry::Lost { signature: Text(Signature::from([2; 64])), why: "expired".into() }).unwrap();
        drop(journal);
        assert!(Journal::open(&path, &header()).unwrap().unwrap().1.open.is_empty());
    }

    #[test]
    fn a_torn_end_is_cut_wherever_it_is_and_writing_goes_on() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal");
        let whole = written(&path);
        for length in 0..=whole.len() {
            fs::write(&path, &whole[..length]).unwrap();
            let (journal, known) = Journal::open(&path, &header()).unwrap().unwrap();
            assert!(known.sendings <= 2);
            journal.note(&sending(9, &[9])).unwrap();
            drop(journal);
            let (_, again) = Journal::open(&path, &header()).unwrap().unwrap();
            assert_eq!(again.sendings, known.sendings + 1, "cut at {length}");
        }
    }

    #[test]
    fn damage_is_told_with_its_line() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal");
        let whole = written(&path);
        for at in 0..whole.len() {
            let mut changed = whole.clone();
            changed[at] ^= 1;
            fs::write(&path, &changed).unwrap();
            let torn = at + 1 == whole.len();
            let line = whole[..at].iter().filter(|byte| **byte == b'\n').count() as u64 + 1;
            match Journal::open(&path, &header()) {
                Err(JournalError::Damaged { line: told, .. }) => assert_eq!(told, line, "changed at {at}"),
                Ok(_) => assert!(torn, "changed at {at}"),
                Err(other) => panic!("changed at {at}: {other}"),
            }
        }
        let lines: Vec<_> = whole.split_inclusive(|byte| *byte == b'\n').collect();
        for missing in 0..lines.len() - 1 {
            let rest: Vec<_> = lines.iter().enumerate().filter(|(n, _)| *n != missing).collect();
            fs::write(&path, rest.iter().flat_map(|(_, line)| line.iter().copied()).collect::<Vec<_>>()).unwrap();
            assert!(matches!(Journal::open(&path, &header()), Err(JournalError::Damaged { .. })), "line {missing}");
        }
        for other in ["wallet\nabc", "wallet", "{}", "{\"a\":1}\n"] {
            fs::write(&path, other).unwrap();
            assert!(matches!(Journal::open(&path, &header()), Err(JournalError::Damaged { line: 1, .. })), "{other}");
            assert_eq!(fs::read(&path).unwrap(), other.as_bytes());
        }
    }

    #[test]
    fn the_journal_of_another_run_is_not_taken_up() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal");
        written(&path);
        let mut other = header();
        other.insert("cluster".into(), "there".into());
        other.insert("key".into(), "3".into());
        let error = Journal::open(&path, &other).unwrap_err().to_string();
        assert!(error.contains("its cluster is here, this run's there; its key is none, this run's 3"), "{error}");
    }
}
