use microcred_client::{
    MicrocredError as E,
    event::Event,
    events::CredentialStatusChanged,
    instructions::credential,
    state::{
        Credential,
        CredentialStatus::{Active, Declined, Erased, Pending, Revoked, Suspended},
        STATUS_BY_SUBJECT,
    },
};
use microcred_tests::{World, read_only, runtime, unsigned, with_account, with_extra_account};
use solana_keypair::Keypair;
use solana_signer::Signer;

#[test]
fn the_learner_declines_for_good() {
    let mut world = World::new();
    let held = world.credential_in(Pending);
    let before: Credential = world.get(&held.credential);
    world.pass(60);
    let now = world.ledger.time();
    let sent = world.ok(&[credential::decline(held.subject(), held.credential)], &[&held.wallet]);
    assert_eq!(
        world.get::<Credential>(&held.credential),
        Credential { status: 5, reason: 0, status_changed_at: now, status_key_index: STATUS_BY_SUBJECT, ..before }
    );
    assert_eq!(
        sent.events(),
        [Event::CredentialStatusChanged(CredentialStatusChanged {
            credential: held.credential,
            achievement: world.issuer.acceptance,
            at: now,
            status_index: 77,
            by: 0xFFFE,
            old_status: 1,
            new_status: 5,
            old_reason: before.reason,
            new_reason: 0,
            reserved: [0; 6],
        })]
    );
}

#[test]
fn only_pending_is_declined() {
    let mut world = World::new();
    for (status, error) in [
        (Pending, None),
        (Active, Some(E::ActiveCannotBeDeclined)),
        (Suspended, Some(E::SuspendedCannotBeDeclined)),
        (Revoked, Some(E::RevokedCannotBeDeclined)),
        (Declined, Some(E::DeclinedCannotBeDeclined)),
        (Erased, Some(E::ErasedCannotBeDeclined)),
    ] {
        let held = world.credential_in(status);
        let decline = credential::decline(held.subject(), held.credential);
        match error {
            Some(error) => world.refuses_case(status.word(), &decline, &[&held.wallet], error),
            None => drop(world.takes(status.word(), &decline, &[&held.wallet])),
        }
    }
}

#[test]
fn also_when_it_has_expired_and_issuer_and_achievement_are_retired() {
    let mut world = World::new();
    let held = world.credential_in(Pending);
    world.retire_everything();
    let expires_at = world.get::<Credential>(&held.credential).expires_at;
    world.ledger.set_time(expires_at);
    world.ok(&[credential::decline(held.subject(), held.credential)], &[&held.wallet]);
}

#[test]
fn nobody_else_declines() {
    let mut world = World::new();
    let held = world.credential_in(Pending);
    let decline = credential::decline(held.subject(), held.credential);
    let stranger = Keypair::new();
    let (key, authority) = (world.issuer.key.insecure_clone(), world.issuer.authority.insecure_clone());
    for other in [&stranger, &key, &authority] {
        world.refuses(&with_account(&decline, 0, other.pubkey()), &[other], E::NotSubject);
    }
    world.refuses(&unsigned(&decline, 0), &[], runtime::NOT_SIGNED);
    // A commitment is nobody's wallet, whatever its bytes.
    world.forge(&held.credential, |credential: &mut Credential| credential.subject_kind = 2);
    world.refuses(&decline, &[&held.wallet], E::NotSubject);
}

#[test]
fn what_is_not_the_credential_is_refused() {
    let mut world = World::new();
    let held = world.credential_in(Pending);
    let decline = credential::decline(held.subject(), held.credential);
    world.refuses(&with_account(&decline, 1, Keypair::new().pubkey()), &[&held.wallet], runtime::TOO_SHORT);
    world.refuses(&with_account(&decline, 1, world.issuer.address), &[&held.wallet], runtime::OTHER_KIND);
    world.refuses(&read_only(&decline, 1), &[&held.wallet], runtime::NOT_WRITABLE);
    world.refuses(&with_extra_account(&decline, world.issuer.address), &[&held.wallet], E::ExtraAccount);
}
