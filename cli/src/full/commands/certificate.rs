//! `microcred certificate`.

use std::{borrow::Cow, io, path::PathBuf};

use clap::Args;
use microcred_client::{
    baking::{self, IMAGE_LIMIT},
    certificate::{self, Content, FONT_LIMIT, Fonts, PrintError},
};
use serde::Serialize;

use crate::full::{
    error::CliError,
    files::{self, Existing, Mode},
    output::{Answer, Page},
    session::Session,
};

/// What is printed, and how.
#[derive(Args, Clone, Debug)]
pub(crate) struct Arguments {
    /// The learner's document, or an image that carries it
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// File to write, a PDF, readable by its owner alone
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Where the code to scan leads: https, and {credential} stands for the credential's address
    ///
    /// [default: the page that the document names as evidence, an explorer's of the account]
    #[arg(long, value_name = "TEMPLATE")]
    link: Option<String>,
    /// A font for letters other than Latin, Greek and Cyrillic: TrueType or OpenType
    #[arg(long, value_name = "FILE")]
    font: Option<PathBuf>,
    /// Replace the file to write, if there is one
    #[arg(long)]
    force: bool,
}

/// A certificate. Schema: `certificate.json`.
#[derive(Debug, Serialize)]
struct Printed {
    file: PathBuf,
    /// Null: nothing on chain vouches for the document.
    credential: Option<String>,
    link: Option<String>,
}

pub(crate) fn run(session: &Session, arguments: &Arguments) -> Result<(), CliError> {
    let path = || arguments.file.clone();
    let file = files::read(&arguments.file, IMAGE_LIMIT)?;
    let document: Cow<'_, [u8]> =
        baking::document_in(&file).map_err(|error| CliError::Extract { path: path(), error })?;
    let value = baking::read(&document).map_err(|error| CliError::Document { path: path(), why: error.to_string() })?;
    let refused = |error| CliError::Certificate { path: path(), error };
    let mut content = Content::of(&value).map_err(|error| refused(error.into()))?;
    if let Some(template) = &arguments.link {
        content.set_link(template).map_err(|error| refused(error.into()))?;
    }
    let pdf = certificate::print(&content, &document, &fonts(arguments)?).map_err(refused)?;
    files::write(&arguments.out, &pdf, Mode::Owner, Existing::forced(arguments.force))?;
    let credential = content.credential.map(|account| account.to_string());
    session.answer(&Printed { file: arguments.out.clone(), credential, link: content.link })
}

fn fonts(arguments: &Arguments) -> Result<Fonts, CliError> {
    let Some(path) = &arguments.font else { return Ok(Fonts::new()) };
    let font = files::read(path, FONT_LIMIT)?;
    Fonts::with(font).map_err(|error: PrintError| CliError::Certificate { path: path.clone(), error })
}

impl Answer for Printed {
    fn text(&self, page: &mut Page<'_>) -> io::Result<()> {
        page.heading(format_args!("A certificate in {}", self.file.display()))?;
        page.maybe("credential", self.credential.as_ref())?;
        page.maybe("code leads to", self.link.as_ref())?;
        page.line("  The document is attached to it, with all that it says of the learner.")?;
        page.line("  The page proves nothing, and says so; nothing was verified: that is what `microcred verify` does.")
    }
}
