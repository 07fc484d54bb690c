use microcred::CreateRegistryArgs;
use microcred_client::{
    Address, Instruction, MicrocredError, PROGRAM_ID, address,
    event::Event,
    events::RegistryCreated,
    instructions::registry,
    state::{Lifecycle, Record, Registry, VERSION},
};
use microcred_tests::{
    BAD_SLUGS, Creation, START, World, assert_creates, bad_names, bad_texts, bump, non_canonical, padded,
    registry_args, runtime, unsigned, with_account,
};
use solana_keypair::Keypair;
use solana_signer::Signer;

/// Place of the new account in the instruction.
const REGISTRY: usize = 2;

fn create(world: &World, creator: &Keypair, args: CreateRegistryArgs) -> Instruction {
    registry::create(world.payer.pubkey(), creator.pubkey(), args)
}

#[test]
fn a_registry_begins_active_under_its_creator() {
    let (mut world, creator) = (World::new(), Keypair::new());
    let args = registry_args("engineering-board");
    let events = world.performs(&create(&world, &creator, args.clone()), &[&creator]);
    let (creator, address) = (creator.pubkey(), address::registry(&creator.pubkey(), &args.slug));
    assert_eq!(
        world.get::<Registry>(&address),
        Registry {
            version: VERSION,
            bump: bump(&[b"registry", creator.as_ref(), b"engineering-board"]),
            status: Lifecycle::Active.code(),
            reserved_11: 0,
            accreditation_count: 0,
            creator,
            authority: creator,
            pending_authority: Address::default(),
            slug: padded(&args.slug),
            name: padded(&args.name),
            uri: padded(&args.uri),
            created_at: START,
            status_changed_at: 0,
            reserved_384: [0; 32],
        }
    );
    let created =
        RegistryCreated { registry: address, creator, slug: args.slug, name: args.name, uri: args.uri, at: START };
    assert_eq!(events, [Event::RegistryCreated(created)]);
}

#[test]
fn a_slug_is_unique_to_its_creator_only() {
    let (mut world, creator, other) = (World::new(), Keypair::new(), Keypair::new());
    world.performs(&create(&world, &creator, registry_args("board")), &[&creator]);
    let renamed = CreateRegistryArgs { name: "Another name".into(), ..registry_args("board") };
    world.refuses(&create(&world, &creator, renamed), &[&creator], MicrocredError::AlreadyExists);
    world.performs(&create(&world, &creator, registry_args("board-2")), &[&creator]);
    world.performs(&create(&world, &other, registry_args("board")), &[&other]);
}

#[test]
fn slugs_keep_to_their_alphabet() {
    let (mut world, creator) = (World::new(), Keypair::new());
    for (slug, error) in BAD_SLUGS {
        world.refuses_case(slug, &create(&world, &creator, registry_args(slug)), &[&creator], error);
    }
    for slug in ["a", "-", "0", "abcdefghijklmnopqrstuvwxyz-01234"] {
        world.takes(slug, &create(&world, &creator, registry_args(slug)), &[&creator]);
    }
}

#[test]
fn a_slug_longer_than_a_seed_has_no_address() {
    let (mut world, creator) = (World::new(), Keypair::new());
    let slug = "a".repeat(33);
    let instruction = create(&world, &creator, registry_args(&slug));
    world.refuses(&instruction, &[&creator], MicrocredError::TextTooLong);
    let (start, end) = slug.as_bytes().split_at(32);
    let cut_in_two =
        Address::find_program_address(&[b"registry", creator.pubkey().as_ref(), start, end], &PROGRAM_ID).0;
    for address in [cut_in_two, address::registry(&creator.pubkey(), &slug[..32])] {
        world.refuses(&with_account(&instruction, REGISTRY, address), &[&creator], MicrocredError::TextTooLong);
    }
}

#[test]
fn texts_fit_their_fields_and_mislead_nobody() {
    let (mut world, creator) = (World::new(), Keypair::new());
    for (name, error) in bad_names(96) {
        let args = CreateRegistryArgs { name: name.clone(), ..registry_args("board") };
        world.refuses_case(&format!("{name:?}"), &create(&world, &creator, args), &[&creator], error);
    }
    for (uri, error) in bad_texts(128) {
        let args = CreateRegistryArgs { uri: uri.clone(), ..registry_args("board") };
        world.refuses_case(&format!("{uri:?}"), &create(&world, &creator, args), &[&creator], error);
    }
    let longest = CreateRegistryArgs { name: "é".repeat(48), uri: "u".repeat(128), ..registry_args("long") };
    let shortest = CreateRegistryArgs { name: "n".into(), uri: String::new(), ..registry_args("short") };
    for args in [longest, shortest] {
        world.performs(&create(&world, &creator, args.clone()), &[&creator]);
        let account: Registry = world.get(&address::registry(&creator.pubkey(), &args.slug));
        assert_eq!((account.name(), account.uri()), (&*args.name, &*args.uri));
    }
}

#[test]
fn nobody_creates_a_registry_in_anothers_name() {
    let (mut world, creator) = (World::new(), Keypair::new());
    let instruction = create(&world, &creator, registry_args("board"));
    world.refuses(&unsigned(&instruction, 1), &[], runtime::NOT_SIGNED);
    let (payer, stranger) = (world.payer.insecure_clone(), Keypair::new());
    for other in [&payer, &stranger] {
        world.refuses(&with_account(&instruction, 1, other.pubkey()), &[other], MicrocredError::WrongAddress);
    }
}

#[test]
fn only_the_canonical_address_is_taken() {
    let (mut world, creator) = (World::new(), Keypair::new());
    let instruction = create(&world, &creator, registry_args("board"));
    let other = non_canonical(&[b"registry", creator.pubkey().as_ref(), b"board"]);
    world.refuses(&with_account(&instruction, REGISTRY, other), &[&creator], MicrocredError::WrongAddress);
}

#[test]
fn the_payer_pays_what_lacks_wherever_somebody_sent_lamports_before() {
    assert_creates(|_, payer| {
        let signer = Keypair::new();
        let address = address::registry(&signer.pubkey(), "board");
        let instruction = registry::create(payer, signer.pubkey(), registry_args("board"));
        Creation { instruction, signer, accounts: vec![(address, Registry::SIZE)] }
    });
}

#[test]
fn the_creator_can_pay_too() {
    let (mut world, creator) = (World::new(), Keypair::new());
    world.ledger.fund(&creator.pubkey(), 1 << 40).unwrap();
    world.performs(&registry::create(creator.pubkey(), creator.pubkey(), registry_args("board")), &[&creator]);
}
