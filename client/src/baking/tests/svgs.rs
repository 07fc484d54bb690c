//! SVG: what is baked, and what is refused.

use super::{super::*, *};

const ELEMENT: &str = "<openbadges:credential><![CDATA[{\"type\": [\"VerifiableCredential\", \"AchievementCredential\"],\r\n \"name\": \"a ]]]]><![CDATA[> \
                       b ]]]]]]><![CDATA[>> <&amp;> 𝔄é\",\n \"proof\": [{}]}\n]]></openbadges:credential>";

fn baked(image: &str) -> String {
    String::from_utf8(bake(image.as_bytes(), DOCUMENT.as_bytes(), Existing::Refuse).unwrap()).unwrap()
}

#[test]
fn an_svg_carries_a_document_and_keeps_everything_else() {
    let binding = "xmlns:openbadges=\"https://purl.imsglobal.org/ob/v3p0\"";
    let tag = "<svg xmlns=\"http://www.w3.org/2000/svg\"\n     viewBox='0 0 8 8'>";
    for (image, expected) in [
        (SVG.to_owned(), SVG.replace(tag, &format!("{}{ELEMENT}", tag.replace("<svg", &format!("<svg {binding}"))))),
        (format!("\u{feff}{SVG}"), format!("\u{feff}{}", baked(SVG))),
        (SVG.replace('\n', "\r\n"), baked(SVG.replace('\n', "\r\n").as_str())),
        (
            format!("<svg xmlns=\"http://www.w3.org/2000/svg\" {binding} />\n"),
            format!("<svg xmlns=\"http://www.w3.org/2000/svg\" {binding} >{ELEMENT}</svg>\n"),
        ),
        (
            "<s:svg xmlns:s='http://www.w3.org/2000/svg'/>".to_owned(),
            format!("<s:svg {binding} xmlns:s='http://www.w3.org/2000/svg'>{ELEMENT}</s:svg>"),
        ),
    ] {
        let baked = baked(&image);
        assert_eq!(baked, expected);
        assert_eq!(extract(baked.as_bytes()).unwrap(), DOCUMENT.as_bytes(), "{image}");
    }
}

#[test]
fn a_document_is_replaced_only_where_that_is_said() {
    let fresh = baked(SVG).into_bytes();
    let old = bake(SVG.as_bytes(), DOCUMENT.replace("name", "title").as_bytes(), Existing::Refuse).unwrap();
    let two = String::from_utf8(old.clone()).unwrap().replace("</svg>", &format!("{ELEMENT}</svg>")).into_bytes();
    for baked in [old, two] {
        assert!(matches!(bake(&baked, DOCUMENT.as_bytes(), Existing::Refuse), Err(BakeError::AlreadyBaked)));
        assert_eq!(bake(&baked, DOCUMENT.as_bytes(), Existing::Replace).unwrap(), fresh);
    }
    let older = "<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:openbadges='http://openbadges.org' width='&quot;1'><openbadges:assertion \
                 verify=\"https://example.edu\"/><g/></svg>";
    assert!(matches!(extract(older.as_bytes()), Err(ExtractError::Older)));
    assert!(matches!(bake(older.as_bytes(), DOCUMENT.as_bytes(), Existing::Refuse), Err(BakeError::AlreadyBaked)));
    let replaced = String::from_utf8(bake(older.as_bytes(), DOCUMENT.as_bytes(), Existing::Replace).unwrap()).unwrap();
    assert_eq!(
        replaced,
        format!(
            "<svg xmlns:openbadges=\"https://purl.imsglobal.org/ob/v3p0\" xmlns=\"http://www.w3.org/2000/svg\" \
             width=\"&quot;1\">{ELEMENT}<g/></svg>"
        )
    );
}

#[test]
fn what_others_baked_is_read() {
    for element in [
        "<openbadges:credential>\n  <![CDATA[{\"a\": 1}]]>\n</openbadges:credential>",
        "<g><openbadges:credential><![CDATA[{\"a\"]]><![CDATA[: 1}]]></openbadges:credential></g>",
        "<openbadges:credential>\n{&quot;a&quot;&#58; 1}\n</openbadges:credential>",
        "<ob:credential xmlns:ob=\"https://purl.imsglobal.org/ob/v3p0\">{\"a\": 1}</ob:credential>",
    ] {
        assert_eq!(extract(&svg_with(element)).unwrap(), b"{\"a\": 1}", "{element}");
    }
}

#[test]
fn an_svg_without_one_proper_document_is_refused() {
    let one = "<openbadges:credential><![CDATA[{}]]></openbadges:credential>";
    for (content, says) in [
        (String::new(), "no credential"),
        (one.repeat(3), "3 credentials"),
        (format!("{one}<other:credential/>"), "2 credentials"),
        ("<openbadges:credential verify='a.b.c'></openbadges:credential>".into(), "JWT"),
        ("<openbadges:credential verify='a.b.c'/>".into(), "JWT"),
        ("<openbadges:credential><![CDATA[eyJh.eyJp.c2ln]]></openbadges:credential>".into(), "JWT"),
        ("<openbadges:credential/>".into(), "no JSON"),
        ("<openbadges:credential>{}<!-- --></openbadges:credential>".into(), "markup"),
        ("<openbadges:credential>{<b>}</b></openbadges:credential>".into(), "markup"),
        ("<openbadges:credential>{<openbadges:credential/>}</openbadges:credential>".into(), "markup"),
        ("<openbadges:credential>{}<![CDATA[{}]]></openbadges:credential>".into(), "beside"),
        ("<openbadges:assertion><![CDATA[{}]]></openbadges:assertion>".into(), "Open Badges 2"),
    ] {
        let error = extract(&svg_with(&content)).unwrap_err().to_string();
        assert!(error.contains(says), "{content}: {error}");
    }
}

#[test]
fn xml_of_another_kind_is_refused() {
    let after = |text: &str| [SVG.as_bytes(), text.as_bytes()].concat();
    let utf_16: Vec<u8> = SVG.encode_utf16().flat_map(u16::to_le_bytes).collect();
    for (image, says) in [
        (SVG.replace("<!-- a badge -->", "<!DOCTYPE svg>").into_bytes(), "DOCTYPE"),
        (SVG.replace("<!-- a badge -->", "<!DOCTYPE s [<!ENTITY a 'b'><!ENTITY c '&a;&a;'>]>").into_bytes(), "DOCTYPE"),
        (svg_with("&bomb;"), "entities"),
        (SVG.replace("UTF-8", "ISO-8859-1").into_bytes(), "UTF-8"),
        ([b"<svg>".as_slice(), b"\xe9</svg>"].concat(), "UTF-8"),
        ([b"\xff\xfe".as_slice(), &utf_16].concat(), "neither"),
        (deflated(SVG.as_bytes()), "neither"),
        (b"\x1f\x8b\x08\0".to_vec(), ".svgz"),
        (SVG.replace("2000/svg", "1999/xhtml").into_bytes(), "first element"),
        (b"<svg/>".to_vec(), "first element"),
        (b"<html></html>".to_vec(), "first element"),
        (b"<!-- nothing -->".to_vec(), "no element"),
        (after("<svg/>"), "after the end"),
        (after("text"), "outside"),
        (after("<![CDATA[{}]]>"), "outside"),
        (svg_with("<g>"), "expected"),
        (SVG.replace("</svg>", "").into_bytes(), "cut off"),
        (SVG.replace("viewBox", "xmlns").into_bytes(), "duplicate"),
        (SVG.replace("<svg ", &format!("<svg {}", "a ".repeat(9000))).into_bytes(), "bytes"),
    ] {
        let error = bake(&image, DOCUMENT.as_bytes(), Existing::Replace).unwrap_err().to_string();
        assert!(error.contains(says), "{says}: {error}");
        assert!(extract(&image).is_err(), "{says}");
    }
    let unfit = DOCUMENT.replace('é', "\u{ffff}");
    let error = bake(SVG.as_bytes(), unfit.as_bytes(), Existing::Refuse).unwrap_err();
    assert!(error.to_string().contains("U+FFFF"), "{error}");
    assert!(bake(&png_with(&[]), unfit.as_bytes(), Existing::Refuse).is_ok());
}
