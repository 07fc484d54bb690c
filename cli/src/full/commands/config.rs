//! `microcred config`.

use std::{io, path::PathBuf};

use microcred_client::{Address, PROGRAM_ID, ledger::ReadError};
use serde::Serialize;

use crate::full::{
    error::CliError,
    output::{Answer, Page, Tone},
    session::Session,
    settings::Target,
    values::{as_maybe_text, as_text, sol},
};

/// What is in effect. Schema: `config.json`.
#[derive(Debug, Serialize)]
struct InEffect {
    config: Option<PathBuf>,
    /// Null: embedded. Without anything secret in it.
    url: Option<String>,
    ws: Option<String>,
    /// Null: a cluster.
    ledger: Option<PathBuf>,
    commitment: &'static str,
    keypair: String,
    #[serde(serialize_with = "as_maybe_text")]
    address: Option<Address>,
    #[serde(serialize_with = "as_maybe_text")]
    fee_payer: Option<Address>,
    balance_lamports: Option<u64>,
    #[serde(serialize_with = "as_text")]
    program: Address,
    /// Null: it is not known.
    deployed: Option<bool>,
    version: &'static str,
    problems: Vec<String>,
}

/// Whatever cannot be found out is told as a problem.
pub(crate) async fn run(session: &Session) -> Result<(), CliError> {
    let mut problems = Vec::new();
    let settings = &session.settings;
    let mut known = |result: Result<Address, CliError>| result.map_err(|error| problems.push(error.to_string())).ok();
    let address = known(session.actor().map(|party| party.address));
    let fee_payer = match &settings.fee_payer {
        Some(_) => known(session.payer().map(|party| party.address)),
        None => address,
    };
    let (mut balance, mut deployed) = (None, None);
    match session.read(&[PROGRAM_ID, fee_payer.unwrap_or(PROGRAM_ID)]).await {
        Ok(snapshot) => {
            let program = snapshot.accounts.first().and_then(Option::as_ref);
            deployed = Some(program.is_some_and(|account| account.executable));
            let payer = snapshot.accounts.get(1).and_then(Option::as_ref);
            balance = fee_payer.map(|_| payer.map_or(0, |account| account.lamports));
        }
        Err(error) => problems.push(error.to_string()),
    }
    if deployed == Some(false) {
        problems.push(ReadError::NotDeployed { cluster: settings.target.name() }.to_string());
    }
    let (url, ws, ledger) = match &settings.target {
        Target::Embedded(path) => (None, None, Some(path.clone())),
        Target::Cluster { url, ws } => (Some(url.to_string()), Some(ws.to_string()), None),
    };
    session.answer(&InEffect {
        config: settings.config.clone(),
        url,
        ws,
        ledger,
        commitment: settings.commitment.word(),
        keypair: settings.keypair_name(),
        address,
        fee_payer,
        balance_lamports: balance,
        program: PROGRAM_ID,
        deployed,
        version: env!("CARGO_PKG_VERSION"),
        problems,
    })
}

impl Answer for InEffect {
    fn text(&self, page: &mut Page<'_>) -> io::Result<()> {
        page.heading("In effect")?;
        match &self.config {
            Some(path) => page.field("config file", path.display())?,
            None => page.field("config file", "none")?,
        }
        page.maybe("cluster", self.url.as_ref())?;
        page.maybe("websocket", self.ws.as_ref())?;
        page.maybe("embedded ledger", self.ledger.as_ref().map(|path| path.display()))?;
        page.field("commitment", self.commitment)?;
        page.field("keypair", &self.keypair)?;
        page.maybe("address", self.address)?;
        if self.fee_payer != self.address {
            page.maybe("fee payer", self.fee_payer)?;
        }
        page.maybe("balance", self.balance_lamports.map(sol))?;
        page.field("program", self.program)?;
        match self.deployed {
            Some(true) => page.toned("deployed", "yes", Tone::Good)?,
            Some(false) => page.toned("deployed", "no", Tone::Bad)?,
            None => page.toned("deployed", "not known", Tone::Doubtful)?,
        }
        page.field("version", self.version)?;
        self.problems.iter().try_for_each(|problem| page.toned("problem", problem, Tone::Bad))
    }
}
