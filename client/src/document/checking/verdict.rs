//! The answer about a document, and which finding decides it.

use std::fmt;

macro_rules! verdicts {
    ($($(#[$meta:meta])* $name:ident = $word:literal, $exit:literal;)*) => {
        /// The answer about a document. The first of these that a finding asks for is the verdict: they stand in that order.
        ///
        /// What the document alone shows to be forged, altered or contradictory comes first: nothing on chain makes it better. Then comes what
        /// the chain says, in the program's own order; then what only document and chain together show. Two findings are told after the others:
        /// a validity that has ended, by a document that is proven, also where something could not be checked; and that whether its subject shows
        /// it could not be checked only where nothing else is wrong.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Verdict {
            $($(#[$meta])* $name,)*
        }

        impl Verdict {
            /// All, the one that decides before the others first.
            pub const ORDER: &[Self] = &[$(Self::$name),*];

            /// The word for it.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self {
                    $(Self::$name => $word,)*
                }
            }

            /// Exit code of the command line: 0 valid; 2 not valid; 3 not now, or not by a chain; 4 not found; 5 could not check.
            #[must_use]
            pub const fn exit_code(self) -> u8 {
                match self {
                    $(Self::$name => $exit,)*
                }
            }
        }
    };
}

verdicts! {
    /// It cannot be read, or is no document of Open Badges 3.0.
    Malformed = "malformed", 2;
    /// It was altered, or its issuer did not sign it.
    NotProven = "not proven", 2;
    /// What it says of its subject or of accounts contradicts itself.
    Inconsistent = "inconsistent", 2;
    /// Who shows it did not prove to be its subject, though that was asked.
    ControlNotProven = "control not proven", 2;
    /// Something that decides could not be read, or is of a kind that nobody here can check.
    CouldNotCheck = "could not check", 5;
    /// The chain has no such credential.
    NotFound = "not found", 4;
    /// Issuer, achievement or subject is not the one that document or verifier name.
    Mismatch = "mismatch", 2;
    /// The issuer revoked it.
    Revoked = "revoked", 2;
    /// Digest and subject were removed.
    Erased = "erased", 2;
    /// The learner did not want it.
    Declined = "declined", 2;
    /// Asserted or signed when others may have held the key.
    KeyCompromised = "key compromised", 2;
    /// The issuer signed it, but the credential was renewed since: a newer document counts.
    Superseded = "superseded", 2;
    /// It is not the document whose digest stands on chain.
    DigestMismatch = "digest mismatch", 2;
    /// The key that signed it was not the issuer's to sign it with.
    KeyNotEntitled = "key not entitled", 2;
    /// What it says was earned is not what stands on chain.
    DefinitionMismatch = "definition mismatch", 2;
    /// The validity has ended.
    Expired = "expired", 2;
    /// Out of force until reinstated.
    Suspended = "suspended", 3;
    /// Awaits the learner's acceptance.
    Pending = "pending", 3;
    /// The validity has not begun.
    NotYetValid = "not yet valid", 3;
    /// Nothing is wrong with the document itself, but the chain was not asked.
    NotCheckedOnChain = "not checked on chain", 5;
    /// Nothing is wrong with it by the standards, but nothing on chain vouches for it.
    StandardChecksPassed = "standard checks passed", 3;
    /// None of the others.
    Valid = "valid", 0;
}

impl Verdict {
    /// What findings come to: the first in order.
    #[must_use]
    pub fn of(findings: impl Iterator<Item = Self>) -> Self {
        findings.min().unwrap_or(Self::Valid)
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_in_order_decides() {
        let of = |findings: &[Verdict]| Verdict::of(findings.iter().copied());
        assert_eq!(of(&[]), Verdict::Valid);
        assert_eq!(of(&[Verdict::NotFound, Verdict::NotProven, Verdict::CouldNotCheck]), Verdict::NotProven);
        assert_eq!(of(&[Verdict::Expired, Verdict::Revoked]), Verdict::Revoked);
        assert_eq!(of(&[Verdict::NotCheckedOnChain, Verdict::Expired]), Verdict::Expired);
        assert_eq!(of(&[Verdict::CouldNotCheck, Verdict::Suspended]), Verdict::CouldNotCheck);
    }
}
