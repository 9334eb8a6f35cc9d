use serde_json::{Value, json};

use super::*;

/// What mdBook 0.5 sends for a book of one chapter, and what comes back of the chapter.
fn chapter(renderer: &str, player: Option<&str>, content: &str) -> Result<String, String> {
    let context = json!({
        "root": env!("CARGO_MANIFEST_DIR"), "renderer": renderer, "mdbook_version": "0.5.4",
        "config": { "book": { "src": "." }, "preprocessor": { "inflight": { "player": player } } },
    });
    let inner = json!({ "Chapter": { "name": "Inner", "content": content, "number": [1, 1], "sub_items": [],
        "path": "src/inner.md", "source_path": "src/inner.md", "parent_names": ["Outer"] } });
    let outer = json!({ "Chapter": { "name": "Outer", "content": "# Outer", "number": [1], "sub_items": [inner],
        "path": "outer.md", "source_path": "outer.md", "parent_names": [] } });
    let book = json!({ "items": ["Separator", { "PartTitle": "One" }, outer] });
    let out: Value = serde_json::from_str(&preprocess(&json!([context, book]).to_string())?).expect("JSON");
    assert_eq!(out["items"][0], "Separator");
    assert_eq!(out["items"][2]["Chapter"]["content"], "# Outer");
    let inner = &out["items"][2]["Chapter"]["sub_items"][0]["Chapter"];
    assert_eq!(inner["path"], "src/inner.md");
    Ok(inner["content"].as_str().expect("a text").to_owned())
}

const BLOCK: &str = "Before.\n\n```inflight scenario=fan-out t=30s height=420 mode=play\nset producer.rate=1\n\
    expect fraud.NumberOfMessagesSent >= 29 by 30s\ncaption One \"copy\" <each>\n```\n\nAfter.\n";

#[test]
fn a_block_becomes_a_picture_in_a_figure() {
    let html = chapter("html", None, BLOCK).expect("it holds");
    assert!(
        html.starts_with(
            "Before.\n\n<figure class=\"inflight\" style=\"margin:1em 0\"><img src=\"data:image/svg+xml,"
        ),
        "{html:.120}"
    );
    assert!(html.contains("<figcaption>One &quot;copy&quot; &lt;each&gt;</figcaption></figure>\n"), "{html}");
    assert!(html.ends_with("\n\nAfter.\n") && !html.contains("<script") && !html.contains("inflight-player"));
    // One message a second: the picture was drawn with the change.
    assert!(html.contains("1/s"), "{html}");
}

#[test]
fn a_book_with_a_player_gets_one_around_the_picture() {
    let html = chapter("html", Some("https://example.org/play"), BLOCK).expect("it holds");
    let start = "<figure class=\"inflight\" style=\"margin:1em 0\"><inflight-player base=\"https://example.org/play/\" scenario=\"s1.";
    assert!(html.contains(start), "{html:.300}");
    assert!(
        html.contains(" t=\"30s\" height=\"420\" mode=\"play\"><img src=\"data:image/svg+xml,"),
        "{html:.900}"
    );
    let script =
        "<script type=\"module\" src=\"https://example.org/play/player/inflight-player.js\"></script>";
    assert_eq!(html.matches(script).count(), 1);
    let link = html.split_once(" scenario=\"").and_then(|(_, rest)| rest.split_once('"')).expect("a link").0;
    let link = scenario::url::read(&link.replace("&amp;", "&")).expect("a link");
    assert_eq!((link.parsed.scenario.title.as_str(), link.note()), ("Fan-out", None));
}

#[test]
fn other_renderers_get_the_picture_only() {
    let markdown = chapter("markdown", Some("https://example.org/"), BLOCK).expect("it holds");
    assert!(markdown.contains("\n\n![Fan-out](<data:image/svg+xml,%3Csvg") && !markdown.contains("<figure"));
}

#[test]
fn what_does_not_hold_fails_the_build_and_says_where() {
    for (block, message) in [
        ("scenario=fan-out\nexpect fraud.NumberOfMessagesSent = 7 by 30s", "it is 60, not 7"),
        ("scenario=fan-out\nexpect max fraud.ApproximateNumberOfMessagesVisible <= 3 by 1m", "not at most 3"),
        ("scenario=fan-out\nset producer.rate=50\nexpect document", "of the document: it is"),
        ("scenario=fan-out\nexpect fraud.NumberOfMessagesSent = 60", "an expectation looks like"),
        ("scenario=fan-out\nexpect frau.NumberOfMessagesSent = 60 by 3s", "there is no resource frau"),
        ("scenario=fan-out\nexpect fraud.Messages = 60 by 3s", "There is no metric Messages"),
        ("scenario=fan-out\nset producer.rat=50", "shop has no property rat"),
        ("scenario=fan-out\nset producer.rate=-1", "at /Resources/shop/Properties/ArrivalProcess/Rate"),
        ("scenario=fan-in", "The gallery has no scenario \"fan-in\""),
        ("scenario=fan-out width=3", "A block has no word \"width\""),
        ("scenario=fan-out nonsense", "\"nonsense\" is not NAME=VALUE"),
        ("\nexpect document", "A block needs one of"),
        ("\n{ \"Version\": 1, \"Resources\": 3 }", "at /Resources"),
        ("file=../missing.json", "missing.json"),
        ("scenario=fan-out\nrate = 3", "is none of set, expect, caption"),
    ] {
        let error = chapter("html", None, &format!("# Title\n\nText\n\n```inflight {block}\n```\n"));
        let error = error.expect_err(block);
        assert!(error.starts_with("src/inner.md:5: ") && error.contains(message), "{block}: {error}");
    }
}

#[test]
fn a_document_in_the_block_or_in_a_file_does_as_well() {
    let document = r#"{ "Version": 1, "Title": "Mine", "Resources": { "p": { "Type": "Playground::Producer" },
        "q": { "Type": "AWS::SQS::Queue" } }, "Links": [{ "From": "p", "To": "q" }] }"#;
    let html = chapter("html", None, &format!("1. a list\n\n   ```inflight t=5s\n   {document}\n   ```\n"))
        .expect("fine");
    assert!(
        html.contains("Mine, diagram of 2 parts") && html.starts_with("1. a list\n\n   <figure"),
        "{html:.200}"
    );
    let html =
        chapter("html", None, "```inflight file=../../scenario/gallery/fan-out.json\n```\n").expect("fine");
    assert!(html.contains("Fan-out, diagram of 8 parts"), "{html:.200}");
}

#[test]
fn everything_else_of_a_chapter_stays_as_it_is() {
    let text = "# A\n\n```rust\nlet inflight = 1;\n```\n\n    ```inflight\n    indented\n\n`inflight`\n\n```inflightish\n```\n";
    assert_eq!(chapter("html", Some("https://example.org/"), text).expect("fine"), text);
}

#[test]
fn what_is_no_book_is_refused() {
    for input in ["", "{}", "[]", "[1]", "[1,2,3]"] {
        assert!(preprocess(input).is_err_and(|message| message.starts_with("mdbook-inflight: ")), "{input}");
    }
}

/// Every word of a link is a word behind the fence, and an attribute of the element.
#[test]
fn the_words_of_a_link_stand_behind_the_fence() {
    let values =
        [("mode", "tweak"), ("theme", "dark"), ("autoplay", "visible"), ("motion", "off"), ("lang", "de")];
    for word in scenario::url::OPTIONS {
        let value = values.iter().find(|(name, _)| name == word).map_or("shop", |(_, value)| *value);
        let block = format!("```inflight scenario=fan-out t=1s {word}={value}\n```\n");
        let html =
            chapter("html", Some("../inflight/"), &block).unwrap_or_else(|fault| panic!("{word}: {fault}"));
        assert!(html.contains(&format!(" {word}=\"{value}\"")), "{word}");
        assert!(html.contains(" t=\"1s\""), "{word}");
    }
    // What changes the run is in the document that the player gets.
    let scenario = |words: &str| {
        let html = chapter("html", Some("/"), &format!("```inflight scenario=fan-out {words}\n```\n"))
            .expect("a figure");
        let link = html.split_once(" scenario=\"").expect("a player").1.split('"').next().unwrap_or_default();
        scenario::url::read(&link.replace("&amp;", "&")).expect("a link").parsed.scenario
    };
    assert_eq!(scenario("seed=7").seed, kernel::Seed(7));
    assert_ne!(scenario("profile=classic").settings, scenario("").settings);
    assert!(chapter("html", None, "```inflight scenario=fan-out colour=red\n```\n").is_err());
}
