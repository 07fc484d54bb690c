use microcred_client::{
    MicrocredError,
    event::Event,
    events::AccreditationStatusChanged,
    instructions::accreditation::{self, AccreditationRef},
    state::{Accreditation, AccreditationStatus, Lifecycle, Reason},
};
use microcred_tests::{START, World, read_only, runtime, with_account};
use solana_signer::Signer;

#[test]
fn a_suspended_accreditation_is_active_again_without_a_reason() {
    let mut world = World::new();
    let (authority, of) = (world.registry_authority(), world.accreditation());
    world.performs(&accreditation::suspend(&of, Reason::LegalOrder, START - 100), &[&authority]);
    let before: Accreditation = world.get(&of.address());
    world.pass(60);
    let events = world.performs(&accreditation::reinstate(&of), &[&authority]);
    let (at, reason) = (START + 60, Reason::Unspecified.code());
    let (old_status, new_status) = (AccreditationStatus::Suspended.code(), AccreditationStatus::Active.code());
    assert_eq!(
        world.get::<Accreditation>(&of.address()),
        Accreditation { status: new_status, reason, effective_at: at, status_changed_at: at, ..before }
    );
    let changed = AccreditationStatusChanged {
        accreditation: of.address(),
        registry: of.registry,
        issuer: of.issuer,
        old_status,
        new_status,
        old_reason: before.reason,
        new_reason: reason,
        old_effective_at: before.effective_at,
        new_effective_at: at,
        at,
    };
    assert_eq!(events, [Event::AccreditationStatusChanged(changed)]);
}

#[test]
fn active_and_withdrawn_accreditations_are_not_reinstated() {
    for (status, error) in [
        (AccreditationStatus::Active, MicrocredError::ActiveAccreditationCannotBeReinstated),
        (AccreditationStatus::Withdrawn, MicrocredError::WithdrawnAccreditationCannotBeReinstated),
    ] {
        let mut world = World::new();
        let (authority, of) = (world.registry_authority(), world.accreditation());
        world.bring_accreditation(status);
        world.refuses(&accreditation::reinstate(&of), &[&authority], error);
    }
}

#[test]
fn only_the_authority_of_the_entrys_registry_reinstates() {
    let mut world = World::new();
    let (authority, of) = (world.registry_authority(), world.accreditation());
    let other = world.new_body("another-agency");
    world.bring_accreditation(AccreditationStatus::Suspended);
    let reinstate = accreditation::reinstate(&of);
    world.guarded(&reinstate, &authority, MicrocredError::NotRegistryAuthority);
    let in_its_name = accreditation::reinstate(&AccreditationRef { authority: other.authority.pubkey(), ..of });
    world.refuses(&in_its_name, &[&other.authority], MicrocredError::NotRegistryAuthority);
    let through_their_own = with_account(&in_its_name, 1, other.registry);
    world.refuses(&through_their_own, &[&other.authority], MicrocredError::WrongRegistry);
    world.refuses(&read_only(&reinstate, 2), &[&authority], runtime::NOT_WRITABLE);
    world.performs(&reinstate, &[&authority]);
    world.refuses(&reinstate, &[&authority], MicrocredError::ActiveAccreditationCannotBeReinstated);
}

#[test]
fn neither_registry_nor_issuer_needs_to_be_active() {
    for status in [Lifecycle::Paused, Lifecycle::Retired] {
        let mut world = World::new();
        let (authority, of) = (world.registry_authority(), world.accreditation());
        world.bring_accreditation(AccreditationStatus::Suspended);
        world.bring_registry(status);
        world.bring_issuer(status);
        world.performs(&accreditation::reinstate(&of), &[&authority]);
    }
}
