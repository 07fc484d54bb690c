//! Reading a CSV file whose columns are known: nothing is skipped silently, and each thing that is wrong is told with its line.

use csv::{ByteRecord, ReaderBuilder, Trim};
use thiserror::Error;

/// Bytes of the largest file, and of the longest field: more is not a list of learners, but a mistake.
const LARGEST_FILE: usize = 64 << 20;
const LONGEST_FIELD: usize = 1 << 10;
/// How much of a wrong field a message shows.
const SHOWN: usize = 60;

/// One thing that is wrong with a file.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("line {line}: {what}")]
pub struct RowError {
    /// Line of the file, from 1.
    pub line: u64,
    /// What is wrong.
    pub what: String,
}

/// The fields of one row.
pub(crate) struct Fields<'a> {
    columns: &'a [Option<usize>],
    names: &'a [&'static str],
    record: &'a ByteRecord,
}

impl<'a> Fields<'a> {
    /// The text in a column; none: the file has no such column, or nothing stands in it.
    pub(crate) fn get(&self, name: &str) -> Result<Option<&'a str>, String> {
        let column = self.names.iter().position(|known| *known == name).and_then(|at| *self.columns.get(at)?);
        let Some(field) = column.and_then(|column| self.record.get(column)).filter(|field| !field.is_empty()) else {
            return Ok(None);
        };
        if field.len() > LONGEST_FIELD {
            return Err(format!(
                "the {name} is {} bytes long, more than {LONGEST_FIELD}: is a quotation mark open?",
                field.len()
            ));
        }
        let text =
            std::str::from_utf8(field).map_err(|_| format!("the {name} is not UTF-8: save the file as CSV UTF-8"))?;
        Ok(Some(text))
    }
}

/// Reads all rows of a file whose first line names some of the columns `names`. The parser is given each row's line.
///
/// # Errors
/// Everything that is wrong, in the order of lines.
pub(crate) fn read<T>(
    bytes: &[u8],
    names: &[&'static str],
    parse: impl FnMut(u64, &Fields<'_>) -> Result<T, String>,
) -> Result<Vec<T>, Vec<RowError>> {
    read_unless(bytes, names, |_, _| None, parse)
}

/// As [`read`], where it can be told otherwise what is wrong with a column (by position, from 1, and name) that is none of `names`.
///
/// # Errors
/// As [`read`].
pub(crate) fn read_unless<T>(
    bytes: &[u8],
    names: &[&'static str],
    refused: impl Fn(usize, &str) -> Option<String>,
    mut parse: impl FnMut(u64, &Fields<'_>) -> Result<T, String>,
) -> Result<Vec<T>, Vec<RowError>> {
    let of_file = |what: String| vec![RowError { line: 1, what }];
    if bytes.len() > LARGEST_FILE {
        return Err(of_file(format!("the file has {} bytes, more than {LARGEST_FILE}: split it", bytes.len())));
    }
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err(of_file("the file is UTF-16: save it as CSV UTF-8".into()));
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut reader = ReaderBuilder::new().flexible(true).trim(Trim::All).from_reader(bytes);
    let header = match reader.byte_headers() {
        Ok(header) if header.is_empty() => {
            return Err(of_file(format!("the file is empty: its first line names the columns ({})", names.join(", "))));
        }
        Ok(header) => header.clone(),
        Err(error) => return Err(of_file(error.to_string())),
    };
    let columns =
        columns(&header, names, refused).map_err(|what| what.into_iter().flat_map(of_file).collect::<Vec<_>>())?;

    let (mut rows, mut errors) = (Vec::new(), Vec::new());
    let mut record = ByteRecord::new();
    loop {
        match reader.read_byte_record(&mut record) {
            Ok(true) => {}
            Ok(false) => break,
            Err(error) => {
                let line = error.position().map_or(0, csv::Position::line);
                errors.push(RowError { line, what: error.to_string() });
                break;
            }
        }
        let line = first_line(bytes, &record);
        let row = if record.len() == header.len() {
            parse(line, &Fields { columns: &columns, names, record: &record })
        } else {
            Err(format!("{} fields, but the first line names {} columns", record.len(), header.len()))
        };
        match row {
            Ok(row) => rows.push(row),
            Err(what) => errors.push(RowError { line, what }),
        }
    }
    if rows.is_empty() && errors.is_empty() {
        return Err(vec![RowError { line: 2, what: "no row follows the line that names the columns".into() }]);
    }
    if errors.is_empty() { Ok(rows) } else { Err(errors) }
}

/// Where each known column stands. A name that is not known is refused: a typing error must not lose data.
fn columns(
    header: &ByteRecord,
    names: &[&'static str],
    refused: impl Fn(usize, &str) -> Option<String>,
) -> Result<Vec<Option<usize>>, Vec<String>> {
    let mut columns = vec![None; names.len()];
    let mut wrong = Vec::new();
    for (position, name) in header.iter().enumerate() {
        let name = String::from_utf8_lossy(name);
        match names.iter().position(|known| *known == name).and_then(|at| columns.get_mut(at)) {
            Some(Some(_)) => wrong.push(format!("the column {name:?} occurs twice")),
            Some(place) => *place = Some(position),
            None if let Some(what) = refused(position.saturating_add(1), &name) => wrong.push(what),
            None if name.contains(';') || name.contains('\t') => {
                wrong.push(format!("{} is one column: separate columns by commas", shown(&name)));
            }
            None => wrong.push(format!("there is no column {}: the columns are {}", shown(&name), names.join(", "))),
        }
    }
    if wrong.is_empty() { Ok(columns) } else { Err(wrong) }
}

/// The line in which a record begins: the reader counts empty lines before it as its own.
fn first_line(bytes: &[u8], record: &ByteRecord) -> u64 {
    let Some(position) = record.position() else { return 0 };
    let from = usize::try_from(position.byte()).unwrap_or(usize::MAX);
    let before = bytes.get(from..).unwrap_or_default();
    let empty = before.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).filter(|byte| **byte == b'\n').count();
    position.line().saturating_add(u64::try_from(empty).unwrap_or(0))
}

/// A field as a message shows it: quoted, and not longer than a line.
pub(crate) fn shown(field: &str) -> String {
    let mut text: String = field.chars().take(SHOWN).collect();
    if text.len() < field.len() {
        text.push('…');
    }
    format!("{text:?}")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads files with the columns `a` and `b`; the rows are what stands there, and their lines.
    fn rows(file: &[u8]) -> Result<Vec<(u64, String, String)>, Vec<RowError>> {
        read(file, &["a", "b"], |line, fields| {
            Ok((line, fields.get("a")?.unwrap_or("-").into(), fields.get("b")?.unwrap_or("-").into()))
        })
    }

    fn row(line: u64, a: &str, b: &str) -> (u64, String, String) {
        (line, a.into(), b.into())
    }

    fn wrong(file: &[u8]) -> Vec<String> {
        rows(file).unwrap_err().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn the_forms_that_programs_write_are_read() {
        let plain = [row(2, "1", "x"), row(3, "2", "-")];
        for file in ["a,b\n1,x\n2,\n", "a,b\r\n1,x\r\n2,", "\u{feff}a,b\n1,x\n2,\n", " a , b \n 1 , x \n2, \n"] {
            assert_eq!(rows(file.as_bytes()).unwrap(), plain, "{file:?}");
        }
        assert_eq!(rows(b"b,a\nx,1\n").unwrap(), [row(2, "1", "x")]);
        assert_eq!(rows(b"a\n1\n").unwrap(), [row(2, "1", "-")]);
        let quoted = "a,b\n\"1\",\"x, \"\"y\"\"\n z\"\n2,w\n";
        assert_eq!(rows(quoted.as_bytes()).unwrap(), [row(2, "1", "x, \"y\"\n z"), row(4, "2", "w")]);
    }

    #[test]
    fn lines_are_those_that_an_editor_shows() {
        assert_eq!(rows(b"a,b\n\n\n1,x\n\r\n2,y\n").unwrap(), [row(4, "1", "x"), row(6, "2", "y")]);
        assert_eq!(rows("\u{feff}a,b\r\n\r\n1,x\r\n".as_bytes()).unwrap(), [row(3, "1", "x")]);
    }

    #[test]
    fn what_is_no_such_table_is_told_apart() {
        assert!(wrong(b"")[0].contains("the file is empty"));
        assert!(wrong(b"\n\n")[0].contains("the file is empty"));
        assert!(wrong(b"a,b\n")[0].contains("line 2: no row"));
        assert!(wrong(b"a,c\n1,2\n")[0].contains("no column \"c\": the columns are a, b"));
        assert!(wrong(b"a,A\n1,2\n")[0].contains("\"A\""));
        assert!(wrong(b"a,\n1,2\n")[0].contains("no column \"\""));
        assert!(wrong(b"a,b,a\n1,2,3\n")[0].contains("\"a\" occurs twice"));
        assert!(wrong(b"a;b\n1;2\n")[0].contains("by commas"));
        assert!(wrong(b"\xff\xfea\0,\0b\0")[0].contains("UTF-16"));
        assert_eq!(
            wrong(b"a,b\n1\n2,3\n1,2,3\n"),
            [
                "line 2: 1 fields, but the first line names 2 columns",
                "line 4: 3 fields, but the first line names 2 columns"
            ]
        );
        assert!(wrong(b"a,b\n1,\xe9\n")[0].contains("line 2: the b is not UTF-8"));
    }

    #[test]
    fn what_is_too_large_is_refused() {
        let open = format!("a,b\n1,\"{}", "x,y\n".repeat(10_000));
        assert!(wrong(open.as_bytes())[0].contains("is a quotation mark open?"));
        assert!(wrong(&vec![b'a'; LARGEST_FILE + 1])[0].contains("split it"));
        assert_eq!(shown(&"é".repeat(100)).chars().count(), SHOWN + 3);
    }
}
