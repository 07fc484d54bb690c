//! The fixed lines of `criteria.narrative`, for what Open Badges has no field for.

use super::{Definition, Target};

/// What a line of the narrative is about, in the order of the lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Element {
    /// What a learner knows, understands and is able to do; one line each.
    Outcome,
    /// Notional workload in hours.
    Workload,
    /// Type of assessment.
    Assessment,
    /// Form of participation in the learning activity.
    Participation,
    /// Type of quality assurance.
    QualityAssurance,
    /// What is needed to enrol.
    Prerequisites,
    /// Supervision and identity verification during assessment.
    Supervision,
    /// Whether it stands alone, or counts towards another credential.
    Stackability,
    /// Anything else.
    FurtherInformation,
}

impl Element {
    /// All of them, in the order of the lines.
    pub const ALL: [Self; 9] = [
        Self::Outcome,
        Self::Workload,
        Self::Assessment,
        Self::Participation,
        Self::QualityAssurance,
        Self::Prerequisites,
        Self::Supervision,
        Self::Stackability,
        Self::FurtherInformation,
    ];

    /// What its lines begin with, before a colon and a space.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Outcome => "Learning outcome",
            Self::Workload => "Workload",
            Self::Assessment => "Assessment",
            Self::Participation => "Participation",
            Self::QualityAssurance => "Quality assurance",
            Self::Prerequisites => "Prerequisites",
            Self::Supervision => "Supervision and identity verification",
            Self::Stackability => "Integration and stackability",
            Self::FurtherInformation => "Further information",
        }
    }

    /// The field of the declaration that becomes its lines.
    #[must_use]
    pub const fn field(self) -> &'static str {
        match self {
            Self::Outcome => "outcomes",
            Self::Workload => "hours",
            Self::Assessment => "assessment",
            Self::Participation => "participation",
            Self::QualityAssurance => "quality_assurance",
            Self::Prerequisites => "prerequisites",
            Self::Supervision => "supervision",
            Self::Stackability => "stackability",
            Self::FurtherInformation => "further_information",
        }
    }

    /// What a line says of an element; none: it is no such line.
    pub(super) fn of_line(line: &str) -> Option<(Self, &str)> {
        Self::ALL.into_iter().find_map(|element| {
            let rest = line.strip_prefix(element.label())?.strip_prefix(": ")?;
            Some((element, rest))
        })
    }
}

/// The fixed lines of a narrative, in its order. What stands between them is the criteria themselves.
pub fn elements(narrative: &str) -> impl Iterator<Item = (Element, &str)> {
    narrative.lines().filter_map(Element::of_line)
}

impl Definition {
    /// The texts that become lines of their own, by element.
    pub(super) fn fixed_texts(&self) -> [(Element, Option<&str>); 7] {
        [
            (Element::Assessment, self.assessment.as_deref()),
            (Element::Participation, self.participation.as_deref()),
            (Element::QualityAssurance, self.quality_assurance.as_deref()),
            (Element::Prerequisites, self.prerequisites.as_deref()),
            (Element::Supervision, self.supervision.as_deref()),
            (Element::Stackability, self.stackability.as_deref()),
            (Element::FurtherInformation, self.further_information.as_deref()),
        ]
    }

    /// The criteria, and then the fixed lines: each a paragraph of Markdown. None: there is nothing to tell.
    pub(super) fn narrative(&self) -> Option<String> {
        let criteria = self.criteria.as_deref().map(lines_joined);
        let outcomes = self.outcomes.iter().map(|outcome| (Element::Outcome, told(outcome)));
        let hours = self
            .hours
            .map(|hours| (Element::Workload, format!("{hours} {}", if hours == 1 { "hour" } else { "hours" })));
        let texts = self.fixed_texts().into_iter().filter_map(|(element, text)| Some((element, text?.to_owned())));
        let lines = outcomes.chain(hours).chain(texts).map(|(element, text)| format!("{}: {text}", element.label()));
        let paragraphs: Vec<_> = criteria.into_iter().chain(lines).collect();
        (!paragraphs.is_empty()).then(|| paragraphs.join("\n\n"))
    }
}

/// A text of several lines, without what editors and line endings leave at the ends of text and lines.
fn lines_joined(text: &str) -> String {
    text.trim().lines().map(str::trim_end).collect::<Vec<_>>().join("\n")
}

fn told(outcome: &Target) -> String {
    match &outcome.description {
        Some(description) => format!("{}: {description}", outcome.name),
        None => outcome.name.clone(),
    }
}
