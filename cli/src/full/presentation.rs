//! Proof of control, as those commands take it that verify documents.

use std::{
    fs::File,
    io::Read,
    path::{Path, PathBuf},
};

use clap::{ArgGroup, Args};
use jiff::{SignedDuration, Timestamp};
use microcred_client::{
    baking::{self, IMAGE_LIMIT},
    document::{
        json::{self, SIZE_LIMIT},
        presentation::{Asked, ChallengeBook, MAX_AGE, Opened, Wanted, open, text::SignedText},
    },
};
use serde_json::Value;

use super::{error::CliError, values::parse_short_duration};

/// What was asked of the learner, and what answers it beside a document.
#[derive(Args, Clone, Debug)]
#[command(group(ArgGroup::new("asked").args(["challenge", "book"])))]
pub(crate) struct PresentationOptions {
    /// The challenge that you gave: its answer must be by the document's learner
    #[arg(
        long,
        value_name = "CHALLENGE",
        requires = "domain",
        conflicts_with = "book",
        help_heading = "Proof of control"
    )]
    challenge: Option<String>,
    /// Your domain, for which the answer must be
    #[arg(long, value_name = "DOMAIN", requires = "challenge", help_heading = "Proof of control")]
    domain: Option<String>,
    /// File of `microcred challenge --book`: the answered challenge must be open, and is used up
    #[arg(long, value_name = "FILE", help_heading = "Proof of control")]
    book: Option<PathBuf>,
    /// The answer where it is no presentation: a text that the learner's wallet signed
    ///
    /// A JSON file with `address`, `message` and `signature`, as `microcred present --text` tells.
    #[arg(long, value_name = "FILE", requires = "asked", help_heading = "Proof of control")]
    proof: Option<PathBuf>,
    /// How old the answer may be [default: 10m]
    #[arg(
        long, value_name = "DURATION", value_parser = parse_short_duration, requires = "asked", help_heading = "Proof of control"
    )]
    max_age: Option<SignedDuration>,
}

impl PresentationOptions {
    /// Whether an answer is asked for.
    pub(crate) const fn is_asked(&self) -> bool {
        self.challenge.is_some() || self.book.is_some()
    }

    /// Takes the document out of what was handed over, and checks that its learner answered what was asked. The document itself is not
    /// checked.
    pub(crate) fn open(&self, file: Value) -> Result<Opened, CliError> {
        let text = self.proof.as_deref().map(read_text).transpose()?;
        let book = self.book.as_ref().map(ChallengeBook::at);
        let asked = match (&book, &self.challenge, &self.domain) {
            (Some(book), ..) => Some(Asked::Book(book)),
            (None, Some(challenge), Some(domain)) => Some(Asked::Challenge { challenge, domain }),
            _ => None,
        };
        let (now, max_age) = (Timestamp::now(), self.max_age.unwrap_or(MAX_AGE));
        let wanted = asked.map(|asked| Wanted { asked, now, max_age });
        Ok(open(file, text.as_ref(), wanted.as_ref()))
    }
}

/// The document in a file, which may be an image that it was baked into, read strictly.
pub(crate) fn read_document(path: &Path) -> Result<Value, CliError> {
    let file = read(path, IMAGE_LIMIT)?;
    let document = baking::document_in(&file).map_err(|error| CliError::Extract { path: path.to_owned(), error })?;
    json::read(&document).map_err(|error| unreadable(path, &error))
}

/// The JSON in a file, read strictly.
pub(crate) fn read_json(path: &Path) -> Result<Value, CliError> {
    json::read(&read(path, SIZE_LIMIT)?).map_err(|error| unreadable(path, &error))
}

fn read_text(path: &Path) -> Result<SignedText, CliError> {
    SignedText::read(&read(path, SIZE_LIMIT)?).map_err(|error| unreadable(path, &error))
}

fn unreadable(path: &Path, error: &impl ToString) -> CliError {
    CliError::Document { path: path.into(), why: error.to_string() }
}

/// The bytes of a file, and no more than tell that it is too big.
fn read(path: &Path, limit: usize) -> Result<Vec<u8>, CliError> {
    let limit = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take(limit).read_to_end(&mut bytes));
    read.map(|_| bytes).map_err(|error| CliError::File { path: path.into(), error })
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        options: PresentationOptions,
    }

    #[test]
    fn what_was_asked_is_said_as_a_whole() {
        let parse = |line: &str| Line::try_parse_from(line.split_whitespace()).map(|line| line.options);
        for right in [
            "verify",
            "verify --challenge c --domain d",
            "verify --challenge c --domain d --proof p.json --max-age 1h",
            "verify --book b.json --proof p.json",
        ] {
            assert!(parse(right).is_ok(), "{right}");
        }
        for wrong in [
            "verify --challenge c",
            "verify --domain d",
            "verify --challenge c --domain d --book b.json",
            "verify --proof p.json",
            "verify --max-age 1h",
            "verify --book b.json --max-age 0s",
        ] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
        let nothing = parse("verify").unwrap().open(Value::Null).unwrap();
        assert!(nothing.control.is_none() && nothing.document == Some(Value::Null));
        let asked = parse("verify --challenge c --domain d").unwrap().open(Value::Null).unwrap();
        assert!(asked.control.is_some_and(|control| control.is_err()));
    }
}
