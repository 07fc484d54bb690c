//! Credentials that go into one transaction together.

use microcred::{IssueArgs, IssueManyArgs, Learner, state::SubjectKind};
use solana_address::Address;
use solana_instruction::Instruction;

use super::job::capacity;
use crate::{
    address,
    instructions::{KeyRef, credential},
    sending::Budget,
};

/// A credential that is to be issued.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placed {
    /// The learner's wallet, or a commitment.
    pub subject: Address,
    /// SHA-256 of the document; zero: none.
    pub digest: [u8; 32],
    /// First second after validity; 0: never; none: by the achievement's default validity.
    pub expires_at: Option<i64>,
    /// Place in the issuer's status lists.
    pub status_index: u32,
    /// How many credentials of the achievement the learner had before.
    pub sequence: u16,
    /// The credential's address.
    pub address: Address,
}

/// What all credentials of a run have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Issuance {
    /// Pays fees and rent.
    pub payer: Address,
    /// The key that issues.
    pub key: KeyRef,
    /// Address of the key's account.
    pub issuer_key: Address,
    /// What is issued.
    pub achievement: Address,
    /// What the subjects are.
    pub subject_kind: SubjectKind,
}

impl Issuance {
    /// What is issued to wallets by a key, paid by a payer.
    #[must_use]
    pub fn new(payer: Address, key: KeyRef, achievement: Address) -> Self {
        Self { payer, key, issuer_key: key.address(), achievement, subject_kind: SubjectKind::Wallet }
    }

    /// As few transactions as possible, each as the numbers of its credentials: those of one transaction have the same expiry, and places
    /// that two bytes can tell apart; credentials that are not their learners' first go alone.
    #[must_use]
    pub fn pack(&self, credentials: &[Placed], numbers: &[usize], budget: Budget) -> Vec<Vec<usize>> {
        let of = |number: &usize| credentials.get(*number);
        let mut sorted: Vec<_> = numbers.to_vec();
        sorted.sort_by_key(|number| of(number).map(|placed| (placed.sequence, placed.expires_at, placed.status_index)));
        let most = [None, Some(0)].map(|expires_at| self.capacity(expires_at, budget));
        let mut packs: Vec<Vec<usize>> = Vec::new();
        for number in sorted {
            let Some(placed) = of(&number) else { continue };
            let most = if placed.expires_at.is_some() { most[1] } else { most[0] };
            let fits = |pack: &Vec<usize>| {
                let first = pack.first().and_then(of);
                first.is_some_and(|first| {
                    let span = placed.status_index.checked_sub(first.status_index);
                    first.expires_at == placed.expires_at
                        && placed.sequence == 0
                        && pack.len() < most
                        && span.is_some_and(|span| u16::try_from(span).is_ok())
                })
            };
            match packs.last_mut().filter(|pack| fits(pack)) {
                Some(pack) => pack.push(number),
                None => packs.push(vec![number]),
            }
        }
        packs
    }

    fn capacity(&self, expires_at: Option<i64>, budget: Budget) -> usize {
        capacity(self.payer, budget, |count| {
            let distinct = |number: usize| {
                let mut bytes = [0xa5; 32];
                bytes[..8].copy_from_slice(&number.to_le_bytes());
                Address::new_from_array(bytes)
            };
            let placed: Vec<_> = (0..count)
                .map(|number| Placed {
                    subject: Address::default(),
                    digest: [0; 32],
                    expires_at,
                    status_index: 0,
                    sequence: 0,
                    address: distinct(number),
                })
                .collect();
            self.instruction(&placed)
        })
    }

    /// The instruction that issues credentials that were packed together.
    #[must_use]
    pub fn instruction(&self, credentials: &[Placed]) -> Instruction {
        if let [placed] = credentials
            && placed.sequence > 0
        {
            let args = IssueArgs {
                subject: placed.subject,
                sequence: placed.sequence,
                subject_kind: self.subject_kind.code(),
                digest: placed.digest,
                expires_at: placed.expires_at,
                status_index: placed.status_index,
            };
            return credential::issue(self.payer, &self.key, self.achievement, args);
        }
        let status_base = credentials.iter().map(|placed| placed.status_index).min().unwrap_or_default();
        let offset = |index: u32| u16::try_from(index.saturating_sub(status_base)).unwrap_or(u16::MAX);
        let learner = |placed: &Placed| Learner {
            subject: placed.subject,
            digest: placed.digest,
            status_offset: offset(placed.status_index),
        };
        let args = IssueManyArgs {
            subject_kind: self.subject_kind.code(),
            expires_at: credentials.first().and_then(|placed| placed.expires_at),
            status_base,
            learners: credentials.iter().map(learner).collect(),
        };
        let addresses: Vec<_> = credentials.iter().map(|placed| placed.address).collect();
        credential::issue_many_at(self.payer, &self.key, self.issuer_key, self.achievement, args, &addresses)
    }
}

impl Placed {
    /// A learner's first credential.
    #[must_use]
    pub fn first(achievement: &Address, subject: Address, digest: [u8; 32], status_index: u32) -> Self {
        let address = address::credential(achievement, &subject, 0);
        Self { subject, digest, expires_at: None, status_index, sequence: 0, address }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sending::{Draft, TRANSACTION_SIZE, Validity};

    fn address(number: u32) -> Address {
        let mut bytes = [1; 32];
        bytes[..4].copy_from_slice(&number.to_le_bytes());
        Address::new_from_array(bytes)
    }

    fn placed(number: u32, expires_at: Option<i64>, sequence: u16) -> Placed {
        let subject = address(number);
        Placed { subject, digest: [7; 32], expires_at, status_index: number, sequence, address: subject }
    }

    fn issuance(payer: u32) -> Issuance {
        let key = KeyRef { issuer: address(1_000_001), index: 0, key: address(1_000_002) };
        Issuance::new(address(payer), key, address(1_000_003))
    }

    fn sizes(packs: &[Vec<usize>]) -> Vec<usize> {
        packs.iter().map(Vec::len).collect()
    }

    #[test]
    fn how_many_fit_depends_on_the_budget_and_on_who_pays() {
        let units = Some(30_000);
        // A payer of its own, and the key as payer, which saves an address and a signature.
        for (payer, budget, most) in [
            (2_000_000, Budget::default(), 8),
            (2_000_000, Budget { units, price: 0 }, 7),
            (2_000_000, Budget { units, price: 5 }, 7),
            (1_000_002, Budget::default(), 9),
            (1_000_002, Budget { units, price: 5 }, 8),
        ] {
            let issuance = issuance(payer);
            for expires_at in [None, Some(2_000_000_000)] {
                let all: Vec<_> = (0..40).map(|number| placed(number, expires_at, 0)).collect();
                let numbers: Vec<_> = (0..40).collect();
                let packs = issuance.pack(&all, &numbers, budget);
                assert_eq!(packs[0].len(), most, "{budget:?} paid by {payer}");
                for pack in packs {
                    let placed: Vec<_> = pack.iter().map(|number| all[*number]).collect();
                    let draft = Draft { budget, ..Draft::new(issuance.payer, vec![issuance.instruction(&placed)]) };
                    assert!(draft.size(&Validity::Blockhash(Default::default())) <= TRANSACTION_SIZE);
                }
            }
        }
    }

    #[test]
    fn expiries_distant_places_and_further_credentials_are_kept_apart() {
        let issuance = issuance(2_000_000);
        let all = [
            placed(1, None, 0),
            placed(2, Some(5), 0),
            placed(3, None, 0),
            placed(70_000, None, 0),
            placed(4, None, 1),
            placed(5, None, 1),
            placed(65_536, None, 0),
        ];
        let packs = issuance.pack(&all, &[0, 1, 2, 3, 4, 5, 6], Budget::default());
        assert_eq!(packs, [vec![0, 2, 6], vec![3], vec![1], vec![4], vec![5]]);
        assert_eq!(sizes(&issuance.pack(&all, &[], Budget::default())), [0; 0]);
    }
}
