//! Every instruction once, in an order in which each succeeds, with what it cost. The payer is never the signer.

use microcred::{
    CreateAchievementArgs, EditAchievementArgs, IssueArgs, IssueManyArgs, Learner, RenewArgs, UpdateIssuerProfileArgs,
    VerifyArgs,
};
use microcred_client::{
    Address, Instruction, address,
    instructions::{
        Actor, Excess, KeyRef, accreditation, achievement, credential, credential::VerifyAccounts, issuer, key,
        registry, withdraw_excess,
    },
    sending::{Draft, Validity},
    state::{Accreditation, Achievement, Credential, Issuer, IssuerKey, Reason, Record, Registry, Term},
};
use solana_keypair::Keypair;
use solana_signer::Signer;

use crate::{DAY, START, World, achievement_args, issue_args, issuer_args, key_terms, registry_args};

/// How many credentials one legacy transaction issues.
pub const LEARNERS: usize = 8;

/// What one instruction cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cost {
    /// Name of the instruction, with a remark where it was measured in several situations.
    pub name: &'static str,
    /// Compute units.
    pub units: u64,
    /// Bytes of the accounts that it created.
    pub bytes: usize,
    /// Bytes of the transaction.
    pub transaction: usize,
}

/// Runs the whole life of a registry, an issuer, its achievements and credentials, with keys that depend on the seed.
#[must_use]
pub fn run(seed: u64) -> Vec<Cost> {
    let mut life = Life { world: World::seeded(seed), costs: Vec::new() };
    life.registry();
    life.issuer();
    life.accreditation();
    life.achievements();
    life.credentials();
    life.excess();
    life.costs
}

struct Life {
    world: World,
    costs: Vec<Cost>,
}

impl Life {
    fn step(&mut self, name: &'static str, instruction: Instruction, signers: &[&Keypair], bytes: usize) {
        let instructions = [instruction];
        let transaction =
            Draft::new(self.world.payer.pubkey(), instructions.to_vec()).size(&Validity::Blockhash(Default::default()));
        let units = self.world.ok(&instructions, signers).compute_units;
        self.costs.push(Cost { name, units, bytes, transaction });
    }

    fn registry(&mut self) {
        let (payer, old, new) = (self.world.payer.pubkey(), self.world.keys.next_key(), self.world.keys.next_key());
        let at = address::registry(&old.pubkey(), "agency");
        let create = registry::create(payer, old.pubkey(), registry_args("agency"));
        self.step("create_registry", create, &[&old], Registry::SIZE);
        self.step("update_registry_uri", registry::update_uri(old.pubkey(), at, "https://agency.example"), &[&old], 0);
        self.step("pause_registry", registry::pause(old.pubkey(), at), &[&old], 0);
        self.step("resume_registry", registry::resume(old.pubkey(), at), &[&old], 0);
        let propose = registry::propose_authority(old.pubkey(), at, Some(new.pubkey()));
        self.step("propose_registry_authority", propose, &[&old], 0);
        self.step("accept_registry_authority", registry::accept_authority(new.pubkey(), at), &[&new], 0);
        self.step("retire_registry", registry::retire(new.pubkey(), at), &[&new], 0);
    }

    fn issuer(&mut self) {
        let payer = self.world.payer.pubkey();
        let [old, new, hot, spare] = std::array::from_fn(|_| self.world.keys.next_key());
        let at = address::issuer(&old.pubkey(), "school");
        let args = issuer_args("school", payer, key_terms(hot.pubkey()));
        let create = issuer::create(payer, old.pubkey(), args);
        self.step("create_issuer", create, &[&old], Issuer::SIZE + IssuerKey::SIZE);
        let profile = UpdateIssuerProfileArgs {
            name: "School of Somewhere".into(),
            url: "https://school.example".into(),
            country: "FR".into(),
        };
        self.step("update_issuer_profile", issuer::update_profile(old.pubkey(), at, profile), &[&old], 0);
        let treasury = issuer::update_treasury(old.pubkey(), at, spare.pubkey());
        self.step("update_issuer_treasury", treasury, &[&old], 0);
        self.step("pause_issuer", issuer::pause(old.pubkey(), at), &[&old], 0);
        self.step("resume_issuer", issuer::resume(old.pubkey(), at), &[&old], 0);
        let add = key::add(payer, old.pubkey(), at, 1, key_terms(spare.pubkey()));
        self.step("add_key", add, &[&old], IssuerKey::SIZE);
        self.step("shorten_key", key::shorten(old.pubkey(), at, 1, START + DAY), &[&old], 0);
        self.step("retire_key", key::retire(old.pubkey(), at, 1), &[&old], 0);
        self.step("mark_key_compromised", key::mark_compromised(old.pubkey(), at, 1, START - DAY), &[&old], 0);
        let propose = issuer::propose_authority(old.pubkey(), at, Some(new.pubkey()));
        self.step("propose_issuer_authority", propose, &[&old], 0);
        self.step("accept_issuer_authority", issuer::accept_authority(new.pubkey(), at), &[&new], 0);
        self.step("retire_issuer", issuer::retire(new.pubkey(), at), &[&new], 0);
    }

    fn accreditation(&mut self) {
        let other = self.world.new_issuer("college");
        let body = self.world.body.authority.insecure_clone();
        let of = accreditation::AccreditationRef { issuer: other.address, ..self.world.accreditation() };
        let payer = self.world.payer.pubkey();
        let accredit = accreditation::accredit(payer, &of, 0, Term { from: START, until: START + DAY });
        self.step("accredit_issuer", accredit, &[&body], Accreditation::SIZE);
        let term = Term { from: START + 2 * DAY, until: 0 };
        self.step("add_accreditation_term", accreditation::add_term(&of, 0, term), &[&body], 0);
        let authority = other.authority.insecure_clone();
        let profile = UpdateIssuerProfileArgs { name: "College".into(), url: String::new(), country: String::new() };
        self.world.ok(&[issuer::update_profile(authority.pubkey(), other.address, profile)], &[&authority]);
        self.step("confirm_accreditation", accreditation::confirm(&of, 1), &[&body], 0);
        self.step("suspend_accreditation", accreditation::suspend(&of, Reason::UnderReview, 0), &[&body], 0);
        self.step("reinstate_accreditation", accreditation::reinstate(&of), &[&body], 0);
        self.step("withdraw_accreditation", accreditation::withdraw(&of, Reason::LegalOrder, 0), &[&body], 0);
    }

    fn achievements(&mut self) {
        let (payer, key, by) =
            (self.world.payer.pubkey(), self.world.issuer.key.insecure_clone(), self.world.issuer.by_key());
        let at = address::achievement(&self.world.issuer.address, "draft");
        self.world.pass(1);
        let args = CreateAchievementArgs { publish: false, ..achievement_args("draft") };
        self.step("create_achievement", achievement::create(payer, &by, args), &[&key], Achievement::SIZE);
        let edit = EditAchievementArgs {
            title: "Another title".into(),
            uri: String::new(),
            kind: 2,
            policy: 1,
            eqf_level: 7,
            workload: 60,
            default_validity: DAY,
            definition_digest: [3; 32],
        };
        self.step("edit_achievement", achievement::edit(&by, at, edit), &[&key], 0);
        self.step("publish_achievement", achievement::publish(&by, at), &[&key], 0);
        self.step("pause_achievement", achievement::pause(&by, at), &[&key], 0);
        self.step("resume_achievement", achievement::resume(&by, at), &[&key], 0);
        let replaced = self.world.issuer.achievement;
        self.step("set_replaced_achievement", achievement::set_replaced(&by, at, replaced), &[&key], 0);
        self.step("retire_achievement", achievement::retire(&by, at), &[&key], 0);
    }

    fn credentials(&mut self) {
        let (payer, key) = (self.world.payer.pubkey(), self.world.issuer.key.insecure_clone());
        let (key_ref, by, authority) =
            (self.world.issuer.key_ref(), self.world.issuer.by_key(), self.world.issuer.authority.insecure_clone());
        let achievement = self.world.issuer.achievement;
        let [learner, shy, keen] = std::array::from_fn(|_| self.world.keys.next_key());
        let subject = learner.pubkey();
        let first = address::credential(&achievement, &subject, 0);

        let issue = credential::issue(payer, &key_ref, achievement, issue_args(subject));
        self.step("issue", issue, &[&key], Credential::SIZE);
        self.verify("verify", first, &key_ref, subject, None);
        let registry = self.world.body.registry;
        self.verify("verify with trust", first, &key_ref, subject, Some(registry));
        self.step("suspend", credential::suspend(&by, first, Reason::UnderReview), &[&key], 0);
        self.step("reinstate", credential::reinstate(&by, first), &[&key], 0);
        let renewal = RenewArgs { digest: [6; 32], expires_at: None };
        self.step("renew", credential::renew(&key_ref, achievement, first, renewal), &[&key], 0);
        self.step("revoke", credential::revoke(&by, first, Reason::IssuedInError), &[&key], 0);
        self.step("erase", credential::erase(&by, first, Reason::LearnerRequest), &[&key], 0);
        let again = credential::issue(payer, &key_ref, achievement, IssueArgs { sequence: 1, ..issue_args(subject) });
        self.step("issue after a revoked one", again, &[&key], Credential::SIZE);
        let second = address::credential(&achievement, &subject, 1);
        let by_authority = Actor::Authority { issuer: key_ref.issuer, authority: authority.pubkey() };
        let revoke = credential::revoke(&by_authority, second, Reason::IssuedInError);
        self.step("revoke by the authority", revoke, &[&authority], 0);

        let pending = self.world.pending(&keen.pubkey());
        self.step("accept", credential::accept(keen.pubkey(), pending), &[&keen], 0);
        let pending = self.world.pending(&shy.pubkey());
        self.step("decline", credential::decline(shy.pubkey(), pending), &[&shy], 0);

        let learners: Vec<_> = (0..LEARNERS)
            .map(|place| Learner {
                subject: self.world.keys.next_key().pubkey(),
                digest: [7; 32],
                status_offset: u16::try_from(place).unwrap(),
            })
            .collect();
        let many: Vec<_> =
            learners.iter().map(|learner| address::credential(&achievement, &learner.subject, 0)).collect();
        let args = IssueManyArgs { subject_kind: 1, expires_at: None, status_base: 0, learners };
        let issue_many = credential::issue_many(payer, &key_ref, achievement, args);
        self.step("issue_many of 8", issue_many, &[&key], LEARNERS * Credential::SIZE);
        let revoke_many = credential::revoke_many(&by, &many, Reason::AssessmentAnnulled);
        self.step("revoke_many of 8", revoke_many, &[&key], 0);
    }

    fn verify(
        &mut self,
        name: &'static str,
        credential: Address,
        key: &KeyRef,
        subject: Address,
        registry: Option<Address>,
    ) {
        let achievement = Some(self.world.issuer.achievement);
        let of = VerifyAccounts { credential, issuer_key: Some(key.address()), issuer: Some(key.issuer) };
        let expected = VerifyArgs { achievement, issuer: None, subject, registry };
        self.step(name, credential::verify(&of, expected.clone()), &[], 0);
        let strict = if registry.is_some() { "verify_strict with trust" } else { "verify_strict" };
        self.step(strict, credential::verify_strict(&of, expected), &[], 0);
    }

    fn excess(&mut self) {
        let (issuer, treasury) = (self.world.issuer.address, self.world.issuer.treasury);
        let account = self.world.issuer.achievement;
        self.world.ledger.fund(&account, 1_000_000_000).unwrap();
        let excess = withdraw_excess(account, &Excess::UnderIssuer { issuer, treasury });
        self.step("withdraw_excess", excess, &[], 0);
    }
}
