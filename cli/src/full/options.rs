//! Options that every command takes.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use microcred_client::ledger::CommitmentConfig;

/// Options that every command takes.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Global options")]
pub(crate) struct GlobalOptions {
    /// Configuration file of the Solana tools [default: ~/.config/solana/cli/config.yml]
    #[arg(short = 'C', long, global = true, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Where the ledger is: a URL, mainnet-beta, testnet, devnet, localhost, or embedded
    ///
    /// The first letter of a name will do. `embedded` is a ledger in a file of this computer, which
    /// runs the compiled program and needs nothing else. [default: what the configuration file says,
    /// otherwise mainnet-beta]
    #[arg(
        short = 'u',
        long,
        global = true,
        value_name = "URL_OR_MONIKER",
        env = "MICROCRED_URL",
        hide_env_values = true
    )]
    pub(crate) url: Option<String>,
    /// WebSocket URL of the cluster [default: made from the URL]
    #[arg(long, global = true, value_name = "URL")]
    pub(crate) ws: Option<String>,
    /// File of the embedded ledger [default: microcred/ledger in the user's data folder]
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) ledger: Option<PathBuf>,
    /// Who acts: a keypair file, or another signer
    ///
    /// As with the Solana tools: a file, `-` for the standard input, `prompt:` for a seed phrase,
    /// `usb://ledger?key=0` for a hardware wallet, or the address of a signer who is not here.
    /// [default: what the configuration file says, otherwise ~/.config/solana/id.json]
    #[arg(short = 'k', long, global = true, value_name = "KEYPAIR", env = "MICROCRED_KEYPAIR", hide_env_values = true)]
    pub(crate) keypair: Option<String>,
    /// Who pays fees and rent, written as --keypair is [default: who acts]
    #[arg(long, global = true, value_name = "KEYPAIR")]
    pub(crate) fee_payer: Option<String>,
    /// How settled what is read must be [default: what the configuration file says, or confirmed]
    #[arg(long, global = true, value_name = "LEVEL", hide_possible_values = true)]
    pub(crate) commitment: Option<Commitment>,
    /// How answers are printed: text, json or json-compact
    #[arg(long, global = true, value_name = "FORMAT", default_value = "text", hide_possible_values = true)]
    pub(crate) output: Format,
    /// Print more: logs, compute units, addresses
    #[arg(short = 'v', long, global = true)]
    pub(crate) verbose: bool,
    /// Print without colours, as with NO_COLOR
    #[arg(long, global = true)]
    pub(crate) no_color: bool,
    /// Do what cannot be undone without asking first
    #[arg(short = 'y', long, global = true)]
    pub(crate) yes: bool,
    /// Take a seed phrase that is not one of BIP 39
    #[arg(long, global = true)]
    pub(crate) skip_seed_phrase_validation: bool,
    /// Compare the key on the hardware wallet's display first
    #[arg(long, global = true)]
    pub(crate) confirm_key: bool,
}

/// How settled what is read must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Commitment {
    /// Executed by the node.
    Processed,
    /// Voted for by most of the cluster.
    Confirmed,
    /// No longer reversible.
    Finalized,
}

impl Commitment {
    /// The word that clusters know it by.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Processed => "processed",
            Self::Confirmed => "confirmed",
            Self::Finalized => "finalized",
        }
    }

    /// What the client takes.
    pub(crate) const fn config(self) -> CommitmentConfig {
        match self {
            Self::Processed => CommitmentConfig::processed(),
            Self::Confirmed => CommitmentConfig::confirmed(),
            Self::Finalized => CommitmentConfig::finalized(),
        }
    }
}

/// How answers are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people.
    Text,
    /// JSON, indented.
    Json,
    /// JSON in one line.
    JsonCompact,
}

impl Format {
    /// The format that was asked for, also where the arguments as a whole make no sense.
    pub(crate) fn asked_for(arguments: impl Iterator<Item = String>) -> Self {
        let mut asked = Self::Text;
        let mut follows = false;
        for argument in arguments {
            let value = if follows { Some(argument.as_str()) } else { argument.strip_prefix("--output=") };
            if let Some(format) = value.and_then(|value| Self::from_str(value, false).ok()) {
                asked = format;
            }
            follows = argument == "--output";
        }
        asked
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_format_is_known_before_arguments_make_sense() {
        for (line, expected) in [
            ("revoke --nonsense", Format::Text),
            ("--output json --nonsense", Format::Json),
            ("x --output=json-compact", Format::JsonCompact),
            ("--output nonsense", Format::Text),
            ("--output", Format::Text),
        ] {
            assert_eq!(Format::asked_for(line.split(' ').map(str::to_owned)), expected, "{line}");
        }
    }
}
