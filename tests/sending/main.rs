//! Sending: what is asked of the cluster, who signs, and what becomes of a transaction when the network fails.

mod durable;
mod funds;
mod landing;
mod offline;

use microcred_client::{Address, Instruction, address, instructions::credential, state::Credential};
use microcred_tests::{World, issue_args};
use solana_keypair::Keypair;

/// A learner who holds nothing yet.
fn learner(number: u8) -> Address {
    Address::new_from_array([number; 32])
}

/// Issuing to a learner, by the issuer's key and paid by the world's payer.
fn issuing(world: &World, subject: Address) -> Instruction {
    use solana_signer::Signer;

    credential::issue(world.payer.pubkey(), &world.issuer.key_ref(), world.issuer.achievement, issue_args(subject))
}

/// Who signs that.
fn signers(world: &World) -> [Keypair; 2] {
    [world.payer.insecure_clone(), world.issuer.key.insecure_clone()]
}

/// The learner's credential, which must exist.
fn issued(ledger: &microcred_client::ledger::Embedded, world: &Issued) -> Credential {
    let address = address::credential(&world.achievement, &world.subject, 0);
    microcred_client::account::decode(&address, &ledger.account(&address).unwrap()).unwrap()
}

/// What is issued to whom.
struct Issued {
    achievement: Address,
    subject: Address,
}
