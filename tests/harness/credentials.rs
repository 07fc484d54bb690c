//! Credentials in every status, and ways to bring issuers and achievements into theirs.

use microcred_client::{
    Address,
    instructions::{achievement, credential, issuer},
    state::{CredentialStatus, Reason, Record},
};
use solana_account::Account;
use solana_keypair::Keypair;
use solana_signer::Signer;

use crate::World;

/// A credential of the achievement that requires acceptance, and its learner.
pub struct Held {
    /// The learner's wallet.
    pub wallet: Keypair,
    /// The credential.
    pub credential: Address,
}

impl Held {
    /// The learner's address.
    #[must_use]
    pub fn subject(&self) -> Address {
        self.wallet.pubkey()
    }
}

impl World {
    /// A new learner's credential in a status, brought there by key 0 and the learner.
    pub fn credential_in(&mut self, status: CredentialStatus) -> Held {
        let wallet = Keypair::new();
        let credential = self.pending(&wallet.pubkey());
        let (key, by_key) = (self.issuer.key.insecure_clone(), self.issuer.by_key());
        let accept = credential::accept(wallet.pubkey(), credential);
        match status {
            CredentialStatus::Pending => {}
            CredentialStatus::Active => drop(self.ok(&[accept], &[&wallet])),
            CredentialStatus::Suspended => {
                let suspend = credential::suspend(&by_key, credential, Reason::UnderReview);
                self.ok(&[accept, suspend], &[&wallet, &key]);
            }
            CredentialStatus::Revoked => {
                self.ok(&[credential::revoke(&by_key, credential, Reason::IssuedInError)], &[&key]);
            }
            CredentialStatus::Declined => {
                self.ok(&[credential::decline(wallet.pubkey(), credential)], &[&wallet]);
            }
            CredentialStatus::Erased => {
                self.ok(&[credential::erase(&by_key, credential, Reason::LegalOrder)], &[&key]);
            }
        }
        Held { wallet, credential }
    }

    /// Pauses or retires the issuer.
    pub fn halt_issuer(&mut self, halt: fn(Address, Address) -> microcred_client::Instruction) {
        let authority = self.issuer.authority.insecure_clone();
        self.ok(&[halt(authority.pubkey(), self.issuer.address)], &[&authority]);
    }

    /// Pauses or retires one of the issuer's achievements.
    pub fn halt_achievement(
        &mut self,
        halt: fn(&microcred_client::instructions::Actor, Address) -> microcred_client::Instruction,
        address: Address,
    ) {
        let authority = self.issuer.authority.insecure_clone();
        self.ok(&[halt(&self.issuer.by_authority(), address)], &[&authority]);
    }

    /// Retires the issuer and the achievement that requires acceptance: the most that can stand in the way.
    pub fn retire_everything(&mut self) {
        self.halt_achievement(achievement::retire, self.issuer.acceptance);
        self.halt_issuer(issuer::retire);
    }

    /// Writes into an account what only the program could, to stand where getting there would take too long.
    pub fn forge<T>(&mut self, address: &Address, change: impl FnOnce(&mut T))
    where
        T: Record + anchor_lang::Discriminator + anchor_lang::bytemuck::Pod,
    {
        let mut record: T = self.get(address);
        change(&mut record);
        let account = self.ledger.account(address).unwrap();
        let data = [T::DISCRIMINATOR, anchor_lang::bytemuck::bytes_of(&record)].concat();
        self.ledger.svm().set_account(*address, Account { data, ..account }).unwrap();
    }

    /// Lamports at an address.
    #[must_use]
    pub fn lamports(&self, address: &Address) -> u64 {
        self.ledger.account(address).map_or(0, |account| account.lamports)
    }
}
