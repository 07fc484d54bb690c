use microcred_client::{
    MicrocredError as E,
    event::Event,
    events::CredentialStatusChanged,
    instructions::{Actor, credential},
    state::{
        Credential,
        CredentialStatus::{Active, Declined, Erased, Pending, Revoked, Suspended},
        STATUS_BY_AUTHORITY, permission,
    },
};
use microcred_tests::{
    World, keeps_to_the_limits_of_its_key, read_only, runtime, tells_key_and_authority_apart, with_account,
    with_extra_account, without_account,
};

#[test]
fn a_key_reinstates_and_the_reason_is_gone() {
    let mut world = World::new();
    let held = world.credential_in(Suspended);
    let before: Credential = world.get(&held.credential);
    assert_eq!(before.reason, 7);
    world.pass(60);
    let (key, now) = (world.issuer.key.insecure_clone(), world.ledger.time());
    let sent = world.ok(&[credential::reinstate(&world.issuer.by_key(), held.credential)], &[&key]);
    assert_eq!(
        world.get::<Credential>(&held.credential),
        Credential { status: 2, reason: 0, status_changed_at: now, status_key_index: 0, ..before }
    );
    assert_eq!(
        sent.events(),
        [Event::CredentialStatusChanged(CredentialStatusChanged {
            credential: held.credential,
            achievement: world.issuer.acceptance,
            at: now,
            status_index: 77,
            by: 0,
            old_status: 3,
            new_status: 2,
            old_reason: before.reason,
            new_reason: 0,
            reserved: [0; 6],
        })]
    );
}

#[test]
fn only_suspended_is_reinstated() {
    let mut world = World::new();
    let key = world.issuer.key.insecure_clone();
    for (status, error) in [
        (Pending, Some(E::PendingCannotBeReinstated)),
        (Active, Some(E::ActiveCannotBeReinstated)),
        (Suspended, None),
        (Revoked, Some(E::RevokedCannotBeReinstated)),
        (Declined, Some(E::DeclinedCannotBeReinstated)),
        (Erased, Some(E::ErasedCannotBeReinstated)),
    ] {
        let held = world.credential_in(status);
        let reinstate = credential::reinstate(&world.issuer.by_key(), held.credential);
        match error {
            Some(error) => world.refuses_case(status.word(), &reinstate, &[&key], error),
            None => drop(world.takes(status.word(), &reinstate, &[&key])),
        }
    }
}

#[test]
fn neither_retirement_nor_expiry_stands_in_the_way_of_key_or_authority() {
    let mut world = World::new();
    let (first, second) = (world.credential_in(Suspended), world.credential_in(Suspended));
    world.retire_everything();
    let expires_at = world.get::<Credential>(&first.credential).expires_at;
    world.ledger.set_time(expires_at);
    let (key, authority) = (world.issuer.key.insecure_clone(), world.issuer.authority.insecure_clone());
    world.ok(&[credential::reinstate(&world.issuer.by_key(), first.credential)], &[&key]);
    world.ok(&[credential::reinstate(&world.issuer.by_authority(), second.credential)], &[&authority]);
    assert_eq!(world.get::<Credential>(&second.credential).status_key_index, STATUS_BY_AUTHORITY);
}

#[test]
fn a_key_needs_permission_to_suspend() {
    keeps_to_the_limits_of_its_key(permission::SUSPEND, |world, key| {
        let held = world.credential_in(Suspended);
        credential::reinstate(&Actor::Key(*key), held.credential)
    });
}

#[test]
fn either_a_key_or_the_authority_reinstates() {
    let mut world = World::new();
    let held = world.credential_in(Suspended);
    tells_key_and_authority_apart(&mut world, |actor| credential::reinstate(actor, held.credential));
}

#[test]
fn what_is_not_the_credential_is_refused() {
    let mut world = World::new();
    let held = world.credential_in(Suspended);
    let key = world.issuer.key.insecure_clone();
    let reinstate = credential::reinstate(&world.issuer.by_key(), held.credential);
    world.refuses(&with_account(&reinstate, 3, held.subject()), &[&key], runtime::TOO_SHORT);
    world.refuses(&with_account(&reinstate, 3, world.issuer.achievement), &[&key], runtime::OTHER_KIND);
    world.refuses(&read_only(&reinstate, 3), &[&key], runtime::NOT_WRITABLE);
    world.refuses(&with_extra_account(&reinstate, held.subject()), &[&key], E::ExtraAccount);
    world.refuses(&without_account(&reinstate, 1), &[&key], E::NoActor);
}
