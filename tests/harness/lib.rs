//! What the tests share: a ledger with a cast of registry, issuer, key, achievements and learners, and ways to act and to look.

mod creation;
mod credentials;
pub mod faulty;
mod guarding;
mod keys;
pub mod lifecycle;
pub mod node;
mod refusing;
mod setting;

use anchor_lang::{Discriminator, bytemuck::Pod};
use microcred::{
    CreateAchievementArgs, CreateIssuerArgs, CreateRegistryArgs, IssueArgs, KeyTerms, VerifyArgs, VerifyReceipt,
};
use microcred_client::{
    Address, Instruction, MicrocredError, account, address,
    error::{Refusal, SendError},
    instructions::{
        Actor, KeyRef, accreditation, accreditation::AccreditationRef, achievement, credential,
        credential::VerifyAccounts, issuer, key, registry,
    },
    ledger::{Embedded, Sent},
    state::{Credential, Record, Term, UNLIMITED, permission, policy},
};
use solana_instruction_error::InstructionError;
use solana_keypair::Keypair;
use solana_signer::Signer;

pub use creation::*;
pub use credentials::*;
pub use guarding::*;
pub use keys::Keys;
pub use refusing::*;
pub use setting::*;

/// Every test begins at this time, Unix seconds.
pub const START: i64 = 1_800_000_000;

/// A day in seconds.
pub const DAY: i64 = 86_400;

/// What sending gave.
pub type Outcome = Result<Sent, SendError>;

/// A ledger with a cast. Every role is a key of its own, so that a check of the wrong one shows.
pub struct World {
    /// The ledger, whose clock stands still.
    pub ledger: Embedded,
    /// Where its keypairs come from: the same in every run, so that compute units are too.
    pub keys: Keys,
    /// Pays fees and rent, and is nobody else.
    pub payer: Keypair,
    /// An accrediting body.
    pub body: Body,
    /// An issuer that it accredits, in an open term since a day before [`START`].
    pub issuer: Organisation,
}

/// An accrediting body with its registry.
pub struct Body {
    /// Creator and authority of the registry.
    pub authority: Keypair,
    /// The registry.
    pub registry: Address,
}

/// An issuing organisation.
pub struct Organisation {
    /// Creator and authority.
    pub authority: Keypair,
    /// Receives excess lamports.
    pub treasury: Address,
    /// The issuer account.
    pub address: Address,
    /// Key 0: every permission, no scope, no quota, no end.
    pub key: Keypair,
    /// Active; renewable; default validity none.
    pub achievement: Address,
    /// Active; requires acceptance; valid for a year by default.
    pub acceptance: Address,
}

impl Organisation {
    /// Key 0.
    #[must_use]
    pub fn key_ref(&self) -> KeyRef {
        KeyRef { issuer: self.address, index: 0, key: self.key.pubkey() }
    }

    /// Key 0 as actor.
    #[must_use]
    pub fn by_key(&self) -> Actor {
        Actor::Key(self.key_ref())
    }

    /// The authority as actor.
    #[must_use]
    pub fn by_authority(&self) -> Actor {
        Actor::Authority { issuer: self.address, authority: self.authority.pubkey() }
    }
}

impl World {
    /// The cast described at the fields.
    #[must_use]
    pub fn new() -> Self {
        Self::seeded(0)
    }

    /// The same cast with other keys, which depend on the seed alone.
    #[must_use]
    pub fn seeded(seed: u64) -> Self {
        Self::on(Embedded::in_memory().unwrap(), seed)
    }

    /// The same cast on a new ledger.
    #[must_use]
    pub fn on(mut ledger: Embedded, seed: u64) -> Self {
        let mut keys = Keys::seeded(seed);
        ledger.set_time(START);
        let payer = keys.next_key();
        ledger.fund(&payer.pubkey(), 1 << 50).unwrap();
        let body = Body { authority: keys.next_key(), registry: Address::default() };
        let issuer = Organisation {
            authority: keys.next_key(),
            treasury: Address::default(),
            address: Address::default(),
            key: keys.next_key(),
            achievement: Address::default(),
            acceptance: Address::default(),
        };
        let mut world = Self { ledger, keys, payer, body, issuer };
        world.body = world.new_body("quality-agency");
        world.issuer = world.new_issuer("university");
        let (registry, of) = (world.body.authority.insecure_clone(), world.accreditation());
        let term = Term { from: START - DAY, until: 0 };
        world.ok(&[accreditation::accredit(world.payer.pubkey(), &of, 0, term)], &[&registry]);
        world
    }

    /// Another accrediting body.
    pub fn new_body(&mut self, slug: &str) -> Body {
        let authority = self.keys.next_key();
        let registry = address::registry(&authority.pubkey(), slug);
        self.ok(&[registry::create(self.payer.pubkey(), authority.pubkey(), registry_args(slug))], &[&authority]);
        Body { authority, registry }
    }

    /// Another issuer, accredited by nobody, with two achievements.
    pub fn new_issuer(&mut self, slug: &str) -> Organisation {
        let (authority, key) = (self.keys.next_key(), self.keys.next_key());
        let treasury = self.keys.next_key().pubkey();
        let address = address::issuer(&authority.pubkey(), slug);
        let args = issuer_args(slug, treasury, key_terms(key.pubkey()));
        self.ok(&[issuer::create(self.payer.pubkey(), authority.pubkey(), args)], &[&authority]);
        let actor = Actor::Key(KeyRef { issuer: address, index: 0, key: key.pubkey() });
        let renewable = CreateAchievementArgs { policy: policy::RENEWABLE, ..achievement_args("rust-basics") };
        let acceptance = CreateAchievementArgs {
            policy: policy::ACCEPTANCE_REQUIRED | policy::RENEWABLE,
            default_validity: 365 * DAY,
            ..achievement_args("teamwork")
        };
        self.ok(&[achievement::create(self.payer.pubkey(), &actor, renewable)], &[&key]);
        self.ok(&[achievement::create(self.payer.pubkey(), &actor, acceptance)], &[&key]);
        Organisation {
            authority,
            treasury,
            address,
            key,
            achievement: address::achievement(&address, "rust-basics"),
            acceptance: address::achievement(&address, "teamwork"),
        }
    }

    /// Adds a key to the issuer, as its authority.
    pub fn new_key(&mut self, index: u16, terms: KeyTerms) -> Outcome {
        let authority = self.issuer.authority.insecure_clone();
        let instruction = key::add(self.payer.pubkey(), authority.pubkey(), self.issuer.address, index, terms);
        self.send(&[instruction], &[&authority])
    }

    /// The issuer's entry in the body's registry.
    #[must_use]
    pub fn accreditation(&self) -> AccreditationRef {
        AccreditationRef {
            authority: self.body.authority.pubkey(),
            registry: self.body.registry,
            issuer: self.issuer.address,
        }
    }

    /// Issues to a learner with key 0.
    pub fn issue(&mut self, achievement: Address, args: IssueArgs) -> Outcome {
        let instruction = credential::issue(self.payer.pubkey(), &self.issuer.key_ref(), achievement, args);
        let key = self.issuer.key.insecure_clone();
        self.send(&[instruction], &[&key])
    }

    /// Issues a first credential of the renewable achievement, which is active at once.
    pub fn issued(&mut self, subject: &Address) -> Address {
        let achievement = self.issuer.achievement;
        self.issue(achievement, issue_args(*subject)).unwrap();
        address::credential(&achievement, subject, 0)
    }

    /// Issues a first credential of the achievement that requires acceptance: it is pending.
    pub fn pending(&mut self, subject: &Address) -> Address {
        let achievement = self.issuer.acceptance;
        self.issue(achievement, issue_args(*subject)).unwrap();
        address::credential(&achievement, subject, 0)
    }

    /// Sends instructions, paid by the payer.
    pub fn send(&mut self, instructions: &[Instruction], signers: &[&Keypair]) -> Outcome {
        let payer = self.payer.insecure_clone();
        self.ledger.send(instructions, &payer, signers)
    }

    /// Sends instructions that must take effect.
    pub fn ok(&mut self, instructions: &[Instruction], signers: &[&Keypair]) -> Sent {
        self.send(instructions, signers).unwrap_or_else(|error| panic!("{error}: {error:#?}"))
    }

    /// Lets time pass.
    pub fn pass(&mut self, seconds: i64) {
        let now = self.ledger.time();
        self.ledger.set_time(now + seconds);
    }

    /// The program's answer about a credential, trust asked of the body's registry.
    pub fn verify(&mut self, credential: Address, expected: VerifyArgs) -> VerifyReceipt {
        let account: Credential = self.get(&credential);
        let of = VerifyAccounts {
            credential,
            issuer_key: Some(address::issuer_key(&account.issuer, account.key_index)),
            issuer: Some(account.issuer),
        };
        receipt(&self.ok(&[credential::verify(&of, expected)], &[]))
    }

    /// An account that must exist and decode, and hold its invariant.
    #[must_use]
    pub fn get<T: Record + Discriminator + Pod>(&self, address: &Address) -> T {
        let raw = self.ledger.account(address).unwrap_or_else(|| panic!("there is no account at {address}"));
        let record: T = account::decode(address, &raw).unwrap();
        record.invariant().unwrap();
        record
    }
}

impl Default for World {
    fn default() -> Self {
        Self::new()
    }
}

/// What `verify` returned.
#[must_use]
pub fn receipt(sent: &Sent) -> VerifyReceipt {
    anchor_lang::wincode::config::deserialize_exact(&sent.return_data, anchor_lang::BORSH_CONFIG).unwrap()
}

/// Arguments of a registry that can be created.
#[must_use]
pub fn registry_args(slug: &str) -> CreateRegistryArgs {
    CreateRegistryArgs { slug: slug.into(), name: "Quality Agency".into(), uri: "https://agency.example/policy".into() }
}

/// Arguments of an issuer that can be created.
#[must_use]
pub fn issuer_args(slug: &str, treasury: Address, key: KeyTerms) -> CreateIssuerArgs {
    CreateIssuerArgs {
        slug: slug.into(),
        name: "University of Somewhere".into(),
        url: "https://university.example".into(),
        country: "DE".into(),
        treasury,
        key,
    }
}

/// A key with every permission and no limit.
#[must_use]
pub fn key_terms(key: Address) -> KeyTerms {
    KeyTerms {
        key,
        permissions: permission::ALL,
        scope: Address::default(),
        valid_from: 0,
        valid_until: 0,
        quota: UNLIMITED,
    }
}

/// Arguments of an achievement that is published at once.
#[must_use]
pub fn achievement_args(code: &str) -> CreateAchievementArgs {
    CreateAchievementArgs {
        code: code.into(),
        title: "Rust for systems".into(),
        uri: "https://university.example/rust".into(),
        kind: 1,
        policy: 0,
        eqf_level: 6,
        workload: 50,
        default_validity: 0,
        definition_digest: [9; 32],
        publish: true,
    }
}

/// Arguments of a first credential for a wallet, with a document.
#[must_use]
pub fn issue_args(subject: Address) -> IssueArgs {
    IssueArgs { subject, sequence: 0, subject_kind: 1, digest: [5; 32], expires_at: None, status_index: 77 }
}

/// The refusal that an outcome must be.
#[must_use]
#[track_caller]
pub fn refusal(outcome: Outcome) -> Refusal {
    match outcome {
        Err(SendError::Refused { refusal, .. }) => refusal,
        other => panic!("expected a refusal, got {other:#?}"),
    }
}

/// Requires exactly this error of the program.
#[track_caller]
pub fn assert_refused(outcome: Outcome, error: MicrocredError) {
    assert_eq!(refusal(outcome), Refusal::Microcred(error));
}

/// Requires exactly this error of the framework or the runtime.
#[track_caller]
pub fn assert_runtime(outcome: Outcome, error: InstructionError) {
    assert_eq!(refusal(outcome), Refusal::Runtime(error));
}
