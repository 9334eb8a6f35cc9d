//! Whatever strangers write, through decode, parse, validate and compile: no panic, and no more memory than a telephone
//! can spare.
//!
//! `INFLIGHT_FUZZ_CASES` says how many cases, `INFLIGHT_FUZZ_SEED` which; the gate runs a few. Any case can be run again
//! by its seed and number. This is a program of its own because it measures the memory of each case.

use std::panic::{AssertUnwindSafe, catch_unwind};

use inflight_scenario::{Diagnostics, Parsed, compile, gallery, limits, parse, url};
use kernel::{RandomStream, Seed, SimTime};
use peak_alloc::PeakAlloc;
use serde_json::{Value, json};

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// What one document may take beside what it was made from. Ours: the predictor of a link takes 1.2 MiB of it.
const MOST_BYTES: usize = 8 << 20;
/// Cases of the gate.
const FEW: u64 = 1_500;

/// Pieces that mean something in documents and links.
const PIECES: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    ":",
    ",",
    "\"",
    "\\",
    "null",
    "true",
    "-",
    "1e999",
    "0",
    "9007199254740993",
    "NaN",
    "\"Type\":",
    "AWS::SQS::Queue",
    "AWS::SNS::Topic",
    "Properties",
    "FilterPolicy",
    "\u{202e}",
    "\u{0}",
    "&",
    "=",
    "#",
    "%",
    "s1.",
    "g=",
    "t=",
    "seed=",
    "producer.rate=",
    "&v=",
    "é",
    "anything-but",
    "$or",
    "numeric",
    ">=",
    "10s",
    "9999h",
    "profile=",
];

/// What the cases are made from.
struct Sources {
    /// Documents of the gallery and of this file, as text and as values.
    documents: Vec<(String, Value)>,
    fragments: Vec<String>,
    /// What a link squeezes.
    tokens: Vec<Vec<u8>>,
}

impl Sources {
    fn new() -> Self {
        let strange = json!({ "Version": 1, "Title": "\u{202e}<script>&amp;", "Seed": limits::MAX_SEED,
            "Resources": {
                "p": { "Type": "Playground::Producer", "Properties": { "Messages": [{ "Body": "=1+1" }] } },
                "a.fifo": { "Type": "AWS::SQS::Queue", "Properties": { "FifoQueue": true } } },
            "Links": [{ "From": "p", "To": "a.fifo" }],
            "Groups": [{ "Title": "All", "Resources": ["p"] }], "Notes": [{ "Text": "a < b", "At": [-7, 40] }] });
        let mut texts: Vec<String> = gallery::ALL.iter().map(|entry| entry.json.to_owned()).collect();
        texts.push(strange.to_string());
        let scenarios: Vec<_> = texts.iter().map(|text| parse(text).scenario).collect();
        let mut fragments: Vec<String> =
            scenarios.iter().map(|scenario| url::write(scenario, Some(SimTime::from_secs(9)), &[])).collect();
        let said = "producer.rate=450&seed=7&t=30s&fraud.VisibilityTimeout=3&orders>fraud.FilterPolicy={}&mode=play&lock=shop";
        fragments.extend(gallery::ALL.iter().map(|entry| format!("g={}&{said}", entry.name)));
        Self {
            documents: texts.iter().map(|text| (text.clone(), text.parse().expect("JSON"))).collect(),
            fragments,
            tokens: scenarios.iter().map(url::tokens).collect(),
        }
    }

    /// The text of a case, and whether it is a link.
    fn case(&self, random: &mut RandomStream) -> (String, bool) {
        // What has to be squeezed or unpacked takes twenty times as long as a document.
        match random.below(16) {
            0 => (mutated(pick::<String>(&self.fragments, random), random), true),
            1 => {
                let mut tokens = pick(&self.tokens, random).clone();
                (0..=random.below(4)).for_each(|_| damage(&mut tokens, random, 256));
                (url::link_of_tokens(&tokens), true)
            }
            2..=5 => (mutated(&pick(&self.documents, random).0, random), false),
            _ => (rearranged(&pick(&self.documents, random).1, random), false),
        }
    }
}

fn below(random: &mut RandomStream, end: usize) -> usize {
    random.below(end.max(1) as u64) as usize
}

fn pick<'a, T>(all: &'a [T], random: &mut RandomStream) -> &'a T {
    &all[below(random, all.len())]
}

/// Cuts something out, doubles it, puts something in, or changes a byte to one below `top`.
fn damage(bytes: &mut Vec<u8>, random: &mut RandomStream, top: u64) {
    let at = below(random, bytes.len() + 1);
    let end = (at + below(random, 24)).min(bytes.len());
    match random.below(6) {
        0 => drop(bytes.drain(at..end)),
        1 => {
            let again = bytes[at..end].repeat(1 + below(random, 3));
            bytes.splice(at..at, again);
        }
        2 if random.below(4) == 0 => bytes.truncate(at.max(4)),
        3 => {
            let from = below(random, bytes.len());
            let piece = bytes[from..(from + end - at).min(bytes.len())].to_vec();
            bytes.splice(at..end, piece);
        }
        4 => bytes.insert(at, random.below(top) as u8),
        _ => {
            if let Some(byte) = bytes.get_mut(at) {
                *byte = random.below(top) as u8;
            }
        }
    }
}

fn mutated(base: &str, random: &mut RandomStream) -> String {
    let mut bytes = base.as_bytes().to_vec();
    for _ in 0..=random.below(4) {
        if random.below(4) == 0 {
            let at = below(random, bytes.len() + 1);
            bytes.splice(at..at, pick(PIECES, random).bytes());
        } else {
            damage(&mut bytes, random, 128);
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// A document that is still JSON: values exchanged, taken out, and put where others stood.
fn rearranged(base: &Value, random: &mut RandomStream) -> String {
    let mut document = base.clone();
    for _ in 0..=random.below(4) {
        let mut at = &mut document;
        // Some steps into the document, wherever they lead.
        for _ in 0..1 + random.below(6) {
            let size =
                at.as_array().map_or_else(|| at.as_object().map_or(0, |members| members.len()), Vec::len);
            if size == 0 {
                break;
            }
            let place = below(random, size);
            let child = match at {
                Value::Array(elements) => elements.get_mut(place),
                Value::Object(members) => members.values_mut().nth(place),
                _ => None,
            };
            at = child.expect("a place below the size");
        }
        *at = match random.below(10) {
            0 => Value::Null,
            1 => json!(random.bits() as i64),
            2 => json!(f64::from_bits(random.bits())),
            3 => json!(pick(PIECES, random)),
            4 => json!([at.clone(), at.clone()]),
            5 => json!({ "Type": at.clone() }),
            6 => json!(random.below(2) == 1),
            7 => json!(random.below(100)),
            8 => json!(10_u64.pow(random.below(19) as u32)),
            _ => json!(at.to_string()),
        };
    }
    document.to_string()
}

/// All that a page does with what somebody hands it, up to the run.
fn take(text: &str, is_link: bool) -> (bool, bool) {
    let read =
        |text: &str| if is_link { url::read(text).ok().map(|link| link.parsed) } else { Some(parse(text)) };
    let Some(Parsed { scenario, diagnostics }) = read(text) else { return (false, false) };
    assert!(diagnostics.0.len() <= limits::MAX_DIAGNOSTICS);
    // Validates first.
    let compiled = compile(&scenario);
    assert!(compiled.as_ref().err().is_none_or(Diagnostics::has_errors));
    (!scenario.resources.is_empty(), !scenario.resources.is_empty() && compiled.is_ok())
}

#[test]
fn mutated_fragments_and_documents_end_well() {
    let number =
        |name: &str| std::env::var(name).ok().map(|text| text.parse::<u64>().expect("a whole number"));
    let (cases, seed) =
        (number("INFLIGHT_FUZZ_CASES").unwrap_or(FEW), number("INFLIGHT_FUZZ_SEED").unwrap_or(1));
    let sources = Sources::new();
    // What is made once is made now.
    sources.fragments.iter().for_each(|text| drop(url::read(text)));
    let (mut read, mut run, mut peak) = (0, 0, 0);
    for case in 0..cases {
        let mut random = Seed(seed).stream("fuzz", &case.to_string());
        let (text, is_link) = sources.case(&mut random);
        let before = MEMORY.current_usage();
        MEMORY.reset_peak_usage();
        let ended = catch_unwind(AssertUnwindSafe(|| take(&text, is_link)));
        let took = MEMORY.peak_usage().saturating_sub(before);
        let Ok((was_read, ran)) = ended else { panic!("seed {seed}, case {case}: {text}") };
        assert!(took < MOST_BYTES, "{took} bytes, seed {seed}, case {case}: {text:.2000}");
        (read, run, peak) = (read + u64::from(was_read), run + u64::from(ran), peak.max(took));
        if case % 250_000 == 249_999 {
            println!("seed {seed}: {} cases, at most {} KiB each", case + 1, peak >> 10);
        }
    }
    println!(
        "seed {seed}: {cases} cases, {read} with resources, {run} could run, at most {} KiB each",
        peak >> 10
    );
    // Mutations that are all refused at the door would prove nothing of what lies behind it.
    assert!(read > cases / 4 && run > cases / 20, "{read} and {run} of {cases}");
}
