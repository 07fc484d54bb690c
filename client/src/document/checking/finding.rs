//! What can be found out about a document, in fixed words.

use std::fmt;

use microcred::verdict::Verdict as ChainVerdict;

use super::Verdict;

macro_rules! words {
    ($(#[$enum_meta:meta])* $enum:ident: $($(#[$meta:meta])* $name:ident = $word:literal;)*) => {
        $(#[$enum_meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $enum {
            $($(#[$meta])* $name,)*
        }

        impl $enum {
            /// All, in their order.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The word for it.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self {
                    $(Self::$name => $word,)*
                }
            }
        }

        impl fmt::Display for $enum {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.word())
            }
        }
    };
}

words! {
    /// What is checked of a document.
    Check:
    /// That it is an Open Badges 3.0 credential, and nothing in it is unsigned or ambiguous.
    Form = "form";
    /// That its issuer signed it as it is.
    Proof = "proof";
    /// That it is valid at this time, by its own word.
    Dates = "dates";
    /// That the accounts which it names are clear.
    References = "references";
    /// That it is clear who its subject is.
    Subject = "subject";
    /// That it is what the verifier expects.
    Expectations = "expectations";
    /// That its credential stands on chain, and is in force.
    Status = "status";
    /// That its digest stands on chain.
    Digest = "digest";
    /// That the key which signed was the issuer's to sign with, at the time.
    Key = "key";
    /// That what it says was earned is what stands on chain.
    Definition = "definition";
    /// That what else it says is what stands on chain.
    Content = "content";
    /// That who shows it is its subject.
    Control = "control";
}

macro_rules! kinds {
    ($($(#[$meta:meta])* $name:ident = $word:literal, $check:ident, $decides:expr;)*) => {
        words! {
            /// What was found.
            Kind:
            $($(#[$meta])* $name = $word;)*
        }

        impl Kind {
            /// Which check found it.
            #[must_use]
            pub const fn check(self) -> Check {
                match self {
                    $(Self::$name => Check::$check,)*
                }
            }

            /// The verdict that it asks for; none: it is told, and decides nothing.
            #[must_use]
            pub const fn decides(self) -> Option<Verdict> {
                match self {
                    $(Self::$name => $decides,)*
                }
            }
        }
    };
}

kinds! {
    /// Not JSON that every reader takes the same.
    Unreadable = "unreadable", Form, Some(Verdict::Malformed);
    /// Not an Open Badges 3.0 credential as it should be.
    BadForm = "bad form", Form, Some(Verdict::Malformed);
    /// Something of another issuer's that is not understood here: a context, or what has proofs, rules or services of its own.
    NotUnderstood = "not understood here", Form, Some(Verdict::CouldNotCheck);
    /// No proof, or one that does not fit: the document was altered, or somebody else signed.
    BadProof = "bad proof", Proof, Some(Verdict::NotProven);
    /// The proofs fit, but none is its issuer's, for the purpose of asserting.
    NotSignedByIssuer = "not signed by its issuer", Proof, Some(Verdict::NotProven);
    /// The issuer's proof has ended.
    ProofExpired = "proof expired", Proof, Some(Verdict::NotProven);
    /// No proof that can be checked here: of another kind, or over words whose context is not known.
    UnknownProof = "unknown kind of proof", Proof, Some(Verdict::CouldNotCheck);
    /// The key of a proof could not be found out.
    KeyNotKnown = "issuer's key not known", Proof, Some(Verdict::CouldNotCheck);
    /// Signed at a time that has not come.
    SignedInFuture = "signed in the future", Dates, Some(Verdict::NotYetValid);
    /// Its validity has not begun.
    NotYetValid = "not yet valid", Dates, Some(Verdict::NotYetValid);
    /// Its validity has ended, by its own word.
    ValidityEnded = "validity ended", Dates, Some(Verdict::Expired);
    /// Which accounts it names is not clear.
    UnclearReferences = "unclear references", References, Some(Verdict::Inconsistent);
    /// It names no account: it is another issuer's.
    NothingOnChain = "nothing on chain vouches for it", References, Some(Verdict::StandardChecksPassed);
    /// It names no subject who could stand on chain.
    UnclearSubject = "unclear subject", Subject, Some(Verdict::Inconsistent);
    /// The commitment in it is not to its subject.
    CommitmentNotOpened = "commitment not opened", Subject, Some(Verdict::Inconsistent);
    /// Issuer, achievement or subject is not the one that the verifier expects.
    NotAsExpected = "not as expected", Expectations, Some(Verdict::Mismatch);
    /// The achievement that the verifier expects can only be compared on chain.
    NotCompared = "not compared with what is expected", Expectations, None;
    /// A registry was to vouch for the issuer, and registries vouch for accounts alone.
    NoTrust = "no registry can vouch for it", Expectations, None;
    /// It is of another chain than the one that was asked.
    OtherChain = "other chain", Status, Some(Verdict::CouldNotCheck);
    /// The chain could not be asked, or what it says is not whole.
    NotRead = "could not check", Status, Some(Verdict::CouldNotCheck);
    /// The chain has no such credential.
    NotFound = "not found", Status, Some(Verdict::NotFound);
    /// The credential on chain is of another issuer, achievement or subject.
    Mismatch = "mismatch", Status, Some(Verdict::Mismatch);
    /// The issuer revoked it.
    Revoked = "revoked", Status, Some(Verdict::Revoked);
    /// Digest and subject were removed.
    Erased = "erased", Status, Some(Verdict::Erased);
    /// The learner did not want it.
    Declined = "declined", Status, Some(Verdict::Declined);
    /// It was asserted on chain when others may have held the key that did.
    AssertedByCompromisedKey = "key compromised", Status, Some(Verdict::KeyCompromised);
    /// The validity has ended on chain.
    Expired = "expired", Status, Some(Verdict::Expired);
    /// Out of force until reinstated.
    Suspended = "suspended", Status, Some(Verdict::Suspended);
    /// Awaits the learner's acceptance.
    Pending = "pending", Status, Some(Verdict::Pending);
    /// The published status list says that it is revoked.
    ListedRevoked = "revoked by its status list", Status, Some(Verdict::Revoked);
    /// The published status list says that it is suspended.
    ListedSuspended = "suspended by its status list", Status, Some(Verdict::Suspended);
    /// The published status list could not be read, or cannot be relied on.
    StatusNotKnown = "status not known", Status, Some(Verdict::CouldNotCheck);
    /// Its issuer publishes no status: it could not be revoked.
    NoStatus = "no status published", Status, None;
    /// The issuer signed it, but the credential was renewed since.
    Superseded = "superseded", Digest, Some(Verdict::Superseded);
    /// It is not the document whose digest stands on chain.
    DigestMismatch = "digest mismatch", Digest, Some(Verdict::DigestMismatch);
    /// The account that is named holds another key, or is another issuer's, or there is none.
    KeyNotIssuers = "key is not the issuer's", Key, Some(Verdict::KeyNotEntitled);
    /// The proof does not say when it was made, so that no key's window can cover it.
    Undated = "proof without a time", Key, Some(Verdict::KeyNotEntitled);
    /// The key may not sign documents.
    KeyWithoutPermission = "key without permission", Key, Some(Verdict::KeyNotEntitled);
    /// The key is for another achievement.
    KeyOutOfScope = "key out of scope", Key, Some(Verdict::KeyNotEntitled);
    /// The key was not valid when the document was signed, or when it was asserted on chain.
    KeyOutsideWindow = "key outside its window", Key, Some(Verdict::KeyNotEntitled);
    /// Signed after its digest was put on chain, by its own word.
    SignedLater = "signed after it was asserted", Key, Some(Verdict::KeyNotEntitled);
    /// Others may have held the key when the document was signed, or asserted on chain.
    KeyCompromised = "signing key compromised", Key, Some(Verdict::KeyCompromised);
    /// The key's account could not be read.
    KeyNotRead = "signing key not read", Key, Some(Verdict::CouldNotCheck);
    /// What it says was earned is not what stands on chain.
    DefinitionDiffers = "definition mismatch", Definition, Some(Verdict::DefinitionMismatch);
    /// No definition's digest stands on chain; that of the whole document covers what it says was earned.
    NoDefinition = "no definition on chain", Definition, None;
    /// Its end of validity is another on chain.
    OtherValidity = "other validity on chain", Content, None;
    /// Its place in the status lists is another on chain: who reads only lists reads another's status.
    OtherStatusIndex = "other status index on chain", Content, None;
    /// The issuer's name, web site or country is another on chain.
    OtherProfile = "other issuer profile on chain", Content, None;
    /// The title is another on chain.
    OtherTitle = "other title on chain", Content, None;
    /// Who shows it did not prove to be its subject, though that was asked.
    ControlNotProven = "control not proven", Control, Some(Verdict::ControlNotProven);
    /// Whether who shows it is its subject could not be told. It decides where nothing else does.
    ControlNotKnown = "control not known", Control, Some(Verdict::CouldNotCheck);
    /// Whoever has the file can show it.
    NobodyProved = "nobody proved to be its subject", Control, None;
}

impl Kind {
    /// A finding of the chain's verdict; none: it is valid.
    #[must_use]
    pub const fn of_chain(verdict: ChainVerdict) -> Option<Self> {
        Some(match verdict {
            ChainVerdict::CouldNotCheck => Self::NotRead,
            ChainVerdict::NotFound => Self::NotFound,
            ChainVerdict::Mismatch => Self::Mismatch,
            ChainVerdict::Revoked => Self::Revoked,
            ChainVerdict::Erased => Self::Erased,
            ChainVerdict::Declined => Self::Declined,
            ChainVerdict::KeyCompromised => Self::AssertedByCompromisedKey,
            ChainVerdict::Superseded => Self::Superseded,
            ChainVerdict::DigestMismatch => Self::DigestMismatch,
            ChainVerdict::Expired => Self::Expired,
            ChainVerdict::Suspended => Self::Suspended,
            ChainVerdict::Pending => Self::Pending,
            ChainVerdict::Valid => return None,
        })
    }
}

/// Something that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What.
    pub kind: Kind,
    /// More of it, for people. It may hold what the document says: make it safe before a terminal shows it.
    pub detail: Option<String>,
}

impl Finding {
    /// With more of it, for people.
    pub(crate) fn new(kind: Kind, detail: impl fmt::Display) -> Self {
        Self { kind, detail: Some(detail.to_string()) }
    }
}

impl From<Kind> for Finding {
    fn from(kind: Kind) -> Self {
        Self { kind, detail: None }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.detail {
            Some(detail) => write!(f, "{}: {detail}", self.kind),
            None => write!(f, "{}", self.kind),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use microcred::verdict::ORDER;

    use super::*;

    #[test]
    fn each_has_a_word_of_its_own() {
        let words: HashSet<_> = Kind::ALL.iter().map(|kind| kind.word()).collect();
        assert_eq!(words.len(), Kind::ALL.len());
        let words: HashSet<_> = Check::ALL.iter().map(|check| check.word()).collect();
        assert_eq!(words.len(), Check::ALL.len());
    }

    #[test]
    fn every_check_can_find_something() {
        for check in Check::ALL {
            assert!(Kind::ALL.iter().any(|kind| kind.check() == *check), "{check}");
        }
    }

    #[test]
    fn findings_of_the_chain_keep_word_order_and_exit_code() {
        assert_eq!(Kind::of_chain(ChainVerdict::Valid), None);
        let mut decided = Vec::new();
        for verdict in ORDER.iter().filter(|verdict| **verdict != ChainVerdict::Valid) {
            let kind = Kind::of_chain(*verdict).unwrap();
            let decides = kind.decides().unwrap();
            let words = (kind.word(), decides.word(), decides.exit_code());
            assert_eq!(words, (verdict.word(), verdict.word(), verdict.exit_code()));
            decided.push(decides);
        }
        assert!(decided.is_sorted());
    }
}
