//! Pictures and tables: they are what they claim to be, and nothing a stranger writes gets out of its place.

use std::fs;
use std::path::Path;

use editor::view;
use export::{Animation, Options, Stage, Theme};
use kernel::{SimDuration, SimTime};
use messaging::trace::TraceSettings;
use messaging::{EventBudget, LogicalId, MetricName, World};
use roxmltree::Document;
use scenario::{Scenario, gallery, parse};

fn options(theme: Theme) -> Options<'static> {
    Options { theme, framed: true, icon: &export::icon }
}

fn stage(name: &str) -> Stage {
    Stage::new(&gallery::find(name).unwrap().scenario()).unwrap()
}

fn picture(name: &str, seconds: u64) -> String {
    let mut stage = stage(name);
    stage.go_to(SimTime::from_secs(seconds));
    stage.picture(&options(Theme::Auto))
}

/// Every element and attribute a picture may have: no script, nothing loaded, nothing to click.
fn holds_only_what_a_picture_may(svg: &str) -> Result<(), String> {
    const ELEMENTS: &[&str] = &[
        "svg",
        "title",
        "desc",
        "style",
        "defs",
        "pattern",
        "g",
        "rect",
        "path",
        "circle",
        "ellipse",
        "text",
        "animate",
        "animateMotion",
    ];
    let document = Document::parse(svg).map_err(|error| error.to_string())?;
    for node in document.descendants().filter(roxmltree::Node::is_element) {
        let name = node.tag_name().name();
        if !ELEMENTS.contains(&name) {
            return Err(format!("an element {name}"));
        }
        for attribute in node.attributes() {
            let (name, value) = (attribute.name(), attribute.value());
            if name.starts_with("on") || name.contains("href") {
                return Err(format!("an attribute {name}={value}"));
            }
            if value.contains("url(") && value != "url(#dots)" {
                return Err(format!("an address {name}={value}"));
            }
            if value.contains("NaN") || value.contains("inf") && name == "d" {
                return Err(format!("no number in {name}={value}"));
            }
        }
    }
    let styles = document.descendants().filter(|node| node.has_tag_name("style"));
    let styles: String = styles.filter_map(|node| node.text()).collect();
    match styles.contains("url(") || styles.contains("@import") || styles.contains("expression") {
        true => Err("a style that loads something".into()),
        false => Ok(()),
    }
}

fn texts(svg: &str) -> Vec<String> {
    let document = Document::parse(svg).unwrap();
    let texts = document.descendants().filter(|node| node.has_tag_name("text"));
    texts.filter_map(|node| node.text().map(str::to_owned)).collect()
}

#[test]
fn every_scenario_of_the_gallery_makes_a_picture() {
    for entry in gallery::ALL {
        let mut stage = Stage::new(&entry.scenario()).unwrap();
        stage.go_to(SimTime::from_secs(10));
        let svg = stage.picture(&options(Theme::Auto));
        holds_only_what_a_picture_may(&svg).unwrap_or_else(|reason| panic!("{}: {reason}", entry.name));
        let texts = texts(&svg);
        for id in stage.state.scenario.resources.keys() {
            let start: String = id.as_str().chars().take(8).collect();
            assert!(texts.iter().any(|text| text.starts_with(&start)), "{}: {id} is not drawn", entry.name);
        }
        assert!(svg.len() < 120_000, "{}: {} bytes", entry.name, svg.len());
    }
}

/// The picture shows the very instant it was asked for, from the same figures as the page.
#[test]
fn a_picture_shows_the_state_at_its_time() {
    let scenario = gallery::find("fan-out").unwrap().scenario();
    let mut stage = stage("fan-out");
    for milliseconds in [90, 12_540, 30_060, 58_555] {
        let at = SimTime::from_micros(milliseconds * 1_000);
        stage.go_to(at);
        assert_eq!(stage.state.playback.playhead(), at);
        let texts = texts(&stage.picture(&options(Theme::Light)));
        // Against a run that knows nothing of editor and pictures.
        let spec = scenario::compile(&scenario).unwrap();
        let mut world = World::new(&spec.into(), scenario.seed, TraceSettings::OFF);
        world.advance(at, EventBudget(u64::MAX));
        let fraud = world.component(&LogicalId::from("fraud")).unwrap();
        let metrics = world.metrics(fraud);
        let waiting = metrics.value(MetricName::ApproximateNumberOfMessagesVisible);
        let in_flight = metrics.value(MetricName::ApproximateNumberOfMessagesNotVisible);
        assert!(waiting + in_flight > 0, "at {at} there is nothing to see");
        assert!(texts.contains(&format!("{waiting} visible")), "{at}: {waiting}: {texts:?}");
        assert!(texts.contains(&format!("{in_flight} in flight")), "{at}: {in_flight}: {texts:?}");
        assert!(texts.iter().any(|text| text == &view::clock_text(&stage.state).0), "{texts:?}");
        let stopped = milliseconds > 10_000;
        assert_eq!(texts.iter().any(|text| text.starts_with("The fraud check stops.")), stopped, "{texts:?}");
        assert_eq!(texts.contains(&"down".to_owned()), stopped, "{texts:?}");
    }
    // The same instant by another way is the same picture.
    let mut other = Stage::new(&scenario).unwrap();
    other.go_to(SimTime::from_micros(58_555_000));
    assert_eq!(other.picture(&options(Theme::Light)), stage.picture(&options(Theme::Light)));
}

/// One picture, byte for byte: a change of it is a change of what people see.
#[test]
fn a_picture_looks_as_it_did() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("pictures/fan-out.svg");
    let svg = picture("fan-out", 30);
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        fs::write(&path, &svg).unwrap();
    }
    assert!(svg == fs::read_to_string(&path).unwrap(), "look at it, then UPDATE_EXPECT=1");
}

/// A document whose every text wants to be something else.
fn hostile() -> Scenario {
    let evil = "</text><script>alert(1)</script><a href='javascript:alert(1)'>\"&\u{202e}x\u{0}]]>";
    let name = "q\"><script>";
    let document = serde_json::json!({
        "Version": 1, "Title": evil, "Description": evil,
        "Resources": {
            "p": { "Type": "Playground::Producer", "Properties": { "Messages": [
                { "Body": evil, "Attributes": { "state": { "Type": "String", "Value": evil } } },
                { "Body": "plain", "Attributes": { "state": { "Type": "String", "Value": "b" } } } ] } },
            "orders": { "Type": "AWS::SNS::Topic" },
            "q": { "Type": "AWS::SQS::Queue" },
        },
        "Links": [
            { "Type": "Playground::Send", "From": "p", "To": "orders" },
            { "Type": "AWS::SNS::Subscription", "From": "orders", "To": "q",
              "Properties": { "FilterPolicy": { evil: [evil, "b"] } } },
        ],
        "Captions": [{ "At": "0s", "Text": evil }],
        "Layout": { "p": [-100000, -100000], "q": [100000, 100000] },
    });
    let mut scenario = parse(&document.to_string()).scenario;
    // A name that no check would let through is escaped all the same.
    let properties = scenario.resources.get(&LogicalId::from("q")).unwrap().clone();
    scenario.resources.insert(LogicalId::from(name), properties);
    scenario
}

#[test]
fn texts_of_a_stranger_stay_texts() {
    let mut scenario = hostile();
    let unchecked = scenario.resources.shift_remove(&LogicalId::from("q\"><script>")).unwrap();
    let mut stage = Stage::new(&scenario).unwrap();
    stage.go_to(SimTime::from_secs(5));
    for theme in [Theme::Auto, Theme::Dark] {
        let svg = stage.picture(&options(theme));
        holds_only_what_a_picture_may(&svg).unwrap();
        assert!(!svg.contains("<script") && !svg.contains('\u{202e}') && !svg.contains('\u{0}'));
    }
    let animation = Animation { from: SimTime::ZERO, duration: SimDuration::from_secs(2) };
    holds_only_what_a_picture_may(&animation.draw(&mut stage, &options(Theme::Auto))).unwrap();
    // Before any check: a state with a name that cannot be.
    scenario.resources.insert(LogicalId::from("q\"><script>"), unchecked);
    let mut state = editor::EditorState::default();
    state.scenario = scenario.into();
    let svg = export::picture(&state, &[], &options(Theme::Auto));
    holds_only_what_a_picture_may(&svg).unwrap();
    assert!(texts(&svg).iter().any(|text| text.starts_with("q\"><")));
}

/// It plays as an image: nothing but SMIL, over and over, every time between 0 and 1 and in order.
#[test]
fn a_moving_picture_moves_without_a_script() {
    let mut stage = stage("fan-out");
    let animation = Animation { from: SimTime::from_secs(8), duration: SimDuration::from_secs(6) };
    let svg = animation.draw(&mut stage, &options(Theme::Auto));
    holds_only_what_a_picture_may(&svg).unwrap();
    let document = Document::parse(&svg).unwrap();
    let mut moving = 0;
    for node in document.descendants() {
        let Some(times) = node.attribute("keyTimes") else { continue };
        let name = node.tag_name().name();
        moving += usize::from(name == "animateMotion");
        assert_eq!((node.attribute("repeatCount"), node.attribute("dur")), (Some("indefinite"), Some("6s")));
        let times: Vec<f64> = times.split(';').map(|time| time.parse().unwrap()).collect();
        assert!(times[0] == 0.0 && times.is_sorted() && times.iter().all(|time| (0.0..=1.0).contains(time)));
        let values = node.attribute("keyPoints").or(node.attribute("values")).unwrap().split(';').count();
        assert_eq!(values, times.len(), "{name} {times:?}");
        // Motion and fading need both ends; what is switched needs none.
        let ends = node.attribute("calcMode") == Some("discrete") || times.last() == Some(&1.0);
        assert!(ends, "{name} {times:?}");
    }
    // Two a second for six seconds, along seven links; one queue is not read any more from 10 s on.
    assert!((70..=110).contains(&moving), "{moving} marks");
    // A card that changes has several drawings, one that does not has one.
    assert!((0..4).all(|count| svg.contains(&format!(">{count} visible<"))), "the queue grows");
    assert!(svg.len() < 250_000, "{} bytes", svg.len());
}

/// `web/styles/tokens.css` is the only source of values (UI.md section 14): a picture's colours are those of the page.
#[test]
fn colours_are_the_tokens_of_the_page() {
    let css =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../web/styles/tokens.css")).unwrap();
    let (light, dark) = css.split_once(":root[data-theme=\"dark\"]").unwrap();
    let svg = |theme| {
        let mut stage = stage("fan-out");
        stage.go_to(SimTime::ZERO);
        stage.picture(&options(theme))
    };
    for (theme, tokens) in [(Theme::Light, light), (Theme::Dark, dark)] {
        let svg = svg(theme);
        let own = svg.split_once("<style>svg{").unwrap().1.split_once('}').unwrap().0;
        let own: Vec<&str> = own.split_terminator(';').collect();
        assert!(own.len() > 20, "{own:?}");
        for token in own {
            let (name, value) = token.split_once(':').unwrap();
            assert!(
                tokens.contains(&format!("{name}: {value};")),
                "{theme:?} {name} is not {value} in tokens.css"
            );
        }
    }
}

#[test]
fn tables_say_what_the_run_measured() {
    let mut stage = stage("fan-out");
    let table = export::metrics_csv(&mut stage, SimTime::from_secs(30));
    let mut rows = table.split_terminator("\r\n");
    assert_eq!(rows.next(), Some("Seconds,Node,Metric,Statistic,Value"));
    let (mut sent, mut visible) = (0.0, 0.0);
    for row in rows {
        let cells: Vec<&str> = row.split(',').collect();
        assert_eq!(cells.len(), 5, "{row}");
        let value: f64 = cells[4].parse().unwrap();
        match (cells[1], cells[2]) {
            ("fraud", "NumberOfMessagesSent") => sent += value,
            ("fraud", "ApproximateNumberOfMessagesVisible") => visible = value,
            _ => {}
        }
    }
    let fraud = stage.state.run.nodes[&LogicalId::from("fraud")].state.summary.clone();
    assert!((58.0..=61.0).contains(&sent), "{sent}");
    assert!(fraud.contains(&format!("{visible} visible")), "{visible}: {fraud}");
    let events = export::events_csv(&mut stage, SimTime::from_secs(30));
    let stopped: Vec<&str> =
        events.split_terminator("\r\n").filter(|row| row.starts_with("10.000000,")).collect();
    assert!(stopped.iter().any(|row| row.contains(",fraud-check,done,")), "{events}");
}

/// A picture as an address holds nothing that ends an attribute or a line.
#[test]
fn a_picture_can_be_an_address() {
    let address = export::data_address(&picture("filter-by-state", 3));
    assert!(address.starts_with("data:image/svg+xml,%3Csvg"));
    assert!(!address.contains(['"', '<', '>', '&', '#', '\n', '`']), "{address:.200}");
}

/// As on the page: a rate on a wire never covers a card, and long times are hours.
#[test]
fn rates_lie_below_the_cards_and_retention_is_in_hours() {
    for name in ["fan-out", "order-events", "scale-out", "broker-failover", "comparison"] {
        let svg = picture(name, 30);
        let (pill, card) = (svg.rfind("class=\"pill").unwrap(), svg.find("class=\"card").unwrap());
        assert!(pill < card, "{name}");
    }
    assert!(picture("order-events", 30).contains("retention 96 h"));
}
