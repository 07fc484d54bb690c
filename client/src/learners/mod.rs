//! Learners from a CSV file, for issuing to many at once.

use std::{collections::HashMap, fmt, str::FromStr};

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use solana_address::Address;

mod personal;

pub use crate::bulk::table::RowError;
use crate::{
    bulk::table::{self, Fields, shown},
    hex,
};
pub use personal::{Corrections, Particular, Personal};

const COLUMNS: [&str; 5] = ["wallet", "learner", "digest", "expires_at", "status_index"];
const WITH_DOCUMENTS: [&str; 8] =
    ["wallet", "learner", "name", "email", "student_number", "grade", "expires_at", "status_index"];
/// Columns that only files for documents have.
const PERSONAL: [&str; 4] = ["name", "email", "student_number", "grade"];

/// A row of the file. Its columns, of which all but `wallet` can be left out or empty:
///
/// - `wallet`: the learner's address;
/// - `learner`: a name for the platform's eyes, which stays in the file;
/// - `digest`: 64 hexadecimal digits;
/// - `expires_at`: `2030-12-31T12:00:00Z` (RFC 3339), `2030-12-31` (when that day begins in UTC), Unix seconds, or 0: never;
/// - `status_index`: a number below 2^32.
///
/// Where documents are made, there is no `digest`, since that is the document's, and there are `name` (otherwise `learner` is taken as the
/// name), `email`, `student_number` and `grade`, which go into documents only.
#[derive(Clone, PartialEq, Eq)]
pub struct Row {
    /// Line of the file, from 1.
    pub line: u64,
    /// The learner's wallet.
    pub wallet: Address,
    /// What the platform calls the learner; may be empty.
    pub learner: String,
    /// SHA-256 of the document; zero: none.
    pub digest: [u8; 32],
    /// First second after validity; 0: never; none: not said.
    pub expires_at: Option<i64>,
    /// Place in the issuer's status lists; none: not said.
    pub status_index: Option<u32>,
    /// What goes into the learner's document only.
    pub personal: Personal,
}

/// Without what the learner is called: messages end up in logs.
impl fmt::Debug for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Row")
            .field("line", &self.line)
            .field("wallet", &self.wallet)
            .field("digest", &self.digest)
            .field("expires_at", &self.expires_at)
            .field("status_index", &self.status_index)
            .finish_non_exhaustive()
    }
}

/// What is taken that is not always.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Allow {
    /// Addresses that no key can sign for, as of programs and smart wallets: their learner could not prove to hold the credential.
    pub off_curve: bool,
    /// The rows are for documents: their columns of personal data.
    pub documents: bool,
}

/// Reads all rows of a file.
///
/// # Errors
/// Every row that is wrong, with its line: not a wallet, a wallet or status index that occurs twice, not a digest, not a time, personal data
/// that would mislead a reader, or a column that is out of place. No error repeats personal data.
pub fn read(file: &[u8], allow: Allow) -> Result<Vec<Row>, Vec<RowError>> {
    let (mut wallets, mut places) = (HashMap::new(), HashMap::new());
    let refused = |position: usize, column: &str| match column {
        "digest" if allow.documents => {
            Some("the column \"digest\" is refused: the digests are those of the documents that are made".into())
        }
        // Of a file without that line, this would be a learner's name.
        _ if allow.documents => Some(format!(
            "column {position} is none of those that there are: the first line names them ({})",
            WITH_DOCUMENTS.join(", ")
        )),
        column if PERSONAL.contains(&column) => {
            Some(format!("the column {column:?} goes into documents only: have documents made, or remove the column"))
        }
        _ => None,
    };
    let columns: &[_] = if allow.documents { &WITH_DOCUMENTS } else { &COLUMNS };
    table::read_unless(file, columns, refused, |line, fields| {
        let row = parse(line, fields, allow)?;
        if let Some(first) = wallets.insert(row.wallet, line) {
            return Err(format!("the wallet {} stands in line {first} already", row.wallet));
        }
        if let Some(place) = row.status_index
            && let Some(first) = places.insert(place, line)
        {
            return Err(format!("the status index {place} stands in line {first} already"));
        }
        Ok(row)
    })
}

fn parse(line: u64, fields: &Fields<'_>, allow: Allow) -> Result<Row, String> {
    // Where personal data may stand beside it, or in its place, what is wrong is not repeated.
    let told = |error: String, column: &str| {
        if allow.documents { format!("the {column} is wrong, or stands in another column") } else { error }
    };
    let wallet = fields.get("wallet")?.ok_or("the wallet is missing")?;
    let wallet = address(wallet).map_err(|error| told(error, "wallet"))?;
    if !allow.off_curve && !wallet.is_on_curve() {
        return Err(format!(
            "no key can sign for {wallet}: it is a program's account, not a wallet; if it is a smart wallet, allow such addresses"
        ));
    }
    Ok(Row {
        line,
        wallet,
        learner: fields.get("learner")?.unwrap_or_default().into(),
        digest: fields.get("digest")?.map_or(Ok([0; 32]), digest)?,
        expires_at: fields.get("expires_at")?.map(time).transpose().map_err(|error| told(error, "expires_at"))?,
        status_index: fields
            .get("status_index")?
            .map(status_index)
            .transpose()
            .map_err(|error| told(error, "status_index"))?,
        personal: if allow.documents { personal(fields)? } else { Personal::default() },
    })
}

fn personal(fields: &Fields<'_>) -> Result<Personal, String> {
    let text = |column| fields.get(column).map(|text| text.map(str::to_owned));
    let name = text("name")?.map_or_else(|| text("learner"), |name| Ok(Some(name)))?;
    let personal =
        Personal { name, email: text("email")?, student_number: text("student_number")?, grade: text("grade")? };
    personal.check()?;
    Ok(personal)
}

/// An address that is not zero.
pub(crate) fn address(text: &str) -> Result<Address, String> {
    let address = Address::from_str(text).map_err(|_| format!("{} is not an address", shown(text)))?;
    if address == Address::default() {
        return Err("the address is all zeros".into());
    }
    Ok(address)
}

fn digest(text: &str) -> Result<[u8; 32], String> {
    match hex::parse(text) {
        None => Err(format!("{} is not a digest: 64 hexadecimal digits", shown(text))),
        Some(digest) if digest == [0; 32] => {
            Err("the digest is all zeros: leave it empty where there is no document".into())
        }
        Some(digest) => Ok(digest),
    }
}

fn status_index(text: &str) -> Result<u32, String> {
    text.parse().map_err(|_| format!("{} is not a status index: a number below 4294967296", shown(text)))
}

/// Unix seconds of a time in one of the forms that [`Row`] names.
fn time(text: &str) -> Result<i64, String> {
    let seconds = if let Ok(seconds) = text.parse::<i64>() {
        seconds
    } else if let Ok(time) = text.parse::<Timestamp>() {
        time.as_second()
    } else {
        let date = text.parse::<Date>().ok().filter(|_| text.len() == "2030-12-31".len());
        let wrong = || format!("{} is not a time: write 2030-12-31, 2030-12-31T12:00:00Z or Unix seconds", shown(text));
        let begins = date.ok_or_else(wrong)?.to_zoned(TimeZone::UTC);
        begins.map_or(i64::MAX, |begins| begins.timestamp().as_second())
    };
    // The last time that documents can say; what lies later was not meant in seconds.
    let last = Timestamp::MAX.as_second();
    if seconds < 0 {
        Err(format!("the time {} lies before 1970", shown(text)))
    } else if seconds > last {
        Err(format!(
            "the time {} lies after the last there is, in the year 9999: Unix times are in seconds",
            shown(text)
        ))
    } else {
        Ok(seconds)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WALLET: &str = "DinFHnMqoB2irQKHyM83CiLf1Sq5a1JMUgmk7oUouN68";

    /// The one row with these columns after the wallet.
    fn row(columns: &str, fields: &str) -> Result<Row, String> {
        let file = format!("wallet,{columns}\n{WALLET},{fields}\n");
        read(file.as_bytes(), Allow::default()).map(|rows| rows[0].clone()).map_err(|errors| errors[0].what.clone())
    }

    #[test]
    fn the_shipped_learners_are_read() {
        let rows = read(include_bytes!("../../../examples/university/learners.csv"), Allow::default()).unwrap();
        assert_eq!(rows.len(), 60);
        assert_eq!((rows[0].learner.as_str(), rows[0].line, rows[0].status_index), ("Amara Okafor", 2, Some(15_613)));
        assert_eq!((rows[0].digest, rows[0].expires_at), ([0; 32], None));
    }

    #[test]
    fn times_have_three_forms() {
        for (text, seconds) in [
            ("2030-12-31", 1_924_905_600),
            ("2030-12-31T00:00:00Z", 1_924_905_600),
            ("2030-12-31T01:00:00+01:00", 1_924_905_600),
            ("1924905600", 1_924_905_600),
            ("0", 0),
        ] {
            assert_eq!(row("expires_at", text).unwrap().expires_at, Some(seconds), "{text}");
        }
        assert_eq!(row("expires_at", "").unwrap().expires_at, None);
        for late in ["9999-12-31", "253402207201", "253402300799", "9999-12-31T00:00:00Z"] {
            let error = row("expires_at", late).unwrap_err();
            assert!(error.contains(late) && !error.contains("wrong"), "{error}");
        }
        let last = row("expires_at", "253402207200").unwrap().expires_at.unwrap();
        assert_eq!(Timestamp::from_second(last).unwrap().to_string(), "9999-12-30T22:00:00Z");
        for bad in ["tomorrow", "31.12.2030", "2030-13-01", "2030-12-31T12:00:00", "-5", "1924905600000", "1e9"] {
            assert!(row("expires_at", bad).unwrap_err().contains(bad), "{bad}");
        }
    }

    #[test]
    fn digests_are_64_hexadecimal_digits() {
        assert_eq!(row("digest", &"aB".repeat(32)).unwrap().digest, [0xab; 32]);
        for bad in ["ab", &"g0".repeat(32), &"é".repeat(32), &"+a".repeat(32), &"00".repeat(32)] {
            assert!(row("digest", bad).unwrap_err().contains("digest"), "{bad}");
        }
    }

    #[test]
    fn every_bad_row_is_named_with_its_line() {
        let (second, third) = ("Bjuoxf5AbqJCE1rFfGrVv7AfGhyiBHNQjoMFJuYMGF8A", "11111111111111111111111111111112");
        let file = format!(
            "learner,wallet,status_index\n\
             a,{WALLET},1\n\
             b,nonsense,2\n\
             c,{WALLET},3\n\
             d,{second},1\n\
             e,{second},-1\n\
             f,11111111111111111111111111111111,6\n\
             g,,7\n\
             h,{third}\n"
        );
        let errors = read(file.as_bytes(), Allow::default()).unwrap_err();
        assert_eq!(errors.iter().map(|error| error.line).collect::<Vec<_>>(), [3, 4, 5, 6, 7, 8, 9]);
        assert!(errors[1].what.contains("line 2 already"), "{}", errors[1]);
        assert!(errors[2].what.contains("status index 1 stands in line 2"), "{}", errors[2]);
    }

    #[test]
    fn addresses_that_cannot_sign_must_be_allowed() {
        let off = crate::address::issuer(&Address::new_from_array([1; 32]), "a");
        let file = format!("wallet\n{off}\n");
        assert!(read(file.as_bytes(), Allow::default()).unwrap_err()[0].what.contains("no key can sign"));
        assert_eq!(read(file.as_bytes(), Allow { off_curve: true, ..Allow::default() }).unwrap()[0].wallet, off);
    }

    #[test]
    fn personal_data_is_read_for_documents_alone() {
        let file = format!(
            "wallet,learner,name,email,student_number,grade\n{WALLET},Amara,Amara Okafor,a@b.example,s-1,A\n\
             Bjuoxf5AbqJCE1rFfGrVv7AfGhyiBHNQjoMFJuYMGF8A,Bilal,,,,\n"
        );
        let allow = Allow { documents: true, ..Allow::default() };
        let rows = read(file.as_bytes(), allow).unwrap();
        let of = |text: &str| Some(text.to_owned());
        let amara =
            Personal { name: of("Amara Okafor"), email: of("a@b.example"), student_number: of("s-1"), grade: of("A") };
        assert_eq!(rows[0].personal, amara);
        assert_eq!(rows[1].personal, Personal { name: of("Bilal"), ..Personal::default() });
        assert!(!format!("{rows:?}").contains("Amara"));
        let errors = read(file.as_bytes(), Allow::default()).unwrap_err();
        assert_eq!(errors.len(), PERSONAL.len());
        assert!(errors[0].what.contains("\"name\" goes into documents only"), "{}", errors[0]);

        let digest = format!("wallet,digest\n{WALLET},\n");
        assert!(read(digest.as_bytes(), allow).unwrap_err()[0].what.contains("\"digest\" is refused"));
        for (columns, fields) in [
            ("learner", "Secret\u{202e}"),
            ("email", "Secret"),
            ("grade", &"Secret".repeat(20)),
            ("expires_at", "Secret"),
            ("status_index", "Secret"),
        ] {
            let file = format!("wallet,{columns}\n{WALLET},{fields}\n");
            let error = read(file.as_bytes(), allow).unwrap_err()[0].to_string();
            assert!(error.starts_with("line 2: ") && !error.contains("Secret"), "{error}");
        }
        for file in ["Secret,wallet\n", "wallet\nSecret\n"] {
            let error = read(file.as_bytes(), allow).unwrap_err()[0].to_string();
            assert!(!error.contains("Secret"), "{error}");
        }
    }
}
