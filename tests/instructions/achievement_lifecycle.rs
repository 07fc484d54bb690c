use microcred::KeyTerms;
use microcred_client::{
    Address, Instruction, MicrocredError,
    event::Event,
    events::AchievementStatusChanged,
    instructions::{Actor, achievement},
    state::{Achievement, Lifecycle, permission},
};
use microcred_tests::{START, World, assert_inside_key_limits, key_terms, read_only, runtime, with_account};

type Change = fn(&Actor, Address) -> Instruction;

/// Each change, and a status that it starts from.
const CHANGES: [(Lifecycle, Change); 4] = [
    (Lifecycle::Draft, achievement::publish),
    (Lifecycle::Active, achievement::pause),
    (Lifecycle::Paused, achievement::resume),
    (Lifecycle::Active, achievement::retire),
];

#[test]
fn an_achievement_is_published_paused_resumed_and_retired_by_this_table_alone() {
    use Lifecycle::{Active, Draft, Paused, Retired};
    use MicrocredError as E;
    let table: [(Lifecycle, Change, Result<Lifecycle, E>); 16] = [
        (Draft, achievement::publish, Ok(Active)),
        (Draft, achievement::pause, Err(E::DraftCannotBePaused)),
        (Draft, achievement::resume, Err(E::DraftCannotBeResumed)),
        (Draft, achievement::retire, Ok(Retired)),
        (Active, achievement::publish, Err(E::ActiveCannotBePublished)),
        (Active, achievement::pause, Ok(Paused)),
        (Active, achievement::resume, Err(E::ActiveCannotBeResumed)),
        (Active, achievement::retire, Ok(Retired)),
        (Paused, achievement::publish, Err(E::PausedCannotBePublished)),
        (Paused, achievement::pause, Err(E::PausedCannotBePaused)),
        (Paused, achievement::resume, Ok(Active)),
        (Paused, achievement::retire, Ok(Retired)),
        (Retired, achievement::publish, Err(E::RetiredCannotBePublished)),
        (Retired, achievement::pause, Err(E::RetiredCannotBePaused)),
        (Retired, achievement::resume, Err(E::RetiredCannotBeResumed)),
        (Retired, achievement::retire, Err(E::RetiredCannotBeRetired)),
    ];
    for (old, change, result) in table {
        for by_key in [true, false] {
            let mut world = World::new();
            let (actor, signer) = if by_key {
                (world.issuer.by_key(), world.key_holder())
            } else {
                (world.issuer.by_authority(), world.issuer_authority())
            };
            let address = world.new_achievement("welding", old);
            world.pass(60);
            let before: Achievement = world.get(&address);
            let instruction = change(&actor, address);
            match result {
                Err(error) => world.refuses(&instruction, &[&signer], error),
                Ok(new) => {
                    let (at, old_status, new_status) = (START + 60, old.code(), new.code());
                    let events = world.performs(&instruction, &[&signer]);
                    let after = Achievement { status: new_status, status_changed_at: at, ..before };
                    assert_eq!(world.get::<Achievement>(&address), after);
                    let issuer = world.issuer.address;
                    let changed = AchievementStatusChanged { achievement: address, issuer, old_status, new_status, at };
                    assert_eq!(events, [Event::AchievementStatusChanged(changed)]);
                }
            }
        }
    }
}

#[test]
fn a_paused_or_retired_issuer_pauses_and_retires_but_neither_publishes_nor_resumes() {
    for status in [Lifecycle::Paused, Lifecycle::Retired] {
        for (from, change) in CHANGES {
            let mut world = World::new();
            let holder = world.key_holder();
            let address = world.new_achievement("welding", from);
            world.bring_issuer(status);
            let instruction = change(&world.issuer.by_key(), address);
            match from {
                Lifecycle::Active => drop(world.performs(&instruction, &[&holder])),
                _ => world.refuses(&instruction, &[&holder], MicrocredError::IssuerNotActive),
            }
        }
    }
}

#[test]
fn a_key_changes_the_status_inside_its_limits() {
    for (from, change) in CHANGES {
        assert_inside_key_limits(permission::MANAGE_ACHIEVEMENTS, |world, actor| {
            let address = world.new_achievement("welding", from);
            change(actor, address)
        });
        let mut world = World::new();
        let (any, address) = (key_terms(Address::default()), world.new_achievement("welding", from));
        let (elsewhere, actor) = world.new_actor(1, KeyTerms { scope: world.issuer.achievement, ..any });
        world.refuses(&change(&actor, address), &[&elsewhere], MicrocredError::KeyOutOfScope);
        let (here, actor) = world.new_actor(2, KeyTerms { scope: address, ..any });
        world.performs(&change(&actor, address), &[&here]);
    }
}

#[test]
fn only_a_key_or_the_authority_of_this_issuer_changes_the_status() {
    for (from, change) in CHANGES {
        let mut world = World::new();
        let (holder, authority) = (world.key_holder(), world.issuer_authority());
        let (address, other) = (world.new_achievement("welding", from), world.new_issuer("college"));
        let (by_key, by_authority) =
            (change(&world.issuer.by_key(), address), change(&world.issuer.by_authority(), address));
        world.guarded(&by_key, &holder, MicrocredError::NotKeyHolder);
        world.guarded(&by_authority, &authority, MicrocredError::NotIssuerAuthority);
        world.refuses(&change(&other.by_key(), address), &[&other.key], MicrocredError::WrongIssuer);
        world.refuses(&change(&other.by_authority(), address), &[&other.authority], MicrocredError::WrongIssuer);
        let their_key_here = with_account(&change(&other.by_key(), address), 2, world.issuer.address);
        world.refuses(&their_key_here, &[&other.key], MicrocredError::WrongIssuer);
        world.refuses(&read_only(&by_key, 3), &[&holder], runtime::NOT_WRITABLE);
        world.performs(&by_key, &[&holder]);
    }
}
