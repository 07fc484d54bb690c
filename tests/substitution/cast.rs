//! Who and what there is: for everything of the main issuer and registry a counterpart of each other one, so that
//! nothing but the link that an instruction checks tells them apart.

mod candidates;
mod endowment;

use microcred_client::{
    Address, address,
    instructions::{Actor, KeyRef, accreditation::AccreditationRef},
};
use microcred_tests::World;
use solana_keypair::Keypair;
use solana_signer::Signer;

use crate::stage::Stage;

/// A program that is not microcred.
pub const FOREIGN_PROGRAM: Address = gate::ID;

/// An issuer and what it has.
#[derive(Clone, Copy)]
pub struct House {
    /// Its authority.
    pub authority: Address,
    /// The issuer.
    pub issuer: Address,
    /// Holds key 0.
    pub holder: Address,
    /// Receives excess lamports.
    pub treasury: Address,
    /// Renewable, requires no acceptance.
    pub achievement: Address,
    /// Requires acceptance.
    pub acceptance: Address,
    /// A draft.
    pub draft: Address,
}

impl House {
    /// Key 0.
    pub fn key(&self) -> KeyRef {
        KeyRef { issuer: self.issuer, index: 0, key: self.holder }
    }

    /// Key 0 acts.
    pub fn by_key(&self) -> Actor {
        Actor::Key(self.key())
    }

    /// The authority acts.
    pub fn by_authority(&self) -> Actor {
        Actor::Authority { issuer: self.issuer, authority: self.authority }
    }
}

/// Every role. Those that are not described share nothing with another.
pub struct Cast {
    pub payer: Address,
    /// Authority of `registry` and `sister_registry`.
    pub registrar: Address,
    pub registry: Address,
    pub sister_registry: Address,
    pub other_registrar: Address,
    pub other_registry: Address,
    /// The main issuer.
    pub university: House,
    /// Of the same authority, key holder and treasury as the university.
    pub press: House,
    /// Another issuer.
    pub academy: House,
    /// Accredited by nobody.
    pub newcomer: House,
    /// Holds key 1 of the university.
    pub second_holder: Address,
    /// A third achievement of the university.
    pub extra: Address,
    /// A second draft of the university.
    pub second_draft: Address,
    /// Has of the university's achievement a revoked credential and an active one, a pending one of the other, and one
    /// of the extra achievement whose subject is a commitment of the same bytes; and has some of the other issuers.
    pub learner: Address,
    /// Has an active one of every issuer, and a pending one of the university.
    pub other_learner: Address,
    /// Has two revoked ones of every issuer, and one of the extra achievement.
    pub former_learner: Address,
    /// Have none.
    pub new_learners: [Address; 2],
    /// Proposed as authority, where a case proposes one, of the main registry and issuer and their sisters.
    pub nominee: Address,
    /// The same for the others.
    pub other_nominee: Address,
    pub stranger: Address,
    pub nobody: Address,
    pub foreign_account: Address,
}

impl Cast {
    /// The cast, and the stage with all that they have.
    pub fn new() -> (Self, Stage) {
        let mut world = World::new();
        let other_body = world.new_body("ministry");
        let academy = world.new_issuer("academy");
        let newcomer = world.new_issuer("newcomer");
        let house = |authority: Address, slug: &str, holder, treasury| {
            let issuer = address::issuer(&authority, slug);
            House {
                authority,
                issuer,
                holder,
                treasury,
                achievement: address::achievement(&issuer, "rust-basics"),
                acceptance: address::achievement(&issuer, "teamwork"),
                draft: address::achievement(&issuer, "draft"),
            }
        };
        let of = |of: &microcred_tests::Organisation, slug: &str| {
            house(of.authority.pubkey(), slug, of.key.pubkey(), of.treasury)
        };
        let university = of(&world.issuer, "university");
        let registrar = world.body.authority.pubkey();
        let cast = Self {
            payer: world.payer.pubkey(),
            registrar,
            registry: world.body.registry,
            sister_registry: address::registry(&registrar, "quality-agency-abroad"),
            other_registrar: other_body.authority.pubkey(),
            other_registry: other_body.registry,
            press: house(university.authority, "press", university.holder, university.treasury),
            academy: of(&academy, "academy"),
            newcomer: of(&newcomer, "newcomer"),
            second_holder: somebody(),
            extra: address::achievement(&university.issuer, "extra"),
            second_draft: address::achievement(&university.issuer, "second-draft"),
            learner: somebody(),
            other_learner: somebody(),
            former_learner: somebody(),
            new_learners: [somebody(), somebody()],
            nominee: somebody(),
            other_nominee: somebody(),
            stranger: somebody(),
            nobody: somebody(),
            foreign_account: somebody(),
            university,
        };
        let mut stage = Stage::of(&mut world);
        cast.endow(&mut stage);
        (cast, stage)
    }

    /// The four issuers but the newcomer, the main one first.
    pub fn houses(&self) -> [&House; 3] {
        [&self.university, &self.press, &self.academy]
    }

    /// The three registries with their authorities, the main one first.
    pub fn registries(&self) -> [(Address, Address); 3] {
        [
            (self.registrar, self.registry),
            (self.registrar, self.sister_registry),
            (self.other_registrar, self.other_registry),
        ]
    }

    /// Every accreditation, the main one first, with the label of the others.
    pub fn accreditations(&self) -> [(&'static str, AccreditationRef); 5] {
        let [main, sister, other] = self.registries();
        let of = |(authority, registry), house: &House| AccreditationRef { authority, registry, issuer: house.issuer };
        [
            ("accreditation, main", of(main, &self.university)),
            ("accreditation, of the sister issuer", of(main, &self.press)),
            ("accreditation, of another issuer", of(main, &self.academy)),
            ("accreditation, in the sister registry", of(sister, &self.university)),
            ("accreditation, in another registry", of(other, &self.university)),
        ]
    }

    /// Every credential that is active, with who acts for its issuer.
    pub fn active(&self) -> [(Actor, Address); 7] {
        let [university, press, academy] = self.houses();
        [
            (university.by_authority(), self.credential()),
            (university.by_authority(), address::credential(&university.achievement, &self.other_learner, 0)),
            (university.by_authority(), address::credential(&self.extra, &self.learner, 0)),
            (press.by_authority(), address::credential(&press.achievement, &self.learner, 0)),
            (press.by_authority(), address::credential(&press.achievement, &self.other_learner, 0)),
            (academy.by_authority(), address::credential(&academy.achievement, &self.other_learner, 0)),
            (academy.by_authority(), address::credential(&academy.achievement, &self.learner, 0)),
        ]
    }

    /// The learner's active credential.
    pub fn credential(&self) -> Address {
        address::credential(&self.university.achievement, &self.learner, 1)
    }

    /// The learner's pending credential.
    pub fn pending(&self) -> Address {
        address::credential(&self.university.acceptance, &self.learner, 0)
    }
}

fn somebody() -> Address {
    Keypair::new().pubkey()
}
