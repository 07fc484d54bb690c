//! Counts the questions that go through it.

use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use microcred_client::{
    Address,
    ledger::{AccountReader, ReadError, Snapshot},
};

/// A reader that counts its reads.
pub(crate) struct Counting<'a> {
    reader: &'a dyn AccountReader,
    reads: AtomicUsize,
}

impl<'a> Counting<'a> {
    pub(crate) fn new(reader: &'a dyn AccountReader) -> Self {
        Self { reader, reads: AtomicUsize::new(0) }
    }

    pub(crate) fn reads(&self) -> usize {
        self.reads.load(Ordering::Relaxed)
    }
}

#[async_trait]
impl AccountReader for Counting<'_> {
    async fn read(&self, addresses: &[Address]) -> Result<Snapshot, ReadError> {
        self.reads.fetch_add(1, Ordering::Relaxed);
        self.reader.read(addresses).await
    }
}
