use microcred_client::{
    MicrocredError as E,
    event::Event,
    events::CredentialStatusChanged,
    instructions::{Actor, KeyRef, achievement, credential, issuer},
    state::{
        Credential,
        CredentialStatus::{Active, Declined, Erased, Pending, Revoked, Suspended},
        Reason, STATUS_BY_AUTHORITY, permission,
    },
};
use microcred_tests::{
    World, keeps_to_the_limits_of_its_key, key_terms, read_only, runtime, tells_key_and_authority_apart, with_account,
    with_extra_account, without_account,
};
use solana_keypair::Keypair;
use solana_signer::Signer;

#[test]
fn a_key_revokes_and_leaves_reason_time_and_index() {
    let mut world = World::new();
    let held = world.credential_in(Active);
    let before: Credential = world.get(&held.credential);
    let second = Keypair::new();
    world.new_key(1, key_terms(second.pubkey())).unwrap();
    world.pass(60);
    let now = world.ledger.time();
    let by = Actor::Key(KeyRef { index: 1, key: second.pubkey(), ..world.issuer.key_ref() });
    let sent = world.ok(&[credential::revoke(&by, held.credential, Reason::AcademicMisconduct)], &[&second]);
    assert_eq!(
        world.get::<Credential>(&held.credential),
        Credential { status: 4, reason: 3, status_changed_at: now, status_key_index: 1, ..before }
    );
    assert_eq!(
        sent.events(),
        [Event::CredentialStatusChanged(CredentialStatusChanged {
            credential: held.credential,
            achievement: world.issuer.acceptance,
            at: now,
            status_index: 77,
            by: 1,
            old_status: 2,
            new_status: 4,
            old_reason: before.reason,
            new_reason: 3,
            reserved: [0; 6],
        })]
    );
}

#[test]
fn every_reason_is_kept() {
    let mut world = World::new();
    let key = world.issuer.key.insecure_clone();
    for reason in Reason::ALL {
        let held = world.credential_in(Active);
        world.ok(&[credential::revoke(&world.issuer.by_key(), held.credential, *reason)], &[&key]);
        assert_eq!(world.get::<Credential>(&held.credential).reason, reason.code());
    }
    let held = world.credential_in(Active);
    let mut revoke = credential::revoke(&world.issuer.by_key(), held.credential, Reason::LegalOrder);
    for reason in [13, 255] {
        *revoke.data.last_mut().unwrap() = reason;
        world.refuses(&revoke, &[&key], E::UnknownReason);
    }
}

#[test]
fn pending_active_and_suspended_become_revoked_for_good() {
    let mut world = World::new();
    let key = world.issuer.key.insecure_clone();
    for (status, error) in [
        (Pending, None),
        (Active, None),
        (Suspended, None),
        (Revoked, Some(E::RevokedCannotBeRevoked)),
        (Declined, Some(E::DeclinedCannotBeRevoked)),
        (Erased, Some(E::ErasedCannotBeRevoked)),
    ] {
        let held = world.credential_in(status);
        let revoke = credential::revoke(&world.issuer.by_key(), held.credential, Reason::Unspecified);
        match error {
            Some(error) => world.refuses_case(status.word(), &revoke, &[&key], error),
            None => {
                world.takes(status.word(), &revoke, &[&key]);
                world.refuses_case(status.word(), &revoke, &[&key], E::RevokedCannotBeRevoked);
            }
        }
    }
}

#[test]
fn neither_pause_nor_retirement_nor_expiry_stands_in_the_way() {
    for (halt_issuer, halt_achievement) in
        [(issuer::pause as fn(_, _) -> _, achievement::pause as fn(&_, _) -> _), (issuer::retire, achievement::retire)]
    {
        let mut world = World::new();
        let (first, second) = (world.credential_in(Active), world.credential_in(Active));
        world.halt_achievement(halt_achievement, world.issuer.acceptance);
        world.halt_issuer(halt_issuer);
        let expires_at = world.get::<Credential>(&first.credential).expires_at;
        world.ledger.set_time(expires_at + 1);
        let (key, authority) = (world.issuer.key.insecure_clone(), world.issuer.authority.insecure_clone());
        world.ok(&[credential::revoke(&world.issuer.by_key(), first.credential, Reason::Payment)], &[&key]);
        let by_authority = credential::revoke(&world.issuer.by_authority(), second.credential, Reason::Payment);
        world.ok(&[by_authority], &[&authority]);
        assert_eq!(world.get::<Credential>(&second.credential).status_key_index, STATUS_BY_AUTHORITY);
    }
}

#[test]
fn a_key_needs_permission_to_revoke() {
    keeps_to_the_limits_of_its_key(permission::REVOKE, |world, key| {
        let held = world.credential_in(Active);
        credential::revoke(&Actor::Key(*key), held.credential, Reason::Payment)
    });
}

#[test]
fn either_a_key_or_the_authority_revokes() {
    let mut world = World::new();
    let held = world.credential_in(Active);
    tells_key_and_authority_apart(&mut world, |actor| credential::revoke(actor, held.credential, Reason::Payment));
}

#[test]
fn the_learner_revokes_nothing() {
    let mut world = World::new();
    let held = world.credential_in(Active);
    let revoke = credential::revoke(&world.issuer.by_key(), held.credential, Reason::LearnerRequest);
    world.refuses(&with_account(&revoke, 0, held.subject()), &[&held.wallet], E::NotKeyHolder);
    let no_actor = without_account(&with_account(&revoke, 0, held.subject()), 1);
    world.refuses(&no_actor, &[&held.wallet], E::NoActor);
}

#[test]
fn what_is_not_the_credential_is_refused() {
    let mut world = World::new();
    let held = world.credential_in(Active);
    let key = world.issuer.key.insecure_clone();
    let revoke = credential::revoke(&world.issuer.by_key(), held.credential, Reason::Payment);
    world.refuses(&with_account(&revoke, 3, held.subject()), &[&key], runtime::TOO_SHORT);
    world.refuses(&with_account(&revoke, 3, world.issuer.achievement), &[&key], runtime::OTHER_KIND);
    world.refuses(&read_only(&revoke, 3), &[&key], runtime::NOT_WRITABLE);
    world.refuses(&with_extra_account(&revoke, held.subject()), &[&key], E::ExtraAccount);
    world.refuses(&without_account(&revoke, 1), &[&key], E::NoActor);
}
