use microcred::{CreateAchievementArgs, KeyTerms};
use microcred_client::{
    Address, Instruction, MicrocredError, PROGRAM_ID, address,
    event::Event,
    events::AchievementCreated,
    instructions::{Actor, achievement},
    state::{Achievement, Lifecycle, Record, VERSION, permission, policy},
};
use microcred_tests::{
    BAD_DEFINITIONS, BAD_SLUGS, Creation, GOOD_DEFINITIONS, START, World, achievement_args, assert_creates,
    assert_inside_key_limits, bad_names, bad_texts, bump, key_terms, non_canonical, padded, with_account,
};
use solana_signer::Signer;

/// Places in the instruction.
const ACTOR: usize = 1;
const ISSUER_KEY: usize = 2;
const ISSUER: usize = 3;
const ACHIEVEMENT: usize = 4;

fn create(world: &World, args: CreateAchievementArgs) -> Instruction {
    achievement::create(world.payer.pubkey(), &world.issuer.by_key(), args)
}

#[test]
fn an_achievement_begins_as_a_draft_or_published_at_once() {
    for (publish, status) in [(false, Lifecycle::Draft), (true, Lifecycle::Active)] {
        let mut world = World::new();
        let (holder, issuer) = (world.key_holder(), world.issuer.address);
        let args = CreateAchievementArgs {
            kind: 3,
            policy: policy::RENEWABLE,
            workload: 65_535,
            default_validity: 86_400,
            publish,
            ..achievement_args("welding")
        };
        world.pass(60);
        let events = world.performs(&create(&world, args.clone()), &[&holder]);
        let achievement = address::achievement(&issuer, "welding");
        assert_eq!(
            world.get::<Achievement>(&achievement),
            Achievement {
                version: VERSION,
                bump: bump(&[b"achievement", issuer.as_ref(), b"welding"]),
                status: status.code(),
                kind: 3,
                policy: policy::RENEWABLE,
                eqf_level: 6,
                workload: 65_535,
                issuer,
                code: padded("welding"),
                definition_digest: [9; 32],
                title: padded(&args.title),
                uri: padded(&args.uri),
                default_validity: 86_400,
                created_at: START + 60,
                status_changed_at: 0,
                replaces: Address::default(),
                reserved_424: [0; 24],
            }
        );
        let created = AchievementCreated {
            achievement,
            issuer,
            code: args.code,
            title: args.title,
            uri: args.uri,
            kind: 3,
            policy: policy::RENEWABLE,
            eqf_level: 6,
            workload: 65_535,
            default_validity: 86_400,
            definition_digest: [9; 32],
            status: status.code(),
            at: START + 60,
        };
        assert_eq!(events, [Event::AchievementCreated(created)]);
    }
}

#[test]
fn a_code_is_unique_to_its_issuer_only() {
    let mut world = World::new();
    let holder = world.key_holder();
    let other = world.new_issuer("college");
    let retitled = CreateAchievementArgs { title: "Another".into(), ..achievement_args("rust-basics") };
    world.refuses(&create(&world, retitled), &[&holder], MicrocredError::AlreadyExists);
    world.performs(&create(&world, achievement_args("welding")), &[&holder]);
    let theirs = achievement::create(world.payer.pubkey(), &other.by_key(), achievement_args("welding"));
    world.performs(&theirs, &[&other.key]);
}

#[test]
fn codes_keep_to_their_alphabet() {
    let mut world = World::new();
    let holder = world.key_holder();
    for (code, error) in BAD_SLUGS {
        world.refuses_case(code, &create(&world, achievement_args(code)), &[&holder], error);
    }
    for code in ["a", "-", "0", "abcdefghijklmnopqrstuvwxyz-01234"] {
        world.takes(code, &create(&world, achievement_args(code)), &[&holder]);
    }
}

#[test]
fn a_code_longer_than_a_seed_has_no_address() {
    let mut world = World::new();
    let (holder, issuer) = (world.key_holder(), world.issuer.address);
    let code = "a".repeat(33);
    let instruction = create(&world, achievement_args(&code));
    world.refuses(&instruction, &[&holder], MicrocredError::TextTooLong);
    let (start, end) = code.as_bytes().split_at(32);
    let cut_in_two = Address::find_program_address(&[b"achievement", issuer.as_ref(), start, end], &PROGRAM_ID).0;
    for address in [cut_in_two, address::achievement(&issuer, &code[..32])] {
        world.refuses(&with_account(&instruction, ACHIEVEMENT, address), &[&holder], MicrocredError::TextTooLong);
    }
}

#[test]
fn a_definition_makes_sense() {
    let mut world = World::new();
    let holder = world.key_holder();
    let define = |kind, policy, eqf_level, default_validity| CreateAchievementArgs {
        kind,
        policy,
        eqf_level,
        default_validity,
        ..achievement_args(&format!("code-{kind}"))
    };
    for (kind, policy, eqf_level, validity, error) in BAD_DEFINITIONS {
        let args = define(kind, policy, eqf_level, validity);
        world.refuses_case(&format!("{args:?}"), &create(&world, args), &[&holder], error);
    }
    for (kind, policy, eqf_level, validity) in GOOD_DEFINITIONS {
        let code = format!("good-{kind}-{policy}");
        let args = CreateAchievementArgs { code, ..define(kind, policy, eqf_level, validity) };
        world.takes(&format!("{args:?}"), &create(&world, args), &[&holder]);
    }
    for (title, error) in bad_names(128) {
        let args = CreateAchievementArgs { title: title.clone(), ..achievement_args("welding") };
        world.refuses_case(&format!("{title:?}"), &create(&world, args), &[&holder], error);
    }
    for (uri, error) in bad_texts(128) {
        let args = CreateAchievementArgs { uri: uri.clone(), ..achievement_args("welding") };
        world.refuses_case(&format!("{uri:?}"), &create(&world, args), &[&holder], error);
    }
    let longest = CreateAchievementArgs { title: "é".repeat(64), uri: "u".repeat(128), ..achievement_args("long") };
    let shortest = CreateAchievementArgs { title: "t".into(), uri: String::new(), ..achievement_args("short") };
    for args in [longest, shortest] {
        world.performs(&create(&world, args.clone()), &[&holder]);
        let account: Achievement = world.get(&address::achievement(&world.issuer.address, &args.code));
        assert_eq!((account.title(), account.uri()), (&*args.title, &*args.uri));
    }
}

#[test]
fn only_an_active_issuer_creates_achievements() {
    for status in [Lifecycle::Paused, Lifecycle::Retired] {
        let mut world = World::new();
        let (holder, authority) = (world.key_holder(), world.issuer_authority());
        world.bring_issuer(status);
        let args = achievement_args("welding");
        world.refuses(&create(&world, args.clone()), &[&holder], MicrocredError::IssuerNotActive);
        let by_authority = achievement::create(world.payer.pubkey(), &world.issuer.by_authority(), args);
        world.refuses(&by_authority, &[&authority], MicrocredError::IssuerNotActive);
    }
}

#[test]
fn a_key_creates_inside_its_limits() {
    assert_inside_key_limits(permission::MANAGE_ACHIEVEMENTS, |world, actor| {
        achievement::create(world.payer.pubkey(), actor, achievement_args("welding"))
    });
}

#[test]
fn a_scoped_key_creates_nothing_not_even_its_own_scope() {
    let mut world = World::new();
    let own = address::achievement(&world.issuer.address, "welding");
    for (index, scope) in [(1, own), (2, world.issuer.achievement)] {
        let (holder, actor) = world.new_actor(index, KeyTerms { scope, ..key_terms(Address::default()) });
        let instruction = achievement::create(world.payer.pubkey(), &actor, achievement_args("welding"));
        world.refuses(&instruction, &[&holder], MicrocredError::KeyScopedCannotCreate);
    }
}

#[test]
fn only_a_key_or_the_authority_of_this_issuer_creates() {
    let mut world = World::new();
    let (holder, authority, other) = (world.key_holder(), world.issuer_authority(), world.new_issuer("college"));
    let by_key = create(&world, achievement_args("welding"));
    world.guarded(&by_key, &holder, MicrocredError::NotKeyHolder);
    let by_authority =
        achievement::create(world.payer.pubkey(), &world.issuer.by_authority(), achievement_args("welding"));
    world.guarded(&by_authority, &authority, MicrocredError::NotIssuerAuthority);
    let by_their_authority = with_account(&by_authority, ACTOR, other.authority.pubkey());
    world.refuses(&by_their_authority, &[&other.authority], MicrocredError::NotIssuerAuthority);

    let with_their_key = with_account(&by_key, ACTOR, other.key.pubkey());
    let with_their_key = with_account(&with_their_key, ISSUER_KEY, other.key_ref().address());
    world.refuses(&with_their_key, &[&other.key], MicrocredError::WrongIssuer);
    let under_their_issuer = with_account(&with_their_key, ISSUER, other.address);
    world.refuses(&under_their_issuer, &[&other.key], MicrocredError::WrongAddress);
    world.performs(&by_authority, &[&authority]);
}

#[test]
fn only_the_canonical_address_is_taken() {
    let mut world = World::new();
    let (holder, issuer) = (world.key_holder(), world.issuer.address);
    let instruction = create(&world, achievement_args("welding"));
    let other = world.new_issuer("college").address;
    for address in [
        non_canonical(&[b"achievement", issuer.as_ref(), b"welding"]),
        address::achievement(&issuer, "welding-2"),
        address::achievement(&other, "welding"),
    ] {
        world.refuses(&with_account(&instruction, ACHIEVEMENT, address), &[&holder], MicrocredError::WrongAddress);
    }
}

#[test]
fn the_payer_pays_what_lacks_wherever_somebody_sent_lamports_before() {
    assert_creates(|world, payer| {
        let address = address::achievement(&world.issuer.address, "welding");
        let instruction = achievement::create(payer, &world.issuer.by_key(), achievement_args("welding"));
        Creation { instruction, signer: world.key_holder(), accounts: vec![(address, Achievement::SIZE)] }
    });
}

#[test]
fn the_key_can_pay_too() {
    let mut world = World::new();
    let holder = world.key_holder();
    world.ledger.fund(&holder.pubkey(), 1 << 40).unwrap();
    let actor: Actor = world.issuer.by_key();
    world.performs(&achievement::create(holder.pubkey(), &actor, achievement_args("welding")), &[&holder]);
}
