use microcred_client::{
    Address, MicrocredError,
    event::Event,
    events::IssuerTreasuryUpdated,
    instructions::issuer,
    state::{Issuer, Lifecycle},
};
use microcred_tests::{World, read_only, runtime};
use solana_signer::Signer;

const TREASURY: Address = Address::new_from_array([8; 32]);

#[test]
fn the_authority_changes_the_treasury_and_nothing_else_whatever_the_issuers_status() {
    for status in [Lifecycle::Active, Lifecycle::Paused, Lifecycle::Retired] {
        let mut world = World::new();
        let (authority, address) = (world.issuer_authority(), world.issuer.address);
        world.bring_issuer(status);
        let before: Issuer = world.get(&address);
        let update = issuer::update_treasury(authority.pubkey(), address, TREASURY);
        let events = world.performs(&update, &[&authority]);
        assert_eq!(world.get::<Issuer>(&address), Issuer { treasury: TREASURY, ..before });
        let updated = IssuerTreasuryUpdated { issuer: address, old_treasury: before.treasury, new_treasury: TREASURY };
        assert_eq!(events, [Event::IssuerTreasuryUpdated(updated)]);
    }
}

#[test]
fn only_this_issuers_authority_changes_it() {
    let mut world = World::new();
    let (authority, address) = (world.issuer_authority(), world.issuer.address);
    let other = world.new_issuer("college");
    let instruction = issuer::update_treasury(authority.pubkey(), address, TREASURY);
    world.guarded(&instruction, &authority, MicrocredError::NotIssuerAuthority);
    let theirs = issuer::update_treasury(other.authority.pubkey(), address, TREASURY);
    world.refuses(&theirs, &[&other.authority], MicrocredError::NotIssuerAuthority);
    world.refuses(&read_only(&instruction, 1), &[&authority], runtime::NOT_WRITABLE);
    world.performs(&instruction, &[&authority]);
}

#[test]
fn lamports_go_neither_to_the_zero_address_nor_to_the_issuer_itself() {
    let mut world = World::new();
    let (authority, address) = (world.issuer_authority(), world.issuer.address);
    for treasury in [Address::default(), address] {
        let update = issuer::update_treasury(authority.pubkey(), address, treasury);
        world.refuses(&update, &[&authority], MicrocredError::BadTreasury);
    }
}
