//! What a run issues, what it costs, and what it does with rows that the ledger has something to say about.

use std::{cell::RefCell, fs};

use microcred_client::{
    Address, MicrocredError, address,
    bulk::{BulkError, Options, Progress},
    error::SendError,
    instructions::{Actor, credential},
    ledger::{Embedded, Ledger},
    sending::{Policy, PriorityFee},
    state::{CredentialStatus, Reason},
};
use microcred_tests::{
    DAY, START, World,
    faulty::{Call, Fault, Faulty},
};
use solana_signer::Signer;

use crate::{Desk, assert_adds_up, assert_each_has_one, credentials, file, options, refusing::Refusing, wallets};

fn lamports(ledger: &Embedded, address: &Address) -> u64 {
    ledger.account(address).map_or(0, |account| account.lamports)
}

#[tokio::test]
async fn thousands_are_issued_once_and_cost_what_is_said() {
    const ROWS: usize = 3_000;
    let world = World::new();
    let desk = Desk::of(&world);
    let learners = wallets(1, ROWS);
    let before = lamports(&world.ledger, &desk.payer.pubkey());
    let run = desk.prepare(&world.ledger, &file(&learners), options()).await.unwrap();
    let overview = run.overview().clone();
    assert_eq!((overview.rows, overview.to_do, overview.transactions, overview.pending), (ROWS, ROWS, 375, false));
    let last = RefCell::new(Progress::default());
    let summary = run.execute(&desk.signers(), &|progress: &Progress| *last.borrow_mut() = *progress).await.unwrap();
    assert_adds_up(&summary, ROWS);
    assert_eq!((summary.done, summary.transactions.len()), (ROWS, 375));
    assert_eq!((last.borrow().done, last.borrow().transactions), (ROWS, 375));
    assert_eq!((summary.fees, summary.rent), (overview.fees, overview.rent));
    assert_eq!(before - lamports(&world.ledger, &desk.payer.pubkey()), summary.fees + summary.rent);
    assert_each_has_one(&world.ledger, &desk.issuing.achievement, &learners);

    let journal = fs::read(desk.journal()).unwrap();
    let again = desk.prepare(&world.ledger, &file(&learners), options()).await.unwrap();
    assert_eq!((again.overview().to_do, again.overview().done_earlier, again.overview().transactions), (0, ROWS, 0));
    let again = again.execute(&desk.signers(), &|_: &Progress| ()).await.unwrap();
    assert_eq!((again.done, again.done_earlier, again.fees, again.fees_earlier), (0, ROWS, 0, summary.fees));
    assert_eq!(fs::read(desk.journal()).unwrap(), journal);
}

#[tokio::test]
async fn a_priority_fee_is_paid_for_units_that_suffice() {
    let world = World::new();
    let desk = Desk::of(&world);
    let learners = wallets(2, 200);
    let policy = Policy { priority_fee: PriorityFee::Fixed(1_000_000), ..options().policy };
    let before = lamports(&world.ledger, &desk.payer.pubkey());
    let summary = desk.issue_with(&world.ledger, &file(&learners), Options { policy, ..options() }).await.unwrap();
    assert!(summary.is_complete(), "{summary:?}");
    assert_eq!(summary.transactions.len(), 200usize.div_ceil(7));
    let fee = summary.transactions[0].fee;
    assert!(summary.transactions.iter().all(|one| one.fee == fee));
    // One lamport a unit: between what seven credentials take at least, and a tenth above what they can take.
    assert!((26_000..45_000).contains(&fee), "{fee}");
    assert_eq!(before - lamports(&world.ledger, &desk.payer.pubkey()), summary.fees + summary.rent);
}

#[tokio::test]
async fn what_a_row_says_is_issued() {
    let world = World::new();
    let desk = Desk::of(&world);
    let learners = wallets(3, 4);
    let digest = "ab".repeat(32);
    let file = format!(
        "learner,wallet,digest,expires_at,status_index\n\
         A,{},{digest},,70000\nB,{},,{},\nC,{},,0,3\nD,{},,2100-01-01,4\n",
        learners[0],
        learners[1],
        START + DAY,
        learners[2],
        learners[3],
    );
    let summary = desk.issue(&world.ledger, &file).await.unwrap();
    assert!(summary.is_complete(), "{summary:?}");
    let of = |wallet: &Address| {
        let all = credentials(&world.ledger);
        all[&address::credential(&desk.issuing.achievement, wallet, 0)]
    };
    let [a, b, c, d] = [0, 1, 2, 3].map(|number: usize| of(&learners[number]));
    assert_eq!((a.digest, a.expires_at, a.status_index), ([0xab; 32], 0, 70_000));
    assert_eq!((b.digest, b.expires_at), ([0; 32], START + DAY));
    assert_eq!((c.expires_at, c.status_index), (0, 3));
    assert_eq!((d.expires_at, d.status_index), (4_102_444_800, 4));
    assert!(b.status_index < 131_072 && ![3, 4, 70_000].contains(&b.status_index));
}

#[tokio::test]
async fn who_has_it_already_is_skipped_and_told() {
    let mut world = World::new();
    let mut desk = Desk::of(&world);
    desk.issuing.achievement = world.issuer.acceptance;
    let mut learners = wallets(4, 5);
    let statuses = CredentialStatus::ALL;
    learners.extend(statuses.iter().map(|status| world.credential_in(*status).subject()));
    let run = desk.prepare(&world.ledger, &file(&learners), options()).await.unwrap();
    assert!(run.overview().pending);
    assert_eq!((run.overview().to_do, run.overview().skipped.len()), (5, 6));
    for (remark, status) in run.overview().skipped.iter().zip(statuses) {
        let over = "is over: to issue number 1";
        let expected = if status.is_over() { over } else { status.word() };
        assert!(remark.what.contains(expected), "{status}: {remark:?}");
    }
    drop(run);

    desk.issuing.again = true;
    let summary = desk.issue(&world.ledger, &file(&learners)).await.unwrap();
    assert_eq!((summary.done, summary.skipped.len()), (8, 3), "{summary:?}");
    for (wallet, status) in learners[5..].iter().zip(statuses) {
        let next = address::credential(&desk.issuing.achievement, wallet, 1);
        assert_eq!(world.ledger.account(&next).is_some(), status.is_over(), "{status}");
    }
    // Also where that is over: the file is what this run was to do, and it has done it.
    let key = Actor::Key(desk.issuing.key);
    let held = address::credential(&desk.issuing.achievement, &learners[8], 1);
    let signer = world.issuer.key.insecure_clone();
    world.ok(&[credential::revoke(&key, held, Reason::Superseded)], &[&signer]);
    let summary = desk.issue(&world.ledger, &file(&learners)).await.unwrap();
    assert_eq!((summary.done, summary.done_earlier, summary.skipped.len()), (0, 8, 3), "{summary:?}");
}

#[tokio::test]
async fn a_row_that_is_refused_does_not_keep_the_others() {
    let world = World::new();
    let desk = Desk::of(&world);
    let learners = wallets(5, 24);
    // Some expire before the run that was interrupted is taken up.
    let mut text = String::from("wallet,expires_at\n");
    for (number, wallet) in learners.iter().enumerate() {
        let expires_at = if number % 10 == 3 { START + 5 } else { START + DAY };
        text += &format!("{wallet},{expires_at}\n");
    }
    let ledger = Faulty::new(world.ledger, |call| (call == Call::Lifetime).then_some(Fault::Fail));
    let summary = desk.issue(&ledger, &text).await.unwrap();
    assert_adds_up(&summary, 24);
    assert_eq!(summary.not_sent.len(), 24);
    let mut ledger = ledger.ledger;
    ledger.set_time(START + 10);
    let summary = desk.issue(&ledger, &text).await.unwrap();
    assert_adds_up(&summary, 24);
    assert_eq!(summary.failed.iter().map(|remark| remark.line).collect::<Vec<_>>(), [5, 15, 25]);
    assert!(summary.failed[0].what.contains("expiry must lie in the future"), "{summary:?}");
    assert_eq!((summary.done, summary.stopped), (21, None));
    assert_eq!(credentials(&ledger).len(), 21);
}

#[tokio::test]
async fn one_bad_row_is_found_among_those_it_was_packed_with() {
    let world = World::new();
    let desk = Desk::of(&world);
    let learners = wallets(12, 16);
    let (text, bad) = (file(&learners), address::credential(&desk.issuing.achievement, &learners[5], 0));
    let ledger = Refusing { bad, ..Refusing::new(world.ledger) };
    let summary = desk.issue(&ledger, &text).await.unwrap();
    assert_adds_up(&summary, 16);
    assert_eq!(summary.failed.iter().map(|remark| remark.line).collect::<Vec<_>>(), [7]);
    assert_eq!((summary.done, summary.stopped), (15, None));
}

#[tokio::test]
async fn what_befalls_every_row_stops_the_run_at_once() {
    for (error, stops) in [
        (MicrocredError::KeyRetired, true),
        (MicrocredError::QuotaExceeded, true),
        (MicrocredError::AchievementNotActive, true),
        (MicrocredError::InvariantBroken, false),
    ] {
        let world = World::new();
        let desk = Desk::of(&world);
        // Everything names the issuer. What was simulated before the run was in order.
        let ledger = Refusing { bad: desk.issuer, error, from: 1, ..Refusing::new(world.ledger) };
        let options = Options { concurrency: 1, ..options() };
        let summary = desk.issue_with(&ledger, &file(&wallets(13, 40)), options).await.unwrap();
        assert_adds_up(&summary, 40);
        assert_eq!(summary.not_sent.len(), if stops { 40 } else { 0 }, "{error:?}");
        assert_eq!(summary.failed.len(), if stops { 0 } else { 40 }, "{error:?}");
        assert_eq!(summary.stopped.as_deref().is_some_and(|why| why.contains(error.message())), stops);
        // What is resumed when the obstacle is gone is complete.
        assert_eq!(desk.issue(&ledger.ledger, &file(&wallets(13, 40))).await.unwrap().done, 40);
    }
}

#[tokio::test]
async fn what_would_be_refused_from_the_beginning_is_not_sent() {
    let world = World::new();
    let desk = Desk::of(&world);
    let error = MicrocredError::KeyRetired;
    let ledger = Refusing { bad: desk.issuer, error, ..Refusing::new(world.ledger) };
    let outcome = desk.issue(&ledger, &file(&wallets(14, 3))).await;
    assert!(matches!(outcome, Err(BulkError::Simulated(SendError::Refused { index: 0, .. }))), "{outcome:?}");
    assert!(!desk.journal().exists());
}

#[tokio::test]
async fn what_another_run_issues_meanwhile_is_left_to_it() {
    let world = World::new();
    let (desk, other) = (Desk::of(&world), Desk::of(&world));
    let learners = wallets(6, 20);
    let run = desk.prepare(&world.ledger, &file(&learners), options()).await.unwrap();
    let theirs: Vec<_> = learners.iter().skip(3).step_by(5).copied().collect();
    assert_eq!(other.issue(&world.ledger, &file(&theirs)).await.unwrap().done, 4);
    let summary = run.execute(&desk.signers(), &|_: &Progress| ()).await.unwrap();
    assert_adds_up(&summary, 20);
    assert_eq!((summary.done, summary.skipped.len()), (16, 4), "{summary:?}");
    assert_each_has_one(&world.ledger, &desk.issuing.achievement, &learners);
}

#[tokio::test]
async fn a_place_that_others_took_since_it_was_decided_on_is_drawn_anew() {
    let world = World::new();
    let (desk, other) = (Desk::of(&world), Desk::of(&world));
    let learners = wallets(15, 3);
    let text = file(&learners);
    // Everything is decided on, and nothing sent.
    let ledger = Faulty::new(world.ledger, |call| (call == Call::Lifetime).then_some(Fault::Fail));
    assert_eq!(desk.issue(&ledger, &text).await.unwrap().not_sent.len(), 3);
    let journal = std::fs::read_to_string(desk.journal()).unwrap();
    let place = journal.split("[2,0,").nth(1).and_then(|rest| rest.split(']').next()).unwrap();

    let stranger = wallets(16, 1);
    let theirs = format!("wallet,status_index\n{},{place}\n", stranger[0]);
    assert_eq!(other.issue(&ledger.ledger, &theirs).await.unwrap().done, 1);
    assert_eq!(desk.issue(&ledger.ledger, &text).await.unwrap().done, 3);
    assert_each_has_one(&ledger.ledger, &desk.issuing.achievement, &[learners, stranger].concat());
    // The later decision is the one that holds.
    let again = desk.issue(&ledger.ledger, &text).await.unwrap();
    assert_eq!((again.done, again.done_earlier), (0, 3));
}

#[tokio::test]
async fn a_place_that_the_file_names_and_others_took_meanwhile_is_an_error() {
    let world = World::new();
    let (desk, other) = (Desk::of(&world), Desk::of(&world));
    let learners = wallets(17, 2);
    let of = |wallet| format!("wallet,status_index\n{wallet},77\n");
    let ledger = Faulty::new(world.ledger, |call| (call == Call::Lifetime).then_some(Fault::Fail));
    assert_eq!(desk.issue(&ledger, &of(learners[0])).await.unwrap().not_sent.len(), 1);
    assert_eq!(other.issue(&ledger.ledger, &of(learners[1])).await.unwrap().done, 1);
    let error = desk.issue(&ledger.ledger, &of(learners[0])).await.unwrap_err().to_string();
    assert!(error.contains("status index 77"), "{error}");
}

#[tokio::test]
async fn reads_are_a_hundred_at_a_time() {
    let world = World::new();
    let desk = Desk::of(&world);
    let ledger = Faulty::submitting(world.ledger, &[]);
    desk.issue(&ledger, &file(&wallets(8, 500))).await.unwrap();
    // Five for the rows, one for what is issued, and one or two for the payer.
    assert!(ledger.count(Call::Read) <= 8, "{}", ledger.count(Call::Read));
    assert_eq!(ledger.count(Call::Find), 1);
    assert_eq!(ledger.count(Call::Submit), 63);
}

#[tokio::test]
async fn two_runs_with_one_journal_are_kept_apart() {
    let world = World::new();
    let desk = Desk::of(&world);
    let text = file(&wallets(9, 3));
    desk.issue(&world.ledger, &text).await.unwrap();
    let first = desk.prepare(&world.ledger, &text, options()).await.unwrap();
    assert!(matches!(desk.prepare(&world.ledger, &text, options()).await, Err(BulkError::Journal(_))));
    drop(first);
    desk.prepare(&world.ledger, &text, options()).await.unwrap();
}

#[tokio::test]
async fn the_journal_of_another_file_is_not_taken_up() {
    let world = World::new();
    let mut desk = Desk::of(&world);
    let learners = wallets(10, 3);
    desk.issue(&world.ledger, &file(&learners)).await.unwrap();
    let error = desk.issue(&world.ledger, &file(&learners[..2])).await.unwrap_err().to_string();
    assert!(error.contains("its file's SHA-256 is"), "{error}");
    desk.issuing.achievement = world.issuer.acceptance;
    let error = desk.issue(&world.ledger, &file(&learners)).await.unwrap_err().to_string();
    assert!(error.contains("its achievement is") && !error.contains("SHA-256"), "{error}");
}

#[tokio::test]
async fn futures_of_runs_can_move_between_threads() {
    fn is_send<T: Send>(value: T) -> T {
        value
    }
    let world = World::new();
    let desk = Desk::of(&world);
    let text = file(&wallets(11, 3));
    let ledger: &dyn Ledger = &world.ledger;
    let run = is_send(desk.prepare(ledger, &text, options())).await.unwrap();
    is_send(run.execute(&desk.signers(), &|_: &Progress| ())).await.unwrap();
}
