use microcred::VerifyArgs;
use microcred_client::{
    Address, Instruction, MicrocredError as E, address,
    instructions::{accreditation, credential, credential::VerifyAccounts, key},
    state::{
        Credential,
        CredentialStatus::{Active, Declined, Erased, Pending, Revoked, Suspended},
        Reason,
    },
};
use microcred_tests::{DAY, Held, START, World, runtime, with_account, with_extra_account, without_account};
use solana_keypair::Keypair;
use solana_signer::Signer;

fn verify_strict(world: &World, held: &Held, registry: Option<Address>) -> Instruction {
    let of = VerifyAccounts {
        credential: held.credential,
        issuer_key: Some(world.issuer.key_ref().address()),
        issuer: Some(world.issuer.address),
    };
    let achievement = Some(world.issuer.acceptance);
    credential::verify_strict(&of, VerifyArgs { achievement, issuer: None, subject: held.subject(), registry })
}

#[test]
fn a_valid_and_trusted_credential_passes_in_silence() {
    let mut world = World::new();
    let held = world.credential_in(Active);
    for registry in [None, Some(world.body.registry)] {
        let sent = world.ok(&[verify_strict(&world, &held, registry)], &[]);
        assert_eq!((sent.return_data.len(), sent.events()), (0, vec![]));
    }
}

#[test]
fn no_other_status_passes() {
    let mut world = World::new();
    for status in [Pending, Suspended, Revoked, Declined, Erased] {
        let held = world.credential_in(status);
        for registry in [None, Some(world.body.registry)] {
            world.refuses_case(status.word(), &verify_strict(&world, &held, registry), &[], E::NotValid);
        }
    }
}

#[test]
fn nothing_passes_that_is_expired_compromised_mismatched_missing_or_unchecked() {
    let mut world = World::new();
    let held = world.credential_in(Active);
    let good = verify_strict(&world, &held, None);
    let wallet = Keypair::new();
    let nobodys = Held { credential: address::credential(&world.issuer.acceptance, &wallet.pubkey(), 0), wallet };
    let mismatched = Held { credential: held.credential, wallet: Keypair::new() };
    world.refuses_case("not found", &verify_strict(&world, &nobodys, None), &[], E::NotValid);
    world.refuses_case("mismatch", &verify_strict(&world, &mismatched, None), &[], E::NotValid);
    world.refuses_case("could not check", &without_account(&good, 1), &[], E::NotValid);

    let expires_at = world.get::<Credential>(&held.credential).expires_at;
    world.ledger.set_time(expires_at - 1);
    world.ok(std::slice::from_ref(&good), &[]);
    world.ledger.set_time(expires_at);
    world.refuses_case("expired", &good, &[], E::NotValid);

    world.ledger.set_time(START + DAY);
    let authority = world.issuer.authority.insecure_clone();
    world.ok(&[key::mark_compromised(authority.pubkey(), world.issuer.address, 0, START)], &[&authority]);
    world.refuses_case("key compromised", &good, &[], E::NotValid);
}

#[test]
fn an_issuer_that_is_not_trusted_does_not_pass() {
    let mut world = World::new();
    let held = world.credential_in(Active);
    let stranger = world.new_body("strangers");
    let authority = world.body.authority.insecure_clone();
    let trusting = verify_strict(&world, &held, Some(world.body.registry));
    world.refuses_case("no entry", &verify_strict(&world, &held, Some(stranger.registry)), &[], E::NotTrusted);
    world.change_profile("University of Elsewhere");
    world.refuses_case("an earlier profile", &trusting, &[], E::NotTrusted);
    world.ok(&[accreditation::confirm(&world.accreditation(), 1)], &[&authority]);
    world.takes("a confirmed profile", &trusting, &[]);
    world.ok(&[accreditation::suspend(&world.accreditation(), Reason::UnderReview, START)], &[&authority]);
    world.refuses_case("suspended", &trusting, &[], E::NotTrusted);
    world.ok(&[accreditation::reinstate(&world.accreditation())], &[&authority]);
    world.takes("reinstated", &trusting, &[]);
    world.ok(&[accreditation::withdraw(&world.accreditation(), Reason::Payment, START)], &[&authority]);
    world.refuses_case("withdrawn", &trusting, &[], E::NotTrusted);
    world.takes("trust not asked", &verify_strict(&world, &held, None), &[]);
}

#[test]
fn a_withdrawal_after_the_issue_does_not_take_trust_back() {
    let mut world = World::new();
    let held = world.credential_in(Active);
    world.pass(60);
    let authority = world.body.authority.insecure_clone();
    world.ok(&[accreditation::withdraw(&world.accreditation(), Reason::Payment, 0)], &[&authority]);
    world.ok(&[verify_strict(&world, &held, Some(world.body.registry))], &[]);
}

#[test]
fn accounts_are_matched_as_by_verify() {
    let mut world = World::new();
    let held = world.credential_in(Active);
    let (other, impostor) = (world.new_issuer("college"), world.new_body("quality-agency"));
    let good = verify_strict(&world, &held, Some(world.body.registry));
    let nobody = Held { credential: held.credential, wallet: Keypair::new() };
    world.refuses(&with_account(&good, 0, world.issuer.achievement), &[], runtime::OTHER_KIND);
    world.refuses(&with_account(&good, 1, other.key_ref().address()), &[], E::WrongIssuer);
    world.refuses(&with_account(&good, 2, other.address), &[], E::WrongIssuer);
    world.refuses(&with_account(&good, 3, impostor.registry), &[], E::WrongRegistry);
    world.refuses(&with_account(&good, 4, nobody.subject()), &[], E::WrongAddress);
    world.refuses(&without_account(&good, 4), &[], E::TrustIncomplete);
    world.refuses(&with_extra_account(&good, held.subject()), &[], E::ExtraAccount);
    let plain = verify_strict(&world, &held, None);
    world.refuses(&with_account(&plain, 3, world.body.registry), &[], E::RegistryUnexpected);
    let of = VerifyAccounts { credential: held.credential, issuer_key: None, issuer: None };
    let nothing = VerifyArgs { achievement: None, issuer: None, subject: held.subject(), registry: None };
    world.refuses(&credential::verify_strict(&of, nothing), &[], E::ZeroExpectation);
}
