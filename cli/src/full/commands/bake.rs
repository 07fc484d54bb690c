//! `microcred bake`.

use std::{io, path::PathBuf};

use clap::Args;
use microcred_client::{
    baking::{self, DOCUMENT_LIMIT, Existing, IMAGE_LIMIT, Kind},
    document::subject::is_private,
};
use serde::Serialize;

use crate::full::{
    error::CliError,
    files::{self, Mode},
    output::{Answer, Page},
    session::Session,
};

/// What goes into what.
#[derive(Args, Clone, Debug)]
pub(crate) struct Arguments {
    /// The learner's document
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The image: PNG or SVG, at most 10 MiB
    #[arg(long, value_name = "IMAGE")]
    image: PathBuf,
    /// File to write: the same image, with the document in it
    ///
    /// It is readable by its owner alone where the chain does not name the document's learner.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Replace a document that the image carries already
    #[arg(long)]
    replace: bool,
    /// Replace the file to write, if there is one
    #[arg(long)]
    force: bool,
}

/// A baked image. Schema: `bake.json`.
#[derive(Debug, Serialize)]
struct Baked {
    file: PathBuf,
    kind: &'static str,
    bytes: usize,
}

pub(crate) fn run(session: &Session, arguments: &Arguments) -> Result<(), CliError> {
    let document = files::read(&arguments.file, DOCUMENT_LIMIT)?;
    let value = baking::read(&document)
        .map_err(|error| CliError::Document { path: arguments.file.clone(), why: error.to_string() })?;
    let image = files::read(&arguments.image, IMAGE_LIMIT)?;
    let existing = if arguments.replace { Existing::Replace } else { Existing::Refuse };
    let refused = |error| CliError::Bake { path: arguments.image.clone(), error };
    let baked = baking::bake(&image, &document, existing).map_err(refused)?;
    let kind = Kind::of(&baked).map_err(|error| refused(error.into()))?.word();
    // Whoever has a salt can tell whose the credential is, which the chain does not.
    let mode = if is_private(&value) { Mode::Owner } else { Mode::Usual };
    files::write(&arguments.out, &baked, mode, files::Existing::forced(arguments.force))?;
    session.answer(&Baked { file: arguments.out.clone(), kind, bytes: baked.len() })
}

impl Answer for Baked {
    fn text(&self, page: &mut Page<'_>) -> io::Result<()> {
        page.heading(format_args!("Baked into {}", self.file.display()))?;
        page.field("image", format_args!("{}, {} bytes", self.kind, self.bytes))?;
        page.line("  The document was not verified: that is what `microcred verify` does.")?;
        page.line("  Share the file itself: messengers and editors that make images anew lose what is in them.")
    }
}
