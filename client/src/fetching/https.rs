//! Files from the Web.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use reqwest::{Client, Response, redirect::Policy};
use url::Url;

use super::{
    Fetch, FetchError, SIZE_LIMIT,
    places::{PublicNames, fault},
};

/// How long one file may take.
const TIMEOUT: Duration = Duration::from_secs(10);

/// How often a host may lead on to another of its addresses.
const REDIRECTS: usize = 3;

/// Files of the public Web, over HTTPS and from the host that was named alone.
pub struct Https {
    client: Client,
    allow_loopback: bool,
}

impl Https {
    /// With loopback, this computer may be asked too, and without encryption: for tests, and to try out what is not published yet.
    ///
    /// # Errors
    /// The computer's network cannot be used.
    pub fn new(allow_loopback: bool) -> Result<Self, FetchError> {
        let policy = Policy::custom(move |attempt| {
            let origins: Vec<_> = attempt.previous().iter().map(Url::origin).collect();
            if origins.len() > REDIRECTS {
                attempt.error("it leads on and on")
            } else if origins.iter().any(|origin| *origin != attempt.url().origin()) {
                attempt.error("it leads to another host")
            } else {
                attempt.follow()
            }
        });
        // A proxy would resolve names itself, and reach what the verifier's network has.
        let client = Client::builder()
            .timeout(TIMEOUT)
            .connect_timeout(TIMEOUT)
            .redirect(policy)
            .no_proxy()
            .dns_resolver(Arc::new(PublicNames { allow_loopback }))
            .user_agent(concat!("microcred/", env!("CARGO_PKG_VERSION")))
            .build();
        let client = client.map_err(|error| unreachable("the network".into(), error))?;
        Ok(Self { client, allow_loopback })
    }
}

#[async_trait]
impl Fetch for Https {
    async fn fetch(&self, url: &str) -> Result<Vec<u8>, FetchError> {
        let not_allowed = |why| FetchError::NotAllowed { url: url.chars().take(120).collect(), why };
        let parsed = Url::parse(url).map_err(|_| not_allowed("it is no address of the Web"))?;
        if let Some(why) = fault(&parsed, self.allow_loopback) {
            return Err(not_allowed(why));
        }
        let host = parsed.host_str().unwrap_or_default().to_owned();
        let response = self.client.get(parsed).send().await.map_err(|error| unreachable(host.clone(), error))?;
        if !response.status().is_success() {
            return Err(FetchError::Status { host, status: response.status().as_u16() });
        }
        read(response, host).await
    }
}

async fn read(mut response: Response, host: String) -> Result<Vec<u8>, FetchError> {
    let mut bytes = Vec::new();
    while let Some(part) = response.chunk().await.map_err(|error| unreachable(host.clone(), error))? {
        if bytes.len().saturating_add(part.len()) > SIZE_LIMIT {
            return Err(FetchError::TooBig { host });
        }
        bytes.extend_from_slice(&part);
    }
    Ok(bytes)
}

/// What went wrong, down to what it was caused by.
fn unreachable(host: String, error: reqwest::Error) -> FetchError {
    let error = error.without_url();
    let mut why = error.to_string();
    let mut cause = std::error::Error::source(&error);
    while let Some(error) = cause {
        why = format!("{why}: {error}");
        cause = error.source();
    }
    FetchError::Unreachable { host, why }
}
