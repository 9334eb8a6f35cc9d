//! Scenarios in links.

use std::fs;
use std::path::Path;

use proptest::prelude::*;
use scenario::url::{UrlError, decode, encode};
use scenario::{gallery, limits, parse, parse_value};

use crate::scenario::mutated_document;

const CORPUS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/url_corpus");

/// The document a link's length is measured on: 12 resources and 16 links.
fn checkout() -> scenario::Scenario {
    let parsed = parse(&fs::read_to_string(Path::new(CORPUS).join("checkout.json")).unwrap());
    assert!(parsed.diagnostics.is_empty(), "{:#?}", parsed.diagnostics);
    parsed.scenario
}

#[test]
fn what_goes_into_a_link_comes_out_of_it() {
    for scenario in gallery::ALL.iter().map(gallery::Entry::scenario).chain([checkout(), Default::default()])
    {
        let fragment = encode(&scenario);
        let parsed = decode(fragment.as_str()).unwrap();
        assert!(parsed.diagnostics.is_empty(), "{}: {:#?}", scenario.title, parsed.diagnostics);
        assert_eq!(parsed.scenario, scenario);
    }
}

#[test]
fn a_link_may_begin_with_a_hash_and_end_with_what_is_for_others() {
    let scenario = checkout();
    let fragment = encode(&scenario);
    for text in [format!("#{fragment}"), format!("{fragment}&embed"), format!("  #{fragment}&t=30s&embed\n")]
    {
        assert_eq!(decode(&text).unwrap().scenario, scenario, "{text}");
    }
}

/// What the packing has no place for follows at its end: old links stay as they are, new members need no new packing.
#[test]
fn groups_and_notes_follow_at_the_end_of_a_link() {
    let plain = checkout();
    let mut drawn = plain.clone();
    let first = drawn.resources.keys().next().cloned().unwrap();
    drawn.groups.push(scenario::Group { title: "Front".into(), resources: vec![first] });
    drawn.notes.push(scenario::Note { text: "Look here".into(), at: [-20, 33] });
    let parsed = decode(encode(&drawn).as_str()).unwrap();
    assert!(parsed.diagnostics.is_empty(), "{:#?}", parsed.diagnostics);
    assert_eq!(parsed.scenario, drawn);
    let released = fs::read_to_string(Path::new(CORPUS).join("v1/checkout.txt")).unwrap();
    assert_eq!(
        encode(&plain).as_str(),
        released.trim(),
        "a document without them is packed as it always was"
    );
}

/// The length to beat is 560 characters.
#[test]
fn a_typical_link_is_short() {
    let scenario = checkout();
    assert_eq!((scenario.resources.len(), scenario.links.len()), (12, 16));
    let characters = encode(&scenario).as_str().len();
    assert!(characters <= 380, "{characters} characters");
}

#[test]
fn links_contain_only_what_needs_no_escaping() {
    for entry in gallery::ALL {
        let fragment = encode(&entry.scenario());
        let plain = |letter: char| letter.is_ascii_alphanumeric() || ".-_".contains(letter);
        assert!(fragment.as_str().chars().all(plain), "{fragment}");
    }
}

/// Links that were released. They are never changed; `UPDATE_EXPECT=1` only adds what is missing.
#[test]
fn links_of_every_release_still_decode() {
    let folder = Path::new(CORPUS).join("v1");
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        for (name, scenario) in
            gallery::ALL.iter().map(|entry| (entry.name, entry.scenario())).chain([("checkout", checkout())])
        {
            let link = folder.join(format!("{name}.txt"));
            if !link.exists() {
                fs::write(link, format!("{}\n", encode(&scenario))).unwrap();
                fs::write(folder.join(format!("{name}.json")), scenario.to_json()).unwrap();
            }
        }
    }
    for entry in gallery::ALL {
        let kept = folder.join(format!("{}.txt", entry.name));
        assert!(kept.exists(), "no link of {} is kept: UPDATE_EXPECT=1 adds it", entry.name);
    }
    let mut links = 0;
    for file in fs::read_dir(&folder).unwrap() {
        let path = file.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "txt") {
            let parsed = decode(&fs::read_to_string(&path).unwrap()).unwrap();
            let document = parse(&fs::read_to_string(path.with_extension("json")).unwrap());
            assert_eq!(parsed.scenario, document.scenario, "{}", path.display());
            links += 1;
        }
    }
    assert!(links >= 10, "{links} links");
}

#[test]
fn each_way_to_be_no_link_has_its_own_error() {
    let prefix = |prefix: &str| UrlError::UnknownCodec { prefix: prefix.into() };
    assert_eq!(decode(""), Err(prefix("")));
    assert_eq!(decode("#s9.AAAA"), Err(prefix("s9")));
    assert_eq!(decode("https://example.org/"), Err(prefix("https://example")));
    assert_eq!(decode("s1.a+b/"), Err(UrlError::NotBase64));
    assert_eq!(decode("s1."), Err(UrlError::Corrupt));
    assert_eq!(decode("s1.AAAAAAAAAAAAAAAA"), Err(UrlError::Corrupt));
    let long = format!("s1.{}", "A".repeat(limits::MAX_FRAGMENT_CHARACTERS));
    assert_eq!(decode(&long), Err(UrlError::TooLong { characters: long.len() }));
    assert!(encode(&checkout()).fits());
    let large = scenario::Scenario { description: "a".repeat(600_000), ..checkout() };
    assert!(!encode(&large).fits());
    assert_eq!(decode(encode(&large).as_str()), Err(UrlError::InflatesTooLarge));
    for error in [prefix("s9"), UrlError::NotBase64, UrlError::Corrupt, UrlError::InflatesTooLarge] {
        let text = error.to_string();
        assert!(text.starts_with("This link") && text.ends_with('.'), "{text}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(250))]

    #[test]
    fn whatever_can_be_read_survives_a_link(document in mutated_document()) {
        let scenario = parse_value(&document).scenario;
        let parsed = decode(encode(&scenario).as_str()).unwrap();
        prop_assert!(parsed.diagnostics.is_empty(), "{:#?}", parsed.diagnostics);
        prop_assert_eq!(parsed.scenario, scenario);
    }

    #[test]
    fn damaged_links_give_an_error_or_a_document_and_never_panic(
        place in 0..gallery::ALL.len(),
        damage in prop::collection::vec((any::<u16>(), "[A-Za-z0-9_-]"), 1..4),
        kept in any::<u16>(),
    ) {
        let link = encode(&gallery::ALL[place].scenario()).to_string();
        let mut letters: Vec<char> = link.chars().collect();
        for (at, letter) in damage {
            let at = 3 + usize::from(at) % (letters.len() - 3);
            letters[at] = letter.chars().next().unwrap();
        }
        letters.truncate(letters.len().min(3 + usize::from(kept)));
        if let Ok(parsed) = decode(&letters.into_iter().collect::<String>()) {
            let _ = parsed.validated();
        }
    }

    #[test]
    fn no_text_makes_the_decoder_panic(text in "(s1\\.)?[A-Za-z0-9_-]{0,300}") {
        if let Ok(parsed) = decode(&text) {
            let _ = parsed.validated();
        }
    }
}
