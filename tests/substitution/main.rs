//! For every account that an instruction takes, every other that could be put in its place: all are refused and change
//! nothing, but for the exceptions, of which each says why.

mod cases;
mod cast;
mod exceptions;
mod outcome;
mod stage;
mod substitutes;

use std::collections::{BTreeMap, BTreeSet};

use cases::Case;
use cast::Cast;
use exceptions::{EXCEPTIONS, Occurrence};
use serde_json::Value;
use solana_transaction_error::TransactionError;
use stage::Stage;

#[test]
fn no_account_can_stand_in_for_another() {
    let (cast, base) = Cast::new();
    let cases = cases::all(&cast);
    let interface = interface();
    let covered: BTreeSet<&str> = cases.iter().map(|case| case.instruction).collect();
    assert_eq!(covered, interface.keys().map(String::as_str).collect());

    let mut findings = Findings::default();
    for case in &cases {
        let mut stage = base.clone();
        (case.prepare)(&cast, &mut stage);
        findings.try_all(case, &slots(case, &interface[case.instruction]), &cast, &stage);
    }
    findings.report(cases.len());
}

/// What came of the substitutions.
#[derive(Default)]
struct Findings {
    refused: usize,
    /// How often each exception occurred.
    legitimate: BTreeMap<Occurrence, usize>,
    defects: Vec<String>,
}

impl Findings {
    /// Tries every substitute in every slot of a case, for which the stage is prepared.
    fn try_all(&mut self, case: &Case, slots: &[String], cast: &Cast, prepared: &Stage) {
        let mut valid = prepared.clone();
        valid.send(&case.valid).unwrap_or_else(|error| panic!("{} is not valid: {error:?}", case.name()));
        let after = valid.state();
        let one = (0..slots.len()).flat_map(|position| {
            let substitutes = substitutes::substitutes(case, position, slots, cast, prepared);
            substitutes.into_iter().map(move |substitute| (slots[position].as_str(), substitute))
        });
        let several = substitutes::mixtures(case, slots, cast).into_iter().map(|mixture| ("several", mixture));
        for (slot, substitute) in one.chain(several) {
            let mut stage = prepared.clone();
            if let Some((address, account)) = substitute.placed.clone() {
                stage.put(address, account);
            }
            let what = || format!("{}, {slot}: {}", case.name(), substitute.kind);
            match outcome::attempt(case, &substitute, &mut stage, &after) {
                Err(TransactionError::InstructionError(0, _)) => self.refused += 1,
                Err(error) => self.defects.push(format!("{}: did not come before the program: {error:?}", what())),
                Ok(effect) => match exceptions::allowing(case, slot, &substitute.kind, effect) {
                    Some(occurrence) => *self.legitimate.entry(occurrence).or_default() += 1,
                    None => self.defects.push(format!("{}: takes effect: {effect:?}", what())),
                },
            }
        }
    }

    /// Prints the numbers. Requires that there is no defect and that every exception occurred.
    fn report(mut self, cases: usize) {
        let mut reasons = BTreeMap::<&str, usize>::new();
        for ([exception, ..], count) in &self.legitimate {
            *reasons.entry(EXCEPTIONS[*exception].why).or_default() += count;
        }
        for (why, count) in reasons {
            println!("{count:5} {why}");
        }
        let legitimate: usize = self.legitimate.values().sum();
        let tried = self.refused + legitimate + self.defects.len();
        println!("{cases} cases, {tried} substitutions: {} refused, {legitimate} legitimate", self.refused);

        for (position, exception) in EXCEPTIONS.iter().enumerate() {
            for (case, name) in exception.cases.iter().enumerate() {
                for (substitute, kind) in exception.substitutes.iter().enumerate() {
                    if !self.legitimate.contains_key(&[position, case, substitute]) {
                        self.defects
                            .push(format!("{name}, {}: {kind}: is an exception but does not occur", exception.slot));
                    }
                }
            }
        }
        assert!(self.defects.is_empty(), "{} defects:\n{}", self.defects.len(), self.defects.join("\n"));
    }
}

/// The instructions of the IDL by name.
fn interface() -> BTreeMap<String, Value> {
    let idl: Value = serde_json::from_str(include_str!("../../idl/microcred.json")).unwrap();
    let instructions = idl["instructions"].as_array().unwrap().iter();
    instructions.map(|instruction| (name(instruction), instruction.clone())).collect()
}

/// Names of a case's accounts; those after the named ones are credentials. The case must be of that instruction.
fn slots(case: &Case, interface: &Value) -> Vec<String> {
    let discriminator: Vec<u8> = serde_json::from_value(interface["discriminator"].clone()).unwrap();
    assert!(case.valid.data.starts_with(&discriminator), "{} is another instruction", case.name());
    let mut names: Vec<String> = interface["accounts"].as_array().unwrap().iter().map(name).collect();
    let further = case.valid.accounts.len().checked_sub(names.len()).unwrap();
    names.extend((0..further).map(|index| format!("credentials[{index}]")));
    names
}

fn name(item: &Value) -> String {
    item["name"].as_str().unwrap().to_owned()
}
