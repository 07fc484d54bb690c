//! Transactions that wait for their signatures longer than a blockhash lasts.

use microcred_client::{
    Address,
    error::SendError,
    ledger::{Embedded, Ledger},
    sending::{Nonce, Policy, PriorityFee, Validity, prepare, send, send_durable, signing, submit},
};
use microcred_tests::{
    World,
    faulty::{Fault, Faulty},
};
use solana_keypair::Keypair;
use solana_signer::Signer;
use solana_system_interface::instruction::create_nonce_account;

use crate::{issuing, learner, signers};

/// Creates a nonce account of the payer's.
async fn create_nonce(world: &World) -> Address {
    let account = Keypair::new();
    let payer = world.payer.pubkey();
    let rent = Ledger::rent_minimum(&world.ledger, 80).await.unwrap();
    let instructions = create_nonce_account(&payer, &account.pubkey(), &payer, rent);
    let signers = [world.payer.insecure_clone(), account.insecure_clone()];
    send(&world.ledger, &instructions, &payer, &signers, &Policy::default()).await.unwrap();
    account.pubkey()
}

/// Makes the ledger take another blockhash.
async fn pass(ledger: &Embedded, world: &[Keypair; 2]) {
    let [payer, _] = world;
    let transfer = solana_system_interface::instruction::transfer(&payer.pubkey(), &payer.pubkey(), 1);
    send(ledger, &[transfer], &payer.pubkey(), &[payer], &Policy::default()).await.unwrap();
    ledger.lifetime().await.unwrap();
}

#[tokio::test]
async fn what_was_signed_with_a_nonce_outlives_blockhashes_and_lands_once() {
    let world = World::new();
    let (payer, both) = (world.payer.pubkey(), signers(&world));
    let account = create_nonce(&world).await;
    pass(&world.ledger, &both).await;
    let nonce = Nonce::read(&world.ledger, account).await.unwrap();
    assert_eq!((nonce.account, nonce.authority), (account, payer));
    let policy = Policy { priority_fee: PriorityFee::Fixed(1), ..Policy::default() };
    let draft = prepare(&world.ledger, &[issuing(&world, learner(1))], &payer, Some(nonce), &policy).await.unwrap();
    let transaction = signing::sign(draft.message(&Validity::Nonce(nonce)), &both).unwrap();
    assert!(transaction.uses_durable_nonce());
    assert_eq!(transaction.message.instructions().len(), 4);
    pass(&world.ledger, &both).await;
    let sent = submit(&world.ledger, &transaction).await.unwrap();
    assert_ne!(Nonce::read(&world.ledger, account).await.unwrap().blockhash, nonce.blockhash);
    pass(&world.ledger, &both).await;
    assert_eq!(world.ledger.submit(&transaction, None).await.unwrap().signature, sent.signature);
    // Sent once more, its nonce is used up: it is looked up.
    assert_eq!(submit(&world.ledger, &transaction).await, Ok(sent));

    // Another transaction with the same value never lands.
    let draft = prepare(&world.ledger, &[issuing(&world, learner(2))], &payer, Some(nonce), &policy).await;
    assert!(matches!(draft, Err(SendError::NotExecuted(_))), "{draft:?}");
}

#[tokio::test]
async fn sending_durably_signs_once() {
    let world = World::new();
    let (payer, both) = (world.payer.pubkey(), signers(&world));
    let account = create_nonce(&world).await;
    pass(&world.ledger, &both).await;
    let nonce = Nonce::read(&world.ledger, account).await.unwrap();
    let instructions = [issuing(&world, learner(1))];
    let ledger = Faulty::submitting(world.ledger, &[Fault::Lose]);
    let lost = send_durable(&ledger, &instructions, &payer, nonce, &both, &Policy::default()).await;
    assert!(matches!(lost, Err(SendError::Unconfirmed { .. })), "{lost:?}");
    send_durable(&ledger, &instructions, &payer, nonce, &both, &Policy::default()).await.unwrap();
}

#[tokio::test]
async fn what_is_no_nonce_account_is_told_apart() {
    let world = World::new();
    for (account, why) in [
        (learner(9), "nothing is at this address"),
        (world.payer.pubkey(), "another kind"),
        (world.issuer.address, "another kind"),
    ] {
        let error = Nonce::read(&world.ledger, account).await.unwrap_err().to_string();
        assert!(error.contains(why) && error.contains(&account.to_string()), "{error}");
    }
}
