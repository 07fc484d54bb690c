use microcred::IssueArgs;
use microcred_client::{
    Address, Instruction, MicrocredError as E, address,
    event::Event,
    events::CredentialErased,
    instructions::{Actor, credential},
    state::{
        Credential, CredentialStatus,
        CredentialStatus::{Active, Declined, Erased, Pending, Revoked, Suspended},
        Reason, permission,
    },
};
use microcred_tests::{
    Held, World, issue_args, keeps_to_the_limits_of_its_key, read_only, runtime, tells_key_and_authority_apart,
    unsigned, with_account, with_extra_account,
};
use solana_keypair::Keypair;
use solana_signer::Signer;

/// Who erases, and what is stored of them.
#[derive(Clone, Copy, Debug)]
enum By {
    Learner,
    Key,
    Authority,
}

impl By {
    const ALL: [Self; 3] = [Self::Learner, Self::Key, Self::Authority];

    fn erases(self, world: &World, held: &Held) -> (Instruction, Keypair) {
        let reason = Reason::LearnerRequest;
        match self {
            Self::Learner => (credential::erase_own(held.subject(), held.credential), held.wallet.insecure_clone()),
            Self::Key => {
                let erase = credential::erase(&world.issuer.by_key(), held.credential, reason);
                (erase, world.issuer.key.insecure_clone())
            }
            Self::Authority => {
                let erase = credential::erase(&world.issuer.by_authority(), held.credential, reason);
                (erase, world.issuer.authority.insecure_clone())
            }
        }
    }

    const fn stored(self) -> u16 {
        match self {
            Self::Learner => 0xFFFE,
            Self::Key => 0,
            Self::Authority => 0xFFFF,
        }
    }
}

/// Erases and requires that nothing but digest, subject and, where the status changes, the status is another one.
#[track_caller]
fn is_erased_by(world: &mut World, by: By, held: &Held, new_status: CredentialStatus) {
    let case = format!("{by:?}");
    let before: Credential = world.get(&held.credential);
    world.pass(60);
    let now = world.ledger.time();
    let (erase, signer) = by.erases(world, held);
    let sent = world.takes(&case, &erase, &[&signer]);
    let stripped = Credential { subject: Address::default(), digest: [0; 32], flags: before.flags & 1, ..before };
    let after = if new_status == Erased {
        Credential { status: 6, reason: 6, status_changed_at: now, status_key_index: by.stored(), ..stripped }
    } else {
        stripped
    };
    assert_eq!(world.get::<Credential>(&held.credential), after, "{case}");
    assert_eq!(
        sent.events(),
        [Event::CredentialErased(CredentialErased {
            credential: held.credential,
            issuer: before.issuer,
            achievement: before.achievement,
            old_status: before.status,
            new_status: new_status.code(),
            reason: after.reason,
            by: by.stored(),
            at: now,
        })],
        "{case}"
    );
    for by in By::ALL {
        let (again, signer) = by.erases(world, held);
        world.refuses_case(&case, &again, &[&signer], E::ErasedCannotBeErased);
    }
}

#[test]
fn pending_and_active_become_erased() {
    let mut world = World::new();
    for status in [Pending, Active] {
        for by in By::ALL {
            let held = world.credential_in(status);
            is_erased_by(&mut world, by, &held, Erased);
        }
    }
}

#[test]
fn suspended_becomes_erased_by_the_issuer_only() {
    let mut world = World::new();
    for by in [By::Key, By::Authority] {
        let held = world.credential_in(Suspended);
        is_erased_by(&mut world, by, &held, Erased);
    }
    let held = world.credential_in(Suspended);
    let (erase, wallet) = By::Learner.erases(&world, &held);
    world.refuses(&erase, &[&wallet], E::ErasureByIssuerOnly);
}

#[test]
fn revoked_and_declined_keep_status_reason_time_and_who() {
    let mut world = World::new();
    for status in [Revoked, Declined] {
        for by in By::ALL {
            let held = world.credential_in(status);
            is_erased_by(&mut world, by, &held, status);
        }
    }
}

#[test]
fn erased_is_not_erased_again() {
    let mut world = World::new();
    let held = world.credential_in(Erased);
    for by in By::ALL {
        let (erase, signer) = by.erases(&world, &held);
        world.refuses(&erase, &[&signer], E::ErasedCannotBeErased);
    }
}

#[test]
fn a_commitment_is_erased_by_the_issuer_only() {
    let mut world = World::new();
    for by in [By::Key, By::Authority] {
        let wallet = Keypair::new();
        let achievement = world.issuer.achievement;
        world.issue(achievement, IssueArgs { subject_kind: 2, ..issue_args(wallet.pubkey()) }).unwrap();
        let held = Held { credential: address::credential(&achievement, &wallet.pubkey(), 0), wallet };
        let (own, signer) = By::Learner.erases(&world, &held);
        world.refuses(&own, &[&signer], E::ErasureByIssuerOnly);
        is_erased_by(&mut world, by, &held, Erased);
    }
}

#[test]
fn neither_retirement_nor_expiry_stands_in_the_way() {
    let mut world = World::new();
    let held = [world.credential_in(Active), world.credential_in(Active), world.credential_in(Active)];
    world.retire_everything();
    let expires_at = world.get::<Credential>(&held[0].credential).expires_at;
    world.ledger.set_time(expires_at);
    for (by, held) in By::ALL.into_iter().zip(&held) {
        is_erased_by(&mut world, by, held, Erased);
    }
}

#[test]
fn nobody_else_erases() {
    let mut world = World::new();
    let held = world.credential_in(Active);
    let (own, _) = By::Learner.erases(&world, &held);
    let stranger = Keypair::new();
    let (key, authority) = (world.issuer.key.insecure_clone(), world.issuer.authority.insecure_clone());
    for other in [&stranger, &key, &authority] {
        world.refuses(&with_account(&own, 0, other.pubkey()), &[other], E::NotSubject);
    }
    world.refuses(&unsigned(&own, 0), &[], runtime::NOT_SIGNED);
    tells_key_and_authority_apart(&mut world, |actor| {
        credential::erase(actor, held.credential, Reason::LearnerRequest)
    });
}

#[test]
fn a_key_needs_permission_to_revoke() {
    keeps_to_the_limits_of_its_key(permission::REVOKE, |world, key| {
        let held = world.credential_in(Active);
        credential::erase(&Actor::Key(*key), held.credential, Reason::LegalOrder)
    });
}

#[test]
fn every_reason_of_the_issuers_has_a_meaning_and_the_learners_is_always_the_same() {
    let mut world = World::new();
    let held = world.credential_in(Active);
    for by in By::ALL {
        let (mut erase, signer) = by.erases(&world, &held);
        *erase.data.last_mut().unwrap() = 13;
        match by {
            By::Learner => {}
            By::Key | By::Authority => world.refuses(&erase, &[&signer], E::UnknownReason),
        }
    }
    let (mut erase, learner) = By::Learner.erases(&world, &held);
    *erase.data.last_mut().unwrap() = Reason::LegalOrder.code();
    world.performs(&erase, &[&learner]);
    assert_eq!(world.get::<Credential>(&held.credential).reason, Reason::LearnerRequest.code());
}

#[test]
fn what_is_not_the_credential_is_refused() {
    let mut world = World::new();
    let held = world.credential_in(Active);
    let (erase, wallet) = By::Learner.erases(&world, &held);
    world.refuses(&with_account(&erase, 3, Keypair::new().pubkey()), &[&wallet], runtime::TOO_SHORT);
    world.refuses(&with_account(&erase, 3, world.issuer.address), &[&wallet], runtime::OTHER_KIND);
    world.refuses(&read_only(&erase, 3), &[&wallet], runtime::NOT_WRITABLE);
    world.refuses(&with_extra_account(&erase, world.issuer.address), &[&wallet], E::ExtraAccount);
}
