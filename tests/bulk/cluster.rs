//! The same runs on a cluster, over RPC.

use std::{cell::Cell, pin::pin, task::Poll, time::Duration};

use microcred_client::{
    address,
    bulk::Progress,
    ledger::{AccountReader, READ_LIMIT, Rpc, RpcOptions},
};
use microcred_localnet::{Localnet, Options as NetOptions};
use microcred_tests::{START, World};
use solana_signer::Signer;

use crate::{Desk, Options, assert_adds_up, file, options, wallets};

#[tokio::test(flavor = "multi_thread")]
async fn a_run_on_a_cluster_that_is_dropped_is_taken_up() {
    const ROWS: usize = 300;
    let world = World::new();
    let net = Localnet::start(NetOptions::default()).unwrap();
    net.set_time(START).unwrap();
    for (address, account) in world.ledger.program_accounts() {
        net.set_account(&address, account).unwrap();
    }
    net.fund(&world.payer.pubkey(), 1 << 40).unwrap();
    let poll = Duration::from_millis(50);
    let rpc = Rpc::new(&net.rpc_url(), RpcOptions { poll, web_socket: Some(net.ws_url()), ..RpcOptions::default() });
    let rpc = rpc.unwrap();

    let desk = Desk::of(&world);
    let learners = wallets(1, ROWS);
    let text = file(&learners);
    let options = Options { pause: poll, ..options() };
    {
        let run = desk.prepare(&rpc, &text, options).await.unwrap();
        assert_eq!((run.overview().to_do, run.overview().transactions), (ROWS, 38));
        let landed = Cell::new(0);
        let (signers, progress) = (desk.signers(), |progress: &Progress| landed.set(progress.transactions));
        let mut running = pin!(run.execute(&signers, &progress));
        std::future::poll_fn(|context| {
            let polled = running.as_mut().poll(context);
            if landed.get() > 10 || polled.is_ready() { Poll::Ready(()) } else { Poll::Pending }
        })
        .await;
    }
    let summary = desk.issue_with(&rpc, &text, options).await.unwrap();
    assert_adds_up(&summary, ROWS);
    assert!(summary.is_complete() && summary.skipped.is_empty(), "{summary:#?}");
    assert!(summary.done_earlier > 80 && summary.done > 0, "{} earlier, {} now", summary.done_earlier, summary.done);
    let at = |wallet| address::credential(&desk.issuing.achievement, wallet, 0);
    for some in learners.chunks(READ_LIMIT) {
        let places: Vec<_> = some.iter().map(at).collect();
        assert!(rpc.read(&places).await.unwrap().accounts.iter().all(Option::is_some));
    }
    let again = desk.issue_with(&rpc, &text, options).await.unwrap();
    assert_eq!((again.done, again.done_earlier, again.transactions.len()), (0, ROWS, 0));
}
