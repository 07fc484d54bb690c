//! Values as people write them.

use std::{fmt::Display, str::FromStr};

use jiff::{SignedDuration, Span, SpanRelativeTo, Timestamp, civil::Date, tz::TimeZone};
use microcred_client::{
    Address, address,
    declaration::Permission,
    hex,
    state::{AchievementKind, Reason},
};
use serde::{Serialize, Serializer};
use solana_signature::Signature;

/// Lamports in a SOL.
pub(crate) const LAMPORTS_PER_SOL: u64 = 1_000_000_000;

/// Serialises what has a text as that text.
pub(crate) fn as_text<S: Serializer>(value: &impl Display, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(value)
}

/// Serialises what has a text as that text, if it is there.
pub(crate) fn as_maybe_text<S: Serializer>(value: &Option<impl Display>, serializer: S) -> Result<S::Ok, S::Error> {
    match value {
        Some(value) => serializer.collect_str(value),
        None => serializer.serialize_none(),
    }
}

/// An address, or nothing where it is all zeros.
pub(crate) fn unless_zero(address: &Address) -> Option<Address> {
    (*address != Address::default()).then_some(*address)
}

/// An address, with an error that says what it should look like.
pub(crate) fn parse_address(text: &str) -> Result<Address, String> {
    text.parse().map_err(|_| format!("\"{text}\" is no address: 32 bytes in Base58"))
}

/// A registry by its address, or by who created it and its slug.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RegistryRef(pub(crate) Address);

impl FromStr for RegistryRef {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Ok(Self(match text.split_once('/') {
            Some((creator, slug)) => address::registry(&parse_address(creator)?, slug_of(slug)?),
            None => parse_address(text)?,
        }))
    }
}

/// An issuer by its address, or by who created it and its slug.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct IssuerRef(pub(crate) Address);

impl FromStr for IssuerRef {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Ok(Self(match text.split_once('/') {
            Some((creator, slug)) => address::issuer(&parse_address(creator)?, slug_of(slug)?),
            None => parse_address(text)?,
        }))
    }
}

/// An achievement by its address, or by its issuer and code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct AchievementRef {
    /// Where it is.
    pub(crate) address: Address,
    /// Its issuer, where that was said.
    pub(crate) issuer: Option<Address>,
}

impl FromStr for AchievementRef {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let Some((issuer, code)) = text.rsplit_once('/') else {
            return Ok(Self { address: parse_address(text)?, issuer: None });
        };
        let IssuerRef(issuer) = issuer.parse()?;
        Ok(Self { address: address::achievement(&issuer, slug_of(code)?), issuer: Some(issuer) })
    }
}

fn slug_of(text: &str) -> Result<&str, String> {
    let right =
        (1..=32).contains(&text.len()) && text.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'));
    if right { Ok(text) } else { Err(format!("\"{text}\" is no slug or code: 1 to 32 of a-z, 0-9 and hyphens")) }
}

/// A signature that was made elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Presigned {
    /// Whose it is.
    pub(crate) address: Address,
    /// The signature.
    pub(crate) signature: Signature,
}

impl FromStr for Presigned {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (address, signature) =
            text.split_once('=').ok_or("write ADDRESS=SIGNATURE, as --sign-only prints it".to_owned())?;
        let signature =
            signature.parse().map_err(|_| format!("\"{signature}\" is no signature: 64 bytes in Base58"))?;
        Ok(Self { address: parse_address(address)?, signature })
    }
}

/// An instant, Unix seconds: RFC 3339, a date (its first second in UTC), or the number itself.
pub(crate) fn parse_time(text: &str) -> Result<i64, String> {
    if let Ok(seconds) = text.parse() {
        return Ok(seconds);
    }
    if let Ok(time) = text.parse::<Timestamp>() {
        return Ok(time.as_second());
    }
    // A date alone: of an instant without its place, the time of day would be lost.
    let is_date = text.len() == "2027-01-31".len();
    let date = text.parse::<Date>().ok().filter(|_| is_date).and_then(|date| date.to_zoned(TimeZone::UTC).ok());
    date.map(|date| date.timestamp().as_second())
        .ok_or_else(|| format!("\"{text}\" is no time: write 2027-01-31, 2027-01-31T12:00:00Z, or Unix seconds"))
}

/// An instant, Unix seconds, or 0 for `never`.
pub(crate) fn parse_end(text: &str) -> Result<i64, String> {
    if text == "never" { Ok(0) } else { parse_time(text) }
}

/// A time that is longer than none, in whole seconds: days have 24 hours. Months and years do not all have the same length.
pub(crate) fn parse_duration(text: &str) -> Result<SignedDuration, String> {
    let wrong = || format!("\"{text}\" is no length of time: write 7d, 12h, 90m, 1h 30m, or 2 weeks");
    let span: Span = text.parse().map_err(|_| wrong())?;
    let duration = span.to_duration(SpanRelativeTo::days_are_24_hours()).map_err(|_| wrong())?;
    if duration.is_positive() && duration.subsec_nanos() == 0 { Ok(duration) } else { Err(wrong()) }
}

/// A length of time of thirty days at most.
pub(crate) fn parse_short_duration(text: &str) -> Result<SignedDuration, String> {
    let duration = parse_duration(text)?;
    if duration <= SignedDuration::from_hours(30 * 24) {
        Ok(duration)
    } else {
        Err(format!("\"{text}\" is too long: at most 30d"))
    }
}

/// Thirty-two bytes in hexadecimal digits.
pub(crate) fn parse_digest(text: &str) -> Result<[u8; 32], String> {
    hex::parse(text).ok_or_else(|| format!("\"{text}\" is no digest: 64 hexadecimal digits"))
}

/// Thirty-two bytes as hexadecimal digits; none where all are zero.
pub(crate) fn digest_text(digest: &[u8; 32]) -> Option<String> {
    (*digest != [0; 32]).then(|| hex::Hex(digest).to_string())
}

/// Lamports of a number of SOL with at most nine decimals.
pub(crate) fn parse_sol(text: &str) -> Result<u64, String> {
    let wrong = || format!("\"{text}\" is no number of SOL: write 2 or 0.5, with at most 9 decimals");
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !digits(decimals) || decimals.len() > 9 || whole.len() + decimals.len() == 0 {
        return Err(wrong());
    }
    let whole: u64 = if whole.is_empty() { 0 } else { whole.parse().map_err(|_| wrong())? };
    let decimals: u64 = format!("{decimals:0<9}").parse().map_err(|_| wrong())?;
    whole.checked_mul(LAMPORTS_PER_SOL).and_then(|lamports| lamports.checked_add(decimals)).ok_or_else(wrong)
}

/// A number of SOL.
pub(crate) fn sol(lamports: u64) -> String {
    let decimals = format!("{:09}", lamports % LAMPORTS_PER_SOL);
    match decimals.trim_end_matches('0') {
        "" => format!("{} SOL", lamports / LAMPORTS_PER_SOL),
        decimals => format!("{}.{decimals} SOL", lamports / LAMPORTS_PER_SOL),
    }
}

/// A number of SOL, and of lamports.
pub(crate) fn sol_and_lamports(lamports: u64) -> String {
    format!("{} ({lamports} lamports)", sol(lamports))
}

/// How many of what there are, in words that fit one and many.
pub(crate) fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

/// Tenths of an ECTS credit.
pub(crate) fn parse_ects(text: &str) -> Result<u16, String> {
    let wrong = || format!("\"{text}\" is no workload in ECTS credits: 0 to 6553.5, in tenths");
    let (whole, tenths) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || tenths.len() != 1 || !digits(whole) || !digits(tenths) {
        return Err(wrong());
    }
    format!("{whole}{tenths}").parse().map_err(|_| wrong())
}

/// A reason by its words, with hyphens between them.
pub(crate) fn parse_reason(text: &str) -> Result<Reason, String> {
    let known = |reason: &&Reason| reason_word(**reason) == text;
    Reason::ALL.iter().find(known).copied().ok_or_else(|| {
        let words: Vec<_> = Reason::ALL.iter().map(|reason| reason_word(*reason)).collect();
        format!("\"{text}\" is no reason; there are: {}", words.join(", "))
    })
}

/// A reason as the command line writes it.
pub(crate) fn reason_word(reason: Reason) -> String {
    reason.word().replace("'s", "").replace(' ', "-")
}

/// What a key may do, by its word.
pub(crate) fn parse_permission(text: &str) -> Result<Permission, String> {
    Permission::ALL.iter().find(|permission| permission.word() == text).copied().ok_or_else(|| {
        let words: Vec<_> = Permission::ALL.iter().map(|permission| permission.word()).collect();
        format!("\"{text}\" is no permission; there are: {}", words.join(", "))
    })
}

/// The words for the permissions of an issuer key.
pub(crate) fn permission_words(bits: u16) -> Vec<&'static str> {
    Permission::ALL
        .iter()
        .filter(|permission| bits & permission.bit() != 0)
        .map(|permission| permission.word())
        .collect()
}

/// How rigorous an achievement is, by its word.
pub(crate) fn parse_kind(text: &str) -> Result<AchievementKind, String> {
    AchievementKind::ALL.iter().find(|kind| kind.word() == text).copied().ok_or_else(|| {
        let words: Vec<_> = AchievementKind::ALL.iter().map(|kind| kind.word()).collect();
        format!("\"{text}\" is no kind of achievement; there are: {}", words.join(", "))
    })
}

/// An instant in an answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Time {
    unix: i64,
    /// None: beyond the years that RFC 3339 can write.
    rfc3339: Option<String>,
}

impl Time {
    /// An instant; none where 0 stands for none.
    pub(crate) fn unless_zero(unix: i64) -> Option<Self> {
        let rfc3339 = Timestamp::from_second(unix).ok().map(|time| time.to_string());
        (unix != 0).then_some(Self { unix, rfc3339 })
    }
}

impl Display for Time {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.rfc3339 {
            Some(text) => f.write_str(text),
            None => write!(f, "{} s after 1970", self.unix),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CREATOR: &str = "DinFHnMqoB2irQKHyM83CiLf1Sq5a1JMUgmk7oUouN68";

    #[test]
    fn accounts_are_named_by_address_or_by_what_their_address_is_made_of() {
        let creator: Address = CREATOR.parse().unwrap();
        assert_eq!(CREATOR.parse(), Ok(IssuerRef(creator)));
        let issuer = address::issuer(&creator, "uni");
        assert_eq!(format!("{CREATOR}/uni").parse(), Ok(IssuerRef(issuer)));
        assert_eq!(format!("{CREATOR}/uni").parse(), Ok(RegistryRef(address::registry(&creator, "uni"))));
        let by_slug = format!("{CREATOR}/uni/rust").parse::<AchievementRef>().unwrap();
        assert_eq!(by_slug, AchievementRef { address: address::achievement(&issuer, "rust"), issuer: Some(issuer) });
        assert_eq!(format!("{issuer}/rust").parse(), Ok(by_slug));
        for wrong in ["", "x", "/", "x/uni", "DinF/uni", &format!("{CREATOR}/"), &format!("{CREATOR}/A b")] {
            assert!(wrong.parse::<IssuerRef>().is_err(), "{wrong}");
            assert!(wrong.parse::<AchievementRef>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn times_are_dates_instants_or_numbers() {
        assert_eq!(parse_time("1970-01-02"), Ok(86_400));
        assert_eq!(parse_time("1970-01-01T01:00:00+01:00"), Ok(0));
        assert_eq!(parse_time("-5"), Ok(-5));
        assert_eq!(parse_end("never"), Ok(0));
        for wrong in ["", "never", "tomorrow", "2027-02-30", "2027-01-01T00:00:00", "99999999999999999999"] {
            assert!(parse_time(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn lengths_of_time_have_units_and_limits() {
        for (text, seconds) in
            [("90s", 90), ("1h 30m", 5_400), ("PT5M", 300), ("7d", 604_800), ("2 weeks", 1_209_600), ("P1DT1H", 90_000)]
        {
            assert_eq!(parse_duration(text), Ok(SignedDuration::from_secs(seconds)), "{text}");
        }
        for wrong in ["", "7", "d", "0s", "-7d", "1 month", "1y", "500ms", "7d ago", "tomorrow"] {
            assert!(parse_duration(wrong).is_err(), "{wrong}: {:?}", parse_duration(wrong));
        }
        assert_eq!(parse_short_duration("30d"), parse_short_duration("720h"));
        assert!(parse_short_duration("30d").is_ok() && parse_short_duration("721h").is_err());
    }

    #[test]
    fn digests_amounts_and_workloads_are_exact() {
        assert_eq!(parse_digest(&"0f".repeat(32)), Ok([15; 32]));
        assert_eq!(digest_text(&[15; 32]), Some("0f".repeat(32)));
        assert_eq!(digest_text(&[0; 32]), None);
        for wrong in ["", "0f", &"0g".repeat(32), &"+f".repeat(32), &"ä".repeat(32)] {
            assert!(parse_digest(wrong).is_err(), "{wrong}");
        }
        for (text, lamports) in [("2", 2_000_000_000), ("0.5", 500_000_000), (".000000001", 1), ("3.", 3_000_000_000)] {
            assert_eq!(parse_sol(text), Ok(lamports), "{text}");
        }
        for wrong in ["", ".", "-1", "1e3", "0.0000000001", "18446744074", "1.2.3", "1,5"] {
            assert!(parse_sol(wrong).is_err(), "{wrong}");
        }
        assert_eq!((sol(1_500_000_000), sol(0), sol(1)), ("1.5 SOL".into(), "0 SOL".into(), "0.000000001 SOL".into()));
        assert_eq!((parse_ects("5"), parse_ects("2.5"), parse_ects("6553.5")), (Ok(50), Ok(25), Ok(65_535)));
        for wrong in ["", "5.05", "6553.6", "-1", "5.", "."] {
            assert!(parse_ects(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn every_reason_can_be_written() {
        for reason in Reason::ALL {
            assert_eq!(parse_reason(&reason_word(*reason)), Ok(*reason));
        }
        assert_eq!(reason_word(Reason::LearnerRequest), "learner-request");
        assert!(parse_reason("whim").unwrap_err().contains("academic-misconduct"));
    }

    #[test]
    fn permissions_and_kinds_are_words() {
        assert_eq!(parse_permission("manage-achievements"), Ok(Permission::ManageAchievements));
        assert_eq!(permission_words(1 | 4), ["issue", "revoke"]);
        assert_eq!(parse_kind("micro-credential"), Ok(AchievementKind::MicroCredential));
        assert!(parse_permission("all").is_err());
        assert!(parse_kind("medal").unwrap_err().contains("badge"));
    }

    #[test]
    fn instants_beyond_rfc_3339_keep_their_number() {
        assert_eq!(Time::unless_zero(0), None);
        assert_eq!(Time::unless_zero(86_400).unwrap().to_string(), "1970-01-02T00:00:00Z");
        assert_eq!(Time::unless_zero(i64::MAX).unwrap().rfc3339, None);
    }
}
