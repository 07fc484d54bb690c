//! `microcred challenge`.

use std::{io, path::PathBuf};

use clap::Args;
use jiff::{SignedDuration, Timestamp};
use microcred_client::document::presentation::{ChallengeBook, Given, fresh_challenge, require_domain};
use serde::Serialize;

use crate::full::{
    error::CliError,
    output::{Answer, Page},
    session::Session,
    values::{Time, parse_short_duration},
};

const EXAMPLES: &str = "\
Example: microcred challenge --domain employer.example --book challenges.json

Give challenge and domain to the learner, who answers with `microcred present`, or by a wallet. In a
book the challenge is open until it expires, and a verification that reads the book uses it up, so
that the same answer shown again is refused. Without a book, remember it and accept it once.";

/// For whom.
#[derive(Args, Clone, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// Your domain: the answer is good for nobody else
    #[arg(long, value_name = "DOMAIN")]
    domain: String,
    /// File that keeps open challenges; made if need be
    #[arg(long, value_name = "FILE")]
    book: Option<PathBuf>,
    /// How long the challenge is open in the book [default: 10m]
    #[arg(long, value_name = "DURATION", value_parser = parse_short_duration, requires = "book")]
    valid_for: Option<SignedDuration>,
}

/// A challenge. Schema: `challenge.json`.
#[derive(Debug, Serialize)]
struct Made<'a> {
    challenge: String,
    domain: &'a str,
    /// When the book forgets it.
    expires: Option<Time>,
    book: Option<&'a PathBuf>,
}

pub(crate) fn run(session: &Session, arguments: &Arguments) -> Result<(), CliError> {
    let Arguments { domain, book, valid_for } = arguments;
    let (challenge, expires) = match book {
        Some(path) => {
            let valid_for = valid_for.unwrap_or(SignedDuration::from_mins(10));
            let Given { challenge, expires, .. } = ChallengeBook::at(path).give(domain, Timestamp::now(), valid_for)?;
            (challenge, Time::unless_zero(expires.as_second()))
        }
        None => {
            require_domain(domain)?;
            (fresh_challenge(), None)
        }
    };
    session.answer(&Made { challenge, domain, expires, book: book.as_ref() })
}

impl Answer for Made<'_> {
    fn text(&self, page: &mut Page<'_>) -> io::Result<()> {
        page.heading(format_args!("A challenge of {}", self.domain))?;
        page.field("challenge", &self.challenge)?;
        page.maybe("open until", self.expires.as_ref())?;
        page.maybe("book", self.book.map(|book| book.display()))
    }
}
