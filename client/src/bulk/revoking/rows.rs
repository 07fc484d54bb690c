//! The rows of a file of credentials that are to be revoked.

use std::collections::HashMap;

use microcred::state::Reason;
use solana_address::Address;

use crate::{
    bulk::table::{self, RowError, shown},
    learners,
};

const COLUMNS: [&str; 4] = ["wallet", "learner", "credential", "reason"];

/// A row of the file. Its columns, of which `wallet` or `credential` must be filled in, and not both:
///
/// - `wallet`: the learner's address, whose latest credential of the run's achievement is meant;
/// - `learner`: a name for the platform's eyes, which stays in the file;
/// - `credential`: the credential's address;
/// - `reason`: one of the words of [`Reason`], with spaces or hyphens; empty: the run's reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Revocation {
    /// Line of the file, from 1.
    pub line: u64,
    /// Whose credential.
    pub whose: Whose,
    /// Why; none: the run's reason.
    pub reason: Option<Reason>,
}

/// Which credential is revoked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Whose {
    /// The latest one of the run's achievement that this wallet has.
    Wallet(Address),
    /// The one at this address.
    Credential(Address),
}

/// Reads all rows of a file.
///
/// # Errors
/// Every row that is wrong, with its line.
pub fn read_revocations(file: &[u8]) -> Result<Vec<Revocation>, Vec<RowError>> {
    let mut seen = HashMap::new();
    table::read(file, &COLUMNS, |line, fields| {
        let whose = match (fields.get("wallet")?, fields.get("credential")?) {
            (Some(wallet), None) => Whose::Wallet(learners::address(wallet)?),
            (None, Some(credential)) => Whose::Credential(learners::address(credential)?),
            (None, None) => return Err("wallet and credential are both missing: one of them is needed".into()),
            (Some(_), Some(_)) => return Err("it names both wallet and credential: one of them is enough".into()),
        };
        if let Some(first) = seen.insert(whose, line) {
            return Err(format!("the same stands in line {first} already"));
        }
        Ok(Revocation { line, whose, reason: fields.get("reason")?.map(reason).transpose()? })
    })
}

fn reason(text: &str) -> Result<Reason, String> {
    let plain = |text: &str| text.to_lowercase().replace(['-', '_'], " ");
    let known = Reason::ALL.iter().find(|reason| plain(reason.word()) == plain(text));
    known.copied().ok_or_else(|| {
        let words: Vec<_> = Reason::ALL.iter().map(|reason| reason.word()).collect();
        format!("{} is not a reason: write one of {}", shown(text), words.join(", "))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const WALLET: &str = "DinFHnMqoB2irQKHyM83CiLf1Sq5a1JMUgmk7oUouN68";

    #[test]
    fn rows_name_a_wallet_or_a_credential_and_perhaps_a_reason() {
        let file = format!("wallet,credential,reason\n{WALLET},,\n,{WALLET},Academic-Misconduct\n");
        let address = WALLET.parse().unwrap();
        assert_eq!(
            read_revocations(file.as_bytes()).unwrap(),
            [
                Revocation { line: 2, whose: Whose::Wallet(address), reason: None },
                Revocation { line: 3, whose: Whose::Credential(address), reason: Some(Reason::AcademicMisconduct) },
            ]
        );
        for reason_word in Reason::ALL {
            assert_eq!(reason(reason_word.word()), Ok(*reason_word));
        }
        let file = format!(
            "wallet,credential,reason\n{WALLET},,\n{WALLET},,\n,,\n{WALLET},{WALLET},\n,x,\n,,bad\n,{WALLET},bad\n"
        );
        let errors = read_revocations(file.as_bytes()).unwrap_err();
        assert_eq!(errors.iter().map(|error| error.line).collect::<Vec<_>>(), [3, 4, 5, 6, 7, 8]);
        assert!(errors[5].what.contains("payment"), "{}", errors[5]);
    }
}
