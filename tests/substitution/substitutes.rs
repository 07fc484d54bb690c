//! What is put in the place of each account of an instruction.

use microcred::ID;
use microcred_client::{Address, Instruction};
use solana_account::Account;
use solana_instruction::AccountMeta;

use crate::{
    cases::Case,
    cast::{Cast, FOREIGN_PROGRAM},
    stage::Stage,
};

/// One account instead of the right one.
pub struct Substitute {
    /// What it is.
    pub kind: String,
    /// The instruction with it.
    pub instruction: Instruction,
    /// An account that is put on the ledger before.
    pub placed: Option<(Address, Account)>,
}

/// Every substitute in one slot of a case, whose preparation the stage has seen. Nothing is put in place of itself.
///
/// A substitute has the flags of what it replaces. So accounts sign that only a program could sign for, which must not
/// help.
pub fn substitutes(case: &Case, slot: usize, names: &[String], cast: &Cast, stage: &Stage) -> Vec<Substitute> {
    let original = &case.valid.accounts[slot];
    let with = |kind: String, changed: AccountMeta, placed| {
        let mut instruction = case.valid.clone();
        instruction.accounts[slot] = changed;
        Substitute { kind, instruction, placed }
    };
    let another = |kind: &str, pubkey| with(kind.into(), AccountMeta { pubkey, ..original.clone() }, None);
    let same = |kind: &str, account| with(kind.into(), original.clone(), Some((original.pubkey, account)));
    let mut substitutes = Vec::new();

    let mut taken = vec![original.pubkey];
    for (other, name) in case.valid.accounts.iter().zip(names) {
        if other.pubkey != ID && !taken.contains(&other.pubkey) {
            taken.push(other.pubkey);
            substitutes.push(another(&format!("the {name}"), other.pubkey));
        }
    }
    for (kind, address) in cast.candidates() {
        if !taken.contains(&address) {
            substitutes.push(another(kind, address));
        }
    }
    if original.is_signer {
        substitutes.push(with("not signing".into(), AccountMeta { is_signer: false, ..original.clone() }, None));
    }
    if original.is_writable {
        substitutes.push(with("not writable".into(), AccountMeta { is_writable: false, ..original.clone() }, None));
    }
    if let Some(account) = stage.account(&original.pubkey).filter(|account| account.owner == ID) {
        let foreign = Account { owner: FOREIGN_PROGRAM, ..account.clone() };
        let mut of_no_kind = account;
        of_no_kind.data[0] ^= 0xff;
        let mut alike = another("look-alike of another program", cast.nobody);
        alike.placed = Some((cast.nobody, foreign.clone()));
        substitutes.extend([
            alike,
            same("same but of another program", foreign),
            same("same but of no kind", of_no_kind),
        ]);
    }
    for (_, seeds) in case.creates.iter().filter(|(created, _)| *created == slot) {
        let funded = |lamports| Account { lamports, ..Account::default() };
        let foreign = Account { lamports: 1 << 30, data: vec![0; 8], owner: FOREIGN_PROGRAM, ..Account::default() };
        let seeds: Vec<&[u8]> = seeds.iter().map(Vec::as_slice).collect();
        substitutes.extend([
            same("same but with some lamports", funded(1_000)),
            same("same but with many lamports", funded(1 << 30)),
            same("same but of another program", foreign),
            another("same seeds with another bump", at_another_bump(&seeds, &original.pubkey)),
        ]);
    }
    substitutes
}

/// The case's instruction with two or more accounts replaced by their sisters, in every mixture.
pub fn mixtures(case: &Case, names: &[String], cast: &Cast) -> Vec<Substitute> {
    let mut mixtures = Vec::new();
    for sisters in cast.sisters() {
        let sister = |address: Address| sisters.iter().find(|(one, _)| *one == address).map(|(_, other)| *other);
        let accounts = case.valid.accounts.iter().enumerate();
        let replaceable: Vec<_> = accounts.filter_map(|(slot, meta)| Some((slot, sister(meta.pubkey)?))).collect();
        for mixture in 0_u32..1 << replaceable.len() {
            if mixture.count_ones() < 2 {
                continue;
            }
            let mut instruction = case.valid.clone();
            let mut replaced = Vec::new();
            for (position, (slot, sister)) in replaceable.iter().enumerate() {
                if mixture & 1 << position != 0 {
                    instruction.accounts[*slot].pubkey = *sister;
                    replaced.push(names[*slot].as_str());
                }
            }
            let extent = if replaced.len() == replaceable.len() { "all" } else { "some" };
            mixtures.push(Substitute {
                kind: format!("{extent}, {}", replaced.join(" and ")),
                instruction,
                placed: None,
            });
        }
    }
    mixtures
}

/// The address that the same seeds give with the next lower bump that gives one.
fn at_another_bump(seeds: &[&[u8]], canonical: &Address) -> Address {
    let mut addresses = (0..=u8::MAX).rev().filter_map(|bump| {
        let bump = [bump];
        Address::create_program_address(&[seeds, &[&bump]].concat(), &ID).ok()
    });
    assert_eq!(addresses.next().as_ref(), Some(canonical), "the seeds are those of the address");
    addresses.next().unwrap()
}
