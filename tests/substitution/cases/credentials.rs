use microcred::{IssueArgs, IssueManyArgs, Learner, RenewArgs, VerifyArgs, seeds};
use microcred_client::{
    Address, Instruction, address,
    instructions::{
        Actor,
        credential::{self, VerifyAccounts},
    },
    state::Reason,
};
use microcred_tests::issue_args;

use super::Case;
use crate::{cast::Cast, stage::Stage};

pub fn cases(cast: &Cast) -> Vec<Case> {
    let mut cases = issuing(cast);
    cases.extend(changing(cast));
    cases.extend(verifying(cast));
    cases
}

fn issuing(cast: &Cast) -> Vec<Case> {
    let (house, [learner, next]) = (&cast.university, cast.new_learners);
    let seeds = |subject: &Address, sequence: u16| {
        [
            seeds::CREDENTIAL.to_vec(),
            house.achievement.to_bytes().into(),
            subject.to_bytes().into(),
            sequence.to_le_bytes().into(),
        ]
    };
    let issue = |args| credential::issue(cast.payer, &house.key(), house.achievement, args);
    let third = IssueArgs { sequence: 2, ..issue_args(cast.former_learner) };
    let learners = [learner, next].map(|subject| Learner { subject, digest: [5; 32], status_offset: 1 }).to_vec();
    let many = IssueManyArgs { subject_kind: 1, expires_at: None, status_base: 0, learners };
    let many = credential::issue_many(cast.payer, &house.key(), house.achievement, many);
    vec![
        Case::new("issue", "first", issue(issue_args(learner))).creating(6, &refs(&seeds(&learner, 0))),
        Case::new("issue", "again", issue(third)).creating(6, &refs(&seeds(&cast.former_learner, 2))),
        Case::new("issue_many", "", many).creating(6, &refs(&seeds(&learner, 0))).creating(7, &refs(&seeds(&next, 0))),
    ]
}

fn changing(cast: &Cast) -> Vec<Case> {
    let (house, active, pending) = (&cast.university, cast.credential(), cast.pending());
    let both = [active, address::credential(&house.achievement, &cast.other_learner, 0)];
    let reason = Reason::IssuedInError;
    let renewal = RenewArgs { digest: [6; 32], expires_at: None };
    let mut cases = vec![
        Case::new("renew", "", credential::renew(&house.key(), house.achievement, active, renewal)),
        Case::new("accept", "", credential::accept(cast.learner, pending)),
        Case::new("decline", "", credential::decline(cast.learner, pending)),
        Case::new("erase", "by learner", credential::erase_own(cast.learner, active)),
    ];
    for (variant, actor) in [("by key", house.by_key()), ("by authority", house.by_authority())] {
        let one = |build: fn(&Actor, Address, Reason) -> Instruction| build(&actor, active, reason);
        let many = credential::revoke_many(&actor, &both, reason);
        cases.extend([
            Case::new("revoke", variant, one(credential::revoke)),
            Case::new("revoke_many", variant, many),
            Case::new("suspend", variant, one(credential::suspend)),
            Case::new("reinstate", variant, credential::reinstate(&actor, active)).after(suspend_all),
            Case::new("erase", variant, one(credential::erase)),
        ]);
    }
    cases
}

fn suspend_all(cast: &Cast, stage: &mut Stage) {
    stage.act(cast.active().map(|(actor, active)| credential::suspend(&actor, active, Reason::UnderReview)));
}

fn verifying(cast: &Cast) -> Vec<Case> {
    let (house, academy) = (&cast.university, &cast.academy);
    let of = VerifyAccounts {
        credential: cast.credential(),
        issuer_key: Some(house.key().address()),
        issuer: Some(house.issuer),
    };
    let expected = VerifyArgs {
        achievement: Some(house.achievement),
        issuer: Some(house.issuer),
        subject: cast.learner,
        registry: None,
    };
    let trusted = VerifyArgs { registry: Some(cast.registry), ..expected.clone() };
    let unlisted = VerifyAccounts {
        credential: address::credential(&academy.achievement, &cast.learner, 0),
        issuer_key: Some(academy.key().address()),
        issuer: Some(academy.issuer),
    };
    let of_academy = VerifyArgs {
        achievement: Some(academy.achievement),
        issuer: Some(academy.issuer),
        registry: Some(cast.sister_registry),
        ..expected.clone()
    };
    let empty = VerifyAccounts { credential: cast.nobody, ..of };
    let keyless = VerifyAccounts { issuer_key: None, ..of };
    vec![
        Case::new("verify", "without trust", credential::verify(&of, expected.clone())),
        Case::new("verify", "with trust", credential::verify(&of, trusted.clone())),
        Case::new("verify", "without key", credential::verify(&keyless, expected.clone())),
        Case::new("verify", "an empty address", credential::verify(&empty, trusted.clone())),
        Case::new("verify", "without entry", credential::verify(&unlisted, of_academy)),
        Case::new("verify_strict", "without trust", credential::verify_strict(&of, expected)),
        Case::new("verify_strict", "with trust", credential::verify_strict(&of, trusted)),
    ]
}

fn refs(seeds: &[Vec<u8>; 4]) -> [&[u8]; 4] {
    seeds.each_ref().map(Vec::as_slice)
}
