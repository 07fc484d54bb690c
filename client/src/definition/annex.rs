//! What the European Union asks of a micro-credential: Council Recommendation 2022/C 243/02, Annex I, the mandatory elements.

use microcred::state::AchievementKind;

use super::{Definition, Element, Facts};

impl Definition {
    /// The mandatory elements of Annex I that are the achievement's and are not there, each with the field to write it in; none for what
    /// is no micro-credential. Learner, title, issuer, country and date come from elsewhere.
    #[must_use]
    pub fn missing_elements(&self, facts: &Facts<'_>) -> Vec<&'static str> {
        if facts.kind != AchievementKind::MicroCredential {
            return Vec::new();
        }
        let lacks = |element: Element| self.fixed_texts().contains(&(element, None));
        [
            (self.outcomes.is_empty(), "learning outcomes (`outcomes`)"),
            (facts.workload == 0 && self.hours.is_none(), "workload (`ects` or `hours`)"),
            (facts.eqf_level == 0, "level, if it has one (`eqf_level`)"),
            (lacks(Element::Assessment), "type of assessment (`assessment`)"),
            (lacks(Element::Participation), "form of participation (`participation`)"),
            (lacks(Element::QualityAssurance), "type of quality assurance (`quality_assurance`)"),
        ]
        .into_iter()
        .filter_map(|(is_missing, element)| is_missing.then_some(element))
        .collect()
    }
}
