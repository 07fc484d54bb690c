//! What was tried, and what came of it.

use std::{collections::BTreeMap, fmt};

use microcred_client::{MicrocredError, error::Refusal};

use crate::request::Kind;

/// Counts of steps by kind and of refusals by error.
#[derive(Debug, Default)]
pub struct Coverage {
    steps: BTreeMap<Kind, (u64, u64)>,
    refusals: BTreeMap<String, u64>,
    verdicts: BTreeMap<u8, u64>,
    trusts: BTreeMap<(u8, u8), u64>,
}

impl Coverage {
    pub fn step(&mut self, kind: Kind, outcome: &Result<(), Refusal>) {
        let (succeeded, refused) = self.steps.entry(kind).or_default();
        *(if outcome.is_ok() { succeeded } else { refused }) += 1;
        self.outcome(outcome);
    }

    pub fn outcome(&mut self, outcome: &Result<(), Refusal>) {
        let name = match outcome {
            Ok(()) => return,
            Err(Refusal::Microcred(error)) => error.name().into(),
            Err(Refusal::Runtime(error)) => format!("{error:?}"),
        };
        *self.refusals.entry(name).or_default() += 1;
    }

    pub fn verdict(&mut self, verdict: u8, trust: (u8, u8)) {
        *self.verdicts.entry(verdict).or_default() += 1;
        *self.trusts.entry(trust).or_default() += 1;
    }

    /// What a run must have seen and has not: every instruction succeed; a long one every verdict and every error too.
    pub fn gaps(&self, is_long: bool) -> Vec<String> {
        let succeeded = |kind: &Kind| self.steps.get(kind).is_some_and(|(succeeded, _)| *succeeded > 0);
        let silent = Kind::INSTRUCTIONS.iter().filter(|kind| !succeeded(kind));
        let mut gaps: Vec<String> = silent.map(|kind| format!("{kind:?} never succeeded")).collect();
        if !is_long {
            return gaps;
        }
        let unseen = MicrocredError::ALL.iter().filter(|error| !UNREACHABLE.contains(&error.name()));
        let unseen = unseen.filter(|error| !self.refusals.contains_key(error.name()));
        gaps.extend(unseen.map(|error| format!("{} never occurred", error.name())));
        let missing = VERDICTS.iter().filter(|code| !self.verdicts.contains_key(code));
        gaps.extend(missing.map(|code| format!("verdict {code} was never given")));
        gaps
    }
}

/// Every verdict but those about documents, which the chain does not see.
const VERDICTS: &[u8] = &[1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12];

/// What no sequence of instructions leads to, or only the arguments of `verify`, which is asked correctly here. The
/// tests of the instructions lead there.
const UNREACHABLE: &[&str] = &[
    "Overflow",
    "TooManyKeys",
    "UnknownStatus",
    "InvariantBroken",
    "ZeroExpectation",
    "TrustIncomplete",
    "RegistryUnexpected",
    "NotTheAssertingKey",
];

impl fmt::Display for Coverage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (mut all, mut good) = (0, 0);
        writeln!(f, "{:>9} {:>9}", "succeeded", "refused")?;
        for (kind, (succeeded, refused)) in &self.steps {
            writeln!(f, "{succeeded:>9} {refused:>9}  {kind:?}")?;
            all += succeeded + refused;
            good += succeeded;
        }
        writeln!(f, "{good} of {all} instructions succeeded; {} kinds of refusal:", self.refusals.len())?;
        for (refusal, count) in &self.refusals {
            writeln!(f, "{count:>9}  {refusal}")?;
        }
        writeln!(f, "verdicts by code: {:?}", self.verdicts)?;
        writeln!(f, "trust at issue and now: {:?}", self.trusts)
    }
}
