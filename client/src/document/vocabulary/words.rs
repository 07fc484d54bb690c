//! The words that Open Badges has for some terms. Where it says so, extensions (`ext:...`) may stand beside them.

use crate::definition::{TARGET_TYPES, is_extension};

/// Whether a text is one of the words of a term, or an extension; none: the term takes any text.
pub(super) fn allows(term: &str, text: &str) -> Option<bool> {
    let words: &[&str] = match term {
        "achievementType" => &ACHIEVEMENTS,
        "identityType" | "identifierType" => &IDENTIFIERS,
        "targetType" => &TARGET_TYPES,
        "resultType" => &RESULTS,
        _ => return None,
    };
    Some(words.contains(&text) || is_extension(text))
}

/// Whether a text names a language as the schema has it: `en`, `zh-Hant`, `pt-BR`, `es-419`.
pub(super) fn is_language(text: &str) -> bool {
    let lower = |part: &str| part.bytes().all(|b| b.is_ascii_lowercase());
    let is_script = |part: &str| {
        part.len() == 4 && part.starts_with(|c: char| c.is_ascii_uppercase()) && part.get(1..).is_some_and(lower)
    };
    let is_region = |part: &str| match part.len() {
        2 => part.bytes().all(|b| b.is_ascii_uppercase()),
        3 => part.bytes().all(|b| b.is_ascii_digit()),
        _ => false,
    };
    let parts: Vec<_> = text.split('-').collect();
    let Some((language, rest)) = parts.split_first() else { return false };
    let rest_is_known = match rest {
        [] => true,
        [one] => is_script(one) || is_region(one),
        [script, region] => is_script(script) && is_region(region),
        _ => false,
    };
    matches!(language.len(), 2..=4) && lower(language) && rest_is_known
}

const ACHIEVEMENTS: [&str; 31] = [
    "Achievement",
    "ApprenticeshipCertificate",
    "Assessment",
    "Assignment",
    "AssociateDegree",
    "Award",
    "Badge",
    "BachelorDegree",
    "Certificate",
    "CertificateOfCompletion",
    "Certification",
    "CommunityService",
    "Competency",
    "Course",
    "CoCurricular",
    "Degree",
    "Diploma",
    "DoctoralDegree",
    "Fieldwork",
    "GeneralEducationDevelopment",
    "JourneymanCertificate",
    "LearningProgram",
    "License",
    "Membership",
    "ProfessionalDoctorate",
    "QualityAssuranceCredential",
    "MasterCertificate",
    "MasterDegree",
    "MicroCredential",
    "ResearchDoctorate",
    "SecondarySchoolDiploma",
];

const IDENTIFIERS: [&str; 19] = [
    "name",
    "sourcedId",
    "systemId",
    "productId",
    "userName",
    "accountId",
    "emailAddress",
    "nationalIdentityNumber",
    "isbn",
    "issn",
    "lisSourcedId",
    "oneRosterSourcedId",
    "sisSourcedId",
    "ltiContextId",
    "ltiDeploymentId",
    "ltiToolId",
    "ltiPlatformId",
    "ltiUserId",
    "identifier",
];

const RESULTS: [&str; 12] = [
    "GradePointAverage",
    "LetterGrade",
    "Percent",
    "PerformanceLevel",
    "PredictedScore",
    "RawScore",
    "Result",
    "RubricCriterion",
    "RubricCriterionLevel",
    "RubricScore",
    "ScaledScore",
    "Status",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_extensions_are_told_from_others() {
        for (term, text, allowed) in [
            ("achievementType", "MicroCredential", Some(true)),
            ("achievementType", "microcredential", Some(false)),
            ("achievementType", "ext:My.Type_1-a", Some(true)),
            ("achievementType", "ext:", Some(false)),
            ("achievementType", "ext:-a", Some(false)),
            ("achievementType", "not ext:a", Some(false)),
            ("targetType", "CFItem", Some(true)),
            ("targetType", "Percent", Some(false)),
            ("resultType", "Percent", Some(true)),
            ("identityType", "emailAddress", Some(true)),
            ("identifierType", "ext:solanaIssuerAccount", Some(true)),
            ("name", "anything", None),
        ] {
            assert_eq!(allows(term, text), allowed, "{term} {text}");
        }
    }

    #[test]
    fn languages_have_the_form_of_the_schema() {
        for good in ["en", "deu", "pt-BR", "zh-Hant", "zh-Hant-TW", "es-419"] {
            assert!(is_language(good), "{good}");
        }
        for bad in ["", "e", "EN", "en-us", "en-USA", "en-US-Latn", "en-", "-US", "english", "en_US", "zh-hant"] {
            assert!(!is_language(bad), "{bad}");
        }
    }
}
