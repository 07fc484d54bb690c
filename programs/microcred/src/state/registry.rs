use anchor_lang::prelude::*;

use super::{Lifecycle, Record, VERSION, holds, read_text};
use crate::error::MicrocredError;

/// A list of issuers that an accrediting body vouches for. 416 bytes; seeds `"registry", creator, slug`.
#[account]
#[derive(Debug, PartialEq, Eq)]
pub struct Registry {
    /// 8: layout version.
    pub version: u8,
    /// 9: canonical bump of the address.
    pub bump: u8,
    /// 10: a [`Lifecycle`], never draft.
    pub status: u8,
    /// 11: reserved.
    pub reserved_11: u8,
    /// 12: accreditations ever entered.
    pub accreditation_count: u32,
    /// 16: who created it; part of the address.
    pub creator: Address,
    /// 48: who administers it.
    pub authority: Address,
    /// 80: who was proposed as authority; zero: nobody.
    pub pending_authority: Address,
    /// 112: slug, `a-z0-9-`, zero padded; part of the address.
    pub slug: [u8; 32],
    /// 144: name, UTF-8, zero padded.
    pub name: [u8; 96],
    /// 240: where its policies can be read, UTF-8, zero padded.
    pub uri: [u8; 128],
    /// 368: creation, Unix seconds.
    pub created_at: i64,
    /// 376: last change of status, Unix seconds; 0: never.
    pub status_changed_at: i64,
    /// 384: reserved.
    pub reserved_384: [u8; 32],
}

impl Registry {
    /// Where the registry stands.
    ///
    /// # Errors
    /// `UnknownStatus` for a number that has no meaning.
    pub fn lifecycle(&self) -> core::result::Result<Lifecycle, MicrocredError> {
        self.status.try_into()
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

    /// The URI as text.
    #[must_use]
    pub fn uri(&self) -> &str {
        read_text(&self.uri)
    }
}

impl Record for Registry {
    const SIZE: usize = 416;
    const KIND: &'static str = "registry";

    fn version(&self) -> u8 {
        self.version
    }

    fn invariant(&self) -> core::result::Result<(), MicrocredError> {
        holds(
            self.version == VERSION && self.authority != Address::default() && self.slug[0] != 0 && self.name[0] != 0,
        )?;
        holds(self.lifecycle()? != Lifecycle::Draft && self.authority != self.pending_authority)
    }
}
const _: () = assert!(core::mem::size_of::<Registry>() + 8 == Registry::SIZE);
