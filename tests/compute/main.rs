//! A ceiling of compute units for every instruction. Keys depend on a seed, so the figures are the same in every run of the same
//! program; each ceiling stands beside the greatest figure measured last, with about a twentieth of room.

use std::collections::BTreeMap;

use microcred_tests::lifecycle;

/// Seeds that the ceilings hold for: addresses differ in how many bumps must be tried.
const SEEDS: std::ops::Range<u64> = 0..64;

const CEILINGS: &[(&str, u64)] = &[
    ("accept", 900),                     // 825
    ("accept_issuer_authority", 850),    // 763
    ("accept_registry_authority", 850),  // 776
    ("accredit_issuer", 8100),           // 7694
    ("add_accreditation_term", 1200),    // 1139
    ("add_key", 4850),                   // 4607
    ("confirm_accreditation", 950),      // 891
    ("create_achievement", 9850),        // 9379
    ("create_issuer", 12850),            // 12208
    ("create_registry", 8600),           // 8153
    ("decline", 900),                    // 820
    ("edit_achievement", 3750),          // 3524
    ("erase", 1150),                     // 1067
    ("issue", 5350),                     // 5074
    ("issue after a revoked one", 6250), // 5919
    ("issue_many of 8", 27800),          // 26468
    ("mark_key_compromised", 900),       // 831
    ("pause_achievement", 1100),         // 1027
    ("pause_issuer", 750),               // 668
    ("pause_registry", 700),             // 643
    ("propose_issuer_authority", 750),   // 707
    ("propose_registry_authority", 750), // 707
    ("publish_achievement", 1100),       // 1026
    ("reinstate", 1100),                 // 1037
    ("reinstate_accreditation", 1050),   // 992
    ("renew", 1500),                     // 1413
    ("resume_achievement", 1100),        // 1028
    ("resume_issuer", 750),              // 670
    ("resume_registry", 700),            // 637
    ("retire_achievement", 1100),        // 1024
    ("retire_issuer", 750),              // 673
    ("retire_key", 850),                 // 805
    ("retire_registry", 700),            // 642
    ("revoke", 1050),                    // 982
    ("revoke by the authority", 1050),   // 958
    ("revoke_many of 8", 5600),          // 5322
    ("set_replaced_achievement", 1250),  // 1185
    ("shorten_key", 950),                // 870
    ("suspend", 1100),                   // 1047
    ("suspend_accreditation", 1100),     // 1002
    ("update_issuer_profile", 5200),     // 4907
    ("update_issuer_treasury", 700),     // 660
    ("update_registry_uri", 2550),       // 2384
    ("verify", 1400),                    // 1331
    ("verify with trust", 1750),         // 1644
    ("verify_strict", 1150),             // 1064
    ("verify_strict with trust", 1450),  // 1360
    ("withdraw_accreditation", 1100),    // 1013
    ("withdraw_excess", 1350),           // 1268
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
