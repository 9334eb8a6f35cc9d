//! The words by which a diagram is shown in a page of others: one list for links, attributes, books and documentation.

use std::fs;
use std::path::Path;

use scenario::url;

/// Words that a link has beside those of [`url::OPTIONS`], and attributes too.
const OF_THE_RUN: [&str; 3] = ["t", "seed", "profile"];
/// An element hears its own frame only.
const OF_FRAMES: &str = "origin";

fn file(path: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    fs::read_to_string(root.join(path)).unwrap()
}

/// Every word, sorted: all that may stand in an address.
fn words() -> Vec<&'static str> {
    let mut words: Vec<&str> = url::OPTIONS.iter().chain(&OF_THE_RUN).copied().collect();
    words.sort_unstable();
    words
}

/// What stands between two texts.
fn between<'a>(text: &'a str, begin: &str, end: &str) -> &'a str {
    text.split_once(begin).and_then(|(_, rest)| rest.split_once(end)).unwrap().0
}

/// The pieces of a text that stand between such marks.
fn marked(text: &str, mark: char) -> Vec<&str> {
    let mut found: Vec<&str> = text.split(mark).skip(1).step_by(2).collect();
    found.sort_unstable();
    found
}

#[test]
fn links_attributes_types_and_documentation_have_the_same_words() {
    for wanted in [
        "mode", "theme", "autoplay", "speed", "panels", "controls", "fit", "lang", "motion", "select",
        "lock", "hide",
    ] {
        assert!(words().contains(&wanted), "{wanted}");
    }
    let attributes: Vec<&str> = words().into_iter().filter(|word| *word != OF_FRAMES).collect();
    let script = file("player/inflight-player.js");
    assert_eq!(marked(between(&script, "const WORDS = [", "];"), '"'), attributes);
    let types = file("player/inflight-player.d.ts");
    let types = between(&types, "and the words of a link:", "*/").replace(" * ", "");
    assert_eq!(marked(&types, '`'), attributes);
    let documentation = file("docs/embedding.md");
    let table = between(&documentation, "\n| word | means |", "\n\n");
    for word in words() {
        let said = [format!("| `{word}=")].iter().any(|row| table.contains(row.as_str()))
            || table.contains(&format!(", `{word}="));
        assert!(said, "docs/embedding.md does not tell of {word}");
    }
}

/// A second version of the messages gets a path of its own; that of the first one stays.
#[test]
fn the_versioned_path_is_the_same_everywhere() {
    let site = file("web/finish_site.mjs");
    assert!(site.contains("\"e/v1/index.html\": \"../../\""));
    assert!(file("player/inflight-player.js").contains("${this.base}e/v${VERSION}/#"));
    assert!(file("player/inflight-player.js").contains("const VERSION = 1;"));
    assert!(file("docs/embedding.md").contains("inflight/e/v1/#g=fan-out"));
}
