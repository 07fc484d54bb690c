//! Times in a document. Each keeps what was read as it was read.

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

use crate::bulk::table::shown;

/// A moment, as a document writes it: `2026-11-23T10:00:00Z` (RFC 3339, always with its time zone).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DateTime {
    text: String,
    at: Timestamp,
}

impl DateTime {
    /// Reads a moment.
    ///
    /// # Errors
    /// [`BadDateTime`], for forms that RFC 3339 or XML Schema do not have, and for leap seconds and `24:00`, which readers take
    /// for different moments.
    pub fn parse(text: &str) -> Result<Self, BadDateTime> {
        let at = if is_date_time(text) { text.parse().ok() } else { None };
        at.map(|at| Self { text: text.into(), at }).ok_or_else(|| BadDateTime(shown(text)))
    }

    /// The moment.
    #[must_use]
    pub const fn at(&self) -> Timestamp {
        self.at
    }

    /// The moment as it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

/// In UTC.
impl From<Timestamp> for DateTime {
    fn from(at: Timestamp) -> Self {
        Self { text: at.to_string(), at }
    }
}

impl Serialize for DateTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

impl<'de> Deserialize<'de> for DateTime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

/// Not a moment with its time zone.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
#[error("is {0}, which is no moment with a time zone: write it like 2026-11-23T10:00:00Z")]
pub struct BadDateTime(String);

/// Whether a text has the shape `2026-11-23T10:00:00[.123456789](Z|+01:00)`, and hours and seconds that every clock knows.
fn is_date_time(text: &str) -> bool {
    let Some((civil, rest)) = text.split_at_checked("2026-11-23T10:00:00".len()) else { return false };
    let zone = rest.strip_prefix('.').map_or(Some(rest), |fraction| {
        let zone = fraction.trim_start_matches(|c: char| c.is_ascii_digit());
        matches!(fraction.len().saturating_sub(zone.len()), 1..=9).then_some(zone)
    });
    let zoned = zone.is_some_and(|zone| {
        zone == "Z"
            || (has_shape(zone, "+00:00") && zone <= "+14:00")
            || (has_shape(zone, "-00:00") && zone <= "-14:00" && zone != "-00:00")
    });
    let (hour, second) = (civil.get(11..13), civil.get(17..19));
    has_shape(civil, "0000-00-00T00:00:00") && hour < Some("24") && second < Some("60") && zoned
}

/// Whether a text has a digit wherever the shape has one, and else the same characters.
fn has_shape(text: &str, shape: &str) -> bool {
    let alike = |(c, shape): (u8, u8)| if shape.is_ascii_digit() { c.is_ascii_digit() } else { c == shape };
    text.len() == shape.len() && text.bytes().zip(shape.bytes()).all(alike)
}

/// A day, as a document writes it: `2026-11-23`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Day(String);

impl Day {
    /// Reads a day.
    ///
    /// # Errors
    /// [`BadDay`].
    pub fn parse(text: &str) -> Result<Self, BadDay> {
        let exists = has_shape(text, "0000-00-00") && text.parse::<Date>().is_ok();
        if exists { Ok(Self(text.into())) } else { Err(BadDay(shown(text))) }
    }

    /// The day as it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

/// Not a day.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
#[error("is {0}, which is no day: write it like 2026-11-23")]
pub struct BadDay(String);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_have_their_time_zone_and_one_meaning() {
        for good in [
            "2026-11-23T10:00:00Z",
            "2026-11-23T10:00:00.123456789Z",
            "2026-11-23T10:00:00.5+14:00",
            "2024-02-29T23:59:59-05:30",
        ] {
            let read = DateTime::parse(good).unwrap();
            assert_eq!((read.as_str(), read.at()), (good, good.parse().unwrap()));
        }
        for bad in [
            "",
            "2026-11-23",
            "2026-11-23T10:00:00",
            "2026-11-23 10:00:00Z",
            "2026-11-23t10:00:00Z",
            "2026-11-23T10:00:00z",
            "2026-11-23T10:00Z",
            "2026-11-23T10:00:60Z",
            "2026-06-30T23:59:60Z",
            "2026-11-23T24:00:00Z",
            "2026-11-23T10:60:00Z",
            "2026-02-29T10:00:00Z",
            "2026-13-01T10:00:00Z",
            "2026-11-23T10:00:00.Z",
            "2026-11-23T10:00:00.1234567890Z",
            "2026-11-23T10:00:00+14:30",
            "2026-11-23T10:00:00+01:60",
            "2026-11-23T10:00:00-00:00",
            "2026-11-23T10:00:00+0100",
            "2026-11-23T10:00:00Z[UTC]",
            "+002026-11-23T10:00:00Z",
            "２026-11-23T10:00:00Z",
        ] {
            assert!(DateTime::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn days_exist() {
        assert_eq!(Day::parse("2024-02-29").unwrap().as_str(), "2024-02-29");
        for bad in ["2026-02-29", "2026-1-1", "20261123", "2026-11-23T10:00:00Z", ""] {
            assert!(Day::parse(bad).is_err(), "{bad}");
        }
    }
}
