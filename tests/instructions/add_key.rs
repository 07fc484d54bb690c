use microcred::KeyTerms;
use microcred_client::{
    Address, Instruction, MicrocredError, address,
    event::Event,
    events::KeyAdded,
    instructions::key,
    state::{Issuer, IssuerKey, Lifecycle, MAX_KEYS, Record, UNLIMITED, VERSION, permission},
};
use microcred_tests::{
    Creation, START, World, assert_creates_once, bad_key_terms, bump, key_terms, non_canonical, read_only, runtime,
    with_account,
};
use solana_signer::Signer;

const KEY: Address = Address::new_from_array([4; 32]);
/// Places in the instruction.
const ISSUER: usize = 2;
const ISSUER_KEY: usize = 3;

fn add(world: &World, index: u16, terms: KeyTerms) -> Instruction {
    key::add(world.payer.pubkey(), world.issuer.authority.pubkey(), world.issuer.address, index, terms)
}

#[test]
fn a_key_begins_with_its_terms_and_the_next_index() {
    let mut world = World::new();
    let (authority, issuer) = (world.issuer_authority(), world.issuer.address);
    let terms = KeyTerms {
        key: KEY,
        permissions: permission::SUSPEND,
        scope: world.issuer.achievement,
        valid_from: START + 100,
        valid_until: START + 200,
        quota: 3,
    };
    for index in [1_u16, 2] {
        world.pass(7);
        let at = world.ledger.time();
        let before: Issuer = world.get(&issuer);
        let events = world.performs(&add(&world, index, terms), &[&authority]);
        let issuer_key = address::issuer_key(&issuer, index);
        assert_eq!(
            world.get::<IssuerKey>(&issuer_key),
            IssuerKey {
                version: VERSION,
                bump: bump(&[b"key", issuer.as_ref(), &index.to_le_bytes()]),
                index,
                permissions: permission::SUSPEND,
                flags: 0,
                issuer,
                key: KEY,
                scope: terms.scope,
                valid_from: terms.valid_from,
                valid_until: terms.valid_until,
                compromised_at: 0,
                quota: 3,
                used: 0,
                changed_at: at,
                reserved_160: [0; 16],
            }
        );
        assert_eq!(world.get::<Issuer>(&issuer), Issuer { key_count: index + 1, ..before });
        let added = KeyAdded {
            issuer_key,
            issuer,
            index,
            key: KEY,
            permissions: permission::SUSPEND,
            scope: terms.scope,
            valid_from: terms.valid_from,
            valid_until: terms.valid_until,
            quota: 3,
            at,
        };
        assert_eq!(events, [Event::KeyAdded(added)]);
    }
}

#[test]
fn a_keys_terms_make_sense() {
    let mut world = World::new();
    let authority = world.issuer_authority();
    for (terms, error) in bad_key_terms(KEY) {
        world.refuses_case(&format!("{terms:?}"), &add(&world, 1, terms), &[&authority], error);
    }
    let any = key_terms(KEY);
    for (index, terms) in [
        KeyTerms { valid_until: START + 1, ..any },
        KeyTerms { valid_from: START + 1, valid_until: START + 2, ..any },
        KeyTerms { valid_from: i64::MIN, valid_until: 0, ..any },
        KeyTerms { valid_from: i64::MAX, valid_until: 0, ..any },
        KeyTerms { permissions: permission::ASSERT, quota: 0, ..any },
        KeyTerms { permissions: permission::ALL, quota: UNLIMITED - 1, ..any },
    ]
    .into_iter()
    .enumerate()
    {
        let index = u16::try_from(index).unwrap() + 1;
        world.takes(&format!("{terms:?}"), &add(&world, index, terms), &[&authority]);
    }
}

#[test]
fn keys_are_numbered_without_gaps() {
    let mut world = World::new();
    let authority = world.issuer_authority();
    for index in [0, 2, u16::MAX] {
        world.refuses(&add(&world, index, key_terms(KEY)), &[&authority], MicrocredError::WrongKeyIndex);
    }
    let first = add(&world, 1, key_terms(KEY));
    world.performs(&first, &[&authority]);
    world.refuses(&first, &[&authority], MicrocredError::WrongKeyIndex);
}

#[test]
fn an_issuer_has_at_most_65534_keys() {
    let mut world = World::new();
    let (authority, issuer) = (world.issuer_authority(), world.issuer.address);
    world.forge::<Issuer>(&issuer, |issuer| issuer.key_count = MAX_KEYS - 1);
    world.performs(&add(&world, 0xFFFD, key_terms(KEY)), &[&authority]);
    assert_eq!(world.get::<Issuer>(&issuer).key_count, 0xFFFE);
    world.refuses(&add(&world, 0xFFFE, key_terms(KEY)), &[&authority], MicrocredError::TooManyKeys);
}

#[test]
fn only_this_issuers_authority_adds_keys() {
    let mut world = World::new();
    let authority = world.issuer_authority();
    let other = world.new_issuer("college");
    let instruction = add(&world, 1, key_terms(KEY));
    world.guarded(&instruction, &authority, MicrocredError::NotIssuerAuthority);
    let theirs = with_account(&instruction, 1, other.authority.pubkey());
    world.refuses(&theirs, &[&other.authority], MicrocredError::NotIssuerAuthority);
    world.refuses(&read_only(&instruction, ISSUER), &[&authority], runtime::NOT_WRITABLE);
    world.performs(&instruction, &[&authority]);
}

#[test]
fn only_the_canonical_address_is_taken() {
    let mut world = World::new();
    let (authority, issuer) = (world.issuer_authority(), world.issuer.address);
    let instruction = add(&world, 1, key_terms(KEY));
    for address in [non_canonical(&[b"key", issuer.as_ref(), &[1, 0]]), address::issuer_key(&issuer, 2)] {
        world.refuses(&with_account(&instruction, ISSUER_KEY, address), &[&authority], MicrocredError::WrongAddress);
    }
}

#[test]
fn a_paused_issuer_gets_keys_and_a_retired_one_does_not() {
    for (status, refusal) in [(Lifecycle::Paused, None), (Lifecycle::Retired, Some(MicrocredError::IssuerRetired))] {
        let mut world = World::new();
        let authority = world.issuer_authority();
        world.bring_issuer(status);
        let instruction = add(&world, 1, key_terms(KEY));
        match refusal {
            None => drop(world.performs(&instruction, &[&authority])),
            Some(error) => world.refuses(&instruction, &[&authority], error),
        }
    }
}

#[test]
fn the_payer_pays_what_lacks_wherever_somebody_sent_lamports_before() {
    assert_creates_once(MicrocredError::WrongKeyIndex, |world, payer| {
        let (signer, issuer) = (world.issuer_authority(), world.issuer.address);
        let instruction = key::add(payer, signer.pubkey(), issuer, 1, key_terms(KEY));
        Creation { instruction, signer, accounts: vec![(address::issuer_key(&issuer, 1), IssuerKey::SIZE)] }
    });
}
