//! What `issue` and `issue_many` share.

use anchor_lang::prelude::*;

use crate::{
    error::MicrocredError,
    events::{CredentialIssued, log_fixed},
    instructions::{
        common::holds_key,
        creation::{create, rent},
    },
    seeds,
    state::{Achievement, Credential, CredentialStatus, Issuer, IssuerKey, Record, SubjectKind, VERSION, permission},
};

/// What all credentials of one instruction have in common, checked.
pub(super) struct Terms<'a> {
    issuer: &'a Address,
    achievement: &'a Address,
    key_index: u16,
    subject_kind: u8,
    status: u8,
    expires_at: i64,
    now: i64,
    rent: u64,
}

/// What is particular to one credential.
pub(super) struct Particulars<'a> {
    pub subject: &'a Address,
    pub sequence: u16,
    pub digest: &'a [u8; 32],
    pub status_index: u32,
}

impl<'a> Terms<'a> {
    /// Checks who issues what on which terms, and counts against the key's quota.
    #[inline(always)]
    #[allow(
        clippy::too_many_arguments,
        reason = "each is an account or argument of the instruction; a struct would only repeat them"
    )]
    pub(super) fn check(
        signer: &Address,
        key: &mut Account<IssuerKey>,
        issuer: &'a Account<Issuer>,
        achievement: &'a Account<Achievement>,
        subject_kind: u8,
        expires_at: Option<i64>,
        count: u64,
        now: i64,
    ) -> Result<Self> {
        holds_key(signer, issuer.address(), key)?;
        require!(anchor_lang::address_eq(&achievement.issuer, issuer.address()), MicrocredError::WrongIssuer);
        key.authorize(permission::ISSUE, achievement.address(), now)?;
        require!(issuer.is_active(), MicrocredError::IssuerNotActive);
        require!(achievement.is_active(), MicrocredError::AchievementNotActive);
        let status = match SubjectKind::try_from(subject_kind)? {
            SubjectKind::Learner => return Err(MicrocredError::LearnerSubjectRefused.into()),
            SubjectKind::Commitment if achievement.requires_acceptance() => {
                return Err(MicrocredError::CommitmentCannotAccept.into());
            }
            SubjectKind::Wallet if achievement.requires_acceptance() => CredentialStatus::Pending,
            SubjectKind::Wallet | SubjectKind::Commitment => CredentialStatus::Active,
        };
        let expires_at = achievement.expiry(expires_at, now)?;
        key.spend(count)?;
        key.invariant()?;
        Ok(Self {
            issuer: issuer.address(),
            achievement: achievement.address(),
            key_index: key.index,
            subject_kind,
            status: status.code(),
            expires_at,
            now,
            rent: rent::<Credential>()?,
        })
    }

    /// Creates one credential.
    #[inline(always)]
    pub(super) fn issue(&self, payer: &AccountView, target: &AccountView, of: &Particulars<'_>) -> Result<()> {
        require!(*of.subject != Address::default(), MicrocredError::ZeroSubject);
        let sequence = of.sequence.to_le_bytes();
        let place = [seeds::CREDENTIAL, self.achievement.as_ref(), of.subject.as_ref(), &sequence];
        let (mut credential, bump) = create::<Credential, _>(payer, target, &place, self.rent)?;
        let fields = &mut *credential;
        fields.version = VERSION;
        fields.bump = bump;
        fields.status = self.status;
        fields.subject_kind = self.subject_kind;
        fields.sequence = of.sequence;
        fields.issuer = *self.issuer;
        fields.achievement = *self.achievement;
        fields.subject = *of.subject;
        fields.issued_at = self.now;
        fields.asserted_at = self.now;
        fields.expires_at = self.expires_at;
        fields.key_index = self.key_index;
        fields.status_index = of.status_index;
        fields.set_digest(*of.digest);
        fields.invariant()?;
        log_fixed(CredentialIssued {
            credential: *credential.address(),
            achievement: *self.achievement,
            subject: *of.subject,
            digest: *of.digest,
            expires_at: self.expires_at,
            at: self.now,
            status_index: of.status_index,
            key_index: self.key_index,
            sequence: of.sequence,
            status: self.status,
            subject_kind: self.subject_kind,
            reserved: [0; 6],
        });
        Ok(())
    }
}
