use microcred_client::{
    Address, Instruction, MicrocredError as E,
    event::Event,
    events::CredentialStatusChanged,
    instructions::{Actor, credential},
    state::{
        Credential,
        CredentialStatus::{Active, Declined, Erased, Pending, Revoked, Suspended},
        Reason, STATUS_BY_AUTHORITY, permission,
    },
};
use microcred_tests::{
    World, issue_args, keeps_to_the_limits_of_its_key, read_only, runtime, tells_key_and_authority_apart,
    without_account,
};
use solana_keypair::Keypair;
use solana_signer::Signer;

fn many(world: &World, credentials: &[Address]) -> Instruction {
    credential::revoke_many(&world.issuer.by_key(), credentials, Reason::AssessmentAnnulled)
}

#[test]
fn a_key_revokes_credentials_of_every_live_status_and_of_several_achievements() {
    let mut world = World::new();
    let learner = Keypair::new().pubkey();
    let credentials = [
        world.credential_in(Pending).credential,
        world.credential_in(Active).credential,
        world.credential_in(Suspended).credential,
        world.issued(&learner),
    ];
    let before: Vec<Credential> = credentials.iter().map(|address| world.get(address)).collect();
    world.pass(60);
    let (key, now) = (world.issuer.key.insecure_clone(), world.ledger.time());
    let sent = world.ok(&[many(&world, &credentials)], &[&key]);
    let events = sent.events();
    assert_eq!(events.len(), 4);
    for ((address, before), event) in credentials.iter().zip(before).zip(events) {
        assert_eq!(
            world.get::<Credential>(address),
            Credential { status: 4, reason: 10, status_changed_at: now, status_key_index: 0, ..before }
        );
        assert_eq!(
            event,
            Event::CredentialStatusChanged(CredentialStatusChanged {
                credential: *address,
                achievement: before.achievement,
                at: now,
                status_index: 77,
                by: 0,
                old_status: before.status,
                new_status: 4,
                old_reason: before.reason,
                new_reason: 10,
                reserved: [0; 6],
            })
        );
    }
}

#[test]
fn the_authority_of_a_retired_issuer_revokes_many() {
    let mut world = World::new();
    let credentials = [world.credential_in(Active).credential, world.credential_in(Pending).credential];
    world.retire_everything();
    let authority = world.issuer.authority.insecure_clone();
    let revoke = credential::revoke_many(&world.issuer.by_authority(), &credentials, Reason::OperationsCeased);
    world.ok(&[revoke], &[&authority]);
    for address in credentials {
        let account: Credential = world.get(&address);
        assert_eq!((account.status, account.status_key_index), (4, STATUS_BY_AUTHORITY));
    }
}

#[test]
fn one_that_cannot_be_revoked_fails_them_all() {
    let mut world = World::new();
    let key = world.issuer.key.insecure_clone();
    let good = world.credential_in(Active).credential;
    for (status, error) in [
        (Revoked, E::RevokedCannotBeRevoked),
        (Declined, E::DeclinedCannotBeRevoked),
        (Erased, E::ErasedCannotBeRevoked),
    ] {
        let bad = world.credential_in(status).credential;
        world.refuses_case(status.word(), &many(&world, &[good, bad]), &[&key], error);
        world.refuses_case(status.word(), &many(&world, &[bad, good]), &[&key], error);
    }
}

#[test]
fn the_same_credential_twice_is_refused() {
    let mut world = World::new();
    let key = world.issuer.key.insecure_clone();
    let held = world.credential_in(Active);
    let twice = many(&world, &[held.credential, held.credential]);
    world.refuses(&twice, &[&key], E::RevokedCannotBeRevoked);
}

#[test]
fn an_empty_list_is_refused() {
    let mut world = World::new();
    let key = world.issuer.key.insecure_clone();
    world.refuses(&many(&world, &[]), &[&key], E::NothingToDo);
}

#[test]
fn another_issuers_credential_is_refused() {
    let mut world = World::new();
    let other = world.new_issuer("college");
    let learner = Keypair::new().pubkey();
    let theirs = microcred_client::address::credential(&other.achievement, &learner, 0);
    let issue = credential::issue(world.payer.pubkey(), &other.key_ref(), other.achievement, issue_args(learner));
    world.ok(&[issue], &[&other.key]);
    let ours = world.credential_in(Active).credential;
    let (key, authority) = (world.issuer.key.insecure_clone(), world.issuer.authority.insecure_clone());
    world.refuses(&many(&world, &[ours, theirs]), &[&key], E::WrongIssuer);
    let by_authority = credential::revoke_many(&world.issuer.by_authority(), &[ours, theirs], Reason::Payment);
    world.refuses(&by_authority, &[&authority], E::WrongIssuer);
}

#[test]
fn what_is_not_a_credential_is_refused() {
    let mut world = World::new();
    let ours = world.credential_in(Active).credential;
    let key = world.issuer.key.insecure_clone();
    let (empty, system) = (Keypair::new().pubkey(), Keypair::new().pubkey());
    world.ledger.fund(&system, 1_000_000_000).unwrap();
    for (case, address, error) in [
        ("an empty address", empty, runtime::TOO_SHORT),
        ("a wallet", system, runtime::TOO_SHORT),
        ("an achievement", world.issuer.achievement, runtime::OTHER_KIND),
    ] {
        world.refuses_case(case, &many(&world, &[ours, address]), &[&key], error);
    }
    world.refuses(&read_only(&many(&world, &[ours]), 3), &[&key], E::NotWritable);
}

#[test]
fn a_key_needs_permission_to_revoke() {
    keeps_to_the_limits_of_its_key(permission::REVOKE, |world, key| {
        let credentials = [world.credential_in(Active).credential, world.credential_in(Pending).credential];
        credential::revoke_many(&Actor::Key(*key), &credentials, Reason::Payment)
    });
}

#[test]
fn either_a_key_or_the_authority_revokes_many() {
    let mut world = World::new();
    let credentials = [world.credential_in(Active).credential];
    let build = |actor: &Actor| credential::revoke_many(actor, &credentials, Reason::Payment);
    tells_key_and_authority_apart(&mut world, build);
    let key = world.issuer.key.insecure_clone();
    world.refuses(&without_account(&build(&world.issuer.by_key()), 1), &[&key], E::NoActor);
}

#[test]
fn every_reason_has_a_meaning() {
    let mut world = World::new();
    let held = world.credential_in(Active);
    let key = world.issuer.key.insecure_clone();
    let mut revoke = many(&world, &[held.credential]);
    *revoke.data.last_mut().unwrap() = 13;
    world.refuses(&revoke, &[&key], E::UnknownReason);
}
