//! A transaction lands once, whatever the network does; or the error says what is known.

use microcred_client::{
    MicrocredError,
    error::{Refusal, SendError},
    instructions::credential,
    ledger::{Ledger, ReadError},
    sending::{Compute, Policy, PriorityFee, send},
    state::Reason,
};
use microcred_tests::{
    World,
    faulty::{Call, Fault, Faulty},
};
use solana_keypair::Keypair;
use solana_signer::Signer;

use crate::{Issued, issued, issuing, learner, signers};

/// Issues through a ledger with faults, and gives it back with what came of it.
async fn through(faults: &[Fault], policy: &Policy) -> (Faulty, Issued, microcred_tests::Outcome) {
    let world = World::new();
    let (instruction, signers, payer) = (issuing(&world, learner(1)), signers(&world), world.payer.pubkey());
    let what = Issued { achievement: world.issuer.achievement, subject: learner(1) };
    let ledger = Faulty::submitting(world.ledger, faults);
    let outcome = send(&ledger, &[instruction], &payer, &signers, policy).await;
    (ledger, what, outcome)
}

#[tokio::test]
async fn what_expires_is_signed_again_with_another_blockhash() {
    let (ledger, what, outcome) = through(&[Fault::Expire; 4], &Policy::default()).await;
    let sent = outcome.unwrap();
    assert_eq!(issued(&ledger.ledger, &what).subject, what.subject);
    assert_eq!((ledger.count(Call::Submit), ledger.count(Call::Lifetime), ledger.count(Call::Simulate)), (5, 5, 1));
    assert_eq!(ledger.outcome(&sent.signature).await.unwrap().unwrap().signature, sent.signature);
}

#[tokio::test]
async fn attempts_are_bounded() {
    let (ledger, _, outcome) = through(&[Fault::Expire; 9], &Policy { attempts: 3, ..Policy::default() }).await;
    assert!(matches!(outcome, Err(SendError::Expired(_))), "{outcome:?}");
    assert_eq!(ledger.count(Call::Submit), 3);
    let (ledger, _, outcome) = through(&[Fault::Expire; 9], &Policy { attempts: 0, ..Policy::default() }).await;
    assert!(matches!(outcome, Err(SendError::Expired(_))), "{outcome:?}");
    assert_eq!(ledger.count(Call::Submit), 1);
}

#[tokio::test]
async fn what_is_not_known_is_not_signed_again() {
    for fault in [Fault::Lose, Fault::Unconfirmed, Fault::Late] {
        let (ledger, _, outcome) = through(&[fault], &Policy::default()).await;
        assert!(matches!(outcome, Err(SendError::Unconfirmed { .. })), "{outcome:?}");
        assert_eq!(ledger.count(Call::Submit), 1);
    }
    let (_, _, outcome) = through(&[Fault::Fail], &Policy::default()).await;
    assert!(matches!(outcome, Err(SendError::Read(ReadError::Unreachable { .. }))), "{outcome:?}");
    let (ledger, what, outcome) = through(&[Fault::Twice], &Policy::default()).await;
    assert_eq!(outcome.unwrap().fee, 10_000);
    assert_eq!(issued(&ledger.ledger, &what).sequence, 0);
}

#[tokio::test]
async fn a_refusal_costs_nothing_and_names_the_instruction_that_was_passed() {
    let mut world = World::new();
    let held = world.issued(&learner(1));
    let (key, payer) = (world.issuer.by_key(), world.payer.pubkey());
    let instructions = [credential::suspend(&key, held, Reason::UnderReview), issuing(&world, learner(1))];
    let before = world.lamports(&payer);
    let policy = Policy { priority_fee: PriorityFee::Fixed(7), ..Policy::default() };
    let error = send(&world.ledger, &instructions, &payer, &signers(&world), &policy).await.unwrap_err();
    let SendError::Refused { index, refusal, .. } = error else { panic!("{error}") };
    assert_eq!((index, refusal), (1, Refusal::Microcred(MicrocredError::AlreadyExists)));
    assert_eq!(world.lamports(&payer), before);
}

#[tokio::test]
async fn compute_is_sized_by_simulation_and_paid_for() {
    let world = World::new();
    let (payer, signers) = (world.payer.pubkey(), signers(&world));
    let policy = |compute| Policy { priority_fee: PriorityFee::Fixed(1_000_000), compute, attempts: 1 };
    let simulated = policy(Compute::Simulated { margin_percent: 0 });
    let sent = send(&world.ledger, &[issuing(&world, learner(1))], &payer, &signers, &simulated).await.unwrap();
    // One lamport a unit, for exactly the units that it took, and two signatures.
    assert_eq!(sent.fee, 10_000 + sent.compute_units);
    let tenth_more = policy(Compute::Simulated { margin_percent: 10 });
    let sent = send(&world.ledger, &[issuing(&world, learner(2))], &payer, &signers, &tenth_more).await.unwrap();
    assert_eq!(sent.fee, 10_000 + (sent.compute_units * 110).div_ceil(100));
    let fixed = policy(Compute::Fixed(50_000));
    let sent = send(&world.ledger, &[issuing(&world, learner(3))], &payer, &signers, &fixed).await.unwrap();
    assert_eq!(sent.fee, 60_000);
    let too_little = policy(Compute::Fixed(1_000));
    let error = send(&world.ledger, &[issuing(&world, learner(4))], &payer, &signers, &too_little).await.unwrap_err();
    assert!(matches!(error, SendError::Refused { .. }), "{error}");
}

#[tokio::test]
async fn the_future_can_move_between_threads_if_the_signers_can() {
    fn is_send<T: Send>(value: T) -> T {
        value
    }
    let world = World::new();
    let (payer, signers, instructions) = (world.payer.pubkey(), signers(&world), [issuing(&world, learner(1))]);
    is_send(send(&world.ledger, &instructions, &payer, &signers, &Policy::default())).await.unwrap();
    // Signers of other kinds, which cannot: a hardware wallet's are of this type.
    let [first, second] = signers;
    let boxed: Vec<Box<dyn Signer>> = vec![Box::new(first), Box::new(second)];
    let instructions = [issuing(&world, learner(2))];
    send(&world.ledger, &instructions, &payer, &boxed, &Policy::default()).await.unwrap();
}

#[tokio::test]
async fn who_did_not_sign_is_named() {
    let world = World::new();
    let (payer, key) = (world.payer.pubkey(), world.issuer.key.pubkey());
    let instructions = [issuing(&world, learner(1))];
    let stranger = Keypair::new();
    let signers = [world.payer.insecure_clone(), stranger];
    let error = send(&world.ledger, &instructions, &payer, &signers, &Policy::default()).await.unwrap_err();
    assert_eq!(error, SendError::Unsigned(vec![key]));
}
