//! What strangers put into documents and links: each is refused, or stays what it is, all the way to the picture.

use std::collections::BTreeMap;
use std::sync::Arc;

use export::{Options, Stage, Theme, picture};
use kernel::SimTime;
use roxmltree::Document;
use scenario::{compile, limits, parse, url};
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
        "-1e300",
        "-2147483648",
        "-9223372036854775808",
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
                "Links":[{{"From":"p","To":"q"}}],"Layout":{{"p":[{number},{number}]}},"Notes":[{{"Text":"a","At":[{number},{number}]}}],
                "Captions":[{{"At":{number},"Text":"a"}}],"Timeline":[{{"At":{number},"Stop":"p"}}]}}"#
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
