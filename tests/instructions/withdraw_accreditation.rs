use microcred_client::{
    MicrocredError,
    event::Event,
    events::AccreditationStatusChanged,
    instructions::accreditation::{self, AccreditationRef},
    state::{Accreditation, AccreditationStatus, Lifecycle, Reason, Term},
};
use microcred_tests::{DAY, START, World, read_only, runtime, with_account, with_argument};
use solana_signer::Signer;

const fn term(from: i64, until: i64) -> Term {
    Term { from, until }
}

#[test]
fn active_and_suspended_accreditations_are_withdrawn_for_a_reason_since_a_time() {
    use AccreditationStatus::{Active, Suspended};
    let histories = [
        (Active, [(0, START + 60), (START + 60, START + 60), (START - 5, START - 5)]),
        (Suspended, [(0, START), (START, START), (START - 5, START - 5)]),
    ];
    for (old, times) in histories {
        for (given, effective_at) in times {
            let mut world = World::new();
            let (authority, of) = (world.registry_authority(), world.accreditation());
            world.bring_accreditation(old);
            world.pass(60);
            let before: Accreditation = world.get(&of.address());
            let events = world.performs(&accreditation::withdraw(&of, Reason::LegalOrder, given), &[&authority]);
            let (at, reason) = (START + 60, Reason::LegalOrder.code());
            let (old_status, new_status) = (old.code(), AccreditationStatus::Withdrawn.code());
            let mut terms = before.terms;
            terms[0].until = effective_at;
            assert_eq!(
                world.get::<Accreditation>(&of.address()),
                Accreditation { status: new_status, reason, effective_at, status_changed_at: at, terms, ..before }
            );
            let changed = AccreditationStatusChanged {
                accreditation: of.address(),
                registry: of.registry,
                issuer: of.issuer,
                old_status,
                new_status,
                old_reason: before.reason,
                new_reason: reason,
                old_effective_at: before.effective_at,
                new_effective_at: effective_at,
                at,
            };
            assert_eq!(events, [Event::AccreditationStatusChanged(changed)]);
        }
    }
}

#[test]
fn terms_end_with_it_and_later_ones_are_dropped() {
    let past = term(START - 20 * DAY, START - 10 * DAY);
    let present = term(START - 5 * DAY, START + 5 * DAY);
    let future = term(START + 10 * DAY, 0);
    let table: [(&[Term], i64, &[Term]); 9] = [
        (&[past, present, future], START, &[past, term(present.from, START)]),
        (&[past, present, future], present.from + 1, &[past, term(present.from, present.from + 1)]),
        (&[past, present, future], present.from, &[past]),
        (&[past, present, future], past.until, &[past]),
        (&[past, present, future], past.until - 1, &[term(past.from, past.until - 1)]),
        (&[past, present, future], past.from, &[term(past.from, past.from)]),
        (&[past, present, future], 1, &[term(1, 1)]),
        (&[past], START, &[past]),
        (&[future], START, &[term(START, START)]),
    ];
    for (terms, effective_at, left) in table {
        let mut world = World::new();
        let body = world.new_body("another-agency");
        let of = AccreditationRef {
            authority: body.authority.pubkey(),
            registry: body.registry,
            issuer: world.issuer.address,
        };
        world.performs(&accreditation::accredit(world.payer.pubkey(), &of, 0, terms[0]), &[&body.authority]);
        for term in &terms[1..] {
            world.performs(&accreditation::add_term(&of, 0, *term), &[&body.authority]);
        }
        world.performs(&accreditation::withdraw(&of, Reason::LegalOrder, effective_at), &[&body.authority]);
        let account: Accreditation = world.get(&of.address());
        assert_eq!(account.used_terms(), left, "{terms:?} withdrawn at {effective_at}");
        assert!(account.terms[left.len()..].iter().all(|unused| *unused == Term::default()));
    }
}

#[test]
fn it_takes_effect_after_time_zero_and_not_in_the_future() {
    let mut world = World::new();
    let (authority, of) = (world.registry_authority(), world.accreditation());
    for effective_at in [START + 1, i64::MAX, -1, i64::MIN] {
        let withdraw = accreditation::withdraw(&of, Reason::UnderReview, effective_at);
        world.refuses(&withdraw, &[&authority], MicrocredError::BadEffectiveTime);
    }
}

#[test]
fn every_reason_is_taken_and_no_other_number() {
    for reason in Reason::ALL {
        let mut world = World::new();
        let (authority, of) = (world.registry_authority(), world.accreditation());
        world.performs(&accreditation::withdraw(&of, *reason, 0), &[&authority]);
        assert_eq!(world.get::<Accreditation>(&of.address()).reason, reason.code());
    }
    let mut world = World::new();
    let (authority, of) = (world.registry_authority(), world.accreditation());
    let withdraw = accreditation::withdraw(&of, Reason::Unspecified, 0);
    for number in [13, 255] {
        world.refuses(&with_argument(&withdraw, 0, number), &[&authority], MicrocredError::UnknownReason);
    }
}

#[test]
fn only_the_authority_of_the_entrys_registry_withdraws_and_once() {
    let mut world = World::new();
    let (authority, of) = (world.registry_authority(), world.accreditation());
    let other = world.new_body("another-agency");
    let withdraw = accreditation::withdraw(&of, Reason::OperationsCeased, 0);
    world.guarded(&withdraw, &authority, MicrocredError::NotRegistryAuthority);
    let theirs = AccreditationRef { authority: other.authority.pubkey(), ..of };
    let in_its_name = accreditation::withdraw(&theirs, Reason::OperationsCeased, 0);
    world.refuses(&in_its_name, &[&other.authority], MicrocredError::NotRegistryAuthority);
    let through_their_own = with_account(&in_its_name, 1, other.registry);
    world.refuses(&through_their_own, &[&other.authority], MicrocredError::WrongRegistry);
    world.refuses(&read_only(&withdraw, 2), &[&authority], runtime::NOT_WRITABLE);
    world.performs(&withdraw, &[&authority]);
    world.refuses(&withdraw, &[&authority], MicrocredError::WithdrawnAccreditationCannotBeWithdrawn);
}

#[test]
fn neither_registry_nor_issuer_needs_to_be_active() {
    for status in [Lifecycle::Paused, Lifecycle::Retired] {
        let mut world = World::new();
        let (authority, of) = (world.registry_authority(), world.accreditation());
        world.bring_registry(status);
        world.bring_issuer(status);
        world.performs(&accreditation::withdraw(&of, Reason::UnderReview, 0), &[&authority]);
    }
}

/// Else what was issued while it was suspended would be vouched for again.
#[test]
fn a_withdrawal_has_effect_no_later_than_the_suspension_it_follows() {
    let mut world = World::new();
    let (authority, of) = (world.registry_authority(), world.accreditation());
    world.bring_accreditation(AccreditationStatus::Suspended);
    world.pass(60);
    for effective_at in [START + 1, START + 60] {
        let later = accreditation::withdraw(&of, Reason::LegalOrder, effective_at);
        world.refuses(&later, &[&authority], MicrocredError::BadEffectiveTime);
    }
}

/// A body that learns later how long it was deceived can say so.
#[test]
fn a_withdrawal_can_be_moved_to_an_earlier_time_and_to_no_other() {
    let mut world = World::new();
    let (authority, of) = (world.registry_authority(), world.accreditation());
    world.bring_accreditation(AccreditationStatus::Withdrawn);
    world.pass(60);
    for not_earlier in [0, START, START + 60] {
        let withdraw = accreditation::withdraw(&of, Reason::LegalOrder, not_earlier);
        world.refuses(&withdraw, &[&authority], MicrocredError::WithdrawnAccreditationCannotBeWithdrawn);
    }
    world.performs(&accreditation::withdraw(&of, Reason::LegalOrder, START - 9), &[&authority]);
    let account: Accreditation = world.get(&of.address());
    assert_eq!((account.effective_at, account.status_changed_at), (START - 9, START + 60));
    assert_eq!(account.used_terms(), [term(START - DAY, START - 9)]);
}
