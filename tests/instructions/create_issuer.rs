use microcred::{CreateIssuerArgs, KeyTerms};
use microcred_client::{
    Address, Instruction, MicrocredError, PROGRAM_ID, address,
    event::Event,
    events::{IssuerCreated, KeyAdded},
    instructions::issuer,
    state::{Issuer, IssuerKey, Lifecycle, Record, VERSION, permission},
};
use microcred_tests::{
    BAD_SLUGS, Creation, START, World, assert_creates, bad_key_terms, bad_names, bad_texts, bump, issuer_args,
    key_terms, non_canonical, padded, runtime, unsigned, with_account,
};
use solana_keypair::Keypair;
use solana_signer::Signer;

const TREASURY: Address = Address::new_from_array([8; 32]);
const KEY: Address = Address::new_from_array([4; 32]);
/// Places in the instruction.
const CREATOR: usize = 1;
const ISSUER: usize = 2;
const ISSUER_KEY: usize = 3;

fn args(slug: &str) -> CreateIssuerArgs {
    issuer_args(slug, TREASURY, key_terms(KEY))
}

fn create(world: &World, creator: &Keypair, args: CreateIssuerArgs) -> Instruction {
    issuer::create(world.payer.pubkey(), creator.pubkey(), args)
}

#[test]
fn an_issuer_begins_active_under_its_creator_with_one_key() {
    let (mut world, creator) = (World::new(), Keypair::new());
    let key = KeyTerms {
        key: KEY,
        permissions: permission::ISSUE | permission::REVOKE,
        scope: Address::new_from_array([6; 32]),
        valid_from: START - 10,
        valid_until: START + 10,
        quota: 500,
    };
    let args = CreateIssuerArgs { key, ..args("college") };
    let events = world.performs(&create(&world, &creator, args.clone()), &[&creator]);
    let creator = creator.pubkey();
    let issuer = address::issuer(&creator, "college");
    assert_eq!(
        world.get::<Issuer>(&issuer),
        Issuer {
            version: VERSION,
            bump: bump(&[b"issuer", creator.as_ref(), b"college"]),
            status: Lifecycle::Active.code(),
            reserved_11: 0,
            country: *b"DE",
            key_count: 1,
            creator,
            authority: creator,
            pending_authority: Address::default(),
            treasury: TREASURY,
            slug: padded("college"),
            name: padded(&args.name),
            url: padded(&args.url),
            profile_revision: 0,
            reserved_404: [0; 4],
            created_at: START,
            status_changed_at: 0,
            authority_changed_at: 0,
            reserved_432: [0; 48],
        }
    );
    let issuer_key = address::issuer_key(&issuer, 0);
    assert_eq!(
        world.get::<IssuerKey>(&issuer_key),
        IssuerKey {
            version: VERSION,
            bump: bump(&[b"key", issuer.as_ref(), &[0, 0]]),
            index: 0,
            permissions: key.permissions,
            flags: 0,
            issuer,
            key: KEY,
            scope: key.scope,
            valid_from: START,
            valid_until: key.valid_until,
            compromised_at: 0,
            quota: 500,
            used: 0,
            changed_at: START,
            reserved_160: [0; 16],
        }
    );
    let created = IssuerCreated {
        issuer,
        creator,
        treasury: TREASURY,
        slug: args.slug,
        name: args.name,
        url: args.url,
        country: args.country,
        at: START,
    };
    let added = KeyAdded {
        issuer_key,
        issuer,
        index: 0,
        key: KEY,
        permissions: key.permissions,
        scope: key.scope,
        valid_from: START,
        valid_until: key.valid_until,
        quota: 500,
        at: START,
    };
    assert_eq!(events, [Event::IssuerCreated(created), Event::KeyAdded(added)]);
}

#[test]
fn a_slug_is_unique_to_its_creator_only() {
    let (mut world, creator, other) = (World::new(), Keypair::new(), Keypair::new());
    world.performs(&create(&world, &creator, args("college")), &[&creator]);
    let renamed = CreateIssuerArgs { name: "Another name".into(), ..args("college") };
    world.refuses(&create(&world, &creator, renamed), &[&creator], MicrocredError::AlreadyExists);
    world.performs(&create(&world, &creator, args("college-2")), &[&creator]);
    world.performs(&create(&world, &other, args("college")), &[&other]);
}

#[test]
fn slugs_keep_to_their_alphabet() {
    let (mut world, creator) = (World::new(), Keypair::new());
    for (slug, error) in BAD_SLUGS {
        world.refuses_case(slug, &create(&world, &creator, args(slug)), &[&creator], error);
    }
    for slug in ["a", "-", "0", "abcdefghijklmnopqrstuvwxyz-01234"] {
        world.takes(slug, &create(&world, &creator, args(slug)), &[&creator]);
    }
}

#[test]
fn a_slug_longer_than_a_seed_has_no_address() {
    let (mut world, creator) = (World::new(), Keypair::new());
    let slug = "a".repeat(33);
    let instruction = create(&world, &creator, args(&slug));
    world.refuses(&instruction, &[&creator], MicrocredError::TextTooLong);
    let (start, end) = slug.as_bytes().split_at(32);
    let cut_in_two = Address::find_program_address(&[b"issuer", creator.pubkey().as_ref(), start, end], &PROGRAM_ID).0;
    for address in [cut_in_two, address::issuer(&creator.pubkey(), &slug[..32])] {
        let instruction = with_account(&instruction, ISSUER, address);
        let instruction = with_account(&instruction, ISSUER_KEY, address::issuer_key(&address, 0));
        world.refuses(&instruction, &[&creator], MicrocredError::TextTooLong);
    }
}

#[test]
fn texts_fit_their_fields_and_mislead_nobody() {
    let (mut world, creator) = (World::new(), Keypair::new());
    let names = bad_names(96).into_iter().map(|(name, error)| (CreateIssuerArgs { name, ..args("college") }, error));
    let urls = bad_texts(128).into_iter().map(|(url, error)| (CreateIssuerArgs { url, ..args("college") }, error));
    let countries = ["D", "DEU", "de", "D1", "É", "\0\0", "  "]
        .map(|country| (CreateIssuerArgs { country: country.into(), ..args("college") }, MicrocredError::BadCountry));
    for (args, error) in names.chain(urls).chain(countries) {
        world.refuses_case(&format!("{args:?}"), &create(&world, &creator, args.clone()), &[&creator], error);
    }
    let longest = CreateIssuerArgs { name: "é".repeat(48), url: "u".repeat(128), ..args("long") };
    let shortest = CreateIssuerArgs { name: "n".into(), url: String::new(), country: String::new(), ..args("short") };
    for args in [longest, shortest] {
        world.performs(&create(&world, &creator, args.clone()), &[&creator]);
        let account: Issuer = world.get(&address::issuer(&creator.pubkey(), &args.slug));
        assert_eq!((account.name(), account.url(), account.country()), (&*args.name, &*args.url, &*args.country));
    }
}

#[test]
fn lamports_go_neither_to_the_zero_address_nor_to_the_issuer_itself() {
    let (mut world, creator) = (World::new(), Keypair::new());
    for treasury in [Address::default(), address::issuer(&creator.pubkey(), "college")] {
        let args = CreateIssuerArgs { treasury, ..args("college") };
        world.refuses(&create(&world, &creator, args), &[&creator], MicrocredError::BadTreasury);
    }
}

#[test]
fn the_first_key_keeps_to_the_rules_of_keys() {
    let (mut world, creator) = (World::new(), Keypair::new());
    for (key, error) in bad_key_terms(KEY) {
        let args = CreateIssuerArgs { key, ..args("college") };
        world.refuses_case(&format!("{key:?}"), &create(&world, &creator, args), &[&creator], error);
    }
}

#[test]
fn nobody_creates_an_issuer_in_anothers_name() {
    let (mut world, creator) = (World::new(), Keypair::new());
    let instruction = create(&world, &creator, args("college"));
    world.refuses(&unsigned(&instruction, CREATOR), &[], runtime::NOT_SIGNED);
    let (payer, stranger) = (world.payer.insecure_clone(), Keypair::new());
    for other in [&payer, &stranger] {
        world.refuses(&with_account(&instruction, CREATOR, other.pubkey()), &[other], MicrocredError::WrongAddress);
    }
}

#[test]
fn only_the_canonical_addresses_are_taken() {
    let (mut world, creator) = (World::new(), Keypair::new());
    let instruction = create(&world, &creator, args("college"));
    let issuer = address::issuer(&creator.pubkey(), "college");
    for (place, address) in [
        (ISSUER, non_canonical(&[b"issuer", creator.pubkey().as_ref(), b"college"])),
        (ISSUER_KEY, non_canonical(&[b"key", issuer.as_ref(), &[0, 0]])),
        (ISSUER_KEY, address::issuer_key(&issuer, 1)),
        (ISSUER_KEY, address::issuer_key(&world.issuer.address, 1)),
    ] {
        world.refuses(&with_account(&instruction, place, address), &[&creator], MicrocredError::WrongAddress);
    }
}

#[test]
fn the_payer_pays_what_lacks_wherever_somebody_sent_lamports_before() {
    assert_creates(|_, payer| {
        let signer = Keypair::new();
        let issuer = address::issuer(&signer.pubkey(), "college");
        let accounts = vec![(issuer, Issuer::SIZE), (address::issuer_key(&issuer, 0), IssuerKey::SIZE)];
        Creation { instruction: issuer::create(payer, signer.pubkey(), args("college")), signer, accounts }
    });
}

#[test]
fn the_creator_can_pay_too() {
    let (mut world, creator) = (World::new(), Keypair::new());
    world.ledger.fund(&creator.pubkey(), 1 << 40).unwrap();
    world.performs(&issuer::create(creator.pubkey(), creator.pubkey(), args("college")), &[&creator]);
}
