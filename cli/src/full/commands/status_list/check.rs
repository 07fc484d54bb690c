//! `microcred status-list check`.

use std::{
    fs::File,
    io::{self, Read},
    path::PathBuf,
    process::ExitCode,
};

use clap::Args;
use jiff::Timestamp;
use microcred_client::document::status_list::{EntryWanted, List, REVOCATION, SIZE_LIMIT};
use serde::Serialize;

use crate::full::{
    error::CliError,
    output::{Answer, Page, Tone},
    session::Session,
    values::Time,
};

/// Exit code where the bit is set, as of the verdict "revoked".
const SET: u8 = 2;

/// Which bit of which list.
#[derive(Args, Clone, Debug)]
pub(crate) struct Arguments {
    /// File of the list, JSON or JWT
    #[arg(value_name = "LIST")]
    file: PathBuf,
    /// Place in the list: `statusListIndex` of the document
    #[arg(long, value_name = "N")]
    index: u64,
    /// What the list must be called: `statusListCredential` of the document [default: anything]
    #[arg(long, value_name = "URL")]
    list_url: Option<String>,
    /// Who must have issued it: the document's issuer [default: anybody]
    #[arg(long, value_name = "DID")]
    issuer: Option<String>,
    /// What its bits must be about: `statusPurpose` of the document
    #[arg(long, value_name = "WORD", default_value = REVOCATION)]
    purpose: String,
}

/// A bit of a list that is good. Schema: `status-list-check.json`.
#[derive(Debug, Serialize)]
struct Told {
    set: bool,
    index: u64,
    purpose: String,
    url: String,
    issuer: String,
    form: &'static str,
    valid_from: Option<Time>,
    valid_until: Option<Time>,
    places: u64,
    places_set: u64,
}

pub(crate) fn run(session: &Session, arguments: &Arguments) -> Result<ExitCode, CliError> {
    let Arguments { file, index, list_url, issuer, purpose } = arguments;
    let bytes = read(file).map_err(|error| CliError::File { path: file.clone(), error })?;
    let unknown = |error| CliError::StatusList { path: file.clone(), error };
    let list = List::read(&bytes, Timestamp::now()).map_err(unknown)?;
    let wanted = EntryWanted {
        url: list_url.as_deref().unwrap_or(&list.url),
        index: *index,
        purpose,
        issuer: issuer.as_deref().unwrap_or(&list.issuer),
    };
    let set = list.bit(&wanted).map_err(unknown)?;
    let time = |time: Option<Timestamp>| time.and_then(|time| Time::unless_zero(time.as_second()));
    session.answer(&Told {
        set,
        index: *index,
        purpose: purpose.clone(),
        form: list.form.word(),
        valid_from: time(list.valid_from),
        valid_until: time(list.valid_until),
        places: list.bits.places(),
        places_set: list.bits.count(),
        url: list.url,
        issuer: list.issuer,
    })?;
    Ok(if set { ExitCode::from(SET) } else { ExitCode::SUCCESS })
}

/// No more than tells that it is too much.
fn read(path: &PathBuf) -> io::Result<Vec<u8>> {
    let limit = u64::try_from(SIZE_LIMIT).unwrap_or(u64::MAX).saturating_add(1);
    let mut bytes = Vec::new();
    File::open(path)?.take(limit).read_to_end(&mut bytes)?;
    Ok(bytes)
}

impl Answer for Told {
    fn text(&self, page: &mut Page<'_>) -> io::Result<()> {
        let (word, tone) = if self.set { ("SET", Tone::Bad) } else { ("NOT SET", Tone::Good) };
        page.status(word, tone, format_args!(", of purpose {}", self.purpose))?;
        page.field("place", format_args!("{} of {}", self.index, self.places))?;
        page.field("list", &self.url)?;
        page.field("issuer", &self.issuer)?;
        page.field("form", self.form)?;
        page.maybe("valid from", self.valid_from.as_ref())?;
        page.maybe("valid until", self.valid_until.as_ref())?;
        page.field("set in all", self.places_set)
    }
}
