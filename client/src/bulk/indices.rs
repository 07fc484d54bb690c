//! Places in an issuer's status lists.
//!
//! A status list says in one bit for each place whether the credential there is revoked, and verifiers fetch the whole list, so that whoever
//! publishes it does not learn whom they ask about. That only works where many credentials share a list and a place tells nothing: Bitstring
//! Status List v1.0 has lists of at least 131,072 places and advises to give them at random. So places are drawn at random from the first
//! half of a list that is not yet three quarters full: beyond that a draw would often hit a place that is taken, and the places of one half
//! are those that the two bytes which `issue_many` has for each can tell apart, so that any of them can go into one transaction.

use std::collections::HashSet;

use anchor_lang::Discriminator;
use microcred::state::Credential;
use rand::Rng;
use solana_address::Address;

use crate::ledger::{Ledger, ReadError, Search};

/// Places of half a list, of which two bytes can name each.
const HALF: u32 = 1 << 16;
/// How many of them are given.
const FILLED: u32 = HALF / 4 * 3;
/// How many halves a 32-bit index can number.
const HALVES: u32 = 1 << 16;

/// Where in a credential its issuer and its place stand.
const ISSUER_OFFSET: usize = 16;
const INDEX_OFFSET: usize = 184;

/// The places that an issuer's credentials have, each with the credential.
pub(crate) async fn used(ledger: &dyn Ledger, issuer: &Address) -> Result<Vec<(u32, Address)>, ReadError> {
    let search = Search {
        matches: vec![(0, Credential::DISCRIMINATOR.to_vec()), (ISSUER_OFFSET, issuer.to_bytes().to_vec())],
        slice: Some((INDEX_OFFSET, 4)),
    };
    let place = |(address, account): (Address, solana_account::Account)| {
        let bytes = account.data.try_into().map_err(|_| {
            ReadError::Malformed(format!("four bytes of {address} were asked for, and other than four came"))
        })?;
        Ok((u32::from_le_bytes(bytes), address))
    };
    ledger.find(&search).await?.into_iter().map(place).collect()
}

/// Draws places that are not taken, and takes them. None: all lists are full.
#[must_use]
pub fn draw(count: usize, taken: &mut HashSet<u32>) -> Option<Vec<u32>> {
    let mut random = rand::rng();
    let mut filled = vec![0u32; 1];
    for place in taken.iter() {
        let half = usize::try_from(place / HALF).ok()?;
        if filled.len() <= half {
            filled.resize(half.checked_add(1)?, 0);
        }
        let count = filled.get_mut(half)?;
        *count = count.saturating_add(1);
    }
    let mut drawn = Vec::with_capacity(count);
    for half in 0..HALVES {
        let mut in_half = usize::try_from(half).ok().and_then(|half| filled.get(half).copied()).unwrap_or(0);
        let first = half.checked_mul(HALF)?;
        while in_half < FILLED {
            if drawn.len() == count {
                return Some(drawn);
            }
            let place = first.checked_add(random.random_range(0..HALF))?;
            if taken.insert(place) {
                drawn.push(place);
                in_half = in_half.saturating_add(1);
            }
        }
    }
    (drawn.len() == count).then_some(drawn)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_drawn_from_the_first_half_with_room_and_never_twice() {
        let mut taken: HashSet<u32> = (0..20_000).collect();
        let drawn = draw(10_000, &mut taken).unwrap();
        assert_eq!((drawn.len(), taken.len()), (10_000, 30_000));
        assert!(drawn.iter().all(|place| (20_000..HALF).contains(place)));
        assert!(!drawn.is_sorted() && drawn.iter().max().unwrap() - drawn.iter().min().unwrap() > HALF / 2);

        let more = draw(30_000, &mut taken).unwrap();
        assert_eq!(more.iter().filter(|place| **place < HALF).count(), FILLED as usize - 30_000);
        assert!(more.iter().all(|place| *place < 2 * HALF));
        assert!(draw(0, &mut taken).unwrap().is_empty());
    }
}
