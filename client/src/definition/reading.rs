//! Taking a definition from a file, if it is the one that the chain names.

use microcred::state::Achievement;
use serde_json::Value;
use solana_address::Address;
use thiserror::Error;

use super::{Facts, canonical, digest};
use crate::{
    declaration::{Declaration, DeclarationError},
    hex::Hex,
};

/// Bytes of a file at most: more than any declaration needs.
const MAX_FILE: usize = 1 << 20;

/// Why a file is not taken for an achievement's definition.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum DefinitionError {
    /// Too long to be read.
    #[error("has {0} bytes, but at most {MAX_FILE} are read: name the definition's own file")]
    TooLong(usize),
    /// Not UTF-8.
    #[error("is not UTF-8: name a declaration (TOML) or a definition (JSON)")]
    NotText,
    /// Not JSON.
    #[error("is no JSON ({0}): write it anew with `microcred apply --definitions`")]
    Json(String),
    /// Not a declaration that can be used.
    #[error(transparent)]
    Declaration(#[from] DeclarationError),
    /// A declaration in which the achievement does not occur.
    #[error("declares no achievement {0:?}: name the file that does")]
    NotDeclared(String),
    /// A declaration of the achievement without its definition.
    #[error("declares {0:?} without a definition: add [achievements.definition]")]
    NotDefined(String),
    /// The account has no digest to compare with.
    #[error(
        "has the digest {}, but the achievement has none on chain: a draft gets it by `microcred apply`, and what was published without \
         is replaced by a new achievement",
        Hex(computed)
    )]
    NoDigest {
        /// The digest of what the file defines.
        computed: [u8; 32],
    },
    /// Another definition than the one on chain.
    #[error(
        "has the digest {}, but on chain the achievement's is {}: name the definition as it was when the achievement was written",
        Hex(computed),
        Hex(on_chain)
    )]
    OtherDigest {
        /// The digest of what the file defines.
        computed: [u8; 32],
        /// The digest on chain.
        on_chain: [u8; 32],
    },
    /// It has the digest on chain, but makes no sense in a document of this achievement.
    #[error(
        "has the digest on chain, but its `{field}` is not {expected}, so that no document can hold it: publish a new achievement with a \
         definition by `microcred apply`"
    )]
    Unsuited {
        /// The field of the object.
        field: &'static str,
        /// What it should be.
        expected: String,
    },
}

/// The object that a file defines for an achievement: a definition (JSON), or a declaration (TOML), of which the achievement with the
/// account's code is taken. It has the digest that the account names, and says what the account says.
///
/// # Errors
/// [`DefinitionError`]: the file is neither, or the chain names another definition, or none.
pub fn read(bytes: &[u8], address: &Address, account: &Achievement) -> Result<Value, DefinitionError> {
    let object = object(bytes, address, account)?;
    let (computed, on_chain) = (digest(&object), account.definition_digest);
    if on_chain == [0; 32] {
        return Err(DefinitionError::NoDigest { computed });
    }
    if computed != on_chain {
        return Err(DefinitionError::OtherDigest { computed, on_chain });
    }
    agree(&object, address, account)?;
    // What was digested is what is given out, to the spelling of its numbers.
    serde_json::from_slice(&canonical(&object)).map_err(|error| DefinitionError::Json(error.to_string()))
}

fn object(bytes: &[u8], address: &Address, account: &Achievement) -> Result<Value, DefinitionError> {
    if bytes.len() > MAX_FILE {
        return Err(DefinitionError::TooLong(bytes.len()));
    }
    let text = str::from_utf8(bytes).map_err(|_| DefinitionError::NotText)?;
    // No TOML begins so.
    if text.trim_start().starts_with('{') {
        return serde_json::from_str(text).map_err(|error| DefinitionError::Json(error.to_string()));
    }
    let declaration = Declaration::parse(text)?;
    let code = account.code();
    let declared = declaration.achievements.iter().find(|declared| declared.code == code);
    let declared = declared.ok_or_else(|| DefinitionError::NotDeclared(code.into()))?;
    let definition = declared.definition.as_ref().ok_or_else(|| DefinitionError::NotDefined(code.into()))?;
    Ok(definition.object(&facts(address, account)?))
}

/// Requires what a document says of an achievement to be what the account says. A digest can be set by hand, of anything.
fn agree(object: &Value, address: &Address, account: &Achievement) -> Result<(), DefinitionError> {
    let facts = facts(address, account)?;
    let unsuited = |field, expected: String| Err(DefinitionError::Unsuited { field, expected });
    let is_achievement = match object.get("type") {
        Some(Value::Array(types)) => types.iter().any(|one| one == "Achievement"),
        one => one.is_some_and(|one| one == "Achievement"),
    };
    if !is_achievement {
        return unsuited("type", "[\"Achievement\"]".into());
    }
    if object.get("id").and_then(Value::as_str).is_none() {
        return unsuited("id", "a URI".into());
    }
    if object.get("name").and_then(Value::as_str) != Some(facts.title) {
        return unsuited("name", format!("{:?}, the title on chain", facts.title));
    }
    if object.get("achievementType").and_then(Value::as_str) != Some(facts.achievement_type()) {
        return unsuited("achievementType", format!("{:?}, the kind on chain", facts.achievement_type()));
    }
    Ok(())
}

fn facts<'a>(address: &Address, account: &'a Achievement) -> Result<Facts<'a>, DefinitionError> {
    let unknown =
        |_| DefinitionError::Unsuited { field: "achievementType", expected: "of a kind that is known".into() };
    Facts::of(*address, account).map_err(unknown)
}
