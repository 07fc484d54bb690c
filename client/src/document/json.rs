//! Reading JSON so that everyone who reads the same bytes sees the same: what parsers are known to take differently is refused.

use json_event_parser::{JsonEvent, SliceJsonParser};
use serde::Serialize;
use serde_json::{Map, Number, Value};
use sha2::{Digest, Sha256};

/// How many bytes are read at most.
pub const SIZE_LIMIT: usize = 256 * 1024;

/// How deep arrays and objects are nested at most.
pub const DEPTH_LIMIT: usize = 24;

/// How many digits of a number every processor keeps.
const DIGITS: usize = 15;

/// What some editors write before the first character: the byte order mark, in UTF-8.
const MARK: &[u8] = b"\xef\xbb\xbf";

/// Why bytes are not read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JsonError {
    /// More than [`SIZE_LIMIT`].
    #[error("it has {0} bytes; status lists and documents have at most {SIZE_LIMIT}")]
    TooBig(usize),
    /// More than [`DEPTH_LIMIT`].
    #[error("it is nested deeper than {DEPTH_LIMIT} levels, as no document is")]
    TooDeep,
    /// Not JSON.
    #[error("it is not JSON: {0}")]
    Syntax(String),
    /// A key that stands twice in one object: readers differ on which one counts.
    #[error("the key {0:?} stands twice in one object: readers differ on which one counts")]
    DuplicateKey(String),
    /// A key that could stand for another one (JSON-LD keywords, full and compact IRIs).
    #[error(
        "the key {0:?} is refused: with `:` or `@` it could hide what other readers see; documents use plain terms"
    )]
    Key(String),
    /// A context that is written out, or none.
    #[error("`@context` must be the URLs of known contexts; written out, it could give terms another meaning")]
    InlineContext,
    /// A number that has another spelling too, or that not everyone writes alike.
    #[error(
        "the number {0} is refused, since readers differ on such numbers: in its canonical form (RFC 8785), with {DIGITS} digits at most, \
         from a millionth on"
    )]
    Number(String),
}

/// Reads a JSON value. Refused are, beside what is not JSON: duplicate keys, numbers that processors spell differently, keys
/// with `:`, keys that begin with `@` other than `@context`, contexts other than URLs, and what exceeds [`SIZE_LIMIT`] or
/// [`DEPTH_LIMIT`].
///
/// # Errors
/// The first of these that is met.
pub fn read(bytes: &[u8]) -> Result<Value, JsonError> {
    if bytes.len() > SIZE_LIMIT {
        return Err(JsonError::TooBig(bytes.len()));
    }
    let bytes = bytes.strip_prefix(MARK).unwrap_or(bytes);
    // The parser would pass over another one.
    if bytes.starts_with(MARK) {
        return Err(JsonError::Syntax("it begins with two byte order marks".into()));
    }
    let mut parser = SliceJsonParser::new(bytes);
    let mut building = Building::default();
    loop {
        let event = parser.parse_next().map_err(|error| JsonError::Syntax(error.to_string()))?;
        match event {
            JsonEvent::Eof => return building.root.ok_or_else(|| JsonError::Syntax("it is empty".into())),
            JsonEvent::StartArray => building.open(Open::Array(Vec::new()))?,
            JsonEvent::StartObject => building.open(Open::Object(Map::new(), None))?,
            JsonEvent::EndArray | JsonEvent::EndObject => building.close()?,
            JsonEvent::ObjectKey(key) => building.key(key.into_owned())?,
            JsonEvent::String(text) => building.add(Value::String(text.into_owned()))?,
            JsonEvent::Boolean(boolean) => building.add(Value::Bool(boolean))?,
            JsonEvent::Null => building.add(Value::Null)?,
            JsonEvent::Number(text) => building.add(number(&text)?)?,
        }
    }
}

/// The canonical form of RFC 8785 (JCS).
#[must_use]
pub fn canonical<T: Serialize>(value: &T) -> Vec<u8> {
    // Of what serializes to a JSON value, nothing can fail: strings are UTF-8, and numbers finite.
    serde_json_canonicalizer::to_vec(value).unwrap_or_default()
}

/// SHA-256 of the canonical form: what stands on chain of a document.
#[must_use]
pub fn digest<T: Serialize>(value: &T) -> [u8; 32] {
    Sha256::digest(canonical(value)).into()
}

/// An array or object that is not at its end.
enum Open {
    Array(Vec<Value>),
    Object(Map<String, Value>, Option<String>),
}

/// What was read so far.
#[derive(Default)]
struct Building {
    open: Vec<Open>,
    root: Option<Value>,
}

impl Building {
    fn open(&mut self, open: Open) -> Result<(), JsonError> {
        if self.open.len() >= DEPTH_LIMIT {
            return Err(JsonError::TooDeep);
        }
        self.open.push(open);
        Ok(())
    }

    fn close(&mut self) -> Result<(), JsonError> {
        match self.open.pop() {
            Some(Open::Array(values)) => self.add(Value::Array(values)),
            Some(Open::Object(fields, _)) => self.add(Value::Object(fields)),
            None => Err(JsonError::Syntax("an end without a beginning".into())),
        }
    }

    fn key(&mut self, key: String) -> Result<(), JsonError> {
        if key.contains(':') || (key.contains('@') && key != "@context") {
            return Err(JsonError::Key(key));
        }
        let Some(Open::Object(fields, awaited)) = self.open.last_mut() else {
            return Err(JsonError::Syntax("a key outside of an object".into()));
        };
        if fields.contains_key(&key) {
            return Err(JsonError::DuplicateKey(key));
        }
        *awaited = Some(key);
        Ok(())
    }

    fn add(&mut self, value: Value) -> Result<(), JsonError> {
        match self.open.last_mut() {
            Some(Open::Array(values)) => values.push(value),
            Some(Open::Object(fields, awaited)) => {
                let key = awaited.take().ok_or_else(|| JsonError::Syntax("a value without a key".into()))?;
                if key == "@context" && !is_urls(&value) {
                    return Err(JsonError::InlineContext);
                }
                fields.insert(key, value);
            }
            None => self.root = Some(value),
        }
        Ok(())
    }
}

fn is_urls(context: &Value) -> bool {
    match context {
        Value::String(_) => true,
        Value::Array(contexts) => !contexts.is_empty() && contexts.iter().all(Value::is_string),
        _ => false,
    }
}

/// A number whose spelling is the canonical one: those of one value then have one spelling.
fn number(text: &str) -> Result<Value, JsonError> {
    let refused = || JsonError::Number(text.chars().take(40).collect());
    let number: Number = serde_json::from_str(text).map_err(|_| refused())?;
    let value = Value::Number(number);
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let is_plain = digits <= DIGITS && !text.contains('e');
    if is_plain && canonical(&value) == text.as_bytes() { Ok(value) } else { Err(refused()) }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_all_readers_read_alike_is_read() {
        let text = r#" {"a": [1, -2.5, true, null, "é\n"], "b": {"@context": ["https://a.example"]}, "c": {}} "#;
        let value = json!({"a": [1, -2.5, true, null, "é\n"], "b": {"@context": ["https://a.example"]}, "c": {}});
        assert_eq!(read(text.as_bytes()).unwrap(), value);
        assert_eq!(read(b"\xef\xbb\xbf[]").unwrap(), json!([]));
        assert_eq!(canonical(&json!({"b": 1.0, "a": "\u{7f}"})), b"{\"a\":\"\x7f\",\"b\":1}");
    }

    #[test]
    fn what_readers_take_differently_is_refused() {
        for (text, error) in [
            (r#"{"a":1,"a":1}"#, JsonError::DuplicateKey("a".into())),
            (r#"{"a":1,"\u0061":2}"#, JsonError::DuplicateKey("a".into())),
            (r#"{"https://a.example/b":1}"#, JsonError::Key("https://a.example/b".into())),
            (r#"{"@id":"x"}"#, JsonError::Key("@id".into())),
            (r#"{"\u0040graph":[]}"#, JsonError::Key("@graph".into())),
            (r#"{"@context":{"a":"b"}}"#, JsonError::InlineContext),
            (r#"{"@context":["https://a.example",{"a":"b"}]}"#, JsonError::InlineContext),
            (r#"{"@context":null}"#, JsonError::InlineContext),
            (r#"{"@context":[]}"#, JsonError::InlineContext),
        ] {
            assert_eq!(read(text.as_bytes()).unwrap_err(), error, "{text}");
        }
        for number in ["1.0", "1e2", "-0", "1E400", "0.10", "1e+21", "1e-7", "9007199254740993", "0.30000000000000004"]
        {
            assert!(matches!(read(number.as_bytes()), Err(JsonError::Number(_))), "{number}");
        }
        for number in ["0", "0.1", "-1.5", "0.000001", "999999999999999", "0.12345678901234"] {
            read(number.as_bytes()).unwrap();
        }
        for text in [
            "",
            "{",
            "[1,]",
            "{\"a\"}",
            "nul",
            "[] []",
            "\"\u{1}\"",
            r#""\ud800""#,
            "01",
            "+1",
            "NaN",
            "\u{feff}\u{feff}[]",
        ] {
            assert!(
                matches!(read(text.as_bytes()), Err(JsonError::Syntax(_))),
                "{text:?}: {:?}",
                read(text.as_bytes())
            );
        }
        assert!(matches!(read(b"\"\xff\""), Err(JsonError::Syntax(_))));
    }

    #[test]
    fn giant_and_deep_values_are_refused() {
        let nested = |depth: usize| [vec![b'['; depth], vec![b']'; depth]].concat();
        read(&nested(DEPTH_LIMIT)).unwrap();
        assert_eq!(read(&nested(DEPTH_LIMIT + 1)), Err(JsonError::TooDeep));
        assert_eq!(read(&nested(100_000)), Err(JsonError::TooDeep));
        assert_eq!(read(&vec![b' '; SIZE_LIMIT + 1]), Err(JsonError::TooBig(SIZE_LIMIT + 1)));
    }
}
