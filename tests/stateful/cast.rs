//! Who takes part. Everybody's keys are fixed, so that a seed gives the same addresses each time.

use std::collections::BTreeMap;

use microcred_client::Address;
use solana_keypair::Keypair;
use solana_signer::Signer;

/// Everybody, by role. A role is where somebody starts: authorities can be handed to anybody.
pub struct Cast {
    /// Pays fees and rent, and is nobody else.
    pub payer: Keypair,
    /// Everybody who can sign, but the payer.
    pub wallets: BTreeMap<Address, Keypair>,
    /// Accrediting bodies and issuers.
    pub authorities: Vec<Address>,
    /// Who hold issuer keys.
    pub holders: Vec<Address>,
    /// Learners with a wallet.
    pub learners: Vec<Address>,
    /// Learners behind a commitment.
    pub commitments: Vec<Address>,
    pub treasuries: Vec<Address>,
    /// Signs for whatever belongs to others.
    pub attacker: Address,
    /// Everybody who can sign, but the payer.
    pub crowd: Vec<Address>,
    /// An address where there is nothing.
    pub nowhere: Address,
}

impl Cast {
    pub fn new() -> Self {
        let mut wallets = BTreeMap::new();
        let mut next = 1;
        let mut people = |count: usize| -> Vec<Address> {
            let new = (0..count).map(|_| {
                let keypair = Keypair::new_from_array([next; 32]);
                next += 1;
                let address = keypair.pubkey();
                wallets.insert(address, keypair);
                address
            });
            new.collect()
        };
        let (authorities, holders, learners) = (people(5), people(6), people(4));
        let (treasuries, attackers) = (people(3), people(1));
        let crowd =
            [&authorities, &holders, &learners, &treasuries, &attackers].into_iter().flatten().copied().collect();
        Self {
            payer: Keypair::new_from_array([0xAA; 32]),
            authorities,
            holders,
            learners,
            commitments: (0xC0..0xC3).map(|byte| Address::new_from_array([byte; 32])).collect(),
            treasuries,
            attacker: attackers[0],
            crowd,
            nowhere: Address::new_from_array([0xEE; 32]),
            wallets,
        }
    }

    /// Whether an address can sign.
    pub fn can_sign(&self, address: &Address) -> bool {
        *address == self.payer.pubkey() || self.wallets.contains_key(address)
    }
}
