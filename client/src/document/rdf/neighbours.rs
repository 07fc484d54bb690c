//! How much work the canonicalizer has with the nodes that have no `id`, told before it begins.

use std::{
    collections::{HashMap, HashSet},
    hash::{DefaultHasher, Hash, Hasher},
};

use oxrdf_02 as older;

use super::{ALIKE_LIMIT, LINKED_LIMIT, RdfError};

/// The nodes without `id`.
pub(super) struct Neighbours<'a> {
    /// What statements say of each, whatever the others are called. Nodes are compared by hashes: those that fall together by chance count
    /// as alike, which refuses too much, never too little.
    looks: HashMap<&'a str, u64>,
    /// Those that stand in a statement together with it.
    neighbours: HashMap<&'a str, HashSet<&'a str>>,
}

impl<'a> Neighbours<'a> {
    pub(super) fn of(statements: &'a [older::Quad]) -> Self {
        let (mut looks, mut neighbours): (HashMap<_, u64>, HashMap<_, HashSet<_>>) = Default::default();
        for statement in statements {
            for node in blank_nodes(statement) {
                let look = looks.entry(node).or_default();
                // In whatever order the statements come.
                *look = look.wrapping_add(seen_from(node, statement));
                neighbours.entry(node).or_default().extend(blank_nodes(statement).filter(|other| *other != node));
            }
        }
        Self { looks, neighbours }
    }

    /// How many orders of its neighbours the canonicalizer tries for a node at most (RDFC-1.0, section 4.8): of n neighbours that look
    /// alike, n!.
    ///
    /// # Errors
    /// More of them look alike than [`ALIKE_LIMIT`] and [`LINKED_LIMIT`] allow.
    pub(super) fn steps(&self) -> Result<usize, RdfError> {
        let mut most = 0;
        for others in self.neighbours.values() {
            let alike = counted(others.iter().filter_map(|other| self.looks.get(other)));
            if alike.values().any(|count| *count > ALIKE_LIMIT) {
                return Err(RdfError::TooMuchAlike);
            }
            most = most.max(alike.into_values().map(|count| (1..=count).product::<usize>()).sum());
        }
        if self.linked() > LINKED_LIMIT { Err(RdfError::TooManyLinked) } else { Ok(most) }
    }

    /// How many nodes that have a double are linked to each other at most. The canonicalizer does not go on from any others: they have
    /// their name already.
    fn linked(&self) -> usize {
        let alike = counted(self.looks.values());
        let has_double =
            |node: &str| self.looks.get(node).and_then(|look| alike.get(look)).is_some_and(|count| *count > 1);
        let mut left: HashSet<_> = self.looks.keys().copied().filter(|node| has_double(node)).collect();
        let mut most = 0;
        while let Some(first) = left.iter().next().copied() {
            let (mut waiting, mut count) = (vec![first], 0_usize);
            left.remove(first);
            while let Some(node) = waiting.pop() {
                count = count.saturating_add(1);
                let others = self.neighbours.get(node).into_iter().flatten();
                waiting.extend(others.copied().filter(|other| left.remove(other)));
            }
            most = most.max(count);
        }
        most
    }
}

/// How often each stands there.
fn counted<'a>(looks: impl Iterator<Item = &'a u64>) -> HashMap<&'a u64, usize> {
    let mut counted = HashMap::new();
    for look in looks {
        let count: &mut usize = counted.entry(look).or_default();
        *count = count.saturating_add(1);
    }
    counted
}

fn blank_nodes(statement: &older::Quad) -> impl Iterator<Item = &str> {
    let subject = match &statement.subject {
        older::Subject::BlankNode(node) => Some(node.as_str()),
        _ => None,
    };
    let object = match &statement.object {
        older::Term::BlankNode(node) => Some(node.as_str()),
        _ => None,
    };
    let graph = match &statement.graph_name {
        older::GraphName::BlankNode(node) => Some(node.as_str()),
        _ => None,
    };
    [subject, object, graph].into_iter().flatten()
}

/// Hash of a statement in which only one blank node has a name.
fn seen_from(node: &str, statement: &older::Quad) -> u64 {
    let mut hasher = DefaultHasher::new();
    let is_node = |blank: &older::BlankNode| blank.as_str() == node;
    match &statement.subject {
        older::Subject::BlankNode(blank) => is_node(blank).hash(&mut hasher),
        named => named.hash(&mut hasher),
    }
    statement.predicate.hash(&mut hasher);
    match &statement.object {
        older::Term::BlankNode(blank) => is_node(blank).hash(&mut hasher),
        other => other.hash(&mut hasher),
    }
    match &statement.graph_name {
        older::GraphName::BlankNode(blank) => is_node(blank).hash(&mut hasher),
        other => other.hash(&mut hasher),
    }
    hasher.finish()
}
