//! Where accounts are: pure functions of what identifies them.
//!
//! Each returns the canonical program-derived address; the seeds stand at each function.

use microcred::{ID, seeds};
use solana_address::Address;

/// A registry: seeds `"registry", creator, slug`.
#[must_use]
pub fn registry(creator: &Address, slug: &str) -> Address {
    find(&[seeds::REGISTRY, creator.as_ref(), slug.as_bytes()])
}

/// An issuer: seeds `"issuer", creator, slug`.
#[must_use]
pub fn issuer(creator: &Address, slug: &str) -> Address {
    find(&[seeds::ISSUER, creator.as_ref(), slug.as_bytes()])
}

/// An issuer's entry in a registry: seeds `"accreditation", registry, issuer`.
#[must_use]
pub fn accreditation(registry: &Address, issuer: &Address) -> Address {
    find(&[seeds::ACCREDITATION, registry.as_ref(), issuer.as_ref()])
}

/// A key of an issuer: seeds `"key", issuer, index` (u16, little-endian).
#[must_use]
pub fn issuer_key(issuer: &Address, index: u16) -> Address {
    find(&[seeds::KEY, issuer.as_ref(), &index.to_le_bytes()])
}

/// An achievement: seeds `"achievement", issuer, code`.
#[must_use]
pub fn achievement(issuer: &Address, code: &str) -> Address {
    find(&[seeds::ACHIEVEMENT, issuer.as_ref(), code.as_bytes()])
}

/// A credential: seeds `"credential", achievement, subject, sequence` (u16, little-endian).
#[must_use]
pub fn credential(achievement: &Address, subject: &Address, sequence: u16) -> Address {
    credential_and_bump(achievement, subject, sequence).0
}

/// A credential, with the bump of its address: the program takes 385 compute units more for each that it is below 255.
#[must_use]
pub fn credential_and_bump(achievement: &Address, subject: &Address, sequence: u16) -> (Address, u8) {
    let seeds = [seeds::CREDENTIAL, achievement.as_ref(), subject.as_ref(), &sequence.to_le_bytes()];
    Address::try_find_program_address(&seeds, &ID).unwrap_or((NOWHERE, 0))
}

/// Where nothing is, and nothing can be: no program-derived address is known to be this one.
const NOWHERE: Address = Address::new_from_array([0xff; 32]);

/// Texts longer than a seed (32 bytes) have no address; the program refuses them and says so.
fn find(seeds: &[&[u8]]) -> Address {
    Address::try_find_program_address(seeds, &ID).map_or(NOWHERE, |(address, _)| address)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_too_long_for_a_seed_have_no_address() {
        let creator = Address::new_from_array([1; 32]);
        assert_eq!(registry(&creator, &"a".repeat(33)), NOWHERE);
        assert_ne!(registry(&creator, &"a".repeat(32)), NOWHERE);
    }
}
