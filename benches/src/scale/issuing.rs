//! Issuing to all, as `microcred issue --csv` does, and the reference beside it.

use std::{error::Error, time::Instant};

use microcred_client::{
    address,
    bulk::{self, Issuing, Options, Source},
    ledger::{Embedded, Ledger, Rpc, RpcOptions},
};
use serde_json::json;
use solana_keypair::Keypair;
use solana_signer::Signer;

use crate::{
    bare, memory,
    place::{BUDGET, Place, rows},
};

/// How many transactions are under way at once.
const CONCURRENCY: usize = 64;

/// On a new embedded ledger in a file; the reference on another.
pub(crate) async fn embedded(learners: usize) -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let mut places = Vec::new();
    for name in ["run", "reference"] {
        let mut ledger = Embedded::open(&folder.path().join(name))?;
        let payer = Keypair::new();
        ledger.fund(&payer.pubkey(), BUDGET)?;
        let place = Place::new(&ledger, payer).await?;
        places.push((ledger, place));
    }
    let [(ledger, place), (reference, its_place)] = &places[..] else { return Err("two places".into()) };
    let mut figures = issue(ledger, place, learners, folder.path()).await?;
    figures["peak_mib"] = json!(memory::peak());
    figures["bare_seconds"] = json!(bare::push(reference, its_place, learners, CONCURRENCY).await?);
    println!("{figures}");
    Ok(())
}

/// On a cluster whose payer is this process's own: the reference is issued by another issuer of its.
pub(crate) async fn cluster(learners: usize, url: &str, ws: &str) -> Result<(), Box<dyn Error>> {
    let ledger = Rpc::new(url, RpcOptions { web_socket: Some(ws.into()), ..RpcOptions::default() })?;
    let mut places = Vec::new();
    for name in ["run", "reference"] {
        places.push(Place::new(&ledger, payer(name)).await?);
    }
    let [place, its_place] = &places[..] else { return Err("two places".into()) };
    let folder = tempfile::tempdir()?;
    let mut figures = issue(&ledger, place, learners, folder.path()).await?;
    figures["peak_mib"] = json!(memory::peak());
    figures["bare_seconds"] = json!(bare::push(&ledger, its_place, learners, CONCURRENCY).await?);
    figures["achievement"] = json!(place.achievement.to_string());
    figures["registry"] = json!(place.registry.to_string());
    println!("{figures}");
    Ok(())
}

/// The keypair that the local cluster funds for a part of the measurement.
pub(crate) fn payer(name: &str) -> Keypair {
    use sha2::{Digest, Sha256};

    Keypair::new_from_array(Sha256::digest(name).into())
}

async fn issue(
    ledger: &dyn Ledger,
    place: &Place,
    learners: usize,
    folder: &std::path::Path,
) -> Result<serde_json::Value, Box<dyn Error>> {
    let began = Instant::now();
    let rows = rows(learners);
    let issuing =
        Issuing { payer: place.payer.pubkey(), key: place.issuing_key, achievement: place.achievement, again: false };
    let source = Source::of(&folder.join("learners.csv"), &learners.to_le_bytes(), "measured");
    let options = Options { concurrency: CONCURRENCY, ..Options::default() };
    let run = bulk::issue(ledger, &issuing, &rows, &source, options).await?;
    let planned = began.elapsed();
    let summary = run.execute(&[&place.payer, &place.key], &|_| ()).await?;
    let seconds = began.elapsed().as_secs_f64();
    if summary.done != learners || !summary.is_complete() {
        return Err(format!("{} of {learners} were issued: {:?}", summary.done, summary.stopped).into());
    }
    let last = rows.last().map(|row| address::credential(&place.achievement, &row.wallet, 0));
    if last.is_some() && ledger.read(last.as_slice()).await?.accounts.iter().any(Option::is_none) {
        return Err("the last credential is not there".into());
    }
    Ok(json!({
        "seconds": seconds,
        "planning_seconds": planned.as_secs_f64(),
        "transactions": summary.transactions.len(),
        "fees_lamports": summary.fees,
        "rent_lamports": summary.rent,
    }))
}
