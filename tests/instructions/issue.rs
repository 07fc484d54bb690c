use microcred::{CreateAchievementArgs, IssueArgs, KeyTerms};
use microcred_client::{
    Address, Instruction, MicrocredError as E, PROGRAM_ID, address,
    event::Event,
    events::CredentialIssued,
    instructions::{KeyRef, achievement, credential, issuer},
    state::{
        Achievement, Credential,
        CredentialStatus::{Active, Declined, Erased, Pending, Revoked, Suspended},
        IssuerKey, MAX_VALIDITY, Reason, permission,
    },
};
use microcred_tests::{
    Creation, DAY, Held, World, achievement_args, assert_creates, bump, issue_args, keeps_to_the_limits_of_its_key,
    key_terms, non_canonical, read_only, runtime, unsigned, with_account, with_extra_account, without_account,
};
use solana_keypair::Keypair;
use solana_signer::Signer;

/// Places of the instruction's accounts.
const PAYER: usize = 0;
const KEY: usize = 1;
const ISSUER: usize = 2;
const ISSUER_KEY: usize = 3;
const ACHIEVEMENT: usize = 4;
const PREVIOUS: usize = 5;
const CREDENTIAL: usize = 6;

fn issue(world: &World, achievement: Address, args: IssueArgs) -> Instruction {
    credential::issue(world.payer.pubkey(), &world.issuer.key_ref(), achievement, args)
}

/// Everything stored of a new credential of the issuer's renewable achievement, as [`issue_args`] names it.
fn issued(world: &World, subject: Address) -> Credential {
    let achievement = world.issuer.achievement;
    Credential {
        version: 1,
        bump: bump(&[b"credential", achievement.as_ref(), subject.as_ref(), &[0, 0]]),
        status: 2,
        reason: 0,
        flags: 2,
        subject_kind: 1,
        sequence: 0,
        issuer: world.issuer.address,
        achievement,
        subject,
        digest: [5; 32],
        issued_at: world.ledger.time(),
        asserted_at: world.ledger.time(),
        expires_at: 0,
        status_changed_at: 0,
        key_index: 0,
        status_key_index: 0,
        revision: 0,
        reserved_182: 0,
        status_index: 77,
        cohort: 0,
    }
}

#[test]
fn a_key_issues_at_the_address_that_achievement_subject_and_sequence_give() {
    let mut world = World::new();
    world.pass(60);
    let (key, subject, achievement) =
        (world.issuer.key.insecure_clone(), Keypair::new().pubkey(), world.issuer.achievement);
    let (address, _) =
        Address::find_program_address(&[b"credential", achievement.as_ref(), subject.as_ref(), &[0, 0]], &PROGRAM_ID);
    let key_before: IssuerKey = world.get(&world.issuer.key_ref().address());
    let args = IssueArgs { expires_at: Some(world.ledger.time() + DAY), status_index: u32::MAX, ..issue_args(subject) };
    let sent = world.ok(&[issue(&world, achievement, args)], &[&key]);
    let now = world.ledger.time();
    assert_eq!(
        world.get::<Credential>(&address),
        Credential { expires_at: now + DAY, status_index: u32::MAX, ..issued(&world, subject) }
    );
    assert_eq!(world.get::<IssuerKey>(&world.issuer.key_ref().address()), IssuerKey { used: 1, ..key_before });
    assert_eq!(
        sent.events(),
        [Event::CredentialIssued(CredentialIssued {
            credential: address,
            achievement,
            subject,
            digest: [5; 32],
            expires_at: now + DAY,
            at: now,
            status_index: u32::MAX,
            key_index: 0,
            sequence: 0,
            status: 2,
            subject_kind: 1,
            reserved: [0; 6],
        })]
    );
}

#[test]
fn a_payer_pays_the_rent_and_the_address_may_have_been_funded_before() {
    assert_creates(|world, payer| {
        let (achievement, subject) = (world.issuer.achievement, Keypair::new().pubkey());
        Creation {
            instruction: credential::issue(payer, &world.issuer.key_ref(), achievement, issue_args(subject)),
            signer: world.issuer.key.insecure_clone(),
            accounts: vec![(address::credential(&achievement, &subject, 0), 192)],
        }
    });
}

#[test]
fn the_key_may_pay_for_itself() {
    let mut world = World::new();
    let key = world.issuer.key.insecure_clone();
    world.ledger.fund(&key.pubkey(), 1_000_000_000).unwrap();
    let args = issue_args(Keypair::new().pubkey());
    let issue = credential::issue(key.pubkey(), &world.issuer.key_ref(), world.issuer.achievement, args);
    world.ledger.send(&[issue], &key, &[]).unwrap();
}

#[test]
fn a_wallets_credential_is_pending_where_acceptance_is_required_and_a_commitment_is_refused_there() {
    let mut world = World::new();
    let (key, acceptance, free) =
        (world.issuer.key.insecure_clone(), world.issuer.acceptance, world.issuer.achievement);
    for (achievement, subject_kind, outcome) in [
        (free, 1, Ok(2)),
        (acceptance, 1, Ok(1)),
        (free, 2, Ok(2)),
        (acceptance, 2, Err(E::CommitmentCannotAccept)),
        (free, 3, Err(E::LearnerSubjectRefused)),
        (acceptance, 3, Err(E::LearnerSubjectRefused)),
        (free, 0, Err(E::UnknownSubjectKind)),
        (free, 4, Err(E::UnknownSubjectKind)),
    ] {
        let subject = Keypair::new().pubkey();
        let issue = issue(&world, achievement, IssueArgs { subject_kind, ..issue_args(subject) });
        match outcome {
            Err(error) => world.refuses(&issue, &[&key], error),
            Ok(status) => {
                world.ok(&[issue], &[&key]);
                let account: Credential = world.get(&address::credential(&achievement, &subject, 0));
                assert_eq!((account.status, account.subject_kind, account.flags), (status, subject_kind, 2));
            }
        }
    }
}

#[test]
fn without_a_document_there_is_no_digest() {
    let mut world = World::new();
    let (achievement, subject) = (world.issuer.achievement, Keypair::new().pubkey());
    world.issue(achievement, IssueArgs { digest: [0; 32], ..issue_args(subject) }).unwrap();
    let account: Credential = world.get(&address::credential(&achievement, &subject, 0));
    assert_eq!(account, Credential { digest: [0; 32], flags: 0, ..issued(&world, subject) });
}

#[test]
fn the_expiry_is_the_one_named_or_the_achievements_and_lies_in_the_future() {
    let mut world = World::new();
    let (key, now) = (world.issuer.key.insecure_clone(), world.ledger.time());
    for (validity, named, outcome) in [
        (0, None, Ok(0)),
        (0, Some(0), Ok(0)),
        (0, Some(now + 1), Ok(now + 1)),
        (0, Some(i64::MAX), Ok(i64::MAX)),
        (0, Some(now), Err(E::BadExpiry)),
        (0, Some(now - 1), Err(E::BadExpiry)),
        (0, Some(-1), Err(E::BadExpiry)),
        (DAY, None, Ok(now + DAY)),
        (DAY, Some(0), Ok(0)),
        (DAY, Some(now + 1), Ok(now + 1)),
        (MAX_VALIDITY, None, Ok(now + MAX_VALIDITY)),
    ] {
        let case = format!("{validity} {named:?}");
        let (achievement, subject) = (world.issuer.achievement, Keypair::new().pubkey());
        world.forge(&achievement, |achievement: &mut Achievement| achievement.default_validity = validity);
        let issue = issue(&world, achievement, IssueArgs { expires_at: named, ..issue_args(subject) });
        match outcome {
            Err(error) => world.refuses_case(&case, &issue, &[&key], error),
            Ok(expires_at) => {
                world.takes(&case, &issue, &[&key]);
                let account: Credential = world.get(&address::credential(&achievement, &subject, 0));
                assert_eq!(account.expires_at, expires_at, "{case}");
            }
        }
    }
}

#[test]
fn there_is_one_credential_for_an_achievement_and_subject() {
    let mut world = World::new();
    let key = world.issuer.key.insecure_clone();
    for status in [Pending, Active, Suspended, Revoked, Declined, Erased] {
        let held = world.credential_in(status);
        let again = issue(&world, world.issuer.acceptance, issue_args(held.subject()));
        world.refuses_case(status.word(), &again, &[&key], E::AlreadyExists);
    }
}

#[test]
fn the_next_one_needs_the_one_before_to_be_over() {
    let mut world = World::new();
    let key = world.issuer.key.insecure_clone();
    let next = |world: &World, held: &Held| {
        issue(world, world.issuer.acceptance, IssueArgs { sequence: 1, ..issue_args(held.subject()) })
    };
    for (status, error) in [
        (Pending, Some(E::PreviousStillLive)),
        (Active, Some(E::PreviousStillLive)),
        (Suspended, Some(E::PreviousStillLive)),
        (Revoked, None),
        (Declined, None),
        (Erased, None),
    ] {
        let held = world.credential_in(status);
        match error {
            Some(error) => world.refuses_case(status.word(), &next(&world, &held), &[&key], error),
            None => {
                world.takes(status.word(), &next(&world, &held), &[&key]);
                let address = address::credential(&world.issuer.acceptance, &held.subject(), 1);
                let account: Credential = world.get(&address);
                assert_eq!((account.sequence, account.status, account.subject), (1, 1, held.subject()));
            }
        }
    }
    // Revoked and declined ones that were erased afterwards name no subject, but are over all the same.
    for status in [Revoked, Declined] {
        let held = world.credential_in(status);
        world.ok(&[credential::erase_own(held.subject(), held.credential)], &[&held.wallet]);
        world.takes(status.word(), &next(&world, &held), &[&key]);
    }
    // One that has expired is still live: it can be renewed.
    let held = world.credential_in(Active);
    let expires_at = world.get::<Credential>(&held.credential).expires_at;
    world.ledger.set_time(expires_at);
    world.refuses(&next(&world, &held), &[&key], E::PreviousStillLive);
}

#[test]
fn the_one_before_is_passed_exactly_when_there_is_one() {
    let mut world = World::new();
    let key = world.issuer.key.insecure_clone();
    let (held, another) = (world.credential_in(Revoked), world.credential_in(Revoked));
    let achievement = world.issuer.acceptance;
    let of = |sequence| IssueArgs { sequence, ..issue_args(held.subject()) };
    let first = issue(&world, achievement, issue_args(Keypair::new().pubkey()));
    let second = issue(&world, achievement, of(1));
    let third = issue(&world, achievement, of(2));
    let elsewhere = world.issued(&held.subject());
    let revoke = credential::revoke(&world.issuer.by_key(), elsewhere, Reason::IssuedInError);
    world.ok(&[revoke], &[&key]);

    world.refuses(&with_account(&first, PREVIOUS, held.credential), &[&key], E::PreviousUnexpected);
    world.refuses(&without_account(&second, PREVIOUS), &[&key], E::PreviousMissing);
    world.refuses(&with_account(&second, PREVIOUS, another.credential), &[&key], E::WrongPrevious);
    world.refuses(&with_account(&second, PREVIOUS, elsewhere), &[&key], E::WrongPrevious);
    world.refuses(&with_account(&second, PREVIOUS, achievement), &[&key], runtime::OTHER_KIND);
    world.refuses(&third, &[&key], runtime::EMPTY);
    world.refuses(&with_account(&third, PREVIOUS, held.credential), &[&key], E::WrongPrevious);
    world.ok(&[second], &[&key]);
    world.refuses(&third, &[&key], E::PreviousStillLive);
}

#[test]
fn sequences_end_at_65535() {
    let mut world = World::new();
    let (key, held) = (world.issuer.key.insecure_clone(), world.credential_in(Revoked));
    let achievement = world.issuer.acceptance;
    let last_but_one = address::credential(&achievement, &held.subject(), u16::MAX - 1);
    let stored = world.ledger.account(&held.credential).unwrap();
    world.ledger.svm().set_account(last_but_one, stored).unwrap();
    let bump = bump(&[b"credential", achievement.as_ref(), held.subject().as_ref(), &[0xFE, 0xFF]]);
    world.forge(&last_but_one, |credential: &mut Credential| {
        credential.sequence = u16::MAX - 1;
        credential.bump = bump;
    });
    let last = issue(&world, achievement, IssueArgs { sequence: u16::MAX, ..issue_args(held.subject()) });
    world.ok(&[last], &[&key]);
    let address = address::credential(&achievement, &held.subject(), u16::MAX);
    assert_eq!(world.get::<Credential>(&address).sequence, u16::MAX);
}

#[test]
fn a_paused_or_retired_issuer_issues_nothing() {
    for halt in [issuer::pause, issuer::retire] {
        let mut world = World::new();
        let key = world.issuer.key.insecure_clone();
        world.halt_issuer(halt);
        let issue = issue(&world, world.issuer.achievement, issue_args(Keypair::new().pubkey()));
        world.refuses(&issue, &[&key], E::IssuerNotActive);
    }
}

#[test]
fn a_draft_paused_or_retired_achievement_is_not_issued() {
    let mut world = World::new();
    let (key, by_key) = (world.issuer.key.insecure_clone(), world.issuer.by_key());
    let draft = CreateAchievementArgs { publish: false, ..achievement_args("draft") };
    world.ok(&[achievement::create(world.payer.pubkey(), &by_key, draft)], &[&key]);
    world.halt_achievement(achievement::pause, world.issuer.achievement);
    world.halt_achievement(achievement::retire, world.issuer.acceptance);
    let draft = address::achievement(&world.issuer.address, "draft");
    for achievement in [draft, world.issuer.achievement, world.issuer.acceptance] {
        let issue = issue(&world, achievement, issue_args(Keypair::new().pubkey()));
        world.refuses(&issue, &[&key], E::AchievementNotActive);
    }
}

#[test]
fn what_is_issued_counts_against_the_quota() {
    let mut world = World::new();
    for quota in [0_u64, 2] {
        let (holder, index) = (Keypair::new(), if quota == 0 { 1 } else { 2 });
        world.new_key(index, KeyTerms { quota, ..key_terms(holder.pubkey()) }).unwrap();
        let by = KeyRef { index, key: holder.pubkey(), ..world.issuer.key_ref() };
        let next = |world: &World| {
            let args = issue_args(Keypair::new().pubkey());
            credential::issue(world.payer.pubkey(), &by, world.issuer.achievement, args)
        };
        for _ in 0..quota {
            world.ok(&[next(&world)], &[&holder]);
        }
        world.refuses(&next(&world), &[&holder], E::QuotaExceeded);
        assert_eq!(world.get::<IssuerKey>(&by.address()).used, quota);
    }
    let key = world.issuer.key.insecure_clone();
    world.forge(&world.issuer.key_ref().address(), |key: &mut IssuerKey| key.used = u64::MAX);
    let issue = issue(&world, world.issuer.achievement, issue_args(Keypair::new().pubkey()));
    world.refuses(&issue, &[&key], E::Overflow);
}

#[test]
fn a_key_needs_permission_to_issue() {
    keeps_to_the_limits_of_its_key(permission::ISSUE, |world, key| {
        let args = issue_args(Keypair::new().pubkey());
        credential::issue(world.payer.pubkey(), key, world.issuer.acceptance, args)
    });
}

#[test]
fn issuer_key_and_achievement_belong_together_and_nobody_else_signs() {
    let mut world = World::new();
    let other = world.new_issuer("college");
    let (key, authority) = (world.issuer.key.insecure_clone(), world.issuer.authority.insecure_clone());
    let subject = Keypair::new().pubkey();
    let ours = issue(&world, world.issuer.achievement, issue_args(subject));
    let theirs = issue(&world, other.achievement, issue_args(subject));
    world.refuses(&theirs, &[&key], E::WrongIssuer);
    world.refuses(&with_account(&ours, ISSUER, other.address), &[&key], E::WrongIssuer);
    world.refuses(&with_account(&ours, ISSUER_KEY, other.key_ref().address()), &[&key], E::WrongIssuer);
    world.refuses(&with_account(&ours, KEY, authority.pubkey()), &[&authority], E::NotKeyHolder);
    world.refuses(&with_account(&ours, KEY, other.key.pubkey()), &[&other.key], E::NotKeyHolder);
    world.refuses(&unsigned(&ours, KEY), &[], runtime::NOT_SIGNED);
    world.refuses(&read_only(&ours, ISSUER_KEY), &[&key], runtime::NOT_WRITABLE);
    world.refuses(&with_account(&ours, ISSUER, subject), &[&key], runtime::EMPTY);
    world.refuses(&with_account(&ours, ISSUER, other.achievement), &[&key], runtime::TOO_SHORT);
    world.refuses(&with_account(&ours, ACHIEVEMENT, world.issuer.address), &[&key], runtime::OTHER_KIND);
    world.refuses(&with_extra_account(&ours, subject), &[&key], E::ExtraAccount);
    let poor = with_account(&ours, PAYER, other.key.pubkey());
    world.refuses(&poor, &[&key, &other.key], runtime::TOO_POOR);
}

#[test]
fn the_address_is_the_canonical_one() {
    let mut world = World::new();
    let (key, subject) = (world.issuer.key.insecure_clone(), Keypair::new().pubkey());
    let (free, acceptance) = (world.issuer.achievement, world.issuer.acceptance);
    let issue = issue(&world, free, issue_args(subject));
    for wrong in [
        address::credential(&acceptance, &subject, 0),
        address::credential(&free, &Keypair::new().pubkey(), 0),
        address::credential(&free, &subject, 1),
        non_canonical(&[b"credential", free.as_ref(), subject.as_ref(), &[0, 0]]),
        subject,
    ] {
        world.refuses(&with_account(&issue, CREDENTIAL, wrong), &[&key], E::WrongAddress);
    }
}

#[test]
fn nobody_is_not_a_subject() {
    let mut world = World::new();
    let key = world.issuer.key.insecure_clone();
    for subject_kind in [1, 2] {
        let args = IssueArgs { subject_kind, ..issue_args(Address::default()) };
        world.refuses(&issue(&world, world.issuer.achievement, args), &[&key], E::ZeroSubject);
    }
}
