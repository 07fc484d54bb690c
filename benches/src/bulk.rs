//! A bulk run on the embedded ledger, against the same transactions built beforehand and pushed in a bare loop: time, transactions, lamports and
//! peak memory, as JSON lines. Arguments: how many rows (10,000 if none), and `file` for ledgers in files.

use std::{
    fmt::Write as _,
    io::Write as _,
    path::Path,
    time::{Duration, Instant},
};

use microcred_client::{
    bulk::{self, Issuance, Issuing, Options, Placed, Progress, Source},
    learners::{self, Allow},
    ledger::{Embedded, Ledger},
    sending::{Budget, Draft, Validity, signing},
};
use microcred_tests::{Keys, World};
use serde::Serialize;
use solana_signer::Signer;

/// How many transactions the run has under way at once.
const AT_ONCE: usize = 64;

#[derive(Serialize)]
struct Line<'a> {
    name: &'a str,
    rows: usize,
    transactions: usize,
    seconds: f64,
    lamports: Option<u64>,
    peak_memory_mib: u64,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let rows = arguments.first().map_or(Ok(10_000), |text| text.parse())?;
    let in_file = arguments.iter().any(|argument| argument == "file");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let folder = tempfile::tempdir()?;
    runtime.block_on(measure(rows, in_file, folder.path()))
}

async fn measure(rows: usize, in_file: bool, folder: &Path) -> Result<(), Box<dyn std::error::Error>> {
    let ledger = |name: &str| -> Result<World, Box<dyn std::error::Error>> {
        let mut world = World::new();
        if in_file {
            world = World::on(Embedded::open(&folder.join(name))?, 0);
        }
        Ok(world)
    };
    let mut keys = Keys::seeded(rows as u64);
    let wallets: Vec<_> = (0..rows).map(|_| keys.next_key().pubkey()).collect();
    let mut text = String::from("wallet\n");
    for wallet in &wallets {
        writeln!(text, "{wallet}")?;
    }

    let world = ledger("run")?;
    let signers = [&world.payer, &world.issuer.key];
    let before = Instant::now();
    let rows_read = learners::read(text.as_bytes(), Allow::default()).map_err(bulk::BulkError::Rows)?;
    let issuing = Issuing {
        payer: world.payer.pubkey(),
        key: world.issuer.key_ref(),
        achievement: world.issuer.achievement,
        again: false,
    };
    let source = Source::of(&folder.join("learners.csv"), text.as_bytes(), "bench");
    let options = Options { concurrency: AT_ONCE, ..Options::default() };
    let run = bulk::issue(&world.ledger, &issuing, &rows_read, &source, options).await?;
    let prepared = before.elapsed();
    let summary = run.execute(&signers, &|_: &Progress| ()).await?;
    let took = before.elapsed();
    let lamports = Some(summary.fees + summary.rent);
    print("prepare", rows, 0, prepared, None)?;
    print("run", rows, summary.transactions.len(), took, lamports)?;
    drop(world);

    let world = ledger("loop")?;
    let signers = [&world.payer, &world.issuer.key];
    let issuance = Issuance::new(world.payer.pubkey(), world.issuer.key_ref(), world.issuer.achievement);
    let mut taken = Default::default();
    let places = bulk::draw(rows, &mut taken).ok_or("the status lists are full")?;
    let placed: Vec<_> = wallets
        .iter()
        .zip(places)
        .map(|(wallet, place)| Placed::first(&issuance.achievement, *wallet, [0; 32], place))
        .collect();
    let lifetime = world.ledger.lifetime().await?;
    let validity = Validity::Blockhash(lifetime.blockhash);
    let mut transactions = Vec::new();
    for pack in issuance.pack(&placed, &(0..rows).collect::<Vec<_>>(), Budget::default()) {
        let together: Vec<_> = pack.iter().map(|number| placed[*number]).collect();
        let draft = Draft::new(issuance.payer, vec![issuance.instruction(&together)]);
        transactions.push(signing::sign(draft.message(&validity), &signers)?);
    }
    let before = Instant::now();
    for transaction in &transactions {
        world.ledger.submit(transaction, Some(lifetime.last_valid_block_height)).await?;
    }
    let bare = before.elapsed();
    print("bare loop", rows, transactions.len(), bare, None)?;
    writeln!(std::io::stdout(), "{{\"name\":\"ratio\",\"ratio\":{:.3}}}", took.as_secs_f64() / bare.as_secs_f64())?;
    Ok(())
}

fn print(
    name: &str,
    rows: usize,
    transactions: usize,
    took: Duration,
    lamports: Option<u64>,
) -> Result<(), Box<dyn std::error::Error>> {
    let seconds = (took.as_secs_f64() * 1000.0).round() / 1000.0;
    let line = Line { name, rows, transactions, seconds, lamports, peak_memory_mib: peak_memory() };
    writeln!(std::io::stdout(), "{}", serde_json::to_string(&line)?)?;
    Ok(())
}

/// The most memory that this process has held, MiB, as Linux tells it; elsewhere 0.
fn peak_memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or(0) / 1024
}
