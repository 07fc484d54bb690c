//! Learners from a CSV file, and their packing into transactions.

use std::{collections::HashMap, io::Read, str::FromStr};

use microcred::{IssueManyArgs, Learner};
use serde::Deserialize;
use solana_address::Address;
use solana_instruction::Instruction;
use solana_message::Message;
use thiserror::Error;

use crate::instructions::{KeyRef, credential};

/// Bytes of the largest transaction.
pub const TRANSACTION_SIZE: usize = 1232;

/// A row of the file: columns `learner` (a name for the platform's eyes, which stays in the file), `wallet`, `status_index` and,
/// optionally, `digest` (64 hexadecimal digits).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// What the platform calls the learner.
    pub learner: String,
    /// The learner's wallet.
    pub wallet: Address,
    /// Place in the issuer's status lists.
    pub status_index: u32,
    /// SHA-256 of the document; zero: none.
    pub digest: [u8; 32],
}

/// One thing that is wrong with a file.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("line {line}: {what}")]
pub struct RowError {
    /// Line of the file, from 1.
    pub line: u64,
    /// What is wrong.
    pub what: String,
}

#[derive(Deserialize)]
struct RawRow {
    learner: String,
    wallet: String,
    status_index: u32,
    #[serde(default)]
    digest: Option<String>,
}

/// Reads all rows.
///
/// # Errors
/// Every row that is wrong, with its line: not a wallet, a wallet or status index that occurs twice, not a digest.
pub fn read(file: impl Read) -> Result<Vec<Row>, Vec<RowError>> {
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(file);
    let (mut rows, mut errors) = (Vec::new(), Vec::new());
    let (mut wallets, mut places) = (HashMap::new(), HashMap::new());
    let headers = match reader.headers() {
        Ok(headers) => headers.clone(),
        Err(error) => return Err(vec![RowError { line: 1, what: error.to_string() }]),
    };
    for record in reader.records() {
        let row = record.map_err(|error| RowError {
            line: error.position().map_or(0, csv::Position::line),
            what: error.to_string(),
        });
        let parsed = row.and_then(|record| {
            let line = record.position().map_or(0, csv::Position::line);
            let wrong = |what| RowError { line, what };
            let raw: RawRow = record.deserialize(Some(&headers)).map_err(|error| wrong(error.to_string()))?;
            let row = parse(raw).map_err(wrong)?;
            if let Some(first) = wallets.insert(row.wallet, line) {
                return Err(wrong(format!("the wallet {} stands in line {first} already", row.wallet)));
            }
            if let Some(first) = places.insert(row.status_index, line) {
                return Err(wrong(format!("the status index {} stands in line {first} already", row.status_index)));
            }
            Ok(row)
        });
        match parsed {
            Ok(row) => rows.push(row),
            Err(error) => errors.push(error),
        }
    }
    if errors.is_empty() { Ok(rows) } else { Err(errors) }
}

fn parse(raw: RawRow) -> Result<Row, String> {
    let wallet = Address::from_str(&raw.wallet).map_err(|_| format!("{:?} is not a wallet's address", raw.wallet))?;
    if wallet == Address::default() {
        return Err("the wallet is all zeros".into());
    }
    let digest = match raw.digest.as_deref() {
        None | Some("") => [0; 32],
        Some(text) => parse_digest(text).ok_or_else(|| format!("{text:?} is not 64 hexadecimal digits"))?,
    };
    Ok(Row { learner: raw.learner, wallet, status_index: raw.status_index, digest })
}

fn parse_digest(text: &str) -> Option<[u8; 32]> {
    let mut digest = [0; 32];
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    for (byte, pair) in digest.iter_mut().zip(text.as_bytes().chunks(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(digest)
}

/// What all learners of a run have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Issuance {
    /// Pays fees and rent.
    pub payer: Address,
    /// The key that issues.
    pub key: KeyRef,
    /// What is issued.
    pub achievement: Address,
    /// First second after validity; 0: never; none: by the achievement's default validity.
    pub expires_at: Option<i64>,
}

impl Issuance {
    /// As few instructions as possible, each filling a legacy transaction, with the rows that each covers.
    #[must_use]
    pub fn pack<'a>(&self, rows: &'a [Row]) -> Vec<(Instruction, Vec<&'a Row>)> {
        let mut sorted: Vec<_> = rows.iter().collect();
        sorted.sort_by_key(|row| row.status_index);
        let mut packed: Vec<(Instruction, Vec<&Row>)> = Vec::new();
        let mut open: Vec<&Row> = Vec::new();
        for row in sorted {
            open.push(row);
            if self.instruction(&open).is_none() {
                open.pop();
                packed.extend(self.instruction(&open).map(|instruction| (instruction, std::mem::take(&mut open))));
                open.push(row);
            }
        }
        packed.extend(self.instruction(&open).map(|instruction| (instruction, open)));
        packed
    }

    /// None: empty, or too much for one transaction, or status indices too far apart for one base.
    fn instruction(&self, rows: &[&Row]) -> Option<Instruction> {
        let status_base = rows.iter().map(|row| row.status_index).min()?;
        let learners = rows
            .iter()
            .map(|row| {
                let status_offset = u16::try_from(row.status_index.checked_sub(status_base)?).ok()?;
                Some(Learner { subject: row.wallet, digest: row.digest, status_offset })
            })
            .collect::<Option<Vec<_>>>()?;
        let args = IssueManyArgs { subject_kind: 1, expires_at: self.expires_at, status_base, learners };
        let instruction = credential::issue_many(self.payer, &self.key, self.achievement, args);
        (transaction_size(std::slice::from_ref(&instruction), &self.payer) <= TRANSACTION_SIZE).then_some(instruction)
    }
}

/// Bytes of the legacy transaction that carries these instructions.
#[must_use]
pub fn transaction_size(instructions: &[Instruction], payer: &Address) -> usize {
    let message = Message::new(instructions, Some(payer));
    1 + 64 * usize::from(message.header.num_required_signatures) + message.serialize().len()
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = include_str!("../../examples/university/learners.csv");

    #[test]
    fn the_shipped_learners_fill_eight_transactions() {
        let rows = read(FILE.as_bytes()).unwrap();
        assert_eq!(rows.len(), 60);
        let address = |byte| Address::new_from_array([byte; 32]);
        let issuance = Issuance {
            payer: address(1),
            key: KeyRef { issuer: address(2), index: 0, key: address(3) },
            achievement: address(4),
            expires_at: None,
        };
        let packed = issuance.pack(&rows);
        assert_eq!(packed.iter().map(|(_, rows)| rows.len()).collect::<Vec<_>>(), [8, 8, 8, 8, 8, 8, 8, 4]);
        let distant: Vec<_> =
            (0..4).map(|n| Row { status_index: n * 70_000, wallet: address(n as u8), ..rows[0].clone() }).collect();
        assert_eq!(issuance.pack(&distant).len(), 4);
        assert!(issuance.pack(&[]).is_empty());
    }

    #[test]
    fn every_bad_row_is_named_with_its_line() {
        let good = "11111111111111111111111111111112";
        let file = format!(
            "learner,wallet,status_index,digest\n\
             a,{good},1,\n\
             b,nonsense,2,\n\
             c,{good},3,\n\
             d,11111111111111111111111111111113,1,\n\
             e,11111111111111111111111111111114,-1,\n\
             f,11111111111111111111111111111115,5,abc\n\
             g,11111111111111111111111111111111,6,\n\
             h,x\n"
        );
        let errors = read(file.as_bytes()).unwrap_err();
        assert_eq!(errors.iter().map(|error| error.line).collect::<Vec<_>>(), [3, 4, 5, 6, 7, 8, 9]);
        assert!(errors[1].what.contains("line 2 already"), "{}", errors[1]);
    }
}
