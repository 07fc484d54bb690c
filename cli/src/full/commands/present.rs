//! `microcred present`.

use std::{
    io,
    path::{Path, PathBuf},
    rc::Rc,
};

use clap::Args;
use jiff::{SignedDuration, Timestamp};
use microcred_client::{
    Address,
    document::presentation::{
        PresentError, Request, learner, present,
        text::{self, SignedText},
    },
};
use serde::Serialize;
use serde_json::Value;
use solana_signer::Signer;

use crate::full::{
    error::CliError,
    files::{self, Existing, Mode},
    output::{Answer, Page},
    presentation::read_document,
    safe::safe_json,
    session::Session,
    values::{Time, as_text, parse_short_duration},
};

const EXAMPLES: &str = "\
Examples:
  microcred present CREDENTIAL.json --challenge C --domain employer.example -k wallet.json
  microcred present CREDENTIAL.json --challenge C --domain employer.example --text

Challenge and domain are the verifier's. The presentation has the document inside: hand it over
alone. A text goes with the document: let the wallet sign it, and hand over a JSON file with its
`address`, `message` (both as --text --output json prints them) and `signature`, which --text --sign
makes in one go, also with a hardware wallet.";

/// What is shown, and to whom.
#[derive(Args, Clone, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// The document: a JSON file, or a PNG or SVG with one inside
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The verifier's challenge
    #[arg(long, value_name = "CHALLENGE")]
    challenge: String,
    /// The verifier's domain: make sure that it is theirs who ask
    #[arg(long, value_name = "DOMAIN")]
    domain: String,
    /// How long the answer is good
    #[arg(long, value_name = "DURATION", value_parser = parse_short_duration, default_value = "10m")]
    expires: SignedDuration,
    /// Make a text instead, for wallets that only sign what they can show
    #[arg(long)]
    text: bool,
    /// Sign the text too, as --keypair
    #[arg(long, requires = "text")]
    sign: bool,
    /// File to write; it must not exist [default: the standard output]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

pub(crate) fn run(session: &Session, arguments: &Arguments) -> Result<(), CliError> {
    let document = read_document(&arguments.file)?;
    let created = Timestamp::now();
    let expires = created.saturating_add(arguments.expires).unwrap_or(Timestamp::MAX);
    let request = Request { challenge: &arguments.challenge, domain: &arguments.domain, created, expires };
    let shown = if !arguments.text {
        Shown::Presentation(present(document, &request, signer(session)?.as_ref())?)
    } else if arguments.sign {
        Shown::SignedText(text::sign(&document, &request, signer(session)?.as_ref())?)
    } else {
        let message = text::message(&document, &request)?;
        Shown::Text { address: learner(&document).map_err(PresentError::from)?, message }
    };
    let Some(path) = &arguments.out else { return session.answer(&shown) };
    // The answer has the document inside, or is about it; and it never replaces a file, which could be the document.
    files::write(path, shown.file()?.as_bytes(), Mode::Owner, Existing::Refuse).map_err(|error| match error {
        CliError::Exists(path) => {
            CliError::Usage(format!("{} exists: name another file, or remove it first", path.display()))
        }
        error => error,
    })?;
    let written = Written {
        file: path,
        form: shown.form(),
        domain: &arguments.domain,
        expires: Time::unless_zero(expires.as_second()),
    };
    session.answer(&written)
}

/// The learner's signer.
fn signer(session: &Session) -> Result<Rc<dyn Signer>, CliError> {
    let party = session.actor()?;
    party.signer.ok_or_else(|| {
        CliError::Signer(format!(
            "{} is an address alone, which cannot sign: name the learner's signer with --keypair, or make a text with --text and sign it there",
            party.address
        ))
    })
}

/// What answers the challenge. Schema: `present.json`.
#[derive(Debug, Serialize)]
#[serde(untagged)]
enum Shown {
    Presentation(Value),
    Text {
        #[serde(serialize_with = "as_text")]
        address: Address,
        message: String,
    },
    SignedText(SignedText),
}

impl Shown {
    const fn form(&self) -> &'static str {
        match self {
            Self::Presentation(_) => "presentation",
            Self::Text { .. } => "text",
            Self::SignedText(_) => "signed-text",
        }
    }

    /// What a file of it has.
    fn file(&self) -> Result<String, CliError> {
        match self {
            Self::Text { message, .. } => Ok(message.clone()),
            json => Ok(format!("{}\n", serde_json::to_string_pretty(json).map_err(io::Error::other)?)),
        }
    }
}

impl Answer for Shown {
    fn text(&self, page: &mut Page<'_>) -> io::Result<()> {
        match self {
            Self::Text { message, .. } => message.lines().try_for_each(|line| page.line(line)),
            json => {
                let json = serde_json::to_string_pretty(json).map_err(io::Error::other)?;
                safe_json(&json).lines().try_for_each(|line| page.line(line))
            }
        }
    }
}

/// Where the answer is. Schema: `present.json`.
#[derive(Debug, Serialize)]
struct Written<'a> {
    file: &'a Path,
    form: &'static str,
    domain: &'a str,
    expires: Option<Time>,
}

impl Answer for Written<'_> {
    fn text(&self, page: &mut Page<'_>) -> io::Result<()> {
        let what = match self.form {
            "text" => "A text to sign",
            "signed-text" => "A signed text, to be shown beside the document,",
            _ => "A presentation",
        };
        page.heading(format_args!("{what} in {}", self.file.display()))?;
        page.field("for", self.domain)?;
        page.maybe("good until", self.expires.as_ref())
    }
}
