use microcred_client::{
    Address, MicrocredError,
    event::Event,
    events::{AuthorityAccepted, AuthorityProposed},
    instructions::registry,
    state::{Lifecycle, Registry},
};
use microcred_tests::{START, World, read_only, runtime, unsigned};
use solana_keypair::Keypair;
use solana_signer::Signer;

#[test]
fn a_proposal_changes_nothing_but_the_proposal() {
    let mut world = World::new();
    let (authority, account) = (world.registry_authority(), world.body.registry);
    let (first, second) = (Keypair::new().pubkey(), Keypair::new().pubkey());
    for new in [Some(first), Some(second), Some(second), None, None] {
        let before: Registry = world.get(&account);
        let propose = registry::propose_authority(authority.pubkey(), account, new);
        let events = world.performs(&propose, &[&authority]);
        let new_pending = new.unwrap_or_default();
        assert_eq!(world.get::<Registry>(&account), Registry { pending_authority: new_pending, ..before });
        let proposed = AuthorityProposed {
            account,
            authority: authority.pubkey(),
            old_pending: before.pending_authority,
            new_pending,
        };
        assert_eq!(events, [Event::AuthorityProposed(proposed)]);
    }
}

#[test]
fn whoever_was_proposed_accepts_and_takes_over() {
    let mut world = World::new();
    let (old, new, account) = (world.registry_authority(), Keypair::new(), world.body.registry);
    world.performs(&registry::propose_authority(old.pubkey(), account, Some(new.pubkey())), &[&old]);
    let before: Registry = world.get(&account);
    world.pass(5);
    let accept = registry::accept_authority(new.pubkey(), account);
    let events = world.performs(&accept, &[&new]);
    let zero = Address::default();
    assert_eq!(
        world.get::<Registry>(&account),
        Registry { authority: new.pubkey(), pending_authority: zero, ..before }
    );
    let (old_authority, new_authority) = (old.pubkey(), new.pubkey());
    let accepted = AuthorityAccepted { account, old_authority, new_authority, at: START + 5 };
    assert_eq!(events, [Event::AuthorityAccepted(accepted)]);

    world.refuses(&accept, &[&new], MicrocredError::NotPendingAuthority);
    world.refuses(&registry::pause(old.pubkey(), account), &[&old], MicrocredError::NotRegistryAuthority);
    let back = registry::propose_authority(old.pubkey(), account, Some(old.pubkey()));
    world.refuses(&back, &[&old], MicrocredError::NotRegistryAuthority);
    world.performs(&registry::pause(new.pubkey(), account), &[&new]);
}

#[test]
fn only_the_authority_proposes() {
    let mut world = World::new();
    let (authority, account, new) = (world.registry_authority(), world.body.registry, Keypair::new());
    let propose = registry::propose_authority(authority.pubkey(), account, Some(new.pubkey()));
    world.guarded(&propose, &authority, MicrocredError::NotRegistryAuthority);
    world.refuses(&read_only(&propose, 1), &[&authority], runtime::NOT_WRITABLE);
    let other = world.new_body("another-agency");
    let theirs = registry::propose_authority(other.authority.pubkey(), account, Some(new.pubkey()));
    world.refuses(&theirs, &[&other.authority], MicrocredError::NotRegistryAuthority);
    let own = registry::propose_authority(new.pubkey(), account, Some(new.pubkey()));
    world.refuses(&own, &[&new], MicrocredError::NotRegistryAuthority);
    let same = registry::propose_authority(authority.pubkey(), account, Some(authority.pubkey()));
    world.refuses(&same, &[&authority], MicrocredError::SameAuthority);
}

#[test]
fn only_who_is_proposed_now_accepts() {
    let mut world = World::new();
    let (authority, account) = (world.registry_authority(), world.body.registry);
    let (first, second) = (Keypair::new(), Keypair::new());
    let accept = |who: &Keypair| registry::accept_authority(who.pubkey(), account);
    let propose =
        |who: Option<&Keypair>| registry::propose_authority(authority.pubkey(), account, who.map(Signer::pubkey));

    world.refuses(&accept(&first), &[&first], MicrocredError::NotPendingAuthority);
    let nobody = unsigned(&registry::accept_authority(Address::default(), account), 0);
    world.refuses(&nobody, &[], runtime::NOT_SIGNED);

    world.performs(&propose(Some(&first)), &[&authority]);
    world.performs(&propose(Some(&second)), &[&authority]);
    world.refuses(&accept(&first), &[&first], MicrocredError::NotPendingAuthority);
    world.guarded(&accept(&second), &second, MicrocredError::NotPendingAuthority);
    world.refuses(&read_only(&accept(&second), 1), &[&second], runtime::NOT_WRITABLE);
    let other = world.new_body("another-agency").registry;
    let elsewhere = registry::accept_authority(second.pubkey(), other);
    world.refuses(&elsewhere, &[&second], MicrocredError::NotPendingAuthority);

    world.performs(&propose(None), &[&authority]);
    world.refuses(&accept(&second), &[&second], MicrocredError::NotPendingAuthority);
}

#[test]
fn the_authority_passes_on_also_where_the_registry_is_paused_or_retired() {
    for status in [Lifecycle::Paused, Lifecycle::Retired] {
        let mut world = World::new();
        let (old, new, account) = (world.registry_authority(), Keypair::new(), world.body.registry);
        world.bring_registry(status);
        world.performs(&registry::propose_authority(old.pubkey(), account, Some(new.pubkey())), &[&old]);
        world.performs(&registry::accept_authority(new.pubkey(), account), &[&new]);
        assert_eq!(world.get::<Registry>(&account).authority, new.pubkey());
    }
}
