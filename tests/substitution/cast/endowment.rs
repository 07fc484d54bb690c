use microcred::{CreateAchievementArgs, IssueArgs, KeyTerms};
use microcred_client::{
    Address, Instruction, address,
    instructions::{accreditation, achievement, credential, issuer, key, registry},
    state::{Reason, Term, permission, policy},
};
use microcred_tests::{DAY, START, achievement_args, issue_args, issuer_args, key_terms, registry_args};
use solana_account::Account;

use super::{Cast, FOREIGN_PROGRAM, House};
use crate::stage::Stage;

/// Lamports of everyone who has some.
const WEALTH: u64 = 10_000_000_000;

impl Cast {
    /// Gives everyone what they have.
    pub(super) fn endow(&self, stage: &mut Stage) {
        for (_, wallet) in self.wallets() {
            stage.add_lamports(wallet, WEALTH);
        }
        let foreign = Account { lamports: WEALTH, data: vec![1; 192], owner: FOREIGN_PROGRAM, ..Account::default() };
        stage.put(self.foreign_account, foreign);
        let [university, press, academy] = self.houses();
        let args = issuer_args("press", press.treasury, key_terms(press.holder));
        stage.act([
            registry::create(self.payer, self.registrar, registry_args("quality-agency-abroad")),
            issuer::create(self.payer, press.authority, args),
        ]);
        self.create_achievements(stage);
        self.add_keys(stage);
        for (_, accreditation) in &self.accreditations()[1..] {
            let term = Term { from: START - DAY, until: 0 };
            stage.act([accreditation::accredit(self.payer, accreditation, 0, term)]);
        }
        let issue = |house: &House, args| credential::issue(self.payer, &house.key(), house.achievement, args);
        let again = |subject| IssueArgs { sequence: 1, ..issue_args(subject) };
        for house in [university, press, academy] {
            stage.act([
                issue(house, issue_args(self.learner)),
                issue(house, issue_args(self.other_learner)),
                issue(house, issue_args(self.former_learner)),
                revoke(house, &house.achievement, &self.former_learner, 0),
                issue(house, again(self.former_learner)),
                revoke(house, &house.achievement, &self.former_learner, 1),
                self.issue(house, &house.acceptance, &self.learner),
            ]);
        }
        let of_extra = IssueArgs { subject_kind: 2, ..issue_args(self.learner) };
        stage.act([
            revoke(university, &university.achievement, &self.learner, 0),
            issue(university, again(self.learner)),
            self.issue(university, &self.extra, &self.former_learner),
            revoke(university, &self.extra, &self.former_learner, 0),
            self.issue(university, &university.acceptance, &self.other_learner),
            credential::issue(self.payer, &university.key(), self.extra, of_extra),
        ]);
    }

    fn create_achievements(&self, stage: &mut Stage) {
        let create = |house: &House, args| achievement::create(self.payer, &house.by_authority(), args);
        let published = |code| CreateAchievementArgs { policy: policy::RENEWABLE, ..achievement_args(code) };
        let draft = |code| CreateAchievementArgs { publish: false, ..published(code) };
        let acceptance = CreateAchievementArgs { policy: policy::ACCEPTANCE_REQUIRED, ..achievement_args("teamwork") };
        stage.act([
            create(&self.university, published("extra")),
            create(&self.press, published("rust-basics")),
            create(&self.press, acceptance),
        ]);
        // The drafts are newer, so that they can replace what is published.
        stage.pass_a_second();
        stage.act([
            create(&self.university, draft("draft")),
            create(&self.university, draft("second-draft")),
            create(&self.press, draft("draft")),
            create(&self.academy, draft("draft")),
        ]);
    }

    /// Keys 1 to 5 of the university.
    fn add_keys(&self, stage: &mut Stage) {
        let House { authority, issuer, holder, .. } = self.university;
        let same = key_terms(holder);
        let terms = [
            key_terms(self.second_holder),
            same,
            KeyTerms { scope: self.second_draft, ..same },
            KeyTerms { permissions: permission::ASSERT, ..same },
            same,
        ];
        for (index, terms) in (1..).zip(terms) {
            stage.act([key::add(self.payer, authority, issuer, index, terms)]);
        }
        stage.act([key::retire(authority, issuer, 5)]);
    }

    fn issue(&self, house: &House, achievement: &Address, subject: &Address) -> Instruction {
        credential::issue(self.payer, &house.key(), *achievement, issue_args(*subject))
    }
}

fn revoke(house: &House, achievement: &Address, subject: &Address, sequence: u16) -> Instruction {
    let address = address::credential(achievement, subject, sequence);
    credential::revoke(&house.by_authority(), address, Reason::IssuedInError)
}
