use anchor_lang::{address_eq, prelude::*};

use crate::{
    arguments::arguments,
    error::MicrocredError,
    instructions::common::{no_extra_accounts, now},
    seeds,
    state::{Accreditation, Credential, Issuer, IssuerKey, Registry},
    verdict::{Assessment, Evidence, Expected, Read, TrustEvidence, evaluate},
};

arguments! {
    /// Arguments of `verify` and `verify_strict`: what the caller expects. It must come from the caller itself, never from whoever
    /// presents the credential.
    pub struct VerifyArgs {
        /// The achievement expected; none: any of the issuer's.
        pub achievement: Option<Address>,
        /// The issuer expected; none: the achievement's.
        pub issuer: Option<Address>,
        /// The subject's 32 bytes expected.
        pub subject: Address,
        /// The registry that must have accredited the issuer; none: trust is not asked.
        pub registry: Option<Address>,
    }
}

/// Accounts of `verify` and `verify_strict`. All are read only.
#[derive(Accounts)]
pub struct Verify {
    // No check by the framework: an empty account is an answer. Owner and kind are checked in the handler.
    /// The credential. An empty address is answered with "not found": a caller that must tell this from "revoked" derives the
    /// address itself, from achievement, subject and sequence.
    pub credential: UncheckedAccount,
    /// The issuer key that asserted it. Without it the verdict is "could not check".
    pub issuer_key: Option<Account<IssuerKey>>,
    /// The issuer, when trust is asked.
    pub issuer: Option<Account<Issuer>>,
    /// The registry, when trust is asked.
    pub registry: Option<Account<Registry>>,
    // No check by the framework: an empty account is an answer. Address, owner and kind are checked in the handler.
    /// Seeds `"accreditation", registry, issuer`, when trust is asked; it may be empty.
    pub accreditation: Option<UncheckedAccount>,
}

/// What `verify` answers, as return data: 144 bytes, Borsh.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, AnchorSerialize, AnchorDeserialize, IdlType)]
#[wincode(assert_zero_copy)]
pub struct VerifyReceipt {
    /// A `Verdict`.
    pub verdict: u8,
    /// A `Reason` for the credential's status.
    pub reason: u8,
    /// All findings: bit n stands for the verdict with code n.
    pub findings: u16,
    /// A `TrustAtIssue`; 0: not asked, or not to be had.
    pub trust_at_issue: u8,
    /// A `TrustNow`; 0: not asked, or not to be had.
    pub trust_now: u8,
    /// Zero.
    pub reserved: [u8; 2],
    /// Cluster time of the check, Unix seconds.
    pub checked_at: i64,
    /// The credential that was read.
    pub credential: Address,
    /// The issuer key that was read; zero: none.
    pub issuer_key: Address,
    /// The registry that was read; zero: none.
    pub registry: Address,
    /// The accreditation that was read; zero: none.
    pub accreditation: Address,
}

impl Verify {
    pub(crate) fn handle(ctx: &mut Context<'_, Self>, args: &VerifyArgs) -> Result<VerifyReceipt> {
        let checked_at = now()?;
        let assessment = Self::assess(ctx, args, checked_at)?;
        let accounts = &ctx.accounts;
        Ok(VerifyReceipt {
            verdict: assessment.verdict.code(),
            reason: assessment.reason.code(),
            findings: assessment.findings.bits(),
            trust_at_issue: assessment.trust.map_or(0, |trust| trust.at_issue.code()),
            trust_now: assessment.trust.map_or(0, |trust| trust.now.code()),
            reserved: [0; 2],
            checked_at,
            credential: *accounts.credential.address(),
            issuer_key: accounts.issuer_key.as_ref().map_or(Address::default(), |account| *account.address()),
            registry: accounts.registry.as_ref().map_or(Address::default(), |account| *account.address()),
            accreditation: accounts.accreditation.as_ref().map_or(Address::default(), |account| *account.address()),
        })
    }

    pub(crate) fn handle_strict(ctx: &mut Context<'_, Self>, args: &VerifyArgs) -> Result<()> {
        let assessment = Self::assess(ctx, args, now()?)?;
        require!(assessment.verdict.exit_code() == 0, MicrocredError::NotValid);
        require!(assessment.is_good(), MicrocredError::NotTrusted);
        Ok(())
    }

    fn assess(ctx: &mut Context<'_, Self>, args: &VerifyArgs, now: i64) -> Result<Assessment> {
        no_extra_accounts(ctx)?;
        require!(
            (args.achievement.is_some() || args.issuer.is_some()) && args.subject != Address::default(),
            MicrocredError::ZeroExpectation
        );
        let accounts = &ctx.accounts;
        let credential = read::<Credential>(accounts.credential.account())?;
        let credential = as_read(credential.as_ref());
        if let Read::Found(credential) = credential {
            accounts.belongs_to(credential)?;
        }
        let accreditation = match &accounts.accreditation {
            Some(account) => read::<Accreditation>(account.account())?,
            None => None,
        };
        let trust = match args.registry {
            None => {
                require!(
                    accounts.registry.is_none() && accounts.accreditation.is_none(),
                    MicrocredError::RegistryUnexpected
                );
                None
            }
            Some(expected) => Some(accounts.trust(expected, as_read(accreditation.as_ref()))?),
        };
        Ok(evaluate(&Evidence {
            now: Some(now),
            address: *accounts.credential.address(),
            credential,
            key: accounts.issuer_key.as_ref().map_or(Read::Missing, |key| Read::Found(&**key)),
            expected: Expected { issuer: args.issuer, achievement: args.achievement, subject: Some(args.subject) },
            document: None,
            trust,
        }))
    }

    /// Refuses a key or issuer that is not the credential's, also where it would not be asked.
    fn belongs_to(&self, credential: &Credential) -> Result<()> {
        if let Some(key) = &self.issuer_key {
            require!(address_eq(&key.issuer, &credential.issuer), MicrocredError::WrongIssuer);
            require!(key.index == credential.key_index, MicrocredError::NotTheAssertingKey);
        }
        if let Some(issuer) = &self.issuer {
            require!(address_eq(issuer.address(), &credential.issuer), MicrocredError::WrongIssuer);
        }
        Ok(())
    }

    /// Matches registry, issuer and accreditation against each other.
    fn trust<'a>(&'a self, expected: Address, accreditation: Read<&'a Accreditation>) -> Result<TrustEvidence<'a>> {
        let (Some(registry), Some(issuer), Some(entry)) = (&self.registry, &self.issuer, &self.accreditation) else {
            return Err(MicrocredError::TrustIncomplete.into());
        };
        require!(address_eq(registry.address(), &expected), MicrocredError::WrongRegistry);
        match accreditation {
            Read::Found(accreditation) => {
                require!(address_eq(&accreditation.registry, registry.address()), MicrocredError::WrongRegistry);
                require!(address_eq(&accreditation.issuer, issuer.address()), MicrocredError::WrongIssuer);
            }
            // That there is no entry must be said of the entry's own address.
            Read::Missing | Read::Failed => {
                anchor_lang::find_and_verify_program_address(
                    &[seeds::ACCREDITATION, registry.address().as_ref(), issuer.address().as_ref()],
                    &crate::ID,
                    entry.address(),
                )
                .map_err(|_| MicrocredError::WrongAddress)?;
            }
        }
        Ok(TrustEvidence {
            registry_address: expected,
            registry: Read::Found(registry),
            issuer: Read::Found(issuer),
            accreditation,
        })
    }
}

/// Loads an account that may be empty. Anything else that is not of the kind is refused.
fn read<T: anchor_lang::Owner + Discriminator + anchor_lang::bytemuck::Pod>(
    view: &AccountView,
) -> Result<Option<Account<T>>> {
    if view.data_len() == 0 && view.owned_by(&system_program::ID) {
        return Ok(None);
    }
    require!(view.owned_by(&crate::ID), MicrocredError::WrongAccount);
    Ok(Some(<Account<T> as AnchorAccount>::load(*view)?))
}

fn as_read<T: anchor_lang::Owner + Discriminator + anchor_lang::bytemuck::Pod>(
    account: Option<&Account<T>>,
) -> Read<&T> {
    account.map_or(Read::Missing, |account| Read::Found(&**account))
}
