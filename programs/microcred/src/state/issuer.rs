use anchor_lang::prelude::*;

use super::{Lifecycle, Record, VERSION, holds, read_text};
use crate::error::MicrocredError;

/// How many keys an issuer can have: the two indices above it mark the authority and the subject in `status_key_index`.
pub const MAX_KEYS: u16 = 0xFFFE;

/// An organisation that issues. 480 bytes; seeds `"issuer", creator, slug`.
#[account]
#[derive(Debug, PartialEq, Eq)]
pub struct Issuer {
    /// 8: layout version.
    pub version: u8,
    /// 9: canonical bump of the address.
    pub bump: u8,
    /// 10: a [`Lifecycle`], never draft.
    pub status: u8,
    /// 11: reserved.
    pub reserved_11: u8,
    /// 12: ISO 3166-1 alpha-2 country, or zeros.
    pub country: [u8; 2],
    /// 14: keys ever added; the next key's index.
    pub key_count: u16,
    /// 16: who created it; part of the address.
    pub creator: Address,
    /// 48: who administers it: a multisig, say. It never issues.
    pub authority: Address,
    /// 80: who was proposed as authority; zero: nobody.
    pub pending_authority: Address,
    /// 112: where excess lamports of its accounts go.
    pub treasury: Address,
    /// 144: slug, `a-z0-9-`, zero padded; part of the address.
    pub slug: [u8; 32],
    /// 176: name, UTF-8, zero padded. Self-declared: a registry vouches for it.
    pub name: [u8; 96],
    /// 272: home page, UTF-8, zero padded.
    pub url: [u8; 128],
    /// 400: how often name, url or country changed.
    pub profile_revision: u32,
    /// 404: reserved.
    pub reserved_404: [u8; 4],
    /// 408: creation, Unix seconds.
    pub created_at: i64,
    /// 416: last change of status, Unix seconds; 0: never.
    pub status_changed_at: i64,
    /// 424: last change of authority, Unix seconds; 0: never.
    pub authority_changed_at: i64,
    /// 432: reserved.
    pub reserved_432: [u8; 48],
}

impl Issuer {
    /// Where the issuer stands.
    ///
    /// # Errors
    /// `UnknownStatus` for a number that has no meaning.
    pub fn lifecycle(&self) -> core::result::Result<Lifecycle, MicrocredError> {
        self.status.try_into()
    }

    /// Whether it may issue, renew and manage achievements.
    #[must_use]
    pub fn is_active(&self) -> bool {
        self.status == Lifecycle::Active.code()
    }

    /// The name as text.
    #[must_use]
    pub fn name(&self) -> &str {
        read_text(&self.name)
    }

    /// The slug as text.
    #[must_use]
    pub fn slug(&self) -> &str {
        read_text(&self.slug)
    }

    /// The home page as text.
    #[must_use]
    pub fn url(&self) -> &str {
        read_text(&self.url)
    }

    /// The country as text, empty if none.
    #[must_use]
    pub fn country(&self) -> &str {
        read_text(&self.country)
    }
}

impl Record for Issuer {
    const SIZE: usize = 480;
    const KIND: &'static str = "issuer";

    fn version(&self) -> u8 {
        self.version
    }

    fn invariant(&self) -> core::result::Result<(), MicrocredError> {
        let zero = Address::default();
        holds(
            self.version == VERSION
                && self.authority != zero
                && self.treasury != zero
                && self.authority != self.pending_authority,
        )?;
        holds(self.slug[0] != 0 && self.name[0] != 0 && self.key_count >= 1 && self.key_count <= MAX_KEYS)?;
        holds(self.lifecycle()? != Lifecycle::Draft)
    }
}
const _: () = assert!(core::mem::size_of::<Issuer>() + 8 == Issuer::SIZE);
