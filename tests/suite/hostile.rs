//! What strangers put into documents and links: each is refused, or stays what it is, all the way to the picture.

use std::collections::BTreeMap;
use std::fs;
use std::sync::Arc;
use std::thread;

use export::{Options, Stage, Theme, picture};
use kernel::SimTime;
use roxmltree::Document;
use scenario::{compile, gallery, limits, parse, url};
use serde_json::{Value, json};

/// A document with a text in every place that takes one.
fn with_text(text: &str) -> String {
    json!({
        "Version": 1, "Title": text, "Description": text,
        "Card": { "Question": text, "See": text, "Minutes": 1, "Topics": [text] },
        "Resources": {
            "p": { "Type": "Playground::Producer", "Properties": { "Messages": [{ "Body": text }],
                "Keys": { "List": [text] } } },
            "orders": { "Type": "AWS::SNS::Topic" },
            "q": { "Type": "AWS::SQS::Queue" },
        },
        "Links": [
            { "From": "p", "To": "orders" },
            { "From": "orders", "To": "q", "Properties": { "FilterPolicyScope": "MessageBody", "FilterPolicy": { text: [text] } } },
        ],
        "Captions": [{ "At": "0s", "Text": text }],
    })
    .to_string()
}

/// Reads, draws, and puts into a link and takes out again whatever can be; nothing may panic, and pictures stay pictures.
fn through_everything(name: &str, text: &str) {
    let parsed = parse(text).validated();
    assert!(parsed.diagnostics.0.len() <= limits::MAX_DIAGNOSTICS + 1, "{name}");
    let fragment = url::encode(&parsed.scenario);
    if fragment.fits() {
        let back = url::read(fragment.as_str()).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(back.parsed.scenario, parsed.scenario, "{name}");
    }
    let options = Options { theme: Theme::Auto, framed: true, icon: &export::icon };
    let svg = match Stage::new(&parsed.scenario) {
        Ok(mut stage) => {
            stage.go_to(SimTime::from_secs(2));
            let events = export::events_csv(&mut stage, SimTime::from_secs(2));
            assert!(events.lines().all(|line| !line.starts_with(['=', '+', '@'])), "{name}: {events}");
            stage.picture(&options)
        }
        Err(_) => {
            let mut state = editor::EditorState::default();
            state.scenario = Arc::new(parsed.scenario);
            picture(&state, &[], &options)
        }
    };
    let document = Document::parse(&svg).unwrap_or_else(|error| panic!("{name}: {error}"));
    for node in document.descendants().filter(roxmltree::Node::is_element) {
        let element = node.tag_name().name();
        assert!(!["script", "foreignObject", "a", "iframe", "image"].contains(&element), "{name}: {element}");
        assert!(node.attributes().all(|attribute| !attribute.name().starts_with("on")), "{name}");
    }
    assert!(
        !svg.contains(['\u{202e}', '\u{2066}', '\u{0}', '\u{1b}']),
        "{name}: what turns or hides text is not drawn"
    );
}

#[test]
fn texts_that_want_to_be_more_stay_texts() {
    for text in [
        "<script>alert(1)</script>",
        "</title></desc></text></svg><script>alert(1)</script>",
        "]]><!--",
        "\" onmouseover=\"alert(1)",
        "javascript:alert(1)",
        " java\u{0}script:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "&lt;b&gt; &#x3c;script&#x3e; &amp;amp;",
        "\u{202e}txt.exe\u{2066}",
        "\u{0}\u{1}\u{7}\u{1b}[31m\u{7f}\u{85}\u{feff}\u{fffe}\u{ffff}",
        "=HYPERLINK(\"https://example.org\")",
        "{{constructor.constructor('alert(1)')()}} ${7*7} %00 %3Cscript%3E",
        "a\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301} \u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467}",
        "\r\n\r\nSet-Cookie: a=b",
    ] {
        through_everything(text, &with_text(text));
    }
    through_everything("a long text", &with_text(&"x".repeat(60_000)));
}

#[test]
fn numbers_beyond_every_range_are_refused_where_they_stand() {
    for number in [
        "1e999",
        "-1e999",
        "1e308",
        "-0.0",
        "NaN",
        "Infinity",
        "99999999999999999999999999",
        "0x10",
        "1_000",
        "-1",
    ] {
        let text = format!(
            r#"{{"Version":1,"Seed":{number},"Resources":{{
                "p":{{"Type":"Playground::Producer","Properties":{{"ArrivalProcess":{{"Type":"Steady","Rate":{number}}},
                     "MaxMessages":{number},"PayloadBytes":{number},"StartAfterSeconds":{number}}}}},
                "q":{{"Type":"AWS::SQS::Queue","Properties":{{"VisibilityTimeout":{number},"DelaySeconds":{number}}}}}}},
                "Links":[{{"From":"p","To":"q"}}],"Layout":{{"p":[{number},{number}]}}}}"#
        );
        through_everything(number, &text);
        if number != "-0.0" {
            assert!(parse(&text).validated().diagnostics.has_errors(), "{number}");
        }
    }
}

/// What is far more than any document is counted and refused, not worked through.
#[test]
fn bombs_are_refused_by_their_size() {
    let resources = |count: usize| -> BTreeMap<String, Value> {
        (0..count).map(|number| (format!("q{number}"), json!({ "Type": "AWS::SQS::Queue" }))).collect()
    };
    let nodes = json!({ "Version": 1, "Resources": resources(5_000) });
    let link = json!({ "From": "q0", "To": "q1" });
    let links = json!({ "Version": 1, "Resources": resources(2), "Links": vec![link; 20_000] });
    let wide: Vec<String> = (0..400).map(|number| number.to_string()).collect();
    let combinations = json!({ "a": wide, "b": wide, "c": wide, "d": wide, "e": wide });
    let filter = json!({ "Version": 1,
        "Resources": { "orders": { "Type": "AWS::SNS::Topic" }, "q": { "Type": "AWS::SQS::Queue" } },
        "Links": [{ "From": "orders", "To": "q", "Properties": { "FilterPolicy": combinations } }] });
    let producer = json!({ "Type": "Playground::Producer", "Properties": { "ArrivalProcess": { "Type": "Steady", "Rate": 100_000 } } });
    let many: BTreeMap<String, Value> =
        (0..11).map(|number| (format!("p{number}"), producer.clone())).collect();
    let rate = json!({ "Version": 1, "Resources": many });
    for (name, document) in [("nodes", nodes), ("links", links), ("filter", filter), ("rate", rate)] {
        let text = document.to_string();
        let parsed = parse(&text).validated();
        assert!(parsed.diagnostics.has_errors(), "{name}");
        assert!(compile(&parsed.scenario).is_err(), "{name}");
        let fragment = url::encode(&parsed.scenario);
        if let Ok(link) = url::read(fragment.as_str()) {
            assert!(link.parsed.validated().diagnostics.has_errors(), "{name} in a link");
        }
    }
    let large = format!("{{\"Version\":1,\"Title\":\"{}\"}}", "x".repeat(limits::MAX_DOCUMENT_BYTES));
    assert!(parse(&large).diagnostics.has_errors());
}

/// A stream of numbers that is the same everywhere: xorshift.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, end: usize) -> usize {
        (self.next() % end.max(1) as u64) as usize
    }
}

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
];

fn mutated(base: &str, numbers: &mut Numbers) -> String {
    let mut bytes = base.as_bytes().to_vec();
    for _ in 0..=numbers.below(5) {
        let at = numbers.below(bytes.len() + 1);
        let end = (at + numbers.below(24)).min(bytes.len());
        match numbers.below(6) {
            0 => drop(bytes.splice(at..end, [])),
            1 => {
                let again = bytes[at..end].to_vec();
                bytes.splice(at..at, again);
            }
            2 => drop(bytes.splice(at..at, PIECES[numbers.below(PIECES.len())].bytes())),
            3 => bytes.truncate(at.max(4)),
            4 => {
                let from = numbers.below(bytes.len().max(1));
                let piece = bytes[from..(from + end - at).min(bytes.len())].to_vec();
                bytes.splice(at..end, piece);
            }
            _ => {
                if let Some(byte) = bytes.get_mut(at) {
                    *byte = (numbers.next() & 0x7f) as u8;
                }
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// A document that is still JSON: values exchanged, taken out, and put where others stood.
fn rearranged(base: &Value, numbers: &mut Numbers) -> String {
    let mut document = base.clone();
    for _ in 0..=numbers.below(4) {
        let mut path = String::new();
        // Some steps into the document, wherever they lead.
        for _ in 0..1 + numbers.below(6) {
            let step = match document.pointer(&path) {
                Some(Value::Object(members)) => members.keys().nth(numbers.below(members.len())).cloned(),
                Some(Value::Array(elements)) if !elements.is_empty() => {
                    Some(numbers.below(elements.len()).to_string())
                }
                _ => None,
            };
            let Some(step) = step else { break };
            path = format!("{path}/{}", step.replace('~', "~0").replace('/', "~1"));
        }
        let Some(at) = document.pointer_mut(&path) else { continue };
        *at = match numbers.below(9) {
            0 => Value::Null,
            1 => json!(numbers.next() as i64),
            2 => json!(f64::from_bits(numbers.next())),
            3 => json!(PIECES[numbers.below(PIECES.len())]),
            4 => json!([at.clone(), at.clone()]),
            5 => json!({ "Type": at.clone() }),
            6 => json!(numbers.below(2) == 1),
            7 => json!(numbers.below(100)),
            _ => json!(at.to_string()),
        };
    }
    document.to_string()
}

/// Fragments and documents with pieces cut out, doubled, exchanged and put in: through decode, parse, validate and
/// compile. `INFLIGHT_FUZZ_CASES` says how many; the gate runs a few.
#[test]
fn mutated_fragments_and_documents_end_well() {
    const FEW: u64 = 400;
    let cases = std::env::var("INFLIGHT_FUZZ_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(FEW);
    let mut bases: Vec<String> = gallery::ALL.iter().map(|entry| entry.json.to_owned()).collect();
    bases.extend(
        gallery::ALL.iter().map(|entry| url::write(&entry.scenario(), Some(SimTime::from_secs(9)), &[])),
    );
    bases.push(
        "g=fan-out&producer.rate=450&seed=7&t=30s&fraud.VisibilityTimeout=3&mode=play&lock=shop".into(),
    );
    bases.push(with_text("\u{202e}<script>&amp;"));
    let values: Vec<Option<Value>> = bases.iter().map(|base| serde_json::from_str(base).ok()).collect();
    let bases = Arc::new((bases, values));
    let threads = thread::available_parallelism().map_or(1, |count| count.get() as u64).min(8);
    let workers: Vec<_> = (0..threads)
        .map(|worker| {
            let bases = bases.clone();
            thread::spawn(move || {
                let (mut numbers, mut read, mut run) =
                    (Numbers(0x9e37_79b9_7f4a_7c15 ^ (worker + 1)), 0_u64, 0_u64);
                for _ in 0..cases / threads {
                    let place = numbers.below(bases.0.len());
                    let base = &bases.0[place];
                    let text = match &bases.1[place] {
                        Some(value) if numbers.below(4) > 0 => rearranged(value, &mut numbers),
                        _ => mutated(base, &mut numbers),
                    };
                    let parsed = match base.starts_with('{') {
                        true => Some(parse(&text)),
                        false => url::read(&text).ok().map(|link| link.parsed),
                    };
                    let Some(parsed) = parsed else { continue };
                    let parsed = parsed.validated();
                    assert!(parsed.diagnostics.0.len() <= limits::MAX_DIAGNOSTICS + 1);
                    read += u64::from(!parsed.scenario.resources.is_empty());
                    let runs = compile(&parsed.scenario).is_ok();
                    run += u64::from(runs && !parsed.scenario.resources.is_empty());
                }
                (read, run)
            })
        })
        .collect();
    let (mut read, mut run) = (0, 0);
    for worker in workers {
        let (more_read, more_run) = worker.join().expect("no case may panic");
        (read, run) = (read + more_read, run + more_run);
    }
    println!("{cases} cases: {read} documents with resources, {run} that could run");
    // Mutations that are all refused at the door would prove nothing of what lies behind it.
    assert!(read > cases / 5 && run > cases / 20, "{read} and {run} of {cases}");
    // Ours: far below what a telephone has, and far above what all the documents need.
    const MOST_MEGABYTES: u64 = 1_024;
    if let Ok(status) = fs::read_to_string("/proc/self/status") {
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
        let kilobytes: u64 = peak.trim().trim_end_matches(" kB").trim().parse().unwrap_or(0);
        assert!(kilobytes < MOST_MEGABYTES * 1_024, "{peak}");
    }
}
