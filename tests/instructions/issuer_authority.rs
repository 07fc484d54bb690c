use microcred_client::{
    Address, MicrocredError,
    event::Event,
    events::{AuthorityAccepted, AuthorityProposed},
    instructions::issuer,
    state::{Issuer, Lifecycle},
};
use microcred_tests::{START, World, read_only, runtime, unsigned};
use solana_keypair::Keypair;
use solana_signer::Signer;

#[test]
fn a_proposal_changes_nothing_but_the_proposal() {
    let mut world = World::new();
    let (authority, account) = (world.issuer_authority(), world.issuer.address);
    let (first, second) = (Keypair::new().pubkey(), Keypair::new().pubkey());
    for new in [Some(first), Some(second), Some(second), None, None] {
        let before: Issuer = world.get(&account);
        let propose = issuer::propose_authority(authority.pubkey(), account, new);
        let events = world.performs(&propose, &[&authority]);
        let new_pending = new.unwrap_or_default();
        assert_eq!(world.get::<Issuer>(&account), Issuer { pending_authority: new_pending, ..before });
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
    let (old, new, account) = (world.issuer_authority(), Keypair::new(), world.issuer.address);
    world.performs(&issuer::propose_authority(old.pubkey(), account, Some(new.pubkey())), &[&old]);
    let before: Issuer = world.get(&account);
    world.pass(5);
    let accept = issuer::accept_authority(new.pubkey(), account);
    let events = world.performs(&accept, &[&new]);
    assert_eq!(
        world.get::<Issuer>(&account),
        Issuer {
            authority: new.pubkey(),
            pending_authority: Address::default(),
            authority_changed_at: START + 5,
            ..before
        }
    );
    let (old_authority, new_authority) = (old.pubkey(), new.pubkey());
    let accepted = AuthorityAccepted { account, old_authority, new_authority, at: START + 5 };
    assert_eq!(events, [Event::AuthorityAccepted(accepted)]);

    world.refuses(&accept, &[&new], MicrocredError::NotPendingAuthority);
    world.refuses(&issuer::pause(old.pubkey(), account), &[&old], MicrocredError::NotIssuerAuthority);
    let back = issuer::propose_authority(old.pubkey(), account, Some(old.pubkey()));
    world.refuses(&back, &[&old], MicrocredError::NotIssuerAuthority);
    world.performs(&issuer::pause(new.pubkey(), account), &[&new]);
}

#[test]
fn only_the_authority_proposes() {
    let mut world = World::new();
    let (authority, account, new) = (world.issuer_authority(), world.issuer.address, Keypair::new());
    let propose = issuer::propose_authority(authority.pubkey(), account, Some(new.pubkey()));
    world.guarded(&propose, &authority, MicrocredError::NotIssuerAuthority);
    world.refuses(&read_only(&propose, 1), &[&authority], runtime::NOT_WRITABLE);
    let other = world.new_issuer("college");
    let theirs = issuer::propose_authority(other.authority.pubkey(), account, Some(new.pubkey()));
    world.refuses(&theirs, &[&other.authority], MicrocredError::NotIssuerAuthority);
    let own = issuer::propose_authority(new.pubkey(), account, Some(new.pubkey()));
    world.refuses(&own, &[&new], MicrocredError::NotIssuerAuthority);
    let same = issuer::propose_authority(authority.pubkey(), account, Some(authority.pubkey()));
    world.refuses(&same, &[&authority], MicrocredError::SameAuthority);
}

#[test]
fn only_who_is_proposed_now_accepts() {
    let mut world = World::new();
    let (authority, account) = (world.issuer_authority(), world.issuer.address);
    let (first, second) = (Keypair::new(), Keypair::new());
    let accept = |who: &Keypair| issuer::accept_authority(who.pubkey(), account);
    let propose =
        |who: Option<&Keypair>| issuer::propose_authority(authority.pubkey(), account, who.map(Signer::pubkey));

    world.refuses(&accept(&first), &[&first], MicrocredError::NotPendingAuthority);
    let nobody = unsigned(&issuer::accept_authority(Address::default(), account), 0);
    world.refuses(&nobody, &[], runtime::NOT_SIGNED);

    world.performs(&propose(Some(&first)), &[&authority]);
    world.performs(&propose(Some(&second)), &[&authority]);
    world.refuses(&accept(&first), &[&first], MicrocredError::NotPendingAuthority);
    world.guarded(&accept(&second), &second, MicrocredError::NotPendingAuthority);
    world.refuses(&read_only(&accept(&second), 1), &[&second], runtime::NOT_WRITABLE);
    let other = world.new_issuer("college").address;
    let elsewhere = issuer::accept_authority(second.pubkey(), other);
    world.refuses(&elsewhere, &[&second], MicrocredError::NotPendingAuthority);

    world.performs(&propose(None), &[&authority]);
    world.refuses(&accept(&second), &[&second], MicrocredError::NotPendingAuthority);
}

#[test]
fn the_authority_passes_on_also_where_the_issuer_is_paused_or_retired() {
    for status in [Lifecycle::Paused, Lifecycle::Retired] {
        let mut world = World::new();
        let (old, new, account) = (world.issuer_authority(), Keypair::new(), world.issuer.address);
        world.bring_issuer(status);
        world.performs(&issuer::propose_authority(old.pubkey(), account, Some(new.pubkey())), &[&old]);
        world.performs(&issuer::accept_authority(new.pubkey(), account), &[&new]);
        assert_eq!(world.get::<Issuer>(&account).authority, new.pubkey());
    }
}
