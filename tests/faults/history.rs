//! The history of an account behind a proxy: all of it, or an error.

use futures_util::future::join_all;
use microcred_client::{
    instructions::credential,
    ledger::{Ledger, Page},
    state::Reason,
};
use microcred_tests::World;

use crate::{
    plan::{Fault, Plan},
    scene::{Scene, learner},
};

const ALL: Page = Page { before: None, until: None, limit: 100 };

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn through_faults_comes_the_whole_history_or_an_error() {
    let scene = Scene::open(World::new(), 50);
    let by_key = scene.world.issuer.by_key();
    let address = scene.credential(learner(1));
    let direct = scene.direct();
    scene.issue(&direct, learner(1)).await.unwrap();
    for instruction in [
        credential::suspend(&by_key, address, Reason::UnderReview),
        credential::reinstate(&by_key, address),
        credential::revoke(&by_key, address, Reason::IssuedInError),
    ] {
        scene.send(&direct, instruction).await.unwrap();
    }
    let truth = direct.history(&address, &ALL).await.unwrap();
    assert_eq!(truth.iter().map(|past| past.events().len()).collect::<Vec<_>>(), [1; 4]);

    let faults: Vec<_> =
        Fault::OF_READS.into_iter().chain([Fault::Hide]).filter(|fault| *fault != Fault::Stale).collect();
    let proxies = join_all((0..16).map(|_| scene.proxy())).await;
    let rounds = join_all(proxies.iter().zip(0..).map(|(proxy, seed)| {
        let (truth, faults) = (&truth, faults.clone());
        async move {
            let client = proxy.client(if seed % 2 == 0 { 2 } else { 12 });
            proxy.follow(Plan { seed, percent: 40, faults });
            match client.history(&address, &ALL).await {
                Ok(history) => {
                    assert_eq!(&history, truth, "seed {seed}");
                    true
                }
                Err(_) => false,
            }
        }
    }));
    let rounds = rounds.await;
    assert!(rounds.contains(&true) && rounds.contains(&false), "{rounds:?}");
    for fault in faults {
        assert!(proxies.iter().any(|proxy| proxy.count(fault) > 0), "{fault:?} was never met");
    }
}
