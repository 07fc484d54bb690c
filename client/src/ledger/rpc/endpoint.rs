//! Where a cluster is asked. What may be secret in an address is never shown.

use std::fmt;

use solana_rpc_client_api::client_error::reqwest::Url;
use thiserror::Error;

/// Why an address cannot be used.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum EndpointError {
    /// It is no address.
    #[error("the address of the cluster makes no sense ({0}): give one like https://api.devnet.solana.com")]
    NotAUrl(String),
    /// It is not of the Web.
    #[error("the address of the cluster begins with {0}: it must begin with http:// or https://")]
    OtherScheme(String),
    /// The address for changes is not a WebSocket's.
    #[error("the address for changes begins with {0}: it must begin with ws:// or wss://")]
    NotAWebSocket(String),
    /// The computer's network cannot be used.
    #[error("the network cannot be used ({0})")]
    NoNetwork(String),
}

/// Address of a cluster. Shown without user, password, path and query, because providers put API keys there.
#[derive(Clone, PartialEq, Eq)]
pub struct Endpoint {
    url: Url,
}

impl Endpoint {
    /// Reads an HTTP address.
    ///
    /// # Errors
    /// [`EndpointError::NotAUrl`], [`EndpointError::OtherScheme`].
    pub fn http(text: &str) -> Result<Self, EndpointError> {
        let url = parse(text)?;
        match url.scheme() {
            "http" | "https" => Ok(Self { url }),
            other => Err(EndpointError::OtherScheme(other.to_owned())),
        }
    }

    /// Reads a WebSocket address.
    ///
    /// # Errors
    /// [`EndpointError::NotAUrl`], [`EndpointError::NotAWebSocket`].
    pub fn web_socket(text: &str) -> Result<Self, EndpointError> {
        let url = parse(text)?;
        match url.scheme() {
            "ws" | "wss" => Ok(Self { url }),
            other => Err(EndpointError::NotAWebSocket(other.to_owned())),
        }
    }

    /// Where the same node tells of changes, by the habit of the `solana` tools: the port after a port that is named.
    #[must_use]
    pub fn its_web_socket(&self) -> Self {
        let mut url = self.url.clone();
        let scheme = if url.scheme() == "https" { "wss" } else { "ws" };
        let port = url.port().map(|port| port.saturating_add(1));
        if url.set_scheme(scheme).is_ok() && url.set_port(port).is_ok() { Self { url } } else { self.clone() }
    }

    /// The whole address, with whatever is secret in it.
    #[must_use]
    pub fn secret(&self) -> &str {
        self.url.as_str()
    }

    /// Whether it is on this computer.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        let host = self.url.host_str().unwrap_or_default().trim_matches(['[', ']']);
        host == "localhost" || host.parse().is_ok_and(|address: std::net::IpAddr| address.is_loopback())
    }
}

fn parse(text: &str) -> Result<Url, EndpointError> {
    Url::parse(text).map_err(|error| EndpointError::NotAUrl(error.to_string()))
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", self.url.scheme(), self.url.host_str().unwrap_or_default())?;
        self.url.port().map_or(Ok(()), |port| write!(f, ":{port}"))
    }
}

impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Endpoint({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_be_secret_is_not_shown() {
        let endpoint = Endpoint::http("https://user:pass@rpc.example:8443/v2/SECRET?api-key=KEY#part").unwrap();
        assert_eq!(endpoint.to_string(), "https://rpc.example:8443");
        assert_eq!(format!("{endpoint:?}"), "Endpoint(https://rpc.example:8443)");
        assert!(endpoint.secret().contains("api-key=KEY"));
    }

    #[test]
    fn changes_are_told_at_the_next_port() {
        for (http, web_socket) in [
            ("http://127.0.0.1:8899", "ws://127.0.0.1:8900/"),
            ("https://api.devnet.solana.com", "wss://api.devnet.solana.com/"),
            ("https://rpc.example/?api-key=KEY", "wss://rpc.example/?api-key=KEY"),
        ] {
            assert_eq!(Endpoint::http(http).unwrap().its_web_socket().secret(), web_socket);
        }
    }

    #[test]
    fn other_addresses_are_refused_without_repeating_them() {
        assert_eq!(Endpoint::http("ftp://KEY@rpc.example"), Err(EndpointError::OtherScheme("ftp".into())));
        assert_eq!(Endpoint::web_socket("http://rpc.example"), Err(EndpointError::NotAWebSocket("http".into())));
        let error = Endpoint::http("rpc.example/KEY").unwrap_err();
        assert!(!error.to_string().contains("KEY"), "{error}");
    }

    #[test]
    fn loopback_is_known_by_name_and_number() {
        for (text, loopback) in [
            ("http://localhost:8899", true),
            ("http://127.0.0.1:8899", true),
            ("http://[::1]:8899", true),
            ("https://api.devnet.solana.com", false),
        ] {
            assert_eq!(Endpoint::http(text).unwrap().is_loopback(), loopback, "{text}");
        }
    }
}
