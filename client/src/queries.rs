//! Typed questions: which credentials, achievements, keys, accreditations, registries and issuers there are.
//!
//! Each filter names what is wanted, and leaves open what is not. A ledger compares bytes at the places that the layouts fix for ever, so
//! nothing but the answer crosses the network. An account that does not decode is reported beside the others, never dropped.
//!
//! ```
//! use microcred_client::{ledger::Embedded, queries::{self, Credentials}, state::CredentialStatus, Address};
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let ledger = Embedded::in_memory()?;
//! let issuer = Address::new_from_array([1; 32]);
//! let revoked = Credentials { issuer: Some(issuer), status: Some(CredentialStatus::Revoked), ..Credentials::default() };
//! assert_eq!(queries::count(&ledger, &revoked).await?, 0);
//! # Ok(())
//! # }
//! ```

use std::mem::offset_of;

use anchor_lang::{Discriminator, bytemuck::Pod};
use microcred::state::{
    Accreditation, AccreditationStatus, Achievement, Credential, CredentialStatus, Issuer, IssuerKey, Lifecycle,
    Record, Registry,
};
use solana_account::Account;
use solana_address::Address;

use crate::{
    account::{DecodeError, decode},
    ledger::{Ledger, ReadError, Search},
};

/// What was found, by address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found<T> {
    /// The accounts.
    pub records: Vec<(Address, T)>,
    /// Accounts that match, but cannot be read: of a newer version, for instance.
    pub unreadable: Vec<DecodeError>,
}

/// Which accounts of one kind are wanted.
pub trait Filter: Send + Sync {
    /// The kind.
    type Record: Record + Discriminator + Pod;

    /// What must stand in the account, besides its kind.
    fn places(&self) -> Vec<Place>;
}

/// What must stand where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Offset from the account's start.
    offset: usize,
    bytes: Vec<u8>,
}

impl Place {
    /// At an offset in the record, which the discriminator stands before.
    fn at(in_record: usize, bytes: &[u8]) -> Self {
        Self { offset: in_record.saturating_add(DISCRIMINATOR), bytes: bytes.to_vec() }
    }

    fn of(in_record: usize, address: Option<Address>) -> Option<Self> {
        address.map(|address| Self::at(in_record, address.as_ref()))
    }
}

/// Bytes of the discriminator.
const DISCRIMINATOR: usize = 8;

/// Credentials.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Credentials {
    /// By an issuer.
    pub issuer: Option<Address>,
    /// Of an achievement.
    pub achievement: Option<Address>,
    /// Of a subject: its 32 bytes. An erased credential has none any more, and is not found by it.
    pub subject: Option<Address>,
    /// With a status.
    pub status: Option<CredentialStatus>,
}

impl Filter for Credentials {
    type Record = Credential;

    fn places(&self) -> Vec<Place> {
        let status = self.status.map(|status| Place::at(offset_of!(Credential, status), &[status.code()]));
        let addresses = [
            Place::of(offset_of!(Credential, issuer), self.issuer),
            Place::of(offset_of!(Credential, achievement), self.achievement),
            Place::of(offset_of!(Credential, subject), self.subject),
        ];
        status.into_iter().chain(addresses.into_iter().flatten()).collect()
    }
}

/// Achievements.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Achievements {
    /// Of an issuer.
    pub issuer: Option<Address>,
    /// With a status.
    pub status: Option<Lifecycle>,
}

impl Filter for Achievements {
    type Record = Achievement;

    fn places(&self) -> Vec<Place> {
        let status = self.status.map(|status| Place::at(offset_of!(Achievement, status), &[status.code()]));
        status.into_iter().chain(Place::of(offset_of!(Achievement, issuer), self.issuer)).collect()
    }
}

/// Issuer keys.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct IssuerKeys {
    /// Of an issuer.
    pub issuer: Option<Address>,
    /// The key itself, which signs.
    pub key: Option<Address>,
}

impl Filter for IssuerKeys {
    type Record = IssuerKey;

    fn places(&self) -> Vec<Place> {
        let issuer = Place::of(offset_of!(IssuerKey, issuer), self.issuer);
        issuer.into_iter().chain(Place::of(offset_of!(IssuerKey, key), self.key)).collect()
    }
}

/// Accreditations.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Accreditations {
    /// In a registry.
    pub registry: Option<Address>,
    /// Of an issuer.
    pub issuer: Option<Address>,
    /// With a status.
    pub status: Option<AccreditationStatus>,
}

impl Filter for Accreditations {
    type Record = Accreditation;

    fn places(&self) -> Vec<Place> {
        let status = self.status.map(|status| Place::at(offset_of!(Accreditation, status), &[status.code()]));
        let addresses = [
            Place::of(offset_of!(Accreditation, registry), self.registry),
            Place::of(offset_of!(Accreditation, issuer), self.issuer),
        ];
        status.into_iter().chain(addresses.into_iter().flatten()).collect()
    }
}

/// Registries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Registries {
    /// Created by.
    pub creator: Option<Address>,
    /// Administered by.
    pub authority: Option<Address>,
}

impl Filter for Registries {
    type Record = Registry;

    fn places(&self) -> Vec<Place> {
        let creator = Place::of(offset_of!(Registry, creator), self.creator);
        creator.into_iter().chain(Place::of(offset_of!(Registry, authority), self.authority)).collect()
    }
}

/// Issuers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Issuers {
    /// Created by.
    pub creator: Option<Address>,
    /// Administered by.
    pub authority: Option<Address>,
}

impl Filter for Issuers {
    type Record = Issuer;

    fn places(&self) -> Vec<Place> {
        let creator = Place::of(offset_of!(Issuer, creator), self.creator);
        creator.into_iter().chain(Place::of(offset_of!(Issuer, authority), self.authority)).collect()
    }
}

/// The accounts that a filter wants, in order of their addresses.
///
/// # Errors
/// [`ReadError`].
pub async fn find<F: Filter>(ledger: &dyn Ledger, filter: &F) -> Result<Found<F::Record>, ReadError> {
    let accounts = accounts(ledger, filter).await?;
    let mut found = Found { records: Vec::with_capacity(accounts.len()), unreadable: Vec::new() };
    for (address, account) in accounts {
        match decode(&address, &account) {
            Ok(record) => found.records.push((address, record)),
            Err(error) => found.unreadable.push(error),
        }
    }
    Ok(found)
}

/// The same as they stand there, with their lamports, and not yet decoded.
///
/// # Errors
/// [`ReadError`].
pub async fn accounts<F: Filter>(ledger: &dyn Ledger, filter: &F) -> Result<Vec<(Address, Account)>, ReadError> {
    let mut accounts = ledger.find(&search(filter)).await?;
    accounts.sort_unstable_by_key(|(address, _)| *address);
    Ok(accounts)
}

/// Only the addresses, in order: the accounts themselves stay where they are. Those that cannot be read are among them.
///
/// # Errors
/// [`ReadError`].
pub async fn addresses<F: Filter>(ledger: &dyn Ledger, filter: &F) -> Result<Vec<Address>, ReadError> {
    let accounts = ledger.find(&Search { slice: Some((0, 0)), ..search(filter) }).await?;
    let mut addresses: Vec<_> = accounts.into_iter().map(|(address, _)| address).collect();
    addresses.sort_unstable();
    Ok(addresses)
}

/// How many there are.
///
/// # Errors
/// [`ReadError`].
pub async fn count<F: Filter>(ledger: &dyn Ledger, filter: &F) -> Result<usize, ReadError> {
    addresses(ledger, filter).await.map(|addresses| addresses.len())
}

/// The kind first. What stands side by side is compared as one: a cluster takes four comparisons at most. The size is not one of them: it
/// follows from the kind, and an account of another size is to be reported.
fn search<F: Filter>(filter: &F) -> Search {
    let mut matches: Vec<(usize, Vec<u8>)> = vec![(0, F::Record::DISCRIMINATOR.to_vec())];
    for Place { offset, bytes } in filter.places() {
        match matches.last_mut() {
            Some((before, run)) if before.saturating_add(run.len()) == offset => run.extend(bytes),
            _ => matches.push((offset, bytes)),
        }
    }
    Search { matches, slice: None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_combination_takes_more_comparisons_than_a_cluster_does() {
        let any = Some(Address::new_from_array([1; 32]));
        for bits in 0..16_u8 {
            let filter = Credentials {
                issuer: any.filter(|_| bits & 1 != 0),
                achievement: any.filter(|_| bits & 2 != 0),
                subject: any.filter(|_| bits & 4 != 0),
                status: Some(CredentialStatus::Active).filter(|_| bits & 8 != 0),
            };
            let matches = search(&filter).matches;
            assert!(matches.len() <= 4 && matches.iter().all(|(_, bytes)| bytes.len() <= 128), "{matches:?}");
        }
    }

    #[test]
    fn places_are_those_of_the_layout() {
        let places = |filter: &dyn Fn() -> Vec<Place>| filter().iter().map(|place| place.offset).collect::<Vec<_>>();
        let any = Some(Address::default());
        let all = Credentials { issuer: any, achievement: any, subject: any, status: Some(CredentialStatus::Active) };
        assert_eq!(places(&|| all.places()), [10, 16, 48, 80]);
        assert_eq!(places(&|| Achievements { issuer: any, status: Some(Lifecycle::Active) }.places()), [10, 16]);
        assert_eq!(places(&|| IssuerKeys { issuer: any, key: any }.places()), [16, 48]);
        let all = Accreditations { registry: any, issuer: any, status: Some(AccreditationStatus::Active) };
        assert_eq!(places(&|| all.places()), [10, 16, 48]);
        assert_eq!(places(&|| Registries { creator: any, authority: any }.places()), [16, 48]);
        assert_eq!(places(&|| Issuers { creator: any, authority: any }.places()), [16, 48]);
    }
}
