//! As whom somebody acts for an issuer: its authority, or one of its keys.

use microcred_client::{
    Address,
    instructions::{Actor, KeyRef},
    lookup::{self, Intent},
};

use super::{error::CliError, office::not_offline, session::Session, transaction::TransactionOptions};

impl Session {
    /// As whom the signer acts. Without a key that was named: the authority with `--sign-only`, otherwise whatever the ledger says.
    pub(crate) async fn acting(
        &self,
        transaction: &TransactionOptions,
        issuer: Address,
        key_index: Option<u16>,
        intent: &Intent,
    ) -> Result<Actor, CliError> {
        let signer = self.actor()?.address;
        Ok(match key_index {
            Some(index) => Actor::Key(KeyRef { issuer, index, key: signer }),
            None if transaction.sign_only => Actor::Authority { issuer, authority: signer },
            None => lookup::actor(self.ledger().await?, &issuer, &signer, intent).await?,
        })
    }

    /// The key with which the signer issues or renews.
    pub(crate) async fn acting_key(
        &self,
        transaction: &TransactionOptions,
        issuer: Address,
        key_index: Option<u16>,
        intent: &Intent,
    ) -> Result<KeyRef, CliError> {
        let signer = self.actor()?.address;
        match key_index {
            Some(index) => Ok(KeyRef { issuer, index, key: signer }),
            None if transaction.sign_only => Err(not_offline("--key-index")),
            None => Ok(lookup::key(self.ledger().await?, &issuer, &signer, intent).await?),
        }
    }
}
