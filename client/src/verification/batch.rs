//! One read shared by many questions.

use std::collections::HashSet;

use solana_address::Address;

use super::{Query, links::Linked, many::Task};
use crate::{
    address,
    ledger::{CLOCK, READ_LIMIT},
};

/// How many links are remembered as those that the next credential probably has too.
const REMEMBERED: usize = 6;

/// After how many answers without a credential that has them links are forgotten.
const FORGOTTEN_AFTER: usize = 16;

/// Addresses that one read asks for, and the questions that it may answer.
pub(super) struct Batch {
    addresses: Vec<Address>,
    known: HashSet<Address>,
    tasks: Vec<Task>,
}

impl Batch {
    pub(super) fn new() -> Self {
        Self { addresses: vec![CLOCK], known: HashSet::from([CLOCK]), tasks: Vec::new() }
    }

    /// Adds a question with what it needs, and what it may need; gives it back if that does not fit or costs more than so many addresses.
    pub(super) fn add(&mut self, task: Task, may_need: &[Address], at_most: usize) -> Option<Task> {
        let mut new: Vec<_> = task.needs();
        new.extend_from_slice(may_need);
        new.retain(|address| !self.known.contains(address));
        new.sort_unstable();
        new.dedup();
        if new.len() > at_most || self.addresses.len().saturating_add(new.len()) > READ_LIMIT {
            return Some(task);
        }
        self.known.extend(&new);
        self.addresses.extend(new);
        self.tasks.push(task);
        None
    }

    pub(super) fn len(&self) -> usize {
        self.tasks.len()
    }

    /// The addresses to read and the questions to answer.
    pub(super) fn into_parts(self) -> (Vec<Address>, Vec<Task>) {
        (self.addresses, self.tasks)
    }
}

/// What credentials linked to so far, the last one first: the next one probably does too.
#[derive(Default)]
pub(super) struct Learned {
    links: Vec<(Linked, usize)>,
}

impl Learned {
    pub(super) fn note(&mut self, linked: &Linked) {
        match self.links.iter_mut().find(|(known, _)| known == linked) {
            Some((_, idle)) => *idle = 0,
            None => {
                self.links.insert(0, (*linked, 0));
                self.links.truncate(REMEMBERED);
            }
        }
    }

    /// An answer came: what no credential of it links to is on its way out.
    pub(super) fn age(&mut self) {
        for (_, idle) in &mut self.links {
            *idle = idle.saturating_add(1);
        }
        self.links.retain(|(_, idle)| *idle <= FORGOTTEN_AFTER);
    }

    /// What a credential of which nothing is known yet may need.
    pub(super) fn guess(&self, query: &Query) -> Vec<Address> {
        let links = self.links.iter().flat_map(|(linked, _)| {
            let vouching = query.registries.iter().map(|registry| address::accreditation(registry, &linked.issuer));
            [linked.issuer, linked.achievement, linked.key].into_iter().chain(vouching)
        });
        links.chain(query.registries.iter().copied().filter(|_| !self.links.is_empty())).collect()
    }
}
