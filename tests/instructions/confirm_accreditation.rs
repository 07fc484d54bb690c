use microcred_client::{
    MicrocredError,
    event::Event,
    events::AccreditationConfirmed,
    instructions::accreditation::{self, AccreditationRef},
    state::{Accreditation, AccreditationStatus, Lifecycle},
};
use microcred_tests::{World, read_only, runtime, with_account};
use solana_signer::Signer;

/// A world whose issuer changed its profile after it was accredited.
fn changed() -> (World, AccreditationRef) {
    let mut world = World::new();
    world.change_profile("University of Somewhere Else");
    let of = world.accreditation();
    (world, of)
}

#[test]
fn an_accreditation_of_any_status_vouches_for_the_present_profile_and_changes_in_nothing_else() {
    for status in AccreditationStatus::ALL.iter().copied() {
        let (mut world, of) = changed();
        world.change_profile("University of Everywhere");
        let authority = world.registry_authority();
        world.bring_accreditation(status);
        world.pass(60);
        let before: Accreditation = world.get(&of.address());
        let events = world.performs(&accreditation::confirm(&of, 2), &[&authority]);
        assert_eq!(world.get::<Accreditation>(&of.address()), Accreditation { profile_revision: 2, ..before });
        let confirmed = AccreditationConfirmed {
            accreditation: of.address(),
            registry: of.registry,
            issuer: of.issuer,
            old_profile_revision: 0,
            new_profile_revision: 2,
        };
        assert_eq!(events, [Event::AccreditationConfirmed(confirmed)]);
    }
}

#[test]
fn a_registry_vouches_once_for_the_profile_it_looked_at_only() {
    let mut world = World::new();
    let (authority, of) = (world.registry_authority(), world.accreditation());
    world.refuses(&accreditation::confirm(&of, 0), &[&authority], MicrocredError::ProfileAlreadyConfirmed);
    world.change_profile("University of Somewhere Else");
    for revision in [0, 2, u32::MAX] {
        let confirm = accreditation::confirm(&of, revision);
        world.refuses(&confirm, &[&authority], MicrocredError::WrongProfileRevision);
    }
    world.performs(&accreditation::confirm(&of, 1), &[&authority]);
    world.refuses(&accreditation::confirm(&of, 1), &[&authority], MicrocredError::ProfileAlreadyConfirmed);
}

#[test]
fn neither_registry_nor_issuer_need_be_active() {
    for registry in [Lifecycle::Active, Lifecycle::Paused, Lifecycle::Retired] {
        for issuer in [Lifecycle::Active, Lifecycle::Paused, Lifecycle::Retired] {
            let (mut world, of) = changed();
            let authority = world.registry_authority();
            world.bring_registry(registry);
            world.bring_issuer(issuer);
            world.performs(&accreditation::confirm(&of, 1), &[&authority]);
        }
    }
}

#[test]
fn only_the_authority_of_the_entrys_registry_confirms() {
    let (mut world, of) = changed();
    let authority = world.registry_authority();
    let (other, college) = (world.new_body("another-agency"), world.new_issuer("college").address);
    let confirm = accreditation::confirm(&of, 1);
    world.guarded(&confirm, &authority, MicrocredError::NotRegistryAuthority);
    let in_its_name = accreditation::confirm(&AccreditationRef { authority: other.authority.pubkey(), ..of }, 1);
    world.refuses(&in_its_name, &[&other.authority], MicrocredError::NotRegistryAuthority);
    let through_their_own = with_account(&in_its_name, 1, other.registry);
    world.refuses(&through_their_own, &[&other.authority], MicrocredError::WrongRegistry);
    world.refuses(&with_account(&confirm, 2, college), &[&authority], MicrocredError::WrongIssuer);
    world.refuses(&read_only(&confirm, 3), &[&authority], runtime::NOT_WRITABLE);
    world.performs(&confirm, &[&authority]);
}
