use microcred_client::{Address, PROGRAM_ID};

use super::{Scene, meta};
use crate::request::{Call, Place};

impl Scene<'_> {
    /// What an attacker does to an instruction: another account, one more, one less, a missing flag, another signer,
    /// a byte more.
    pub(super) fn tamper(&self, call: &mut Call, (how, place, what): (usize, usize, usize)) {
        let places = call.request.places();
        let n = place % call.accounts.len();
        match how {
            0 => self.put(call, n, what),
            1 => {
                let further = self.anything(what);
                let known = self.cast.can_sign(&further);
                call.accounts.push(meta(further, known && what % 2 == 0, what % 3 == 0));
            }
            2 => {
                call.trailing = true;
                call.data.push(what as u8);
            }
            3 => call.accounts[n].is_writable = false,
            4 => call.accounts[n].is_signer = false,
            5 => {
                let optional = |n: &usize| matches!(places[*n], Place::MayRead(_));
                let Some(n) = (0..places.len()).cycle().skip(place % places.len()).take(places.len()).find(optional)
                else {
                    return self.put(call, n, what);
                };
                if call.maybe(n).is_some() {
                    call.accounts[n].pubkey = PROGRAM_ID;
                } else {
                    let Place::MayRead(kind) = places[n] else { return };
                    let of_kind: Vec<Address> = self
                        .model
                        .records
                        .iter()
                        .filter(|(_, entry)| entry.record.account() == kind)
                        .map(|(address, _)| *address)
                        .collect();
                    if let Some(address) = of_kind.get(what % of_kind.len().max(1)) {
                        call.accounts[n].pubkey = *address;
                    }
                }
            }
            _ => self.sign_as_attacker(call),
        }
    }

    /// Puts something else in a place: one time in two an account of the same kind.
    fn put(&self, call: &mut Call, n: usize, what: usize) {
        let same_kind = |address: &Address| {
            let kind = |address| self.model.records.get(address).map(|entry| entry.record.account());
            kind(address) == kind(&call.accounts[n].pubkey)
        };
        let alike: Vec<Address> = self.model.records.keys().copied().filter(same_kind).collect();
        call.accounts[n].pubkey = match alike.get(what / 2 % alike.len().max(1)) {
            Some(address) if what.is_multiple_of(2) => *address,
            _ => self.anything(what),
        };
    }

    /// Any account, wallet or empty address.
    fn anything(&self, what: usize) -> Address {
        let records = self.model.records.keys();
        let all: Vec<Address> = records
            .chain(&self.cast.crowd)
            .chain(&self.cast.commitments)
            .chain([&self.cast.nowhere])
            .copied()
            .collect();
        all[what * 7 % all.len()]
    }
}
