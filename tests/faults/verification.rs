//! Verification behind a proxy: the true verdict, or "could not check"; never another one.

use std::{collections::BTreeSet, time::Duration};

use futures_util::{StreamExt, future::join_all};
use microcred::{IssueArgs, RenewArgs};
use microcred_client::{
    Address, address,
    instructions::{Actor, credential},
    state::{AccreditationStatus, CredentialStatus, Reason},
    verdict::{Document, Expected, Verdict},
    verification::{Query, Receipt, verify, verify_many},
};
use microcred_tests::{START, World, issue_args, key_terms};
use solana_signer::Signer;
use tokio::time::timeout;

use crate::{
    plan::{Fault, Plan},
    proxy::Proxy,
    scene::{Scene, learner, look},
};

/// When the verifiers ask; everything before was done at [`START`].
const NOW: i64 = START + 20;

/// One query for each verdict, as the world is at first; what changes the world is done by the second part.
fn before(world: &mut World) -> Vec<Query> {
    let achievement = world.issuer.achievement;
    let mut queries: Vec<_> = (0..7).map(|number| Query::at(world.issued(&learner(number)))).collect();
    queries.push(Query::latest(achievement, learner(0)));
    queries.push(Query::latest(achievement, learner(7)));
    queries.push(Query::latest(achievement, learner(8)));
    let other = Expected { subject: Some(learner(9)), ..Expected::default() };
    queries.push(Query { expected: other, ..Query::at(world.issued(&learner(9 + 1))) });
    queries.push(Query::at(world.pending(&learner(11))));
    queries.push(Query::at(world.credential_in(CredentialStatus::Suspended).credential));
    queries.push(Query::at(world.credential_in(CredentialStatus::Declined).credential));
    let expiring = IssueArgs { expires_at: Some(NOW), ..issue_args(learner(12)) };
    world.issue(achievement, expiring).unwrap();
    queries.push(Query::at(address::credential(&achievement, &learner(12), 0)));
    for (query, signed) in queries[4..6].iter_mut().zip([true, false]) {
        query.document = Some(Document { digest: [5; 32], signed_by_issuer: signed });
    }
    queries.push(Query::at(world.issued(&learner(13))).trusting(&[world.body.registry]));
    world.new_key(1, key_terms(world.issuer.key.pubkey())).unwrap();
    queries.push(Query::at(by_second_key(world, learner(14))));
    queries.into_iter().map(|query| Query { local_time: Some(NOW), ..query }).collect()
}

fn by_second_key(world: &mut World, subject: Address) -> Address {
    let key = microcred_client::instructions::KeyRef { index: 1, ..world.issuer.key_ref() };
    let achievement = world.issuer.achievement;
    let issue = credential::issue(world.payer.pubkey(), &key, achievement, issue_args(subject));
    let signer = world.key_holder();
    world.ok(&[issue], &[&signer]);
    address::credential(&achievement, &subject, 0)
}

/// Changes nearly every verdict.
fn after(world: &mut World, queries: &[Query]) {
    let (key, authority, by_key) = (world.key_holder(), world.issuer_authority(), world.issuer.by_key());
    let place = |number: usize| match queries[number].credential {
        microcred_client::verification::Locator::Address(address) => address,
        other => panic!("{other:?}"),
    };
    world.ok(&[credential::revoke(&by_key, place(1), Reason::AcademicMisconduct)], &[&key]);
    world.ok(&[credential::suspend(&by_key, place(2), Reason::UnderReview)], &[&key]);
    world.ok(&[credential::erase(&by_key, place(3), Reason::LegalOrder)], &[&key]);
    for number in [4, 5] {
        let renewal = RenewArgs { digest: [6; 32], expires_at: None };
        let renew = credential::renew(&world.issuer.key_ref(), world.issuer.achievement, place(number), renewal);
        world.ok(&[renew], &[&key]);
    }
    world.issued(&learner(7));
    world.ok(&[credential::reinstate(&by_key, place(12))], &[&key]);
    world.bring_accreditation(AccreditationStatus::Withdrawn);
    let Actor::Authority { issuer, authority: address } = world.issuer.by_authority() else { panic!("no authority") };
    let mark = microcred_client::instructions::key::mark_compromised(address, issuer, 1, START - 1);
    world.ok(&[mark], &[&authority]);
    world.ledger.set_time(NOW);
}

/// What a receipt says, whatever it was read from.
fn said(receipt: &Receipt) -> (Verdict, u8, Vec<Verdict>) {
    (receipt.verdict, receipt.exit_code, receipt.findings.clone())
}

/// A cluster on which nearly every verdict has changed, proxies that remember how it was, the queries, and the truth.
pub async fn stage(proxies: usize) -> (Scene, Vec<Proxy>, Vec<Query>, Vec<Receipt>) {
    let mut world = World::new();
    let queries = before(&mut world);
    let mut scene = Scene::open(world, 50);
    let proxies = join_all((0..proxies).map(|_| scene.proxy())).await;
    let first = join_all(proxies.iter().map(|proxy| async {
        let client = proxy.client(8);
        let many: Vec<_> = verify_many(&client, queries.clone()).collect().await;
        assert_eq!(many.len(), queries.len());
        join_all(queries.iter().map(|query| verify(&client, query))).await
    }));
    let first = first.await.swap_remove(0);
    after(&mut scene.world, &queries);
    scene.copy();
    scene.net.set_time(NOW).unwrap();
    let truth = join_all(queries.iter().map(|query| verify(&scene.world.ledger, query))).await;
    let changed = first.iter().zip(&truth).filter(|(first, now)| said(first) != said(now)).count();
    assert!(changed >= 9, "{changed}");
    (scene, proxies, queries, truth)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn through_faults_comes_the_true_verdict_or_none() {
    let (_scene, proxies, queries, truth) = stage(16).await;
    let all: BTreeSet<_> = truth.iter().map(|receipt| receipt.verdict.to_string()).collect();
    assert_eq!(all.len(), 12 + usize::from(all.contains("could not check")), "{all:?}");

    let answers = join_all(proxies.iter().zip(0..).map(|(proxy, seed)| {
        let (queries, truth) = (&queries, &truth);
        async move {
            // Half of the clients are easily discouraged.
            let client = proxy.client(if seed % 2 == 0 { 2 } else { 12 });
            look(&client).await;
            proxy.follow(Plan { seed, percent: 40, faults: Fault::OF_READS.to_vec() });
            let receipts = if seed % 4 < 2 {
                join_all(queries.iter().map(|query| verify(&client, query))).await
            } else {
                verify_many(&client, queries.clone()).collect().await
            };
            let mut right = 0;
            for ((receipt, truth), query) in receipts.iter().zip(truth).zip(queries) {
                if receipt.verdict == Verdict::CouldNotCheck {
                    assert_eq!((receipt.exit_code, receipt.problem.is_some()), (5, true));
                } else {
                    assert_eq!(said(receipt), said(truth), "seed {seed}: {query:?}");
                    right += 1;
                }
            }
            right
        }
    }));
    let answers = answers.await;
    let right: usize = answers.iter().sum();
    let asked = proxies.len() * queries.len();
    assert!(right > asked / 2 && right < asked, "{right} of {asked} answers were given");
    // Patience makes a difference.
    let of_patient: usize = answers.iter().skip(1).step_by(2).sum();
    assert!(of_patient > right / 2, "{answers:?}");
    for fault in Fault::OF_READS {
        assert!(proxies.iter().any(|proxy| proxy.count(fault) > 0), "{fault:?} was never met");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_nothing_works_nothing_is_said_and_nobody_waits_for_ever() {
    let (_scene, proxies, queries, truth) = stage(1).await;
    let proxy = &proxies[0];
    let client = proxy.client(3);
    look(&client).await;
    for fault in Fault::OF_READS {
        proxy.follow(Plan::always(fault));
        let answers = join_all(queries.iter().map(|query| verify(&client, query)));
        let answers = timeout(Duration::from_secs(30), answers).await.unwrap();
        for (receipt, truth) in answers.iter().zip(&truth) {
            let expected = if fault == Fault::Delay { truth.verdict } else { Verdict::CouldNotCheck };
            assert_eq!(receipt.verdict, expected, "{fault:?}: {receipt:#?}");
        }
        assert!(proxy.count(fault) > 0);
    }
    proxy.follow(Plan::quiet());
    for (query, truth) in queries.iter().zip(&truth) {
        assert_eq!(said(&verify(&client, query).await), said(truth));
    }
}
