use microcred_client::{
    MicrocredError,
    event::Event,
    events::AccreditationTermAdded,
    instructions::accreditation::{self, AccreditationRef},
    state::{Accreditation, AccreditationStatus, Lifecycle, Reason, Term},
};
use microcred_tests::{DAY, START, World, read_only, runtime, with_account};
use solana_signer::Signer;

const fn term(from: i64, until: i64) -> Term {
    Term { from, until }
}

const FIRST: Term = term(START - DAY, START + DAY);

/// Terms, one to add, and what is left then.
type Addition<'a> = (&'a [Term], Term, Result<&'a [Term], MicrocredError>);

/// A world whose issuer is accredited in these terms.
fn accredited(terms: &[Term]) -> (World, AccreditationRef) {
    let mut world = World::new();
    world.body = world.new_body("another-agency");
    let (authority, of) = (world.registry_authority(), world.accreditation());
    world.performs(&accreditation::accredit(world.payer.pubkey(), &of, 0, terms[0]), &[&authority]);
    for term in &terms[1..] {
        world.performs(&accreditation::add_term(&of, 0, *term), &[&authority]);
    }
    (world, of)
}

fn padded(terms: &[Term]) -> [Term; 4] {
    let mut all = [Term::default(); 4];
    all[..terms.len()].copy_from_slice(terms);
    all
}

#[test]
fn an_active_accreditation_gets_another_term_and_vouches_for_the_present_profile() {
    let (mut world, of) = accredited(&[FIRST]);
    let authority = world.registry_authority();
    world.change_profile("University of Somewhere Else");
    world.pass(60);
    let before: Accreditation = world.get(&of.address());
    let second = term(FIRST.until + 1, FIRST.until + 2);
    let events = world.performs(&accreditation::add_term(&of, 1, second), &[&authority]);
    assert_eq!(
        world.get::<Accreditation>(&of.address()),
        Accreditation { terms: padded(&[FIRST, second]), term_count: 2, profile_revision: 1, ..before }
    );
    let added = AccreditationTermAdded {
        accreditation: of.address(),
        registry: of.registry,
        issuer: of.issuer,
        term: second,
        old_status: AccreditationStatus::Active.code(),
        old_profile_revision: 0,
        new_profile_revision: 1,
        at: START + 60,
    };
    assert_eq!(events, [Event::AccreditationTermAdded(added)]);
}

#[test]
fn a_term_begins_where_the_last_one_ends_or_later() {
    let end = FIRST.until;
    let four = [term(10, 20), term(30, 40), term(50, 60), term(70, 80)];
    let open = [term(10, 0)];
    let table: [Addition<'_>; 16] = [
        (&[FIRST], term(end, end + 5), Ok(&[term(FIRST.from, end + 5)])),
        (&[FIRST], term(end, 0), Ok(&[term(FIRST.from, 0)])),
        (&[FIRST], term(end + 1, 0), Ok(&[FIRST, term(end + 1, 0)])),
        (&[term(10, 20)], term(START - 9, START - 8), Ok(&[term(10, 20), term(START - 9, START - 8)])),
        (&[FIRST], term(end - 1, 0), Err(MicrocredError::TermOverlaps)),
        (&[FIRST], term(FIRST.from, end), Err(MicrocredError::TermOverlaps)),
        (&[FIRST], term(1, 2), Err(MicrocredError::TermOverlaps)),
        (&open, term(START, 0), Err(MicrocredError::TermOverlaps)),
        (&open, term(i64::MAX, 0), Err(MicrocredError::TermOverlaps)),
        (&[FIRST], term(end + 1, end + 1), Err(MicrocredError::BadTerm)),
        (&[FIRST], term(end + 1, end), Err(MicrocredError::BadTerm)),
        (&[FIRST], term(end + 1, -1), Err(MicrocredError::BadTerm)),
        (&[FIRST], term(0, 0), Err(MicrocredError::BadTerm)),
        (&[FIRST], term(i64::MIN, 0), Err(MicrocredError::BadTerm)),
        (&four, term(81, 90), Err(MicrocredError::TermsFull)),
        (&four, term(80, 90), Ok(&[term(10, 20), term(30, 40), term(50, 60), term(70, 90)])),
    ];
    for (terms, added, result) in table {
        let (mut world, of) = accredited(terms);
        let authority = world.registry_authority();
        let add = accreditation::add_term(&of, 0, added);
        match result {
            Err(error) => world.refuses_case(&format!("{terms:?} and {added:?}"), &add, &[&authority], error),
            Ok(left) => {
                world.performs(&add, &[&authority]);
                let account: Accreditation = world.get(&of.address());
                assert_eq!((account.used_terms(), account.terms), (left, padded(left)), "{terms:?} and {added:?}");
            }
        }
    }
}

#[test]
fn a_withdrawn_accreditation_is_active_again_from_now_and_keeps_its_gap() {
    let (mut world, of) = accredited(&[FIRST]);
    let authority = world.registry_authority();
    world.performs(&accreditation::withdraw(&of, Reason::RequirementsNotMet, START - 10), &[&authority]);
    world.pass(60);
    let (before, now): (Accreditation, i64) = (world.get(&of.address()), START + 60);
    for from in [now - 1, START - 10, START - DAY] {
        let too_early = accreditation::add_term(&of, 0, term(from, 0));
        world.refuses(&too_early, &[&authority], MicrocredError::TermInThePast);
    }
    let events = world.performs(&accreditation::add_term(&of, 0, term(now, 0)), &[&authority]);
    let account: Accreditation = world.get(&of.address());
    assert_eq!(
        account,
        Accreditation {
            status: AccreditationStatus::Active.code(),
            reason: Reason::Unspecified.code(),
            effective_at: now,
            status_changed_at: now,
            terms: padded(&[term(FIRST.from, START - 10), term(now, 0)]),
            term_count: 2,
            ..before
        }
    );
    assert!(
        account.covers(START - 11) && !account.covers(START - 10) && !account.covers(now - 1) && account.covers(now)
    );
    let added = AccreditationTermAdded {
        accreditation: of.address(),
        registry: of.registry,
        issuer: of.issuer,
        term: term(now, 0),
        old_status: AccreditationStatus::Withdrawn.code(),
        old_profile_revision: 0,
        new_profile_revision: 0,
        at: now,
    };
    assert_eq!(events, [Event::AccreditationTermAdded(added)]);
}

#[test]
fn a_suspended_accreditation_gets_no_term() {
    let (mut world, of) = accredited(&[FIRST]);
    let authority = world.registry_authority();
    world.bring_accreditation(AccreditationStatus::Suspended);
    let add = accreditation::add_term(&of, 0, term(FIRST.until, 0));
    world.refuses(&add, &[&authority], MicrocredError::SuspendedAccreditationCannotGetATerm);
}

#[test]
fn a_registry_vouches_for_the_profile_it_looked_at_only() {
    let (mut world, of) = accredited(&[FIRST]);
    let authority = world.registry_authority();
    world.change_profile("University of Somewhere Else");
    for revision in [0, 2, u32::MAX] {
        let add = accreditation::add_term(&of, revision, term(FIRST.until, 0));
        world.refuses(&add, &[&authority], MicrocredError::WrongProfileRevision);
    }
}

#[test]
fn the_registry_must_be_active_and_the_issuer_not_retired() {
    use Lifecycle::{Active, Paused, Retired};
    use MicrocredError::{IssuerRetired, RegistryNotActive};
    for (registry, issuer, refusal) in [
        (Paused, Active, Some(RegistryNotActive)),
        (Retired, Active, Some(RegistryNotActive)),
        (Active, Retired, Some(IssuerRetired)),
        (Active, Paused, None),
    ] {
        let (mut world, of) = accredited(&[FIRST]);
        let authority = world.registry_authority();
        world.bring_registry(registry);
        world.bring_issuer(issuer);
        let add = accreditation::add_term(&of, 0, term(FIRST.until, 0));
        match refusal {
            None => drop(world.performs(&add, &[&authority])),
            Some(error) => world.refuses(&add, &[&authority], error),
        }
    }
}

#[test]
fn only_the_authority_of_the_entrys_registry_adds_terms() {
    let (mut world, of) = accredited(&[FIRST]);
    let authority = world.registry_authority();
    let (other, college) = (world.new_body("third-agency"), world.new_issuer("college").address);
    let add = accreditation::add_term(&of, 0, term(FIRST.until, 0));
    world.guarded(&add, &authority, MicrocredError::NotRegistryAuthority);
    let theirs = AccreditationRef { authority: other.authority.pubkey(), ..of };
    let in_its_name = accreditation::add_term(&theirs, 0, term(FIRST.until, 0));
    world.refuses(&in_its_name, &[&other.authority], MicrocredError::NotRegistryAuthority);
    let through_their_own = with_account(&in_its_name, 1, other.registry);
    world.refuses(&through_their_own, &[&other.authority], MicrocredError::WrongRegistry);
    world.refuses(&with_account(&add, 2, college), &[&authority], MicrocredError::WrongIssuer);
    world.refuses(&read_only(&add, 3), &[&authority], runtime::NOT_WRITABLE);
    world.performs(&add, &[&authority]);
    world.refuses(&add, &[&authority], MicrocredError::TermOverlaps);
}
