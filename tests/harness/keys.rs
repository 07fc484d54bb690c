use solana_keypair::Keypair;

/// Keypairs that depend on a seed alone.
pub struct Keys {
    seed: u64,
    count: u64,
}

impl Keys {
    /// The sequence of a seed.
    #[must_use]
    pub const fn seeded(seed: u64) -> Self {
        Self { seed, count: 0 }
    }

    /// The next keypair of the sequence.
    pub fn next_key(&mut self) -> Keypair {
        self.count += 1;
        let secret = anchor_lang::prelude::sha256(&[self.seed.to_le_bytes(), self.count.to_le_bytes()].concat());
        Keypair::new_from_array(secret)
    }
}
