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
}

/// What a document that is made in the place of another says otherwise of its learner. It prints no personal data either.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Corrections {
    /// What it says anew.
    pub said: Personal,
    /// What it does not say any more, unless that is said anew.
    pub left_out: Vec<Particular>,
}

/// One of the things that [`Personal`] holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Particular {
    /// The name.
    Name,
    /// The e-mail address.
    Email,
    /// The number at the issuer.
    StudentNumber,
    /// The result of the assessment.
    Grade,
}

impl Corrections {
    /// Whether nothing is corrected.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.said.is_empty() && self.left_out.is_empty()
    }

    /// What a document says after them.
    #[must_use]
    pub fn of(self, before: Personal) -> Personal {
        let Self { said, left_out } = self;
        let kept = |which, text: Option<String>| text.filter(|_| !left_out.contains(&which));
        Personal {
            name: said.name.or(kept(Particular::Name, before.name)),
            email: said.email.or(kept(Particular::Email, before.email)),
            student_number: said.student_number.or(kept(Particular::StudentNumber, before.student_number)),
            grade: said.grade.or(kept(Particular::Grade, before.grade)),
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
    fn corrections_replace_and_leave_out_and_keep_the_rest() {
        let of = |text: &str| Some(text.to_owned());
        let before = Personal { name: of("a"), email: of("a@b"), student_number: of("1"), grade: of("B") };
        assert!(Corrections::default().is_empty());
        assert_eq!(Corrections::default().of(before.clone()), before);
        let said = Personal { grade: of("A"), ..Personal::default() };
        let left_out = vec![Particular::Email, Particular::StudentNumber];
        let corrections = Corrections { said, left_out };
        assert!(!corrections.is_empty());
        let after = Personal { name: of("a"), grade: of("A"), ..Personal::default() };
        assert_eq!(corrections.of(before.clone()), after);
        let corrections = Corrections { left_out: vec![Particular::Name, Particular::Grade], ..Corrections::default() };
        assert!(!corrections.is_empty());
        assert_eq!(
            corrections.of(before),
            Personal { email: of("a@b"), student_number: of("1"), ..Personal::default() }
        );
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
