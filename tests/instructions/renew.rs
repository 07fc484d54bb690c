use microcred::{CreateAchievementArgs, IssueArgs, KeyTerms, RenewArgs};
use microcred_client::{
    Address, Instruction, MicrocredError as E, address,
    event::Event,
    events::CredentialRenewed,
    instructions::{KeyRef, achievement, credential, issuer},
    state::{
        Credential,
        CredentialStatus::{Active, Declined, Erased, Pending, Revoked, Suspended},
        IssuerKey, permission,
    },
};
use microcred_tests::{
    DAY, World, achievement_args, issue_args, keeps_to_the_limits_of_its_key, key_terms, read_only, runtime,
    with_account, with_extra_account,
};
use solana_keypair::Keypair;
use solana_signer::Signer;

const YEAR: i64 = 365 * DAY;

fn renew(world: &World, credential: Address, expires_at: Option<i64>) -> Instruction {
    let args = RenewArgs { digest: [6; 32], expires_at };
    credential::renew(&world.issuer.key_ref(), world.issuer.acceptance, credential, args)
}

#[test]
fn a_key_renews_and_asserts_anew() {
    let mut world = World::new();
    let held = world.credential_in(Active);
    let second = Keypair::new();
    world.new_key(1, KeyTerms { quota: 3, ..key_terms(second.pubkey()) }).unwrap();
    let (before, key_before): (Credential, IssuerKey) =
        (world.get(&held.credential), world.get(&address::issuer_key(&world.issuer.address, 1)));
    world.pass(60);
    let now = world.ledger.time();
    let by = KeyRef { index: 1, key: second.pubkey(), ..world.issuer.key_ref() };
    let args = RenewArgs { digest: [6; 32], expires_at: None };
    let sent = world.ok(&[credential::renew(&by, world.issuer.acceptance, held.credential, args)], &[&second]);
    assert_eq!(
        world.get::<Credential>(&held.credential),
        Credential { digest: [6; 32], asserted_at: now, expires_at: now + YEAR, key_index: 1, revision: 1, ..before }
    );
    assert_eq!(world.get::<IssuerKey>(&by.address()), IssuerKey { used: 1, ..key_before });
    assert_eq!(
        sent.events(),
        [Event::CredentialRenewed(CredentialRenewed {
            credential: held.credential,
            issuer: world.issuer.address,
            achievement: world.issuer.acceptance,
            old_digest: [5; 32],
            new_digest: [6; 32],
            old_expires_at: before.expires_at,
            new_expires_at: now + YEAR,
            old_key_index: 0,
            new_key_index: 1,
            revision: 1,
            at: now,
        })]
    );
}

#[test]
fn without_a_new_document_there_is_none_any_more() {
    let mut world = World::new();
    let held = world.credential_in(Active);
    let key = world.issuer.key.insecure_clone();
    let args = RenewArgs { digest: [0; 32], expires_at: None };
    world.ok(&[credential::renew(&world.issuer.key_ref(), world.issuer.acceptance, held.credential, args)], &[&key]);
    let account: Credential = world.get(&held.credential);
    assert!(!account.has_document() && account.is_accepted());
    assert_eq!(account.digest, [0; 32]);
}

#[test]
fn only_active_is_renewed() {
    let mut world = World::new();
    let key = world.issuer.key.insecure_clone();
    for (status, error) in [
        (Pending, Some(E::PendingCannotBeRenewed)),
        (Active, None),
        (Suspended, Some(E::SuspendedCannotBeRenewed)),
        (Revoked, Some(E::RevokedCannotBeRenewed)),
        (Declined, Some(E::DeclinedCannotBeRenewed)),
        (Erased, Some(E::ErasedCannotBeRenewed)),
    ] {
        let held = world.credential_in(status);
        let renew = renew(&world, held.credential, None);
        match error {
            Some(error) => world.refuses_case(status.word(), &renew, &[&key], error),
            None => drop(world.takes(status.word(), &renew, &[&key])),
        }
    }
}

#[test]
fn the_expiry_never_moves_forward_nor_lies_in_the_past() {
    let mut world = World::new();
    let key = world.issuer.key.insecure_clone();
    let held = world.credential_in(Active);
    let old = world.get::<Credential>(&held.credential).expires_at;
    // The key was valid before, so that the cases can be.
    let key_account = world.issuer.key_ref().address();
    world.forge(&key_account, |key: &mut IssuerKey| key.valid_from = 0);
    for (before, now, named, outcome) in [
        (old, old - 9, Some(old - 1), Err(E::ExpiryShortened)),
        (old, old - 9, Some(old), Ok(old)),
        (old, old - 9, Some(old + 1), Ok(old + 1)),
        (old, old - 9, Some(0), Ok(0)),
        (old, old - YEAR - 1, None, Err(E::ExpiryShortened)),
        (old, old - YEAR, None, Ok(old)),
        (old, old + 5, None, Ok(old + 5 + YEAR)),
        (old, old + 5, Some(old + 4), Err(E::BadExpiry)),
        (old, old + 5, Some(old + 5), Err(E::BadExpiry)),
        (old, old + 5, Some(old + 6), Ok(old + 6)),
        (old, old - 9, Some(-1), Err(E::BadExpiry)),
        (0, old, Some(i64::MAX), Err(E::ExpiryShortened)),
        (0, old, None, Err(E::ExpiryShortened)),
        (0, old, Some(0), Ok(0)),
    ] {
        let case = format!("{before} to {named:?} at {now}");
        let stored = world.ledger.account(&held.credential).unwrap();
        world.forge(&held.credential, |credential: &mut Credential| {
            credential.expires_at = before;
            credential.issued_at = now - 1;
            credential.asserted_at = now - 1;
        });
        world.ledger.set_time(now);
        let renew = renew(&world, held.credential, named);
        match outcome {
            Err(error) => world.refuses_case(&case, &renew, &[&key], error),
            Ok(expected) => {
                world.takes(&case, &renew, &[&key]);
                assert_eq!(world.get::<Credential>(&held.credential).expires_at, expected, "{case}");
            }
        }
        world.ledger.svm().set_account(held.credential, stored).unwrap();
    }
}

#[test]
fn without_a_default_validity_a_renewal_keeps_the_end_there_is() {
    let mut world = World::new();
    let (key, achievement, subject) =
        (world.issuer.key.insecure_clone(), world.issuer.achievement, Keypair::new().pubkey());
    let (now, end) = (world.ledger.time(), world.ledger.time() + 100);
    world.issue(achievement, IssueArgs { expires_at: Some(end), ..issue_args(subject) }).unwrap();
    let credential = address::credential(&achievement, &subject, 0);
    let args = RenewArgs { digest: [6; 32], expires_at: None };
    let renew = credential::renew(&world.issuer.key_ref(), achievement, credential, args);
    world.ledger.set_time(now + 99);
    world.performs(&renew, &[&key]);
    assert_eq!(world.get::<Credential>(&credential).expires_at, end);
    world.ledger.set_time(end);
    world.refuses(&renew, &[&key], E::BadExpiry);
}

#[test]
fn an_achievement_that_is_not_renewable_forbids_it() {
    let mut world = World::new();
    let (key, by_key) = (world.issuer.key.insecure_clone(), world.issuer.by_key());
    let args = CreateAchievementArgs { policy: 0, ..achievement_args("attendance") };
    world.ok(&[achievement::create(world.payer.pubkey(), &by_key, args)], &[&key]);
    let achievement = address::achievement(&world.issuer.address, "attendance");
    let learner = Keypair::new().pubkey();
    world.issue(achievement, issue_args(learner)).unwrap();
    let credential = address::credential(&achievement, &learner, 0);
    let args = RenewArgs { digest: [6; 32], expires_at: None };
    let renew = credential::renew(&world.issuer.key_ref(), achievement, credential, args);
    world.refuses(&renew, &[&key], E::NotRenewable);
}

#[test]
fn a_paused_or_retired_issuer_or_achievement_renews_nothing() {
    for halt in [issuer::pause, issuer::retire] {
        let mut world = World::new();
        let (key, held) = (world.issuer.key.insecure_clone(), world.credential_in(Active));
        world.halt_issuer(halt);
        let renew = renew(&world, held.credential, None);
        world.refuses(&renew, &[&key], E::IssuerNotActive);
    }
    for halt in [achievement::pause, achievement::retire] {
        let mut world = World::new();
        let (key, held) = (world.issuer.key.insecure_clone(), world.credential_in(Active));
        world.halt_achievement(halt, world.issuer.acceptance);
        let renew = renew(&world, held.credential, None);
        world.refuses(&renew, &[&key], E::AchievementNotActive);
    }
}

#[test]
fn renewals_count_against_the_quota() {
    let mut world = World::new();
    let (held, holder) = (world.credential_in(Active), Keypair::new());
    world.new_key(1, KeyTerms { quota: 1, ..key_terms(holder.pubkey()) }).unwrap();
    let by = KeyRef { index: 1, key: holder.pubkey(), ..world.issuer.key_ref() };
    let args = RenewArgs { digest: [6; 32], expires_at: None };
    let renew = credential::renew(&by, world.issuer.acceptance, held.credential, args);
    world.ok(std::slice::from_ref(&renew), &[&holder]);
    world.refuses(&renew, &[&holder], E::QuotaExceeded);
}

#[test]
fn counts_do_not_run_over() {
    let mut world = World::new();
    let (key, held) = (world.issuer.key.insecure_clone(), world.credential_in(Active));
    let key_account = world.issuer.key_ref().address();
    let renew = renew(&world, held.credential, None);
    world.forge(&held.credential, |credential: &mut Credential| credential.revision = u16::MAX);
    world.refuses_case("revision", &renew, &[&key], E::Overflow);
    world.forge(&held.credential, |credential: &mut Credential| credential.revision = u16::MAX - 1);
    world.forge(&key_account, |key: &mut IssuerKey| key.used = u64::MAX);
    world.refuses_case("used", &renew, &[&key], E::Overflow);
    world.forge(&key_account, |key: &mut IssuerKey| key.used = u64::MAX - 1);
    world.ok(&[renew], &[&key]);
    assert_eq!(world.get::<Credential>(&held.credential).revision, u16::MAX);
    assert_eq!(world.get::<IssuerKey>(&key_account).used, u64::MAX);
}

#[test]
fn a_key_needs_permission_to_renew() {
    keeps_to_the_limits_of_its_key(permission::RENEW, |world, key| {
        let held = world.credential_in(Active);
        let args = RenewArgs { digest: [6; 32], expires_at: None };
        credential::renew(key, world.issuer.acceptance, held.credential, args)
    });
}

#[test]
fn the_authority_renews_nothing() {
    let mut world = World::new();
    let (authority, held) = (world.issuer.authority.insecure_clone(), world.credential_in(Active));
    let renew = with_account(&renew(&world, held.credential, None), 0, authority.pubkey());
    world.refuses(&renew, &[&authority], E::NotKeyHolder);
}

#[test]
fn issuer_achievement_and_credential_belong_together() {
    let mut world = World::new();
    let (key, held) = (world.issuer.key.insecure_clone(), world.credential_in(Active));
    let other = world.new_issuer("college");
    let learner = Keypair::new().pubkey();
    let issue = credential::issue(
        world.payer.pubkey(),
        &other.key_ref(),
        other.achievement,
        IssueArgs { expires_at: Some(0), ..issue_args(learner) },
    );
    world.ok(&[issue], &[&other.key]);
    let renew = renew(&world, held.credential, None);
    let theirs = address::credential(&other.achievement, &learner, 0);
    let elsewhere = world.issued(&learner);
    world.refuses(&with_account(&renew, 4, theirs), &[&key], E::WrongIssuer);
    world.refuses(&with_account(&renew, 1, other.address), &[&key], E::WrongIssuer);
    world.refuses(&with_account(&renew, 4, elsewhere), &[&key], E::WrongAchievement);
    world.refuses(&with_account(&renew, 3, world.issuer.achievement), &[&key], E::WrongAchievement);
    world.refuses(&with_account(&renew, 3, other.acceptance), &[&key], E::WrongAchievement);
    world.refuses(&with_account(&renew, 4, learner), &[&key], runtime::TOO_SHORT);
    world.refuses(&with_account(&renew, 1, learner), &[&key], runtime::EMPTY);
    world.refuses(&with_account(&renew, 4, other.achievement), &[&key], runtime::OTHER_KIND);
    world.refuses(&read_only(&renew, 4), &[&key], runtime::NOT_WRITABLE);
    world.refuses(&read_only(&renew, 2), &[&key], runtime::NOT_WRITABLE);
    world.refuses(&with_extra_account(&renew, learner), &[&key], E::ExtraAccount);
}
