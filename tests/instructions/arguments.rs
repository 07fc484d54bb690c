//! What all instructions have in common: exactly their arguments, exactly their accounts, and nothing else.

use std::collections::BTreeSet;

use microcred::{
    CreateAchievementArgs, EditAchievementArgs, IssueManyArgs, Learner, RenewArgs, UpdateIssuerProfileArgs, VerifyArgs,
};
use microcred_client::{
    Address, Instruction, MicrocredError, address,
    instructions::{
        Excess, accreditation, achievement, credential, credential::VerifyAccounts, issuer, key, registry,
        withdraw_excess,
    },
    state::{AccreditationStatus, CredentialStatus, Lifecycle, Reason, Term},
};
use microcred_tests::{
    START, World, achievement_args, issue_args, issuer_args, key_terms, registry_args, with_argument,
    with_extra_account,
};
use solana_instruction_error::InstructionError;
use solana_keypair::Keypair;
use solana_signer::Signer;

/// Brings a world to where an instruction is valid, and gives it with its one signer beside the payer, if it has one.
type Build = fn(&mut World) -> (Instruction, Option<Keypair>);

const SUBJECT: Address = Address::new_from_array([1; 32]);
const ANY: Address = Address::new_from_array([2; 32]);

#[expect(deprecated, reason = "the runtime still answers by the old name")]
const TOO_FEW_ACCOUNTS: InstructionError = InstructionError::NotEnoughAccountKeys;

/// One valid instruction of every kind, in the order of the program's list.
const INSTRUCTIONS: [(&str, Build); 45] = [
    ("issue", |world| {
        let (payer, key, of) = (world.payer.pubkey(), world.issuer.key_ref(), world.issuer.achievement);
        (credential::issue(payer, &key, of, issue_args(SUBJECT)), Some(world.key_holder()))
    }),
    ("issue_many", |world| {
        let (payer, key, of) = (world.payer.pubkey(), world.issuer.key_ref(), world.issuer.achievement);
        let learners = [SUBJECT, ANY].map(|subject| Learner { subject, digest: [5; 32], status_offset: 1 }).to_vec();
        let args = IssueManyArgs { subject_kind: 1, expires_at: None, status_base: 0, learners };
        (credential::issue_many(payer, &key, of, args), Some(world.key_holder()))
    }),
    ("verify", |world| (credential::verify(&to_verify(world), expected(world)), None)),
    ("verify_strict", |world| (credential::verify_strict(&to_verify(world), expected(world)), None)),
    ("revoke", |world| {
        let issued = world.issued(&SUBJECT);
        (credential::revoke(&world.issuer.by_key(), issued, Reason::IssuedInError), Some(world.key_holder()))
    }),
    ("revoke_many", |world| {
        let issued = [world.issued(&SUBJECT)];
        (credential::revoke_many(&world.issuer.by_key(), &issued, Reason::IssuedInError), Some(world.key_holder()))
    }),
    ("suspend", |world| {
        let issued = world.issued(&SUBJECT);
        (credential::suspend(&world.issuer.by_key(), issued, Reason::UnderReview), Some(world.key_holder()))
    }),
    ("reinstate", |world| {
        let suspended = world.credential_in(CredentialStatus::Suspended).credential;
        (credential::reinstate(&world.issuer.by_key(), suspended), Some(world.key_holder()))
    }),
    ("renew", |world| {
        let (issued, of) = (world.issued(&SUBJECT), world.issuer.achievement);
        let args = RenewArgs { digest: [6; 32], expires_at: Some(0) };
        (credential::renew(&world.issuer.key_ref(), of, issued, args), Some(world.key_holder()))
    }),
    ("accept", |world| {
        let held = world.credential_in(CredentialStatus::Pending);
        (credential::accept(held.subject(), held.credential), Some(held.wallet))
    }),
    ("decline", |world| {
        let held = world.credential_in(CredentialStatus::Pending);
        (credential::decline(held.subject(), held.credential), Some(held.wallet))
    }),
    ("erase", |world| {
        let issued = world.issued(&SUBJECT);
        (credential::erase(&world.issuer.by_key(), issued, Reason::LearnerRequest), Some(world.key_holder()))
    }),
    ("create_achievement", |world| {
        let (payer, actor) = (world.payer.pubkey(), world.issuer.by_key());
        (achievement::create(payer, &actor, achievement_args("welding")), Some(world.key_holder()))
    }),
    ("edit_achievement", |world| {
        let draft = world.new_achievement("welding", Lifecycle::Draft);
        let CreateAchievementArgs { title, uri, kind, policy, eqf_level, workload, default_validity, .. } =
            achievement_args("welding");
        let definition_digest = [3; 32];
        let args =
            EditAchievementArgs { title, uri, kind, policy, eqf_level, workload, default_validity, definition_digest };
        (achievement::edit(&world.issuer.by_key(), draft, args), Some(world.key_holder()))
    }),
    ("publish_achievement", |world| {
        let draft = world.new_achievement("welding", Lifecycle::Draft);
        (achievement::publish(&world.issuer.by_key(), draft), Some(world.key_holder()))
    }),
    ("pause_achievement", |world| {
        (achievement::pause(&world.issuer.by_key(), world.issuer.achievement), Some(world.key_holder()))
    }),
    ("resume_achievement", |world| {
        let paused = world.new_achievement("welding", Lifecycle::Paused);
        (achievement::resume(&world.issuer.by_key(), paused), Some(world.key_holder()))
    }),
    ("retire_achievement", |world| {
        (achievement::retire(&world.issuer.by_key(), world.issuer.achievement), Some(world.key_holder()))
    }),
    ("set_replaced_achievement", |world| {
        world.pass(1);
        let newer = world.new_achievement("welding", Lifecycle::Active);
        let link = achievement::set_replaced(&world.issuer.by_key(), newer, world.issuer.achievement);
        (link, Some(world.key_holder()))
    }),
    ("create_issuer", |world| {
        let creator = Keypair::new();
        let args = issuer_args("college", ANY, key_terms(ANY));
        (issuer::create(world.payer.pubkey(), creator.pubkey(), args), Some(creator))
    }),
    ("update_issuer_profile", |world| {
        let authority = world.issuer_authority();
        let args =
            UpdateIssuerProfileArgs { name: "Name".into(), url: "https://a.example".into(), country: "AT".into() };
        (issuer::update_profile(authority.pubkey(), world.issuer.address, args), Some(authority))
    }),
    ("update_issuer_treasury", |world| {
        let authority = world.issuer_authority();
        (issuer::update_treasury(authority.pubkey(), world.issuer.address, ANY), Some(authority))
    }),
    ("propose_issuer_authority", |world| {
        let authority = world.issuer_authority();
        (issuer::propose_authority(authority.pubkey(), world.issuer.address, Some(ANY)), Some(authority))
    }),
    ("accept_issuer_authority", |world| {
        let (authority, address, new) = (world.issuer_authority(), world.issuer.address, Keypair::new());
        world.performs(&issuer::propose_authority(authority.pubkey(), address, Some(new.pubkey())), &[&authority]);
        (issuer::accept_authority(new.pubkey(), address), Some(new))
    }),
    ("pause_issuer", |world| {
        let authority = world.issuer_authority();
        (issuer::pause(authority.pubkey(), world.issuer.address), Some(authority))
    }),
    ("resume_issuer", |world| {
        world.bring_issuer(Lifecycle::Paused);
        let authority = world.issuer_authority();
        (issuer::resume(authority.pubkey(), world.issuer.address), Some(authority))
    }),
    ("retire_issuer", |world| {
        let authority = world.issuer_authority();
        (issuer::retire(authority.pubkey(), world.issuer.address), Some(authority))
    }),
    ("add_key", |world| {
        let (payer, authority) = (world.payer.pubkey(), world.issuer_authority());
        (key::add(payer, authority.pubkey(), world.issuer.address, 1, key_terms(ANY)), Some(authority))
    }),
    ("shorten_key", |world| {
        let authority = world.issuer_authority();
        (key::shorten(authority.pubkey(), world.issuer.address, 0, START + 1), Some(authority))
    }),
    ("retire_key", |world| {
        let authority = world.issuer_authority();
        (key::retire(authority.pubkey(), world.issuer.address, 0), Some(authority))
    }),
    ("mark_key_compromised", |world| {
        let authority = world.issuer_authority();
        (key::mark_compromised(authority.pubkey(), world.issuer.address, 0, START), Some(authority))
    }),
    ("create_registry", |world| {
        let creator = Keypair::new();
        let create = registry::create(world.payer.pubkey(), creator.pubkey(), registry_args("another-agency"));
        (create, Some(creator))
    }),
    ("update_registry_uri", |world| {
        let authority = world.registry_authority();
        (registry::update_uri(authority.pubkey(), world.body.registry, "https://a.example"), Some(authority))
    }),
    ("propose_registry_authority", |world| {
        let authority = world.registry_authority();
        (registry::propose_authority(authority.pubkey(), world.body.registry, Some(ANY)), Some(authority))
    }),
    ("accept_registry_authority", |world| {
        let (authority, address, new) = (world.registry_authority(), world.body.registry, Keypair::new());
        world.performs(&registry::propose_authority(authority.pubkey(), address, Some(new.pubkey())), &[&authority]);
        (registry::accept_authority(new.pubkey(), address), Some(new))
    }),
    ("pause_registry", |world| {
        let authority = world.registry_authority();
        (registry::pause(authority.pubkey(), world.body.registry), Some(authority))
    }),
    ("resume_registry", |world| {
        world.bring_registry(Lifecycle::Paused);
        let authority = world.registry_authority();
        (registry::resume(authority.pubkey(), world.body.registry), Some(authority))
    }),
    ("retire_registry", |world| {
        let authority = world.registry_authority();
        (registry::retire(authority.pubkey(), world.body.registry), Some(authority))
    }),
    ("accredit_issuer", |world| {
        world.issuer = world.new_issuer("college");
        let term = Term { from: START, until: 0 };
        let accredit = accreditation::accredit(world.payer.pubkey(), &world.accreditation(), 0, term);
        (accredit, Some(world.registry_authority()))
    }),
    ("suspend_accreditation", |world| {
        let suspend = accreditation::suspend(&world.accreditation(), Reason::UnderReview, 0);
        (suspend, Some(world.registry_authority()))
    }),
    ("reinstate_accreditation", |world| {
        world.bring_accreditation(AccreditationStatus::Suspended);
        (accreditation::reinstate(&world.accreditation()), Some(world.registry_authority()))
    }),
    ("withdraw_accreditation", |world| {
        let withdraw = accreditation::withdraw(&world.accreditation(), Reason::UnderReview, 0);
        (withdraw, Some(world.registry_authority()))
    }),
    ("add_accreditation_term", |world| {
        world.bring_accreditation(AccreditationStatus::Withdrawn);
        let add = accreditation::add_term(&world.accreditation(), 0, Term { from: START, until: 0 });
        (add, Some(world.registry_authority()))
    }),
    ("confirm_accreditation", |world| {
        world.change_profile("University of Somewhere Else");
        (accreditation::confirm(&world.accreditation(), 1), Some(world.registry_authority()))
    }),
    ("withdraw_excess", |world| {
        let (issuer, treasury) = (world.issuer.address, world.issuer.treasury);
        world.ledger.fund(&issuer, 1_000_000).unwrap();
        (withdraw_excess(issuer, &Excess::OfIssuer { treasury }), None)
    }),
];

fn to_verify(world: &mut World) -> VerifyAccounts {
    let credential = world.issued(&SUBJECT);
    let issuer = world.issuer.address;
    VerifyAccounts { credential, issuer_key: Some(address::issuer_key(&issuer, 0)), issuer: Some(issuer) }
}

fn expected(world: &World) -> VerifyArgs {
    let (issuer, achievement) = (world.issuer.address, world.issuer.achievement);
    VerifyArgs {
        achievement: Some(achievement),
        issuer: Some(issuer),
        subject: SUBJECT,
        registry: Some(world.body.registry),
    }
}

/// Runs a check in a fresh world for every instruction, which must still take effect afterwards: nothing but what the
/// check bent was wrong.
fn for_every_instruction(check: impl Fn(&str, &mut World, &Instruction, &[&Keypair])) {
    for (name, build) in INSTRUCTIONS {
        let mut world = World::new();
        let (instruction, signer) = build(&mut world);
        let signers: Vec<&Keypair> = signer.iter().collect();
        check(name, &mut world, &instruction, &signers);
        world.takes(name, &instruction, &signers);
    }
}

fn with_data(instruction: &Instruction, data: Vec<u8>) -> Instruction {
    Instruction { data, ..instruction.clone() }
}

#[test]
fn the_table_has_every_instruction_of_the_program() {
    let list = include_str!("../../programs/microcred/src/lib.rs");
    let declared = list.lines().filter_map(|line| line.trim().strip_prefix("pub fn ")?.split('(').next());
    assert_eq!(declared.collect::<BTreeSet<_>>(), INSTRUCTIONS.iter().map(|(name, _)| *name).collect());
    let discriminators = INSTRUCTIONS.iter().map(|(_, build)| build(&mut World::new()).0.data[..8].to_vec());
    assert_eq!(discriminators.collect::<BTreeSet<_>>().len(), INSTRUCTIONS.len());
}

#[test]
fn bytes_after_the_arguments_are_refused() {
    for_every_instruction(|name, world, instruction, signers| {
        for trailing in [&[0][..], &[255], &[0; 32]] {
            let longer = with_data(instruction, [&instruction.data, trailing].concat());
            world.refuses_case(name, &longer, signers, InstructionError::InvalidInstructionData);
        }
    });
}

#[test]
fn arguments_cut_off_anywhere_are_refused() {
    for_every_instruction(|name, world, instruction, signers| {
        for length in 0..instruction.data.len() {
            let shorter = with_data(instruction, instruction.data[..length].to_vec());
            let case = format!("{name} cut to {length} bytes");
            world.refuses_case(&case, &shorter, signers, InstructionError::InvalidInstructionData);
        }
    });
}

#[test]
fn unknown_instructions_are_refused() {
    for_every_instruction(|name, world, instruction, signers| {
        let unknown = (0..8).map(|position| {
            let mut data = instruction.data.clone();
            data[position] ^= 1;
            data
        });
        for data in unknown.chain([vec![0; 8], vec![255; 8]]) {
            let bent = with_data(instruction, data);
            world.refuses_case(name, &bent, signers, InstructionError::InvalidInstructionData);
        }
    });
}

#[test]
fn an_account_more_is_refused_by_all_that_take_no_list() {
    for_every_instruction(|name, world, instruction, signers| {
        let longer = with_extra_account(instruction, Address::new_from_array([0xEE; 32]));
        match name {
            "issue_many" => world.refuses_case(name, &longer, signers, MicrocredError::CountMismatch),
            "revoke_many" => {}
            _ => world.refuses_case(name, &longer, signers, MicrocredError::ExtraAccount),
        }
    });
}

#[test]
fn an_account_less_is_refused() {
    for_every_instruction(|name, world, instruction, signers| {
        let mut shorter = instruction.clone();
        shorter.accounts.pop();
        match name {
            "issue_many" => world.refuses_case(name, &shorter, signers, MicrocredError::CountMismatch),
            "revoke_many" => world.refuses_case(name, &shorter, signers, MicrocredError::NothingToDo),
            _ => world.refuses_case(name, &shorter, signers, TOO_FEW_ACCOUNTS),
        }
    });
}

#[test]
fn values_that_are_none_of_their_type_are_refused() {
    /// Bytes before an issue's optional expiry: subject, sequence, kind and digest.
    const EXPIRY: usize = 32 + 2 + 1 + 32;
    /// Bytes before the learners of an issue to many: kind, no expiry, base.
    const LEARNERS: usize = 1 + 1 + 4;
    for_every_instruction(|name, world, instruction, signers| {
        let bent = match name {
            "create_registry" | "create_issuer" => {
                vec![
                    ("not UTF-8", with_argument(instruction, 4, 0xFF)),
                    ("endless", with_argument(instruction, 3, 0xFF)),
                ]
            }
            "create_achievement" => {
                vec![("neither true nor false", with_argument(instruction, instruction.data.len() - 9, 2))]
            }
            "issue" => vec![("neither some nor none", with_argument(instruction, EXPIRY, 2))],
            "issue_many" => vec![
                ("one learner more", with_argument(instruction, LEARNERS, 3)),
                ("one learner less", with_argument(instruction, LEARNERS, 1)),
                ("endless", with_argument(instruction, LEARNERS + 3, 0xFF)),
            ],
            _ => vec![],
        };
        for (case, bent) in bent {
            let case = format!("{name}: {case}");
            world.refuses_case(&case, &bent, signers, InstructionError::InvalidInstructionData);
        }
    });
}
