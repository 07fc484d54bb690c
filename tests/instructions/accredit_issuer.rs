use microcred_client::{
    Address, MicrocredError, address,
    event::Event,
    events::IssuerAccredited,
    instructions::accreditation::{self, AccreditationRef},
    state::{Accreditation, AccreditationStatus, Lifecycle, Reason, Record, Registry, Term, VERSION},
};
use microcred_tests::{Creation, START, World, assert_creates, bump, non_canonical, read_only, runtime, with_account};
use solana_signer::Signer;

const OPEN: Term = Term { from: START, until: 0 };
/// Places in the instruction.
const REGISTRY: usize = 2;
const ACCREDITATION: usize = 4;

/// A world with an issuer that nobody accredits yet.
fn unaccredited() -> (World, AccreditationRef) {
    let mut world = World::new();
    world.issuer = world.new_issuer("college");
    let of = world.accreditation();
    (world, of)
}

#[test]
fn an_accreditation_begins_active_with_its_term_from_now_on() {
    let (mut world, of) = unaccredited();
    let authority = world.registry_authority();
    world.change_profile("College of Somewhere");
    world.pass(30);
    let before: Registry = world.get(&of.registry);
    let term = Term { from: START - 1000, until: START + 1000 };
    let accredit = accreditation::accredit(world.payer.pubkey(), &of, 1, term);
    let events = world.performs(&accredit, &[&authority]);
    let (registry, issuer, at) = (of.registry, of.issuer, START + 30);
    assert_eq!(
        world.get::<Accreditation>(&of.address()),
        Accreditation {
            version: VERSION,
            bump: bump(&[b"accreditation", registry.as_ref(), issuer.as_ref()]),
            status: AccreditationStatus::Active.code(),
            reason: Reason::Unspecified.code(),
            term_count: 1,
            reserved_13: [0; 3],
            registry,
            issuer,
            profile_revision: 1,
            reserved_84: [0; 4],
            effective_at: at,
            status_changed_at: at,
            terms: [term, Term::default(), Term::default(), Term::default()],
            reserved_168: [0; 24],
        }
    );
    let counted = Registry { accreditation_count: before.accreditation_count + 1, ..before };
    assert_eq!(world.get::<Registry>(&registry), counted);
    let accredited = IssuerAccredited { accreditation: of.address(), registry, issuer, profile_revision: 1, term, at };
    assert_eq!(events, [Event::IssuerAccredited(accredited)]);
}

#[test]
fn a_term_begins_after_time_zero_and_ends_after_it_begins() {
    let good = [(1, 0), (1, 2), (START, START + 1), (START + 1, 0), (i64::MAX, 0), (i64::MAX - 1, i64::MAX)];
    let bad = [(0, 0), (0, START), (-1, 0), (START, START), (START, START - 1), (START, -1), (i64::MIN, i64::MIN)];
    for (from, until) in good {
        let (mut world, of) = unaccredited();
        let authority = world.registry_authority();
        let term = Term { from, until };
        world.performs(&accreditation::accredit(world.payer.pubkey(), &of, 0, term), &[&authority]);
        assert_eq!(world.get::<Accreditation>(&of.address()).used_terms(), [term]);
    }
    let (mut world, of) = unaccredited();
    let authority = world.registry_authority();
    for (from, until) in bad {
        let accredit = accreditation::accredit(world.payer.pubkey(), &of, 0, Term { from, until });
        world.refuses_case(&format!("{from}..{until}"), &accredit, &[&authority], MicrocredError::BadTerm);
    }
}

#[test]
fn only_this_registrys_authority_accredits() {
    let (mut world, of) = unaccredited();
    let authority = world.registry_authority();
    let other = world.new_body("another-agency");
    let accredit = accreditation::accredit(world.payer.pubkey(), &of, 0, OPEN);
    world.guarded(&accredit, &authority, MicrocredError::NotRegistryAuthority);
    let theirs = AccreditationRef { authority: other.authority.pubkey(), ..of };
    let accredit_for_them = accreditation::accredit(world.payer.pubkey(), &theirs, 0, OPEN);
    world.refuses(&accredit_for_them, &[&other.authority], MicrocredError::NotRegistryAuthority);
    world.refuses(&read_only(&accredit, REGISTRY), &[&authority], runtime::NOT_WRITABLE);
    world.performs(&accredit, &[&authority]);
}

#[test]
fn an_issuer_has_one_entry_in_each_registry() {
    let (mut world, of) = unaccredited();
    let authority = world.registry_authority();
    let accredit = accreditation::accredit(world.payer.pubkey(), &of, 0, OPEN);
    world.performs(&accredit, &[&authority]);
    world.refuses(&accredit, &[&authority], MicrocredError::AlreadyExists);
    world.performs(&accreditation::withdraw(&of, Reason::OperationsCeased, 0), &[&authority]);
    world.refuses(&accredit, &[&authority], MicrocredError::AlreadyExists);

    let other = world.new_body("another-agency");
    let of = AccreditationRef { authority: other.authority.pubkey(), registry: other.registry, issuer: of.issuer };
    world.performs(&accreditation::accredit(world.payer.pubkey(), &of, 0, OPEN), &[&other.authority]);
}

#[test]
fn the_entrys_address_is_the_one_of_registry_and_issuer() {
    let (mut world, of) = unaccredited();
    let authority = world.registry_authority();
    let other = world.new_body("another-agency").registry;
    let third = world.new_issuer("academy").address;
    let accredit = accreditation::accredit(world.payer.pubkey(), &of, 0, OPEN);
    let seeds: [&[u8]; 3] = [b"accreditation", of.registry.as_ref(), of.issuer.as_ref()];
    for address in [
        non_canonical(&seeds),
        address::accreditation(&other, &of.issuer),
        address::accreditation(&of.registry, &third),
        Address::new_from_array([9; 32]),
    ] {
        world.refuses(&with_account(&accredit, ACCREDITATION, address), &[&authority], MicrocredError::WrongAddress);
    }
}

#[test]
fn a_registry_accredits_while_active_and_an_issuer_until_it_retires() {
    use Lifecycle::{Active, Paused, Retired};
    use MicrocredError::{IssuerRetired, RegistryNotActive};
    for (registry, issuer, refusal) in [
        (Paused, Active, Some(RegistryNotActive)),
        (Retired, Active, Some(RegistryNotActive)),
        (Active, Retired, Some(IssuerRetired)),
        (Active, Paused, None),
    ] {
        let (mut world, of) = unaccredited();
        let authority = world.registry_authority();
        world.bring_registry(registry);
        world.bring_issuer(issuer);
        let accredit = accreditation::accredit(world.payer.pubkey(), &of, 0, OPEN);
        match refusal {
            None => drop(world.performs(&accredit, &[&authority])),
            Some(error) => world.refuses(&accredit, &[&authority], error),
        }
    }
}

#[test]
fn a_registry_vouches_for_the_profile_it_looked_at_only() {
    let (mut world, of) = unaccredited();
    let authority = world.registry_authority();
    world.change_profile("College of Somewhere");
    world.change_profile("College of Somewhere Else");
    for revision in [0, 1, 3, u32::MAX] {
        let accredit = accreditation::accredit(world.payer.pubkey(), &of, revision, OPEN);
        world.refuses(&accredit, &[&authority], MicrocredError::WrongProfileRevision);
    }
    world.performs(&accreditation::accredit(world.payer.pubkey(), &of, 2, OPEN), &[&authority]);
}

#[test]
fn the_payer_pays_what_lacks_wherever_somebody_sent_lamports_before() {
    assert_creates(|world, payer| {
        world.issuer = world.new_issuer("college");
        let of = world.accreditation();
        let instruction = accreditation::accredit(payer, &of, 0, OPEN);
        let accounts = vec![(of.address(), Accreditation::SIZE)];
        Creation { instruction, signer: world.registry_authority(), accounts }
    });
}

#[test]
fn the_authority_can_pay_too() {
    let (mut world, of) = unaccredited();
    let authority = world.registry_authority();
    world.ledger.fund(&authority.pubkey(), 1 << 40).unwrap();
    world.performs(&accreditation::accredit(authority.pubkey(), &of, 0, OPEN), &[&authority]);
}
