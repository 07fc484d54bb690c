//! What an instruction takes, and from whom alone.

use microcred_client::{Address, Instruction, MicrocredError, event::Event};
use solana_keypair::Keypair;
use solana_signer::Signer;

use crate::{World, runtime, unsigned, with_account, with_extra_account};

impl World {
    /// Sends one instruction, which must take effect, and gives the events that it logged.
    #[track_caller]
    pub fn performs(&mut self, instruction: &Instruction, signers: &[&Keypair]) -> Vec<Event> {
        self.takes("", instruction, signers).events()
    }

    /// Requires of a valid instruction that `signer` must sign it, that nobody can sign in their place (`error`), and
    /// that it takes no account more.
    #[track_caller]
    pub fn guarded(&mut self, instruction: &Instruction, signer: &Keypair, error: MicrocredError) {
        let place = place_of(instruction, &signer.pubkey());
        let cast = [&self.payer, &self.body.authority, &self.issuer.authority, &self.issuer.key];
        let others: Vec<_> = cast.iter().map(|other| other.insecure_clone()).chain([Keypair::new()]).collect();
        for other in others.iter().filter(|other| other.pubkey() != signer.pubkey()) {
            self.refuses(&with_account(instruction, place, other.pubkey()), &[other], error);
        }
        self.refuses(&unsigned(instruction, place), &[], runtime::NOT_SIGNED);
        let extra = with_extra_account(instruction, Address::new_from_array([0xEE; 32]));
        self.refuses(&extra, &[signer], MicrocredError::ExtraAccount);
    }
}

/// Where an instruction names an account.
#[must_use]
#[track_caller]
pub fn place_of(instruction: &Instruction, address: &Address) -> usize {
    instruction.accounts.iter().position(|meta| meta.pubkey == *address).unwrap()
}

/// The instruction with one byte of its arguments changed, counted after the discriminator.
#[must_use]
pub fn with_argument(instruction: &Instruction, at: usize, byte: u8) -> Instruction {
    let mut changed = instruction.clone();
    changed.data[8 + at] = byte;
    changed
}
