//! Where the status lists of an issuer are published, and which place of which list is whose.

use std::{fmt, str::FromStr};

use url::Url;

use super::PLACES;

/// Where the lists are, under the issuer's web site, unless something else is said.
const UNDER_SITE: &str = "/credentials/status";

/// Why an URL is not one that lists are published under.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BaseError {
    /// The issuer says no web site.
    #[error(
        "the issuer's account has no url under which its status lists could be: name where they are published, or give the issuer an url"
    )]
    NoSite,
    /// Not an URL as it must be.
    #[error(
        "status lists cannot be published under {0:?}: it must be https://HOST/PATH, or http:// on your own computer, without `?`, `#` and user names"
    )]
    Url(String),
}

/// The URL that an issuer's status lists have in common: list n is at `<base>/<n>`. Without `/` at its end.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Base(String);

impl Base {
    /// Where the lists of an issuer are unless something else is said: `<url of its account>/credentials/status`. Documents name these URLs
    /// for ever: an issuer whose url changes keeps publishing under the one before.
    ///
    /// # Errors
    /// [`BaseError`]: the account has no url, or one that lists cannot be under.
    pub fn of_issuer(url: &str) -> Result<Self, BaseError> {
        if url.is_empty() {
            return Err(BaseError::NoSite);
        }
        let Self(site) = url.parse()?;
        Ok(Self(site + UNDER_SITE))
    }
}

impl FromStr for Base {
    type Err = BaseError;

    fn from_str(text: &str) -> Result<Self, BaseError> {
        let wrong = || BaseError::Url(text.chars().take(160).collect());
        let url = Url::parse(text).map_err(|_| wrong())?;
        let is_plain = matches!(url.scheme(), "https" | "http")
            && url.query().is_none()
            && url.fragment().is_none()
            && url.username().is_empty()
            && url.password().is_none();
        if is_plain { Ok(Self(url.as_str().trim_end_matches('/').to_owned())) } else { Err(wrong()) }
    }
}

impl fmt::Display for Base {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The URL of list n.
#[must_use]
pub fn list_url(base: &Base, number: u32) -> String {
    format!("{base}/{number}")
}

/// The list and the place in it that a credential's status index stands for: what its document says, and where the lists have its bit. An
/// index never moves.
#[must_use]
pub fn place(base: &Base, status_index: u32) -> (String, u32) {
    (list_url(base, status_index / PLACES), status_index % PLACES)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_under_the_issuers_site() {
        for (site, base) in [
            ("https://uni.example", "https://uni.example/credentials/status"),
            ("https://uni.example/", "https://uni.example/credentials/status"),
            ("https://UNI.example:443/a//", "https://uni.example/a/credentials/status"),
            ("http://127.0.0.1:8080/x", "http://127.0.0.1:8080/x/credentials/status"),
        ] {
            assert_eq!(Base::of_issuer(site).unwrap().to_string(), base);
        }
        assert_eq!(Base::of_issuer(""), Err(BaseError::NoSite));
        for wrong in
            ["uni.example", "ftp://uni.example", "https://a@uni.example", "https://uni.example?a", "https://", "/a"]
        {
            assert!(matches!(Base::of_issuer(wrong), Err(BaseError::Url(_))), "{wrong}");
        }
        assert!("https://uni.example/status#1".parse::<Base>().is_err());
    }

    #[test]
    fn an_index_is_a_list_and_a_place() {
        let base: Base = "https://uni.example/status/".parse().unwrap();
        for (index, expected) in [
            (0, ("https://uni.example/status/0", 0)),
            (131_071, ("https://uni.example/status/0", 131_071)),
            (131_072, ("https://uni.example/status/1", 0)),
            (u32::MAX, ("https://uni.example/status/32767", 131_071)),
        ] {
            let (url, place) = place(&base, index);
            assert_eq!((url.as_str(), place), expected);
        }
    }
}
