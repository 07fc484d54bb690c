use microcred_client::{
    MicrocredError,
    event::Event,
    events::RegistryUriUpdated,
    instructions::registry,
    state::{Lifecycle, Registry},
};
use microcred_tests::{World, bad_texts, padded, read_only, runtime};
use solana_signer::Signer;

#[test]
fn the_authority_changes_the_uri_and_nothing_else() {
    let mut world = World::new();
    let (authority, address) = (world.registry_authority(), world.body.registry);
    for uri in ["https://agency.example/a/longer/address", "https://a.example", "", &"u".repeat(128)] {
        let before: Registry = world.get(&address);
        world.pass(10);
        let events = world.performs(&registry::update_uri(authority.pubkey(), address, uri), &[&authority]);
        assert_eq!(world.get::<Registry>(&address), Registry { uri: padded(uri), ..before });
        let updated = RegistryUriUpdated { registry: address, old_uri: before.uri().into(), new_uri: uri.into() };
        assert_eq!(events, [Event::RegistryUriUpdated(updated)]);
    }
}

#[test]
fn only_this_registrys_authority_changes_it() {
    let mut world = World::new();
    let (authority, address) = (world.registry_authority(), world.body.registry);
    let other = world.new_body("another-agency");
    let instruction = registry::update_uri(authority.pubkey(), address, "https://new.example");
    world.guarded(&instruction, &authority, MicrocredError::NotRegistryAuthority);
    let theirs = registry::update_uri(other.authority.pubkey(), address, "https://new.example");
    world.refuses(&theirs, &[&other.authority], MicrocredError::NotRegistryAuthority);
    world.refuses(&read_only(&instruction, 1), &[&authority], runtime::NOT_WRITABLE);
    world.performs(&instruction, &[&authority]);
}

#[test]
fn uris_fit_and_mislead_nobody() {
    let mut world = World::new();
    let (authority, address) = (world.registry_authority(), world.body.registry);
    for (uri, error) in bad_texts(128) {
        let instruction = registry::update_uri(authority.pubkey(), address, &uri);
        world.refuses_case(&format!("{uri:?}"), &instruction, &[&authority], error);
    }
}

#[test]
fn a_paused_registry_changes_its_uri_and_a_retired_one_does_not() {
    for (status, refusal) in [(Lifecycle::Paused, None), (Lifecycle::Retired, Some(MicrocredError::RegistryRetired))] {
        let mut world = World::new();
        let authority = world.registry_authority();
        world.bring_registry(status);
        let instruction = registry::update_uri(authority.pubkey(), world.body.registry, "https://new.example");
        match refusal {
            None => drop(world.performs(&instruction, &[&authority])),
            Some(error) => world.refuses(&instruction, &[&authority], error),
        }
    }
}
