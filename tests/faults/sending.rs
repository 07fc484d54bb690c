//! Sending through a proxy: what is said to have happened did happen, once.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use futures_util::{StreamExt, stream};
use microcred_client::{
    error::SendError,
    ledger::{AccountReader, Ledger},
};
use microcred_tests::World;

use crate::{
    plan::{Fault, Plan},
    scene::{Scene, learner},
};

/// How many learners are issued to, each through a proxy of their own.
const LEARNERS: u64 = 40;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_said_of_a_transaction_is_true() {
    let scene = Scene::open(World::new(), 200);
    let met: std::sync::Mutex<std::collections::BTreeMap<Fault, usize>> = Default::default();
    let landed = AtomicU64::new(0);
    let outcomes: Vec<_> = stream::iter(0..LEARNERS)
        .map(|seed| {
            let (scene, met) = (&scene, &met);
            async move {
                let proxy = scene.proxy().await;
                let client = proxy.client(4);
                proxy.follow(Plan { seed, percent: 35, faults: Fault::ALL.to_vec() });
                let outcome = scene.issue(&client, learner(seed)).await;
                proxy.settle().await;
                for (fault, count) in proxy.met() {
                    *met.lock().unwrap().entry(fault).or_default() += count;
                }
                (learner(seed), outcome)
            }
        })
        .buffer_unordered(8)
        .collect()
        .await;
    scene.expire();

    let direct = scene.direct();
    let mut unclear = 0;
    for (subject, outcome) in outcomes {
        let there = direct.read(&[scene.credential(subject)]).await.unwrap().accounts[0].is_some();
        landed.fetch_add(u64::from(there), Ordering::Relaxed);
        match outcome {
            Ok(sent) => {
                assert!(there);
                let past = direct.outcome(&sent.signature).await.unwrap().unwrap();
                assert_eq!((past.failure, past.fee, past.slot), (None, sent.fee, sent.slot));
            }
            Err(SendError::Untold { signature, slot, .. }) => {
                assert!(there);
                assert_eq!(direct.outcome(&signature).await.unwrap().unwrap().slot, slot);
            }
            Err(SendError::Read(_) | SendError::Expired(_)) => assert!(!there),
            Err(SendError::Unconfirmed { signature, .. }) => {
                assert_eq!(direct.outcome(&signature).await.unwrap().is_some(), there);
                unclear += 1;
            }
            Err(error) => panic!("{error}"),
        }
    }
    let landed = landed.into_inner();
    assert_eq!(scene.issued().await, landed);
    assert!(landed > LEARNERS / 2, "{landed} of {LEARNERS} landed");
    assert!(unclear < LEARNERS / 4, "of {unclear} it is not known");
    let met = met.into_inner().unwrap();
    for fault in Fault::ALL {
        assert!(met.contains_key(&fault), "{fault:?} was never met");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_dropped_until_it_expires_is_signed_anew() {
    let scene = Scene::open(World::new(), 100);
    let proxy = scene.proxy().await;
    let client = proxy.client(8);
    let subject = learner(1);
    proxy.follow(Plan::always(Fault::Swallow));
    let direct = scene.direct();
    let (outcome, ()) = tokio::join!(scene.issue(&client, subject), async {
        while proxy.count(Fault::Swallow) < 2 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        scene.expire();
        proxy.follow(Plan::quiet());
    });
    let sent = outcome.unwrap();
    assert_eq!(direct.outcome(&sent.signature).await.unwrap().unwrap().fee, 10_000);
    assert_eq!(scene.issued().await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_nothing_works_it_ends_and_says_whether_something_was_sent() {
    let scene = Scene::open(World::new(), 50);
    let deadly = Fault::OF_READS.into_iter().filter(|fault| *fault != Fault::Delay && *fault != Fault::Stale);
    for (fault, number) in deadly.zip(0..) {
        let proxy = scene.proxy().await;
        let client = proxy.client(3);
        proxy.follow(Plan::always(fault));
        let error = scene.issue(&client, learner(number)).await.unwrap_err();
        assert!(matches!(error, SendError::Read(_)), "{fault:?}: {error}");
        assert!(proxy.count(fault) > 0);
    }
    scene.expire();
    assert_eq!(scene.issued().await, 0);
}
