//! `microcred keygen`.

use std::{fs, io, path::PathBuf};

use clap::Args;
use microcred_client::documents::Secret;
use serde::Serialize;
use solana_keypair::Keypair;
use solana_signer::Signer;

use crate::full::{
    error::CliError,
    files::{self, Existing, Mode},
    output::{Answer, Page},
    session::Session,
    signers::file_of,
};

/// Where the keypair goes.
#[derive(Args, Clone, Debug)]
#[command(
    after_help = "Examples: microcred keygen authority.json\n          microcred keygen --secret issuer-secret.txt"
)]
pub(crate) struct Arguments {
    /// Write an issuer's secret instead: what makes the subjects of `issue --private`
    ///
    /// 64 hexadecimal digits. With another secret, the same learners are others on chain: keep it as
    /// long as anything is issued.
    #[arg(long, requires = "file")]
    secret: bool,
    /// File to write; it must not exist [default: the keypair in effect]
    ///
    /// Its form is that of the Solana tools. It has no seed phrase: keep a copy of it.
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,
}

/// A new keypair, or secret. Schema: `keygen.json`.
#[derive(Debug, Serialize)]
struct Generated {
    address: Option<String>,
    secret_check: Option<String>,
    file: PathBuf,
}

pub(crate) fn run(session: &Session, arguments: &Arguments) -> Result<(), CliError> {
    let in_effect = || file_of(&session.settings.keypair).ok_or_else(no_file_in_effect);
    let file = arguments.file.clone().map_or_else(in_effect, Ok)?;
    let what = if arguments.secret { "secret" } else { "keypair" };
    let written = |content: Vec<u8>| {
        fs::create_dir_all(files::folder(&file)).map_err(|error| CliError::File { path: file.clone(), error })?;
        files::write(&file, &content, Mode::Owner, Existing::Refuse).map_err(|error| match error {
            CliError::Exists(path) => CliError::Usage(format!(
                "{} exists, and a {what} that is overwritten is lost: name another file",
                path.display()
            )),
            error => error,
        })
    };
    let (address, secret_check) = if arguments.secret {
        let secret = Secret::generate();
        written(format!("{}\n", secret.text()).into_bytes())?;
        (None, Some(secret.check()))
    } else {
        let keypair = Keypair::new();
        written(serde_json::to_vec(keypair.to_bytes().as_slice()).map_err(io::Error::other)?)?;
        (Some(keypair.pubkey().to_string()), None)
    };
    session.answer(&Generated { address, secret_check, file })
}

/// The text is not repeated: it may be a secret.
fn no_file_in_effect() -> CliError {
    CliError::Usage(
        "the keypair in effect is not a file: name a file to write, as in `microcred keygen authority.json`".into(),
    )
}

impl Answer for Generated {
    fn text(&self, page: &mut Page<'_>) -> io::Result<()> {
        let what = if self.address.is_some() { "keypair" } else { "secret of an issuer" };
        page.heading(format_args!("A new {what} in {}", self.file.display()))?;
        page.maybe("address", self.address.as_ref())?;
        // A run with another secret than its journal's tells the two apart by this.
        page.maybe("secret check", self.secret_check.as_ref())?;
        if self.address.is_none() {
            return page.line("  Keep it, and keep a copy: with another one, the same learners are others on chain.");
        }
        page.line("  Keep a copy of the file: there is no seed phrase to make it from again.")
    }
}
