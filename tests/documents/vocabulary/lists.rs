//! Lists in the place of objects: serde reads structs from the values of their fields, in their order, and in what is signed most of such
//! a list vanishes.

use microcred_client::document::vocabulary;
use serde_json::json;

use super::{errors, with};
use crate::samples;

/// The path of every object but the document itself, with its names in the order of a compact text.
fn objects(text: &str) -> Vec<(String, Vec<String>)> {
    let (mut found, mut open, mut place) =
        (Vec::new(), Vec::<(String, Vec<String>, Option<usize>)>::new(), String::new());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let mut length = 1;
        match first {
            '{' => open.push((place.clone(), Vec::new(), None)),
            '[' => {
                open.push((place.clone(), Vec::new(), Some(0)));
                place.push_str("/0");
            }
            '}' | ']' => {
                let (path, names, index) = open.pop().unwrap();
                if index.is_none() && !path.is_empty() {
                    found.push((path, names));
                }
            }
            ',' => {
                if let Some((path, _, Some(index))) = open.last_mut() {
                    *index += 1;
                    place = format!("{path}/{index}");
                }
            }
            '"' => {
                let mut strings = serde_json::Deserializer::from_str(rest).into_iter::<String>();
                let string = strings.next().unwrap().unwrap();
                length = strings.byte_offset();
                if rest[length..].starts_with(':') {
                    let (path, names, _) = open.last_mut().unwrap();
                    place = format!("{path}/{string}");
                    names.push(string);
                }
            }
            other => length = other.len_utf8(),
        }
        rest = &rest[length..];
    }
    found
}

#[test]
fn no_object_may_be_the_list_of_its_values() {
    let document = samples::maximal();
    let found = objects(&serde_json::to_string(&vocabulary::read(&document).unwrap()).unwrap());
    assert!(found.len() >= 30, "{}", found.len());
    for (place, names) in found {
        let object = document.pointer(&place).unwrap();
        let values: Vec<_> = names.iter().map(|name| object[name].clone()).collect();
        // In a list, and where one may stand beside several, as a list of one.
        for list in [json!(values), json!([values])] {
            let errors = errors(&with(&document, &place, list));
            assert_eq!(errors.len(), 1, "{place}: {errors:?}");
            assert!(errors[0].path.starts_with(&place), "{place}: {errors:?}");
        }
    }
}

#[test]
fn text_that_no_signature_covers_is_refused_though_its_proof_fits() {
    let lists = [
        ("/credentialSubject/achievement/criteria", json!(["https://c.example/rust", "Passed with distinction"])),
        ("/issuer/image", json!(["https://example.edu/issuer.png", "Image", "Not signed"])),
        ("/issuer/address/geo", json!(["GeoCoordinates", 1, 2])),
        ("/credentialSchema/0", json!(["https://example.edu/schema.json", "1EdTechJsonSchemaValidator2019"])),
    ];
    for (place, list) in lists {
        let error = vocabulary::read(&with(&samples::maximal(), place, list)).unwrap_err();
        assert!(error.path == place, "{place}: {error}");
        assert!(error.what.contains("write an object"), "{error}");
    }
}
