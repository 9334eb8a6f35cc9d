//! How long links are, beside what compressors for everything make of the same documents.

use std::io::Write;

use scenario::{gallery, url};

use crate::TYPICAL;

/// The lengths of one document, in characters behind `#`.
struct Lengths {
    name: &'static str,
    json_bytes: usize,
    ours: usize,
    lz_string: usize,
    deflate: usize,
    brotli: usize,
}

/// Prints a line for the typical scenario and one for each of the gallery, and what they are together.
pub(crate) fn print_lengths() {
    let documents = [("typical (12 nodes, 16 links)", TYPICAL)];
    let gallery = gallery::ALL.iter().map(|entry| (entry.name, entry.json));
    let all: Vec<Lengths> =
        documents.into_iter().chain(gallery).map(|(name, json)| measure(name, json)).collect();
    println!("{:<30} {:>6} {:>6} {:>9} {:>8} {:>7}", "", "JSON", "ours", "lz-string", "deflate", "brotli");
    all.iter().for_each(print);
    let sum = |of: fn(&Lengths) -> usize| all.iter().skip(1).map(of).sum();
    print(&Lengths {
        name: "the gallery together",
        json_bytes: sum(|lengths| lengths.json_bytes),
        ours: sum(|lengths| lengths.ours),
        lz_string: sum(|lengths| lengths.lz_string),
        deflate: sum(|lengths| lengths.deflate),
        brotli: sum(|lengths| lengths.brotli),
    });
}

fn print(lengths: &Lengths) {
    let Lengths { name, json_bytes, ours, lz_string, deflate, brotli } = lengths;
    println!("{name:<30} {json_bytes:>6} {ours:>6} {lz_string:>9} {deflate:>8} {brotli:>7}");
}

/// The others get the document as a program would write it into a link: no spaces, and nothing that goes without saying.
fn measure(name: &'static str, json: &str) -> Lengths {
    let scenario = scenario::parse(json).scenario;
    let minified = scenario.to_value().to_string();
    Lengths {
        name,
        json_bytes: minified.len(),
        ours: url::encode(&scenario).as_str().len(),
        lz_string: lz_str::compress_to_encoded_uri_component(&minified).len(),
        deflate: base64url(deflated(&minified)),
        brotli: base64url(brotli_of(&minified)),
    }
}

/// Characters of so many bytes in base64url without padding.
const fn base64url(bytes: usize) -> usize {
    (bytes * 4).div_ceil(3)
}

fn deflated(text: &str) -> usize {
    let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::best());
    let written = encoder.write_all(text.as_bytes()).and_then(|()| encoder.finish());
    written.map_or(0, |bytes| bytes.len())
}

fn brotli_of(text: &str) -> usize {
    let (quality, window) = (11, 22);
    let mut bytes = Vec::new();
    let mut encoder = brotli::CompressorWriter::new(&mut bytes, 4_096, quality, window);
    let written = encoder.write_all(text.as_bytes());
    drop(encoder);
    written.map_or(0, |()| bytes.len())
}
