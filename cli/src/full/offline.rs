//! Signatures made here for a transaction that is sent from elsewhere, as the Solana tools print them.

use std::io;

use base64::{Engine, engine::general_purpose::STANDARD};
use serde::Serialize;
use solana_transaction::versioned::VersionedTransaction;

use super::output::{Answer, Page};

/// Who has signed and who has not. Schema: `sign-only.json`, which is the form of the Solana tools.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SignOnly {
    blockhash: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    signers: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    absent: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    bad_sig: Vec<String>,
}

impl SignOnly {
    pub(crate) fn of(transaction: &VersionedTransaction, with_message: bool) -> Self {
        let message = transaction.message.serialize();
        let (mut signers, mut absent, mut bad_sig) = (Vec::new(), Vec::new(), Vec::new());
        for (address, signature) in transaction.message.static_account_keys().iter().zip(&transaction.signatures) {
            if signature.as_ref() == [0; 64] {
                absent.push(address.to_string());
            } else if signature.verify(address.as_ref(), &message) {
                signers.push(format!("{address}={signature}"));
            } else {
                bad_sig.push(address.to_string());
            }
        }
        Self {
            blockhash: transaction.message.recent_blockhash().to_string(),
            message: with_message.then(|| STANDARD.encode(message)),
            signers,
            absent,
            bad_sig,
        }
    }
}

impl Answer for SignOnly {
    fn text(&self, page: &mut Page<'_>) -> io::Result<()> {
        page.line("")?;
        page.line(format_args!("Blockhash: {}", self.blockhash))?;
        if let Some(message) = &self.message {
            page.line(format_args!("Transaction Message: {message}"))?;
        }
        for (heading, lines) in [
            ("Signers (Pubkey=Signature):", &self.signers),
            ("Absent Signers (Pubkey):", &self.absent),
            ("Bad Signatures (Pubkey):", &self.bad_sig),
        ] {
            if !lines.is_empty() {
                page.heading(heading)?;
                lines.iter().try_for_each(|line| page.line(format_args!(" {line}")))?;
            }
        }
        Ok(())
    }
}
