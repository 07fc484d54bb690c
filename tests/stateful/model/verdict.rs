//! The verdict, as plain ifs.

use microcred_client::Address;

use super::{Life, Model, Standing, Status};

/// What a verifier asks about a credential.
#[derive(Clone, Copy, Debug)]
pub struct Question {
    pub credential: Address,
    pub achievement: Address,
    pub subject: Address,
    /// Whether the issuer key was read.
    pub with_key: bool,
    /// The registry, where trust is asked.
    pub registry: Option<Address>,
}

/// The numbers of a receipt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answer {
    pub verdict: u8,
    pub findings: u16,
    pub reason: u8,
    pub trust_at_issue: u8,
    pub trust_now: u8,
    pub exit_code: u8,
}

impl Model {
    /// The first rule that matches decides; the findings list all that do.
    pub fn answer(&self, question: &Question) -> Answer {
        let Some(_) = self.records.get(&question.credential) else {
            return Answer { verdict: 2, findings: 1 << 2, reason: 0, trust_at_issue: 0, trust_now: 0, exit_code: 4 };
        };
        let credential = self.credential(&question.credential);
        let compromised_at = self
            .keys()
            .find(|(_, key)| key.issuer == credential.issuer && key.index == credential.key_index)
            .and_then(|(_, key)| key.compromised_at);
        let other_subject = credential.first_subject != question.subject;

        let mut found = Vec::new();
        if !question.with_key {
            found.push(1);
        }
        if credential.achievement != question.achievement || other_subject {
            found.push(3);
        }
        if credential.status == Status::Revoked {
            found.push(4);
        }
        if credential.subject.is_none() {
            found.push(5);
        }
        if credential.status == Status::Declined {
            found.push(6);
        }
        if question.with_key && compromised_at.is_some_and(|at| credential.asserted_at >= at) {
            found.push(7);
        }
        if credential.expires_at.is_some_and(|at| self.now >= at) {
            found.push(9);
        }
        if credential.status == Status::Suspended {
            found.push(10);
        }
        if credential.status == Status::Pending {
            found.push(11);
        }
        if found.is_empty() {
            found.push(12);
        }
        let verdict = found[0];
        let mut exit_code = match verdict {
            12 => 0,
            10 | 11 => 3,
            1 => 5,
            _ => 2,
        };
        let (mut trust_at_issue, mut trust_now) = (0, 0);
        if let Some(registry) = question.registry {
            (trust_at_issue, trust_now) = self.trust(&registry, &credential.issuer, credential.asserted_at);
            // Unmet trust is a failure, unless the accreditation is but suspended.
            if matches!(exit_code, 0 | 3) && trust_at_issue != 1 {
                exit_code = if trust_at_issue == 5 { 3 } else { 2 };
            }
        }
        let findings = found.iter().map(|finding| 1 << finding).sum();
        Answer { verdict, findings, reason: credential.reason, trust_at_issue, trust_now, exit_code }
    }

    /// Whether a registry vouched for the issuer when it asserted something, and whether it does now.
    fn trust(&self, registry: &Address, issuer: &Address, asserted_at: i64) -> (u8, u8) {
        let Some((_, entry)) = self.accreditations().find(|(_, of)| of.registry == *registry && of.issuer == *issuer)
        else {
            return (2, 6);
        };
        let body = self.registry(registry);
        let retired_at = body.status_changed_at.filter(|_| body.status == Life::Retired);
        let at_issue = if entry.status == Standing::Withdrawn && entry.effective_at <= asserted_at {
            6
        } else if retired_at.is_some_and(|at| at <= asserted_at) || !entry.covers(asserted_at) {
            3
        } else if entry.profile_revision != self.issuer(issuer).profile_revision {
            4
        } else if entry.status == Standing::Suspended && entry.effective_at <= asserted_at {
            5
        } else {
            1
        };
        let now = if retired_at.is_some() {
            5
        } else if entry.status == Standing::Withdrawn {
            4
        } else if entry.status == Standing::Suspended {
            3
        } else if entry.covers(self.now) {
            1
        } else {
            2
        };
        (at_issue, now)
    }
}
