use microcred_client::{
    Address, Instruction, MicrocredError,
    event::Event,
    events::RegistryStatusChanged,
    instructions::{accreditation, registry},
    state::{Lifecycle, Reason, Registry, Term},
};
use microcred_tests::{START, World, read_only, runtime};
use solana_signer::Signer;

type Change = fn(Address, Address) -> Instruction;

#[test]
fn a_registry_is_paused_resumed_and_retired_by_this_table_alone() {
    use Lifecycle::{Active, Paused, Retired};
    use MicrocredError as E;
    let table: [(Lifecycle, Change, Result<Lifecycle, E>); 9] = [
        (Active, registry::pause, Ok(Paused)),
        (Active, registry::resume, Err(E::ActiveCannotBeResumed)),
        (Active, registry::retire, Ok(Retired)),
        (Paused, registry::pause, Err(E::PausedCannotBePaused)),
        (Paused, registry::resume, Ok(Active)),
        (Paused, registry::retire, Ok(Retired)),
        (Retired, registry::pause, Err(E::RetiredCannotBePaused)),
        (Retired, registry::resume, Err(E::RetiredCannotBeResumed)),
        (Retired, registry::retire, Err(E::RetiredCannotBeRetired)),
    ];
    for (old, change, result) in table {
        let mut world = World::new();
        let (authority, address) = (world.registry_authority(), world.body.registry);
        world.bring_registry(old);
        world.pass(60);
        let before: Registry = world.get(&address);
        let instruction = change(authority.pubkey(), address);
        match result {
            Err(error) => world.refuses(&instruction, &[&authority], error),
            Ok(new) => {
                let (at, old_status, new_status) = (START + 60, old.code(), new.code());
                let events = world.performs(&instruction, &[&authority]);
                let after = Registry { status: new_status, status_changed_at: at, ..before };
                assert_eq!(world.get::<Registry>(&address), after);
                let changed = RegistryStatusChanged { registry: address, old_status, new_status, at };
                assert_eq!(events, [Event::RegistryStatusChanged(changed)]);
            }
        }
    }
}

#[test]
fn only_this_registrys_authority_changes_its_status() {
    let changes: [(Lifecycle, Change); 3] = [
        (Lifecycle::Active, registry::pause),
        (Lifecycle::Paused, registry::resume),
        (Lifecycle::Active, registry::retire),
    ];
    for (status, change) in changes {
        let mut world = World::new();
        let (authority, address) = (world.registry_authority(), world.body.registry);
        let other = world.new_body("another-agency");
        world.bring_registry(status);
        let instruction = change(authority.pubkey(), address);
        world.guarded(&instruction, &authority, MicrocredError::NotRegistryAuthority);
        let theirs = change(other.authority.pubkey(), address);
        world.refuses(&theirs, &[&other.authority], MicrocredError::NotRegistryAuthority);
        world.refuses(&read_only(&instruction, 1), &[&authority], runtime::NOT_WRITABLE);
        world.performs(&instruction, &[&authority]);
    }
}

#[test]
fn a_paused_or_retired_registry_vouches_for_nobody_new_but_still_suspends_and_withdraws() {
    for status in [Lifecycle::Paused, Lifecycle::Retired] {
        let mut world = World::new();
        let (authority, of) = (world.registry_authority(), world.accreditation());
        let college = world.new_issuer("college").address;
        world.bring_registry(status);
        let another = accreditation::AccreditationRef { issuer: college, ..of };
        let accredit = accreditation::accredit(world.payer.pubkey(), &another, 0, Term { from: START, until: 0 });
        world.refuses(&accredit, &[&authority], MicrocredError::RegistryNotActive);
        world.performs(&accreditation::suspend(&of, Reason::UnderReview, 0), &[&authority]);
        world.performs(&accreditation::reinstate(&of), &[&authority]);
        world.performs(&accreditation::withdraw(&of, Reason::OperationsCeased, 0), &[&authority]);
    }
}
