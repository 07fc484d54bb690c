use microcred::{IssueArgs, RenewArgs, VerifyArgs, VerifyReceipt};
use microcred_client::{
    Address, Instruction, MicrocredError as E, address,
    instructions::{
        KeyRef, accreditation, accreditation::AccreditationRef, credential, credential::VerifyAccounts, key, registry,
    },
    state::{
        Credential,
        CredentialStatus::{Active, Declined, Erased, Pending, Revoked, Suspended},
        Reason, Registry, Term,
    },
    verdict::{Findings, TrustAtIssue, TrustNow, Verdict},
};
use microcred_tests::{
    DAY, Expected, Held, START, World, issue_args, key_terms, receipt, runtime, with_account, with_extra_account,
    without_account,
};
use solana_account::Account;
use solana_keypair::Keypair;
use solana_signer::Signer;

/// Places of the instruction's accounts.
const CREDENTIAL: usize = 0;
const ISSUER_KEY: usize = 1;
const ISSUER: usize = 2;
const REGISTRY: usize = 3;
const ACCREDITATION: usize = 4;

/// What a verifier expects who knows achievement and learner, and asks for no trust.
fn expected(world: &World, subject: Address) -> VerifyArgs {
    VerifyArgs { achievement: Some(world.issuer.acceptance), issuer: None, subject, registry: None }
}

/// Verification of a credential by the issuer's key 0, trust asked of a registry or not.
fn verify(world: &World, held: &Held, registry: Option<Address>) -> Instruction {
    let of = VerifyAccounts {
        credential: held.credential,
        issuer_key: Some(world.issuer.key_ref().address()),
        issuer: Some(world.issuer.address),
    };
    credential::verify(&of, VerifyArgs { registry, ..expected(world, held.subject()) })
}

fn answer(world: &mut World, instruction: Instruction) -> VerifyReceipt {
    receipt(&world.ok(&[instruction], &[]))
}

/// Verdict and all findings of a credential, the deciding one first.
fn findings(world: &mut World, held: &Held) -> Vec<Verdict> {
    let instruction = verify(world, held, None);
    let answer = answer(world, instruction);
    let findings: Vec<Verdict> = Findings::from_bits(answer.findings).iter().collect();
    assert_eq!(findings[0].code(), answer.verdict);
    findings
}

#[test]
fn it_returns_verdict_trust_and_what_was_read() {
    let mut world = World::new();
    let held = world.credential_in(Active);
    world.pass(60);
    let registry = world.body.registry;
    let sent = world.ok(&[verify(&world, &held, Some(registry))], &[]);
    assert_eq!(
        receipt(&sent),
        VerifyReceipt {
            verdict: 12,
            reason: 0,
            findings: 1 << 12,
            trust_at_issue: 1,
            trust_now: 1,
            reserved: [0; 2],
            credential: held.credential,
            issuer_key: world.issuer.key_ref().address(),
            registry,
            accreditation: world.accreditation().address(),
            checked_at: START + 60,
        }
    );
    assert_eq!(sent.return_data.len(), 144);
    assert_eq!(sent.events(), []);
}

#[test]
fn without_trust_asked_nothing_is_said_of_registry_and_accreditation() {
    let mut world = World::new();
    let held = world.credential_in(Revoked);
    let instruction = verify(&world, &held, None);
    assert_eq!(
        answer(&mut world, instruction),
        VerifyReceipt {
            verdict: 4,
            reason: 1,
            findings: 1 << 4,
            trust_at_issue: 0,
            trust_now: 0,
            reserved: [0; 2],
            credential: held.credential,
            issuer_key: world.issuer.key_ref().address(),
            registry: Address::default(),
            accreditation: Address::default(),
            checked_at: START,
        }
    );
}

#[test]
fn each_status_has_its_verdict_and_reason() {
    let mut world = World::new();
    for (status, verdict, reason) in [
        (Pending, Verdict::Pending, Reason::Unspecified),
        (Active, Verdict::Valid, Reason::Unspecified),
        (Suspended, Verdict::Suspended, Reason::UnderReview),
        (Revoked, Verdict::Revoked, Reason::IssuedInError),
        (Declined, Verdict::Declined, Reason::Unspecified),
        (Erased, Verdict::Erased, Reason::LegalOrder),
    ] {
        let held = world.credential_in(status);
        assert_eq!(findings(&mut world, &held), [verdict]);
        let instruction = verify(&world, &held, None);
        assert_eq!(answer(&mut world, instruction).reason, reason.code());
    }
}

#[test]
fn a_credential_expires_at_the_second() {
    let mut world = World::new();
    let held = world.credential_in(Active);
    let expires_at = world.get::<Credential>(&held.credential).expires_at;
    for (now, verdict) in
        [(expires_at - 1, Verdict::Valid), (expires_at, Verdict::Expired), (expires_at + 1, Verdict::Expired)]
    {
        world.ledger.set_time(now);
        assert_eq!(findings(&mut world, &held), [verdict]);
    }
}

#[test]
fn a_compromise_voids_what_was_asserted_since() {
    for (since, verdict) in
        [(START + 59, Verdict::KeyCompromised), (START + 60, Verdict::KeyCompromised), (START + 61, Verdict::Valid)]
    {
        let mut world = World::new();
        world.pass(60);
        let held = world.credential_in(Active);
        world.pass(60);
        let authority = world.issuer.authority.insecure_clone();
        let mark = key::mark_compromised(authority.pubkey(), world.issuer.address, 0, since);
        world.ok(&[mark], &[&authority]);
        assert_eq!(findings(&mut world, &held), [verdict]);
    }
}

#[test]
fn what_ends_later_leaves_a_credential_valid() {
    let mut world = World::new();
    let held = world.credential_in(Active);
    let authority = world.issuer.authority.insecure_clone();
    world.ok(&[key::retire(authority.pubkey(), world.issuer.address, 0)], &[&authority]);
    world.retire_everything();
    assert_eq!(findings(&mut world, &held), [Verdict::Valid]);
}

#[test]
fn a_renewal_by_a_sound_key_heals_a_compromise() {
    let mut world = World::new();
    let (held, authority, sound) =
        (world.credential_in(Active), world.issuer.authority.insecure_clone(), Keypair::new());
    world.new_key(1, key_terms(sound.pubkey())).unwrap();
    world.ok(&[key::mark_compromised(authority.pubkey(), world.issuer.address, 0, START)], &[&authority]);
    assert_eq!(findings(&mut world, &held), [Verdict::KeyCompromised]);
    let by = KeyRef { index: 1, key: sound.pubkey(), ..world.issuer.key_ref() };
    let args = RenewArgs { digest: [6; 32], expires_at: None };
    world.ok(&[credential::renew(&by, world.issuer.acceptance, held.credential, args)], &[&sound]);
    let instruction = with_account(&verify(&world, &held, None), ISSUER_KEY, by.address());
    assert_eq!(answer(&mut world, instruction).verdict, Verdict::Valid.code());
}

#[test]
fn all_findings_are_returned_and_the_first_decides() {
    use Verdict as V;
    let mut world = World::new();
    let authority = world.issuer.authority.insecure_clone();
    let held =
        [Pending, Active, Suspended, Revoked, Declined, Erased].map(|status| (status, world.credential_in(status)));
    for (status, of) in &held[3..5] {
        let erase = credential::erase_own(of.subject(), of.credential);
        world.takes(status.word(), &erase, &[&of.wallet]);
    }
    world.ok(&[key::mark_compromised(authority.pubkey(), world.issuer.address, 0, START)], &[&authority]);
    let expires_at = world.get::<Credential>(&held[0].1.credential).expires_at;
    world.ledger.set_time(expires_at);
    let expected: [&[V]; 6] = [
        &[V::KeyCompromised, V::Expired, V::Pending],
        &[V::KeyCompromised, V::Expired],
        &[V::KeyCompromised, V::Expired, V::Suspended],
        &[V::Revoked, V::Erased, V::KeyCompromised, V::Expired],
        &[V::Erased, V::Declined, V::KeyCompromised, V::Expired],
        &[V::Erased, V::KeyCompromised, V::Expired],
    ];
    for ((status, held), expected) in held.into_iter().zip(expected) {
        assert_eq!(findings(&mut world, &held), expected, "{status}");
        let blind = without_account(&verify(&world, &held, None), ISSUER_KEY);
        let bits = Findings::from_bits(answer(&mut world, blind).findings);
        let without_key = expected.iter().copied().filter(|finding| *finding != V::KeyCompromised);
        let blind: Vec<V> = [V::CouldNotCheck].into_iter().chain(without_key).collect();
        assert_eq!(bits.iter().collect::<Vec<_>>(), blind, "{status}");
    }
}

#[test]
fn an_empty_address_is_not_found_also_where_somebody_sent_lamports() {
    let mut world = World::new();
    let wallet = Keypair::new();
    let held = Held { credential: address::credential(&world.issuer.acceptance, &wallet.pubkey(), 0), wallet };
    assert_eq!(findings(&mut world, &held), [Verdict::NotFound]);
    world.ledger.fund(&held.credential, 1_000_000_000).unwrap();
    assert_eq!(findings(&mut world, &held), [Verdict::NotFound]);
    let trusted = verify(&world, &held, Some(world.body.registry));
    let answer = answer(&mut world, without_account(&trusted, ISSUER_KEY));
    assert_eq!((answer.verdict, answer.trust_at_issue, answer.trust_now), (Verdict::NotFound.code(), 0, 0));
}

#[test]
fn what_is_expected_must_match() {
    let mut world = World::new();
    let held = world.credential_in(Active);
    let other = world.new_issuer("college");
    let (ours, subject) = (world.issuer.acceptance, held.subject());
    let issuer = world.issuer.address;
    for (achievement, by, subject, verdict) in [
        (Some(ours), None, subject, Verdict::Valid),
        (None, Some(issuer), subject, Verdict::Valid),
        (Some(ours), Some(issuer), subject, Verdict::Valid),
        (Some(world.issuer.achievement), None, subject, Verdict::Mismatch),
        (Some(world.issuer.achievement), Some(issuer), subject, Verdict::Mismatch),
        (None, Some(other.address), subject, Verdict::Mismatch),
        (Some(ours), Some(other.address), subject, Verdict::Mismatch),
        (Some(ours), None, Keypair::new().pubkey(), Verdict::Mismatch),
        (None, Some(issuer), Keypair::new().pubkey(), Verdict::Mismatch),
    ] {
        let of = VerifyAccounts {
            credential: held.credential,
            issuer_key: Some(world.issuer.key_ref().address()),
            issuer: None,
        };
        let expected = VerifyArgs { achievement, issuer: by, subject, registry: None };
        assert_eq!(answer(&mut world, credential::verify(&of, expected)).verdict, verdict.code());
    }
}

#[test]
fn a_commitment_is_verified_like_a_wallet() {
    let mut world = World::new();
    let (achievement, wallet) = (world.issuer.achievement, Keypair::new());
    world.issue(achievement, IssueArgs { subject_kind: 2, ..issue_args(wallet.pubkey()) }).unwrap();
    let of = VerifyAccounts {
        credential: address::credential(&achievement, &wallet.pubkey(), 0),
        issuer_key: Some(world.issuer.key_ref().address()),
        issuer: None,
    };
    let expected = VerifyArgs { achievement: Some(achievement), ..expected(&world, wallet.pubkey()) };
    assert_eq!(answer(&mut world, credential::verify(&of, expected)).verdict, Verdict::Valid.code());
}

#[test]
fn whose_an_erased_credential_was_only_its_address_tells() {
    let mut world = World::new();
    let held = world.credential_in(Erased);
    let of = VerifyAccounts {
        credential: held.credential,
        issuer_key: Some(world.issuer.key_ref().address()),
        issuer: None,
    };
    let hers = expected(&world, held.subject());
    assert_eq!(answer(&mut world, credential::verify(&of, hers.clone())).findings, 1 << 5);
    let elsewhere = VerifyArgs { achievement: Some(world.issuer.achievement), ..hers };
    assert_eq!(answer(&mut world, credential::verify(&of, elsewhere)).verdict, Verdict::Mismatch.code());
    let anyone = expected(&world, Keypair::new().pubkey());
    assert_eq!(answer(&mut world, credential::verify(&of, anyone)).verdict, Verdict::Mismatch.code());
}

#[test]
fn without_the_key_it_could_not_be_checked() {
    let mut world = World::new();
    let held = world.credential_in(Active);
    let instruction = without_account(&verify(&world, &held, None), ISSUER_KEY);
    let answer = answer(&mut world, instruction);
    assert_eq!((answer.verdict, answer.findings, answer.issuer_key), (1, 1 << 1, Address::default()));
}

#[test]
fn an_expectation_names_achievement_or_issuer_and_a_subject() {
    let mut world = World::new();
    let held = world.credential_in(Active);
    let of = VerifyAccounts { credential: held.credential, issuer_key: None, issuer: None };
    let good = expected(&world, held.subject());
    for bad in
        [VerifyArgs { achievement: None, ..good.clone() }, VerifyArgs { subject: Address::default(), ..good.clone() }]
    {
        world.refuses(&credential::verify(&of, bad), &[], E::ZeroExpectation);
    }
}

#[test]
fn the_key_is_the_one_that_asserted_the_credential() {
    let mut world = World::new();
    let held = world.credential_in(Active);
    let other = world.new_issuer("college");
    world.new_key(1, key_terms(Keypair::new().pubkey())).unwrap();
    let good = verify(&world, &held, None);
    let second = address::issuer_key(&world.issuer.address, 1);
    world.refuses(&with_account(&good, ISSUER_KEY, second), &[], E::NotTheAssertingKey);
    world.refuses(&with_account(&good, ISSUER_KEY, other.key_ref().address()), &[], E::WrongIssuer);
    world.refuses(&with_account(&good, ISSUER_KEY, world.issuer.address), &[], runtime::OTHER_KIND);
    world.refuses(&with_account(&good, ISSUER_KEY, held.subject()), &[], runtime::EMPTY);
}

#[test]
fn what_is_not_a_credential_is_refused() {
    let mut world = World::new();
    let held = world.credential_in(Active);
    let good = verify(&world, &held, None);
    world.refuses(&with_account(&good, CREDENTIAL, world.issuer.achievement), &[], runtime::OTHER_KIND);
    world.refuses(&with_extra_account(&good, held.subject()), &[], E::ExtraAccount);
    // The same bytes under another program, and under none.
    let stored = world.ledger.account(&held.credential).unwrap();
    for owner in [Keypair::new().pubkey(), Address::default()] {
        let copy = Keypair::new().pubkey();
        world.ledger.svm().set_account(copy, Account { owner, ..stored.clone() }).unwrap();
        world.refuses(&with_account(&good, CREDENTIAL, copy), &[], E::WrongAccount);
    }
}

#[test]
fn trust_takes_registry_issuer_and_accreditation_exactly_when_it_is_asked() {
    let mut world = World::new();
    let held = world.credential_in(Active);
    let (plain, trusted) = (verify(&world, &held, None), verify(&world, &held, Some(world.body.registry)));
    for place in [ISSUER, REGISTRY, ACCREDITATION] {
        world.refuses(&without_account(&trusted, place), &[], E::TrustIncomplete);
    }
    let (registry, accreditation) = (world.body.registry, world.accreditation().address());
    world.refuses(&with_account(&plain, REGISTRY, registry), &[], E::RegistryUnexpected);
    world.refuses(&with_account(&plain, ACCREDITATION, accreditation), &[], E::RegistryUnexpected);
}

#[test]
fn a_false_registry_and_anothers_accreditation_are_refused() {
    let mut world = World::new();
    let held = world.credential_in(Active);
    let impostor = world.new_body("quality-agency");
    let other = world.new_issuer("college");
    let (ours, theirs) = (world.issuer.address, impostor.registry);
    let vouch =
        |registry: Address, issuer: Address, authority: Address| AccreditationRef { authority, registry, issuer };
    let by_impostor = vouch(theirs, ours, impostor.authority.pubkey());
    let of_other = vouch(world.body.registry, other.address, world.body.authority.pubkey());
    let authority = world.body.authority.insecure_clone();
    let term = Term { from: START - DAY, until: 0 };
    world.ok(&[accreditation::accredit(world.payer.pubkey(), &by_impostor, 0, term)], &[&impostor.authority]);
    world.ok(&[accreditation::accredit(world.payer.pubkey(), &of_other, 0, term)], &[&authority]);

    let good = verify(&world, &held, Some(world.body.registry));
    let false_registry = with_account(&good, REGISTRY, theirs);
    world.refuses(&false_registry, &[], E::WrongRegistry);
    world.refuses(&with_account(&false_registry, ACCREDITATION, by_impostor.address()), &[], E::WrongRegistry);
    world.refuses(&with_account(&good, ACCREDITATION, by_impostor.address()), &[], E::WrongRegistry);
    world.refuses(&with_account(&good, ACCREDITATION, of_other.address()), &[], E::WrongIssuer);
    world.refuses(&with_account(&good, ISSUER, other.address), &[], E::WrongIssuer);
    let other_pair = with_account(&with_account(&good, ISSUER, other.address), ACCREDITATION, of_other.address());
    world.refuses(&other_pair, &[], E::WrongIssuer);
    world.refuses(&with_account(&good, ACCREDITATION, world.issuer.address), &[], runtime::OTHER_KIND);
    world.refuses(&with_account(&good, REGISTRY, world.issuer.address), &[], runtime::OTHER_KIND);
    // Their own bytes under another program.
    let accreditation = world.accreditation().address();
    for (place, address, error) in [
        (REGISTRY, world.body.registry, runtime::OTHER_OWNER.into()),
        (ISSUER, world.issuer.address, runtime::OTHER_OWNER.into()),
        (ACCREDITATION, accreditation, Expected::from(E::WrongAccount)),
    ] {
        let (copy, owner) = (Keypair::new().pubkey(), Keypair::new().pubkey());
        let stored = world.ledger.account(&address).unwrap();
        world.ledger.svm().set_account(copy, Account { owner, ..stored }).unwrap();
        world.refuses(&with_account(&good, place, copy), &[], error);
    }
}

#[test]
fn that_there_is_no_accreditation_is_said_of_its_own_address() {
    let mut world = World::new();
    let held = world.credential_in(Active);
    let stranger = world.new_body("strangers");
    let own = address::accreditation(&stranger.registry, &world.issuer.address);
    let good = verify(&world, &held, Some(stranger.registry));
    for funded in [false, true] {
        if funded {
            world.ledger.fund(&own, 1_000_000_000).unwrap();
        }
        let answer = answer(&mut world, good.clone());
        assert_eq!((answer.verdict, answer.accreditation), (Verdict::Valid.code(), own));
        assert_eq!(answer.trust_at_issue, TrustAtIssue::NotAccredited.code());
        assert_eq!(answer.trust_now, TrustNow::NotAccredited.code());
    }
    // An entry exists in the body's registry: an empty address cannot deny it.
    let denied = verify(&world, &held, Some(world.body.registry));
    for empty in [Keypair::new().pubkey(), own] {
        world.refuses(&with_account(&denied, ACCREDITATION, empty), &[], E::WrongAddress);
    }
}

/// One registry's history with the issuer: what it does at which time.
enum Deed {
    Accredit(Term),
    Suspend { effective_at: i64 },
    Reinstate,
    Withdraw { effective_at: i64 },
    AddTerm(Term),
    ChangeProfile,
    Confirm,
    RetireRegistry,
}

/// The credential is issued at this time, and verified a day later.
const ISSUED: i64 = START + DAY;

/// Trust in a credential of [`ISSUED`], asked [`DAY`] later of a registry with this history.
fn trust_after(history: &[(i64, Deed)]) -> (TrustAtIssue, TrustNow) {
    let mut world = World::new();
    let body = world.new_body("board");
    let of =
        AccreditationRef { authority: body.authority.pubkey(), registry: body.registry, issuer: world.issuer.address };
    let mut held = None;
    let mut revision = 0;
    for (at, deed) in history {
        if held.is_none() && *at >= ISSUED {
            world.ledger.set_time(ISSUED);
            held = Some(world.credential_in(Active));
        }
        world.ledger.set_time(*at);
        let instruction = match deed {
            Deed::Accredit(term) => accreditation::accredit(world.payer.pubkey(), &of, revision, *term),
            Deed::Suspend { effective_at } => accreditation::suspend(&of, Reason::UnderReview, *effective_at),
            Deed::Reinstate => accreditation::reinstate(&of),
            Deed::Withdraw { effective_at } => accreditation::withdraw(&of, Reason::Payment, *effective_at),
            Deed::AddTerm(term) => accreditation::add_term(&of, revision, *term),
            Deed::Confirm => accreditation::confirm(&of, revision),
            Deed::RetireRegistry => registry::retire(of.authority, of.registry),
            Deed::ChangeProfile => {
                revision += 1;
                world.change_profile("University of Elsewhere");
                continue;
            }
        };
        world.ok(&[instruction], &[&body.authority]);
    }
    let held = held.unwrap_or_else(|| {
        world.ledger.set_time(ISSUED);
        world.credential_in(Active)
    });
    world.ledger.set_time(ISSUED + DAY);
    let instruction = verify(&world, &held, Some(body.registry));
    let answer = answer(&mut world, instruction);
    assert_eq!(answer.verdict, Verdict::Valid.code());
    (answer.trust_at_issue.try_into().unwrap(), answer.trust_now.try_into().unwrap())
}

#[test]
fn trust_is_what_the_registrys_history_says() {
    use Deed::{Accredit, AddTerm, ChangeProfile, Confirm, Reinstate, RetireRegistry, Suspend, Withdraw};
    use TrustAtIssue as At;
    use TrustNow as Now;
    let (before, after, now) = (START + 10, ISSUED + 10, ISSUED + DAY);
    let open = Term { from: START, until: 0 };
    let term = |from, until| Term { from, until };
    let cases = [
        ("no entry", vec![], At::NotAccredited, Now::NotAccredited),
        ("an open term", vec![(START, Accredit(open))], At::Accredited, Now::Current),
        ("entered after the issue, for before", vec![(after, Accredit(open))], At::Accredited, Now::Current),
        ("a term from the issue on", vec![(START, Accredit(term(ISSUED, 0)))], At::Accredited, Now::Current),
        (
            "a term from after the issue on",
            vec![(START, Accredit(term(ISSUED + 1, 0)))],
            At::OutsideTerms,
            Now::Current,
        ),
        ("a term to come", vec![(START, Accredit(term(now + 1, 0)))], At::OutsideTerms, Now::Lapsed),
        ("a term until the issue", vec![(START, Accredit(term(START, ISSUED)))], At::OutsideTerms, Now::Lapsed),
        ("a term until after the issue", vec![(START, Accredit(term(START, ISSUED + 1)))], At::Accredited, Now::Lapsed),
        ("a term until now", vec![(START, Accredit(term(START, now)))], At::Accredited, Now::Lapsed),
        ("a term until after now", vec![(START, Accredit(term(START, now + 1)))], At::Accredited, Now::Current),
        (
            "between two terms",
            vec![(START, Accredit(term(START, ISSUED))), (before, AddTerm(term(ISSUED + 1, 0)))],
            At::OutsideTerms,
            Now::Current,
        ),
        (
            "in a term added later",
            vec![(START, Accredit(term(START, START + 1))), (before, AddTerm(term(ISSUED, 0)))],
            At::Accredited,
            Now::Current,
        ),
        (
            "suspended since before the issue",
            vec![(START, Accredit(open)), (after, Suspend { effective_at: ISSUED - 1 })],
            At::Suspended,
            Now::Suspended,
        ),
        (
            "suspended since the issue",
            vec![(START, Accredit(open)), (after, Suspend { effective_at: ISSUED })],
            At::Suspended,
            Now::Suspended,
        ),
        (
            "suspended since after the issue",
            vec![(START, Accredit(open)), (after, Suspend { effective_at: ISSUED + 1 })],
            At::Accredited,
            Now::Suspended,
        ),
        (
            "suspended at the issue, reinstated since",
            vec![(START, Accredit(open)), (before, Suspend { effective_at: 0 }), (after, Reinstate)],
            At::Accredited,
            Now::Current,
        ),
        (
            "withdrawn since before the issue",
            vec![(START, Accredit(open)), (after, Withdraw { effective_at: ISSUED - 1 })],
            At::Withdrawn,
            Now::Withdrawn,
        ),
        (
            "withdrawn since the issue",
            vec![(START, Accredit(open)), (after, Withdraw { effective_at: ISSUED })],
            At::Withdrawn,
            Now::Withdrawn,
        ),
        (
            "withdrawn since after the issue",
            vec![(START, Accredit(open)), (after, Withdraw { effective_at: ISSUED + 1 })],
            At::Accredited,
            Now::Withdrawn,
        ),
        (
            "suspended at the issue, withdrawn since",
            vec![(START, Accredit(open)), (before, Suspend { effective_at: 0 }), (after, Withdraw { effective_at: 0 })],
            At::Withdrawn,
            Now::Withdrawn,
        ),
        (
            "withdrawn at the issue, accredited again since",
            vec![(START, Accredit(open)), (before, Withdraw { effective_at: 0 }), (after, AddTerm(term(after, 0)))],
            At::OutsideTerms,
            Now::Current,
        ),
        (
            "another profile than vouched for",
            vec![(START, Accredit(open)), (before, ChangeProfile)],
            At::EarlierProfile,
            Now::Current,
        ),
        (
            "a changed profile that was confirmed",
            vec![(START, Accredit(open)), (before, ChangeProfile), (after, Confirm)],
            At::Accredited,
            Now::Current,
        ),
        (
            "outside terms, and of another profile",
            vec![(START, Accredit(term(ISSUED + 1, 0))), (before, ChangeProfile)],
            At::OutsideTerms,
            Now::Current,
        ),
        (
            "a registry that retired since",
            vec![(START, Accredit(open)), (after, RetireRegistry)],
            At::Accredited,
            Now::RegistryRetired,
        ),
        (
            "a retired registry that had withdrawn",
            vec![(START, Accredit(open)), (before, Withdraw { effective_at: 0 }), (after, RetireRegistry)],
            At::Withdrawn,
            Now::RegistryRetired,
        ),
        ("a retired registry without an entry", vec![(after, RetireRegistry)], At::NotAccredited, Now::NotAccredited),
    ];
    for (case, history, at_issue, now) in cases {
        assert_eq!(trust_after(&history), (at_issue, now), "{case}");
    }
}

#[test]
fn a_renewal_counts_as_an_issue_for_trust() {
    let mut world = World::new();
    let (held, key, authority) =
        (world.credential_in(Active), world.issuer.key.insecure_clone(), world.body.authority.insecure_clone());
    let trust = |world: &mut World| {
        let instruction = verify(world, &held, Some(world.body.registry));
        let answer = answer(world, instruction);
        TrustAtIssue::try_from(answer.trust_at_issue).unwrap()
    };
    world.pass(60);
    world.ok(&[accreditation::withdraw(&world.accreditation(), Reason::OperationsCeased, 0)], &[&authority]);
    assert_eq!(trust(&mut world), TrustAtIssue::Accredited);
    world.pass(60);
    let args = RenewArgs { digest: [6; 32], expires_at: None };
    world.ok(&[credential::renew(&world.issuer.key_ref(), world.issuer.acceptance, held.credential, args)], &[&key]);
    assert_eq!(trust(&mut world), TrustAtIssue::Withdrawn);
}

#[test]
fn a_registry_of_unknown_status_gives_no_trust() {
    let mut world = World::new();
    let held = world.credential_in(Active);
    let address = world.body.registry;
    world.forge(&address, |registry: &mut Registry| registry.status = 9);
    let instruction = verify(&world, &held, Some(address));
    let answer = answer(&mut world, instruction);
    assert_eq!((answer.verdict, answer.trust_at_issue, answer.trust_now), (Verdict::CouldNotCheck.code(), 0, 0));
}
