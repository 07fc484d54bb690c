//! The history of an embedded ledger: what was executed, in a file beside it, a line a transaction.
//!
//! Lines are appended before the ledger is saved. After a crash in between, the file tells of slots that the ledger has not reached: they
//! are cut off when it is opened again, as is a line that was not written to its end.

use std::{
    collections::VecDeque,
    fs::File,
    io::{self, BufRead, BufReader, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};
use solana_address::Address;
use solana_hash::Hash;

use super::{Page, Past};

/// How many transactions a ledger without a file remembers.
const REMEMBERED: usize = 1024;

/// One executed transaction.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Line {
    #[serde(flatten)]
    pub(super) past: Past,
    #[serde(with = "super::as_text")]
    pub(super) blockhash: Hash,
    /// The accounts it named.
    #[serde(serialize_with = "write_addresses", deserialize_with = "read_addresses")]
    pub(super) accounts: Vec<Address>,
}

/// Where the lines are kept.
pub(super) enum Journal {
    Memory(VecDeque<Line>),
    File { path: PathBuf, file: File },
}

impl Journal {
    pub(super) const fn in_memory() -> Self {
        Self::Memory(VecDeque::new())
    }

    /// Opens the file beside a ledger, and cuts off what is after the ledger's slot.
    pub(super) fn open(ledger: &Path, slot: u64) -> io::Result<Self> {
        let path = Self::path(ledger);
        let mut file = File::options().create(true).truncate(false).read(true).write(true).open(&path)?;
        let kept = Reader::new(&file).take_while(|(line, _)| line.past.slot <= slot).last();
        let end = kept.map_or(0, |(_, end)| end);
        file.set_len(end)?;
        file.seek(SeekFrom::End(0))?;
        Ok(Self::File { path, file })
    }

    /// The history's file of a ledger's file.
    pub(super) fn path(ledger: &Path) -> PathBuf {
        ledger.with_added_extension("history")
    }

    pub(super) fn append(&mut self, line: Line) -> io::Result<()> {
        match self {
            Self::Memory(lines) => {
                lines.truncate(REMEMBERED - 1);
                lines.push_front(line);
                Ok(())
            }
            Self::File { file, .. } => {
                let mut text = serde_json::to_vec(&line)?;
                text.push(b'\n');
                file.write_all(&text)
            }
        }
    }

    pub(super) fn sync(&self) -> io::Result<()> {
        match self {
            Self::Memory(_) => Ok(()),
            Self::File { file, .. } => file.sync_data(),
        }
    }

    /// The lines that are wanted, newest first.
    pub(super) fn select(&self, wanted: impl Fn(&Line) -> bool) -> io::Result<Vec<Line>> {
        match self {
            Self::Memory(lines) => Ok(lines.iter().filter(|line| wanted(line)).cloned().collect()),
            Self::File { path, .. } => read(path, wanted),
        }
    }
}

/// The wanted lines of a history's file, newest first.
fn read(path: &Path, wanted: impl Fn(&Line) -> bool) -> io::Result<Vec<Line>> {
    let mut lines: Vec<_> = Reader::new(&File::open(path)?).map(|(line, _)| line).filter(wanted).collect();
    lines.reverse();
    Ok(lines)
}

/// One page of an account's history, of all lines that name it, newest first.
pub(super) fn page(lines: Vec<Line>, page: &Page) -> Vec<Past> {
    let mut past = lines.into_iter().map(|line| line.past).peekable();
    if let Some(before) = page.before {
        let _ = past.by_ref().find(|past| past.signature == before);
    }
    past.take_while(|past| Some(past.signature) != page.until).take(page.limit).collect()
}

/// Reads lines, each with the file's length up to its end, until the first that is not whole.
struct Reader<'a> {
    file: BufReader<&'a File>,
    end: u64,
}

impl<'a> Reader<'a> {
    fn new(file: &'a File) -> Self {
        Self { file: BufReader::new(file), end: 0 }
    }
}

impl Iterator for Reader<'_> {
    type Item = (Line, u64);

    fn next(&mut self) -> Option<Self::Item> {
        let mut text = Vec::new();
        let length = self.file.read_until(b'\n', &mut text).ok()?;
        let line = text.strip_suffix(b"\n").and_then(|text| serde_json::from_slice(text).ok())?;
        self.end = self.end.saturating_add(u64::try_from(length).ok()?);
        Some((line, self.end))
    }
}

fn write_addresses<S: serde::Serializer>(addresses: &[Address], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(addresses.iter().map(ToString::to_string))
}

fn read_addresses<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Vec<Address>, D::Error> {
    use serde::de::Error;

    let texts = Vec::<String>::deserialize(deserializer)?;
    texts.iter().map(|text| text.parse().map_err(D::Error::custom)).collect()
}
