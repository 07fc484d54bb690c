//! Refusals that leave everything as it was, and ways to bend a valid instruction.

use microcred_client::{
    Address, Instruction, MicrocredError,
    error::{Refusal, SendError},
    event::Event,
};
use solana_account::Account;
use solana_instruction::AccountMeta;
use solana_instruction_error::InstructionError;
use solana_keypair::Keypair;
use solana_signer::Signer;

use crate::World;

/// An error that an instruction must be refused with.
pub trait Expected {
    /// As the client reports it.
    fn refusal(self) -> Refusal;
}

impl Expected for MicrocredError {
    fn refusal(self) -> Refusal {
        Refusal::Microcred(self)
    }
}

impl Expected for InstructionError {
    fn refusal(self) -> Refusal {
        Refusal::Runtime(self)
    }
}

impl World {
    /// Sends one instruction, which must take effect, and gives the events that it logged.
    #[track_caller]
    pub fn performs(&mut self, instruction: &Instruction, signers: &[&Keypair]) -> Vec<Event> {
        match self.send(std::slice::from_ref(instruction), signers) {
            Ok(sent) => sent.events(),
            Err(error) => panic!("{error}: {error:#?}"),
        }
    }

    /// Requires that an instruction is refused with exactly this error and changes nothing: no account of the program, and none that it
    /// names but the fee payer.
    #[track_caller]
    pub fn refuses(&mut self, instruction: &Instruction, signers: &[&Keypair], expected: impl Expected) {
        let before = self.everything(instruction);
        match self.send(std::slice::from_ref(instruction), signers) {
            Err(SendError::Refused { refusal, logs, .. }) => assert_eq!(refusal, expected.refusal(), "{logs:#?}"),
            other => panic!("expected {:?}, got {other:#?}", expected.refusal()),
        }
        assert_eq!(self.everything(instruction), before, "a refused instruction changed an account");
    }

    /// Requires of a valid instruction that `signer` must sign it, that nobody can sign in their place (`error`), and that it takes no
    /// account more.
    #[track_caller]
    pub fn guarded(&mut self, instruction: &Instruction, signer: &Keypair, error: MicrocredError) {
        let cast = [&self.payer, &self.body.authority, &self.issuer.authority, &self.issuer.key];
        let others: Vec<_> = cast.iter().map(|other| other.insecure_clone()).chain([Keypair::new()]).collect();
        for other in others.iter().filter(|other| other.pubkey() != signer.pubkey()) {
            self.refuses(&swapped(instruction, &signer.pubkey(), &other.pubkey()), &[other], error);
        }
        let missing = InstructionError::MissingRequiredSignature;
        self.refuses(&unsigned(instruction, &signer.pubkey()), &[], missing);
        self.refuses(&with_extra(instruction), &[signer], MicrocredError::ExtraAccount);
    }

    /// The program's accounts, and those that an instruction names, in the order of their addresses.
    fn everything(&self, instruction: &Instruction) -> Vec<(Address, Account)> {
        let named = instruction.accounts.iter().map(|meta| meta.pubkey);
        let mut all = self.ledger.program_accounts();
        all.extend(named.filter_map(|address| Some((address, self.ledger.account(&address)?))));
        all.retain(|(address, _)| *address != self.payer.pubkey());
        all.sort_by_key(|(address, _)| *address);
        all.dedup();
        all
    }
}

/// The instruction with one account in another's place.
#[must_use]
pub fn swapped(instruction: &Instruction, from: &Address, to: &Address) -> Instruction {
    let mut bent = instruction.clone();
    assert!(bent.accounts.iter().any(|meta| meta.pubkey == *from), "the instruction does not name {from}");
    for meta in bent.accounts.iter_mut().filter(|meta| meta.pubkey == *from) {
        meta.pubkey = *to;
    }
    bent
}

/// The instruction without the need of a signature.
#[must_use]
pub fn unsigned(instruction: &Instruction, signer: &Address) -> Instruction {
    let mut bent = instruction.clone();
    assert!(bent.accounts.iter().any(|meta| meta.pubkey == *signer && meta.is_signer), "{signer} does not sign");
    for meta in bent.accounts.iter_mut().filter(|meta| meta.pubkey == *signer) {
        meta.is_signer = false;
    }
    bent
}

/// The instruction with one account more.
#[must_use]
pub fn with_extra(instruction: &Instruction) -> Instruction {
    let mut bent = instruction.clone();
    bent.accounts.push(AccountMeta::new_readonly(Address::new_from_array([0xEE; 32]), false));
    bent
}

/// The instruction with one byte of its arguments changed, counted after the discriminator.
#[must_use]
pub fn with_argument(instruction: &Instruction, at: usize, byte: u8) -> Instruction {
    let mut bent = instruction.clone();
    bent.data[8 + at] = byte;
    bent
}
