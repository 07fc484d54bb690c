//! What is wrong with a definition, all of it, each with its place.

use std::collections::BTreeSet;

use microcred::{
    error::MicrocredError,
    state::{AchievementKind, write_name, write_text},
};
use solana_address::Address;

use super::{Definition, Element, Facts, Target, canonical, object::EQF_LEVELS};
use crate::declaration::{Problem, explain};

/// Most outcomes, alignments and tags there can be, of each.
const MOST: usize = 40;
/// Bytes of the criteria at most.
const MAX_CRITERIA: usize = 8_000;
/// Bytes of the canonical object at most, title and URI aside: it stands in every document, and readers of those have their limits.
const MAX_OBJECT: usize = 128 * 1024;
/// Bytes of the narrative at most: the criteria and the lines that become part of it, as readers of documents take it.
pub(crate) const MAX_NARRATIVE: usize = 10_000;
/// Bytes of a URL at most.
const MAX_URL: usize = 300;

/// What Open Badges 3.0 calls the entries of frameworks, beside `ext:` and a word of one's own.
pub(crate) const TARGET_TYPES: [&str; 7] = [
    "ceasn:Competency",
    "ceterms:Credential",
    "CFItem",
    "CFRubric",
    "CFRubricCriterion",
    "CFRubricCriterionLevel",
    "CTDL",
];

impl Definition {
    /// Everything that is wrong, with places that begin with `place`; empty: nothing is.
    #[must_use]
    pub fn problems(&self, place: &str) -> Vec<Problem> {
        let mut checks = Checks { place, problems: Vec::new() };
        checks.text::<2000>("description", Some(&self.description));
        checks.criteria(self);
        checks.targets(self);
        if self.hours == Some(0) {
            checks.add("hours", "is 0: write how many hours it takes, or leave it out");
        }
        for (element, text) in self.fixed_texts() {
            checks.text::<1000>(element.field(), text);
        }
        checks.tags(&self.tags);
        if self.language.as_deref().is_some_and(|tag| !is_language(tag)) {
            checks
                .add("language", "is no language tag: write one such as \"en\", \"pt-PT\" or \"zh-Hant-TW\" (BCP 47)");
        }
        checks.text::<128>("field_of_study", self.field_of_study.as_deref());
        checks.text::<128>("specialization", self.specialization.as_deref());
        checks.url("image", self.image.as_deref());
        checks.text::<256>("image_caption", self.image_caption.as_deref());
        if self.image_caption.is_some() && self.image.is_none() {
            checks.add("image_caption", "goes with an image: add `image`, or leave it out");
        }
        checks.text::<64>("human_code", self.human_code.as_deref());
        checks.text::<64>("version", self.version.as_deref());
        checks.whole(self);
        checks.problems
    }
}

struct Checks<'a> {
    place: &'a str,
    problems: Vec<Problem>,
}

impl Checks<'_> {
    fn add(&mut self, field: &str, what: impl Into<String>) {
        self.problems.push(Problem { place: format!("{}.{field}", self.place), what: what.into() });
    }

    /// A text of at most N bytes that is not empty, by the program's own rule.
    fn text<const N: usize>(&mut self, field: &str, text: Option<&str>) {
        let Some(text) = text else { return };
        if let Err(error) = write_name(&mut [0; N], text) {
            self.add(field, explain(error, text, N));
        } else if text.trim() != text {
            self.add(field, "begins or ends with a space: remove it");
        }
    }

    /// Each text may be as long as there is, but not all of them.
    fn whole(&mut self, definition: &Definition) {
        let least = Facts {
            address: Address::default(),
            title: "",
            kind: AchievementKind::Badge,
            uri: "",
            eqf_level: 0,
            workload: 0,
        };
        let narrative = definition.narrative().map_or(0, |narrative| narrative.len());
        if narrative > MAX_NARRATIVE {
            let what = format!(
                "has {narrative} bytes of criteria, outcomes and other texts that stand together in documents, and at most {MAX_NARRATIVE} \
                 fit there: shorten them"
            );
            self.problems.push(Problem { place: self.place.into(), what });
        }
        if definition.image.is_some() && definition.image == definition.criteria_url {
            self.add("image", "is the URL of the criteria too, and documents give each thing its own: name another");
        }
        let size = canonical(&definition.object(&least)).len();
        if size > MAX_OBJECT {
            let what = format!("has {size} bytes in all, but at most {MAX_OBJECT} fit into documents: shorten it");
            self.problems.push(Problem { place: self.place.into(), what });
        }
    }

    fn criteria(&mut self, definition: &Definition) {
        self.url("criteria_url", definition.criteria_url.as_deref());
        let Some(criteria) = &definition.criteria else {
            if definition.criteria_url.is_none() {
                self.add(
                    "criteria",
                    "is missing: write what must be done to earn it, or where that is said (`criteria_url`)",
                );
            }
            return;
        };
        if criteria.trim().is_empty() {
            self.add("criteria", explain(MicrocredError::EmptyText, criteria, MAX_CRITERIA));
        } else if criteria.len() > MAX_CRITERIA {
            self.add("criteria", explain(MicrocredError::TextTooLong, criteria, MAX_CRITERIA));
        }
        for (number, line) in criteria.trim().lines().enumerate() {
            let number = number.saturating_add(1);
            if write_text(&mut [0; MAX_CRITERIA], line) == Err(MicrocredError::BadText) {
                let what = explain(MicrocredError::BadText, line, MAX_CRITERIA);
                self.add("criteria", format!("in line {number} {what}"));
            }
            if let Some((element, _)) = Element::of_line(line) {
                let (label, field) = (element.label(), element.field());
                self.add(
                    "criteria",
                    format!("has a line {number} that begins with \"{label}: \": write that into `{field}`"),
                );
            }
        }
    }

    fn targets(&mut self, definition: &Definition) {
        let (mut names, mut urls) = (BTreeSet::new(), BTreeSet::new());
        for (list, targets) in [("outcomes", &definition.outcomes), ("alignments", &definition.alignments)] {
            self.count(list, targets.len());
            for (index, target) in targets.iter().enumerate() {
                let field = format!("{list}[{index}]");
                self.target(&field, target);
                if list == Element::Outcome.field() && !names.insert(&target.name) {
                    self.add(&format!("{field}.name"), "occurs before: write each outcome once");
                }
                if list != Element::Outcome.field() && target.url.is_none() {
                    self.add(&format!("{field}.url"), "is missing: write where the entry is described");
                }
                if let Some(url) = &target.url
                    && !urls.insert(url)
                {
                    self.add(&format!("{field}.url"), "occurs before: write each entry of a framework once");
                }
            }
        }
    }

    fn target(&mut self, field: &str, target: &Target) {
        self.text::<256>(&format!("{field}.name"), Some(&target.name));
        self.url(&format!("{field}.url"), target.url.as_deref());
        self.text::<128>(&format!("{field}.framework"), target.framework.as_deref());
        self.text::<128>(&format!("{field}.code"), target.code.as_deref());
        self.text::<500>(&format!("{field}.description"), target.description.as_deref());
        if target.target_type.as_deref().is_some_and(|word| !is_target_type(word)) {
            let what = format!(
                "is no type of Open Badges: write one of {}, or a word of the framework's after \"ext:\", such as \"ext:ESCOSkill\"",
                TARGET_TYPES.join(", ")
            );
            self.add(&format!("{field}.type"), what);
        }
        if target.url.is_none()
            && [&target.framework, &target.code, &target.target_type].into_iter().any(Option::is_some)
        {
            self.add(field, "has a framework, code or type, but no URL to find the entry by: add `url`");
        }
        if target.url.as_deref().is_some_and(|url| url.starts_with(EQF_LEVELS)) {
            self.add(
                &format!("{field}.url"),
                "is a level, which is written as the achievement's `eqf_level`: leave it out here",
            );
        }
    }

    fn tags(&mut self, tags: &[String]) {
        self.count("tags", tags.len());
        let mut before = BTreeSet::new();
        for (index, tag) in tags.iter().enumerate() {
            let field = format!("tags[{index}]");
            self.text::<64>(&field, Some(tag));
            if !before.insert(tag) {
                self.add(&field, "occurs before: write each tag once");
            }
        }
    }

    fn count(&mut self, list: &str, count: usize) {
        if count > MOST {
            self.add(list, format!("are {count}, but at most {MOST} fit: leave out the least important"));
        }
    }

    fn url(&mut self, field: &str, url: Option<&str>) {
        if let Some(what) = url.and_then(wrong_url) {
            self.add(field, what);
        }
    }
}

/// What is wrong with a URL, and what to do; none: nothing. Stricter than browsers: processors of JSON-LD drop what is no IRI, or differ
/// about it, and so about the signature.
pub(crate) fn wrong_url(url: &str) -> Option<String> {
    if url.len() > MAX_URL {
        return Some(explain(MicrocredError::TextTooLong, url, MAX_URL));
    }
    let Some(rest) = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://")) else {
        return Some("is no absolute URL: write it whole, beginning with \"https://\"".into());
    };
    if let Some(wrong) = url.chars().find(|c| !c.is_ascii_alphanumeric() && !"-._~:/?#!$&'()*+,;=@%".contains(*c)) {
        return Some(format!("has {wrong:?} in it, which URLs have not: write it with % and its hexadecimal digits"));
    }
    let host_end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, after) = rest.split_at(host_end);
    let (host, port) = authority.split_once(':').unwrap_or((authority, "0"));
    let is_host = !host.is_empty() && host.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.'));
    if !is_host || port.is_empty() || !port.bytes().all(|b| b.is_ascii_digit()) {
        return Some("names no host after \"://\": write one such as \"university.example\"".into());
    }
    let escapes = after.split('%').skip(1);
    let is_escape = |rest: &str| rest.len() >= 2 && rest.bytes().take(2).all(|b| b.is_ascii_hexdigit());
    if !escapes.into_iter().all(is_escape) || after.matches('#').count() > 1 {
        return Some("has a % without two hexadecimal digits, or a second #: write %25 or %23 for it".into());
    }
    None
}

/// Language, script and region as the schema of Open Badges 3.0 takes them.
fn is_language(tag: &str) -> bool {
    let mut parts = tag.split('-').peekable();
    let is = |part: &str, lengths: std::ops::RangeInclusive<usize>, each: fn(&u8) -> bool| {
        lengths.contains(&part.len()) && part.as_bytes().iter().all(each)
    };
    if !parts.next().is_some_and(|language| is(language, 2..=4, u8::is_ascii_lowercase)) {
        return false;
    }
    let is_script = |part: &&str| {
        let (first, rest) = part.split_at_checked(1).unwrap_or_default();
        is(first, 1..=1, u8::is_ascii_uppercase) && is(rest, 3..=3, u8::is_ascii_lowercase)
    };
    parts.next_if(is_script);
    parts.next_if(|part| is(part, 2..=2, u8::is_ascii_uppercase) || is(part, 3..=3, u8::is_ascii_digit));
    parts.next().is_none()
}

/// How long a word of a framework's own is at most, after its `ext:`.
const MAX_EXTENSION: usize = 64;

fn is_target_type(word: &str) -> bool {
    TARGET_TYPES.contains(&word) || (is_extension(word) && word.len() <= "ext:".len().saturating_add(MAX_EXTENSION))
}

/// Whether a word is an extension of those of Open Badges: what the pattern of its schema means, anchored.
pub(crate) fn is_extension(text: &str) -> bool {
    text.strip_prefix("ext:").is_some_and(|name| {
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_');
        name.starts_with(plain) && name.chars().all(|c| plain(c) || c == '-')
    })
}
