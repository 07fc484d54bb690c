//! How the cast gets to where a test begins.

use microcred::{CreateAchievementArgs, KeyTerms, UpdateIssuerProfileArgs};
use microcred_client::{
    Address, Instruction, MicrocredError, address,
    instructions::{Actor, KeyRef, accreditation, achievement, issuer, key, registry},
    state::{AccreditationStatus, Lifecycle, Reason, permission},
};
use solana_keypair::Keypair;
use solana_signer::Signer;

use crate::{START, World, achievement_args, key_terms};

impl World {
    /// Who administers the registry.
    #[must_use]
    pub fn registry_authority(&self) -> Keypair {
        self.body.authority.insecure_clone()
    }

    /// Who administers the issuer.
    #[must_use]
    pub fn issuer_authority(&self) -> Keypair {
        self.issuer.authority.insecure_clone()
    }

    /// Who holds key 0.
    #[must_use]
    pub fn key_holder(&self) -> Keypair {
        self.issuer.key.insecure_clone()
    }

    /// Brings the registry from active to where it shall stand.
    pub fn bring_registry(&mut self, to: Lifecycle) {
        let (signer, address) = (self.registry_authority(), self.body.registry);
        match to {
            Lifecycle::Draft | Lifecycle::Active => {}
            Lifecycle::Paused => drop(self.performs(&registry::pause(signer.pubkey(), address), &[&signer])),
            Lifecycle::Retired => drop(self.performs(&registry::retire(signer.pubkey(), address), &[&signer])),
        }
    }

    /// Brings the issuer from active to where it shall stand.
    pub fn bring_issuer(&mut self, to: Lifecycle) {
        let (signer, address) = (self.issuer_authority(), self.issuer.address);
        match to {
            Lifecycle::Draft | Lifecycle::Active => {}
            Lifecycle::Paused => drop(self.performs(&issuer::pause(signer.pubkey(), address), &[&signer])),
            Lifecycle::Retired => drop(self.performs(&issuer::retire(signer.pubkey(), address), &[&signer])),
        }
    }

    /// Creates an achievement with key 0 and brings it to where it shall stand.
    pub fn new_achievement(&mut self, code: &str, at: Lifecycle) -> Address {
        let (signer, actor) = (self.key_holder(), self.issuer.by_key());
        let args = CreateAchievementArgs { publish: at != Lifecycle::Draft, ..achievement_args(code) };
        self.performs(&achievement::create(self.payer.pubkey(), &actor, args), &[&signer]);
        let address = address::achievement(&self.issuer.address, code);
        match at {
            Lifecycle::Draft | Lifecycle::Active => {}
            Lifecycle::Paused => drop(self.performs(&achievement::pause(&actor, address), &[&signer])),
            Lifecycle::Retired => drop(self.performs(&achievement::retire(&actor, address), &[&signer])),
        }
        address
    }

    /// Brings the accreditation from active to where it shall stand.
    pub fn bring_accreditation(&mut self, to: AccreditationStatus) {
        let (signer, of) = (self.registry_authority(), self.accreditation());
        let reason = Reason::UnderReview;
        match to {
            AccreditationStatus::Active => {}
            AccreditationStatus::Suspended => drop(self.performs(&accreditation::suspend(&of, reason, 0), &[&signer])),
            AccreditationStatus::Withdrawn => drop(self.performs(&accreditation::withdraw(&of, reason, 0), &[&signer])),
        }
    }

    /// Changes the issuer's profile, which raises its revision by one.
    pub fn change_profile(&mut self, name: &str) {
        let signer = self.issuer_authority();
        let args = UpdateIssuerProfileArgs { name: name.into(), url: String::new(), country: String::new() };
        self.performs(&issuer::update_profile(signer.pubkey(), self.issuer.address, args), &[&signer]);
    }

    /// Adds a key with these terms, whatever key they name, and gives its holder.
    #[track_caller]
    pub fn new_actor(&mut self, index: u16, terms: KeyTerms) -> (Keypair, Actor) {
        let holder = Keypair::new();
        self.new_key(index, KeyTerms { key: holder.pubkey(), ..terms }).unwrap();
        let actor = Actor::Key(KeyRef { issuer: self.issuer.address, index, key: holder.pubkey() });
        (holder, actor)
    }
}

/// Requires that a key does this exactly inside its limits: time, permission, retirement. The instruction is built
/// afresh for each key.
#[track_caller]
pub fn assert_inside_key_limits(needed: u16, build: impl Fn(&mut World, &Actor) -> Instruction) {
    use MicrocredError::{KeyNoLongerValid, KeyNotYetValid, KeyWithoutPermission};
    let any = key_terms(Address::default());
    let cases = [
        (KeyTerms { valid_from: START + 9, ..any }, 8, Err(KeyNotYetValid)),
        (KeyTerms { valid_from: START + 9, ..any }, 9, Ok(())),
        (KeyTerms { valid_until: START + 9, ..any }, 8, Ok(())),
        (KeyTerms { valid_until: START + 9, ..any }, 9, Err(KeyNoLongerValid)),
        (KeyTerms { permissions: permission::ALL & !needed, ..any }, 0, Err(KeyWithoutPermission)),
        (KeyTerms { permissions: needed, ..any }, 0, Ok(())),
    ];
    for (terms, seconds, expected) in cases {
        let mut world = World::new();
        let (holder, actor) = world.new_actor(1, terms);
        let instruction = build(&mut world, &actor);
        world.pass(seconds);
        match expected {
            Ok(()) => drop(world.performs(&instruction, &[&holder])),
            Err(error) => world.refuses(&instruction, &[&holder], error),
        }
    }
    for end in [key::retire, |authority, issuer, index| key::mark_compromised(authority, issuer, index, START)] {
        let mut world = World::new();
        let (holder, actor) = world.new_actor(1, any);
        let instruction = build(&mut world, &actor);
        let authority = world.issuer_authority();
        world.performs(&end(authority.pubkey(), world.issuer.address, 1), &[&authority]);
        world.refuses(&instruction, &[&holder], MicrocredError::KeyRetired);
    }
}
