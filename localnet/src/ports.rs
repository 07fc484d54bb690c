//! Ports on the loopback interface.

use std::{
    fs::File,
    io::{self, ErrorKind},
    net::{Ipv4Addr, TcpListener},
};

use crate::LocalnetError;

/// The ports that a cluster is about to open.
pub(crate) struct Ports {
    pub(crate) rpc: u16,
    pub(crate) ws: u16,
    /// Held until they are open, because the RPC server would share its port with another one that found it free at the same moment.
    _turn: File,
}

impl Ports {
    /// Those named, which must be free, and free ones where none is named. Clusters that start at the same time, in other processes too,
    /// wait for each other here.
    pub(crate) fn take(rpc: Option<u16>, ws: Option<u16>) -> Result<Self, LocalnetError> {
        let turn = take_turn().map_err(LocalnetError::Turn)?;
        // Both stand open together, so that they differ.
        let (rpc, ws) = (open(rpc, "RPC")?, open(ws, "WebSocket")?);
        Ok(Self { rpc: port(&rpc)?, ws: port(&ws)?, _turn: turn })
    }
}

fn take_turn() -> io::Result<File> {
    let path = std::env::temp_dir().join("microcred-localnet.lock");
    let file = File::options().read(true).write(true).create(true).truncate(false).open(path)?;
    file.lock()?;
    Ok(file)
}

fn open(port: Option<u16>, what: &'static str) -> Result<TcpListener, LocalnetError> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port.unwrap_or(0))).map_err(|error| match (error.kind(), port) {
        (ErrorKind::AddrInUse, Some(port)) => LocalnetError::PortTaken { what, port },
        _ => LocalnetError::Port { what, port: port.unwrap_or(0), error },
    })
}

fn port(listener: &TcpListener) -> Result<u16, LocalnetError> {
    let address = listener.local_addr().map_err(|error| LocalnetError::Port { what: "free", port: 0, error })?;
    Ok(address.port())
}
