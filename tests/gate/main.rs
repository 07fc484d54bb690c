//! Another program that gates an action on a credential, and attacks on it.

use anchor_lang::{InstructionData, ToAccountMetas};
use gate::{CreateGateArgs, Gate, Visit, accounts, instruction};
use microcred_client::{
    Address, Instruction, MicrocredError, PROGRAM_ID, address,
    error::{Refusal, SendError},
    instructions::{SYSTEM_PROGRAM, accreditation, credential, key},
    ledger::PROGRAM_ELF,
    state::{Credential, Reason, Term},
};
use microcred_tests::{Body, DAY, Outcome, START, World, issue_args};
use solana_instruction_error::InstructionError;
use solana_keypair::Keypair;
use solana_signer::Signer;

const GATE_ELF: &[u8] = include_bytes!("../../fixtures/gate.so");

/// A gate that expects the renewable achievement, of an issuer accredited by the body; and a learner who holds it.
struct Scene {
    world: World,
    gate: Address,
    learner: Keypair,
}

impl Scene {
    fn new() -> Self {
        let mut world = World::new();
        world.ledger.svm().add_program(gate::ID, GATE_ELF).unwrap();
        let learner = world.keys.next_key();
        world.ledger.fund(&learner.pubkey(), 1_000_000_000).unwrap();
        let expected =
            CreateGateArgs { number: 0, achievement: world.issuer.achievement, registry: Some(world.body.registry) };
        let gate = create_gate(&mut world, expected);
        Self { world, gate, learner }
    }

    /// The accounts with which the holder of a credential of this issuer enters.
    fn entry(&self, holder: &Address) -> accounts::Enter {
        let issuer = &self.world.issuer;
        accounts::Enter {
            wallet: *holder,
            gate: self.gate,
            visit: visit(&self.gate, holder),
            microcred: PROGRAM_ID,
            credential: address::credential(&issuer.achievement, holder, 0),
            issuer_key: Some(issuer.key_ref().address()),
            issuer: Some(issuer.address),
            registry: Some(self.world.body.registry),
            accreditation: Some(address::accreditation(&self.world.body.registry, &issuer.address)),
            system_program: SYSTEM_PROGRAM,
        }
    }

    fn enter(&mut self, with: &accounts::Enter, wallet: &Keypair) -> Outcome {
        let instruction = Instruction {
            program_id: gate::ID,
            accounts: with.to_account_metas(None),
            data: instruction::Enter {}.data(),
        };
        self.world.send(&[instruction], &[wallet])
    }

    /// Requires that nobody gets in, for the reason that microcred gives.
    #[track_caller]
    fn assert_shut(&mut self, with: &accounts::Enter, wallet: &Keypair, error: MicrocredError) {
        self.assert_shut_by(with, wallet, InstructionError::Custom(error.code()));
    }

    #[track_caller]
    fn assert_shut_by(&mut self, with: &accounts::Enter, wallet: &Keypair, error: InstructionError) {
        match self.enter(with, wallet) {
            Err(SendError::Refused { refusal: Refusal::Runtime(cause), .. }) => assert_eq!(cause, error),
            other => panic!("expected {error:?}, got {other:#?}"),
        }
        assert_eq!(self.world.ledger.account(&visit(&self.gate, &wallet.pubkey())), None, "nobody was let in");
    }
}

fn create_gate(world: &mut World, args: CreateGateArgs) -> Address {
    let payer = world.payer.pubkey();
    let number = args.number.to_le_bytes();
    let (gate, _) = Address::find_program_address(&[gate::GATE, payer.as_ref(), &number], &gate::ID);
    let accounts = accounts::CreateGate { admin: payer, gate, system_program: SYSTEM_PROGRAM };
    let instruction = Instruction {
        program_id: gate::ID,
        accounts: accounts.to_account_metas(None),
        data: instruction::CreateGate { args }.data(),
    };
    world.ok(&[instruction], &[]);
    gate
}

fn visit(gate: &Address, wallet: &Address) -> Address {
    Address::find_program_address(&[gate::VISIT, gate.as_ref(), wallet.as_ref()], &gate::ID).0
}

#[test]
fn the_holder_of_a_valid_credential_enters_again_and_again() {
    let mut scene = Scene::new();
    let learner = scene.learner.insecure_clone();
    scene.world.issued(&learner.pubkey());
    let entry = scene.entry(&learner.pubkey());
    for count in 1..=2 {
        scene.enter(&entry, &learner).unwrap();
        let raw = scene.world.ledger.account(&entry.visit).unwrap();
        let seen: Visit = anchor_lang::bytemuck::pod_read_unaligned(&raw.data[8..]);
        assert_eq!((seen.gate, seen.wallet, seen.count, seen.last_at), (scene.gate, learner.pubkey(), count, START));
    }
}

#[test]
fn a_gate_without_a_registry_takes_absent_accounts() {
    let mut scene = Scene::new();
    let learner = scene.learner.insecure_clone();
    scene.world.issued(&learner.pubkey());
    let achievement = scene.world.issuer.achievement;
    scene.gate = create_gate(&mut scene.world, CreateGateArgs { number: 1, achievement, registry: None });
    let raw = scene.world.ledger.account(&scene.gate).unwrap();
    let stored: Gate = anchor_lang::bytemuck::pod_read_unaligned(&raw.data[8..]);
    assert_eq!((stored.achievement, stored.expected_registry()), (achievement, None));
    let full = scene.entry(&learner.pubkey());
    scene.assert_shut(&full, &learner, MicrocredError::RegistryUnexpected);
    let slim = accounts::Enter { issuer: None, registry: None, accreditation: None, ..full };
    scene.enter(&slim, &learner).unwrap();
}

#[test]
fn whoever_holds_nothing_stays_out() {
    let mut scene = Scene::new();
    let learner = scene.learner.insecure_clone();
    let entry = scene.entry(&learner.pubkey());
    scene.assert_shut(&entry, &learner, MicrocredError::NotValid);
}

#[test]
fn somebody_elses_credential_opens_nothing() {
    let mut scene = Scene::new();
    let thief = scene.learner.insecure_clone();
    let honest = scene.world.keys.next_key().pubkey();
    let stolen = scene.world.issued(&honest);
    let entry = accounts::Enter { credential: stolen, ..scene.entry(&thief.pubkey()) };
    scene.assert_shut(&entry, &thief, MicrocredError::NotValid);
}

#[test]
fn the_wallet_must_sign() {
    let mut scene = Scene::new();
    let honest = scene.learner.pubkey();
    scene.world.issued(&honest);
    let entry = scene.entry(&honest);
    let mut metas = entry.to_account_metas(None);
    metas[0].is_signer = false;
    let instruction = Instruction { program_id: gate::ID, accounts: metas, data: instruction::Enter {}.data() };
    assert!(matches!(scene.world.send(&[instruction], &[]), Err(SendError::Refused { index: 0, .. })));
    assert_eq!(scene.world.ledger.account(&entry.visit), None);
}

#[test]
fn a_credential_that_is_not_valid_opens_nothing() {
    let cases: [fn(&mut World, Address); 3] = [
        |world, held| {
            let key = world.issuer.key.insecure_clone();
            world.ok(&[credential::suspend(&world.issuer.by_key(), held, Reason::UnderReview)], &[&key]);
        },
        |world, held| {
            let key = world.issuer.key.insecure_clone();
            world.ok(&[credential::revoke(&world.issuer.by_key(), held, Reason::IssuedInError)], &[&key]);
        },
        |world, _| {
            let authority = world.issuer.authority.insecure_clone();
            let mark = key::mark_compromised(authority.pubkey(), world.issuer.address, 0, START);
            world.ok(&[mark], &[&authority]);
        },
    ];
    for spoil in cases {
        let mut scene = Scene::new();
        let learner = scene.learner.insecure_clone();
        let held = scene.world.issued(&learner.pubkey());
        spoil(&mut scene.world, held);
        let entry = scene.entry(&learner.pubkey());
        scene.assert_shut(&entry, &learner, MicrocredError::NotValid);
    }
}

#[test]
fn an_expired_credential_opens_nothing() {
    let mut scene = Scene::new();
    let learner = scene.learner.insecure_clone();
    let achievement = scene.world.issuer.achievement;
    let args = microcred::IssueArgs { expires_at: Some(START + DAY), ..issue_args(learner.pubkey()) };
    scene.world.issue(achievement, args).unwrap();
    let entry = scene.entry(&learner.pubkey());
    scene.world.pass(DAY);
    scene.assert_shut(&entry, &learner, MicrocredError::NotValid);
}

/// The attacker founds an issuer, publishes an achievement of the same code, and issues to themselves.
#[test]
fn a_foreign_issuers_credential_opens_nothing() {
    let mut scene = Scene::new();
    let attacker = scene.learner.insecure_clone();
    let foreign = scene.world.new_issuer("university");
    let payer = scene.world.payer.pubkey();
    let issue = credential::issue(payer, &foreign.key_ref(), foreign.achievement, issue_args(attacker.pubkey()));
    scene.world.ok(&[issue], &[&foreign.key]);
    let own = accounts::Enter {
        credential: address::credential(&foreign.achievement, &attacker.pubkey(), 0),
        issuer_key: Some(foreign.key_ref().address()),
        ..scene.entry(&attacker.pubkey())
    };
    scene.assert_shut(&own, &attacker, MicrocredError::WrongIssuer);
    let registry = scene.world.body.registry;
    let consistent = accounts::Enter {
        issuer: Some(foreign.address),
        accreditation: Some(address::accreditation(&registry, &foreign.address)),
        ..own
    };
    scene.assert_shut(&consistent, &attacker, MicrocredError::NotValid);
}

/// The issuer is real but not accredited; the attacker accredits it in a registry of their own.
#[test]
fn a_fake_registry_vouches_for_nobody() {
    let mut scene = Scene::new();
    let learner = scene.learner.insecure_clone();
    scene.world.issued(&learner.pubkey());
    let body = scene.world.body.authority.insecure_clone();
    let of = scene.world.accreditation();
    scene.world.ok(&[accreditation::withdraw(&of, Reason::OperationsCeased, START - DAY)], &[&body]);
    let honest = scene.entry(&learner.pubkey());
    scene.assert_shut(&honest, &learner, MicrocredError::NotTrusted);

    let Body { authority, registry } = scene.world.new_body("quality-agency");
    let fake = accreditation::AccreditationRef { authority: authority.pubkey(), registry, ..of };
    let payer = scene.world.payer.pubkey();
    let term = Term { from: START - DAY, until: 0 };
    scene.world.ok(&[accreditation::accredit(payer, &fake, 0, term)], &[&authority]);
    let faked = accounts::Enter { registry: Some(registry), accreditation: Some(fake.address()), ..honest };
    scene.assert_shut(&faked, &learner, MicrocredError::WrongRegistry);
    let mixed = accounts::Enter { registry: Some(of.registry), ..faked };
    scene.assert_shut(&mixed, &learner, MicrocredError::WrongRegistry);
}

#[test]
fn leaving_accounts_out_opens_nothing() {
    let mut scene = Scene::new();
    let learner = scene.learner.insecure_clone();
    scene.world.issued(&learner.pubkey());
    let full = scene.entry(&learner.pubkey());
    scene.assert_shut(&accounts::Enter { issuer_key: None, ..full }, &learner, MicrocredError::NotValid);
    for without in [
        accounts::Enter { issuer: None, ..full },
        accounts::Enter { registry: None, ..full },
        accounts::Enter { accreditation: None, ..full },
    ] {
        scene.assert_shut(&without, &learner, MicrocredError::TrustIncomplete);
    }
}

#[test]
fn an_empty_address_does_not_stand_for_the_entry() {
    let mut scene = Scene::new();
    let learner = scene.learner.insecure_clone();
    scene.world.issued(&learner.pubkey());
    let empty = scene.world.keys.next_key().pubkey();
    let entry = accounts::Enter { accreditation: Some(empty), ..scene.entry(&learner.pubkey()) };
    scene.assert_shut(&entry, &learner, MicrocredError::WrongAddress);
}

/// A clone of the program under another address would vouch for what its deployer writes.
#[test]
fn another_program_is_not_asked() {
    let mut scene = Scene::new();
    let learner = scene.learner.insecure_clone();
    scene.world.issued(&learner.pubkey());
    let clone = scene.world.keys.next_key().pubkey();
    scene.world.ledger.svm().add_program(clone, PROGRAM_ELF).unwrap();
    let entry = accounts::Enter { microcred: clone, ..scene.entry(&learner.pubkey()) };
    scene.assert_shut_by(&entry, &learner, InstructionError::IncorrectProgramId);
}

/// The same bytes, owned by a program that the attacker wrote.
#[test]
fn a_look_alike_of_another_program_is_refused() {
    let mut scene = Scene::new();
    let learner = scene.learner.insecure_clone();
    let honest = scene.world.keys.next_key().pubkey();
    let original = scene.world.issued(&honest);
    let mut forged = scene.world.ledger.account(&original).unwrap();
    forged.owner = gate::ID;
    forged.data[80..112].copy_from_slice(learner.pubkey().as_ref());
    let at = scene.world.keys.next_key().pubkey();
    scene.world.ledger.svm().set_account(at, forged).unwrap();
    assert_eq!(scene.world.get::<Credential>(&original).subject, honest);
    let entry = accounts::Enter { credential: at, ..scene.entry(&learner.pubkey()) };
    scene.assert_shut(&entry, &learner, MicrocredError::WrongAccount);
}
