//! `docs/checklist.md`: every row of the checklist, and where a person or a test sees its number.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::sync::LazyLock;

use kernel::SimTime;
use messaging::EventBudget;
use regex::Regex;
use scenario::{Expectation, Scenario, check, gallery};

use crate::architecture::{root, rules as all_rules, tracked};
use crate::citations::{Citations, Test, order, tests_of};
use crate::fidelity::{few, link, plain};
use crate::gallery::world;

/// Where people write what shows a row.
const SHOWN: &str = "docs/spec/checklist.toml";

/// A row of the checklist.
struct Row {
    number: String,
    section: String,
    claim: String,
    result: String,
}

/// The rows, in the order of the checklist.
fn rows(text: &str) -> Vec<Row> {
    let row = Regex::new(r"^\| (SP-[0-9]+) \| (.*) \| [^|]* \| ([^|]*) \|$").expect("an expression");
    let mut section = String::new();
    let mut rows = Vec::new();
    for line in text.lines() {
        if let Some(title) = line.strip_prefix("## ") {
            section = title.to_owned();
        } else if let Some(found) = row.captures(line) {
            let [number, claim, result] = [1, 2, 3].map(|place| found[place].to_owned());
            rows.push(Row { number, section: section.clone(), claim, result });
        }
    }
    rows
}

/// What people write of the rows.
#[derive(Default)]
struct Shown {
    not_yet: BTreeSet<String>,
    /// `scenario: metric of resource`, any number of them.
    gallery: BTreeMap<String, Vec<String>>,
    /// A file, and the words in it.
    information: BTreeMap<String, (String, String)>,
    outside: BTreeMap<String, String>,
}

impl Shown {
    fn read() -> Self {
        let text = std::fs::read_to_string(root().join(SHOWN)).expect(SHOWN);
        let table: toml::Table = text.parse().unwrap_or_else(|error| panic!("{SHOWN}: {error}"));
        let text_of = |value: &toml::Value| {
            value.as_str().unwrap_or_else(|| panic!("{SHOWN}: {value:?} is no text")).to_owned()
        };
        let texts = |value: &toml::Value| -> Vec<String> {
            value.as_array().into_iter().flatten().map(text_of).collect()
        };
        let mut shown = Self::default();
        for (name, value) in &table {
            if name == "not_yet" {
                shown.not_yet = texts(value).into_iter().collect();
                continue;
            }
            for (row, value) in value.as_table().into_iter().flatten() {
                let row = row.clone();
                match (name.as_str(), texts(value).as_slice()) {
                    ("gallery", places @ [_, ..]) => {
                        shown.gallery.insert(row, places.to_vec());
                    }
                    ("information", [file, words]) => {
                        shown.information.insert(row, (file.clone(), words.clone()));
                    }
                    ("outside", []) => {
                        shown.outside.insert(row, text_of(value));
                    }
                    _ => panic!("{SHOWN}: what is {row} of [{name}]?"),
                }
            }
        }
        shown
    }
}

/// The numbers that the gallery gives.
#[derive(Default)]
struct Gallery {
    runs: BTreeMap<&'static str, (Scenario, Vec<Option<u64>>)>,
}

impl Gallery {
    /// What came out where a place such as `fan-out: NumberOfMessagesSent of fraud` points to.
    fn observed(&mut self, place: &str) -> Result<String, String> {
        let parts = place.split_once(": ").and_then(|(name, rest)| Some((name, rest.split_once(" of ")?)));
        let (name, (metric, of)) =
            parts.ok_or_else(|| format!("`{place}` is not `scenario: metric of resource`"))?;
        let entry = gallery::find(name).ok_or_else(|| format!("the gallery has no {name}"))?;
        let (scenario, observed) = self.runs.entry(entry.name).or_insert_with(|| run(entry));
        let is_meant =
            |expected: &Expectation| expected.metric.name() == metric && expected.of.as_str() == of;
        let found = scenario.expectations.iter().zip(observed).filter(|(expected, _)| is_meant(expected));
        let found: Vec<String> = found
            .map(|(expected, observed)| {
                let holds = observed.is_some_and(|observed| expected.bound.holds(observed));
                let number = observed.map_or_else(String::new, |observed| observed.to_string());
                match holds {
                    true => Ok(format!("{number} by {}", seconds(expected.by))),
                    false => Err(format!("{place} is {number}, not {}", expected.bound)),
                }
            })
            .collect::<Result<_, _>>()?;
        match found.is_empty() {
            true => Err(format!("{name} expects nothing of {metric} of {of}")),
            false => Ok(format!("{metric} of {of}: {}", found.join(", "))),
        }
    }
}

fn seconds(time: SimTime) -> String {
    format!("{} s", time.as_secs_f64())
}

/// A scenario with what came out at each of its expectations.
fn run(entry: &gallery::Entry) -> (Scenario, Vec<Option<u64>>) {
    let scenario = entry.scenario();
    let mut world = world(&scenario);
    let mut observed = vec![None; scenario.expectations.len()];
    let mut order: Vec<usize> = (0..observed.len()).collect();
    order.sort_by_key(|place| scenario.expectations[*place].by);
    for place in order {
        let expected = &scenario.expectations[place];
        world.advance(expected.by, EventBudget::UNLIMITED);
        observed[place] = Some(check(expected, &world).observed);
    }
    (scenario, observed)
}

/// All there is to say of the rows.
struct Checklist {
    rows: Vec<Row>,
    shown: Shown,
    tests: BTreeMap<String, Vec<Test>>,
    /// By row: scenario and what came out.
    observed: BTreeMap<String, Vec<(String, String)>>,
    wrong: Vec<String>,
}

impl Checklist {
    fn read() -> Self {
        let files = tracked();
        let text_of = |name: &str| files.iter().find(|(file, _)| file == name).map(|(_, text)| text.as_str());
        let rows = rows(text_of("docs/spec/course_notes_checklist.md").unwrap_or_default());
        let citations = Citations::of(all_rules());
        let mut tests = BTreeMap::<String, Vec<Test>>::new();
        for test in files.iter().flat_map(|(file, text)| tests_of(file, text)) {
            for row in citations.cited_by(&test) {
                tests.entry(row).or_default().push(test.clone());
            }
        }
        let shown = Shown::read();
        let mut wrong = Vec::new();
        let mut observed = BTreeMap::<String, Vec<(String, String)>>::new();
        let mut gallery = Gallery::default();
        for (row, places) in &shown.gallery {
            for place in places {
                match gallery.observed(place) {
                    Ok(number) => {
                        let scenario = place.split(':').next().unwrap_or_default().to_owned();
                        observed.entry(row.clone()).or_default().push((scenario, number));
                    }
                    Err(why) => wrong.push(format!("{row}: {why}")),
                }
            }
        }
        for (row, (file, words)) in &shown.information {
            if !text_of(file).is_some_and(|text| text.contains(words)) {
                wrong.push(format!("{row}: {file} does not say `{words}`"));
            }
        }
        Self { rows, shown, tests, observed, wrong }
    }

    /// How a row is shown; nothing if it is not.
    fn status(&self, row: &str) -> Option<&'static str> {
        match () {
            () if self.shown.gallery.contains_key(row) => Some("gallery"),
            () if self.tests.contains_key(row) => Some("test"),
            () if self.shown.information.contains_key(row) => Some("text"),
            () if self.shown.outside.contains_key(row) => Some("outside the model"),
            () => None,
        }
    }

    fn page(&self) -> String {
        let mut page = String::from(HEAD);
        let open: Vec<&str> = self.rows.iter().map(|row| row.number.as_str()).collect();
        let open: Vec<&str> = open.into_iter().filter(|row| self.status(row).is_none()).collect();
        let shown = self.rows.len() - open.len();
        let _ = match open.is_empty() {
            true => writeln!(page, "\nAll {shown} rows are shown."),
            false => {
                let (all, open) = (self.rows.len(), open.join(", "));
                writeln!(page, "\n{shown} of {all} rows are shown. Not yet: {open}.")
            }
        };
        let mut section = "";
        for row in &self.rows {
            if row.section != section {
                section = &row.section;
                let _ = writeln!(page, "\n## {section}\n\n{COLUMNS}");
            }
            let mut places: Vec<String> = Vec::new();
            for (scenario, number) in self.observed.get(&row.number).into_iter().flatten() {
                let file = format!("crates/scenario/gallery/{scenario}.json");
                places.push(format!("[{scenario}](../{file}): {number}"));
            }
            let tests = self.tests.get(&row.number).into_iter().flatten();
            let tests: Vec<String> = tests.map(link).collect();
            if !tests.is_empty() {
                places.push(few(tests));
            }
            if let Some((file, words)) = self.shown.information.get(&row.number) {
                places.push(format!("[“{}”](../{file})", plain(words)));
            }
            places.extend(self.shown.outside.get(&row.number).cloned());
            let status = self.status(&row.number).unwrap_or("not yet");
            let places = places.join("<br>");
            let (number, claim, result) = (&row.number, plain(&row.claim), plain(&row.result));
            let _ = writeln!(page, "| {number} | {claim} | {result} | {status} | {places} |");
        }
        page
    }
}

/// Read once: the gallery takes a while.
static CHECKLIST: LazyLock<Checklist> = LazyLock::new(Checklist::read);

const HEAD: &str = "# Checklist: what a person must be able to see

Written from the gallery and the tests by `UPDATE_EXPECT=1 cargo test -p inflight-tests checklist`. Do not edit this
page. Which scenario shows a row is said in [checklist.toml](spec/checklist.toml); a test shows a row when it cites its
number. The numbers are those that came out. The rows stand in
[course_notes_checklist.md](spec/course_notes_checklist.md).
";

const COLUMNS: &str = "| row | claim | what must come out | shown by | where, and what came out |
| --- | --- | --- | --- | --- |";

#[test]
fn every_row_of_the_checklist_is_shown_or_listed() {
    let Checklist { rows, shown, tests, wrong, .. } = &*CHECKLIST;
    assert!(rows.len() > 160, "only {} rows were found", rows.len());
    let mut wrong = wrong.clone();
    let known: BTreeSet<&str> = rows.iter().map(|row| row.number.as_str()).collect();
    let mut written: Vec<&String> = shown.not_yet.iter().chain(shown.gallery.keys()).collect();
    written.extend(shown.information.keys().chain(shown.outside.keys()));
    written.sort_by(|one, other| order(one).cmp(&order(other)));
    for pair in written.windows(2).filter(|pair| pair[0] == pair[1]) {
        wrong.push(format!("{} stands twice in {SHOWN}", pair[0]));
    }
    for row in &written {
        if !known.contains(row.as_str()) {
            wrong.push(format!("{row} is no row of the checklist: take it out of {SHOWN}"));
        }
    }
    for row in shown.not_yet.iter().chain(shown.outside.keys()).filter(|row| tests.contains_key(*row)) {
        wrong.push(format!("{row} is cited by a test: take it out of `not_yet` or `outside` in {SHOWN}"));
    }
    for row in known {
        if !written.iter().any(|known| *known == row) && !tests.contains_key(row) {
            wrong.push(format!(
                "{row} is not shown: name an expectation of the gallery for it in {SHOWN}, cite it in a test, or \
                 say why it is `outside` the model"
            ));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_checklist_page_is_that_of_the_gallery_and_the_tests() {
    let path = root().join("docs/checklist.md");
    let page = CHECKLIST.page();
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        std::fs::write(&path, &page).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        written == page,
        "docs/checklist.md is old: UPDATE_EXPECT=1 cargo test -p inflight-tests checklist writes it anew"
    );
}
