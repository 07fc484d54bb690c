//! Reading a journal from its beginning, as far as it is whole.

use std::{
    collections::{BTreeSet, HashMap},
    fs::File,
    io::{BufRead, BufReader},
    path::Path,
};

use solana_signature::Signature;

use super::{
    BEGIN, BETWEEN, CHECK, Digits, Entry, Header, JournalError, Known, Landed, Made, Planned, Sending, Text, check,
};

/// What an open journal has told so far.
#[derive(Default)]
pub(super) struct Reading {
    pub(super) known: Known,
    /// The transactions of which it is not known what became of them, numbered in the order of their sending.
    open: HashMap<Signature, (usize, Sending)>,
    /// Check of the last whole line.
    pub(super) check: String,
    /// Length of the file up to its end.
    pub(super) end: u64,
}

/// Reads a journal from its beginning.
pub(super) fn read(path: &Path, file: &File, header: &Header) -> Result<Reading, JournalError> {
    let mut reading = Reading::default();
    let mut reader = BufReader::new(file);
    let mut text = Vec::new();
    for number in 1u64.. {
        text.clear();
        let read = reader.read_until(b'\n', &mut text);
        let length = read.map_err(|error| JournalError::Io { path: path.to_owned(), error })?;
        let damaged = |why| JournalError::Damaged { path: path.to_owned(), line: number, why };
        let Some(line) = text.strip_suffix(b"\n") else {
            // A file that holds something else is not cut.
            let common = text.iter().zip(BEGIN.as_bytes()).take_while(|(found, wanted)| found == wanted).count();
            if common < text.len().min(BEGIN.len()) {
                return Err(damaged("it does not begin as the lines of a journal do"));
            }
            break;
        };
        let (found, entry) = split(line).ok_or_else(|| damaged("it does not have the form of a journal's line"))?;
        if found != check(&reading.check, entry) {
            return Err(damaged("its check does not match"));
        }
        let entry = serde_json::from_str(entry).map_err(|_| damaged("its entry has no meaning"))?;
        match (number, entry) {
            (1, Entry::Header(found)) => {
                let differences = differences(&found, header);
                if !differences.is_empty() {
                    return Err(JournalError::OtherRun { path: path.to_owned(), differences });
                }
            }
            (1, _) | (_, Entry::Header(_)) => {
                return Err(damaged("the first line, and no other, says which run it is"));
            }
            (_, entry) => reading.learn(entry),
        }
        found.clone_into(&mut reading.check);
        reading.end = reading.end.saturating_add(u64::try_from(length).unwrap_or(u64::MAX));
    }
    let mut open: Vec<_> = std::mem::take(&mut reading.open).into_values().collect();
    open.sort_unstable_by_key(|(number, _)| *number);
    reading.known.open = open.into_iter().map(|(_, sending)| sending).collect();
    Ok(reading)
}

impl Reading {
    fn learn(&mut self, entry: Entry) {
        let known = &mut self.known;
        match entry {
            Entry::Header(_) => {}
            Entry::Plan(rows) => {
                for Planned(line, sequence, place) in rows {
                    known.planned.insert(line, (sequence, place));
                    let made = known.made.remove(&line);
                    known.withdrawn.extend(made.map(|Made(_, _, Text(Digits(digest)), _)| (line, digest)));
                }
            }
            Entry::Made(documents) => known.made.extend(documents.into_iter().map(|made| (made.0, made))),
            Entry::Sending(sending) => {
                let number = known.sendings;
                known.sendings = number.saturating_add(1);
                known.sent.extend(&sending.lines);
                self.open.insert(sending.signature.0, (number, sending));
            }
            Entry::Landed(Landed { signature, fee }) => {
                if let Some((_, sending)) = self.open.remove(&signature.0) {
                    known.landed.extend(sending.lines);
                }
                known.fees = known.fees.saturating_add(fee.unwrap_or(0));
            }
            Entry::Lost { signature, .. } => {
                self.open.remove(&signature.0);
            }
        }
    }
}

/// Check and entry of a line.
fn split(line: &[u8]) -> Option<(&str, &str)> {
    let rest = std::str::from_utf8(line).ok()?.strip_prefix(BEGIN)?.strip_suffix('}')?;
    let (check, rest) = rest.split_at_checked(CHECK)?;
    Some((check, rest.strip_prefix(BETWEEN)?))
}

/// What a journal's header has that this run has not, and the other way round.
fn differences(journal: &Header, run: &Header) -> Vec<String> {
    let names: BTreeSet<_> = journal.keys().chain(run.keys()).collect();
    let value = |header: &Header, name: &String| header.get(name).cloned().unwrap_or_else(|| "none".into());
    names
        .into_iter()
        .filter(|name| journal.get(*name) != run.get(*name))
        .map(|name| format!("its {name} is {}, this run's {}", value(journal, name), value(run, name)))
        .collect()
}
