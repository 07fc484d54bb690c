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
fn the_learner_accepts_and_the_credential_is_active() {
    let mut world = World::new();
    let held = world.credential_in(Pending);
    let before: Credential = world.get(&held.credential);
    world.pass(60);
    let now = world.ledger.time();
    let sent = world.ok(&[credential::accept(held.subject(), held.credential)], &[&held.wallet]);
    assert_eq!(
        world.get::<Credential>(&held.credential),
        Credential {
            status: 2,
            reason: 0,
            flags: 0b11,
            status_changed_at: now,
            status_key_index: STATUS_BY_SUBJECT,
            ..before
        }
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
            new_status: 2,
            old_reason: before.reason,
            new_reason: 0,
            reserved: [0; 6],
        })]
    );
}

#[test]
fn only_pending_is_accepted() {
    let mut world = World::new();
    for (status, error) in [
        (Pending, None),
        (Active, Some(E::ActiveCannotBeAccepted)),
        (Suspended, Some(E::SuspendedCannotBeAccepted)),
        (Revoked, Some(E::RevokedCannotBeAccepted)),
        (Declined, Some(E::DeclinedCannotBeAccepted)),
        (Erased, Some(E::ErasedCannotBeAccepted)),
    ] {
        let held = world.credential_in(status);
        let accept = credential::accept(held.subject(), held.credential);
        match error {
            Some(error) => world.refuses_case(status.word(), &accept, &[&held.wallet], error),
            None => drop(world.takes(status.word(), &accept, &[&held.wallet])),
        }
    }
}

#[test]
fn until_it_expires() {
    let mut world = World::new();
    let (late, early) = (world.credential_in(Pending), world.credential_in(Pending));
    let expires_at = world.get::<Credential>(&late.credential).expires_at;
    let accept = credential::accept(late.subject(), late.credential);
    for now in [expires_at, expires_at + 1] {
        world.ledger.set_time(now);
        world.refuses(&accept, &[&late.wallet], E::CredentialExpired);
    }
    world.ledger.set_time(expires_at - 1);
    world.ok(&[credential::accept(early.subject(), early.credential)], &[&early.wallet]);
}

#[test]
fn also_when_issuer_and_achievement_are_retired() {
    let mut world = World::new();
    let held = world.credential_in(Pending);
    world.retire_everything();
    world.ok(&[credential::accept(held.subject(), held.credential)], &[&held.wallet]);
}

#[test]
fn nobody_else_accepts() {
    let mut world = World::new();
    let held = world.credential_in(Pending);
    let accept = credential::accept(held.subject(), held.credential);
    let stranger = Keypair::new();
    let (key, authority) = (world.issuer.key.insecure_clone(), world.issuer.authority.insecure_clone());
    for other in [&stranger, &key, &authority] {
        world.refuses(&with_account(&accept, 0, other.pubkey()), &[other], E::NotSubject);
    }
    world.refuses(&unsigned(&accept, 0), &[], runtime::NOT_SIGNED);
    // A commitment is nobody's wallet, whatever its bytes.
    world.forge(&held.credential, |credential: &mut Credential| credential.subject_kind = 2);
    world.refuses(&accept, &[&held.wallet], E::NotSubject);
}

#[test]
fn what_is_not_the_credential_is_refused() {
    let mut world = World::new();
    let held = world.credential_in(Pending);
    let accept = credential::accept(held.subject(), held.credential);
    world.refuses(&with_account(&accept, 1, Keypair::new().pubkey()), &[&held.wallet], runtime::TOO_SHORT);
    world.refuses(&with_account(&accept, 1, world.issuer.address), &[&held.wallet], runtime::OTHER_KIND);
    world.refuses(&read_only(&accept, 1), &[&held.wallet], runtime::NOT_WRITABLE);
    world.refuses(&with_extra_account(&accept, world.issuer.address), &[&held.wallet], E::ExtraAccount);
}
