//! Instructions about issuer keys. The issuer's authority signs each of them.

use microcred::{AddKeyArgs, KeyTerms, MarkKeyCompromisedArgs, NoArgs, ShortenKeyArgs, accounts, instruction};
use solana_address::Address;
use solana_instruction::Instruction;

use super::{SYSTEM_PROGRAM, build};
use crate::address;

/// Adds a key. The index is the issuer's `key_count`. `payer` signs too.
#[must_use]
pub fn add(payer: Address, authority: Address, issuer: Address, index: u16, key: KeyTerms) -> Instruction {
    let issuer_key = address::issuer_key(&issuer, index);
    build(
        &accounts::AddKey { payer, authority, issuer, issuer_key, system_program: SYSTEM_PROGRAM },
        &instruction::AddKey { args: AddKeyArgs { index, key } },
    )
}

/// Ends a key's validity at `valid_until` (Unix seconds, not in the past), earlier than before.
#[must_use]
pub fn shorten(authority: Address, issuer: Address, index: u16, valid_until: i64) -> Instruction {
    build(&manage(authority, issuer, index), &instruction::ShortenKey { args: ShortenKeyArgs { valid_until } })
}

/// Retires a key, for good.
#[must_use]
pub fn retire(authority: Address, issuer: Address, index: u16) -> Instruction {
    build(&manage(authority, issuer, index), &instruction::RetireKey { args: NoArgs {} })
}

/// Marks a key compromised since a time (Unix seconds, not in the future), which retires it and voids what it asserted since.
#[must_use]
pub fn mark_compromised(authority: Address, issuer: Address, index: u16, since: i64) -> Instruction {
    build(
        &manage(authority, issuer, index),
        &instruction::MarkKeyCompromised { args: MarkKeyCompromisedArgs { since } },
    )
}

fn manage(authority: Address, issuer: Address, index: u16) -> accounts::ManageKey {
    accounts::ManageKey { authority, issuer, issuer_key: address::issuer_key(&issuer, index) }
}
