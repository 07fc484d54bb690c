//! Images as people have them, and as attackers make them.

mod hostile;
mod pngs;
mod svgs;

use std::io::Write;

use flate2::{Compression, write::ZlibEncoder};
use img_parts::{Bytes, png::PngChunk};

/// A document with what is awkward: the end mark of CDATA, characters of markup, letters of four bytes, a last line that ends.
const DOCUMENT: &str = "{\"type\": [\"VerifiableCredential\", \"AchievementCredential\"],\r\n \"name\": \"a ]]> b ]]]]>> <&amp;> 𝔄é\",\n \
                        \"proof\": [{}]}\n";

const SVG: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!-- a badge -->\n<svg xmlns=\"http://www.w3.org/2000/svg\"\n     \
                   viewBox='0 0 8 8'>\n  <title>&lt;A&#x26;B&gt;</title><circle r=\"4\"/>\n</svg>\n";

fn deflated(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// A chunk as it stands in a file.
fn chunk(kind: &[u8; 4], contents: &[u8]) -> Vec<u8> {
    PngChunk::new(*kind, Bytes::copy_from_slice(contents)).encoder().bytes().to_vec()
}

/// A PNG of one grey point, with chunks between the header and it.
fn png_with(chunks: &[Vec<u8>]) -> Vec<u8> {
    let header = chunk(b"IHDR", &[0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0]);
    let rest = [chunk(b"IDAT", &deflated(&[0, 0x80])), chunk(b"IEND", &[])].concat();
    [super::png::SIGNATURE, &header, &chunks.concat(), &rest].concat()
}

/// A chunk `iTXt` that is not compressed.
fn text_chunk(keyword: &str, text: &str) -> Vec<u8> {
    chunk(b"iTXt", format!("{keyword}\0\0\0\0\0{text}").as_bytes())
}

/// An SVG with something in it.
fn svg_with(content: &str) -> Vec<u8> {
    SVG.replace("<circle r=\"4\"/>", content).into_bytes()
}
