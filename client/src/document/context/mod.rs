//! The closed set of JSON-LD contexts: no other one is ever read, and none is fetched.
//!
//! Processing a context costs far more than processing a document. A document is therefore expanded with the contexts less the terms that
//! it has no use for, which gives the same: a term matters only where the document, or a term that matters, names it. Of most documents, the
//! contexts inside of contexts are no more needed either: see `flat`.

mod flat;

use std::{
    collections::{BTreeSet, HashMap},
    sync::{Arc, LazyLock, Mutex, PoisonError},
};

use serde_json::{Map, Value};

use self::flat::Flat;

/// Verifiable Credentials Data Model 2.0.
pub const CREDENTIALS_V2: &str = "https://www.w3.org/ns/credentials/v2";
/// Open Badges 3.0.3.
pub const OPEN_BADGES: &str = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json";
/// Terms of 1EdTech for the schema of a document.
pub const OPEN_BADGES_EXTENSIONS: &str = "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json";

/// How many sets of pruned contexts are kept.
const KEPT: usize = 64;

/// Contexts by their URLs.
#[derive(Debug)]
pub struct Contexts {
    full: HashMap<&'static str, Value>,
    terms: BTreeSet<String>,
    /// Types with contexts of their own.
    scoped: BTreeSet<String>,
    flat: Flat,
    pruned: Mutex<HashMap<Needed, Arc<Pruned>>>,
}

/// The terms that a document uses, and whether flat contexts will do.
type Needed = (BTreeSet<String>, bool);

/// Contexts as JSON, with the terms that one document needs.
pub(super) type Pruned = HashMap<&'static str, Vec<u8>>;

static STANDARD: LazyLock<Contexts> = LazyLock::new(|| {
    Contexts::new(&[
        (CREDENTIALS_V2, include_str!("../contexts/credentials-v2.json")),
        (OPEN_BADGES, include_str!("../contexts/ob-v3p0-context-3.0.3.json")),
        (OPEN_BADGES_EXTENSIONS, include_str!("../contexts/ob-v3p0-extensions.json")),
    ])
});

impl Contexts {
    /// The contexts that documents may name.
    #[must_use]
    pub fn standard() -> &'static Self {
        &STANDARD
    }

    /// Of contexts that this crate ships; a file that is no context has no terms.
    pub(super) fn new(files: &[(&'static str, &str)]) -> Self {
        let full: HashMap<_, _> = files.iter().map(|(url, text)| (*url, parsed(text))).collect();
        let (mut terms, mut scoped) = (BTreeSet::new(), BTreeSet::new());
        full.values().for_each(|context| collect_terms(context, &mut terms, &mut scoped));
        let flat = Flat::new(files.iter().filter_map(|(url, _)| Some((*url, full.get(url)?))));
        Self { full, terms, scoped, flat, pruned: Mutex::default() }
    }

    /// Whether a context is known.
    #[must_use]
    pub fn has(&self, url: &str) -> bool {
        self.full.contains_key(url)
    }

    /// Whether a node anywhere in a document has several types with contexts of their own.
    pub(super) fn has_ambiguous_types(&self, value: &Value) -> bool {
        match value {
            Value::Object(fields) => {
                let types = fields.get("type").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
                let scoped: BTreeSet<_> = types.iter().filter_map(|name| self.scoped.get(name.as_str()?)).collect();
                scoped.len() > 1 || fields.values().any(|value| self.has_ambiguous_types(value))
            }
            Value::Array(values) => values.iter().any(|value| self.has_ambiguous_types(value)),
            _ => false,
        }
    }

    /// The contexts less what a document has no use for.
    pub(super) fn for_document(&self, document: &Value) -> Arc<Pruned> {
        let mut used = BTreeSet::new();
        self.collect_used(document, &mut used);
        let kind = (used, self.flat.suits(document, &self.terms));
        let mut pruned = self.pruned.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(contexts) = pruned.get(&kind) {
            return Arc::clone(contexts);
        }
        let contexts = Arc::new(self.prune(&kind.0, kind.1));
        if pruned.len() >= KEPT {
            pruned.clear();
        }
        pruned.insert(kind, Arc::clone(&contexts));
        contexts
    }

    /// The contexts with all their terms.
    #[cfg(test)]
    pub(super) fn unpruned(&self) -> Arc<Pruned> {
        Arc::new(self.prune(&self.terms, false))
    }

    /// The terms that a document names: keys, and values that a processor may take for terms or for prefixes of them.
    fn collect_used(&self, value: &Value, used: &mut BTreeSet<String>) {
        match value {
            Value::Object(fields) => {
                for (key, value) in fields {
                    self.add_used(key, used);
                    self.collect_used(value, used);
                }
            }
            Value::Array(values) => values.iter().for_each(|value| self.collect_used(value, used)),
            Value::String(text) => self.add_used(text, used),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    fn add_used(&self, text: &str, used: &mut BTreeSet<String>) {
        let prefix = text.split_once(':').map(|(prefix, _)| prefix);
        for term in [Some(text), prefix].into_iter().flatten() {
            if self.terms.contains(term) && !used.contains(term) {
                used.insert(term.into());
            }
        }
    }

    fn prune(&self, used: &BTreeSet<String>, is_flat: bool) -> Pruned {
        let mut kept = used.clone();
        loop {
            let contexts: HashMap<_, _> =
                self.full.iter().map(|(url, context)| (*url, without_unused(context, &kept))).collect();
            // Definitions that are kept name further terms.
            let before = kept.len();
            contexts.values().for_each(|context| self.collect_used(context, &mut kept));
            if kept.len() == before {
                let flat = |context| if is_flat { flat::flattened(&context) } else { context };
                let file = |context| serde_json::json!({ "@context": context }).to_string().into_bytes();
                return contexts.into_iter().map(|(url, context)| (url, file(flat(context)))).collect();
            }
        }
    }
}

fn parsed(text: &str) -> Value {
    let mut file: Value = serde_json::from_str(text).unwrap_or_default();
    file.get_mut("@context").map(Value::take).unwrap_or_default()
}

/// What the keys of a context define, also in the contexts inside of it; and which of them have one.
fn collect_terms(context: &Value, terms: &mut BTreeSet<String>, scoped: &mut BTreeSet<String>) {
    let Value::Object(definitions) = context else { return };
    for (term, definition) in definitions {
        if !is_kept_always(term) {
            terms.insert(term.clone());
        }
        if let Some(inner) = definition.get("@context") {
            scoped.insert(term.clone());
            collect_terms(inner, terms, scoped);
        }
    }
}

fn without_unused(context: &Value, used: &BTreeSet<String>) -> Value {
    let Value::Object(definitions) = context else { return context.clone() };
    let kept = definitions.iter().filter(|(term, _)| is_kept_always(term) || used.contains(*term));
    let pruned = kept.map(|(term, definition)| {
        let mut definition = definition.clone();
        if let Some(inner) = definition.get_mut("@context") {
            *inner = without_unused(inner, used);
        }
        (term.clone(), definition)
    });
    Value::Object(pruned.collect::<Map<_, _>>())
}

/// Keywords, and the names of keywords.
fn is_kept_always(term: &str) -> bool {
    term.starts_with('@') || matches!(term, "id" | "type")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_shipped_contexts_have_terms() {
        let contexts = Contexts::standard();
        assert!([CREDENTIALS_V2, OPEN_BADGES, OPEN_BADGES_EXTENSIONS].iter().all(|url| contexts.has(url)));
        assert!(!contexts.has("https://www.w3.org/2018/credentials/v1"));
        assert!(contexts.terms.len() > 150, "{}", contexts.terms.len());
    }

    #[test]
    fn what_a_document_or_a_kept_term_names_is_kept() {
        let contexts = Contexts::standard();
        let pruned = contexts.for_document(&json!({"type": ["AchievementCredential"], "tag": ["Alignment"]}));
        let open_badges: Value = serde_json::from_slice(&pruned[OPEN_BADGES]).unwrap();
        let terms: Vec<_> = open_badges["@context"].as_object().unwrap().keys().map(String::as_str).collect();
        for term in ["AchievementCredential", "OpenBadgeCredential", "Alignment", "@protected", "id", "type"] {
            assert!(terms.contains(&term), "{term} in {terms:?}");
        }
        assert!(!terms.contains(&"Achievement"), "{terms:?}");
        assert!(Arc::ptr_eq(
            &pruned,
            &contexts.for_document(&json!({"tag": "Alignment", "type": "AchievementCredential"}))
        ));
    }

    #[test]
    fn only_so_many_are_kept() {
        let contexts = Contexts::standard();
        for terms in contexts.terms.iter().take(3 * KEPT) {
            contexts.for_document(&json!({ terms: 1 }));
        }
        assert!(contexts.pruned.lock().unwrap().len() <= KEPT);
    }
}
