//! The client over RPC: against a scripted node for each thing that can go wrong on the way.

mod node;
mod reading;
mod sending;
