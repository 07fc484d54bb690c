//! Verification off chain: every verdict from a real situation, and what a ledger that fails or lies can do to it.

mod attacks;
mod documents;
mod many;

use std::{
    future::Future,
    pin::pin,
    sync::atomic::{AtomicUsize, Ordering},
    task::{Context, Poll, Waker},
    time::{SystemTime, UNIX_EPOCH},
};

use async_trait::async_trait;
use microcred::{IssueArgs, RenewArgs};
use microcred_client::{
    Address, address,
    instructions::{KeyRef, credential, key},
    ledger::{AccountReader, CLOCK, Embedded, ReadError, Snapshot},
    state::{
        AccreditationStatus, Credential,
        CredentialStatus::{Active, Declined, Erased, Pending, Revoked, Suspended},
        Lifecycle, Reason,
    },
    verdict::{Document, Expected, Verdict},
    verification::{Query, Receipt, verify},
};
use microcred_tests::{DAY, START, World, issue_args, key_terms};
use serde_json::json;
use solana_account::Account;
use solana_signer::Signer;

const OTHER: Address = Address::new_from_array([0xEE; 32]);

/// Every ledger here answers at once.
fn at_once<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("the ledger did not answer at once"),
    }
}

/// The answer to a verifier whose clock is the cluster's.
fn ask(world: &World, query: &Query) -> Receipt {
    let query = Query { local_time: Some(world.ledger.time()), ..query.clone() };
    at_once(verify(&world.ledger, &query))
}

/// Requires a verdict and the exit code that goes with it.
#[track_caller]
fn assert_verdict(receipt: &Receipt, verdict: Verdict) {
    assert_eq!((receipt.verdict, receipt.exit_code), (verdict, verdict.exit_code()), "{receipt:#?}");
    assert_eq!(receipt.findings.first(), Some(&verdict));
    assert_eq!(receipt.problem.is_some(), verdict == Verdict::CouldNotCheck, "{receipt:#?}");
}

/// Requires "could not check", for a reason that names this.
#[track_caller]
fn assert_unchecked(receipt: &Receipt, problem: &str) {
    assert_verdict(receipt, Verdict::CouldNotCheck);
    assert_eq!(receipt.exit_code, 5);
    let found = receipt.problem.as_deref().unwrap();
    assert!(!found.is_empty() && found.contains(problem), "{found}");
}

/// A ledger that changes what the true one answers: it is told which read it is, from 0.
struct Lying<'a, F> {
    truth: &'a Embedded,
    lie: F,
    reads: AtomicUsize,
}

impl<'a, F> Lying<'a, F>
where
    F: Fn(usize, &[Address], Snapshot) -> Result<Snapshot, ReadError> + Send + Sync,
{
    fn new(world: &'a World, lie: F) -> Self {
        Self { truth: &world.ledger, lie, reads: AtomicUsize::new(0) }
    }

    fn answer(&self, query: &Query) -> Receipt {
        at_once(verify(self, &Query { local_time: query.local_time.or(Some(self.truth.time())), ..query.clone() }))
    }

    fn reads(&self) -> usize {
        self.reads.load(Ordering::Relaxed)
    }
}

#[async_trait]
impl<F> AccountReader for Lying<'_, F>
where
    F: Fn(usize, &[Address], Snapshot) -> Result<Snapshot, ReadError> + Send + Sync,
{
    async fn read(&self, addresses: &[Address]) -> Result<Snapshot, ReadError> {
        let truth = self.truth.read(addresses).await?;
        (self.lie)(self.reads.fetch_add(1, Ordering::Relaxed), addresses, truth)
    }
}

/// Changes what is said of one address.
fn at(place: Address, addresses: &[Address], mut said: Snapshot, change: impl Fn(&mut Option<Account>)) -> Snapshot {
    for (address, account) in addresses.iter().zip(&mut said.accounts) {
        if *address == place {
            change(account);
        }
    }
    said
}

/// A learner's valid credential of the renewable achievement.
fn valid() -> (World, Address, Address) {
    let mut world = World::new();
    let subject = world.keys.next_key().pubkey();
    let credential = world.issued(&subject);
    (world, credential, subject)
}

/// Renews with another key: the credential before, and the new key's account.
fn renewed_by_another_key(world: &mut World, credential: Address) -> (Option<Account>, Address) {
    let before = world.ledger.account(&credential);
    let second = world.keys.next_key();
    world.new_key(1, key_terms(second.pubkey())).unwrap();
    let by = KeyRef { index: 1, key: second.pubkey(), ..world.issuer.key_ref() };
    let args = RenewArgs { digest: [6; 32], expires_at: None };
    world.ok(&[credential::renew(&by, world.issuer.achievement, credential, args)], &[&second]);
    (before, by.address())
}

fn send_lamports(world: &mut World, address: &Address) {
    world.ledger.fund(address, 1_000_000).unwrap();
}

#[test]
fn each_status_has_its_verdict_by_address_and_by_latest() {
    for (status, verdict, reason) in [
        (Pending, Verdict::Pending, Reason::Unspecified),
        (Active, Verdict::Valid, Reason::Unspecified),
        (Suspended, Verdict::Suspended, Reason::UnderReview),
        (Revoked, Verdict::Revoked, Reason::IssuedInError),
        (Declined, Verdict::Declined, Reason::Unspecified),
        (Erased, Verdict::Erased, Reason::LegalOrder),
    ] {
        let mut world = World::new();
        let held = world.credential_in(status);
        for query in [Query::at(held.credential), Query::latest(world.issuer.acceptance, held.subject())] {
            let receipt = ask(&world, &query);
            assert_verdict(&receipt, verdict);
            assert_eq!((receipt.address, receipt.reason), (held.credential, reason));
            assert_eq!(receipt.credential, Some(world.get(&held.credential)));
        }
    }
}

#[test]
fn whose_an_erased_credential_was_its_address_tells() {
    let mut world = World::new();
    let held = world.credential_in(Erased);
    for (subject, verdict) in [(held.subject(), Verdict::Erased), (OTHER, Verdict::Mismatch)] {
        let mut query = Query::at(held.credential);
        query.expected.subject = Some(subject);
        assert_verdict(&ask(&world, &query), verdict);
    }
}

#[test]
fn where_nothing_was_issued_nothing_is_found() {
    let world = World::new();
    let latest = Query::latest(world.issuer.achievement, OTHER);
    let first = address::credential(&world.issuer.achievement, &OTHER, 0);
    for query in [Query::at(first), latest.clone(), latest.trusting(&[world.body.registry])] {
        let receipt = ask(&world, &query);
        assert_verdict(&receipt, Verdict::NotFound);
        assert_eq!((receipt.address, receipt.credential), (first, None));
        assert_eq!(receipt.exit_code, 4);
        assert!(receipt.trust.iter().all(|trust| !trust.met));
    }
}

#[test]
fn lamports_that_anyone_can_send_change_no_verdict() {
    let (mut world, credential, subject) = valid();
    let (achievement, body) = (world.issuer.achievement, world.new_body("another-agency"));
    let never = address::credential(&achievement, &OTHER, 0);
    for address in [
        never,
        address::credential(&achievement, &subject, 1),
        address::accreditation(&body.registry, &world.issuer.address),
    ] {
        send_lamports(&mut world, &address);
    }
    assert_verdict(&ask(&world, &Query::at(never)), Verdict::NotFound);
    assert_verdict(&ask(&world, &Query::latest(achievement, OTHER)), Verdict::NotFound);
    let latest = ask(&world, &Query::latest(achievement, subject));
    assert_verdict(&latest, Verdict::Valid);
    assert_eq!(latest.address, credential);
    let unvouched = ask(&world, &Query::at(credential).trusting(&[body.registry]));
    assert_eq!((unvouched.verdict, unvouched.exit_code), (Verdict::Valid, 2));
}

#[test]
fn a_credential_expires_with_the_first_second_after_its_validity() {
    let mut world = World::new();
    let held = world.credential_in(Active);
    world.pass(365 * DAY - 1);
    assert_verdict(&ask(&world, &Query::at(held.credential)), Verdict::Valid);
    world.pass(1);
    assert_verdict(&ask(&world, &Query::at(held.credential)), Verdict::Expired);
}

#[test]
fn a_compromised_key_voids_what_it_asserted_since() {
    for (since, verdict) in [(START, Verdict::KeyCompromised), (START + 1, Verdict::Valid)] {
        let (mut world, credential, subject) = valid();
        world.pass(5);
        let authority = world.issuer_authority();
        world.ok(&[key::mark_compromised(authority.pubkey(), world.issuer.address, 0, since)], &[&authority]);
        assert_verdict(&ask(&world, &Query::at(credential)), verdict);
        assert_verdict(&ask(&world, &Query::latest(world.issuer.achievement, subject)), verdict);
    }
}

#[test]
fn the_latest_is_the_last_of_all_sequences_also_of_more_than_one_read_holds() {
    let mut world = World::new();
    let subject = world.keys.next_key().pubkey();
    let (achievement, by, holder) = (world.issuer.achievement, world.issuer.by_key(), world.key_holder());
    let latest = Query::latest(achievement, subject);
    for sequence in 0..18 {
        world.issue(achievement, IssueArgs { sequence, ..issue_args(subject) }).unwrap();
        let credential = address::credential(&achievement, &subject, sequence);
        let receipt = ask(&world, &latest);
        assert_verdict(&receipt, Verdict::Valid);
        assert_eq!(receipt.address, credential);
        world.ok(&[credential::revoke(&by, credential, Reason::IssuedInError)], &[&holder]);
        let receipt = ask(&world, &latest);
        assert_verdict(&receipt, Verdict::Revoked);
        assert_eq!(receipt.address, credential);
    }
}

#[test]
fn what_is_not_as_expected_is_a_mismatch() {
    let (world, credential, subject) = valid();
    let (issuer, achievement) = (world.issuer.address, world.issuer.achievement);
    let right = Expected { issuer: Some(issuer), achievement: Some(achievement), subject: Some(subject) };
    for (expected, verdict) in [
        (right, Verdict::Valid),
        (Expected { issuer: Some(OTHER), ..right }, Verdict::Mismatch),
        (Expected { achievement: Some(world.issuer.acceptance), ..right }, Verdict::Mismatch),
        (Expected { subject: Some(OTHER), ..right }, Verdict::Mismatch),
    ] {
        for query in [Query::at(credential), Query::latest(achievement, subject)] {
            assert_verdict(&ask(&world, &Query { expected, ..query }), verdict);
        }
    }
}

#[test]
fn the_latest_of_a_subject_is_expected_to_be_that_subjects() {
    let (mut world, credential, subject) = valid();
    let others = world.issued(&OTHER);
    let account = world.ledger.account(&others);
    let lying =
        Lying::new(&world, |_, addresses, said| Ok(at(credential, addresses, said, |said| said.clone_from(&account))));
    assert_verdict(&lying.answer(&Query::latest(world.issuer.achievement, subject)), Verdict::Mismatch);
}

#[test]
fn all_findings_are_listed_the_deciding_one_first() {
    let mut world = World::new();
    let held = world.credential_in(Suspended);
    world.pass(366 * DAY);
    let query = Query {
        expected: Expected { subject: Some(OTHER), ..Expected::default() },
        document: Some(Document { digest: [1; 32], signed_by_issuer: true }),
        ..Query::at(held.credential)
    };
    let receipt = ask(&world, &query);
    assert_verdict(&receipt, Verdict::Mismatch);
    let findings = [Verdict::Mismatch, Verdict::DigestMismatch, Verdict::Expired, Verdict::Suspended];
    assert_eq!(receipt.findings, findings);
}

#[test]
fn a_document_must_be_the_one_on_chain() {
    let (mut world, credential, _) = valid();
    let presented = |digest, signed_by_issuer| Query {
        document: Some(Document { digest: [digest; 32], signed_by_issuer }),
        ..Query::at(credential)
    };
    assert_verdict(&ask(&world, &presented(5, true)), Verdict::Valid);
    for signed in [true, false] {
        assert_verdict(&ask(&world, &presented(6, signed)), Verdict::DigestMismatch);
        assert_verdict(&ask(&world, &presented(0, signed)), Verdict::DigestMismatch);
    }
    renewed_by_another_key(&mut world, credential);
    assert_verdict(&ask(&world, &presented(6, true)), Verdict::Valid);
    assert_verdict(&ask(&world, &presented(5, true)), Verdict::Superseded);
    assert_verdict(&ask(&world, &presented(5, false)), Verdict::DigestMismatch);
}

#[test]
fn trust_that_is_not_asked_is_not_answered() {
    let (world, credential, _) = valid();
    let receipt = ask(&world, &Query::at(credential));
    assert_verdict(&receipt, Verdict::Valid);
    assert_eq!(receipt.trust, []);
    assert_eq!(receipt.issuer_name.as_deref(), Some("University of Somewhere"));
}

#[test]
fn each_accreditation_has_its_trust() {
    type Setting = fn(&mut World);
    let before: [(Setting, u8, &str, &str); 4] = [
        (|_| {}, 0, "accredited at issue", "current"),
        (|world| world.change_profile("Diploma Mill"), 2, "vouched for an earlier profile", "current"),
        (
            |world| world.bring_accreditation(AccreditationStatus::Suspended),
            3,
            "suspended since before issue",
            "suspended",
        ),
        (
            |world| world.bring_accreditation(AccreditationStatus::Withdrawn),
            2,
            "withdrawn since before issue",
            "withdrawn",
        ),
    ];
    let after: [(Setting, u8, &str, &str); 3] = [
        (|world| world.bring_accreditation(AccreditationStatus::Suspended), 0, "accredited at issue", "suspended"),
        (|world| world.bring_accreditation(AccreditationStatus::Withdrawn), 0, "accredited at issue", "withdrawn"),
        (|world| world.bring_registry(Lifecycle::Retired), 0, "accredited at issue", "registry retired"),
    ];
    let cases = before.map(|case| (true, case)).into_iter().chain(after.map(|case| (false, case)));
    for (comes_before, (set, exit_code, at_issue, now)) in cases {
        let mut world = World::new();
        let subject = world.keys.next_key().pubkey();
        if comes_before {
            set(&mut world);
            world.pass(1);
        }
        let credential = world.issued(&subject);
        if !comes_before {
            world.pass(1);
            set(&mut world);
        }
        let receipt = ask(&world, &Query::at(credential).trusting(&[world.body.registry]));
        assert_eq!((receipt.verdict, receipt.exit_code), (Verdict::Valid, exit_code), "{at_issue}");
        let trust = &receipt.trust[0];
        assert_eq!((trust.at_issue.as_deref(), trust.now.as_deref()), (Some(at_issue), Some(now)));
        assert_eq!((trust.met, trust.name.as_deref()), (exit_code == 0, Some("Quality Agency")));
    }
}

#[test]
fn a_registry_that_cannot_be_asked_leaves_open_whether_one_vouches() {
    let mut world = World::new();
    let unvouching = world.new_body("another-agency").registry;
    let (vouching, subject) = (world.body.registry, world.keys.next_key().pubkey());
    let credential = world.issued(&subject);
    let ask = |registries: &[Address]| ask(&world, &Query::at(credential).trusting(registries));
    for registries in [[unvouching, OTHER], [OTHER, unvouching]] {
        assert_unchecked(&ask(&registries), &OTHER.to_string());
    }
    for registries in [[vouching, OTHER], [OTHER, vouching]] {
        assert_eq!(ask(&registries).exit_code, 0, "one that vouches is enough");
    }
}

#[test]
fn of_several_registries_the_best_one_counts() {
    let mut world = World::new();
    let unvouching = world.new_body("another-agency").registry;
    let (vouching, subject) = (world.body.registry, world.keys.next_key().pubkey());
    let credential = world.issued(&subject);
    let trusting = |registries: &[Address]| Query::at(credential).trusting(registries);
    for (registries, exit_code) in
        [(vec![unvouching], 2), (vec![vouching, unvouching], 0), (vec![unvouching, vouching], 0)]
    {
        let receipt = ask(&world, &trusting(&registries));
        assert_eq!((receipt.verdict, receipt.exit_code), (Verdict::Valid, exit_code));
        assert_eq!(receipt.trust.iter().map(|trust| trust.registry).collect::<Vec<_>>(), registries);
        assert!(receipt.trust.iter().all(|trust| trust.met == (trust.registry == vouching)));
    }
    // Suspended since before issue may end, not being accredited does not.
    let mut world = World::new();
    let unvouching = world.new_body("another-agency").registry;
    world.bring_accreditation(AccreditationStatus::Suspended);
    let credential = world.issued(&subject);
    let receipt = ask(&world, &Query::at(credential).trusting(&[unvouching, world.body.registry]));
    assert_eq!((receipt.verdict, receipt.exit_code), (Verdict::Valid, 3));
}

#[test]
fn a_registry_that_is_none_says_nothing() {
    let (world, credential, _) = valid();
    let receipt = ask(&world, &Query::at(credential).trusting(&[OTHER]));
    assert_unchecked(&receipt, &format!("the registry {OTHER} does not exist"));
    assert!(!receipt.trust[0].met);
    assert_eq!(receipt.trust[0].name, None);
    let issuer = world.issuer.address;
    let receipt = ask(&world, &Query::at(credential).trusting(&[issuer]));
    assert_unchecked(&receipt, &format!("the registry {issuer} could not be checked"));
    // Beside one that vouches it does no harm.
    let receipt = ask(&world, &Query::at(credential).trusting(&[OTHER, world.body.registry]));
    assert_verdict(&receipt, Verdict::Valid);
    assert_eq!(receipt.trust.iter().map(|trust| trust.met).collect::<Vec<_>>(), [false, true]);
}

#[test]
fn a_read_that_fails_gives_no_verdict() {
    let (world, credential, subject) = valid();
    for failing in [0, 1] {
        for query in [Query::at(credential), Query::latest(world.issuer.achievement, subject)] {
            let broken = Lying::new(&world, |read, _, said| {
                if read == failing { Err(ReadError::Malformed("half an answer".into())) } else { Ok(said) }
            });
            let receipt = broken.answer(&query);
            assert_unchecked(&receipt, "the ledger's answer makes no sense: half an answer");
            assert_eq!((receipt.address, receipt.credential, receipt.slot), (credential, None, None));
        }
    }
}

#[test]
fn another_number_of_accounts_gives_no_verdict() {
    let (world, credential, subject) = valid();
    let changes: [fn(&mut Snapshot); 3] =
        [|said| said.accounts.clear(), |said| drop(said.accounts.pop()), |said| said.accounts.push(None)];
    for change in changes {
        for wrong in [0, 1] {
            for query in [Query::at(credential), Query::latest(world.issuer.achievement, subject)] {
                let lying = Lying::new(&world, |read, _, mut said| {
                    if read == wrong {
                        change(&mut said);
                    }
                    Ok(said)
                });
                assert_unchecked(&lying.answer(&query), "accounts instead of");
            }
        }
    }
}

#[test]
fn a_cluster_ten_minutes_behind_gives_no_verdict() {
    let (world, credential, _) = valid();
    for (behind, verdict) in
        [(-DAY, Verdict::Valid), (0, Verdict::Valid), (600, Verdict::Valid), (601, Verdict::CouldNotCheck)]
    {
        let query = Query { local_time: Some(world.ledger.time() + behind), ..Query::at(credential) };
        let receipt = at_once(verify(&world.ledger, &query));
        assert_verdict(&receipt, verdict);
        assert_eq!(receipt.cluster_time, Some(world.ledger.time()), "also a stale time is told");
    }
}

#[test]
fn without_a_time_of_the_verifiers_own_the_computers_clock_counts() {
    let (mut world, credential, _) = valid();
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs().cast_signed();
    world.ledger.set_time(now);
    assert_verdict(&at_once(verify(&world.ledger, &Query::at(credential))), Verdict::Valid);
    world.ledger.set_time(now - 601);
    assert_unchecked(&at_once(verify(&world.ledger, &Query::at(credential))), "more than ten minutes old by yours");
}

#[test]
fn a_clock_that_cannot_be_read_gives_no_verdict() {
    let (world, credential, _) = valid();
    let changes: [fn(&mut Option<Account>); 2] = [|said| *said = None, |said| said.as_mut().unwrap().data.truncate(39)];
    for change in changes {
        let lying = Lying::new(&world, |_, addresses, said| Ok(at(CLOCK, addresses, said, change)));
        for registries in [&[][..], &[world.body.registry]] {
            let receipt = lying.answer(&Query::at(credential).trusting(registries));
            assert_unchecked(&receipt, "the cluster's clock is unreadable");
            assert_eq!(receipt.cluster_time, None);
        }
    }
}

#[test]
fn an_account_that_the_program_did_not_write_gives_no_verdict() {
    type Change = fn(&mut Account);
    let changes: [(Change, &str); 6] = [
        (|account| account.owner = OTHER, "is owned by"),
        (|account| account.data.push(0), "bytes, but a"),
        (|account| account.data.truncate(100), "bytes, but a"),
        (|account| account.data.clear(), "is not a"),
        (|account| account.data[0] ^= 1, "is not a"),
        (|account| account.data[8] = 9, "has layout version 9"),
    ];
    for status in [Active, Revoked] {
        let mut world = World::new();
        let held = world.credential_in(status);
        let (issuer, registry) = (&world.issuer, world.body.registry);
        for place in [
            held.credential,
            issuer.address,
            issuer.acceptance,
            issuer.key_ref().address(),
            registry,
            address::accreditation(&registry, &issuer.address),
        ] {
            for (change, problem) in changes {
                let lying = Lying::new(&world, |_, addresses, said| {
                    Ok(at(place, addresses, said, |account| change(account.as_mut().unwrap())))
                });
                for query in [Query::at(held.credential), Query::latest(issuer.acceptance, held.subject())] {
                    assert_unchecked(&lying.answer(&query.trusting(&[registry])), problem);
                }
            }
        }
    }
}

#[test]
fn a_linked_account_that_is_missing_gives_no_verdict() {
    for status in [Active, Suspended, Revoked] {
        let mut world = World::new();
        let held = world.credential_in(status);
        for (place, problem) in [
            (world.issuer.address, "the credential's issuer is missing"),
            (world.issuer.acceptance, "the credential's achievement is missing"),
            (world.issuer.key_ref().address(), "the credential's issuer key is missing"),
        ] {
            let lying = Lying::new(&world, |_, addresses, said| Ok(at(place, addresses, said, |said| *said = None)));
            for registries in [&[][..], &[world.body.registry]] {
                assert_unchecked(&lying.answer(&Query::at(held.credential).trusting(registries)), problem);
            }
        }
    }
}

#[test]
fn accounts_that_contradict_each_other_give_no_verdict() {
    let (mut world, credential, _) = valid();
    world.new_key(1, key_terms(OTHER)).unwrap();
    let other_key = world.ledger.account(&address::issuer_key(&world.issuer.address, 1));
    let key = world.issuer.key_ref().address();
    let lying =
        Lying::new(&world, |_, addresses, said| Ok(at(key, addresses, said, |said| said.clone_from(&other_key))));
    assert_unchecked(&lying.answer(&Query::at(credential)), "contradict");
    world.forge::<Credential>(&credential, |credential| credential.status = 99);
    assert_unchecked(&ask(&world, &Query::at(credential)), "too old");
}

#[test]
fn links_that_change_between_the_reads_are_read_again() {
    let (mut world, credential, subject) = valid();
    let (before, new_key) = renewed_by_another_key(&mut world, credential);
    for query in [Query::at(credential), Query::latest(world.issuer.achievement, subject)] {
        let renewing = Lying::new(&world, |read, addresses, said| {
            Ok(if read == 0 { at(credential, addresses, said, |said| said.clone_from(&before)) } else { said })
        });
        let receipt = renewing.answer(&query);
        assert_verdict(&receipt, Verdict::Valid);
        assert_eq!(receipt.credential.map(|credential| (credential.key_index, credential.revision)), Some((1, 1)));
        assert_eq!(receipt.addresses.last(), Some(&new_key));
        assert_eq!(renewing.reads(), 3);
    }
}

#[test]
fn what_is_issued_between_the_reads_is_found() {
    let (world, credential, _) = valid();
    let issuing = Lying::new(&world, |read, addresses, said| {
        Ok(if read == 0 { at(credential, addresses, said, |said| *said = None) } else { said })
    });
    assert_verdict(&issuing.answer(&Query::at(credential)), Verdict::Valid);
}

#[test]
fn links_that_keep_changing_give_no_verdict() {
    let (mut world, credential, _) = valid();
    let (before, _) = renewed_by_another_key(&mut world, credential);
    let restless = Lying::new(&world, |read, addresses, said| {
        Ok(if read % 2 == 0 { at(credential, addresses, said, |said| said.clone_from(&before)) } else { said })
    });
    assert_unchecked(&restless.answer(&Query::at(credential)), "changed again and again");
    assert_eq!(restless.reads(), 4, "one to discover, three to decide");
}

#[test]
fn a_receipt_says_in_json_what_it_rests_on() {
    let mut world = World::new();
    let held = world.credential_in(Suspended);
    let unvouching = world.new_body("another-agency").registry;
    let (issuer, registry) = (&world.issuer, world.body.registry);
    let query = Query::latest(issuer.acceptance, held.subject()).trusting(&[registry, unvouching]);
    let receipt = ask(&world, &query);
    let slot = at_once(world.ledger.read(&[CLOCK])).unwrap().slot;
    let text = |address: Address| address.to_string();
    let expected = json!({
        "verdict": "suspended",
        "findings": ["suspended"],
        "reason": "under review",
        "exit_code": 3,
        "trust": [
            {
                "registry": text(registry),
                "name": "Quality Agency",
                "met": true,
                "at_issue": "accredited at issue",
                "now": "current",
            },
            {
                "registry": text(unvouching),
                "name": "Quality Agency",
                "met": false,
                "at_issue": "not accredited",
                "now": "not accredited",
            },
        ],
        "address": text(held.credential),
        "issuer_name": "University of Somewhere",
        "achievement_title": "Rust for systems",
        "slot": slot,
        "cluster_time": START,
        "addresses": [
            text(CLOCK),
            text(held.credential),
            text(issuer.address),
            text(issuer.acceptance),
            text(issuer.key_ref().address()),
            text(registry),
            text(address::accreditation(&registry, &issuer.address)),
            text(unvouching),
            text(address::accreditation(&unvouching, &issuer.address)),
        ],
    });
    assert_eq!(serde_json::to_value(&receipt).unwrap(), expected);
}

#[test]
fn a_receipt_without_a_verdict_says_why_in_json() {
    let (world, credential, _) = valid();
    let broken = Lying::new(&world, |_, _, _| Err(ReadError::Malformed("half an answer".into())));
    assert_eq!(
        serde_json::to_value(broken.answer(&Query::at(credential))).unwrap(),
        json!({
            "verdict": "could not check",
            "findings": ["could not check"],
            "reason": "unspecified",
            "exit_code": 5,
            "trust": [],
            "problem": "the ledger's answer makes no sense: half an answer",
            "address": credential.to_string(),
            "issuer_name": null,
            "achievement_title": null,
            "slot": null,
            "cluster_time": null,
            "addresses": [credential.to_string()],
        })
    );
}
