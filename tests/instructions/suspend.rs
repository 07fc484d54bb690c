use microcred_client::{
    MicrocredError as E, address,
    event::Event,
    events::CredentialStatusChanged,
    instructions::{Actor, achievement, credential, issuer},
    state::{
        Credential,
        CredentialStatus::{Active, Declined, Erased, Pending, Revoked, Suspended},
        Reason, STATUS_BY_AUTHORITY, permission,
    },
};
use microcred_tests::{
    World, keeps_to_the_limits_of_its_key, read_only, runtime, tells_key_and_authority_apart, with_account,
    with_extra_account, without_account,
};

#[test]
fn a_key_suspends_and_leaves_reason_time_and_index() {
    let mut world = World::new();
    let held = world.credential_in(Active);
    let before: Credential = world.get(&held.credential);
    world.pass(60);
    let (key, now) = (world.issuer.key.insecure_clone(), world.ledger.time());
    let sent = world.ok(&[credential::suspend(&world.issuer.by_key(), held.credential, Reason::Payment)], &[&key]);
    assert_eq!(
        world.get::<Credential>(&held.credential),
        Credential { status: 3, reason: 4, status_changed_at: now, status_key_index: 0, ..before }
    );
    assert_eq!(
        sent.events(),
        [Event::CredentialStatusChanged(CredentialStatusChanged {
            credential: held.credential,
            achievement: world.issuer.acceptance,
            at: now,
            status_index: 77,
            by: 0,
            old_status: 2,
            new_status: 3,
            old_reason: before.reason,
            new_reason: 4,
            reserved: [0; 6],
        })]
    );
}

#[test]
fn the_authority_suspends_too() {
    let mut world = World::new();
    let held = world.credential_in(Active);
    let authority = world.issuer.authority.insecure_clone();
    world.ok(&[credential::suspend(&world.issuer.by_authority(), held.credential, Reason::LegalOrder)], &[&authority]);
    let account: Credential = world.get(&held.credential);
    assert_eq!((account.status, account.status_key_index), (3, STATUS_BY_AUTHORITY));
}

#[test]
fn only_active_becomes_suspended() {
    let mut world = World::new();
    let key = world.issuer.key.insecure_clone();
    for (status, error) in [
        (Pending, Some(E::PendingCannotBeSuspended)),
        (Active, None),
        (Suspended, Some(E::SuspendedCannotBeSuspended)),
        (Revoked, Some(E::RevokedCannotBeSuspended)),
        (Declined, Some(E::DeclinedCannotBeSuspended)),
        (Erased, Some(E::ErasedCannotBeSuspended)),
    ] {
        let held = world.credential_in(status);
        let suspend = credential::suspend(&world.issuer.by_key(), held.credential, Reason::Unspecified);
        match error {
            Some(error) => world.refuses_case(status.word(), &suspend, &[&key], error),
            None => drop(world.takes(status.word(), &suspend, &[&key])),
        }
    }
}

#[test]
fn neither_pause_nor_retirement_nor_expiry_stands_in_the_way() {
    for halt in [issuer::pause, issuer::retire] {
        let mut world = World::new();
        let (first, second) = (world.credential_in(Active), world.credential_in(Active));
        world.halt_achievement(achievement::pause, world.issuer.acceptance);
        world.halt_issuer(halt);
        let expires_at = world.get::<Credential>(&first.credential).expires_at;
        world.ledger.set_time(expires_at);
        let (key, authority) = (world.issuer.key.insecure_clone(), world.issuer.authority.insecure_clone());
        world.ok(&[credential::suspend(&world.issuer.by_key(), first.credential, Reason::Payment)], &[&key]);
        let by_authority = credential::suspend(&world.issuer.by_authority(), second.credential, Reason::Payment);
        world.ok(&[by_authority], &[&authority]);
    }
}

#[test]
fn a_key_needs_permission_to_suspend() {
    keeps_to_the_limits_of_its_key(permission::SUSPEND, |world, key| {
        let held = world.credential_in(Active);
        credential::suspend(&Actor::Key(*key), held.credential, Reason::Payment)
    });
}

#[test]
fn either_a_key_or_the_authority_suspends() {
    let mut world = World::new();
    let held = world.credential_in(Active);
    tells_key_and_authority_apart(&mut world, |actor| credential::suspend(actor, held.credential, Reason::Payment));
}

#[test]
fn every_reason_has_a_meaning() {
    let mut world = World::new();
    let held = world.credential_in(Active);
    let key = world.issuer.key.insecure_clone();
    let mut suspend = credential::suspend(&world.issuer.by_key(), held.credential, Reason::LegalOrder);
    for reason in [13, 255] {
        *suspend.data.last_mut().unwrap() = reason;
        world.refuses(&suspend, &[&key], E::UnknownReason);
    }
}

#[test]
fn what_is_not_the_credential_is_refused() {
    let mut world = World::new();
    let held = world.credential_in(Active);
    let key = world.issuer.key.insecure_clone();
    let suspend = credential::suspend(&world.issuer.by_key(), held.credential, Reason::Payment);
    let empty = address::credential(&world.issuer.achievement, &held.subject(), 0);
    world.refuses(&with_account(&suspend, 3, empty), &[&key], runtime::TOO_SHORT);
    world.refuses(&with_account(&suspend, 3, world.issuer.achievement), &[&key], runtime::OTHER_KIND);
    world.refuses(&read_only(&suspend, 3), &[&key], runtime::NOT_WRITABLE);
    world.refuses(&with_extra_account(&suspend, empty), &[&key], E::ExtraAccount);
    world.refuses(&without_account(&suspend, 1), &[&key], E::NoActor);
}
