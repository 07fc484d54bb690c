//! `microcred keygen`.

use std::{
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
};

use clap::Args;
use serde::Serialize;
use solana_keypair::Keypair;
use solana_signer::Signer;

use crate::full::{
    error::CliError,
    output::{Answer, Page},
    session::Session,
    signers::file_of,
};

/// Where the keypair goes.
#[derive(Args, Clone, Debug)]
#[command(after_help = "Example: microcred keygen authority.json")]
pub(crate) struct Arguments {
    /// File to write; it must not exist [default: the keypair in effect]
    ///
    /// Its form is that of the Solana tools. It has no seed phrase: keep a copy of it.
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,
}

/// A new keypair. Schema: `keygen.json`.
#[derive(Debug, Serialize)]
struct Generated {
    address: String,
    file: PathBuf,
}

pub(crate) fn run(session: &Session, arguments: &Arguments) -> Result<(), CliError> {
    let in_effect = || file_of(&session.settings.keypair).ok_or_else(no_file_in_effect);
    let file = arguments.file.clone().map_or_else(in_effect, Ok)?;
    let keypair = Keypair::new();
    write(&file, &keypair).map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => CliError::Usage(format!(
            "{} exists, and a keypair that is overwritten is lost: name another file",
            file.display()
        )),
        _ => CliError::File { path: file.clone(), error },
    })?;
    session.answer(&Generated { address: keypair.pubkey().to_string(), file })
}

/// The text is not repeated: it may be a secret.
fn no_file_in_effect() -> CliError {
    CliError::Usage(
        "the keypair in effect is not a file: name a file to write, as in `microcred keygen authority.json`".into(),
    )
}

/// Readable by its owner alone; never overwrites.
fn write(path: &Path, keypair: &Keypair) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(&serde_json::to_vec(keypair.to_bytes().as_slice()).map_err(io::Error::other)?)?;
    file.sync_all()
}

impl Answer for Generated {
    fn text(&self, page: &mut Page<'_>) -> io::Result<()> {
        page.heading(format_args!("A new keypair in {}", self.file.display()))?;
        page.field("address", &self.address)?;
        page.line("  Keep a copy of the file: there is no seed phrase to make it from again.")
    }
}
