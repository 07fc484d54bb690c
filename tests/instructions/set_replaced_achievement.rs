use microcred::KeyTerms;
use microcred_client::{
    Address, Instruction, MicrocredError,
    event::Event,
    events::AchievementReplacementSet,
    instructions::achievement,
    state::{Achievement, Lifecycle, permission},
};
use microcred_tests::{World, assert_inside_key_limits, key_terms, read_only, runtime, with_account};

/// A world with an achievement a minute newer than the others.
fn renewed() -> (World, Address) {
    let mut world = World::new();
    world.pass(60);
    let newer = world.new_achievement("rust-basics-2", Lifecycle::Active);
    (world, newer)
}

fn set(world: &World, newer: Address, replaced: Address) -> Instruction {
    achievement::set_replaced(&world.issuer.by_key(), newer, replaced)
}

#[test]
fn a_newer_achievement_names_the_one_it_replaces_and_can_name_another() {
    let (mut world, newer) = renewed();
    let holder = world.key_holder();
    let (first, second) = (world.issuer.achievement, world.issuer.acceptance);
    for replaced in [first, second, second] {
        let before: Achievement = world.get(&newer);
        world.pass(60);
        let events = world.performs(&set(&world, newer, replaced), &[&holder]);
        assert_eq!(world.get::<Achievement>(&newer), Achievement { replaces: replaced, ..before });
        let set = AchievementReplacementSet {
            achievement: newer,
            issuer: world.issuer.address,
            old_replaces: before.replaces,
            new_replaces: replaced,
        };
        assert_eq!(events, [Event::AchievementReplacementSet(set)]);
    }
}

#[test]
fn replacing_follows_the_order_of_creation_and_never_turns_back() {
    let (mut world, newer) = renewed();
    let holder = world.key_holder();
    let older = world.issuer.achievement;
    world.refuses(&set(&world, older, newer), &[&holder], MicrocredError::ReplacesNewer);
    let of_the_same_second = world.issuer.acceptance;
    world.refuses(&set(&world, older, of_the_same_second), &[&holder], MicrocredError::ReplacesNewer);
    world.performs(&set(&world, newer, older), &[&holder]);
    world.refuses(&set(&world, older, newer), &[&holder], MicrocredError::ReplacesNewer);
    world.refuses(&set(&world, newer, newer), &[&holder], runtime::PASSED_TWICE);
}

#[test]
fn it_works_whatever_the_two_achievements_statuses() {
    use Lifecycle::{Active, Draft, Paused, Retired};
    for newer in [Draft, Active, Paused, Retired] {
        for replaced in [Draft, Active, Paused, Retired] {
            let mut world = World::new();
            let holder = world.key_holder();
            let replaced = world.new_achievement("welding", replaced);
            world.pass(1);
            let newer = world.new_achievement("welding-2", newer);
            world.performs(&set(&world, newer, replaced), &[&holder]);
        }
    }
}

#[test]
fn only_an_active_issuer_links_achievements() {
    for status in [Lifecycle::Paused, Lifecycle::Retired] {
        let (mut world, newer) = renewed();
        let holder = world.key_holder();
        world.bring_issuer(status);
        let instruction = set(&world, newer, world.issuer.achievement);
        world.refuses(&instruction, &[&holder], MicrocredError::IssuerNotActive);
    }
}

#[test]
fn a_key_links_inside_its_limits() {
    assert_inside_key_limits(permission::MANAGE_ACHIEVEMENTS, |world, actor| {
        world.pass(1);
        let newer = world.new_achievement("rust-basics-2", Lifecycle::Active);
        world.pass(-1);
        achievement::set_replaced(actor, newer, world.issuer.achievement)
    });
    let (mut world, newer) = renewed();
    let (any, older) = (key_terms(Address::default()), world.issuer.achievement);
    let (elsewhere, actor) = world.new_actor(1, KeyTerms { scope: older, ..any });
    let out_of_scope = achievement::set_replaced(&actor, newer, older);
    world.refuses(&out_of_scope, &[&elsewhere], MicrocredError::KeyOutOfScope);
    let (here, actor) = world.new_actor(2, KeyTerms { scope: newer, ..any });
    world.performs(&achievement::set_replaced(&actor, newer, older), &[&here]);
}

#[test]
fn both_achievements_and_whoever_links_them_are_of_one_issuer() {
    let (mut world, newer) = renewed();
    let (holder, authority, other) = (world.key_holder(), world.issuer_authority(), world.new_issuer("college"));
    let older = world.issuer.achievement;
    let by_key = set(&world, newer, older);
    let by_authority = achievement::set_replaced(&world.issuer.by_authority(), newer, older);
    world.guarded(&by_key, &holder, MicrocredError::NotKeyHolder);
    world.guarded(&by_authority, &authority, MicrocredError::NotIssuerAuthority);
    world.refuses(&set(&world, newer, other.achievement), &[&holder], MicrocredError::WrongIssuer);
    world.refuses(&set(&world, other.achievement, older), &[&holder], MicrocredError::WrongIssuer);
    let theirs = achievement::set_replaced(&other.by_key(), newer, older);
    world.refuses(&theirs, &[&other.key], MicrocredError::WrongIssuer);
    let their_key_here = with_account(&theirs, 2, world.issuer.address);
    world.refuses(&their_key_here, &[&other.key], MicrocredError::WrongIssuer);
    world.refuses(&read_only(&by_key, 3), &[&holder], runtime::NOT_WRITABLE);
    world.performs(&by_authority, &[&authority]);
}
