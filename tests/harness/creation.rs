//! What every instruction that creates accounts has in common, and the rules of texts and definitions.

use microcred::KeyTerms;
use microcred_client::{Address, Instruction, MicrocredError, PROGRAM_ID, state::MAX_VALIDITY};
use solana_instruction_error::InstructionError;
use solana_keypair::Keypair;
use solana_signer::Signer;

use crate::{START, World, key_terms, place_of, read_only, runtime, unsigned, with_account};

/// A valid instruction that creates accounts.
pub struct Creation {
    /// The instruction, in which `payer` pays the rent.
    pub instruction: Instruction,
    /// Who signs beside the payer.
    pub signer: Keypair,
    /// The new accounts and their sizes.
    pub accounts: Vec<(Address, usize)>,
}

/// As [`assert_creates_once`], where a second time is refused because the account exists.
#[track_caller]
pub fn assert_creates(prepare: impl Fn(&mut World, Address) -> Creation) {
    assert_creates_once(MicrocredError::AlreadyExists, prepare);
}

/// Requires that the payer whom the instruction names pays what lacks and no more, also at an address that somebody
/// sent lamports to before; that the payer must sign and have the lamports; that no other address, and no other
/// program in the System program's place, is taken; and that the same is refused a second time with the error `again`.
#[track_caller]
pub fn assert_creates_once(again: MicrocredError, prepare: impl Fn(&mut World, Address) -> Creation) {
    let sponsor = Keypair::new();
    let mut world = World::new();
    let creation = prepare(&mut world, sponsor.pubkey());
    let (instruction, signers) = (&creation.instruction, [&sponsor, &creation.signer]);
    world.refuses(instruction, &signers, runtime::TOO_POOR);
    world.ledger.fund(&sponsor.pubkey(), 1 << 40).unwrap();
    let payer = place_of(instruction, &sponsor.pubkey());
    world.refuses(&unsigned(instruction, payer), &[&creation.signer], runtime::NOT_SIGNED);
    world.refuses(&read_only(instruction, payer), &signers, runtime::NOT_SIGNED);
    for (address, _) in &creation.accounts {
        let place = place_of(instruction, address);
        let elsewhere = with_account(instruction, place, Address::new_from_array([0xAD; 32]));
        world.refuses(&elsewhere, &signers, MicrocredError::WrongAddress);
        world.refuses(&read_only(instruction, place), &signers, runtime::NOT_WRITABLE);
    }
    let system_program = with_account(instruction, instruction.accounts.len() - 1, PROGRAM_ID);
    world.refuses(&system_program, &signers, InstructionError::IncorrectProgramId);
    world.performs(instruction, &signers);
    world.refuses(instruction, &signers, again);

    for funded in 0..creation.accounts.len() {
        for sent in [|_: u64| 1_000_000, |rent: u64| rent - 1, |rent: u64| rent, |rent: u64| rent + 1] {
            assert_creates_where_funded(&prepare, funded, sent);
        }
    }
}

/// Sends lamports to one of the addresses before the accounts are created.
#[track_caller]
fn assert_creates_where_funded(
    prepare: impl Fn(&mut World, Address) -> Creation,
    funded: usize,
    sent: impl Fn(u64) -> u64,
) {
    const SAVINGS: u64 = 1 << 40;
    let mut world = World::new();
    let sponsor = Keypair::new();
    world.ledger.fund(&sponsor.pubkey(), SAVINGS).unwrap();
    let Creation { instruction, signer, accounts } = prepare(&mut world, sponsor.pubkey());
    let sent = sent(world.ledger.rent_minimum(accounts[funded].1));
    world.ledger.fund(&accounts[funded].0, sent).unwrap();
    world.performs(&instruction, &[&sponsor, &signer]);
    let mut paid = 0;
    for (position, (address, size)) in accounts.iter().enumerate() {
        let account = world.ledger.account(address).unwrap();
        let (rent, before) = (world.ledger.rent_minimum(*size), if position == funded { sent } else { 0 });
        assert_eq!((account.owner, account.data.len(), account.lamports), (PROGRAM_ID, *size, rent.max(before)));
        paid += account.lamports - before;
    }
    assert_eq!(world.ledger.account(&sponsor.pubkey()).unwrap().lamports, SAVINGS - paid);
}

/// The bump with which an account is at its canonical address.
#[must_use]
pub fn bump(seeds: &[&[u8]]) -> u8 {
    Address::find_program_address(seeds, &PROGRAM_ID).1
}

/// A program-derived address of the same seeds that is not the canonical one.
#[must_use]
pub fn non_canonical(seeds: &[&[u8]]) -> Address {
    let with_bump = |bump: u8| Address::create_program_address(&[seeds, &[&[bump]]].concat(), &PROGRAM_ID);
    (0..bump(seeds)).rev().find_map(|bump| with_bump(bump).ok()).unwrap()
}

/// A text as accounts hold it.
#[must_use]
pub fn padded<const N: usize>(text: &str) -> [u8; N] {
    let mut field = [0; N];
    field[..text.len()].copy_from_slice(text.as_bytes());
    field
}

/// Texts that a field of a size refuses: too long by one byte, or with a character that misleads a reader.
#[must_use]
pub fn bad_texts(size: usize) -> Vec<(String, MicrocredError)> {
    let misleading = [
        '\0',
        '\t',
        '\n',
        '\u{1b}',
        '\u{7f}',
        '\u{85}',
        '\u{ad}',
        '\u{61c}',
        '\u{200b}',
        '\u{200d}',
        '\u{200f}',
        '\u{2028}',
        '\u{202a}',
        '\u{202e}',
        '\u{2060}',
        '\u{2066}',
        '\u{3164}',
        '\u{fe0f}',
        '\u{feff}',
        '\u{e0041}',
    ];
    let mut texts = vec![
        ("a".repeat(size + 1), MicrocredError::TextTooLong),
        ("é".repeat(size / 2) + "a", MicrocredError::TextTooLong),
    ];
    texts.extend(misleading.map(|c| (format!("a{c}b"), MicrocredError::BadText)));
    texts
}

/// Texts that a name or title refuses: those, and nothing but spaces.
#[must_use]
pub fn bad_names(size: usize) -> Vec<(String, MicrocredError)> {
    let mut names = bad_texts(size);
    names.extend(["", " ", "   ", "\u{3000}"].map(|name| (name.into(), MicrocredError::EmptyText)));
    names
}

/// Slugs and codes that are refused; longer ones than a seed have no address at all.
pub const BAD_SLUGS: [(&str, MicrocredError); 8] = [
    ("", MicrocredError::EmptyText),
    ("Upper", MicrocredError::BadSlug),
    ("two words", MicrocredError::BadSlug),
    ("under_score", MicrocredError::BadSlug),
    ("dot.ted", MicrocredError::BadSlug),
    ("straße", MicrocredError::BadSlug),
    ("zero\0", MicrocredError::BadSlug),
    ("\u{430}", MicrocredError::BadSlug),
];

/// The numbers of a definition that are refused: kind, policy, EQF level and default validity.
pub const BAD_DEFINITIONS: [(u8, u8, u8, i64, MicrocredError); 11] = [
    (0, 0, 0, 0, MicrocredError::UnknownKind),
    (4, 0, 0, 0, MicrocredError::UnknownKind),
    (255, 0, 0, 0, MicrocredError::UnknownKind),
    (1, 4, 0, 0, MicrocredError::UnknownPolicy),
    (1, 255, 0, 0, MicrocredError::UnknownPolicy),
    (1, 0, 9, 0, MicrocredError::BadLevel),
    (1, 0, 255, 0, MicrocredError::BadLevel),
    (1, 0, 0, -1, MicrocredError::BadValidity),
    (1, 0, 0, i64::MIN, MicrocredError::BadValidity),
    (1, 0, 0, MAX_VALIDITY + 1, MicrocredError::BadValidity),
    (1, 0, 0, i64::MAX, MicrocredError::BadValidity),
];

/// The outermost numbers of a definition that are taken: kind, policy, EQF level and default validity.
pub const GOOD_DEFINITIONS: [(u8, u8, u8, i64); 4] =
    [(1, 0, 0, 0), (2, 1, 1, 1), (3, 2, 8, 86_400), (1, 3, 5, MAX_VALIDITY)];

/// Terms that no key can have at [`START`], and why.
#[must_use]
pub fn bad_key_terms(key: Address) -> Vec<(KeyTerms, MicrocredError)> {
    let good = key_terms(key);
    let window = |valid_from, valid_until| KeyTerms { valid_from, valid_until, ..good };
    let mut bad = vec![
        (KeyTerms { key: Address::default(), ..good }, MicrocredError::ZeroKey),
        (KeyTerms { permissions: 0, ..good }, MicrocredError::NoPermissions),
    ];
    bad.extend(
        [64, 1 << 15, u16::MAX]
            .map(|permissions| (KeyTerms { permissions, ..good }, MicrocredError::UnknownPermission)),
    );
    bad.extend(
        [
            window(0, START - 1),
            window(0, START),
            window(0, -1),
            window(START + 5, START + 5),
            window(START + 5, START + 4),
            window(i64::MAX, i64::MAX),
            window(0, i64::MIN),
        ]
        .map(|terms| (terms, MicrocredError::BadKeyWindow)),
    );
    bad
}
