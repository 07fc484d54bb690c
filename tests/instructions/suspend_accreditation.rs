use microcred_client::{
    MicrocredError,
    event::Event,
    events::AccreditationStatusChanged,
    instructions::accreditation::{self, AccreditationRef},
    state::{Accreditation, AccreditationStatus, Lifecycle, Reason},
};
use microcred_tests::{START, World, read_only, runtime, with_account, with_argument};
use solana_signer::Signer;

#[test]
fn an_active_accreditation_is_suspended_for_a_reason_since_a_time() {
    for (given, effective_at) in [(0, START + 60), (START + 60, START + 60), (START + 59, START + 59), (1, 1)] {
        let mut world = World::new();
        let (authority, of) = (world.registry_authority(), world.accreditation());
        world.pass(60);
        let before: Accreditation = world.get(&of.address());
        let events = world.performs(&accreditation::suspend(&of, Reason::UnderReview, given), &[&authority]);
        let (at, reason, new_status) = (START + 60, Reason::UnderReview.code(), AccreditationStatus::Suspended.code());
        assert_eq!(
            world.get::<Accreditation>(&of.address()),
            Accreditation { status: new_status, reason, effective_at, status_changed_at: at, ..before }
        );
        let changed = AccreditationStatusChanged {
            accreditation: of.address(),
            registry: of.registry,
            issuer: of.issuer,
            old_status: AccreditationStatus::Active.code(),
            new_status,
            old_reason: before.reason,
            new_reason: reason,
            old_effective_at: before.effective_at,
            new_effective_at: effective_at,
            at,
        };
        assert_eq!(events, [Event::AccreditationStatusChanged(changed)]);
    }
}

#[test]
fn it_takes_effect_after_time_zero_and_not_in_the_future() {
    let mut world = World::new();
    let (authority, of) = (world.registry_authority(), world.accreditation());
    for effective_at in [START + 1, i64::MAX, -1, i64::MIN] {
        let suspend = accreditation::suspend(&of, Reason::UnderReview, effective_at);
        world.refuses(&suspend, &[&authority], MicrocredError::BadEffectiveTime);
    }
}

#[test]
fn every_reason_is_taken_and_no_other_number() {
    for reason in Reason::ALL {
        let mut world = World::new();
        let (authority, of) = (world.registry_authority(), world.accreditation());
        world.performs(&accreditation::suspend(&of, *reason, 0), &[&authority]);
        assert_eq!(world.get::<Accreditation>(&of.address()).reason, reason.code());
    }
    let mut world = World::new();
    let (authority, of) = (world.registry_authority(), world.accreditation());
    let suspend = accreditation::suspend(&of, Reason::Unspecified, 0);
    for number in [13, 255] {
        world.refuses(&with_argument(&suspend, 0, number), &[&authority], MicrocredError::UnknownReason);
    }
}

#[test]
fn suspended_and_withdrawn_accreditations_are_not_suspended() {
    for (status, error) in [
        (AccreditationStatus::Suspended, MicrocredError::SuspendedAccreditationCannotBeSuspended),
        (AccreditationStatus::Withdrawn, MicrocredError::WithdrawnAccreditationCannotBeSuspended),
    ] {
        let mut world = World::new();
        let (authority, of) = (world.registry_authority(), world.accreditation());
        world.bring_accreditation(status);
        world.refuses(&accreditation::suspend(&of, Reason::UnderReview, 0), &[&authority], error);
    }
}

#[test]
fn only_the_authority_of_the_entrys_registry_suspends() {
    let mut world = World::new();
    let (authority, of) = (world.registry_authority(), world.accreditation());
    let other = world.new_body("another-agency");
    let suspend = accreditation::suspend(&of, Reason::UnderReview, 0);
    world.guarded(&suspend, &authority, MicrocredError::NotRegistryAuthority);
    let theirs = AccreditationRef { authority: other.authority.pubkey(), ..of };
    let in_its_name = accreditation::suspend(&theirs, Reason::UnderReview, 0);
    world.refuses(&in_its_name, &[&other.authority], MicrocredError::NotRegistryAuthority);
    let through_their_own = with_account(&in_its_name, 1, other.registry);
    world.refuses(&through_their_own, &[&other.authority], MicrocredError::WrongRegistry);
    world.refuses(&read_only(&suspend, 2), &[&authority], runtime::NOT_WRITABLE);
    world.performs(&suspend, &[&authority]);
}

#[test]
fn neither_registry_nor_issuer_needs_to_be_active() {
    for status in [Lifecycle::Paused, Lifecycle::Retired] {
        let mut world = World::new();
        let (authority, of) = (world.registry_authority(), world.accreditation());
        world.bring_registry(status);
        world.bring_issuer(status);
        world.performs(&accreditation::suspend(&of, Reason::UnderReview, 0), &[&authority]);
    }
}
