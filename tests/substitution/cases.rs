//! The table: for every instruction, and every way to act by it, a valid one.

mod administration;
mod credentials;

use microcred_client::Instruction;

use crate::{cast::Cast, stage::Stage};

/// One valid instruction.
pub struct Case {
    /// Name of the instruction, as in the IDL.
    pub instruction: &'static str,
    /// Which way to act; empty if there is one only.
    pub variant: &'static str,
    /// The instruction.
    pub valid: Instruction,
    /// What happens before it, so that it is valid, and its substitutes would be if they were not checked.
    pub prepare: fn(&Cast, &mut Stage),
    /// The accounts that it creates: which slot, and the seeds of the address without the bump.
    pub creates: Vec<(usize, Vec<Vec<u8>>)>,
}

impl Case {
    fn new(instruction: &'static str, variant: &'static str, valid: Instruction) -> Self {
        Self { instruction, variant, valid, prepare: |_, _| {}, creates: Vec::new() }
    }

    fn after(self, prepare: fn(&Cast, &mut Stage)) -> Self {
        Self { prepare, ..self }
    }

    fn creating(mut self, slot: usize, seeds: &[&[u8]]) -> Self {
        self.creates.push((slot, seeds.iter().map(|seed| seed.to_vec()).collect()));
        self
    }

    /// Instruction and variant.
    pub fn name(&self) -> String {
        let separator = if self.variant.is_empty() { "" } else { " " };
        format!("{}{separator}{}", self.instruction, self.variant)
    }
}

/// All cases.
pub fn all(cast: &Cast) -> Vec<Case> {
    let mut cases = credentials::cases(cast);
    cases.extend(administration::registries(cast));
    cases.extend(administration::accreditations(cast));
    cases.extend(administration::issuers(cast));
    cases.extend(administration::achievements(cast));
    cases.extend(administration::excess(cast));
    cases
}
