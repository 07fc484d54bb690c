use microcred::RenewArgs;
use microcred_client::{
    Address, Instruction, MicrocredError,
    event::Event,
    events::IssuerStatusChanged,
    instructions::{achievement, credential, issuer, key},
    state::{Issuer, Lifecycle, Reason},
};
use microcred_tests::{START, World, achievement_args, issue_args, read_only, runtime};
use solana_signer::Signer;

type Change = fn(Address, Address) -> Instruction;

#[test]
fn an_issuer_is_paused_resumed_and_retired_by_this_table_alone() {
    use Lifecycle::{Active, Paused, Retired};
    use MicrocredError as E;
    let table: [(Lifecycle, Change, Result<Lifecycle, E>); 9] = [
        (Active, issuer::pause, Ok(Paused)),
        (Active, issuer::resume, Err(E::ActiveCannotBeResumed)),
        (Active, issuer::retire, Ok(Retired)),
        (Paused, issuer::pause, Err(E::PausedCannotBePaused)),
        (Paused, issuer::resume, Ok(Active)),
        (Paused, issuer::retire, Ok(Retired)),
        (Retired, issuer::pause, Err(E::RetiredCannotBePaused)),
        (Retired, issuer::resume, Err(E::RetiredCannotBeResumed)),
        (Retired, issuer::retire, Err(E::RetiredCannotBeRetired)),
    ];
    for (old, change, result) in table {
        let mut world = World::new();
        let (authority, address) = (world.issuer_authority(), world.issuer.address);
        world.bring_issuer(old);
        world.pass(60);
        let before: Issuer = world.get(&address);
        let instruction = change(authority.pubkey(), address);
        match result {
            Err(error) => world.refuses(&instruction, &[&authority], error),
            Ok(new) => {
                let (at, old_status, new_status) = (START + 60, old.code(), new.code());
                let events = world.performs(&instruction, &[&authority]);
                let after = Issuer { status: new_status, status_changed_at: at, ..before };
                assert_eq!(world.get::<Issuer>(&address), after);
                let changed = IssuerStatusChanged { issuer: address, old_status, new_status, at };
                assert_eq!(events, [Event::IssuerStatusChanged(changed)]);
            }
        }
    }
}

#[test]
fn only_this_issuers_authority_changes_its_status() {
    let changes: [(Lifecycle, Change); 3] =
        [(Lifecycle::Active, issuer::pause), (Lifecycle::Paused, issuer::resume), (Lifecycle::Active, issuer::retire)];
    for (status, change) in changes {
        let mut world = World::new();
        let (authority, address) = (world.issuer_authority(), world.issuer.address);
        let other = world.new_issuer("college");
        world.bring_issuer(status);
        let instruction = change(authority.pubkey(), address);
        world.guarded(&instruction, &authority, MicrocredError::NotIssuerAuthority);
        let theirs = change(other.authority.pubkey(), address);
        world.refuses(&theirs, &[&other.authority], MicrocredError::NotIssuerAuthority);
        world.refuses(&read_only(&instruction, 1), &[&authority], runtime::NOT_WRITABLE);
        world.performs(&instruction, &[&authority]);
    }
}

#[test]
fn a_paused_or_retired_issuer_vouches_for_nothing_new_but_still_corrects_what_it_issued() {
    let learner = |number| Address::new_from_array([number; 32]);
    for status in [Lifecycle::Paused, Lifecycle::Retired] {
        let mut world = World::new();
        let (authority, holder) = (world.issuer_authority(), world.key_holder());
        let (payer, by_key, key_ref) = (world.payer.pubkey(), world.issuer.by_key(), world.issuer.key_ref());
        let (issuer, achievement) = (world.issuer.address, world.issuer.achievement);
        let (revoked, erased) = (world.issued(&learner(1)), world.issued(&learner(2)));
        world.bring_issuer(status);

        let renewal = RenewArgs { digest: [6; 32], expires_at: None };
        for refused in [
            credential::issue(payer, &key_ref, achievement, issue_args(learner(3))),
            credential::renew(&key_ref, achievement, revoked, renewal),
            achievement::create(payer, &by_key, achievement_args("new")),
        ] {
            world.refuses(&refused, &[&holder], MicrocredError::IssuerNotActive);
        }
        world.performs(&credential::suspend(&by_key, revoked, Reason::UnderReview), &[&holder]);
        world.performs(&credential::reinstate(&by_key, revoked), &[&holder]);
        world.performs(&credential::revoke(&by_key, revoked, Reason::IssuedInError), &[&holder]);
        world.performs(&credential::erase(&by_key, erased, Reason::LearnerRequest), &[&holder]);
        world.performs(&achievement::retire(&by_key, achievement), &[&holder]);
        world.performs(&key::mark_compromised(authority.pubkey(), issuer, 0, START), &[&authority]);
    }
}

#[test]
fn a_resumed_issuer_issues_again() {
    let mut world = World::new();
    let (authority, address) = (world.issuer_authority(), world.issuer.address);
    world.bring_issuer(Lifecycle::Paused);
    world.performs(&issuer::resume(authority.pubkey(), address), &[&authority]);
    world.issued(&Address::new_from_array([1; 32]));
}
