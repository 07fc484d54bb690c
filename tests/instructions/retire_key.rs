use microcred::KeyTerms;
use microcred_client::{
    Address, MicrocredError, address,
    event::Event,
    events::KeyRetired,
    instructions::key,
    state::{IssuerKey, Lifecycle, key_flags},
};
use microcred_tests::{START, World, assert_refused, issue_args, key_terms, read_only, runtime, with_account};
use solana_signer::Signer;

#[test]
fn a_retired_key_is_retired_for_good_and_issues_nothing() {
    let mut world = World::new();
    let (authority, issuer, achievement) = (world.issuer_authority(), world.issuer.address, world.issuer.achievement);
    let issuer_key = address::issuer_key(&issuer, 0);
    world.issued(&Address::new_from_array([1; 32]));
    let before: IssuerKey = world.get(&issuer_key);
    world.pass(60);
    let retire = key::retire(authority.pubkey(), issuer, 0);
    let events = world.performs(&retire, &[&authority]);
    let after = IssuerKey { flags: key_flags::RETIRED, changed_at: START + 60, ..before };
    assert_eq!(world.get::<IssuerKey>(&issuer_key), after);
    assert_eq!(events, [Event::KeyRetired(KeyRetired { issuer_key, issuer, at: START + 60 })]);

    world.refuses(&retire, &[&authority], MicrocredError::KeyRetired);
    let issued = world.issue(achievement, issue_args(Address::new_from_array([2; 32])));
    assert_refused(issued, MicrocredError::KeyRetired);
}

#[test]
fn a_compromised_key_is_retired_already() {
    let mut world = World::new();
    let (authority, issuer) = (world.issuer_authority(), world.issuer.address);
    world.performs(&key::mark_compromised(authority.pubkey(), issuer, 0, START), &[&authority]);
    world.refuses(&key::retire(authority.pubkey(), issuer, 0), &[&authority], MicrocredError::KeyRetired);
}

#[test]
fn a_key_retires_before_during_and_after_its_validity() {
    for (valid_from, valid_until) in [(START + 100, 0), (START, START + 100), (START, START + 10)] {
        let mut world = World::new();
        let (authority, issuer) = (world.issuer_authority(), world.issuer.address);
        world.new_actor(1, KeyTerms { valid_from, valid_until, ..key_terms(Address::default()) });
        world.pass(20);
        world.performs(&key::retire(authority.pubkey(), issuer, 1), &[&authority]);
    }
}

#[test]
fn only_the_authority_of_the_keys_issuer_retires_it() {
    let mut world = World::new();
    let (authority, other) = (world.issuer_authority(), world.new_issuer("college"));
    let instruction = key::retire(authority.pubkey(), world.issuer.address, 0);
    world.guarded(&instruction, &authority, MicrocredError::NotIssuerAuthority);
    let in_its_name = with_account(&instruction, 0, other.authority.pubkey());
    world.refuses(&in_its_name, &[&other.authority], MicrocredError::NotIssuerAuthority);
    let through_their_own = with_account(&in_its_name, 1, other.address);
    world.refuses(&through_their_own, &[&other.authority], MicrocredError::WrongIssuer);
    world.refuses(&read_only(&instruction, 2), &[&authority], runtime::NOT_WRITABLE);
    world.performs(&instruction, &[&authority]);
}

#[test]
fn the_issuer_need_not_be_active() {
    for status in [Lifecycle::Paused, Lifecycle::Retired] {
        let mut world = World::new();
        let authority = world.issuer_authority();
        world.bring_issuer(status);
        world.performs(&key::retire(authority.pubkey(), world.issuer.address, 0), &[&authority]);
    }
}
