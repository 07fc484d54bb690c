//! `cargo localnet`: a cluster on this computer to develop against.

mod keys;

use std::{
    io::{self, Write},
    path::PathBuf,
    process::ExitCode,
    time::Duration,
};

use clap::{Parser, value_parser};
use keys::KeysError;
use microcred_client::PROGRAM_ID;
use microcred_localnet::{Localnet, LocalnetError, Options, program_data_address};
use solana_keypair::Keypair;
use solana_signer::Signer;
use thiserror::Error;
use tokio::runtime;

const LAMPORTS_PER_SOL: u64 = 1_000_000_000;

/// Run a Solana cluster on this computer with the microcred program loaded.
///
/// It listens on 127.0.0.1 alone, needs no network, and forgets everything when it stops. Keypairs with lamports are in a
/// folder; those that are there already are used again, so that addresses stay the same from run to run.
#[derive(Debug, Parser)]
#[command(name = "microcred-localnet", version, max_term_width = 100)]
struct Arguments {
    /// Port for JSON-RPC.
    #[arg(long, value_name = "PORT", default_value_t = 8899, value_parser = value_parser!(u16).range(1..))]
    rpc_port: u16,
    /// Port for WebSocket. Solana's tools expect it right after the other.
    #[arg(long, value_name = "PORT", default_value_t = 8900, value_parser = value_parser!(u16).range(1..))]
    ws_port: u16,
    /// Folder of the keypair files.
    #[arg(long, value_name = "FOLDER", default_value = ".localnet")]
    keys: PathBuf,
    /// How many SOL each keypair gets.
    #[arg(long, value_name = "SOL", default_value_t = 1_000, value_parser = value_parser!(u64).range(1..=1_000_000))]
    sol: u64,
    /// Milliseconds a slot takes. A blockhash is good for 150 slots.
    #[arg(long, value_name = "MS", default_value_t = 400, value_parser = value_parser!(u64).range(1..=60_000))]
    slot_ms: u64,
}

#[derive(Debug, Error)]
enum RunError {
    #[error("{0}; see --rpc-port and --ws-port")]
    Start(LocalnetError),
    #[error(transparent)]
    Localnet(LocalnetError),
    #[error(transparent)]
    Keys(#[from] KeysError),
    #[error("signals cannot be received: {0}")]
    Signals(io::Error),
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            drop(writeln!(io::stderr(), "error: {error}"));
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<(), RunError> {
    let runtime = runtime::Builder::new_current_thread().enable_all().build().map_err(RunError::Signals)?;
    let people = keys::of_folder(&arguments.keys)?;
    let lamports = arguments.sol.saturating_mul(LAMPORTS_PER_SOL);
    let upgrade_authority = people.iter().find(|(role, _)| *role == keys::UPGRADE_AUTHORITY);
    let options = Options {
        rpc_port: Some(arguments.rpc_port),
        ws_port: Some(arguments.ws_port),
        slot_time: Duration::from_millis(arguments.slot_ms),
        upgrade_authority: upgrade_authority.map(|(_, key)| key.pubkey()),
        funded: people.iter().map(|(_, key)| (key.pubkey(), lamports)).collect(),
    };
    let localnet = Localnet::start(options).map_err(|error| match error {
        LocalnetError::PortTaken { .. } | LocalnetError::Port { .. } => RunError::Start(error),
        other => RunError::Localnet(other),
    })?;
    // It goes on without a reader.
    drop(introduce(&localnet, arguments, &people));
    runtime.block_on(asked_to_stop()).map_err(RunError::Signals)?;
    drop(writeln!(io::stdout(), "Stopping."));
    localnet.stop().map_err(RunError::Localnet)
}

fn introduce(localnet: &Localnet, arguments: &Arguments, people: &[(&str, Keypair)]) -> io::Result<()> {
    let mut out = io::stdout().lock();
    let folder = arguments.keys.display();
    writeln!(out, "JSON-RPC      {}", localnet.rpc_url())?;
    writeln!(out, "WebSocket     {}", localnet.ws_url())?;
    writeln!(out, "Program       {PROGRAM_ID}")?;
    writeln!(out, "Program data  {}", program_data_address())?;
    writeln!(out, "\nKeypairs in {folder}, {} SOL each:", arguments.sol)?;
    for (role, key) in people {
        writeln!(out, "  {role:<20}{}", key.pubkey())?;
    }
    writeln!(out, "\nNext, in another terminal:")?;
    let (url, ws) = (localnet.rpc_url(), localnet.ws_url());
    writeln!(out, "  microcred apply examples/university/microcred.toml --url {url} --ws {ws} \\")?;
    writeln!(out, "    --keypair {folder}/payer.json --registry-creator {folder}/registry-authority.json \\")?;
    writeln!(out, "    --issuer-creator {folder}/issuer-authority.json \\")?;
    writeln!(out, "    --key 'course platform={folder}/course-platform.json' \\")?;
    writeln!(out, "    --key 'examination office={folder}/examination-office.json'")?;
    writeln!(out, "\nCtrl-C stops it, and all that was done is gone; the keypairs stay.")?;
    out.flush()
}

#[cfg(unix)]
async fn asked_to_stop() -> io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};

    let mut terminated = signal(SignalKind::terminate())?;
    tokio::select! {
        asked = tokio::signal::ctrl_c() => asked,
        _ = terminated.recv() => Ok(()),
    }
}

#[cfg(not(unix))]
async fn asked_to_stop() -> io::Result<()> {
    tokio::signal::ctrl_c().await
}
