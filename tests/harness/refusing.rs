//! What must be refused: with exactly one error, and without any trace.

use std::collections::BTreeMap;

use microcred::KeyTerms;
use microcred_client::{
    Address, Instruction, MicrocredError, PROGRAM_ID,
    error::{Refusal, SendError},
    instructions::{Actor, KeyRef},
    state::permission,
};
use solana_account::Account;
use solana_instruction::AccountMeta;
use solana_instruction_error::InstructionError;
use solana_keypair::Keypair;
use solana_signer::Signer;

use crate::{World, key_terms, place_of};

/// What framework and runtime answer, by name.
pub mod runtime {
    use super::InstructionError;

    /// An account that changes was passed read-only.
    pub const NOT_WRITABLE: InstructionError = InstructionError::Custom(2000);
    /// An account that changes was passed twice.
    pub const PASSED_TWICE: InstructionError = InstructionError::Custom(2040);
    /// A signature is missing.
    pub const NOT_SIGNED: InstructionError = InstructionError::MissingRequiredSignature;
    /// The address is empty, where an account is only read.
    pub const EMPTY: InstructionError = InstructionError::UninitializedAccount;
    /// The account is shorter than its kind: also what an empty address answers where an account changes.
    pub const TOO_SHORT: InstructionError = InstructionError::AccountDataTooSmall;
    /// The account is of another kind.
    pub const OTHER_KIND: InstructionError = InstructionError::InvalidAccountData;
    /// The account is another program's.
    pub const OTHER_OWNER: InstructionError = InstructionError::IllegalOwner;
    /// The payer cannot pay: the System program's own error.
    pub const TOO_POOR: InstructionError = InstructionError::Custom(1);
}

/// The refusal that a test expects: the program's own error, or one of the framework or the runtime.
pub struct Expected(Refusal);

impl From<MicrocredError> for Expected {
    fn from(error: MicrocredError) -> Self {
        Self(Refusal::Microcred(error))
    }
}

impl From<InstructionError> for Expected {
    fn from(error: InstructionError) -> Self {
        Self(Refusal::Runtime(error))
    }
}

impl World {
    /// Sends an instruction that must be refused with exactly this error, and must change nothing: neither the
    /// program's accounts nor any that the instruction names, but for the fee.
    #[track_caller]
    pub fn refuses(&mut self, instruction: &Instruction, signers: &[&Keypair], error: impl Into<Expected>) {
        self.refuses_case("", instruction, signers, error);
    }

    /// As [`Self::refuses`], naming the case in the failure.
    #[track_caller]
    pub fn refuses_case(
        &mut self,
        case: &str,
        instruction: &Instruction,
        signers: &[&Keypair],
        error: impl Into<Expected>,
    ) {
        let before = self.everything(instruction);
        let refusal = match self.send(std::slice::from_ref(instruction), signers) {
            Err(SendError::Refused { refusal, .. }) => refusal,
            other => panic!("{case}: expected a refusal, got {other:#?}"),
        };
        assert_eq!(refusal, error.into().0, "{case}");
        assert!(before == self.everything(instruction), "{case}: the refusal left a trace");
    }

    fn everything(&self, instruction: &Instruction) -> BTreeMap<Address, Option<Account>> {
        let named = instruction.accounts.iter().map(|meta| (meta.pubkey, self.ledger.account(&meta.pubkey)));
        let owned = self.ledger.program_accounts().into_iter().map(|(address, account)| (address, Some(account)));
        named.chain(owned).filter(|(address, _)| *address != self.payer.pubkey()).collect()
    }

    /// Sends one instruction that must take effect, naming the case in the failure.
    #[track_caller]
    pub fn takes(&mut self, case: &str, instruction: &Instruction, signers: &[&Keypair]) -> crate::Sent {
        self.send(std::slice::from_ref(instruction), signers)
            .unwrap_or_else(|error| panic!("{case}: {error}: {error:#?}"))
    }
}

/// The instruction with another account in one place.
#[must_use]
pub fn with_account(instruction: &Instruction, place: usize, address: Address) -> Instruction {
    let mut changed = instruction.clone();
    changed.accounts[place].pubkey = address;
    changed
}

/// The instruction without the optional account in one place.
#[must_use]
pub fn without_account(instruction: &Instruction, place: usize) -> Instruction {
    let mut changed = instruction.clone();
    changed.accounts[place] = AccountMeta::new_readonly(PROGRAM_ID, false);
    changed
}

/// The instruction with the account in one place passed read-only.
#[must_use]
pub fn read_only(instruction: &Instruction, place: usize) -> Instruction {
    let mut changed = instruction.clone();
    changed.accounts[place].is_writable = false;
    changed
}

/// The instruction with the account in one place not signing.
#[must_use]
pub fn unsigned(instruction: &Instruction, place: usize) -> Instruction {
    let mut changed = instruction.clone();
    changed.accounts[place].is_signer = false;
    changed
}

/// The instruction with one more account at the end.
#[must_use]
pub fn with_extra_account(instruction: &Instruction, address: Address) -> Instruction {
    let mut changed = instruction.clone();
    changed.accounts.push(AccountMeta::new_readonly(address, false));
    changed
}

/// Requires that an instruction keeps to every limit of the key that signs it: it needs the permission, no other
/// one, and touches only the achievement that requires acceptance. The closure prepares what the instruction acts
/// upon and builds it for a key.
#[track_caller]
pub fn keeps_to_the_limits_of_its_key(permission: u16, build: impl Fn(&mut World, &KeyRef) -> Instruction) {
    use MicrocredError as E;
    const LATER: i64 = 10;
    let mut world = World::new();
    let start = world.ledger.time();
    let (scope, elsewhere) = (world.issuer.acceptance, world.issuer.achievement);
    let all = key_terms(Address::default());
    let cases: [(&str, KeyTerms, Option<E>); 14] = [
        ("the permission alone", KeyTerms { permissions: permission, ..all }, None),
        (
            "every other permission",
            KeyTerms { permissions: permission::ALL & !permission, ..all },
            Some(E::KeyWithoutPermission),
        ),
        ("scoped to this achievement", KeyTerms { scope, ..all }, None),
        ("scoped to another achievement", KeyTerms { scope: elsewhere, ..all }, Some(E::KeyOutOfScope)),
        ("valid since a second ago", KeyTerms { valid_from: start + LATER - 1, ..all }, None),
        ("valid since now", KeyTerms { valid_from: start + LATER, ..all }, None),
        ("valid in a second", KeyTerms { valid_from: start + LATER + 1, ..all }, Some(E::KeyNotYetValid)),
        ("valid until a second ago", KeyTerms { valid_until: start + LATER - 1, ..all }, Some(E::KeyNoLongerValid)),
        ("valid until now", KeyTerms { valid_until: start + LATER, ..all }, Some(E::KeyNoLongerValid)),
        ("valid for another second", KeyTerms { valid_until: start + LATER + 1, ..all }, None),
        ("retired", all, Some(E::KeyRetired)),
        ("marked compromised", all, Some(E::KeyRetired)),
        ("of another holder", all, Some(E::NotKeyHolder)),
        ("of another issuer", all, Some(E::WrongIssuer)),
    ];
    let other = world.new_issuer("college");
    let mut keys = Vec::new();
    for (position, (case, terms, refusal)) in cases.into_iter().enumerate() {
        let index = u16::try_from(position).unwrap() + 1;
        let holder = Keypair::new();
        world.new_key(index, KeyTerms { key: holder.pubkey(), ..terms }).unwrap();
        keys.push((case, index, holder, refusal));
    }
    let authority = world.issuer.authority.insecure_clone();
    for (case, index, ..) in &keys {
        use microcred_client::instructions::key;
        let (by, of) = (authority.pubkey(), world.issuer.address);
        match *case {
            "retired" => drop(world.takes(case, &key::retire(by, of, *index), &[&authority])),
            "marked compromised" => {
                drop(world.takes(case, &key::mark_compromised(by, of, *index, start), &[&authority]));
            }
            _ => {}
        }
    }
    world.pass(LATER);
    for (case, index, holder, refusal) in &keys {
        let key = KeyRef { issuer: world.issuer.address, index: *index, key: holder.pubkey() };
        let instruction = build(&mut world, &key);
        match (*case, refusal) {
            ("of another holder", Some(error)) => {
                let stranger = Keypair::new();
                let place = place_of(&instruction, &holder.pubkey());
                world.refuses_case(case, &with_account(&instruction, place, stranger.pubkey()), &[&stranger], *error);
            }
            ("of another issuer", Some(error)) => {
                let (theirs, place) = (other.key_ref(), place_of(&instruction, &holder.pubkey()));
                let account = place_of(&instruction, &key.address());
                let instruction =
                    with_account(&with_account(&instruction, place, theirs.key), account, theirs.address());
                world.refuses_case(case, &instruction, &[&other.key], *error);
            }
            (_, Some(error)) => world.refuses_case(case, &instruction, &[holder], *error),
            (_, None) => drop(world.takes(case, &instruction, &[holder])),
        }
    }
    let (key, holder) = (world.issuer.key_ref(), world.issuer.key.insecure_clone());
    let instruction = build(&mut world, &key);
    let place = place_of(&instruction, &holder.pubkey());
    world.refuses_case("not signing", &unsigned(&instruction, place), &[], runtime::NOT_SIGNED);
}

/// Requires that an instruction which a key or the authority can sign tells the two apart. The first three accounts
/// are the actor, the issuer key and the issuer.
#[track_caller]
pub fn tells_key_and_authority_apart(world: &mut World, build: impl Fn(&Actor) -> Instruction) {
    use MicrocredError as E;
    let other = world.new_issuer("college");
    let (key, authority) = (world.issuer.key.insecure_clone(), world.issuer.authority.insecure_clone());
    let (by_key, by_authority) = (build(&world.issuer.by_key()), build(&world.issuer.by_authority()));
    let (key_account, issuer) = (world.issuer.key_ref().address(), world.issuer.address);
    for (case, instruction, signer, error) in [
        ("the key's holder as authority", with_account(&by_authority, 0, key.pubkey()), &key, E::NotIssuerAuthority),
        ("the authority as key's holder", with_account(&by_key, 0, authority.pubkey()), &authority, E::NotKeyHolder),
        ("another issuer's authority", build(&other.by_authority()), &other.authority, E::WrongIssuer),
        (
            "another issuer's authority, this issuer",
            with_account(&by_authority, 0, other.authority.pubkey()),
            &other.authority,
            E::NotIssuerAuthority,
        ),
        ("key and issuer", with_account(&by_key, 2, issuer), &key, E::TwoActors),
        ("issuer and key", with_account(&by_authority, 1, key_account), &authority, E::TwoActors),
    ] {
        world.refuses_case(case, &instruction, &[signer], error);
    }
    world.refuses_case("an authority not signing", &unsigned(&by_authority, 0), &[], runtime::NOT_SIGNED);
}
