//! Files that name many credentials.

use std::{
    fs::File,
    io::{self, Read},
    path::Path,
};

use microcred_client::{
    Address,
    learners::RowError,
    verdict::{Document, Expected},
    verification::{Locator, Query},
};

use crate::full::{
    error::CliError,
    values::{AchievementRef, parse_address, parse_digest},
};

/// One credential of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Item {
    /// Line of the file, from 1.
    pub(super) line: u64,
    /// What is asked.
    pub(super) query: Query,
}

/// Reads a file, or the standard input where it is called `-`.
pub(super) fn read(path: &Path) -> Result<Vec<Item>, CliError> {
    let file_error = |error| CliError::File { path: path.to_owned(), error };
    let mut text = String::new();
    if path == Path::new("-") {
        io::stdin().read_to_string(&mut text).map_err(file_error)?;
    } else {
        File::open(path).and_then(|mut file| file.read_to_string(&mut text)).map_err(file_error)?;
    }
    let items = parse(&text).map_err(|errors| CliError::Rows { path: path.to_owned(), errors, hint: "" })?;
    if items.is_empty() {
        return Err(CliError::Usage(format!("{}: it names no credential: add a line for each", path.display())));
    }
    Ok(items)
}

/// Every line that is wrong is told.
fn parse(text: &str) -> Result<Vec<Item>, Vec<RowError>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let rows = if has_header(text) { table(text) } else { addresses(text) };
    let (mut items, mut errors) = (Vec::new(), Vec::new());
    for row in rows {
        match row {
            Ok(item) => items.push(item),
            Err(error) => errors.push(error),
        }
    }
    if errors.is_empty() { Ok(items) } else { Err(errors) }
}

/// Whether the first line that says something names columns.
fn has_header(text: &str) -> bool {
    let first = text.lines().map(str::trim).find(|line| says_something(line)).unwrap_or_default();
    first.split(',').any(|cell| COLUMNS.contains(&cell.trim().trim_matches('"').to_lowercase().as_str()))
}

fn says_something(line: &str) -> bool {
    !line.is_empty() && !line.starts_with('#')
}

/// An address a line.
fn addresses(text: &str) -> Vec<Result<Item, RowError>> {
    let lines = (1..).zip(text.lines().map(str::trim)).filter(|(_, line)| says_something(line));
    lines
        .map(|(line, text)| match parse_address(text) {
            Ok(address) => Ok(Item { line, query: Query::at(address) }),
            Err(what) => Err(RowError { line, what }),
        })
        .collect()
}

/// The columns that there are, in whatever letters. Another one is refused: what was to be expected must not get lost by a typing error.
const COLUMNS: [&str; 4] = ["credential", "achievement", "subject", "digest"];
/// And these are for people's eyes.
const NOTES: [&str; 2] = ["learner", "name"];

/// Rows of a CSV file: the credential, or achievement and subject. Beside a credential the other two are what is expected of it.
fn table(text: &str) -> Vec<Result<Item, RowError>> {
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).comment(Some(b'#')).from_reader(text.as_bytes());
    let headers = match reader.headers() {
        Ok(headers) => headers.iter().map(str::to_lowercase).collect::<Vec<_>>(),
        Err(error) => return vec![Err(RowError { line: 1, what: error.to_string() })],
    };
    if let Some(unknown) = headers.iter().find(|header| !COLUMNS.iter().chain(&NOTES).any(|known| known == header)) {
        let what = format!(
            "there is no column \"{unknown}\": the columns are {}; and for notes {}",
            COLUMNS.join(", "),
            NOTES.join(", ")
        );
        return vec![Err(RowError { line: 1, what })];
    }
    let records = reader.records().map(|record| match record {
        Ok(record) => {
            let line = record.position().map_or(0, |position| first_line(text, position));
            let named = headers.iter().zip(record.iter()).filter(|(_, cell)| !cell.is_empty());
            let cell = |name| named.clone().find(|(header, _)| *header == name).map(|(_, cell)| cell);
            row(cell).map(|query| Item { line, query }).map_err(|what| RowError { line, what })
        }
        Err(error) => {
            let line = error.position().map_or(0, |position| first_line(text, position));
            Err(RowError { line, what: error.to_string() })
        }
    });
    records.collect()
}

/// The line in which a record begins: the reader counts what it passes over before it as the record's own.
fn first_line(text: &str, position: &csv::Position) -> u64 {
    let from = usize::try_from(position.byte()).ok().and_then(|byte| text.get(byte..)).unwrap_or_default();
    let passed = from.lines().take_while(|line| !says_something(line)).count();
    position.line().saturating_add(u64::try_from(passed).unwrap_or_default())
}

fn row<'a>(cell: impl Fn(&'static str) -> Option<&'a str>) -> Result<Query, String> {
    let credential = cell("credential").map(parse_address).transpose()?;
    let achievement = cell("achievement").map(str::parse::<AchievementRef>).transpose()?;
    let subject = cell("subject").map(parse_address).transpose()?;
    let digest = cell("digest").map(parse_digest).transpose()?;
    query(credential, achievement, subject, digest)
        .ok_or_else(|| "it names neither a credential, nor an achievement and a subject".into())
}

/// Asks of a credential by its address, or by achievement and subject; none: neither is there.
pub(super) fn query(
    credential: Option<Address>,
    achievement: Option<AchievementRef>,
    subject: Option<Address>,
    digest: Option<[u8; 32]>,
) -> Option<Query> {
    let locator = match (credential, achievement, subject) {
        (Some(address), ..) => Locator::Address(address),
        (None, Some(achievement), Some(subject)) => Locator::Latest { achievement: achievement.address, subject },
        (None, ..) => return None,
    };
    Some(Query {
        credential: locator,
        expected: Expected {
            issuer: achievement.and_then(|achievement| achievement.issuer),
            achievement: achievement.map(|achievement| achievement.address),
            subject,
        },
        document: digest.map(|digest| Document { digest, signed_by_issuer: false }),
        signed: None,
        registries: Vec::new(),
        local_time: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: &str = "DinFHnMqoB2irQKHyM83CiLf1Sq5a1JMUgmk7oUouN68";
    const B: &str = "Bjuoxf5AbqJCE1rFfGrVv7AfGhyiBHNQjoMFJuYMGF8A";

    fn lines(items: &[Item]) -> Vec<u64> {
        items.iter().map(|item| item.line).collect()
    }

    #[test]
    fn addresses_stand_one_a_line() {
        let items = parse(&format!("\u{feff}# the class of 2026\r\n{A}\r\n\r\n  {B} \n")).unwrap();
        assert_eq!(lines(&items), [2, 4]);
        assert_eq!(items[0].query, Query::at(A.parse().unwrap()));
        let errors = parse(&format!("{A}\nnonsense\n{B}\n{A},{B}\n")).unwrap_err();
        assert_eq!(errors.iter().map(|error| error.line).collect::<Vec<_>>(), [2, 4]);
    }

    #[test]
    fn tables_name_credentials_or_achievement_and_subject() {
        let (a, b): (Address, Address) = (A.parse().unwrap(), B.parse().unwrap());
        let items =
            parse(&format!("learner,subject,achievement\nAmara,{A},{B}\n\n# and\nBilal,{B},{A}/rust\n")).unwrap();
        assert_eq!(lines(&items), [2, 5]);
        assert_eq!(items[0].query.credential, Locator::Latest { achievement: b, subject: a });
        assert_eq!(items[1].query.expected.issuer, Some(a));

        let digest = "0f".repeat(32);
        let items = parse(&format!("credential,subject,digest\n{A},{B},{digest}\n{B},,\n")).unwrap();
        assert_eq!(items[0].query.credential, Locator::Address(a));
        assert_eq!(items[0].query.expected, Expected { subject: Some(b), ..Expected::default() });
        assert_eq!(items[0].query.document, Some(Document { digest: [15; 32], signed_by_issuer: false }));
        assert_eq!(items[1].query, Query::at(b));
    }

    #[test]
    fn every_wrong_row_is_told() {
        let errors = parse(&format!("achievement,subject\n{A},\nx,{A}\n{A},{B},{A}\n{A},{B}\n")).unwrap_err();
        assert_eq!(errors.iter().map(|error| error.line).collect::<Vec<_>>(), [2, 3, 4]);
    }

    #[test]
    fn a_column_that_nobody_knows_is_refused() {
        for header in ["credential,subjects", "credential,subject,Digests"] {
            let errors = parse(&format!("{header}\n{A},{B},\n")).unwrap_err();
            assert!(errors[0].what.contains("there is no column"), "{errors:?}");
        }
        let items = parse(&format!("Credential,SUBJECT,Name\n{A},{B},Amara\n")).unwrap();
        assert_eq!(items[0].query.expected.subject, Some(B.parse().unwrap()));
    }
}
