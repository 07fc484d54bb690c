//! Nothing that an image says makes the reader panic, give a document that was not baked, or work for long.

use proptest::prelude::*;

use super::{super::*, *};

fn baked() -> [Vec<u8>; 2] {
    [png_with(&[]), SVG.as_bytes().to_vec()].map(|image| bake(&image, DOCUMENT.as_bytes(), Existing::Refuse).unwrap())
}

#[test]
fn no_part_of_an_image_is_taken_for_it() {
    for image in baked() {
        let whole = image.trim_ascii_end().len();
        for length in 0..whole {
            assert!(extract(&image[..length]).is_err(), "{length} of {whole} bytes");
            assert!(
                bake(&image[..length], DOCUMENT.as_bytes(), Existing::Replace).is_err(),
                "{length} of {whole} bytes"
            );
        }
    }
}

#[test]
fn every_flipped_bit_of_a_png_is_noticed() {
    let [png, _] = baked();
    for bit in 0..png.len() * 8 {
        let mut flipped = png.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        assert!(extract(&flipped).is_err(), "bit {bit}");
    }
}

#[test]
fn an_svg_of_many_elements_is_read_in_one_go() {
    let deep = 200_000;
    let nested = svg_with(&format!("{}{}", "<g a:b='c'>".repeat(deep), "</g>".repeat(deep)));
    let baked = bake(&nested, DOCUMENT.as_bytes(), Existing::Refuse).unwrap();
    assert_eq!(extract(&baked).unwrap(), DOCUMENT.as_bytes());
    let many = svg_with(&"<openbadges:credential/>".repeat(deep));
    assert!(matches!(extract(&many), Err(ExtractError::Several(found)) if found == deep));
    let cleaned = bake(&many, DOCUMENT.as_bytes(), Existing::Replace).unwrap();
    assert_eq!(cleaned, bake(&svg_with(""), DOCUMENT.as_bytes(), Existing::Refuse).unwrap());
}

proptest! {
    #[test]
    fn a_changed_svg_gives_what_is_in_it_or_an_error(at in 0..1000_usize, bytes in prop::collection::vec(any::<u8>(), 0..4)) {
        let [_, mut svg] = baked();
        let at = at % svg.len();
        let until = (at + bytes.len()).min(svg.len());
        svg.splice(at..until, bytes);
        if let Ok(document) = extract(&svg) {
            prop_assert!(document.len() <= svg.len());
        }
        if let Ok(again) = bake(&svg, DOCUMENT.as_bytes(), Existing::Replace) {
            prop_assert_eq!(extract(&again).unwrap(), DOCUMENT.as_bytes());
        }
    }

    #[test]
    fn any_bytes_are_read_or_refused(start in 0..3_usize, bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let start = [&b""[..], png::SIGNATURE, b"<svg xmlns='http://www.w3.org/2000/svg'>"][start];
        let image = [start, &bytes].concat();
        let _ = extract(&image);
        let _ = bake(&image, DOCUMENT.as_bytes(), Existing::Replace);
        let _ = read(&image);
    }

    #[test]
    fn any_text_comes_out_as_it_went_in(name in any::<String>()) {
        let name = serde_json::to_string(&name).unwrap();
        let document = format!("{{\"type\":[\"AchievementCredential\"],\"proof\":{{}},\"name\":{name}}}");
        for image in [png_with(&[]), SVG.as_bytes().to_vec()] {
            match bake(&image, document.as_bytes(), Existing::Refuse) {
                Ok(baked) => prop_assert_eq!(extract(&baked).unwrap(), document.as_bytes()),
                Err(error) => prop_assert!(matches!(error, BakeError::Document(DocumentError::NotForXml(_))), "{}", error),
            }
        }
    }
}
