//! Who is who, and where everything declared is.

use std::collections::{BTreeMap, BTreeSet};

use solana_address::Address;

use super::{AccreditationDeclaration, Declaration, DeclarationError, Identity, Problem, checks::key_place};
use crate::address;

/// Who makes a declaration so, as far as the file does not say. What stands in the file goes before what stands here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Roles {
    /// Pays rent and fees.
    pub payer: Address,
    /// Creates the registry.
    pub registry_creator: Option<Address>,
    /// Creates the issuer.
    pub issuer_creator: Option<Address>,
    /// The issuer's public keys, by their names in the file.
    pub keys: BTreeMap<String, Address>,
    /// The addresses of the signers that the file names ([`Declaration::signers`]).
    pub signers: BTreeMap<String, Address>,
    /// Holder of a key that may manage achievements, and does so in the authority's stead wherever the key allows.
    pub manager: Option<Address>,
}

impl Roles {
    fn resolve(&self, identity: &Identity) -> Option<Address> {
        match identity {
            Identity::Address(address) => Some(*address),
            Identity::Signer(signer) => self.signers.get(signer).copied(),
        }
    }

    /// Where everything declared is.
    ///
    /// # Errors
    /// [`DeclarationError::Problems`]: who is meant is not said, or the same is declared twice.
    pub fn places(&self, declaration: &Declaration) -> Result<Places, DeclarationError> {
        let mut finder = Finder { roles: self, problems: Vec::new() };
        let places = finder.places(declaration);
        if finder.problems.is_empty() { Ok(places) } else { Err(DeclarationError::Problems(finder.problems)) }
    }
}

impl Declaration {
    /// The signers that the file names instead of addresses, each once: keypair files and the like.
    #[must_use]
    pub fn signers(&self) -> BTreeSet<&str> {
        let registry = self.registry.iter().map(|registry| registry.creator.as_ref());
        let issuer = self.issuer.iter().flat_map(|issuer| [issuer.creator.as_ref(), issuer.treasury.as_ref()]);
        let keys = self.keys().iter().map(|key| key.address.as_ref());
        let accreditations = self.accreditation.iter().chain(&self.accreditations);
        let accredited = accreditations.flat_map(|declared| [declared.issuer.as_ref(), declared.creator.as_ref()]);
        let all = registry.chain(issuer).chain(keys).chain(accredited).flatten();
        all.filter_map(|identity| match identity {
            Identity::Address(_) => None,
            Identity::Signer(signer) => Some(signer.as_str()),
        })
        .collect()
    }
}

impl Declaration {
    /// Leaves out who the organisations and the holders of their keys are, so that the caller says all of it: for a rehearsal.
    pub fn forget_identities(&mut self) {
        if let Some(registry) = &mut self.registry {
            registry.creator = None;
        }
        if let Some(issuer) = &mut self.issuer {
            (issuer.creator, issuer.treasury) = (None, None);
            issuer.keys.iter_mut().for_each(|key| key.address = None);
        }
    }
}

/// Where an account is, and who creates it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Address of the account.
    pub address: Address,
    /// Who creates it.
    pub creator: Address,
}

/// Where everything declared is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Places {
    /// The registry, if one is declared.
    pub registry: Option<Place>,
    /// The issuer, if one is declared.
    pub issuer: Option<Place>,
    /// The issuer's treasury, if one is declared.
    pub treasury: Option<Address>,
    /// The public keys, in the file's order.
    pub keys: Vec<Address>,
    /// The issuers of all accreditations, in the order of [`Declaration::all_accreditations`].
    pub accredited: Vec<Address>,
}

struct Finder<'a> {
    roles: &'a Roles,
    problems: Vec<Problem>,
}

impl Finder<'_> {
    fn places(&mut self, declaration: &Declaration) -> Places {
        let mut places = Places::default();
        if let Some(registry) = &declaration.registry {
            let creator = self.who("registry.creator", registry.creator.as_ref(), self.roles.registry_creator);
            places.registry =
                creator.map(|creator| Place { address: address::registry(&creator, &registry.slug), creator });
        }
        if let Some(issuer) = &declaration.issuer {
            let creator = self.who("issuer.creator", issuer.creator.as_ref(), self.roles.issuer_creator);
            places.issuer = creator.map(|creator| Place { address: address::issuer(&creator, &issuer.slug), creator });
            places.treasury = issuer.treasury.as_ref().and_then(|named| self.who("issuer.treasury", Some(named), None));
            let is_itself = places.issuer.is_some_and(|issuer| places.treasury == Some(issuer.address));
            if is_itself {
                self.add("issuer.treasury", "is the issuer account itself: name a wallet");
            }
        }
        for (index, key) in declaration.keys().iter().enumerate() {
            let place = format!("{}.address", key_place(index, key));
            let address = self.who(&place, key.address.as_ref(), self.roles.keys.get(&key.name).copied());
            places.keys.extend(address);
        }
        let mut accredited = BTreeSet::new();
        for (place, accreditation) in declaration.all_accreditations() {
            let issuer = self.accredited(&place, accreditation, places.issuer);
            if issuer.is_some_and(|issuer| !accredited.insert(issuer)) {
                self.add(
                    &place,
                    "is of an issuer that has an accreditation in this file already: write one, with `terms`",
                );
            }
            places.accredited.extend(issuer);
        }
        places
    }

    fn accredited(&mut self, place: &str, of: &AccreditationDeclaration, declared: Option<Place>) -> Option<Address> {
        if let Some(issuer) = &of.issuer {
            return self.who(&format!("{place}.issuer"), Some(issuer), None);
        }
        if let (Some(creator), Some(slug)) = (&of.creator, &of.slug) {
            let creator = self.who(&format!("{place}.creator"), Some(creator), None)?;
            return Some(address::issuer(&creator, slug));
        }
        declared.map(|issuer| issuer.address)
    }

    /// The address that is meant: by the file, or else by the caller.
    fn who(&mut self, place: &str, named: Option<&Identity>, otherwise: Option<Address>) -> Option<Address> {
        let found = match named {
            Some(identity) => self.roles.resolve(identity),
            None => otherwise,
        };
        match (found, named) {
            (Some(address), _) if address == Address::default() => {
                self.add(place, "is all zeros: name the address that is meant");
                None
            }
            (Some(address), _) => Some(address),
            (None, Some(identity)) => {
                self.add(place, &format!("\"{identity}\" is neither an address nor a signer that could be read"));
                None
            }
            (None, None) => {
                self.add(place, "is not said: write an address, or a keypair's file, into the declaration");
                None
            }
        }
    }

    fn add(&mut self, place: &str, what: &str) {
        self.problems.push(Problem { place: place.into(), what: what.into() });
    }
}
