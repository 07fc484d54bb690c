//! The object that stands in documents: `Achievement` of Open Badges 3.0, of terms that its context defines and its schema accepts.

use serde_json::{Map, Value, json};

use super::{Definition, Facts, Target};

/// Where the levels of the European Qualifications Framework are described.
pub(super) const EQF_LEVELS: &str = "http://data.europa.eu/snb/eqf/";

impl Definition {
    /// The `achievement` of documents. The same definition and facts always make the same object.
    #[must_use]
    pub fn object(&self, facts: &Facts<'_>) -> Value {
        let mut object = Map::new();
        object.insert("id".into(), facts.id().into());
        object.insert("type".into(), json!(["Achievement"]));
        object.insert("achievementType".into(), facts.achievement_type().into());
        object.insert("name".into(), facts.title.into());
        object.insert("description".into(), self.description.as_str().into());
        object.insert("criteria".into(), self.criteria_object());
        let alignment: Vec<_> = eqf_level(facts.eqf_level)
            .into_iter()
            .chain(self.outcomes.iter().chain(&self.alignments).filter_map(alignment))
            .collect();
        if !alignment.is_empty() {
            object.insert("alignment".into(), alignment.into());
        }
        if !self.tags.is_empty() {
            object.insert("tag".into(), self.tags.clone().into());
        }
        if facts.workload != 0 {
            object.insert("creditsAvailable".into(), credits(facts.workload));
        }
        if let Some(url) = &self.image {
            let mut image = Map::new();
            image.insert("id".into(), url.as_str().into());
            image.insert("type".into(), "Image".into());
            put(&mut image, "caption", self.image_caption.as_ref());
            object.insert("image".into(), image.into());
        }
        put(&mut object, "inLanguage", self.language.as_ref());
        put(&mut object, "fieldOfStudy", self.field_of_study.as_ref());
        put(&mut object, "specialization", self.specialization.as_ref());
        put(&mut object, "humanCode", self.human_code.as_ref());
        put(&mut object, "version", self.version.as_ref());
        object.into()
    }

    fn criteria_object(&self) -> Value {
        let mut criteria = Map::new();
        put(&mut criteria, "id", self.criteria_url.as_ref());
        put(&mut criteria, "narrative", self.narrative().as_ref());
        criteria.into()
    }
}

/// Workload in tenths as a number of credits: whole ones without a fraction, since RDF spells 5.0 and 5 differently.
fn credits(tenths: u16) -> Value {
    if tenths.is_multiple_of(10) { (tenths / 10).into() } else { (f64::from(tenths) / 10.0).into() }
}

fn eqf_level(level: u8) -> Option<Value> {
    (level != 0).then(|| {
        json!({
            "type": ["Alignment"],
            "targetName": format!("EQF level {level}"),
            "targetUrl": format!("{EQF_LEVELS}{level}"),
            "targetFramework": "European Qualifications Framework",
            "targetCode": level.to_string(),
            "targetType": "ext:EQFLevel",
        })
    })
}

/// None: it has no URL, and so is told in the narrative only.
fn alignment(target: &Target) -> Option<Value> {
    let url = target.url.as_deref()?;
    let mut object = Map::new();
    object.insert("type".into(), json!(["Alignment"]));
    object.insert("targetName".into(), target.name.as_str().into());
    object.insert("targetUrl".into(), url.into());
    put(&mut object, "targetFramework", target.framework.as_ref());
    put(&mut object, "targetCode", target.code.as_ref());
    put(&mut object, "targetDescription", target.description.as_ref());
    put(&mut object, "targetType", target.target_type.as_ref());
    Some(object.into())
}

fn put(object: &mut Map<String, Value>, field: &str, text: Option<&String>) {
    if let Some(text) = text {
        object.insert(field.into(), text.as_str().into());
    }
}
