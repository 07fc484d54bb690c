//! PNG: what is baked, and what is refused.

use super::{super::*, *};

#[test]
fn a_png_carries_a_document_and_keeps_everything_else() {
    let image = png_with(&[text_chunk("Title", "a badge"), chunk(b"zTXt", b"Comment\0\0x")]);
    let behind = [&image[..], b"what some tools leave behind the end"].concat();
    for image in [image, behind] {
        let baked = bake(&image, DOCUMENT.as_bytes(), Existing::Refuse).unwrap();
        assert_eq!(extract(&baked).unwrap(), DOCUMENT.as_bytes());
        let put = text_chunk("openbadgecredential", DOCUMENT);
        let header = 8 + 25;
        assert_eq!(baked, [&image[..header], &put, &image[header..]].concat());
        assert_eq!(document_in(&baked).unwrap(), DOCUMENT.as_bytes());
    }
}

#[test]
fn a_document_is_replaced_only_where_that_is_said() {
    let image = png_with(&[]);
    let old = DOCUMENT.replace("name", "title");
    let baked = bake(&image, old.as_bytes(), Existing::Refuse).unwrap();
    let older =
        png_with(&[text_chunk("openbadges", "{}"), chunk(b"tEXt", b"openbadges\0https://example.edu/assertion")]);
    for baked in [baked, older] {
        let again = bake(&baked, DOCUMENT.as_bytes(), Existing::Refuse);
        assert!(matches!(again, Err(BakeError::AlreadyBaked)), "{again:?}");
        let replaced = bake(&baked, DOCUMENT.as_bytes(), Existing::Replace).unwrap();
        assert_eq!(replaced, bake(&image, DOCUMENT.as_bytes(), Existing::Refuse).unwrap());
    }
}

#[test]
fn text_that_some_tool_compressed_is_read_within_bounds() {
    let compressed = |text: &[u8]| {
        let contents = [&b"openbadgecredential\0\x01\0en\0Abzeichen\0"[..], &deflated(text)].concat();
        png_with(&[chunk(b"iTXt", &contents)])
    };
    assert_eq!(extract(&compressed(DOCUMENT.as_bytes())).unwrap(), DOCUMENT.as_bytes());
    let bomb = compressed(&vec![b' '; 64 * DOCUMENT_LIMIT]);
    assert!(bomb.len() < DOCUMENT_LIMIT);
    assert!(matches!(extract(&bomb), Err(ExtractError::TooLarge)));
    // Of one whose end is broken, the end is never reached.
    let mut broken = deflated(&vec![b' '; 64 * DOCUMENT_LIMIT]);
    broken.truncate(broken.len() / 2);
    let contents = [&b"openbadgecredential\0\x01\0\0\0"[..], &broken].concat();
    assert!(matches!(extract(&png_with(&[chunk(b"iTXt", &contents)])), Err(ExtractError::TooLarge)));
    let large = png_with(&[text_chunk("openbadgecredential", &format!("{{{}}}", " ".repeat(DOCUMENT_LIMIT)))]);
    assert!(matches!(extract(&large), Err(ExtractError::TooLarge)));
}

#[test]
fn a_png_without_one_proper_document_is_refused() {
    let keyword = "openbadgecredential";
    for (chunks, says) in [
        (vec![], "no credential"),
        (vec![text_chunk(keyword, "{}"), text_chunk(keyword, "{}")], "2 credentials"),
        (vec![text_chunk(keyword, "{}"), chunk(b"tEXt", b"openbadgecredential\0{}")], "2 credentials"),
        (vec![chunk(b"tEXt", b"openbadgecredential\0{}")], "iTXt"),
        (vec![text_chunk("openbadges", "{}")], "Open Badges 2"),
        (vec![text_chunk(keyword, "eyJhbGciOiJFZERTQSJ9.eyJpc3MiOiJ4In0.c2ln")], "JWT"),
        (vec![text_chunk(keyword, "https://example.edu/credential")], "no JSON"),
        (vec![chunk(b"iTXt", b"openbadgecredential\0\0")], "broken"),
        (vec![chunk(b"iTXt", b"openbadgecredential\0\0\0en\0")], "broken"),
        (vec![chunk(b"iTXt", b"openbadgecredential\0\x02\0\0\0{}")], "compression"),
        (vec![chunk(b"iTXt", b"openbadgecredential\0\x01\0\0\0{}")], "decompressed"),
        (vec![chunk(b"iTXt", b"openbadgecredential\0\0\0\0\0{\"a\":\"\xff\"}")], "UTF-8"),
    ] {
        let error = extract(&png_with(&chunks)).unwrap_err().to_string();
        assert!(error.contains(says), "{says}: {error}");
    }
}

#[test]
fn a_png_that_is_not_whole_is_refused() {
    let image = png_with(&[]);
    let mut wrong = image.clone();
    wrong[40] ^= 1;
    let headless = [png::SIGNATURE, &chunk(b"IEND", &[])].concat();
    for (image, says) in [
        (&image[..image.len() - 1], "cut off"),
        (&image[..image.len() - 12], "cut off"),
        (&wrong, "checksum"),
        (&headless, "does not begin"),
        (png::SIGNATURE, "does not begin"),
        (b"\xff\xd8\xff\xe0 JFIF", "neither a PNG nor an SVG"),
        (b"", "neither a PNG nor an SVG"),
    ] {
        let error = bake(image, DOCUMENT.as_bytes(), Existing::Refuse).unwrap_err().to_string();
        assert!(error.contains(says), "{says}: {error}");
    }
    let large = [image, vec![0; IMAGE_LIMIT]].concat();
    assert!(matches!(extract(&large), Err(ExtractError::Image(ImageError::TooLarge { .. }))));
    let room = &large[..IMAGE_LIMIT];
    assert!(matches!(bake(room, DOCUMENT.as_bytes(), Existing::Refuse), Err(BakeError::NoRoom { .. })));
}
