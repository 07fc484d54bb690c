//! Identifiers of keys, subjects and accounts, as documents write them.

use std::{fmt, str::FromStr};

use solana_address::Address;

/// Code of an Ed25519 public key (multicodec), before its 32 bytes.
const ED25519: [u8; 2] = [0xed, 0x01];

/// How many characters of a genesis hash tell a chain (CAIP-2, namespace `solana`).
const CHAIN_LENGTH: usize = 32;

/// Why an identifier is not read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DidError {
    /// Not the `did:key` of an Ed25519 key.
    #[error("{0:?} is not the did:key of an Ed25519 key (`did:key:z6Mk...`)")]
    Key(String),
    /// Not an account of a Solana chain.
    #[error("{0:?} is not an account of a Solana chain (`solana:<chain>:<address>`)")]
    Account(String),
    /// Not a chain.
    #[error("{0:?} is not a Solana chain: the first {CHAIN_LENGTH} characters of its genesis hash")]
    Chain(String),
    /// Not a subject.
    #[error("{0:?} is no subject that is known: `did:key:z6Mk...` or `did:pkh:solana:<chain>:<address>`")]
    Subject(String),
}

/// The `did:key` of an Ed25519 public key: `did:key:z` and base58btc of 0xed 0x01 and the key (W3C CCG, did:key method).
#[must_use]
pub fn did_key(key: &Address) -> String {
    format!("did:key:{}", multikey(key))
}

/// The verification method that a key is: its `did:key`, `#`, and the same encoding once more.
#[must_use]
pub fn key_method(key: &Address) -> String {
    let multikey = multikey(key);
    format!("did:key:{multikey}#{multikey}")
}

/// The key as Multikey: `z6Mk...`.
#[must_use]
pub fn multikey(key: &Address) -> String {
    let bytes = [&ED25519[..], key.as_array()].concat();
    format!("z{}", bs58::encode(bytes).into_string())
}

/// The key of a Multikey.
///
/// # Errors
/// [`DidError::Key`], where it is not that of an Ed25519 key in its only spelling.
pub fn parse_multikey(text: &str) -> Result<Address, DidError> {
    let wrong = || DidError::Key(shortened(text));
    // Base58 of 34 bytes has 47 characters at most; decoding takes quadratic time.
    let digits = text.strip_prefix('z').filter(|digits| digits.len() <= 48).ok_or_else(wrong)?;
    let bytes = bs58::decode(digits).into_vec().map_err(|_| wrong())?;
    let key: [u8; 32] = bytes.strip_prefix(&ED25519).and_then(|key| key.try_into().ok()).ok_or_else(wrong)?;
    let key = Address::new_from_array(key);
    if multikey(&key) == text { Ok(key) } else { Err(wrong()) }
}

/// The key of a `did:key`.
///
/// # Errors
/// [`DidError::Key`].
pub fn parse_did_key(text: &str) -> Result<Address, DidError> {
    let multikey = text.strip_prefix("did:key:").ok_or_else(|| DidError::Key(shortened(text)))?;
    parse_multikey(multikey)
}

/// The key of a verification method of [`key_method`].
///
/// # Errors
/// [`DidError::Key`], also where the part after `#` is not the key's own.
pub fn parse_key_method(text: &str) -> Result<Address, DidError> {
    let (did, fragment) = text.split_once('#').ok_or_else(|| DidError::Key(shortened(text)))?;
    let key = parse_did_key(did)?;
    if did.strip_prefix("did:key:") == Some(fragment) { Ok(key) } else { Err(DidError::Key(shortened(text))) }
}

/// A Solana chain: the first 32 characters of its genesis hash (CAIP-2), or `embedded` for a ledger in a file, which has none.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Chain(String);

impl Chain {
    /// The chain of a genesis hash.
    #[must_use]
    pub fn of_genesis(genesis: &solana_hash::Hash) -> Self {
        Self(genesis.to_string().chars().take(CHAIN_LENGTH).collect())
    }

    /// The chain of every ledger in a file.
    #[must_use]
    pub fn embedded() -> Self {
        Self("embedded".into())
    }

    /// The name after `solana:`.
    #[must_use]
    pub fn reference(&self) -> &str {
        &self.0
    }
}

impl FromStr for Chain {
    type Err = DidError;

    /// The name after `solana:`.
    fn from_str(text: &str) -> Result<Self, DidError> {
        let is_hash = text.len() == CHAIN_LENGTH && text.bytes().all(bs58_digit);
        if is_hash || text == "embedded" { Ok(Self(text.into())) } else { Err(DidError::Chain(shortened(text))) }
    }
}

impl fmt::Display for Chain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "solana:{}", self.0)
    }
}

/// An account of a chain: `solana:<chain>:<address>` (CAIP-10).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ChainAccount {
    /// Which chain.
    pub chain: Chain,
    /// Which account.
    pub address: Address,
}

impl FromStr for ChainAccount {
    type Err = DidError;

    fn from_str(text: &str) -> Result<Self, DidError> {
        let wrong = || DidError::Account(shortened(text));
        let (chain, address) = text.strip_prefix("solana:").and_then(|rest| rest.split_once(':')).ok_or_else(wrong)?;
        let account = Self { chain: chain.parse()?, address: address.parse().map_err(|_| wrong())? };
        // Of base58, only one spelling is taken.
        if account.to_string() == text { Ok(account) } else { Err(wrong()) }
    }
}

impl fmt::Display for ChainAccount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.chain, self.address)
    }
}

/// Who earned it, as `credentialSubject.id` says it. Both forms name an Ed25519 key, which is a wallet's address.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Subject {
    /// `did:key:z6Mk...`.
    Key(Address),
    /// `did:pkh:solana:<chain>:<address>`.
    Account(ChainAccount),
}

impl Subject {
    /// The learner's key, which is the address of the wallet.
    #[must_use]
    pub const fn key(&self) -> &Address {
        match self {
            Self::Key(key) => key,
            Self::Account(account) => &account.address,
        }
    }
}

impl FromStr for Subject {
    type Err = DidError;

    fn from_str(text: &str) -> Result<Self, DidError> {
        if text.starts_with("did:key:") {
            return parse_did_key(text).map(Self::Key);
        }
        let account = text.strip_prefix("did:pkh:").ok_or_else(|| DidError::Subject(shortened(text)))?;
        account.parse().map(Self::Account)
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Key(key) => f.write_str(&did_key(key)),
            Self::Account(account) => write!(f, "did:pkh:{account}"),
        }
    }
}

const fn bs58_digit(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() && !matches!(byte, b'0' | b'O' | b'I' | b'l')
}

/// What an error shows of a text that may be anything.
fn shortened(text: &str) -> String {
    text.chars().take(120).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2";

    #[test]
    fn keys_have_one_spelling() {
        let key = parse_multikey(KEY).unwrap();
        assert_eq!(did_key(&key), format!("did:key:{KEY}"));
        assert_eq!(parse_key_method(&key_method(&key)).unwrap(), key);
        for wrong in [
            "did:key:",
            "did:key:z",
            "did:key:z6Mk",
            "did:KEY:z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2",
            "did:key:6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2",
            "did:key:z16MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2",
            "did:key:z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2 ",
            "did:key:zQ3shokFTS3brHcDQrn82RUDfCZESWL1ZdCEJwekUDPQiYBme",
        ] {
            assert!(parse_did_key(wrong).is_err(), "{wrong}");
        }
        let other = did_key(&Address::new_from_array([7; 32]));
        assert!(parse_key_method(&format!("{other}#{KEY}")).is_err());
        assert!(parse_key_method(&other).is_err());
    }

    #[test]
    fn accounts_and_subjects_are_written_as_they_are_read() {
        let genesis = "5eykt4UsFv8P8NJdTREpY1vzqKqZKvdpKuc147dw2N9d".parse().unwrap();
        let account = ChainAccount { chain: Chain::of_genesis(&genesis), address: Address::new_from_array([7; 32]) };
        assert_eq!(account.to_string(), format!("solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp:{}", account.address));
        assert_eq!(account.to_string().parse(), Ok(account.clone()));
        for subject in [Subject::Key(account.address), Subject::Account(account.clone())] {
            assert_eq!(subject.to_string().parse(), Ok(subject.clone()));
            assert_eq!(*subject.key(), account.address);
        }
        let embedded = ChainAccount { chain: Chain::embedded(), ..account };
        assert_eq!(embedded.to_string().parse(), Ok(embedded));
        for wrong in
            ["solana:x:y", "solana:embedded:", "solana:embedded:abc", "did:pkh:eip155:1:0xab", "mailto:a@b", ""]
        {
            assert!(wrong.parse::<Subject>().is_err() && wrong.parse::<ChainAccount>().is_err(), "{wrong}");
        }
    }
}
