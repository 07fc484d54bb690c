//! `microcred fund`.

use std::io;

use clap::Args;
use microcred_client::{
    Address,
    ledger::{Embedded, ReadError},
};
use serde::Serialize;

use crate::full::{
    error::CliError,
    output::{Answer, Page},
    session::Session,
    settings::Target,
    values::{as_text, parse_sol, sol},
};

/// Who gets how much.
#[derive(Args, Clone, Debug)]
#[command(after_help = "Example: microcred --url embedded fund 10")]
pub(crate) struct Arguments {
    /// How many SOL
    #[arg(value_name = "SOL", value_parser = parse_sol)]
    lamports: u64,
    /// Who gets them: an address, or a keypair as --keypair takes it [default: who pays]
    #[arg(value_name = "ADDRESS_OR_KEYPAIR")]
    receiver: Option<String>,
}

/// Lamports that cost nothing. Schema: `fund.json`.
#[derive(Debug, Serialize)]
struct Funded {
    #[serde(serialize_with = "as_text")]
    address: Address,
    cluster: String,
    lamports: u64,
    balance_lamports: u64,
}

pub(crate) async fn run(session: &Session, arguments: &Arguments) -> Result<(), CliError> {
    let Arguments { lamports, receiver } = arguments;
    let address = match receiver {
        Some(receiver) => session.signers.load(receiver, "the receiver")?.address,
        None => session.payer()?.address,
    };
    match &session.settings.target {
        Target::Embedded(path) => {
            let mut ledger = Embedded::open(path)?;
            ledger.fund(&address, *lamports)?;
        }
        Target::Cluster { url, ws } => {
            let cluster = session.cluster(url, ws)?;
            let refused = |error: &dyn ToString| {
                ReadError::Refused(format!(
                    "{}; test clusters give lamports, and not too many at a time; mainnet-beta gives none",
                    error.to_string()
                ))
            };
            let signature =
                cluster.client().request_airdrop(&address, *lamports).await.map_err(|error| refused(&error))?;
            cluster.client().poll_for_signature(&signature).await.map_err(|error| refused(&error))?;
        }
    }
    let balance_lamports = session.account(&address).await?.map_or(0, |account| account.lamports);
    session.answer(&Funded { address, cluster: session.settings.target.name(), lamports: *lamports, balance_lamports })
}

impl Answer for Funded {
    fn text(&self, page: &mut Page<'_>) -> io::Result<()> {
        page.heading(format_args!("{} has got {}", self.address, sol(self.lamports)))?;
        page.field("balance", sol(self.balance_lamports))?;
        page.field("cluster", &self.cluster)
    }
}
