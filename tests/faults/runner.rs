//! A process that issues to all rows of a CSV file, so that tests can kill it: `bulk-runner LEDGER CSV PAYER KEY ISSUER ACHIEVEMENT`, where
//! the ledger is an address of a cluster or a file, and payer and key are files with keypairs. It prints the summary as JSON.

use std::{error::Error, path::Path, process::ExitCode, time::Duration};

use microcred_client::{
    bulk::{self, Issuing, Options, Source, Summary},
    instructions::KeyRef,
    learners::{self, Allow},
    ledger::{Embedded, Ledger, Rpc, RpcOptions},
};
use solana_keypair::{Keypair, read_keypair_file};
use solana_signer::Signer;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<ExitCode, Box<dyn Error>> {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let [place, csv, payer, key, issuer, achievement] = arguments.as_slice() else {
        return Err("usage: bulk-runner LEDGER CSV PAYER KEY ISSUER ACHIEVEMENT".into());
    };
    let ledger: Box<dyn Ledger> = if place.starts_with("http") {
        let options =
            RpcOptions { poll: Duration::from_millis(20), resend: Duration::from_millis(200), ..RpcOptions::default() };
        Box::new(Rpc::new(place, options)?)
    } else {
        Box::new(Embedded::open(Path::new(place))?)
    };
    let signers = [keypair(payer)?, keypair(key)?];
    let issuing = Issuing {
        payer: signers[0].pubkey(),
        key: KeyRef { issuer: issuer.parse()?, index: 0, key: signers[1].pubkey() },
        achievement: achievement.parse()?,
        again: false,
    };
    let bytes = std::fs::read(csv)?;
    let rows = learners::read(&bytes, Allow::default()).map_err(|errors| format!("{errors:?}"))?;
    let source = Source::of(Path::new(csv), &bytes, place);
    let options = Options { pause: Duration::from_millis(20), ..Options::default() };
    let summary = bulk::issue(&*ledger, &issuing, &rows, &source, options).await?.execute(&signers, &|_| {}).await?;
    println!("{}", told(&summary));
    Ok(if summary.is_complete() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn keypair(path: &str) -> Result<Keypair, Box<dyn Error>> {
    read_keypair_file(path).map_err(|error| error.to_string().into())
}

/// The summary, in numbers.
fn told(summary: &Summary) -> String {
    format!(
        r#"{{"done":{},"done_earlier":{},"skipped":{},"failed":{},"unknown":{},"not_sent":{},"fees":{}}}"#,
        summary.done,
        summary.done_earlier,
        summary.skipped.len(),
        summary.failed.len(),
        summary.unknown.len(),
        summary.not_sent.len(),
        summary.fees.saturating_add(summary.fees_earlier),
    )
}
