//! Runs that end in the middle, at every point where they can, and are taken up again.

use std::{fs, pin::pin, task::Poll};

use microcred_client::{bulk::Progress, ledger::Embedded};
use microcred_tests::{
    World,
    faulty::{Call, Fault, Faulty},
};

use crate::{Desk, Options, assert_adds_up, assert_each_has_one, file, options, wallets};

/// Runs until the end, or until `ends` says so after some progress: then the run is dropped where it is.
async fn cut(desk: &Desk, ledger: &Faulty, file: &str, mut ends: impl FnMut() -> bool) -> bool {
    let run = desk.prepare(ledger, file, Options { concurrency: 2, ..options() }).await.unwrap();
    let signers = desk.signers();
    let mut running = pin!(run.execute(&signers, &|_: &Progress| ()));
    let mut ended = ends();
    std::future::poll_fn(|context| {
        if ended {
            return Poll::Ready(true);
        }
        let polled = running.as_mut().poll(context);
        ended = ends();
        match polled {
            Poll::Ready(_) => Poll::Ready(false),
            Poll::Pending if ended => Poll::Ready(true),
            Poll::Pending => Poll::Pending,
        }
    })
    .await
}

/// A ledger on which every submission takes several turns.
fn slow(ledger: Embedded) -> Faulty {
    Faulty::new(ledger, |call| (call == Call::Submit).then_some(Fault::Delay))
}

#[tokio::test]
async fn a_run_that_is_dropped_at_any_await_is_taken_up() {
    let world = World::new();
    let mut desk = Desk::of(&world);
    let achievement = desk.issuing.achievement;
    let ledger = slow(world.ledger);
    let mut all = Vec::new();
    for turns in 0.. {
        desk.folder = tempfile::tempdir().unwrap();
        let learners = wallets(turns, 18);
        all.extend(&learners);
        let file = file(&learners);
        let mut left = turns;
        let was_cut = cut(&desk, &ledger, &file, || {
            left = left.saturating_sub(1);
            left == 0
        })
        .await;
        let summary = desk.issue(&ledger, &file).await.unwrap();
        assert_adds_up(&summary, 18);
        assert!(summary.is_complete() && summary.skipped.is_empty(), "{summary:?}");
        assert_each_has_one(&ledger.ledger, &achievement, &all);
        if turns > 0 && !was_cut {
            assert!(turns > 10, "it took {turns} turns only");
            assert_eq!(summary.done_earlier, 18);
            return;
        }
    }
}

#[tokio::test]
async fn a_journal_that_ends_at_any_byte_is_taken_up() {
    const ROWS: usize = 9;
    let world = World::new();
    let mut desk = Desk::of(&world);
    let achievement = desk.issuing.achievement;
    let ledger = slow(world.ledger);
    let mut all = Vec::new();
    for length in 0.. {
        desk.folder = tempfile::tempdir().unwrap();
        let learners = wallets(length, ROWS);
        all.extend(&learners);
        let file = file(&learners);
        let journal = desk.journal();
        let written = || fs::metadata(&journal).map_or(0, |metadata| metadata.len());
        let was_cut = cut(&desk, &ledger, &file, || written() > length).await;
        if !was_cut {
            assert!(length > 900, "the journal has {length} bytes only");
            break;
        }
        fs::OpenOptions::new().write(true).open(&journal).unwrap().set_len(length).unwrap();
        let summary = desk.issue(&ledger, &file).await.unwrap();
        assert_adds_up(&summary, ROWS);
        assert!(summary.is_complete() && summary.skipped.is_empty(), "cut at {length}: {summary:?}");
        for wallet in &learners {
            let credential = microcred_client::address::credential(&achievement, wallet, 0);
            assert!(ledger.ledger.account(&credential).is_some(), "cut at {length}: a gap");
        }
        let again = desk.issue(&ledger, &file).await.unwrap();
        assert_eq!((again.done, again.done_earlier, again.transactions.len()), (0, ROWS, 0));
    }
    assert_each_has_one(&ledger.ledger, &achievement, &all);
}
