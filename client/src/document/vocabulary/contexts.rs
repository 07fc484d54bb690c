//! The lists of contexts that documents of each kind have, in their order: the first definition of a term counts for all that follow.

use serde_json::Value;

use crate::document::context::{CREDENTIALS_V2, Contexts, OPEN_BADGES, OPEN_BADGES_EXTENSIONS};

/// What this library writes in credentials: every term of the vocabulary is defined.
pub const CREDENTIAL_CONTEXTS: [&str; 3] = [CREDENTIALS_V2, OPEN_BADGES, OPEN_BADGES_EXTENSIONS];

/// What this library writes in status lists.
pub const STATUS_LIST_CONTEXTS: [&str; 1] = [CREDENTIALS_V2];

/// What this library writes in presentations.
pub const PRESENTATION_CONTEXTS: [&str; 1] = [CREDENTIALS_V2];

/// What credentials may have; without the extensions, `1EdTechJsonSchemaValidator2019` is not defined.
pub(super) const OF_CREDENTIALS: &[&[&str]] = &[&CREDENTIAL_CONTEXTS, &[CREDENTIALS_V2, OPEN_BADGES]];

/// What status lists and presentations may have.
pub(super) const OF_WRAPPERS: &[&[&str]] =
    &[&STATUS_LIST_CONTEXTS, &CREDENTIAL_CONTEXTS, &[CREDENTIALS_V2, OPEN_BADGES]];

/// Whether a schema of this type is defined by these contexts.
pub(super) fn define_schema(contexts: &[String], schema: &str) -> bool {
    schema == "JsonSchema" || contexts.iter().any(|url| url == OPEN_BADGES_EXTENSIONS)
}

/// The first context of a Verifiable Credential 2.0 that is not known here, cut to what a message shows.
pub(crate) fn unknown_context(document: &Value) -> Option<String> {
    let (first, others) = document.get("@context")?.as_array()?.split_first()?;
    let unknown = others.iter().filter_map(Value::as_str).find(|url| !Contexts::standard().has(url));
    unknown.filter(|_| first == CREDENTIALS_V2).map(|url| url.chars().take(120).collect())
}
