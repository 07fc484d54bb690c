use microcred::KeyTerms;
use microcred_client::{
    Address, Instruction, MicrocredError, address,
    event::Event,
    events::KeyCompromised,
    instructions::key,
    state::{IssuerKey, Lifecycle, key_flags},
};
use microcred_tests::{START, World, assert_refused, issue_args, key_terms, read_only, runtime, with_account};
use solana_signer::Signer;

fn mark(world: &World, since: i64) -> Instruction {
    key::mark_compromised(world.issuer.authority.pubkey(), world.issuer.address, 0, since)
}

#[test]
fn a_mark_retires_the_key_and_can_be_moved_either_way() {
    let mut world = World::new();
    let (authority, issuer) = (world.issuer_authority(), world.issuer.address);
    let issuer_key = address::issuer_key(&issuer, 0);
    world.issued(&Address::new_from_array([1; 32]));
    for since in [START, 1, START + 20, START + 20] {
        world.pass(10);
        let (before, at): (IssuerKey, i64) = (world.get(&issuer_key), world.ledger.time());
        let since = since.min(at);
        let events = world.performs(&mark(&world, since), &[&authority]);
        assert_eq!(
            world.get::<IssuerKey>(&issuer_key),
            IssuerKey { compromised_at: since, flags: key_flags::RETIRED, changed_at: at, ..before }
        );
        let (old_compromised_at, new_compromised_at) = (before.compromised_at, since);
        let compromised = KeyCompromised { issuer_key, issuer, old_compromised_at, new_compromised_at, at };
        assert_eq!(events, [Event::KeyCompromised(compromised)]);
    }
    let issued = world.issue(world.issuer.achievement, issue_args(Address::new_from_array([2; 32])));
    assert_refused(issued, MicrocredError::KeyRetired);
}

#[test]
fn a_compromise_begins_after_time_zero_and_not_in_the_future() {
    let mut world = World::new();
    let authority = world.issuer_authority();
    for since in [START + 1, i64::MAX, 0, -1, i64::MIN] {
        world.refuses(&mark(&world, since), &[&authority], MicrocredError::CompromiseInTheFuture);
    }
    world.performs(&mark(&world, START), &[&authority]);
    world.refuses(&mark(&world, 0), &[&authority], MicrocredError::CompromiseInTheFuture);
}

#[test]
fn keys_are_marked_whether_retired_expired_or_not_yet_valid() {
    for (valid_from, valid_until, retire) in [(START + 100, 0, false), (START, START + 10, false), (0, 0, true)] {
        let mut world = World::new();
        let (authority, issuer) = (world.issuer_authority(), world.issuer.address);
        world.new_actor(1, KeyTerms { valid_from, valid_until, ..key_terms(Address::default()) });
        if retire {
            world.performs(&key::retire(authority.pubkey(), issuer, 1), &[&authority]);
        }
        world.pass(20);
        world.performs(&key::mark_compromised(authority.pubkey(), issuer, 1, START), &[&authority]);
        let account: IssuerKey = world.get(&address::issuer_key(&issuer, 1));
        assert!(account.is_retired() && account.compromised_at == START);
    }
}

#[test]
fn only_the_authority_of_the_keys_issuer_marks_it() {
    let mut world = World::new();
    let (authority, other) = (world.issuer_authority(), world.new_issuer("college"));
    let instruction = mark(&world, START);
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
        world.performs(&mark(&world, START), &[&authority]);
    }
}
