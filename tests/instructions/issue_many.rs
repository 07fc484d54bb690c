use microcred::{IssueManyArgs, KeyTerms, Learner};
use microcred_client::{
    Address, Instruction, MicrocredError as E, PROGRAM_ID, address,
    event::Event,
    events::CredentialIssued,
    instructions::{KeyRef, achievement, credential, issuer},
    state::{Credential, IssuerKey, permission},
};
use microcred_tests::{
    DAY, World, bump, issue_args, keeps_to_the_limits_of_its_key, key_terms, non_canonical, read_only, runtime,
    unsigned, with_account, with_extra_account,
};
use solana_instruction_error::InstructionError;
use solana_keypair::Keypair;
use solana_signer::Signer;

/// Places of the instruction's accounts.
const PAYER: usize = 0;
const KEY: usize = 1;
const ISSUER: usize = 2;
const ISSUER_KEY: usize = 3;
const ACHIEVEMENT: usize = 4;
const SYSTEM_PROGRAM: usize = 5;
/// The first credential.
const FIRST: usize = 6;

fn learners(count: u8) -> Vec<Learner> {
    let learner = |position| Learner {
        subject: Keypair::new().pubkey(),
        digest: [position; 32],
        status_offset: u16::from(position) * 1000,
    };
    (0..count).map(learner).collect()
}

fn args(learners: &[Learner]) -> IssueManyArgs {
    IssueManyArgs { subject_kind: 1, expires_at: None, status_base: 500, learners: learners.to_vec() }
}

fn many(world: &World, args: IssueManyArgs) -> Instruction {
    credential::issue_many(world.payer.pubkey(), &world.issuer.key_ref(), world.issuer.achievement, args)
}

#[test]
fn a_key_issues_to_each_learner_in_order() {
    let mut world = World::new();
    world.pass(60);
    let (key, now, achievement) = (world.issuer.key.insecure_clone(), world.ledger.time(), world.issuer.achievement);
    let learners = learners(8);
    let key_before: IssuerKey = world.get(&world.issuer.key_ref().address());
    let all = IssueManyArgs { expires_at: Some(now + DAY), ..args(&learners) };
    let sent = world.ok(&[many(&world, all)], &[&key]);
    let mut expected = Vec::new();
    for learner in &learners {
        let address = address::credential(&achievement, &learner.subject, 0);
        let has_document = learner.digest != [0; 32];
        let status_index = 500 + u32::from(learner.status_offset);
        assert_eq!(
            world.get::<Credential>(&address),
            Credential {
                version: 1,
                bump: bump(&[b"credential", achievement.as_ref(), learner.subject.as_ref(), &[0, 0]]),
                status: 2,
                reason: 0,
                flags: if has_document { 2 } else { 0 },
                subject_kind: 1,
                sequence: 0,
                issuer: world.issuer.address,
                achievement,
                subject: learner.subject,
                digest: learner.digest,
                issued_at: now,
                asserted_at: now,
                expires_at: now + DAY,
                status_changed_at: 0,
                key_index: 0,
                status_key_index: 0,
                revision: 0,
                reserved_182: 0,
                status_index,
                cohort: 0,
            }
        );
        expected.push(Event::CredentialIssued(CredentialIssued {
            credential: address,
            achievement,
            subject: learner.subject,
            digest: learner.digest,
            expires_at: now + DAY,
            at: now,
            status_index,
            key_index: 0,
            sequence: 0,
            status: 2,
            subject_kind: 1,
            reserved: [0; 6],
        }));
    }
    assert_eq!(sent.events(), expected);
    assert_eq!(world.get::<IssuerKey>(&world.issuer.key_ref().address()), IssuerKey { used: 8, ..key_before });
}

#[test]
fn the_result_is_that_of_issuing_one_by_one() {
    let learners = learners(2);
    let mut world = World::new();
    let key = world.issuer.key.insecure_clone();
    world.ok(&[many(&world, args(&learners))], &[&key]);
    for learner in &learners {
        let together = address::credential(&world.issuer.achievement, &learner.subject, 0);
        let alone = address::credential(&world.issuer.acceptance, &learner.subject, 0);
        let one = microcred::IssueArgs {
            digest: learner.digest,
            status_index: 500 + u32::from(learner.status_offset),
            expires_at: Some(0),
            ..issue_args(learner.subject)
        };
        world.issue(world.issuer.acceptance, one).unwrap();
        let (together, alone): (Credential, Credential) = (world.get(&together), world.get(&alone));
        let (achievement, bump, status) = (together.achievement, together.bump, together.status);
        assert_eq!(together, Credential { achievement, bump, status, ..alone });
    }
}

#[test]
fn it_works_at_addresses_that_somebody_funded_before() {
    let mut world = World::new();
    let (key, sponsor) = (world.issuer.key.insecure_clone(), Keypair::new());
    let savings = 1_u64 << 40;
    world.ledger.fund(&sponsor.pubkey(), savings).unwrap();
    let rent = world.ledger.rent_minimum(192);
    let learners = learners(5);
    let credentials: Vec<Address> =
        learners.iter().map(|learner| address::credential(&world.issuer.achievement, &learner.subject, 0)).collect();
    let funded = [0, 1_000_000, rent - 1, rent, rent + 1];
    for (address, lamports) in credentials.iter().zip(funded) {
        if lamports > 0 {
            world.ledger.fund(address, lamports).unwrap();
        }
    }
    let instruction =
        credential::issue_many(sponsor.pubkey(), &world.issuer.key_ref(), world.issuer.achievement, args(&learners));
    world.ok(&[instruction], &[&key, &sponsor]);
    for (address, lamports) in credentials.iter().zip(funded) {
        assert_eq!(world.get::<Credential>(address).status, 2);
        assert_eq!(world.lamports(address), lamports.max(rent));
    }
    let paid: u64 = funded.iter().map(|lamports| rent.saturating_sub(*lamports)).sum();
    assert_eq!(world.lamports(&sponsor.pubkey()), savings - paid);
}

#[test]
fn one_that_fails_fails_them_all() {
    let mut world = World::new();
    let key = world.issuer.key.insecure_clone();
    let mut list = learners(3);
    world.issued(&list[2].subject);
    world.refuses_case("in use", &many(&world, args(&list)), &[&key], E::AlreadyExists);
    list[2] = list[0];
    world.refuses_case("the same learner twice", &many(&world, args(&list)), &[&key], E::AlreadyExists);
    list[2] = Learner { subject: Address::default(), ..list[0] };
    world.refuses_case("nobody", &many(&world, args(&list)), &[&key], E::ZeroSubject);
    list[2] = learners(1)[0];
    world.takes("without those", &many(&world, args(&list)), &[&key]);
}

#[test]
fn status_indices_end_at_32_bits() {
    let mut world = World::new();
    let key = world.issuer.key.insecure_clone();
    let mut list = learners(2);
    list[1].status_offset = u16::MAX;
    let base = u32::MAX - u32::from(u16::MAX);
    let over = IssueManyArgs { status_base: base + 1, ..args(&list) };
    world.refuses(&many(&world, over), &[&key], E::BadStatusIndex);
    world.ok(&[many(&world, IssueManyArgs { status_base: base, ..args(&list) })], &[&key]);
    let last = address::credential(&world.issuer.achievement, &list[1].subject, 0);
    assert_eq!(world.get::<Credential>(&last).status_index, u32::MAX);
}

#[test]
fn each_new_account_is_its_learners_in_order_and_writable() {
    let mut world = World::new();
    let (key, list) = (world.issuer.key.insecure_clone(), learners(2));
    let good = many(&world, args(&list));
    let mut reversed = good.clone();
    reversed.accounts.swap(FIRST, FIRST + 1);
    world.refuses_case("wrong order", &reversed, &[&key], E::WrongAddress);
    let (free, subject) = (world.issuer.achievement, list[1].subject);
    for (case, wrong) in [
        ("another achievement's", address::credential(&world.issuer.acceptance, &subject, 0)),
        ("the next one", address::credential(&free, &subject, 1)),
        ("not canonical", non_canonical(&[b"credential", free.as_ref(), subject.as_ref(), &[0, 0]])),
        ("the learner", subject),
    ] {
        world.refuses_case(case, &with_account(&good, FIRST + 1, wrong), &[&key], E::WrongAddress);
    }
    world.refuses(&read_only(&good, FIRST + 1), &[&key], E::NotWritable);
}

#[test]
fn there_are_as_many_accounts_as_learners() {
    let mut world = World::new();
    let (key, list) = (world.issuer.key.insecure_clone(), learners(2));
    let good = many(&world, args(&list));
    let mut fewer = good.clone();
    fewer.accounts.pop();
    world.refuses_case("fewer", &fewer, &[&key], E::CountMismatch);
    let more = with_extra_account(&good, Keypair::new().pubkey());
    world.refuses_case("more", &more, &[&key], E::CountMismatch);
    world.refuses_case("none", &many(&world, args(&[])), &[&key], E::NothingToDo);
    let unasked = with_extra_account(&many(&world, args(&[])), Keypair::new().pubkey());
    world.refuses_case("accounts without learners", &unasked, &[&key], E::NothingToDo);
    let aliased = with_account(&good, FIRST + 1, world.issuer.key_ref().address());
    world.refuses_case("the key's account", &aliased, &[&key], runtime::PASSED_TWICE);
}

#[test]
fn every_learner_counts_against_the_quota() {
    let mut world = World::new();
    let (holder, list) = (Keypair::new(), learners(3));
    world.new_key(1, KeyTerms { quota: 4, ..key_terms(holder.pubkey()) }).unwrap();
    let by = KeyRef { index: 1, key: holder.pubkey(), ..world.issuer.key_ref() };
    let next = |world: &World, list: &[Learner]| {
        credential::issue_many(world.payer.pubkey(), &by, world.issuer.achievement, args(list))
    };
    world.ok(&[next(&world, &list)], &[&holder]);
    world.refuses(&next(&world, &learners(2)), &[&holder], E::QuotaExceeded);
    world.ok(&[next(&world, &learners(1))], &[&holder]);
    assert_eq!(world.get::<IssuerKey>(&by.address()).used, 4);
}

#[test]
fn subjects_expiry_and_acceptance_follow_the_rules_of_issue() {
    let mut world = World::new();
    let (key, now) = (world.issuer.key.insecure_clone(), world.ledger.time());
    let (free, acceptance) = (world.issuer.achievement, world.issuer.acceptance);
    for (achievement, subject_kind, expires_at, outcome) in [
        (free, 1, None, Ok((2, 0))),
        (free, 2, Some(now + 1), Ok((2, now + 1))),
        (acceptance, 1, None, Ok((1, now + 365 * DAY))),
        (acceptance, 1, Some(0), Ok((1, 0))),
        (acceptance, 2, None, Err(E::CommitmentCannotAccept)),
        (free, 3, None, Err(E::LearnerSubjectRefused)),
        (free, 0, None, Err(E::UnknownSubjectKind)),
        (free, 4, None, Err(E::UnknownSubjectKind)),
        (free, 1, Some(now), Err(E::BadExpiry)),
        (free, 1, Some(-1), Err(E::BadExpiry)),
    ] {
        let case = format!("kind {subject_kind}, {expires_at:?}");
        let list = learners(2);
        let args = IssueManyArgs { subject_kind, expires_at, ..args(&list) };
        let instruction = credential::issue_many(world.payer.pubkey(), &world.issuer.key_ref(), achievement, args);
        match outcome {
            Err(error) => world.refuses_case(&case, &instruction, &[&key], error),
            Ok(expected) => {
                world.takes(&case, &instruction, &[&key]);
                for learner in &list {
                    let account: Credential = world.get(&address::credential(&achievement, &learner.subject, 0));
                    assert_eq!((account.status, account.expires_at), expected, "{case}");
                    assert_eq!(account.subject_kind, subject_kind, "{case}");
                }
            }
        }
    }
}

#[test]
fn a_paused_or_retired_issuer_or_achievement_issues_nothing() {
    for halt in [issuer::pause, issuer::retire] {
        let mut world = World::new();
        let key = world.issuer.key.insecure_clone();
        world.halt_issuer(halt);
        world.refuses(&many(&world, args(&learners(2))), &[&key], E::IssuerNotActive);
    }
    for halt in [achievement::pause, achievement::retire] {
        let mut world = World::new();
        let key = world.issuer.key.insecure_clone();
        world.halt_achievement(halt, world.issuer.achievement);
        world.refuses(&many(&world, args(&learners(2))), &[&key], E::AchievementNotActive);
    }
}

#[test]
fn a_key_needs_permission_to_issue() {
    keeps_to_the_limits_of_its_key(permission::ISSUE, |world, key| {
        credential::issue_many(world.payer.pubkey(), key, world.issuer.acceptance, args(&learners(2)))
    });
}

#[test]
fn issuer_key_and_achievement_belong_together_and_nobody_else_signs_or_pays() {
    let mut world = World::new();
    let other = world.new_issuer("college");
    let (key, authority) = (world.issuer.key.insecure_clone(), world.issuer.authority.insecure_clone());
    let list = learners(2);
    let ours = many(&world, args(&list));
    let theirs = credential::issue_many(world.payer.pubkey(), &world.issuer.key_ref(), other.achievement, args(&list));
    world.refuses(&theirs, &[&key], E::WrongIssuer);
    world.refuses(&with_account(&ours, ISSUER, other.address), &[&key], E::WrongIssuer);
    world.refuses(&with_account(&ours, ISSUER_KEY, other.key_ref().address()), &[&key], E::WrongIssuer);
    world.refuses(&with_account(&ours, KEY, authority.pubkey()), &[&authority], E::NotKeyHolder);
    world.refuses(&unsigned(&ours, KEY), &[], runtime::NOT_SIGNED);
    world.refuses(&read_only(&ours, ISSUER_KEY), &[&key], runtime::NOT_WRITABLE);
    world.refuses(&with_account(&ours, ACHIEVEMENT, world.issuer.address), &[&key], runtime::OTHER_KIND);
    let poor = with_account(&ours, PAYER, other.key.pubkey());
    world.refuses(&poor, &[&key, &other.key], runtime::TOO_POOR);
    let false_system = with_account(&ours, SYSTEM_PROGRAM, PROGRAM_ID);
    world.refuses(&false_system, &[&key], InstructionError::IncorrectProgramId);
}
