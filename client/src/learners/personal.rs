//! What is known of a learner as a person: it goes into the learner's document, and nowhere else.

use std::fmt;

use microcred::state::write_text;

/// Bytes of each at most.
const NAME: usize = 200;
const EMAIL: usize = 254;
const STUDENT_NUMBER: usize = 64;
const GRADE: usize = 100;

/// Personal data of a learner. It is never printed, also not by [`fmt::Debug`].
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Personal {
    /// Name, at most 200 bytes.
    pub name: Option<String>,
    /// E-mail address, at most 254 bytes.
    pub email: Option<String>,
    /// Number at the issuer, at most 64 bytes.
    pub student_number: Option<String>,
    /// Result of the assessment, at most 100 bytes.
    pub grade: Option<String>,
}

impl Personal {
    /// Whether nothing is known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Requires texts that a reader is not misled by.
    ///
    /// # Errors
    /// What is wrong, without the text itself: messages end up in logs.
    pub fn check(&self) -> Result<(), String> {
        check("name", &self.name, NAME)?;
        check("email", &self.email, EMAIL)?;
        check("student_number", &self.student_number, STUDENT_NUMBER)?;
        check("grade", &self.grade, GRADE)?;
        match &self.email {
            Some(email) if !is_address(email) => {
                Err("the email is no e-mail address: one @, with something before it and a domain after it".into())
            }
            _ => Ok(()),
        }
    }

    /// These, and where something is not said, what the others say.
    #[must_use]
    pub fn or(self, others: Self) -> Self {
        Self {
            name: self.name.or(others.name),
            email: self.email.or(others.email),
            student_number: self.student_number.or(others.student_number),
            grade: self.grade.or(others.grade),
        }
    }
}

impl fmt::Debug for Personal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Personal")
    }
}

fn check(what: &str, text: &Option<String>, limit: usize) -> Result<(), String> {
    let Some(text) = text else { return Ok(()) };
    if text.trim().is_empty() {
        return Err(format!("the {what} is empty: leave it out"));
    }
    if text.len() > limit {
        return Err(format!("the {what} is {} bytes long, more than {limit}: shorten it", text.len()));
    }
    // The same characters that the program keeps out of its accounts.
    let misleads = |c: char| write_text(&mut [0; 4], c.encode_utf8(&mut [0; 4])).is_err();
    match text.chars().position(misleads) {
        None => Ok(()),
        Some(position) => Err(format!(
            "character {} of the {what} would mislead a reader: remove it (control characters, and those that hide or reorder text, are \
             refused)",
            position.saturating_add(1)
        )),
    }
}

/// Whether it looks like an address that a mail can be sent to.
fn is_address(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@') else { return false };
    let is_plain =
        |part: &str| !part.is_empty() && !part.contains(|c: char| c.is_whitespace() || "@<>,;\"".contains(c));
    is_plain(local) && is_plain(domain) && !domain.starts_with('.') && !domain.ends_with('.')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(name: &str) -> Personal {
        Personal { name: Some(name.into()), ..Personal::default() }
    }

    #[test]
    fn texts_that_mislead_or_are_too_long_are_refused_without_being_repeated() {
        named("Zoë Åkerström-O'Neill 김").check().unwrap();
        named(&"n".repeat(NAME)).check().unwrap();
        for (name, says) in [
            ("secret\u{202e}".to_owned(), "character 7 of the name"),
            ("secret\u{200b}x".into(), "character 7 of the name"),
            ("secret\nx".into(), "character 7 of the name"),
            ("n".repeat(NAME + 1), "201 bytes"),
            (" ".into(), "empty"),
        ] {
            let error = named(&name).check().unwrap_err();
            assert!(error.contains(says) && !error.contains("secret"), "{error}");
        }
        assert!(!format!("{:?}", named("secret")).contains("secret"));
    }

    #[test]
    fn an_email_looks_like_one() {
        let email = |text: &str| Personal { email: Some(text.into()), ..Personal::default() }.check();
        for right in ["a@b", "amara.okafor+uni@mail.example", "ö@ü.example"] {
            email(right).unwrap();
        }
        for wrong in ["amara", "@b", "a@", "a@b@c", "a b@c", "Amara <a@b>", "a@.b", "a@b.", "a@b,c@d"] {
            assert!(email(wrong).unwrap_err().contains("e-mail address"), "{wrong}");
        }
    }
}
