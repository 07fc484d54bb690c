//! The vocabulary of Open Badges 3.0: every term that documents may have, as types that keep what they read.
//!
//! A term is here if two conditions hold: the official JSON schema knows it at its place, and the contexts define it there. JSON-LD drops
//! what no context defines before anything is signed; a verifier that showed it would show what nobody signed. Every other term is
//! therefore refused, and so are:
//!
//! - endorsements, refresh services and terms of use: they have proofs and rules of their own, which nothing here checks;
//! - language maps (`{"en": ...}`), which the schema takes and the contexts do not define;
//! - `null`, which JSON-LD drops;
//! - one identifier for two different things: in what is signed, they are one ([`FormErrorKind::Identifier`]).
//!
//! What a proof over RDF leaves open, the digest on chain covers: the order of lists (but for `allowedValue`), how often the same text or
//! node stands in one, whether a single value stands in a list, and whether a document calls itself `AchievementCredential` or
//! `OpenBadgeCredential`. Look for an entry by what it says, not by its place.
//!
//! [`read`] reads what [`json::read`](super::json::read) gave; [`check`] has the rules that types cannot have. The types can be
//! deserialized by themselves too, but then `null` passes for a missing term.

mod achievement;
mod check;
mod contexts;
mod credential;
mod form;
mod identifiers;
mod limits;
mod node;
mod presentation;
mod profile;
mod proof;
mod reading;
mod status;
mod subject;
mod text;
mod times;
mod values;
mod words;

pub use achievement::{Achievement, Alignment, Criteria, Related, ResultDescription, RubricCriterionLevel};
pub use check::{check, check_presentation, check_status_list};
pub(crate) use contexts::unknown_context;
pub use contexts::{CREDENTIAL_CONTEXTS, PRESENTATION_CONTEXTS, STATUS_LIST_CONTEXTS};
pub use credential::{AchievementCredential, CredentialSchema, Evidence};
pub use form::{FormError, FormErrorKind};
pub use limits::{LIST_LIMIT, NAME_LIMIT, PROSE_LIMIT};
pub use node::{Node, Type};
pub use presentation::VerifiablePresentation;
pub use profile::{Address, GeoCoordinates, IdentifierEntry, Image, Profile};
pub use proof::DataIntegrityProof;
pub(crate) use reading::remove_unchecked;
pub use reading::{read, read_presentation, read_status_list};
pub use status::{
    BitstringStatusList, BitstringStatusListCredential, BitstringStatusListEntry, StatusListIndex, StatusListIssuer,
    StatusPurpose, StatusSize,
};
pub use subject::{AchievementResult, AchievementSubject, IdentityObject, ResultStatus};
pub use times::{BadDateTime, BadDay, DateTime, Day};
pub use values::{BadIri, Identified, Iri, OneOrMany, Reference};

/// What is wrong with the values of a part of a document.
#[cfg(test)]
pub(crate) fn wrong_values(part: &serde_json::Value) -> Vec<String> {
    let mut errors = Vec::new();
    limits::check(part, &mut errors);
    identifiers::check(part, &mut errors);
    errors.iter().map(ToString::to_string).collect()
}
