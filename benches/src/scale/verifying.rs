//! Verifying all that was issued, as `microcred verify --file` does.

use std::{error::Error, pin::pin, time::Instant};

use futures_util::StreamExt;
use microcred_client::{
    Address,
    ledger::{Rpc, RpcOptions},
    verdict::Verdict,
    verification::{Query, verify_many},
};
use serde_json::json;

use crate::{counting::Counting, memory, place::rows};

/// On a cluster, with trust asked. Every verdict must be "valid", and the registry's answer the good one.
pub(crate) async fn cluster(
    learners: usize,
    url: &str,
    ws: &str,
    achievement: Address,
    registry: Address,
) -> Result<(), Box<dyn Error>> {
    let cluster = Rpc::new(url, RpcOptions { web_socket: Some(ws.into()), ..RpcOptions::default() })?;
    let counting = Counting::new(&cluster);
    let wallets: Vec<_> = rows(learners).into_iter().map(|row| row.wallet).collect();
    let began = Instant::now();
    let queries = wallets.into_iter().map(move |wallet| Query::latest(achievement, wallet).trusting(&[registry]));
    let mut receipts = pin!(verify_many(&counting, queries));
    let mut valid = 0_usize;
    while let Some(receipt) = receipts.next().await {
        if receipt.verdict != Verdict::Valid || receipt.exit_code != 0 {
            return Err(format!("{}: {} ({:?})", receipt.address, receipt.verdict, receipt.problem).into());
        }
        valid = valid.saturating_add(1);
    }
    let seconds = began.elapsed().as_secs_f64();
    if valid != learners {
        return Err(format!("{valid} of {learners} were verified").into());
    }
    println!("{}", json!({ "seconds": seconds, "reads": counting.reads(), "peak_mib": memory::peak() }));
    Ok(())
}
