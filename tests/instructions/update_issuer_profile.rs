use microcred::UpdateIssuerProfileArgs;
use microcred_client::{
    Instruction, MicrocredError,
    event::Event,
    events::IssuerProfileUpdated,
    instructions::issuer,
    state::{Issuer, Lifecycle},
};
use microcred_tests::{World, bad_names, bad_texts, padded, read_only, runtime};
use solana_signer::Signer;

fn profile(name: &str, url: &str, country: &str) -> UpdateIssuerProfileArgs {
    UpdateIssuerProfileArgs { name: name.into(), url: url.into(), country: country.into() }
}

fn update(world: &World, args: UpdateIssuerProfileArgs) -> Instruction {
    issuer::update_profile(world.issuer.authority.pubkey(), world.issuer.address, args)
}

#[test]
fn each_update_replaces_the_whole_profile_and_raises_its_revision() {
    let mut world = World::new();
    let (authority, address) = (world.issuer_authority(), world.issuer.address);
    let (longest_name, longest_url) = ("é".repeat(48), "u".repeat(128));
    for (revision, [name, url, country]) in [
        (1, [&*longest_name, &*longest_url, "FR"]),
        (2, ["n", "", ""]),
        (3, ["Université de Quelque Part", "https://université.example", "ZZ"]),
        (4, ["Université de Quelque Part", "https://université.example", ""]),
        (5, ["Université de Quelque Part", "", ""]),
    ] {
        let before: Issuer = world.get(&address);
        world.pass(10);
        let events = world.performs(&update(&world, profile(name, url, country)), &[&authority]);
        assert_eq!(
            world.get::<Issuer>(&address),
            Issuer {
                name: padded(name),
                url: padded(url),
                country: padded(country),
                profile_revision: revision,
                ..before
            }
        );
        let updated = IssuerProfileUpdated {
            issuer: address,
            old_name: before.name().into(),
            new_name: name.into(),
            old_url: before.url().into(),
            new_url: url.into(),
            old_country: before.country().into(),
            new_country: country.into(),
            profile_revision: revision,
        };
        assert_eq!(events, [Event::IssuerProfileUpdated(updated)]);
    }
}

#[test]
fn only_this_issuers_authority_updates_it() {
    let mut world = World::new();
    let (authority, address) = (world.issuer_authority(), world.issuer.address);
    let other = world.new_issuer("college");
    let instruction = update(&world, profile("New name", "", "AT"));
    world.guarded(&instruction, &authority, MicrocredError::NotIssuerAuthority);
    let theirs = issuer::update_profile(other.authority.pubkey(), address, profile("New name", "", "AT"));
    world.refuses(&theirs, &[&other.authority], MicrocredError::NotIssuerAuthority);
    world.refuses(&read_only(&instruction, 1), &[&authority], runtime::NOT_WRITABLE);
    world.performs(&instruction, &[&authority]);
}

#[test]
fn texts_fit_their_fields_and_mislead_nobody() {
    let mut world = World::new();
    let authority = world.issuer_authority();
    let names = bad_names(96).into_iter().map(|(name, error)| (profile(&name, "", ""), error));
    let urls = bad_texts(128).into_iter().map(|(url, error)| (profile("Name", &url, ""), error));
    let countries = ["D", "DEU", "de", "D1", "É", "\0\0", "  "]
        .into_iter()
        .map(|country| (profile("Name", "", country), MicrocredError::BadCountry));
    for (args, error) in names.chain(urls).chain(countries) {
        world.refuses_case(&format!("{args:?}"), &update(&world, args.clone()), &[&authority], error);
    }
}

#[test]
fn a_paused_issuer_updates_its_profile_and_a_retired_one_does_not() {
    for (status, refusal) in [(Lifecycle::Paused, None), (Lifecycle::Retired, Some(MicrocredError::IssuerRetired))] {
        let mut world = World::new();
        let authority = world.issuer_authority();
        world.bring_issuer(status);
        let instruction = update(&world, profile("New name", "", ""));
        match refusal {
            None => drop(world.performs(&instruction, &[&authority])),
            Some(error) => world.refuses(&instruction, &[&authority], error),
        }
    }
}

#[test]
fn the_last_revision_there_is_cannot_be_raised() {
    let mut world = World::new();
    let (authority, address) = (world.issuer_authority(), world.issuer.address);
    world.forge::<Issuer>(&address, |issuer| issuer.profile_revision = u32::MAX - 1);
    let instruction = update(&world, profile("New name", "", ""));
    world.performs(&instruction, &[&authority]);
    let another = update(&world, profile("Newer name", "", ""));
    world.refuses(&another, &[&authority], MicrocredError::Overflow);
}

/// A revision that nothing stands behind would only undo what registries vouch for.
#[test]
fn an_update_changes_something() {
    let mut world = World::new();
    let authority = world.issuer_authority();
    let instruction = update(&world, profile("New name", "", ""));
    world.performs(&instruction, &[&authority]);
    world.refuses(&instruction, &[&authority], MicrocredError::ProfileUnchanged);
}
