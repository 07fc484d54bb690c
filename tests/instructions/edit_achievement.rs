use microcred::{EditAchievementArgs, KeyTerms};
use microcred_client::{
    Address, Instruction, MicrocredError,
    event::Event,
    events::AchievementEdited,
    instructions::achievement,
    state::{Achievement, Lifecycle, MAX_VALIDITY, permission},
};
use microcred_tests::{
    BAD_DEFINITIONS, GOOD_DEFINITIONS, World, assert_inside_key_limits, bad_names, bad_texts, key_terms, padded,
    read_only, runtime, with_account,
};

fn definition() -> EditAchievementArgs {
    EditAchievementArgs {
        title: "Welding".into(),
        uri: String::new(),
        kind: 2,
        policy: 3,
        eqf_level: 0,
        workload: 1,
        default_validity: 5,
        definition_digest: [0; 32],
    }
}

fn drafted() -> (World, Address) {
    let mut world = World::new();
    let draft = world.new_achievement("draft", Lifecycle::Draft);
    (world, draft)
}

fn edit(world: &World, draft: Address, args: EditAchievementArgs) -> Instruction {
    achievement::edit(&world.issuer.by_key(), draft, args)
}

#[test]
fn an_edit_replaces_the_whole_definition_and_nothing_else() {
    let (mut world, draft) = drafted();
    let holder = world.key_holder();
    let longest = EditAchievementArgs {
        title: "é".repeat(64),
        uri: "u".repeat(128),
        kind: 3,
        eqf_level: 8,
        workload: u16::MAX,
        default_validity: MAX_VALIDITY,
        definition_digest: [0xAB; 32],
        ..definition()
    };
    for args in [longest, definition()] {
        let before: Achievement = world.get(&draft);
        world.pass(60);
        let events = world.performs(&edit(&world, draft, args.clone()), &[&holder]);
        assert_eq!(
            world.get::<Achievement>(&draft),
            Achievement {
                title: padded(&args.title),
                uri: padded(&args.uri),
                kind: args.kind,
                policy: args.policy,
                eqf_level: args.eqf_level,
                workload: args.workload,
                default_validity: args.default_validity,
                definition_digest: args.definition_digest,
                ..before
            }
        );
        let edited = AchievementEdited {
            achievement: draft,
            old_title: before.title().into(),
            new_title: args.title,
            old_uri: before.uri().into(),
            new_uri: args.uri,
            old_definition_digest: before.definition_digest,
            new_definition_digest: args.definition_digest,
            old_rules: [before.kind, before.policy, before.eqf_level],
            new_rules: [args.kind, args.policy, args.eqf_level],
            old_workload: before.workload,
            new_workload: args.workload,
            old_default_validity: before.default_validity,
            new_default_validity: args.default_validity,
        };
        assert_eq!(events, [Event::AchievementEdited(edited)]);
    }
}

#[test]
fn what_was_published_is_frozen() {
    for status in [Lifecycle::Active, Lifecycle::Paused, Lifecycle::Retired] {
        let mut world = World::new();
        let (holder, authority) = (world.key_holder(), world.issuer_authority());
        let achievement = world.new_achievement("published", status);
        let by_key = edit(&world, achievement, definition());
        world.refuses(&by_key, &[&holder], MicrocredError::AchievementNotDraft);
        let by_authority = achievement::edit(&world.issuer.by_authority(), achievement, definition());
        world.refuses(&by_authority, &[&authority], MicrocredError::AchievementNotDraft);
    }
}

#[test]
fn a_retired_draft_is_frozen_too() {
    let (mut world, draft) = drafted();
    let holder = world.key_holder();
    world.performs(&achievement::retire(&world.issuer.by_key(), draft), &[&holder]);
    world.refuses(&edit(&world, draft, definition()), &[&holder], MicrocredError::AchievementNotDraft);
}

#[test]
fn a_definition_makes_sense() {
    let (mut world, draft) = drafted();
    let holder = world.key_holder();
    let define = |kind, policy, eqf_level, default_validity| EditAchievementArgs {
        kind,
        policy,
        eqf_level,
        default_validity,
        ..definition()
    };
    let numbers = BAD_DEFINITIONS.map(|(kind, policy, eqf, validity, e)| (define(kind, policy, eqf, validity), e));
    let titles = bad_names(128).into_iter().map(|(title, e)| (EditAchievementArgs { title, ..definition() }, e));
    let uris = bad_texts(128).into_iter().map(|(uri, e)| (EditAchievementArgs { uri, ..definition() }, e));
    for (args, error) in numbers.into_iter().chain(titles).chain(uris) {
        world.refuses_case(&format!("{args:?}"), &edit(&world, draft, args.clone()), &[&holder], error);
    }
    for (kind, policy, eqf_level, validity) in GOOD_DEFINITIONS {
        let args = define(kind, policy, eqf_level, validity);
        world.takes(&format!("{args:?}"), &edit(&world, draft, args.clone()), &[&holder]);
    }
}

#[test]
fn only_an_active_issuer_edits() {
    for status in [Lifecycle::Paused, Lifecycle::Retired] {
        let (mut world, draft) = drafted();
        let holder = world.key_holder();
        world.bring_issuer(status);
        world.refuses(&edit(&world, draft, definition()), &[&holder], MicrocredError::IssuerNotActive);
    }
}

#[test]
fn a_key_edits_inside_its_limits() {
    assert_inside_key_limits(permission::MANAGE_ACHIEVEMENTS, |world, actor| {
        let draft = world.new_achievement("draft", Lifecycle::Draft);
        achievement::edit(actor, draft, definition())
    });
    let (mut world, draft) = drafted();
    let any = key_terms(Address::default());
    let (elsewhere, actor) = world.new_actor(1, KeyTerms { scope: world.issuer.achievement, ..any });
    let out_of_scope = achievement::edit(&actor, draft, definition());
    world.refuses(&out_of_scope, &[&elsewhere], MicrocredError::KeyOutOfScope);
    let (here, actor) = world.new_actor(2, KeyTerms { scope: draft, ..any });
    world.performs(&achievement::edit(&actor, draft, definition()), &[&here]);
}

#[test]
fn only_a_key_or_the_authority_of_this_issuer_edits() {
    let (mut world, draft) = drafted();
    let (holder, authority, other) = (world.key_holder(), world.issuer_authority(), world.new_issuer("college"));
    let by_key = edit(&world, draft, definition());
    world.guarded(&by_key, &holder, MicrocredError::NotKeyHolder);
    let by_authority = achievement::edit(&world.issuer.by_authority(), draft, definition());
    world.guarded(&by_authority, &authority, MicrocredError::NotIssuerAuthority);
    for theirs in [other.by_key(), other.by_authority()] {
        let signer = if theirs == other.by_key() { &other.key } else { &other.authority };
        let of_ours = achievement::edit(&theirs, draft, definition());
        world.refuses(&of_ours, &[signer], MicrocredError::WrongIssuer);
    }
    let their_key = achievement::edit(&other.by_key(), draft, definition());
    let their_key_here = with_account(&their_key, 2, world.issuer.address);
    world.refuses(&their_key_here, &[&other.key], MicrocredError::WrongIssuer);
    world.refuses(&read_only(&by_key, 3), &[&holder], runtime::NOT_WRITABLE);
    world.performs(&by_authority, &[&authority]);
}
