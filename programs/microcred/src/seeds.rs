//! The first seed of every program-derived address. The whole lists stand in the `state` files.

/// Registry: followed by creator and slug.
pub const REGISTRY: &[u8] = b"registry";
/// Issuer: followed by creator and slug.
pub const ISSUER: &[u8] = b"issuer";
/// Accreditation: followed by registry and issuer.
pub const ACCREDITATION: &[u8] = b"accreditation";
/// Issuer key: followed by issuer and index (u16, little-endian).
pub const KEY: &[u8] = b"key";
/// Achievement: followed by issuer and code.
pub const ACHIEVEMENT: &[u8] = b"achievement";
/// Credential: followed by achievement, subject and sequence (u16, little-endian).
pub const CREDENTIAL: &[u8] = b"credential";
