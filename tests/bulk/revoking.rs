//! Revoking from many.

use microcred::KeyTerms;
use microcred_client::{
    Address, account, address,
    bulk::{self, BulkError, Progress, Revoking, Source, Summary, read_revocations},
    instructions::{Actor, KeyRef, credential},
    ledger::{Embedded, Ledger},
    state::{Credential, CredentialStatus, Reason, permission},
};
use microcred_tests::{
    World,
    faulty::{Call, Fault, Faulty},
    key_terms,
};
use solana_keypair::Keypair;
use solana_signer::Signer;

use crate::{Desk, assert_adds_up, file, options, wallets};

fn revoking(desk: &Desk) -> Revoking {
    Revoking {
        payer: desk.payer.pubkey(),
        actor: Actor::Key(desk.issuing.key),
        achievement: Some(desk.issuing.achievement),
        reason: Reason::IssuedInError,
    }
}

async fn revoke(desk: &Desk, ledger: &dyn Ledger, what: &Revoking, text: &str) -> Result<Summary, BulkError> {
    let rows = read_revocations(text.as_bytes()).map_err(BulkError::Rows)?;
    let source = Source::of(&desk.folder.path().join("revoked.csv"), text.as_bytes(), "a test");
    let run = bulk::revoke(ledger, what, &rows, &source, options()).await?;
    run.execute(&desk.signers(), &|_: &Progress| ()).await
}

fn status(ledger: &Embedded, credential: &Address) -> (CredentialStatus, u8) {
    let found: Credential = account::decode(credential, &ledger.account(credential).unwrap()).unwrap();
    (found.credential_status().unwrap(), found.reason)
}

#[tokio::test]
async fn hundreds_are_revoked_each_for_its_reason() {
    let world = World::new();
    let desk = Desk::of(&world);
    let learners = wallets(1, 300);
    desk.issue(&world.ledger, &file(&learners)).await.unwrap();
    let at = |wallet: &Address| address::credential(&desk.issuing.achievement, wallet, 0);
    let mut text = String::from("wallet,credential,reason\n");
    for (number, wallet) in learners.iter().take(250).enumerate() {
        let reason = if number % 2 == 0 { "payment" } else { "" };
        text += &if number % 3 == 0 { format!(",{},{reason}\n", at(wallet)) } else { format!("{wallet},,{reason}\n") };
    }
    let summary = revoke(&desk, &world.ledger, &revoking(&desk), &text).await.unwrap();
    assert_adds_up(&summary, 250);
    assert_eq!((summary.done, summary.rent), (250, 0));
    assert!(summary.transactions.len() <= 14, "{}", summary.transactions.len());
    for (number, wallet) in learners.iter().enumerate() {
        let reason = if number % 2 == 0 { Reason::Payment } else { Reason::IssuedInError };
        let expected = (CredentialStatus::Revoked, reason.code());
        assert_eq!(status(&world.ledger, &at(wallet)) == expected, number < 250, "row {number}");
    }
    let again = revoke(&desk, &world.ledger, &revoking(&desk), &text).await.unwrap();
    assert_eq!((again.done, again.done_earlier, again.transactions.len()), (0, 250, 0));
}

#[tokio::test]
async fn what_is_over_is_skipped_and_what_is_not_there_is_wrong() {
    let mut world = World::new();
    let mut desk = Desk::of(&world);
    desk.issuing.achievement = world.issuer.acceptance;
    let held: Vec<_> = CredentialStatus::ALL.iter().map(|status| world.credential_in(*status)).collect();
    let wallets: Vec<_> = held.iter().map(|held| held.subject()).collect();
    let summary = revoke(&desk, &world.ledger, &revoking(&desk), &file(&wallets)).await.unwrap();
    assert_adds_up(&summary, 6);
    assert_eq!(summary.done, 3);
    let told: Vec<_> = summary.skipped.iter().map(|remark| remark.what.as_str()).collect();
    assert!(
        told[0].contains("issued in error") && told[1].contains("declined") && told[2].contains("erased"),
        "{told:?}"
    );

    let stranger = world.new_issuer("another");
    let theirs = world.issued(&Keypair::new().pubkey());
    let desk = Desk::of(&world);
    let nobody = Keypair::new().pubkey();
    let text =
        format!("wallet,credential\n{nobody},\n,{nobody}\n,{}\n,{theirs}\n,{}\n", stranger.address, held[0].credential);
    match revoke(&desk, &world.ledger, &revoking(&desk), &text).await.unwrap_err() {
        BulkError::Rows(rows) => assert_eq!(rows.iter().map(|row| row.line).collect::<Vec<_>>(), [2, 3, 4, 6]),
        other => panic!("{other}"),
    }
    let what = Revoking { achievement: None, ..revoking(&desk) };
    match revoke(&desk, &world.ledger, &what, &text).await.unwrap_err() {
        BulkError::Rows(rows) => assert_eq!(rows.iter().map(|row| row.line).collect::<Vec<_>>(), [2]),
        other => panic!("{other}"),
    }
}

#[tokio::test]
async fn a_learner_who_was_issued_again_loses_the_latest_one_only_once() {
    let world = World::new();
    let mut desk = Desk::of(&world);
    let learners = wallets(3, 10);
    desk.issue(&world.ledger, &file(&learners)).await.unwrap();
    let text = file(&learners);
    assert_eq!(revoke(&desk, &world.ledger, &revoking(&desk), &text).await.unwrap().done, 10);
    desk.issuing.again = true;
    std::fs::remove_file(desk.journal()).unwrap();
    assert_eq!(desk.issue(&world.ledger, &text).await.unwrap().done, 10);
    // The journal knows which ones were meant.
    let again = revoke(&desk, &world.ledger, &revoking(&desk), &text).await.unwrap();
    assert_eq!((again.done, again.done_earlier), (0, 10));
    let next = address::credential(&desk.issuing.achievement, &learners[0], 1);
    assert_eq!(status(&world.ledger, &next).0, CredentialStatus::Active);
    std::fs::remove_file(desk.folder.path().join("revoked.csv.journal")).unwrap();
    assert_eq!(revoke(&desk, &world.ledger, &revoking(&desk), &text).await.unwrap().done, 10);
    assert_eq!(status(&world.ledger, &next).0, CredentialStatus::Revoked);
}

#[tokio::test]
async fn what_was_revoked_before_is_not_taken_for_the_next_one_when_a_file_is_repeated() {
    for others in [0, 2] {
        let mut world = World::new();
        let mut desk = Desk::of(&world);
        let learners = wallets(6, 1 + others);
        desk.issue(&world.ledger, &file(&learners)).await.unwrap();
        let at = |sequence| address::credential(&desk.issuing.achievement, &learners[0], sequence);
        let (old, next) = (at(0), at(1));
        let before = credential::revoke(&world.issuer.by_key(), old, Reason::Payment);
        let key = world.issuer.key.insecure_clone();
        world.ok(&[before], &[&key]);

        // Whether the run has something to send or not.
        let text = file(&learners);
        let first = revoke(&desk, &world.ledger, &revoking(&desk), &text).await.unwrap();
        assert_eq!((first.done, first.skipped.len()), (others, 1));
        desk.issuing.again = true;
        std::fs::remove_file(desk.journal()).unwrap();
        desk.issue(&world.ledger, &text).await.unwrap();
        let again = revoke(&desk, &world.ledger, &revoking(&desk), &text).await.unwrap();
        assert_eq!((again.done, again.done_earlier, again.skipped.len()), (0, others, 1));
        assert_eq!(status(&world.ledger, &next).0, CredentialStatus::Active);
    }
}

#[tokio::test]
async fn who_revokes_must_be_allowed_to() {
    let mut world = World::new();
    let desk = Desk::of(&world);
    let learners = wallets(4, 3);
    desk.issue(&world.ledger, &file(&learners)).await.unwrap();
    let held = Keypair::new();
    world.new_key(1, KeyTerms { permissions: permission::ISSUE, ..key_terms(held.pubkey()) }).unwrap();
    let scope = world.issuer.acceptance;
    world.new_key(2, KeyTerms { scope, ..key_terms(held.pubkey()) }).unwrap();
    let by = |index, key| Revoking { actor: Actor::Key(KeyRef { index, key, ..desk.issuing.key }), ..revoking(&desk) };
    let text = file(&learners);
    for (what, expected) in [
        (by(1, held.pubkey()), "lacks the permission"),
        (by(2, held.pubkey()), "of another achievement"),
        (by(0, held.pubkey()), "not "),
        (by(7, held.pubkey()), "there is no issuer key"),
        (
            Revoking { actor: Actor::Authority { issuer: desk.issuer, authority: held.pubkey() }, ..revoking(&desk) },
            "the issuer's authority is",
        ),
    ] {
        let error = revoke(&desk, &world.ledger, &what, &text).await.unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    }
}

#[tokio::test]
async fn faults_do_not_keep_it_from_ending_right() {
    let world = World::new();
    let desk = Desk::of(&world);
    let learners = wallets(5, 120);
    desk.issue(&world.ledger, &file(&learners)).await.unwrap();
    let text = file(&learners);
    let faults = [Fault::Unconfirmed, Fault::Expire, Fault::Late, Fault::Lose, Fault::Twice, Fault::Fail];
    let mut faults = faults.into_iter().cycle();
    let ledger = Faulty::new(world.ledger, move |call| if call == Call::Submit { faults.next() } else { None });
    for _ in 0..50 {
        let summary = revoke(&desk, &ledger, &revoking(&desk), &text).await.unwrap();
        assert_adds_up(&summary, 120);
        assert!(summary.failed.is_empty() && summary.skipped.is_empty(), "{summary:?}");
        if summary.is_complete() {
            assert_eq!(summary.done + summary.done_earlier, 120);
            return;
        }
    }
    panic!("fifty runs were not enough");
}
