//! Verification of many: the same answers as one by one, with few reads.

use std::collections::HashMap;

use futures_util::StreamExt;
use microcred_client::{
    ledger::READ_LIMIT,
    state::CredentialStatus,
    verification::{REGISTRY_LIMIT, verify_many},
};

use super::*;

/// The answers to many queries, and how many reads they took.
fn ask_many<F>(ledger: &Lying<'_, F>, queries: &[Query]) -> (Vec<Receipt>, usize)
where
    F: Fn(usize, &[Address], Snapshot) -> Result<Snapshot, ReadError> + Send + Sync,
{
    let now = ledger.truth.time();
    let queries = queries.iter().map(|query| Query { local_time: Some(now), ..query.clone() }).collect::<Vec<_>>();
    let receipts = at_once(verify_many(ledger, queries).collect::<Vec<_>>());
    (receipts, ledger.reads())
}

/// Requires of many the same answers as of each alone; returns how many reads they took.
#[track_caller]
fn assert_as_one_by_one(world: &World, queries: &[Query]) -> usize {
    let truth = Lying::new(world, |_, addresses, said| {
        assert!(addresses.len() <= READ_LIMIT);
        Ok(said)
    });
    let (receipts, reads) = ask_many(&truth, queries);
    assert_eq!(receipts.len(), queries.len());
    for (query, receipt) in queries.iter().zip(&receipts) {
        assert_eq!(*receipt, ask(world, query));
    }
    reads
}

/// Puts copies of a credential under other subjects, as if they had been issued together.
fn copies(world: &mut World, of: Address, count: u64) -> Vec<Address> {
    let account = world.ledger.account(&of).unwrap();
    let original: Credential = world.get(&of);
    (0..count)
        .map(|number| {
            let mut subject = [0xA5; 32];
            subject[..8].copy_from_slice(&number.to_le_bytes());
            let mut copy = account.clone();
            copy.data[80..112].copy_from_slice(&subject);
            let address = address::credential(&original.achievement, &Address::new_from_array(subject), 0);
            world.ledger.svm().set_account(address, copy).unwrap();
            address
        })
        .collect()
}

/// Credentials of every status, renewed, expired, of a compromised key, of two issuers, never issued, and what is none at all.
fn of_every_kind() -> (World, Vec<Query>) {
    let mut world = World::new();
    let mut queries = Vec::new();
    for status in [Pending, Active, Suspended, Revoked, Declined, Erased] {
        let held = world.credential_in(status);
        queries.extend([Query::at(held.credential), Query::latest(world.issuer.acceptance, held.subject())]);
    }
    let subject = world.keys.next_key().pubkey();
    let renewed = world.issued(&subject);
    renewed_by_another_key(&mut world, renewed);
    let presented = Document { digest: [5; 32], signed_by_issuer: true };
    queries.push(Query { document: Some(presented), ..Query::at(renewed) });
    queries.push(Query { document: Some(Document { digest: [9; 32], signed_by_issuer: false }), ..Query::at(renewed) });

    // Revoked again and again: the latest is the last, valid once and revoked once.
    for last in [CredentialStatus::Active, CredentialStatus::Revoked] {
        let subject = world.keys.next_key().pubkey();
        for sequence in 0..19 {
            let achievement = world.issuer.achievement;
            world.issue(achievement, IssueArgs { sequence, ..issue_args(subject) }).unwrap();
            if sequence < 18 || last == CredentialStatus::Revoked {
                let (by, holder) = (world.issuer.by_key(), world.key_holder());
                let credential = address::credential(&achievement, &subject, sequence);
                world.ok(&[credential::revoke(&by, credential, Reason::IssuedInError)], &[&holder]);
            }
        }
        queries.push(Query::latest(world.issuer.achievement, subject));
    }

    // Another issuer, which nobody accredits, and a key of it that others held.
    let other = world.new_issuer("another-university");
    let first = std::mem::replace(&mut world.issuer, other);
    let compromised = world.issued(&subject);
    let authority = world.issuer_authority();
    world.ok(&[key::mark_compromised(authority.pubkey(), world.issuer.address, 0, START)], &[&authority]);
    world.issuer = first;
    queries.push(Query::at(compromised));

    queries.push(Query::latest(world.issuer.achievement, OTHER));
    queries.push(Query::at(world.issuer.address));
    let expected = Expected { subject: Some(OTHER), ..Expected::default() };
    queries.push(Query { expected, ..Query::at(renewed) });
    world.pass(366 * DAY);
    (world, queries)
}

#[test]
fn many_have_the_same_answers_as_one_by_one() {
    let (mut world, queries) = of_every_kind();
    let unvouching = world.new_body("another-agency").registry;
    let registries = [vec![], vec![world.body.registry], vec![unvouching, world.body.registry], vec![OTHER]];
    let queries: Vec<_> = registries
        .iter()
        .flat_map(|registries| queries.iter().map(move |query| query.clone().trusting(registries)))
        .collect();
    let verdicts = queries.iter().map(|query| ask(&world, query).verdict.to_string()).fold(
        HashMap::new(),
        |mut counts, verdict| {
            *counts.entry(verdict).or_insert(0) += 1;
            counts
        },
    );
    for verdict in microcred_client::verdict::ORDER {
        let is_there = verdicts.contains_key(&verdict.to_string());
        // All that wait for acceptance or are in force by it have expired meanwhile.
        assert!(
            is_there || matches!(verdict, Verdict::Pending | Verdict::Suspended),
            "{verdict} is missing: {verdicts:?}"
        );
    }
    let reads = assert_as_one_by_one(&world, &queries);
    assert!(reads * 8 < queries.len(), "{reads} reads for {} queries", queries.len());
    // In whatever order they come.
    let reversed: Vec<_> = queries.into_iter().rev().collect();
    assert_as_one_by_one(&world, &reversed);
}

#[test]
fn all_are_answered_also_where_none_links_to_what_another_does() {
    let mut world = World::new();
    let mut queries = Vec::new();
    for number in 0..300 {
        world.issuer = world.new_issuer(&format!("university-{number}"));
        let subject = world.keys.next_key().pubkey();
        let first = world.issued(&subject);
        queries.extend(copies(&mut world, first, 2).into_iter().chain([first]).map(Query::at));
    }
    // Neighbours never belong together.
    let mixed: Vec<_> = (0..3).flat_map(|from| queries.iter().skip(from).step_by(3).cloned()).collect();
    assert_as_one_by_one(&world, &mixed);
}

#[test]
fn pending_and_suspended_are_among_the_answers() {
    let mut world = World::new();
    let queries = [Pending, Suspended, Active].map(|status| Query::at(world.credential_in(status).credential));
    assert_as_one_by_one(&world, &queries);
}

#[test]
fn ten_thousand_take_hardly_more_reads_than_they_fill() {
    let (mut world, credential, _) = valid();
    let registry = world.body.registry;
    let all = copies(&mut world, credential, 10_000);
    let by_address: Vec<_> = all.iter().map(|address| Query::at(*address).trusting(&[registry])).collect();
    let truth = Lying::new(&world, |_, _, said| Ok(said));
    let (receipts, reads) = ask_many(&truth, &by_address);
    assert!(receipts.iter().all(|receipt| receipt.exit_code == 0));
    assert!(receipts.iter().map(|receipt| receipt.address).eq(all));
    // Clock, issuer, achievement, key, registry and accreditation leave 94 of a hundred; one read more tells what these are.
    assert_eq!(reads, 108);
}

#[test]
fn credentials_of_several_issuers_are_read_with_what_each_links_to() {
    let (mut world, credential, _) = valid();
    let pending = world.pending(&OTHER);
    let mut all = copies(&mut world, credential, 900);
    let first = copies(&mut world, pending, 900);
    let other = world.new_issuer("another-university");
    let ours = std::mem::replace(&mut world.issuer, other);
    let subject = world.keys.next_key().pubkey();
    let elsewhere = world.issued(&subject);
    world.issuer = ours;
    let second = copies(&mut world, elsewhere, 900);
    all.extend(first);
    all.extend(second);
    let sorted: Vec<_> = all.iter().map(|address| Query::at(*address)).collect();
    let reads = assert_as_one_by_one(&world, &sorted);
    assert!(reads <= 40, "{reads} reads for credentials side by side");
    // The same, as mixed as can be.
    let mixed: Vec<_> = (0..900).flat_map(|at| [at, at + 900, at + 1800]).map(|at| sorted[at].clone()).collect();
    let reads = assert_as_one_by_one(&world, &mixed);
    assert!(reads <= 33, "{reads} reads for mixed credentials");
}

#[test]
fn credentials_of_more_issuers_than_are_remembered_take_little_more() {
    let mut world = World::new();
    let issuers: Vec<_> = (0..20).map(|number| world.new_issuer(&format!("university-{number}"))).collect();
    let piles = issuers.into_iter().map(|issuer| {
        let before = std::mem::replace(&mut world.issuer, issuer);
        let credential = world.issued(&OTHER);
        world.issuer = before;
        copies(&mut world, credential, 50)
    });
    let piles: Vec<_> = piles.collect();
    let mixed: Vec<_> = (0..50).flat_map(|at| piles.iter().map(move |pile| Query::at(pile[at]))).collect();
    let reads = assert_as_one_by_one(&world, &mixed);
    assert!(reads <= 26, "{reads} reads");
}

#[test]
fn later_sequences_are_looked_for_only_where_the_first_is_over() {
    let (mut world, credential, _) = valid();
    let achievement = world.issuer.achievement;
    let subject_of = |world: &World, address: &Address| world.get::<Credential>(address).subject;
    let all = copies(&mut world, credential, 500);
    let queries: Vec<_> = all.iter().map(|address| Query::latest(achievement, subject_of(&world, address))).collect();
    assert_eq!(assert_as_one_by_one(&world, &queries), 7);
}

#[test]
fn a_read_that_fails_leaves_unchecked_those_it_was_for() {
    let (mut world, credential, _) = valid();
    let all = copies(&mut world, credential, 1_000);
    let queries: Vec<_> = all.iter().map(|address| Query::at(*address)).collect();
    let asked = std::sync::Mutex::new(Vec::new());
    for short in [false, true] {
        let broken = Lying::new(&world, |read, addresses, mut said| {
            if read != 5 {
                return Ok(said);
            }
            asked.lock().unwrap().clear();
            asked.lock().unwrap().extend_from_slice(addresses);
            said.accounts.pop();
            if short { Ok(said) } else { Err(ReadError::Malformed("half an answer".into())) }
        });
        let (receipts, _) = ask_many(&broken, &queries);
        let asked = asked.lock().unwrap();
        assert!(asked.len() > 50);
        for receipt in &receipts {
            if asked.contains(&receipt.address) {
                assert_unchecked(receipt, "");
            } else {
                assert_verdict(receipt, Verdict::Valid);
            }
        }
    }
}

#[test]
fn links_that_change_while_read_are_followed_or_given_up() {
    let (mut world, credential, _) = valid();
    let subject = world.keys.next_key().pubkey();
    let held = world.issued(&subject);
    let (before, _) = renewed_by_another_key(&mut world, credential);
    let queries = [Query::at(held), Query::at(credential)];
    // At first it is told as it was before its renewal.
    let once = Lying::new(&world, |read, addresses, said| {
        Ok(if read == 0 { at(credential, addresses, said, |said| said.clone_from(&before)) } else { said })
    });
    let (receipts, _) = ask_many(&once, &queries);
    receipts.iter().for_each(|receipt| assert_verdict(receipt, Verdict::Valid));
    assert_eq!(receipts[1].credential, Some(world.get(&credential)));
    // It changes with every read, to keys that nobody expects.
    let restless = Lying::new(&world, |read, addresses, said| {
        Ok(at(credential, addresses, said, |said| {
            if let Some(said) = said {
                said.data[176..178].copy_from_slice(&u16::try_from(read + 10).unwrap().to_le_bytes());
            }
        }))
    });
    let (receipts, reads) = ask_many(&restless, &queries);
    assert_verdict(&receipts[0], Verdict::Valid);
    assert_unchecked(&receipts[1], "changed again and again");
    assert!(reads <= 6, "{reads}");
}

#[test]
fn more_registries_than_one_read_holds_are_refused() {
    let (world, credential, subject) = valid();
    let mut registries: Vec<_> =
        (1..=REGISTRY_LIMIT).map(|number| Address::new_from_array([u8::try_from(number).unwrap(); 32])).collect();
    registries[0] = world.body.registry;
    for query in [Query::at(credential), Query::latest(world.issuer.achievement, subject)] {
        let most = query.clone().trusting(&registries);
        assert_verdict(&ask(&world, &most), Verdict::Valid);
        let too_many = query.trusting(&[registries.as_slice(), &[OTHER]].concat());
        let receipt = ask(&world, &too_many);
        assert_unchecked(&receipt, "48 registries are named, but one read holds 47 at most: name fewer");
        assert_eq!(receipt.addresses, [credential]);
        let queries = [most.clone(), too_many, most];
        assert_as_one_by_one(&world, &queries);
    }
}
