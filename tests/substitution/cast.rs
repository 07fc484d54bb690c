//! Who and what there is: for everything of the main issuer and registry a counterpart of each other one, so that nothing but the
//! link that an instruction checks tells them apart.

use microcred::{CreateAchievementArgs, IssueArgs, KeyTerms};
use microcred_client::{
    Address, Instruction, address,
    instructions::{
        Actor, KeyRef, SYSTEM_PROGRAM, accreditation, accreditation::AccreditationRef, achievement, credential, issuer,
        key, registry,
    },
    ledger::CLOCK,
    state::{Reason, Term, permission, policy},
};
use microcred_tests::{
    DAY, START, World, achievement_args, issue_args, issuer_args, key_terms, registry_args,
};
use solana_account::Account;
use solana_keypair::Keypair;
use solana_signer::Signer;

use crate::stage::Stage;

/// A program that is not microcred.
pub const FOREIGN_PROGRAM: Address = gate::ID;

/// Lamports of everyone who has some.
const WEALTH: u64 = 10_000_000_000;

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
    /// Has of the university's achievement a revoked credential and an active one, a pending one of the other, and one of the extra
    /// achievement whose subject is a commitment of the same bytes; and has some of the other issuers.
    pub learner: Address,
    /// Has an active and a pending one.
    pub other_learner: Address,
    /// Has two revoked ones, and revoked ones of the other achievements.
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
    pub fn active(&self) -> [(Actor, Address); 5] {
        let [university, press, academy] = self.houses();
        [
            (university.by_authority(), self.credential()),
            (university.by_authority(), address::credential(&university.achievement, &self.other_learner, 0)),
            (university.by_authority(), address::credential(&self.extra, &self.learner, 0)),
            (press.by_authority(), address::credential(&press.achievement, &self.learner, 0)),
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

    fn endow(&self, stage: &mut Stage) {
        for (_, wallet) in self.wallets() {
            stage.add_lamports(wallet, WEALTH);
        }
        let foreign = Account { lamports: WEALTH, data: vec![1; 192], owner: FOREIGN_PROGRAM, ..Account::default() };
        stage.put(self.foreign_account, foreign);
        let [university, press, academy] = self.houses();
        let args = issuer_args("press", press.treasury, key_terms(press.holder));
        stage.act([
            registry::create(self.payer, self.registrar, registry_args("quality-agency-abroad")),
            issuer::create(self.payer, press.authority, args),
        ]);
        self.create_achievements(stage);
        self.add_keys(stage);
        for (_, accreditation) in &self.accreditations()[1..] {
            let term = Term { from: START - DAY, until: 0 };
            stage.act([accreditation::accredit(self.payer, accreditation, 0, term)]);
        }
        for house in [university, press, academy] {
            let issue = |achievement: &Address, subject: &Address| self.issue(house, achievement, subject);
            stage.act([
                issue(&house.achievement, &self.learner),
                issue(&house.acceptance, &self.learner),
                issue(&house.achievement, &self.former_learner),
                revoke(house, &house.achievement, &self.former_learner, 0),
            ]);
        }
        let again = |subject| IssueArgs { sequence: 1, ..issue_args(subject) };
        let of_extra = IssueArgs { subject_kind: 2, ..issue_args(self.learner) };
        stage.act([
            revoke(university, &university.achievement, &self.learner, 0),
            credential::issue(self.payer, &university.key(), university.achievement, again(self.learner)),
            credential::issue(self.payer, &university.key(), university.achievement, again(self.former_learner)),
            revoke(university, &university.achievement, &self.former_learner, 1),
            self.issue(university, &self.extra, &self.former_learner),
            revoke(university, &self.extra, &self.former_learner, 0),
            self.issue(university, &university.achievement, &self.other_learner),
            self.issue(university, &university.acceptance, &self.other_learner),
            credential::issue(self.payer, &university.key(), self.extra, of_extra),
        ]);
    }

    fn create_achievements(&self, stage: &mut Stage) {
        let create = |house: &House, args| achievement::create(self.payer, &house.by_authority(), args);
        let published = |code| CreateAchievementArgs { policy: policy::RENEWABLE, ..achievement_args(code) };
        let draft = |code| CreateAchievementArgs { publish: false, ..published(code) };
        let acceptance =
            CreateAchievementArgs { policy: policy::ACCEPTANCE_REQUIRED, ..achievement_args("teamwork") };
        stage.act([
            create(&self.university, published("extra")),
            create(&self.university, draft("draft")),
            create(&self.university, draft("second-draft")),
            create(&self.press, published("rust-basics")),
            create(&self.press, acceptance),
            create(&self.press, draft("draft")),
            create(&self.academy, draft("draft")),
        ]);
    }

    /// Keys 1 to 5 of the university.
    fn add_keys(&self, stage: &mut Stage) {
        let House { authority, issuer, holder, .. } = self.university;
        let same = key_terms(holder);
        let terms = [
            key_terms(self.second_holder),
            same,
            KeyTerms { scope: self.second_draft, ..same },
            KeyTerms { permissions: permission::ASSERT, ..same },
            same,
        ];
        for (index, terms) in (1..).zip(terms) {
            stage.act([key::add(self.payer, authority, issuer, index, terms)]);
        }
        stage.act([key::retire(authority, issuer, 5)]);
    }

    fn issue(&self, house: &House, achievement: &Address, subject: &Address) -> Instruction {
        credential::issue(self.payer, &house.key(), *achievement, issue_args(*subject))
    }

    fn wallets(&self) -> [(&'static str, Address); 16] {
        [
            ("wallet, payer", self.payer),
            ("wallet, registry authority", self.registrar),
            ("wallet, another registry's authority", self.other_registrar),
            ("wallet, issuer authority", self.university.authority),
            ("wallet, another issuer's authority", self.academy.authority),
            ("wallet, key holder", self.university.holder),
            ("wallet, second key's holder", self.second_holder),
            ("wallet, another issuer's key holder", self.academy.holder),
            ("wallet, learner", self.learner),
            ("wallet, another learner", self.other_learner),
            ("wallet, former learner", self.former_learner),
            ("wallet, nominee", self.nominee),
            ("wallet, another nominee", self.other_nominee),
            ("wallet, treasury", self.university.treasury),
            ("wallet, another issuer's treasury", self.academy.treasury),
            ("wallet, stranger", self.stranger),
        ]
    }

    /// Every account that can be put in place of another, with its label: its kind, a comma, which one.
    pub fn candidates(&self) -> Vec<(&'static str, Address)> {
        let (university, press, academy) = (&self.university, &self.press, &self.academy);
        let key = |house: &House, index| address::issuer_key(&house.issuer, index);
        let of = |achievement: &Address, subject: &Address, sequence| address::credential(achievement, subject, sequence);
        let [new_learner, next_learner] = &self.new_learners;
        let mut candidates = vec![
            ("registry, main", self.registry),
            ("registry, sister", self.sister_registry),
            ("registry, other", self.other_registry),
            ("issuer, main", university.issuer),
            ("issuer, sister", press.issuer),
            ("issuer, other", academy.issuer),
            ("issuer, accredited by nobody", self.newcomer.issuer),
            ("key, main", key(university, 0)),
            ("key, of another holder", key(university, 1)),
            ("key, second of the holder", key(university, 2)),
            ("key, scoped to another achievement", key(university, 3)),
            ("key, without permission", key(university, 4)),
            ("key, retired", key(university, 5)),
            ("key, of the holder at the sister issuer", key(press, 0)),
            ("key, of another issuer", key(academy, 0)),
            ("achievement, main", university.achievement),
            ("achievement, extra", self.extra),
            ("achievement, requiring acceptance", university.acceptance),
            ("achievement, of the sister issuer", press.achievement),
            ("achievement, of another issuer", academy.achievement),
            ("draft, main", university.draft),
            ("draft, second", self.second_draft),
            ("draft, of the sister issuer", press.draft),
            ("draft, of another issuer", academy.draft),
            ("credential, active", self.credential()),
            ("credential, earlier of the learner", of(&university.achievement, &self.learner, 0)),
            ("credential, of another learner", of(&university.achievement, &self.other_learner, 0)),
            ("credential, of a commitment", of(&self.extra, &self.learner, 0)),
            ("credential, of the sister issuer", of(&press.achievement, &self.learner, 0)),
            ("credential, of another issuer", of(&academy.achievement, &self.learner, 0)),
            ("pending, active", self.pending()),
            ("pending, of another learner", of(&university.acceptance, &self.other_learner, 0)),
            ("pending, of the sister issuer", of(&press.acceptance, &self.learner, 0)),
            ("pending, of another issuer", of(&academy.acceptance, &self.learner, 0)),
            ("revoked, first", of(&university.achievement, &self.former_learner, 0)),
            ("revoked, second", of(&university.achievement, &self.former_learner, 1)),
            ("revoked, of another achievement", of(&self.extra, &self.former_learner, 0)),
            ("revoked, of the sister issuer", of(&press.achievement, &self.former_learner, 0)),
            ("revoked, of another issuer", of(&academy.achievement, &self.former_learner, 0)),
            ("unused, registry", address::registry(&self.registrar, "unused")),
            ("unused, another creator's registry", address::registry(&self.other_registrar, "unused")),
            ("unused, issuer", address::issuer(&university.authority, "unused")),
            ("unused, another creator's issuer", address::issuer(&academy.authority, "unused")),
            ("unused, accreditation", address::accreditation(&self.registry, &self.newcomer.issuer)),
            ("unused, accreditation by another", address::accreditation(&self.other_registry, &self.newcomer.issuer)),
            ("unused, accreditation of another", address::accreditation(&self.other_registry, &academy.issuer)),
            ("unused, key", key(university, 6)),
            ("unused, next key", key(university, 7)),
            ("unused, another issuer's key", key(academy, 1)),
            ("unused, achievement", address::achievement(&university.issuer, "unused")),
            ("unused, another issuer's achievement", address::achievement(&academy.issuer, "unused")),
            ("unused, credential", of(&university.achievement, new_learner, 0)),
            ("unused, next sequence", of(&university.achievement, new_learner, 1)),
            ("unused, third sequence", of(&university.achievement, &self.former_learner, 2)),
            ("unused, fourth sequence", of(&university.achievement, &self.former_learner, 3)),
            ("unused, another learner's credential", of(&university.achievement, next_learner, 0)),
            ("unused, another achievement's credential", of(&self.extra, new_learner, 0)),
            ("unused, another issuer's credential", of(&academy.achievement, new_learner, 0)),
            ("nobody", self.nobody),
            ("account of another program", self.foreign_account),
            ("microcred itself", microcred::ID),
            ("another program", FOREIGN_PROGRAM),
            ("System program", SYSTEM_PROGRAM),
            ("clock", CLOCK),
        ];
        candidates.extend(self.accreditations().map(|(label, accreditation)| (label, accreditation.address())));
        candidates.extend(self.wallets());
        candidates
    }
}

fn revoke(house: &House, achievement: &Address, subject: &Address, sequence: u16) -> Instruction {
    let address = address::credential(achievement, subject, sequence);
    credential::revoke(&house.by_authority(), address, Reason::IssuedInError)
}

fn somebody() -> Address {
    Keypair::new().pubkey()
}
