//! What is found before anything is sent: bad rows, and what stands in the way of all of them.

use microcred::KeyTerms;
use microcred_client::{
    Address, MicrocredError,
    bulk::{BulkError, Problem},
    instructions::{KeyRef, achievement, issuer},
    state::{Lifecycle, UNLIMITED, permission},
};
use microcred_tests::{
    DAY, START, World, achievement_args,
    faulty::{Call, Faulty},
    key_terms,
};
use solana_keypair::Keypair;
use solana_signer::Signer;

use crate::{Desk, file, options, wallets};

/// What stands in the way; nothing was sent, and no journal written.
async fn problems(world: World, desk: &Desk, text: &str) -> Vec<Problem> {
    let ledger = Faulty::submitting(world.ledger, &[]);
    let error = desk.issue(&ledger, text).await.unwrap_err();
    assert_eq!(ledger.count(Call::Submit), 0);
    assert!(!desk.journal().exists());
    match error {
        BulkError::Unready(problems) => problems,
        other => panic!("{other}"),
    }
}

async fn bad_rows(world: &World, desk: &Desk, text: &str) -> Vec<(u64, String)> {
    match desk.issue(&world.ledger, text).await.unwrap_err() {
        BulkError::Rows(rows) => rows.into_iter().map(|row| (row.line, row.what)).collect(),
        other => panic!("{other}"),
    }
}

#[tokio::test]
async fn achievement_and_issuer_must_be_in_use() {
    let text = file(&wallets(1, 3));
    for (halt, status) in [
        (achievement::pause as fn(&_, _) -> _, Lifecycle::Paused),
        (achievement::retire as fn(&_, _) -> _, Lifecycle::Retired),
    ] {
        let mut world = World::new();
        world.halt_achievement(halt, world.issuer.achievement);
        let desk = Desk::of(&world);
        let title = String::from("Rust for systems");
        assert_eq!(problems(world, &desk, &text).await, [Problem::Achievement { title, status }]);
    }
    for (halt, status) in
        [(issuer::pause as fn(_, _) -> _, Lifecycle::Paused), (issuer::retire as fn(_, _) -> _, Lifecycle::Retired)]
    {
        let mut world = World::new();
        world.halt_issuer(halt);
        let desk = Desk::of(&world);
        let name = String::from("University of Somewhere");
        assert_eq!(problems(world, &desk, &text).await, [Problem::Issuer { name, status }]);
    }
    let mut world = World::new();
    let draft = microcred::CreateAchievementArgs { publish: false, ..achievement_args("draft") };
    let key = world.issuer.key.insecure_clone();
    world.ok(&[achievement::create(world.payer.pubkey(), &world.issuer.by_key(), draft)], &[&key]);
    let mut desk = Desk::of(&world);
    desk.issuing.achievement = microcred_client::address::achievement(&world.issuer.address, "draft");
    let found = problems(world, &desk, &text).await;
    assert!(matches!(found[..], [Problem::Achievement { status: Lifecycle::Draft, .. }]), "{found:?}");
}

#[tokio::test]
async fn the_key_must_be_the_signers_and_allow_it() {
    let text = file(&wallets(2, 3));
    let held = Keypair::new();
    let good = key_terms(held.pubkey());
    let other = Address::new_from_array([7; 32]);
    let error = |error| Problem::Key { index: 1, error };
    for (terms, expected) in [
        (KeyTerms { permissions: permission::REVOKE, ..good }, error(MicrocredError::KeyWithoutPermission)),
        (KeyTerms { scope: other, ..good }, error(MicrocredError::KeyOutOfScope)),
        (KeyTerms { valid_from: START + DAY, ..good }, error(MicrocredError::KeyNotYetValid)),
        (KeyTerms { quota: 2, ..good }, Problem::Quota { index: 1, left: 2, wanted: 3 }),
        (
            KeyTerms { quota: UNLIMITED, key: other, ..good },
            Problem::AnotherKey { index: 1, key: other, signer: held.pubkey() },
        ),
    ] {
        let mut world = World::new();
        world.new_key(1, terms).unwrap();
        let mut desk = Desk::of(&world);
        desk.issuing.key = KeyRef { index: 1, key: held.pubkey(), ..desk.issuing.key };
        assert_eq!(problems(world, &desk, &text).await, [expected]);
    }
    let world = World::new();
    let mut desk = Desk::of(&world);
    desk.issuing.key.index = 9;
    let missing = Problem::Missing { what: "issuer key", address: desk.issuing.key.address() };
    assert_eq!(problems(world, &desk, &text).await, [missing]);
    // All that is wrong is told at once.
    let mut world = World::new();
    world.retire_everything();
    let mut desk = Desk::of(&world);
    (desk.issuing.achievement, desk.issuing.key.index) = (world.issuer.acceptance, 9);
    assert_eq!(problems(world, &desk, &text).await.len(), 3);
}

#[tokio::test]
async fn the_payer_must_have_enough_for_the_whole_run() {
    let mut world = World::new();
    let mut desk = Desk::of(&world);
    desk.payer = Keypair::new();
    desk.issuing.payer = desk.payer.pubkey();
    let text = file(&wallets(3, 20));
    world.ledger.fund(&desk.payer.pubkey(), 10_000_000).unwrap();
    let needs = 20 * world.ledger.rent_minimum(192) + 3 * 10_000 + world.ledger.rent_minimum(0);
    let poor = Problem::TooPoor { payer: desk.payer.pubkey(), has: 10_000_000, needs };
    match desk.issue(&world.ledger, &text).await.unwrap_err() {
        BulkError::Unready(problems) => assert_eq!(problems, [poor]),
        other => panic!("{other}"),
    }
    world.ledger.fund(&desk.payer.pubkey(), needs - 10_000_000).unwrap();
    let summary = desk.issue(&world.ledger, &text).await.unwrap();
    assert_eq!((summary.done, summary.fees), (20, 30_000));
}

#[tokio::test]
async fn rows_that_the_ledger_shows_to_be_wrong_are_all_told() {
    let mut world = World::new();
    let desk = Desk::of(&world);
    // This one has place 77.
    world.issued(&Address::new_from_array([9; 32]));
    let [a, b, c] = wallets(4, 3).try_into().unwrap();
    let text = format!("wallet,status_index,expires_at\n{a},77,\n{b},78,{}\n{c},79,{}\n", START - 1, START + 1);
    let bad = bad_rows(&world, &desk, &text).await;
    assert_eq!(bad.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [2, 3]);
    assert!(bad[0].1.contains("status index 77") && bad[1].1.contains("in the past"), "{bad:?}");
    assert!(!desk.journal().exists());
}

#[tokio::test]
async fn keys_that_ask_a_person_each_time_must_be_allowed() {
    struct Asking(Keypair);
    impl Signer for Asking {
        fn try_pubkey(&self) -> Result<Address, solana_signer::SignerError> {
            self.0.try_pubkey()
        }
        fn try_sign_message(&self, message: &[u8]) -> Result<solana_signature::Signature, solana_signer::SignerError> {
            self.0.try_sign_message(message)
        }
        fn is_interactive(&self) -> bool {
            true
        }
    }
    let world = World::new();
    let desk = Desk::of(&world);
    let text = file(&wallets(5, 20));
    let signers = [Asking(desk.payer.insecure_clone()), Asking(desk.key.insecure_clone())];
    let run = desk.prepare(&world.ledger, &text, options()).await.unwrap();
    assert!(matches!(run.execute(&signers, &|_: &_| ()).await, Err(BulkError::Interactive(3))));
    let options = crate::Options { interactive: true, ..options() };
    let run = desk.prepare(&world.ledger, &text, options).await.unwrap();
    assert_eq!(run.execute(&signers, &|_: &_| ()).await.unwrap().done, 20);
}
