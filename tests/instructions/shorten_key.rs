use microcred::KeyTerms;
use microcred_client::{
    Address, Instruction, MicrocredError,
    event::Event,
    events::KeyShortened,
    instructions::key,
    state::{IssuerKey, Lifecycle},
};
use microcred_tests::{START, World, key_terms, read_only, runtime, with_account};
use solana_signer::Signer;

const NOW: i64 = START + 60;

/// A world a minute later, whose issuer has a key 1 with this validity.
fn with_key(valid_from: i64, valid_until: i64) -> World {
    let mut world = World::new();
    world.new_actor(1, KeyTerms { valid_from, valid_until, ..key_terms(Address::default()) });
    world.pass(60);
    world
}

fn shorten(world: &World, valid_until: i64) -> Instruction {
    key::shorten(world.issuer.authority.pubkey(), world.issuer.address, 1, valid_until)
}

#[test]
fn a_keys_validity_ends_earlier_but_not_before_now() {
    use MicrocredError::{BadKeyWindow, ValidityInThePast, ValidityNotShorter};
    let table = [
        ((0, 0), NOW, Ok(())),
        ((0, 0), i64::MAX, Ok(())),
        ((0, 0), NOW - 1, Err(ValidityInThePast)),
        ((0, 0), 0, Err(ValidityInThePast)),
        ((0, 0), i64::MIN, Err(ValidityInThePast)),
        ((0, NOW + 100), NOW + 99, Ok(())),
        ((0, NOW + 100), NOW + 100, Err(ValidityNotShorter)),
        ((0, NOW + 100), NOW + 101, Err(ValidityNotShorter)),
        ((0, NOW + 100), 0, Err(ValidityInThePast)),
        ((0, NOW - 10), NOW - 11, Err(ValidityInThePast)),
        ((0, NOW - 10), NOW, Err(ValidityNotShorter)),
        ((NOW, 0), NOW, Err(BadKeyWindow)),
        ((NOW + 50, 0), NOW + 49, Err(BadKeyWindow)),
        ((NOW + 50, 0), NOW + 50, Err(BadKeyWindow)),
        ((NOW + 50, 0), NOW + 51, Ok(())),
    ];
    for ((valid_from, old_valid_until), new_valid_until, result) in table {
        let mut world = with_key(valid_from, old_valid_until);
        let (authority, issuer) = (world.issuer_authority(), world.issuer.address);
        let issuer_key = microcred_client::address::issuer_key(&issuer, 1);
        let before: IssuerKey = world.get(&issuer_key);
        let instruction = shorten(&world, new_valid_until);
        match result {
            Err(error) => {
                let case = format!("{valid_from}..{old_valid_until} to {new_valid_until}");
                world.refuses_case(&case, &instruction, &[&authority], error);
            }
            Ok(()) => {
                let events = world.performs(&instruction, &[&authority]);
                let after = IssuerKey { valid_until: new_valid_until, changed_at: NOW, ..before };
                assert_eq!(world.get::<IssuerKey>(&issuer_key), after);
                let shortened = KeyShortened { issuer_key, issuer, old_valid_until, new_valid_until, at: NOW };
                assert_eq!(events, [Event::KeyShortened(shortened)]);
            }
        }
    }
}

#[test]
fn retired_and_compromised_keys_are_not_shortened() {
    for end in [key::retire, |authority, issuer, index| key::mark_compromised(authority, issuer, index, NOW)] {
        let mut world = with_key(0, 0);
        let authority = world.issuer_authority();
        world.performs(&end(authority.pubkey(), world.issuer.address, 1), &[&authority]);
        world.refuses(&shorten(&world, NOW + 1), &[&authority], MicrocredError::KeyRetired);
    }
}

#[test]
fn only_the_authority_of_the_keys_issuer_shortens() {
    let mut world = with_key(0, 0);
    let (authority, other) = (world.issuer_authority(), world.new_issuer("college"));
    let instruction = shorten(&world, NOW + 1);
    world.guarded(&instruction, &authority, MicrocredError::NotIssuerAuthority);
    let in_its_name = with_account(&instruction, 0, other.authority.pubkey());
    world.refuses(&in_its_name, &[&other.authority], MicrocredError::NotIssuerAuthority);
    let through_their_own = with_account(&in_its_name, 1, other.address);
    world.refuses(&through_their_own, &[&other.authority], MicrocredError::WrongIssuer);
    world.refuses(&read_only(&instruction, 2), &[&authority], runtime::NOT_WRITABLE);
    world.performs(&instruction, &[&authority]);
    world.refuses(&instruction, &[&authority], MicrocredError::ValidityNotShorter);
}

#[test]
fn the_issuer_need_not_be_active() {
    for status in [Lifecycle::Paused, Lifecycle::Retired] {
        let mut world = with_key(0, 0);
        let authority = world.issuer_authority();
        world.bring_issuer(status);
        world.performs(&shorten(&world, NOW), &[&authority]);
    }
}
