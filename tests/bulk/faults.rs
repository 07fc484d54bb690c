//! Networks that drop, delay, repeat and forget, at random.

use microcred_client::{
    bulk::{BulkError, Options, Summary},
    sending::Policy,
};
use microcred_tests::{
    World,
    faulty::{Call, Fault, Faulty},
};
use rand::{Rng, SeedableRng, rngs::StdRng, seq::IndexedRandom};

use crate::{Desk, assert_adds_up, assert_each_has_one, file, options, wallets};

/// Faults for so many of a hundred calls.
fn at_random(seed: u64, percent: u32) -> impl FnMut(Call) -> Option<Fault> + Send {
    let mut random = StdRng::seed_from_u64(seed);
    move |call| {
        if !random.random_ratio(percent, 100) {
            return None;
        }
        let faults: &[Fault] = match call {
            Call::Submit => {
                use Fault::*;
                &[Fail, Delay, Expire, Lose, Unconfirmed, Late, Twice]
            }
            _ => &[Fault::Fail, Fault::Delay],
        };
        faults.choose(&mut random).copied()
    }
}

/// Runs again and again until all is done. Gives what each run said.
async fn until_done(desk: &Desk, ledger: &Faulty, file: &str, rows: usize, options: Options) -> Vec<Summary> {
    let mut summaries = Vec::new();
    for _ in 0..200 {
        match desk.issue_with(ledger, file, options).await {
            Ok(summary) => {
                assert_adds_up(&summary, rows);
                assert!(summary.failed.is_empty() && summary.skipped.is_empty(), "{summary:#?}");
                let complete = summary.is_complete();
                summaries.push(summary);
                if complete {
                    return summaries;
                }
            }
            Err(BulkError::Read(_) | BulkError::Simulated(_)) => {}
            Err(other) => panic!("{other}"),
        }
    }
    panic!("two hundred runs were not enough: {:#?}", summaries.last());
}

async fn survives(seed: u64, percent: u32, attempts: u32) -> usize {
    const ROWS: usize = 50;
    let world = World::seeded(seed);
    let desk = Desk::of(&world);
    let learners = wallets(seed + 1_000_000, ROWS);
    let ledger = Faulty::new(world.ledger, at_random(seed, percent));
    let options = Options { policy: Policy { attempts, ..options().policy }, ..options() };
    let summaries = until_done(&desk, &ledger, &file(&learners), ROWS, options).await;
    ledger.settle().await;
    assert_each_has_one(&ledger.ledger, &desk.issuing.achievement, &learners);
    let last = summaries.last().unwrap();
    assert_eq!(last.done + last.done_earlier, ROWS, "seed {seed}");
    // Nobody is counted by two runs as done now.
    let done: usize = summaries.iter().map(|summary| summary.done).sum();
    assert!(done <= ROWS, "seed {seed}: {done} of {ROWS} done");
    summaries.len()
}

#[tokio::test]
async fn whatever_the_network_does_each_row_is_done_once() {
    for seed in 0..150 {
        survives(seed, 10, 10).await;
    }
}

#[tokio::test]
async fn also_a_network_that_hardly_works() {
    let mut runs = 0;
    for seed in 1_000..1_060 {
        runs += survives(seed, 40, 2).await;
    }
    assert!(runs > 65, "nothing was ever interrupted: the faults are too few");
}

#[tokio::test]
async fn what_is_not_known_is_told_as_such() {
    let world = World::new();
    let desk = Desk::of(&world);
    let learners = wallets(7, 12);
    let mut submissions = 0;
    // From the first transaction on, nobody answers any more.
    let ledger = Faulty::new(world.ledger, move |call| {
        submissions += u32::from(call == Call::Submit);
        match call {
            Call::Submit if submissions == 1 => Some(Fault::Unconfirmed),
            Call::Submit => Some(Fault::Lose),
            _ if submissions > 0 => Some(Fault::Fail),
            _ => None,
        }
    });
    let options = Options { concurrency: 1, ..options() };
    let summary = desk.issue_with(&ledger, &file(&learners), options).await.unwrap();
    assert_adds_up(&summary, 12);
    assert_eq!((summary.done, summary.unknown.len(), summary.not_sent.len()), (0, 8, 4));
    assert!(summary.stopped.is_some());
    let summary = desk.issue(&ledger.ledger, &file(&learners)).await.unwrap();
    assert_eq!((summary.done, summary.done_earlier), (4, 8));
    assert_each_has_one(&ledger.ledger, &desk.issuing.achievement, &learners);
}
