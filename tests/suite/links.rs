//! Whole links: what people write beside a document, and what strangers write there.

use std::fs;
use std::path::Path;

use kernel::{Seed, SimTime};
use messaging::quota::QuotaProfile;
use proptest::prelude::*;
use scenario::url::{self, ENGINE, Link, UrlError, read, write};
use scenario::{DiagnosticCode, Scenario, Severity, gallery, limits, runs_by_itself};
use serde_json::{Value, json};

fn fan_out() -> Scenario {
    gallery::find("fan-out").unwrap().scenario()
}

fn at(link: &Link, pointer: &str) -> Value {
    link.parsed.scenario.to_value().pointer(pointer).cloned().unwrap_or(Value::Null)
}

#[test]
fn a_link_that_people_write_changes_what_it_names() {
    let link = read("#g=fan-out&producer.rate=450&seed=7&t=30s").unwrap();
    assert!(link.parsed.diagnostics.is_empty(), "{:#?}", link.parsed.diagnostics);
    assert_eq!(link.gallery, Some("fan-out"));
    assert_eq!((link.parsed.scenario.seed, link.at), (Seed(7), Some(SimTime::from_secs(30))));
    assert_eq!(at(&link, "/Resources/shop/Properties/ArrivalProcess/Rate"), 450);
    assert_eq!(at(&link, "/Resources/shop/Properties/ArrivalProcess/Type"), "Steady");
    // Nothing else is changed.
    let mut plain = fan_out();
    plain.seed = Seed(7);
    let mut value = link.parsed.scenario.to_value();
    value["Resources"]["shop"]["Properties"]["ArrivalProcess"]["Rate"] = 2.into();
    assert_eq!(value, plain.to_value());
}

/// By name, by kind, with dots in the name, of a link; in any case, escaped or not.
#[test]
fn the_words_of_a_change_are_forgiving() {
    for (words, pointer, value) in [
        ("shop.rate=450", "/Resources/shop/Properties/ArrivalProcess/Rate", json!(450)),
        ("Shop.ArrivalProcess.Rate=4.5", "/Resources/shop/Properties/ArrivalProcess/Rate", json!(4.5)),
        ("shop.max-messages=9", "/Resources/shop/Properties/MaxMessages", json!(9)),
        ("fraud.VisibilityTimeout=5", "/Resources/fraud/Properties/VisibilityTimeout", json!(5)),
        ("fraud%2Dcheck.workers=7", "/Resources/fraud-check/Properties/Workers", json!(7)),
        ("shop.message_choice=RANDOM", "/Resources/shop/Properties/MessageChoice", json!("Random")),
        ("orders>fraud.RawMessageDelivery=yes", "/Links/1/Properties/RawMessageDelivery", json!(true)),
        ("orders%3Efraud.FilterPolicy={%22a%22:[1]}", "/Links/1/Properties/FilterPolicy/a/0", json!(1)),
    ] {
        let link = read(&format!("g=fan-out&{words}")).unwrap();
        assert!(link.parsed.diagnostics.is_empty(), "{words}: {:#?}", link.parsed.diagnostics);
        assert_eq!(at(&link, pointer), value, "{words}");
    }
    let fifo = gallery::find("fifo-over-quota").unwrap().scenario();
    let queue = fifo.resources.keys().find(|id| id.as_str().ends_with(".fifo")).unwrap();
    let words = format!("g=fifo-over-quota&{queue}.VisibilityTimeout=7");
    let pointer = format!("/Resources/{queue}/Properties/VisibilityTimeout");
    assert_eq!(at(&read(&words).unwrap(), &pointer), 7);
}

/// What is wrong is said where it stands, and the rest of the link holds.
#[test]
fn a_change_that_does_not_fit_is_reported_where_it_stands() {
    use DiagnosticCode::{DanglingLink, OutOfRange, TooLarge, UnknownMember, UnknownProperty, WrongType};
    let rate = "/Resources/shop/Properties/ArrivalProcess/Rate";
    let many = vec!["shop.rate=3"; limits::MAX_OVERRIDES + 1].join("&");
    for (words, code, pointer, severity) in [
        ("shop.rate=NaN", WrongType, "/Resources/shop/Properties/ArrivalProcess/Rate", Severity::Error),
        ("shop.rate=1e999", WrongType, rate, Severity::Error),
        ("shop.rate=-1", OutOfRange, rate, Severity::Error),
        ("shop.rate=99999999", OutOfRange, rate, Severity::Error),
        ("shop.rat=450", UnknownProperty, "/#/shop.rat", Severity::Error),
        ("shopp.rate=450", DanglingLink, "/#/shopp.rate", Severity::Error),
        ("queue.VisibilityTimeout=3", DanglingLink, "/#/queue.VisibilityTimeout", Severity::Error),
        ("a~b/c.d=1", DanglingLink, "/#/a~0b~1c.d", Severity::Error),
        ("seed=-1", OutOfRange, "/#/seed", Severity::Error),
        ("seed=9007199254740992", OutOfRange, "/#/seed", Severity::Error),
        ("t=soon", OutOfRange, "/#/t", Severity::Error),
        ("profile=2019", OutOfRange, "/#/profile", Severity::Error),
        ("sede=3", UnknownMember, "/#/sede", Severity::Warning),
        ("t=9999h", TooLarge, "/#/t", Severity::Warning),
        (many.as_str(), TooLarge, "/#", Severity::Error),
    ] {
        let link = read(&format!("g=fan-out&{words}&v={ENGINE}")).unwrap().parsed.validated();
        let first = link.diagnostics.iter().next().unwrap_or_else(|| panic!("{words:.80} is refused"));
        assert_eq!((first.code, first.pointer.as_str()), (code, pointer), "{words:.80}: {first}");
        assert_eq!(first.severity, severity, "{words:.80}");
        assert_eq!(link.scenario.resources.len(), fan_out().resources.len());
    }
    let hint = read("g=fan-out&shopp.rate=4").unwrap().parsed.diagnostics.0[0].hint.clone();
    assert_eq!(hint.as_deref(), Some("Did you mean shop?"));
}

#[test]
fn a_link_without_a_document_says_so() {
    assert_eq!(read("seed=3&t=1s"), Err(UrlError::NoDocument));
    assert_eq!(read("g=fan-in"), Err(UrlError::NotInTheGallery { name: "fan-in".into() }));
    assert!(matches!(read(""), Err(UrlError::UnknownCodec { .. })));
    assert!(matches!(read("s9.A&seed=3"), Err(UrlError::UnknownCodec { .. })));
}

/// A link opened years later runs the same, or says that it may not.
#[test]
fn a_link_records_what_made_it() {
    let mut scenario = fan_out();
    scenario.seed = Seed(42);
    scenario.settings.quota_profile = QuotaProfile::Classic;
    let text = write(&scenario, Some(SimTime::from_secs(90)), &[("mode", "play"), ("select", "a&b=c d")]);
    assert!(text.ends_with(&format!("&t=1m30s&mode=play&select=a%26b%3Dc%20d&v={ENGINE}")), "{text}");
    let link = read(&text).unwrap();
    assert_eq!(link.parsed.scenario, scenario);
    assert_eq!((link.at, link.engine.as_deref()), (Some(SimTime::from_secs(90)), Some(ENGINE)));
    assert_eq!(link.options, [("mode".into(), "play".into()), ("select".into(), "a&b=c d".into())]);
    assert_eq!((link.note(), link.option("mode"), link.option("theme")), (None, Some("play"), None));
    let other = read(&text.replace(&format!("v={ENGINE}"), "v=9.0.0")).unwrap();
    assert!(other.note().is_some_and(|note| note.contains("9.0.0") && note.contains(ENGINE)));
    assert_eq!(read(url::encode(&scenario).as_str()).unwrap().note(), None, "older links do not say");
}

/// Readable links that were given out: the document each of them means is kept beside it.
#[test]
fn readable_links_of_every_release_still_mean_the_same() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("url_corpus/readable");
    let mut links = 0;
    for file in fs::read_dir(&folder).unwrap() {
        let path = file.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "txt") {
            continue;
        }
        let link = read(&fs::read_to_string(&path).unwrap()).unwrap();
        assert!(link.parsed.diagnostics.is_empty(), "{}: {:#?}", path.display(), link.parsed.diagnostics);
        let kept = path.with_extension("json");
        if std::env::var_os("UPDATE_EXPECT").is_some() && !kept.exists() {
            fs::write(&kept, link.parsed.scenario.to_json()).unwrap();
        }
        let document = scenario::parse(&fs::read_to_string(&kept).unwrap());
        assert_eq!(link.parsed.scenario, document.scenario, "{}", path.display());
        links += 1;
    }
    assert!(links >= 3, "{links} links");
}

/// Every scenario of the gallery may start by itself; what would keep a phone busy may not.
#[test]
fn what_is_too_much_work_does_not_start_by_itself() {
    for entry in gallery::ALL {
        assert!(runs_by_itself(&entry.scenario()), "{}", entry.name);
    }
    for words in ["shop.rate=100000", "shop.ArrivalProcess={\"Type\":\"AtOnce\",\"Count\":1000000}"] {
        let link = read(&format!("g=fan-out&{words}")).unwrap();
        assert!(link.parsed.diagnostics.is_empty(), "{words}: {:#?}", link.parsed.diagnostics);
        assert!(!runs_by_itself(&link.parsed.scenario), "{words}");
    }
    let busy = read("g=fan-out&fraud-check.workers=1000&t=10m").unwrap();
    assert_eq!(busy.at, None, "{:?}", busy.parsed.diagnostics);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn whatever_stands_beside_a_document_is_taken_or_refused(
        words in prop::collection::vec(("[a-z>.%=&A-F0-9~/\\-]{0,20}|[a-z]{1,6}\\.[A-Za-z]{1,12}", any::<String>()), 0..8),
        codec in any::<bool>(),
    ) {
        let said: Vec<String> = words.iter().map(|(word, value)| format!("{word}={value}")).collect();
        let head = if codec { url::encode(&fan_out()).to_string() } else { "g=fan-out".into() };
        if let Ok(link) = read(&format!("{head}&{}", said.join("&"))) {
            let _ = link.parsed.validated();
        }
        let _ = read(&said.join("&"));
    }
}
