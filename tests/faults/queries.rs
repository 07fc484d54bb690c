//! Queries behind a proxy: all that there is, or an error; never a part.

use futures_util::future::join_all;
use microcred_client::instructions::credential;
use microcred_client::state::Reason;
use microcred_client::{
    Address,
    ledger::{Ledger, ReadError},
    queries::{self, Credentials, Found, IssuerKeys},
    state::CredentialStatus,
};
use microcred_tests::World;

use crate::{
    plan::{Fault, Plan},
    scene::{Scene, learner, look},
};

/// What is asked.
fn filters(world: &World) -> Vec<Credentials> {
    let issuer = Some(world.issuer.address);
    let mut filters = vec![
        Credentials { issuer, ..Credentials::default() },
        Credentials { achievement: Some(world.issuer.acceptance), ..Credentials::default() },
        Credentials { subject: Some(learner(3)), ..Credentials::default() },
    ];
    filters.extend([CredentialStatus::Active, CredentialStatus::Revoked].map(|status| Credentials {
        issuer,
        status: Some(status),
        ..Credentials::default()
    }));
    filters
}

/// All answers; the first error ends it.
async fn answers(ledger: &dyn Ledger, world: &World) -> Result<Vec<Vec<Address>>, ReadError> {
    let mut answers = Vec::new();
    for filter in filters(world) {
        let Found { records, unreadable } = queries::find(ledger, &filter).await?;
        assert_eq!(unreadable, []);
        answers.push(records.into_iter().map(|(address, _)| address).collect());
        answers.push(queries::addresses(ledger, &filter).await?);
    }
    let keys = IssuerKeys { issuer: Some(world.issuer.address), key: None };
    answers.push(queries::addresses(ledger, &keys).await?);
    Ok(answers)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn through_faults_comes_all_that_there_is_or_an_error() {
    let mut world = World::new();
    let held: Vec<_> = (0..6).map(|number| world.issued(&learner(number))).collect();
    let mut scene = Scene::open(world, 50);
    let proxies = join_all((0..20).map(|_| scene.proxy())).await;
    let first = join_all(proxies.iter().map(|proxy| async { answers(&proxy.client(8), &scene.world).await.unwrap() }));
    let first = first.await.swap_remove(0);

    let (key, by_key) = (scene.world.key_holder(), scene.world.issuer.by_key());
    let revoke = credential::revoke_many(&by_key, &held[..3], Reason::IssuedInError);
    scene.world.ok(&[revoke], &[&key]);
    scene.world.pending(&learner(3));
    scene.copy();
    let truth = answers(&scene.world.ledger, &scene.world).await.unwrap();
    assert_ne!(first, truth);

    let rounds = join_all(proxies.iter().zip(0..).map(|(proxy, seed)| {
        let (world, truth) = (&scene.world, &truth);
        async move {
            let client = proxy.client(if seed % 2 == 0 { 2 } else { 12 });
            look(&client).await;
            proxy.follow(Plan { seed, percent: 30, faults: Fault::OF_READS.to_vec() });
            match answers(&client, world).await {
                Ok(answers) => {
                    assert_eq!(&answers, truth, "seed {seed}");
                    true
                }
                Err(_) => false,
            }
        }
    }));
    let rounds = rounds.await;
    assert!(rounds.contains(&true) && rounds.contains(&false), "{rounds:?}");
    for fault in Fault::OF_READS {
        assert!(proxies.iter().any(|proxy| proxy.count(fault) > 0), "{fault:?} was never met");
    }
}
