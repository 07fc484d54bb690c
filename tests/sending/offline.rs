//! Signatures that are made in several places.

use microcred_client::ledger::Ledger;
use microcred_client::{
    error::SendError,
    sending::{Budget, Draft, Policy, Validity, prepare, signing, submit},
};
use microcred_tests::{
    World,
    faulty::{Call, Fault, Faulty},
};
use solana_keypair::Keypair;
use solana_signature::Signature;
use solana_signer::Signer;

use crate::{issuing, learner};

#[tokio::test]
async fn signatures_from_two_places_make_one_transaction() {
    let world = World::new();
    let (payer, key) = (&world.payer, &world.issuer.key);
    let (policy, instructions) = (Policy::default(), [issuing(&world, learner(1))]);
    let draft = prepare(&world.ledger, &instructions, &payer.pubkey(), None, &policy).await.unwrap();
    let validity = Validity::Blockhash(world.ledger.lifetime().await.unwrap().blockhash);
    let message = draft.message(&validity);
    assert_eq!(signing::signers(&message), [payer.pubkey(), key.pubkey()]);

    let mut transaction = signing::sign_partly(message.clone(), &[payer]).unwrap();
    assert_eq!(signing::missing(&transaction), [key.pubkey()]);
    assert_eq!(submit(&world.ledger, &transaction).await, Err(SendError::Unsigned(vec![key.pubkey()])));
    let elsewhere = key.sign_message(&message.serialize());
    signing::attach(&mut transaction, &[(key.pubkey(), elsewhere)]).unwrap();
    assert!(signing::missing(&transaction).is_empty());
    let sent = submit(&world.ledger, &transaction).await.unwrap();
    assert_eq!(sent.signature, transaction.signatures[0]);
    // Once more has no other effect, though the credential exists now.
    assert_eq!(submit(&world.ledger, &transaction).await, Ok(sent));
    assert!(world.ledger.submit(&transaction, None).await.is_ok());
}

#[test]
fn signatures_that_do_not_belong_are_refused() {
    let world = World::new();
    let (payer, key, stranger) = (&world.payer, &world.issuer.key, Keypair::new());
    let draft = Draft::new(payer.pubkey(), vec![issuing(&world, learner(1))]);
    let message = draft.message(&Validity::Blockhash(Default::default()));
    let mut transaction = signing::unsigned(message.clone());
    assert_eq!(signing::missing(&transaction), [payer.pubkey(), key.pubkey()]);
    let good = (key.pubkey(), key.sign_message(&message.serialize()));
    for bad in [
        (key.pubkey(), key.sign_message(b"something else")),
        (key.pubkey(), Signature::default()),
        (stranger.pubkey(), stranger.sign_message(&message.serialize())),
    ] {
        let error = signing::attach(&mut transaction, &[good, bad]).unwrap_err();
        assert!(error.to_string().contains(&bad.0.to_string()), "{error}");
        assert_eq!(transaction, signing::unsigned(message.clone()));
    }
    transaction.signatures[0] = Signature::from([1; 64]);
    assert_eq!(signing::missing(&transaction), [payer.pubkey(), key.pubkey()]);
}

#[tokio::test]
async fn a_complete_transaction_that_would_be_refused_is_not_sent() {
    let mut world = World::new();
    world.issued(&learner(1));
    let (payer, key) = (world.payer.insecure_clone(), world.issuer.key.insecure_clone());
    let draft = Draft::new(payer.pubkey(), vec![issuing(&world, learner(1))]);
    let validity = Validity::Blockhash(world.ledger.lifetime().await.unwrap().blockhash);
    let transaction = signing::sign(draft.message(&validity), &[payer, key]).unwrap();
    let ledger = Faulty::submitting(world.ledger, &[]);
    assert!(matches!(submit(&ledger, &transaction).await, Err(SendError::Refused { index: 0, .. })));
    assert_eq!(ledger.count(Call::Submit), 0);

    // Where it cannot be looked up whether it was executed before, nothing is claimed.
    let ledger = Faulty::new(ledger.ledger, |call| (call == Call::Outcome).then_some(Fault::Fail));
    assert!(matches!(submit(&ledger, &transaction).await, Err(SendError::Read(_))));
}

#[test]
fn the_budget_comes_before_the_instructions_and_counts() {
    let world = World::new();
    let mut draft = Draft::new(world.payer.pubkey(), vec![issuing(&world, learner(1))]);
    let validity = Validity::Blockhash(Default::default());
    let bare = draft.size(&validity);
    assert_eq!(draft.message(&validity).instructions().len(), 1);
    draft.budget = Budget { units: Some(20_000), price: 0 };
    assert_eq!(draft.message(&validity).instructions().len(), 2);
    draft.budget.price = 5;
    let message = draft.message(&validity);
    assert_eq!(message.instructions().iter().map(|one| one.data[0]).collect::<Vec<_>>()[..2], [2, 3]);
    // The program's address, and two instructions of five and nine bytes.
    assert_eq!(draft.size(&validity), bare + 32 + (3 + 5) + (3 + 9));
}
