//! A ceiling of compute units for every instruction. Keys depend on a seed, so the figures are the same in every run of the same
//! program; each ceiling stands beside the greatest figure measured last, with about a twentieth of room.

use std::collections::BTreeMap;

use microcred_tests::lifecycle;

/// Seeds that the ceilings hold for: addresses differ in how many bumps must be tried.
const SEEDS: std::ops::Range<u64> = 0..8;

const CEILINGS: &[(&str, u64)] = &[
];

#[test]
fn no_instruction_costs_more_than_its_ceiling() {
    let mut greatest: BTreeMap<&str, u64> = BTreeMap::new();
    for cost in SEEDS.flat_map(lifecycle::run) {
        let units = greatest.entry(cost.name).or_default();
        *units = cost.units.max(*units);
    }
    let ceilings: BTreeMap<_, _> = CEILINGS.iter().copied().collect();
    let names: Vec<_> = greatest.keys().collect();
    assert_eq!(names, ceilings.keys().collect::<Vec<_>>(), "every instruction has a ceiling, and no other");
    let over: Vec<_> = greatest.iter().filter(|(name, units)| **units > ceilings[*name]).collect();
    assert!(over.is_empty(), "over their ceilings: {over:?}; all: {greatest:#?}");
}
