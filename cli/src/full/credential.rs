//! Which credential is meant, and what is known of it.

use clap::Args;
use microcred_client::{
    Address, address,
    instructions::Actor,
    lookup::{self, Intent},
    state::{Achievement, Credential, Issuer, SubjectKind},
};

use super::{
    change::Change,
    error::CliError,
    office::{Office, not_offline},
    session::Session,
    transaction::TransactionOptions,
    values::{AchievementRef, IssuerRef, parse_address},
};

/// Which credential is meant.
#[derive(Args, Clone, Copy, Debug)]
pub(crate) struct CredentialOptions {
    /// Address of the credential
    #[arg(value_parser = parse_address, required_unless_present = "subject", conflicts_with_all = ["achievement", "subject", "sequence"])]
    pub(crate) credential: Option<Address>,
    /// Instead of its address: the achievement, by address or ISSUER/CODE
    #[arg(long, requires = "subject")]
    pub(crate) achievement: Option<AchievementRef>,
    /// The learner's wallet, or commitment
    #[arg(long, value_name = "ADDRESS", value_parser = parse_address, requires = "achievement")]
    pub(crate) subject: Option<Address>,
    /// Which of the learner's credentials of this achievement, from 0 [default: the latest]
    #[arg(long, value_name = "N", requires = "subject")]
    pub(crate) sequence: Option<u16>,
}

/// As whom somebody acts for the issuer.
#[derive(Args, Clone, Copy, Debug)]
pub(crate) struct ActingOptions {
    /// Index of the issuer's key that acts [default: found by its address]
    #[arg(long, value_name = "N")]
    pub(crate) key_index: Option<u16>,
    /// The issuer, by address or CREATOR/SLUG: with --sign-only, where nothing else names it
    #[arg(long)]
    pub(crate) issuer: Option<IssuerRef>,
}

/// A credential, and what is known of it: with `--sign-only` nothing is read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Target {
    /// Where it is.
    pub(crate) address: Address,
    /// What stands there; none: nothing was read.
    pub(crate) credential: Option<Credential>,
    named: CredentialOptions,
    achievement: Option<Office<Achievement>>,
    issuer: Option<Office<Issuer>>,
}

impl Target {
    pub(crate) async fn find(
        session: &Session,
        transaction: &TransactionOptions,
        named: &CredentialOptions,
    ) -> Result<Self, CliError> {
        let address = named.place(session, transaction).await?;
        let mut target = Self { address, credential: None, named: *named, achievement: None, issuer: None };
        if !transaction.sign_only {
            let credential = session.find::<Credential>(&address).await?;
            target.achievement = Some(Office::look(session, transaction, credential.achievement).await?);
            target.issuer = Some(Office::look(session, transaction, credential.issuer).await?);
            target.credential = Some(credential);
        }
        Ok(target)
    }

    /// What people call it.
    pub(crate) fn title(&self) -> String {
        match (&self.credential, &self.achievement, &self.issuer) {
            (Some(credential), Some(achievement), Some(issuer)) => {
                let name = |office: Option<&str>| office.unwrap_or_default().to_owned();
                format!(
                    "the credential {} of {} for \"{}\" by {}",
                    self.address,
                    if credential.is_erased() { "an erased subject".into() } else { credential.subject.to_string() },
                    name(achievement.account.as_ref().map(Achievement::title)),
                    name(issuer.account.as_ref().map(Issuer::name)),
                )
            }
            _ => format!("the credential {}", self.address),
        }
    }

    /// Enters it, and what it hangs on, among the accounts that are changed.
    pub(crate) fn about(&self, change: Change) -> Change {
        let change = change.about("credential", self.address, None);
        let change = self.achievement.iter().fold(change, |change, achievement| achievement.about(change));
        self.issuer.iter().fold(change, |change, issuer| issuer.about(change))
    }

    /// What stands on chain of the achievement; none: nothing was read.
    pub(crate) fn earned(&self) -> Option<&Achievement> {
        self.achievement.as_ref()?.account.as_ref()
    }

    /// The achievement.
    pub(crate) fn achievement(&self) -> Result<Address, CliError> {
        let named = self.named.achievement.map(|achievement| achievement.address);
        let known = self.credential.map(|credential| credential.achievement);
        known.or(named).ok_or_else(|| not_offline("--achievement and --subject"))
    }

    /// The issuer.
    pub(crate) fn issuer(&self, acting: &ActingOptions) -> Result<Address, CliError> {
        let named = acting.issuer.map(|IssuerRef(issuer)| issuer);
        let by_code = self.named.achievement.and_then(|achievement| achievement.issuer);
        let known = self.credential.map(|credential| credential.issuer);
        known.or(named).or(by_code).ok_or_else(|| not_offline("--issuer"))
    }

    /// As whom the signer acts on it.
    pub(crate) async fn actor(
        &self,
        session: &Session,
        transaction: &TransactionOptions,
        acting: &ActingOptions,
        permission: u16,
    ) -> Result<Actor, CliError> {
        let achievement = self.credential.map(|credential| credential.achievement).unwrap_or_default();
        session.acting(transaction, self.issuer(acting)?, acting.key_index, &Intent { permission, achievement }).await
    }

    /// Requires that who acts is its learner, as far as that is known.
    pub(crate) fn require_learner(&self, actor: Address) -> Result<(), CliError> {
        let Some(credential) = self.credential else { return Ok(()) };
        if credential.subject == actor {
            return Ok(());
        }
        let title = self.title();
        Err(CliError::WrongSigner(if credential.is_erased() || credential.subject_kind != SubjectKind::Wallet.code() {
            format!("{title} names no wallet, so that no learner can sign for it: ask its issuer")
        } else {
            format!(
                "this takes the signature of the learner {}, not of {actor}: name the wallet's keypair with --keypair ({title})",
                credential.subject
            )
        }))
    }

    /// Whether the signer is its learner.
    pub(crate) fn is_of(&self, actor: Address) -> bool {
        self.credential.is_some_and(|credential| credential.subject == actor)
    }
}

impl CredentialOptions {
    async fn place(&self, session: &Session, transaction: &TransactionOptions) -> Result<Address, CliError> {
        match (self.credential, self.achievement, self.subject, self.sequence) {
            (Some(address), ..) => Ok(address),
            (None, Some(achievement), Some(subject), Some(sequence)) => {
                Ok(address::credential(&achievement.address, &subject, sequence))
            }
            (None, Some(_), Some(_), None) if transaction.sign_only => Err(not_offline("--sequence")),
            (None, Some(achievement), Some(subject), None) => {
                match lookup::latest(session.ledger().await?, &achievement.address, &subject).await? {
                    Some(latest) => Ok(latest.address),
                    None => {
                        Err(session.missing("credential", address::credential(&achievement.address, &subject, 0)).await)
                    }
                }
            }
            _ => Err(CliError::Usage("name the credential, or --achievement and --subject".into())),
        }
    }
}
