//! Whole runs at the size of a university: what they take in time, memory, transactions, lamports and questions to the cluster.
//!
//!     cargo scale [--learners N] [--runs N] [--binary PATH]
//!
//! Each run is a process of its own, so that its memory is its own; the cluster runs in this one. Times are medians over the runs, each with
//! its reference beside it in the same run.

mod bare;
mod counting;
mod issuing;
mod memory;
mod place;
mod report;
mod start;
mod verifying;

use std::{error::Error, path::PathBuf};

use clap::{Parser, Subcommand};

/// The command line's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Whole runs at the size of a university, measured.
#[derive(Parser)]
struct Arguments {
    /// How many learners.
    #[arg(long, default_value_t = 10_000)]
    learners: usize,
    /// How often each run is made.
    #[arg(long, default_value_t = 3)]
    runs: usize,
    /// The `microcred` whose start is timed; none: that is left out.
    #[arg(long)]
    binary: Option<PathBuf>,
    /// Milliseconds of a slot of the local cluster.
    #[arg(long, default_value_t = 400)]
    slot: u64,
    #[command(subcommand)]
    part: Option<Part>,
}

/// What one process of its own does.
#[derive(Subcommand, Clone)]
enum Part {
    /// Issues to all on a new embedded ledger.
    #[command(hide = true)]
    Embedded,
    /// Issues to all on a cluster.
    #[command(hide = true)]
    Cluster {
        /// Its RPC endpoint.
        url: String,
        /// Its WebSocket.
        ws: String,
    },
    /// Verifies what was issued on a cluster.
    #[command(hide = true)]
    Verify {
        /// Its RPC endpoint.
        url: String,
        /// Its WebSocket.
        ws: String,
        /// Address of the achievement.
        achievement: microcred_client::Address,
        /// Address of the registry.
        registry: microcred_client::Address,
    },
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments = Arguments::parse();
    match &arguments.part {
        None => report::run(&arguments),
        Some(Part::Embedded) => issuing::embedded(arguments.learners).await,
        Some(Part::Cluster { url, ws }) => issuing::cluster(arguments.learners, url, ws).await,
        Some(Part::Verify { url, ws, achievement, registry }) => {
            verifying::cluster(arguments.learners, url, ws, *achievement, *registry).await
        }
    }
}
