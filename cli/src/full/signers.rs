//! Who signs: everything that a user of the Solana tools can write.

use std::{
    cell::RefCell,
    io,
    path::{Path, PathBuf},
    rc::Rc,
};

use clap_v3::{Arg, ArgMatches, Command};
use microcred_client::Address;
use solana_clap_v3_utils::{
    input_parsers::signer::{SignerSource, SignerSourceError, SignerSourceKind},
    keypair::{SKIP_SEED_PHRASE_VALIDATION_ARG, signer_from_source},
};
use solana_remote_wallet::remote_wallet::RemoteWalletManager;
use solana_signer::Signer;

use super::{error::CliError, options::GlobalOptions};

/// Somebody whose signature a transaction needs.
#[derive(Clone)]
pub(crate) struct Party {
    /// Whose signature it is.
    pub(crate) address: Address,
    /// What signs; none: they are not here.
    pub(crate) signer: Option<Rc<dyn Signer>>,
}

/// The signers of one run. Each is loaded once: a seed phrase is asked for, and the standard input read, one time only.
pub(crate) struct Signers {
    /// What the Solana tools would take from their own command line.
    matches: ArgMatches,
    loaded: RefCell<Vec<(String, Party)>>,
    wallets: RefCell<Option<Rc<RemoteWalletManager>>>,
}

impl Signers {
    pub(crate) fn new(options: &GlobalOptions) -> Self {
        let flags = [
            (SKIP_SEED_PHRASE_VALIDATION_ARG.name, options.skip_seed_phrase_validation),
            ("confirm_key", options.confirm_key),
        ];
        let command =
            flags.iter().fold(Command::new("microcred"), |command, (name, _)| command.arg(Arg::new(*name).long(name)));
        let given = flags.iter().filter(|(_, given)| *given).map(|(name, _)| format!("--{name}"));
        let matches = command.get_matches_from(std::iter::once("microcred".to_owned()).chain(given));
        Self { matches, loaded: RefCell::default(), wallets: RefCell::default() }
    }

    /// Loads whoever the text names; `option` is where it was written.
    pub(crate) fn load(&self, text: &str, option: &str) -> Result<Party, CliError> {
        if let Some((_, party)) = self.loaded.borrow().iter().find(|(known, _)| known == text) {
            return Ok(party.clone());
        }
        let source = SignerSource::parse(text).map_err(|error| not_a_source(text, option, &error))?;
        let party = match &source.kind {
            SignerSourceKind::Pubkey(address) => Party { address: *address, signer: None },
            SignerSourceKind::Filepath(path) if !Path::new(path).exists() => return Err(no_file(path, option)),
            SignerSourceKind::Usb(_) if !cfg!(feature = "hardware-wallet") => {
                return Err(CliError::Signer(format!(
                    "{option} {text}: this microcred was built without hardware wallets; build it with `cargo install --path cli --features hardware-wallet`"
                )));
            }
            _ => {
                let signer = signer_from_source(
                    &self.matches,
                    &source,
                    option.trim_start_matches('-'),
                    &mut self.wallets.borrow_mut(),
                )
                .map_err(|error| unusable(&source, text, option, &error.to_string()))?;
                let address =
                    signer.try_pubkey().map_err(|error| unusable(&source, text, option, &error.to_string()))?;
                Party { address, signer: Some(signer.into()) }
            }
        };
        self.loaded.borrow_mut().push((text.to_owned(), party.clone()));
        Ok(party)
    }
}

/// The file that a text names as a signer, which need not exist; none: it names a signer of another kind.
pub(crate) fn file_of(text: &str) -> Option<PathBuf> {
    match SignerSource::parse(text) {
        Ok(SignerSource { kind: SignerSourceKind::Filepath(path), .. }) => Some(path.into()),
        Err(SignerSourceError::IoError(error)) if error.kind() == io::ErrorKind::NotFound => Some(text.into()),
        // What does not exist and is no URI either, such as a path with a space in it.
        Err(SignerSourceError::UnrecognizedSource) if Path::new(text).is_absolute() => Some(text.into()),
        _ => None,
    }
}

fn not_a_source(text: &str, option: &str, error: &SignerSourceError) -> CliError {
    match error {
        SignerSourceError::IoError(error) if error.kind() == io::ErrorKind::NotFound => no_file(text, option),
        error => CliError::Signer(format!(
            "{option}: this names no signer ({error}): give a keypair file, -, prompt:, usb://ledger, or an address"
        )),
    }
}

fn no_file(path: &str, option: &str) -> CliError {
    CliError::Signer(format!(
        "there is no keypair at {path}: make one with `microcred keygen {path}`, or name another with {option}"
    ))
}

/// The text is repeated for files alone: it may be a secret.
fn unusable(source: &SignerSource, text: &str, option: &str, why: &str) -> CliError {
    let what = match &source.kind {
        SignerSourceKind::Filepath(_) => {
            let why = why.rsplit(": ").next().unwrap_or(why);
            return CliError::Signer(format!(
                "{option} {text}: this is not a keypair file ({why}): it holds 64 numbers in brackets, as `microcred keygen` writes them"
            ));
        }
        SignerSourceKind::Stdin => "the standard input holds no keypair",
        SignerSourceKind::Prompt => "the seed phrase cannot be used",
        SignerSourceKind::Usb(_) => {
            "the hardware wallet cannot be used; connect and unlock it, and open its Solana app"
        }
        SignerSourceKind::Pubkey(_) | SignerSourceKind::Base58Keypair(_) => "this signer cannot be used",
    };
    CliError::Signer(format!("{option}: {what} ({why})"))
}
