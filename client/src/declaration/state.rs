//! Reading what stands on a ledger of what is declared.

use std::collections::BTreeMap;

use anchor_lang::{Discriminator, bytemuck::Pod};
use microcred::state::{Accreditation, Achievement, Issuer, IssuerKey, Record, Registry};
use solana_account::Account;
use solana_address::Address;

use super::{Declaration, DeclarationError, Places, Roles};
use crate::{
    account::{DecodeError, decode, is_only_funded},
    address,
    ledger::{AccountReader, CLOCK, Ledger, READ_LIMIT, ReadError, Search},
    verification::unix_timestamp,
};

/// What stands on a ledger, as far as a declaration is about it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct State {
    /// The ledger's time, Unix seconds.
    pub time: i64,
    /// The declared registry.
    pub registry: Option<Registry>,
    /// The declared issuer.
    pub issuer: Option<Issuer>,
    /// All keys of the declared issuer, in the order of their indices.
    pub keys: Vec<IssuerKey>,
    /// The declared achievements, those that they replace and those that keys are limited to, by their addresses.
    pub achievements: BTreeMap<Address, Achievement>,
    /// The declared accreditations, by their addresses.
    pub accreditations: BTreeMap<Address, Accreditation>,
    /// The issuers of the declared accreditations, by their addresses.
    pub issuers: BTreeMap<Address, Issuer>,
    /// Every achievement of the issuer and accreditation of the registry, declared or not; where issuer or registry do not exist yet, those
    /// of the same creator: kind of account, address and name. None: the ledger could not list them, which changes no plan.
    pub others: Option<Vec<(&'static str, Address, String)>>,
}

impl State {
    /// Reads everything that the declaration is about, 100 addresses at a time.
    ///
    /// # Errors
    /// [`DeclarationError::Problems`] where it is not said who is meant, [`DeclarationError::Read`], and [`DeclarationError::Decode`] where something else stands.
    pub async fn read(ledger: &dyn Ledger, declaration: &Declaration, roles: &Roles) -> Result<Self, DeclarationError> {
        let places = &roles.places(declaration)?;
        let mut wanted: Vec<Address> =
            places.registry.iter().chain(&places.issuer).map(|place| place.address).collect();
        let achievements = places.issuer.iter().flat_map(|issuer| declaration.codes(&issuer.address));
        wanted.extend(achievements.clone());
        wanted.extend(&places.accredited);
        wanted.extend(places.accreditations());
        let (time, accounts) = read_all(ledger, &wanted).await?;
        let mut state = Self {
            time,
            registry: places.registry.map(|place| find(&accounts, &place.address)).transpose()?.flatten(),
            issuer: places.issuer.map(|place| find(&accounts, &place.address)).transpose()?.flatten(),
            achievements: find_all(&accounts, achievements)?,
            accreditations: find_all(&accounts, places.accreditations())?,
            issuers: find_all(&accounts, places.accredited.iter().copied())?,
            ..Self::default()
        };
        if let (Some(place), Some(issuer)) = (places.issuer, state.issuer) {
            let addresses: Vec<_> =
                (0..issuer.key_count).map(|index| address::issuer_key(&place.address, index)).collect();
            let (_, accounts) = read_all(ledger, &addresses).await?;
            for address in addresses {
                let key = find(&accounts, &address)?.ok_or_else(|| missing(&address))?;
                state.keys.push(key);
            }
        }
        state.others = others(ledger, &state, places).await.ok();
        Ok(state)
    }
}

impl Declaration {
    /// Addresses of the achievements that the declaration speaks of in any way; some may occur twice.
    fn codes(&self, issuer: &Address) -> impl Iterator<Item = Address> + Clone {
        let declared = self.achievements.iter().flat_map(|one| [Some(one.code.as_str()), one.replaces.as_deref()]);
        let scopes = self.keys().iter().map(|key| key.scope.as_deref());
        let issuer = *issuer;
        declared.chain(scopes).flatten().map(move |code| address::achievement(&issuer, code))
    }
}

impl Places {
    /// Addresses of all accreditations, in the order of [`Declaration::all_accreditations`].
    pub(super) fn accreditations(&self) -> impl Iterator<Item = Address> {
        let entries =
            self.registry.iter().flat_map(|registry| self.accredited.iter().map(move |issuer| (registry, issuer)));
        entries.map(|(registry, issuer)| address::accreditation(&registry.address, issuer))
    }
}

type Accounts = BTreeMap<Address, Account>;

/// The ledger's time and the accounts that exist.
async fn read_all(reader: &dyn Ledger, addresses: &[Address]) -> Result<(i64, Accounts), DeclarationError> {
    let (mut time, mut found) = (0, Accounts::new());
    // One place of each read is for the clock.
    let empty: &[Address] = &[];
    let chunks = addresses.chunks(READ_LIMIT.saturating_sub(1));
    for chunk in chunks.chain(addresses.is_empty().then_some(empty)) {
        let mut wanted = vec![CLOCK];
        wanted.extend(chunk);
        let mut accounts = AccountReader::read(reader, &wanted).await?.accounts.into_iter();
        time = accounts.next().flatten().as_ref().and_then(unix_timestamp).ok_or_else(no_clock)?;
        let existing = chunk.iter().zip(accounts).filter_map(|(address, account)| Some((*address, account?)));
        found.extend(existing.filter(|(_, account)| !is_only_funded(account)));
    }
    Ok((time, found))
}

fn no_clock() -> ReadError {
    ReadError::Malformed("there is no clock".into())
}

fn missing(address: &Address) -> ReadError {
    ReadError::Malformed(format!("the issuer counts a key at {address}, but nothing is there: try again"))
}

fn find<T>(accounts: &Accounts, address: &Address) -> Result<Option<T>, DecodeError>
where
    T: Record + Discriminator + Pod,
{
    accounts.get(address).map(|account| decode(address, account)).transpose()
}

fn find_all<T>(
    accounts: &Accounts,
    addresses: impl Iterator<Item = Address>,
) -> Result<BTreeMap<Address, T>, DecodeError>
where
    T: Record + Discriminator + Pod,
{
    let found =
        addresses.filter_map(|address| Some(find(accounts, &address).transpose()?.map(|record| (address, record))));
    found.collect()
}

/// Where a registry or issuer names its creator, an achievement its issuer, and an accreditation its registry.
const PARENT: usize = 16;

async fn others(
    ledger: &dyn Ledger,
    state: &State,
    places: &Places,
) -> Result<Vec<(&'static str, Address, String)>, DeclarationError> {
    let mut others = Vec::new();
    if let Some(place) = places.issuer {
        if state.issuer.is_some() {
            let found = list::<Achievement>(ledger, &place.address, |one| one.code().to_owned()).await?;
            others.extend(found);
        } else {
            others.extend(list::<Issuer>(ledger, &place.creator, |one| one.slug().to_owned()).await?);
        }
    }
    if let Some(place) = places.registry {
        if state.registry.is_some() {
            let found = list::<Accreditation>(ledger, &place.address, |one| one.issuer.to_string()).await?;
            others.extend(found);
        } else {
            others.extend(list::<Registry>(ledger, &place.creator, |one| one.slug().to_owned()).await?);
        }
    }
    others.sort();
    Ok(others)
}

async fn list<T>(
    ledger: &dyn Ledger,
    parent: &Address,
    name: fn(&T) -> String,
) -> Result<Vec<(&'static str, Address, String)>, DeclarationError>
where
    T: Record + Discriminator + Pod,
{
    let matches = vec![(0, T::DISCRIMINATOR.to_vec()), (PARENT, parent.to_bytes().to_vec())];
    let found = ledger.find(&Search { matches, slice: None }).await?;
    let named = found.iter().map(|(address, account)| {
        let record: T = decode(address, account)?;
        Ok((T::KIND, *address, name(&record)))
    });
    named.collect()
}
