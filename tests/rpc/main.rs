//! The client over RPC: against a scripted node for each thing that can go wrong on the way, and against a real cluster.

mod localnet;
mod node;
mod reading;
mod sending;
mod stage;
mod watching;
