//! Instructions about credentials.

use microcred::{
    EraseArgs, IssueArgs, IssueManyArgs, NoArgs, RenewArgs, RevokeArgs, RevokeManyArgs, SuspendArgs, VerifyArgs,
    accounts, instruction, state::Reason,
};
use solana_address::Address;
use solana_instruction::{AccountMeta, Instruction};

use super::{Actor, KeyRef, SYSTEM_PROGRAM, build};
use crate::address;

/// Issues a credential. `payer` and the key sign; the key needs permission to issue.
///
/// A sequence above 0 passes the account of the credential before, which must be revoked, declined or erased.
#[must_use]
pub fn issue(payer: Address, key: &KeyRef, achievement: Address, args: IssueArgs) -> Instruction {
    let previous =
        args.sequence.checked_sub(1).map(|sequence| address::credential(&achievement, &args.subject, sequence));
    build(
        &accounts::Issue {
            payer,
            key: key.key,
            issuer: key.issuer,
            issuer_key: key.address(),
            achievement,
            previous,
            credential: address::credential(&achievement, &args.subject, args.sequence),
            system_program: SYSTEM_PROGRAM,
        },
        &instruction::Issue { args },
    )
}

/// Issues one first credential to each of many learners. `payer` and the key sign; the key needs permission to issue.
///
/// Eight learners fit into a legacy transaction, nine into one with a lookup table.
#[must_use]
pub fn issue_many(payer: Address, key: &KeyRef, achievement: Address, args: IssueManyArgs) -> Instruction {
    let credentials: Vec<_> =
        args.learners.iter().map(|learner| address::credential(&achievement, &learner.subject, 0)).collect();
    issue_many_at(payer, key, key.address(), achievement, args, &credentials)
}

/// How many accounts `issue_many` takes before the new ones.
pub(super) const ISSUE_MANY_ACCOUNTS: usize = 6;

/// As [`issue_many`], where the addresses of issuer key and credentials are known: deriving them takes longer than all else here.
#[must_use]
pub fn issue_many_at(
    payer: Address,
    key: &KeyRef,
    issuer_key: Address,
    achievement: Address,
    args: IssueManyArgs,
    credentials: &[Address],
) -> Instruction {
    let mut instruction = build(
        &accounts::IssueMany {
            payer,
            key: key.key,
            issuer: key.issuer,
            issuer_key,
            achievement,
            system_program: SYSTEM_PROGRAM,
        },
        &instruction::IssueMany { args },
    );
    instruction.accounts.extend(credentials.iter().map(|credential| AccountMeta::new(*credential, false)));
    instruction
}

/// Accepts a pending credential. The learner's wallet signs.
#[must_use]
pub fn accept(subject: Address, credential: Address) -> Instruction {
    build(&accounts::Answer { subject, credential }, &instruction::Accept { args: NoArgs {} })
}

/// Declines a pending credential. The learner's wallet signs.
#[must_use]
pub fn decline(subject: Address, credential: Address) -> Instruction {
    build(&accounts::Answer { subject, credential }, &instruction::Decline { args: NoArgs {} })
}

/// Suspends a credential. The actor signs; a key needs permission to suspend.
#[must_use]
pub fn suspend(actor: &Actor, credential: Address, reason: Reason) -> Instruction {
    let args = SuspendArgs { reason: reason.code() };
    build(&change_status(actor, credential), &instruction::Suspend { args })
}

/// Reinstates a suspended credential. The actor signs; a key needs permission to suspend.
#[must_use]
pub fn reinstate(actor: &Actor, credential: Address) -> Instruction {
    build(&change_status(actor, credential), &instruction::Reinstate { args: NoArgs {} })
}

/// Revokes a credential, for good. The actor signs; a key needs permission to revoke.
#[must_use]
pub fn revoke(actor: &Actor, credential: Address, reason: Reason) -> Instruction {
    let args = RevokeArgs { reason: reason.code() };
    build(&change_status(actor, credential), &instruction::Revoke { args })
}

/// Revokes many credentials for one reason: all of them or none. The actor signs; a key needs permission to revoke.
#[must_use]
pub fn revoke_many(actor: &Actor, credentials: &[Address], reason: Reason) -> Instruction {
    let mut instruction = build(
        &accounts::RevokeMany {
            actor: actor.signer(),
            issuer_key: actor.issuer_key(),
            issuer: actor.issuer_as_authority(),
        },
        &instruction::RevokeMany { args: RevokeManyArgs { reason: reason.code() } },
    );
    instruction.accounts.extend(credentials.iter().map(|credential| AccountMeta::new(*credential, false)));
    instruction
}

/// Renews an active credential. The key signs and needs permission to renew.
#[must_use]
pub fn renew(key: &KeyRef, achievement: Address, credential: Address, args: RenewArgs) -> Instruction {
    build(
        &accounts::Renew { key: key.key, issuer: key.issuer, issuer_key: key.address(), achievement, credential },
        &instruction::Renew { args },
    )
}

/// Removes digest and subject of a credential, for its issuer. The actor signs; a key needs permission to revoke.
#[must_use]
pub fn erase(actor: &Actor, credential: Address, reason: Reason) -> Instruction {
    build(
        &accounts::Erase {
            actor: actor.signer(),
            issuer_key: actor.issuer_key(),
            issuer: actor.issuer_as_authority(),
            credential,
        },
        &instruction::Erase { args: EraseArgs { reason: reason.code() } },
    )
}

/// Removes digest and subject of a credential, for its learner, whose wallet signs.
#[must_use]
pub fn erase_own(subject: Address, credential: Address) -> Instruction {
    build(
        &accounts::Erase { actor: subject, issuer_key: None, issuer: None, credential },
        &instruction::Erase { args: EraseArgs { reason: Reason::LearnerRequest.code() } },
    )
}

/// The accounts that `verify` and `verify_strict` read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VerifyAccounts {
    /// The credential.
    pub credential: Address,
    /// The issuer key that asserted it; none: the verdict will be "could not check".
    pub issuer_key: Option<Address>,
    /// The issuer, where trust is asked.
    pub issuer: Option<Address>,
}

/// Answers in return data whether a credential is what the caller expects. Nobody signs but the fee payer.
#[must_use]
pub fn verify(of: &VerifyAccounts, expected: VerifyArgs) -> Instruction {
    build(&verify_accounts(of, &expected), &instruction::Verify { args: expected })
}

/// Fails unless a credential is what the caller expects, valid and, where a registry is named, trusted.
#[must_use]
pub fn verify_strict(of: &VerifyAccounts, expected: VerifyArgs) -> Instruction {
    build(&verify_accounts(of, &expected), &instruction::VerifyStrict { args: expected })
}

fn verify_accounts(of: &VerifyAccounts, expected: &VerifyArgs) -> accounts::Verify {
    let accreditation =
        expected.registry.zip(of.issuer).map(|(registry, issuer)| address::accreditation(&registry, &issuer));
    accounts::Verify {
        credential: of.credential,
        issuer_key: of.issuer_key,
        issuer: expected.registry.and(of.issuer),
        registry: expected.registry,
        accreditation,
    }
}

fn change_status(actor: &Actor, credential: Address) -> accounts::ChangeStatus {
    accounts::ChangeStatus {
        actor: actor.signer(),
        issuer_key: actor.issuer_key(),
        issuer: actor.issuer_as_authority(),
        credential,
    }
}
