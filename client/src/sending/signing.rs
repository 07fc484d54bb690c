//! Signatures, from one place or several.

use solana_address::Address;
use solana_message::VersionedMessage;
use solana_signature::Signature;
use solana_signer::signers::Signers;
use solana_transaction::versioned::VersionedTransaction;

use crate::error::SendError;

/// Signs a message completely. Signers that it does not need are ignored.
///
/// # Errors
/// [`SendError::Unsigned`] names who else must sign; [`SendError::NotSigned`] if a signer fails.
pub fn sign<S: Signers + ?Sized>(message: VersionedMessage, signers: &S) -> Result<VersionedTransaction, SendError> {
    let transaction = sign_partly(message, signers)?;
    let missing: Vec<_> = empty(&transaction).collect();
    if missing.is_empty() { Ok(transaction) } else { Err(SendError::Unsigned(missing)) }
}

/// Signs a message with whoever is here. A signer that gives no signature (all zeros) counts as absent.
///
/// # Errors
/// [`SendError::NotSigned`] if a signer fails.
pub fn sign_partly<S: Signers + ?Sized>(
    message: VersionedMessage,
    signers: &S,
) -> Result<VersionedTransaction, SendError> {
    let failed = |error: solana_signer::SignerError| SendError::NotSigned(error.to_string());
    let signatures = signers.try_sign_message(&message.serialize()).map_err(failed)?;
    let mut transaction = unsigned(message);
    for (address, signature) in signers.try_pubkeys().map_err(failed)?.into_iter().zip(signatures) {
        if let Some(place) = place(&transaction, &address)
            && signature != Signature::default()
            && let Some(slot) = transaction.signatures.get_mut(place)
        {
            *slot = signature;
        }
    }
    Ok(transaction)
}

/// Adds signatures that were made elsewhere. Each is checked.
///
/// # Errors
/// [`SendError::NotSigned`] says which signature is wrong, or not needed; nothing was added then.
pub fn attach(transaction: &mut VersionedTransaction, made: &[(Address, Signature)]) -> Result<(), SendError> {
    let message = transaction.message.serialize();
    let mut signatures = transaction.signatures.clone();
    for (address, signature) in made {
        let slot = place(transaction, address)
            .and_then(|place| signatures.get_mut(place))
            .ok_or_else(|| SendError::NotSigned(format!("{address} is none of its signers")))?;
        if !signature.verify(address.as_ref(), &message) {
            let why = format!("the signature of {address} is not of this message: sign exactly what is sent");
            return Err(SendError::NotSigned(why));
        }
        *slot = *signature;
    }
    transaction.signatures = signatures;
    Ok(())
}

/// Whose signature is missing or wrong, in the order of the message's signers.
#[must_use]
pub fn missing(transaction: &VersionedTransaction) -> Vec<Address> {
    let message = transaction.message.serialize();
    let is_missing = |(place, address): &(usize, &Address)| {
        !transaction.signatures.get(*place).is_some_and(|signature| signature.verify(address.as_ref(), &message))
    };
    signers(&transaction.message).iter().enumerate().filter(is_missing).map(|(_, address)| *address).collect()
}

/// The message as a transaction without signatures, which can be simulated.
#[must_use]
pub fn unsigned(message: VersionedMessage) -> VersionedTransaction {
    let signatures = vec![Signature::default(); signers(&message).len()];
    VersionedTransaction { signatures, message }
}

/// Who must sign a message, the payer first.
#[must_use]
pub fn signers(message: &VersionedMessage) -> &[Address] {
    let keys = message.static_account_keys();
    keys.get(..usize::from(message.header().num_required_signatures)).unwrap_or(keys)
}

/// The signers whose signature is empty.
fn empty(transaction: &VersionedTransaction) -> impl Iterator<Item = Address> {
    let signers = signers(&transaction.message).iter().zip(&transaction.signatures);
    signers.filter(|(_, signature)| **signature == Signature::default()).map(|(address, _)| *address)
}

fn place(transaction: &VersionedTransaction, address: &Address) -> Option<usize> {
    signers(&transaction.message).iter().position(|signer| signer == address)
}
