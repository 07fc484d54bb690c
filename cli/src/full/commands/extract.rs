//! `microcred extract`.

use std::{
    io::{self, IsTerminal, Write},
    path::PathBuf,
};

use clap::Args;
use microcred_client::baking::{self, IMAGE_LIMIT};
use serde::Serialize;

use crate::full::{
    error::CliError,
    files::{self, Existing, Mode},
    output::{Answer, Page},
    safe::Safe,
    session::Session,
};

/// Out of what, and to where.
#[derive(Args, Clone, Debug)]
pub(crate) struct Arguments {
    /// The image: PNG or SVG
    #[arg(value_name = "IMAGE")]
    image: PathBuf,
    /// File to write, readable by its owner alone [default: the standard output]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Replace the file to write, if there is one
    #[arg(long, requires = "out")]
    force: bool,
}

/// A document that was taken out. Schema: `extract.json`.
#[derive(Debug, Serialize)]
struct Extracted {
    file: PathBuf,
    bytes: usize,
}

pub(crate) fn run(session: &Session, arguments: &Arguments) -> Result<(), CliError> {
    let image = files::read(&arguments.image, IMAGE_LIMIT)?;
    let refused = |error| CliError::Extract { path: arguments.image.clone(), error };
    let document = baking::extract(&image).map_err(refused)?;
    let Some(out) = &arguments.out else { return print(&document) };
    files::write(out, &document, Mode::Owner, Existing::forced(arguments.force))?;
    session.answer(&Extracted { file: out.clone(), bytes: document.len() })
}

/// The document and nothing else, byte for byte; on a terminal, without what would mislead there.
fn print(document: &[u8]) -> Result<(), CliError> {
    let mut out = io::stdout().lock();
    if out.is_terminal() {
        for line in String::from_utf8_lossy(document).lines() {
            writeln!(out, "{}", Safe(line))?;
        }
    } else {
        out.write_all(document)?;
    }
    Ok(out.flush()?)
}

impl Answer for Extracted {
    fn text(&self, page: &mut Page<'_>) -> io::Result<()> {
        page.heading(format_args!("The document is in {}", self.file.display()))?;
        page.line("  It was not verified: that is what `microcred verify` does.")
    }
}
