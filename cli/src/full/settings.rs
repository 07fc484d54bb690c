//! What is in effect: options first, then the configuration file of the Solana tools, then defaults.

use std::path::{Path, PathBuf};

use microcred_client::ledger::{Embedded, Endpoint, EndpointError};
use solana_clap_v3_utils::input_parsers::signer::{SignerSource, SignerSourceKind};
use solana_cli_config::{CONFIG_FILE, Config, normalize_to_url_if_moniker};

use super::{
    error::CliError,
    options::{Commitment, GlobalOptions},
};

/// Where the ledger is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    /// In a file.
    Embedded(PathBuf),
    /// Behind an RPC endpoint.
    Cluster { url: Endpoint, ws: Endpoint },
}

impl Target {
    /// What people call it, without anything secret.
    pub(crate) fn name(&self) -> String {
        match self {
            Self::Embedded(path) => format!("the embedded ledger {}", path.display()),
            Self::Cluster { url, .. } => url.to_string(),
        }
    }
}

/// What is in effect.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    /// The configuration file that was read, if any.
    pub(crate) config: Option<PathBuf>,
    /// Where the ledger is.
    pub(crate) target: Target,
    /// Who acts.
    pub(crate) keypair: String,
    /// Who pays; none: who acts.
    pub(crate) fee_payer: Option<String>,
    /// How settled what is read must be.
    pub(crate) commitment: Commitment,
}

impl Settings {
    pub(crate) fn new(options: &GlobalOptions) -> Result<Self, CliError> {
        let (path, config) = load(options.config.as_deref())?;
        let config_url = config.as_ref().map(|config| config.json_rpc_url.as_str()).filter(|url| !url.is_empty());
        let url = options.url.as_deref().or(config_url).unwrap_or("mainnet-beta");
        let config_ws = config
            .as_ref()
            .filter(|_| options.url.is_none())
            .map(|config| config.websocket_url.as_str())
            .filter(|url| !url.is_empty());
        let target = match url {
            "embedded" | "e" => Target::Embedded(match &options.ledger {
                Some(path) => path.clone(),
                None => Embedded::default_path()?,
            }),
            _ if options.ledger.is_some() => {
                let message = "--ledger names an embedded ledger: say --url embedded too, or leave it out";
                return Err(CliError::Usage(message.into()));
            }
            url => cluster(url, options.ws.as_deref().or(config_ws))?,
        };
        let keypair = options
            .keypair
            .clone()
            .or_else(|| config.as_ref().map(|config| config.keypair_path.clone()).filter(|path| !path.is_empty()))
            .map_or_else(default_keypair, Ok)?;
        let commitment = match (options.commitment, config.as_ref().map(|config| config.commitment.as_str())) {
            (Some(commitment), _) => commitment,
            (None, Some("processed")) => Commitment::Processed,
            (None, Some("finalized")) => Commitment::Finalized,
            (None, _) => Commitment::Confirmed,
        };
        Ok(Self { config: path, target, keypair, fee_payer: options.fee_payer.clone(), commitment })
    }
}

impl Settings {
    /// Where the signer comes from. A secret key that was given as text is not repeated.
    pub(crate) fn keypair_name(&self) -> String {
        match SignerSource::parse(&self.keypair).map(|source| source.kind) {
            Ok(SignerSourceKind::Base58Keypair(_)) => "a secret key in Base58".into(),
            _ => self.keypair.clone(),
        }
    }
}

/// The configuration file; a missing one is an error only where it was named.
fn load(named: Option<&Path>) -> Result<(Option<PathBuf>, Option<Config>), CliError> {
    let path = match (named, CONFIG_FILE.as_ref()) {
        (Some(path), _) => path.to_owned(),
        (None, Some(path)) if Path::new(path).exists() => path.into(),
        (None, _) => return Ok((None, None)),
    };
    let config = Config::load(&path.to_string_lossy())
        .map_err(|error| CliError::Config { path: path.clone(), why: error.to_string() })?;
    Ok((Some(path), Some(config)))
}

/// `id.json` beside the folder of the configuration file, as with the Solana tools.
fn default_keypair() -> Result<String, CliError> {
    let folder = CONFIG_FILE.as_ref().and_then(|path| Path::new(path).parent()?.parent());
    let path = folder.map(|folder| folder.join("id.json").to_string_lossy().into_owned());
    path.ok_or_else(|| {
        CliError::Signer("there is no home folder to look for a keypair in: name one with --keypair".into())
    })
}

/// The names are those of the Solana tools, and the shorter of their two for the first one.
fn cluster(url: &str, ws: Option<&str>) -> Result<Target, CliError> {
    let url = normalize_to_url_if_moniker(if url == "mainnet" { "mainnet-beta" } else { url });
    let url = Endpoint::http(&url).map_err(|error| wrong_url("--url", &error))?;
    let ws = match ws {
        Some(ws) => Endpoint::web_socket(ws).map_err(|error| wrong_url("--ws", &error))?,
        None => url.its_web_socket(),
    };
    Ok(Target::Cluster { url, ws })
}

fn wrong_url(option: &str, error: &EndpointError) -> CliError {
    let names = if option == "--url" { "; or mainnet-beta, testnet, devnet, localhost, embedded" } else { "" };
    CliError::Usage(format!("{option}: {error}{names}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_clusters_become_urls() {
        for (name, url, ws) in [
            ("m", "https://api.mainnet-beta.solana.com/", "wss://api.mainnet-beta.solana.com/"),
            ("mainnet", "https://api.mainnet-beta.solana.com/", "wss://api.mainnet-beta.solana.com/"),
            ("devnet", "https://api.devnet.solana.com/", "wss://api.devnet.solana.com/"),
            ("l", "http://localhost:8899/", "ws://localhost:8900/"),
        ] {
            let Target::Cluster { url: got, ws: got_ws } = cluster(name, None).unwrap() else { panic!("{name}") };
            assert_eq!((got.secret(), got_ws.secret()), (url, ws));
        }
        for wrong in ["devnett", "ftp://host", "http://", "/path"] {
            assert!(cluster(wrong, None).is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_name_of_a_cluster_holds_no_secret() {
        let target = cluster("https://user:pass@rpc.example:8443/key-1?api-key=2", None).unwrap();
        assert_eq!(target.name(), "https://rpc.example:8443");
    }
}
