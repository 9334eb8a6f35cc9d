//! `docs/fidelity.md`: every rule of the specification with its proof, or with the reason why it has none.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::sync::LazyLock;

use crate::architecture::{root, rules as all_rules, tracked};
use crate::citations::{Citations, Rule, Test, implementations, rules, tests_of};

/// What is asked of the rules of a specification.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Proof {
    /// Every rule is cited by a test or has its reason.
    Every,
    /// The rules without a test are counted, and named.
    Counted,
}

/// The specifications. One whose rules are all to be proved is moved from `Counted` to `Every`.
const SPECIFICATIONS: &[(&str, &str, Proof)] = &[
    ("Amazon SQS", "sqs.md", Proof::Every),
    ("Amazon SNS", "sns.md", Proof::Every),
    ("Amazon Kinesis Data Streams, Data Analytics, Video Streams", "kinesis.md", Proof::Every),
    ("Amazon Data Firehose", "firehose.md", Proof::Every),
    ("Amazon MQ", "mq.md", Proof::Every),
    ("Compute, scaling, events, patterns", "compute_and_patterns.md", Proof::Every),
    ("Access control, encryption, cost", "access_and_cost.md", Proof::Every),
];

/// Where people write why a rule has no test.
const REASONS: &str = "docs/spec/outside_the_model.toml";

/// What people write about rules.
struct Reasons {
    not_yet: BTreeSet<String>,
    outside: BTreeMap<String, String>,
    differs: BTreeMap<String, String>,
}

impl Reasons {
    fn read() -> Self {
        let text = std::fs::read_to_string(root().join(REASONS)).expect(REASONS);
        let table: toml::Table = text.parse().unwrap_or_else(|error| panic!("{REASONS}: {error}"));
        let known = ["not_yet", "outside", "differs"];
        let unknown: Vec<_> = table.keys().filter(|key| !known.contains(&key.as_str())).collect();
        assert!(unknown.is_empty(), "{REASONS}: {unknown:?} is none of {known:?}");
        let sentence = |value: &toml::Value| value.as_str().expect("a sentence in quotes").to_owned();
        let sentences = |name: &str| {
            let entries = table.get(name).and_then(toml::Value::as_table).into_iter().flatten();
            entries.map(|(rule, why)| (rule.clone(), sentence(why))).collect()
        };
        let not_yet = table.get("not_yet").and_then(toml::Value::as_array).into_iter().flatten();
        Reasons {
            not_yet: not_yet.map(sentence).collect(),
            outside: sentences("outside"),
            differs: sentences("differs"),
        }
    }
}

/// All there is to say about the rules.
struct Fidelity {
    specifications: Vec<(&'static str, &'static str, Proof, Vec<Rule>)>,
    reasons: Reasons,
    tests: BTreeMap<String, Vec<Test>>,
    implemented: BTreeMap<String, Vec<String>>,
    /// The pages of AWS that the transcripts of a rule name.
    pages: BTreeMap<String, BTreeSet<String>>,
}

impl Fidelity {
    fn read() -> Self {
        let files = tracked();
        let text_of = |name: &str| {
            let name = format!("docs/spec/{name}");
            files.iter().find(|(file, _)| *file == name).map_or("", |(_, text)| text.as_str())
        };
        let specifications =
            SPECIFICATIONS.iter().map(|(title, file, proof)| (*title, *file, *proof, rules(text_of(file))));
        let citations = Citations::of(all_rules());
        let mut tests = BTreeMap::<String, Vec<Test>>::new();
        let mut pages = BTreeMap::<String, BTreeSet<String>>::new();
        for (file, text) in &files {
            for test in tests_of(file, text) {
                let head = text.lines().next().unwrap_or_default();
                let page = head.split_whitespace().find(|word| word.starts_with("https://"));
                for rule in citations.cited_by(&test) {
                    if file.starts_with("tests/transcripts/") {
                        pages.entry(rule.clone()).or_default().extend(page.map(str::to_owned));
                    }
                    tests.entry(rule).or_default().push(test.clone());
                }
            }
        }
        let implemented = implementations(&files, &citations);
        let specifications = specifications.collect();
        Fidelity { specifications, reasons: Reasons::read(), tests, implemented, pages }
    }

    fn rules(&self, proof: Proof) -> impl Iterator<Item = &Rule> {
        self.specifications.iter().filter(move |(.., asked, _)| *asked == proof).flat_map(|(.., rules)| rules)
    }

    fn is_tested(&self, rule: &str) -> bool {
        self.tests.contains_key(rule)
    }

    fn status(&self, rule: &str) -> &'static str {
        match () {
            () if self.is_tested(rule) && self.reasons.differs.contains_key(rule) => "tested, differs",
            () if self.is_tested(rule) => "tested",
            () if self.reasons.outside.contains_key(rule) => "outside the model",
            () => "not yet",
        }
    }

    /// Why a rule is outside the model, or how the model differs.
    fn note(&self, rule: &str) -> Option<&str> {
        self.reasons.outside.get(rule).or(self.reasons.differs.get(rule)).map(String::as_str)
    }

    fn page(&self) -> String {
        let mut page = String::from(HEAD);
        for (title, file, proof, rules) in &self.specifications {
            let count = |status: &str| {
                rules.iter().filter(|rule| self.status(&rule.number).starts_with(status)).count()
            };
            let title = match proof {
                Proof::Every => format!("[{title}](#{})", title.to_lowercase().replace(' ', "-")),
                Proof::Counted => format!("[{title}](spec/{file})"),
            };
            let _ = writeln!(
                page,
                "| {title} | {} | {} | {} | {} |",
                rules.len(),
                count("tested"),
                count("outside"),
                count("not yet")
            );
        }
        for (title, file, proof, rules) in &self.specifications {
            if *proof == Proof::Every {
                let _ = writeln!(page, "\n## {title}\n\nThe rules in full: [{file}](spec/{file}).\n");
                page.push_str(COLUMNS);
                rules.iter().for_each(|rule| page.push_str(&self.row(rule)));
            }
        }
        page.push_str("\n## Specifications whose rules are counted\n");
        for (title, file, _, rules) in self.specifications.iter().filter(|(.., p, _)| *p == Proof::Counted) {
            let open = rules.iter().filter(|rule| self.status(&rule.number) == "not yet");
            let open: Vec<&str> = open.map(|rule| rule.number.as_str()).collect();
            let _ = writeln!(page, "\n### {title}\n");
            let cited = rules.len() - open.len();
            let _ =
                writeln!(page, "{cited} of the {} rules of [{file}](spec/{file}) are cited.", rules.len());
            if !open.is_empty() {
                let _ = writeln!(page, "No test cites {}.", open.join(", "));
            }
            let notes = rules.iter().filter_map(|rule| Some((&rule.number, self.note(&rule.number)?)));
            let notes: String = notes.map(|(rule, note)| format!("* {rule}: {note}\n")).collect();
            if !notes.is_empty() {
                let _ = write!(page, "\n{notes}");
            }
        }
        page
    }

    fn row(&self, rule: &Rule) -> String {
        let number = rule.number.as_str();
        // A head that only lists a rule without a test says nothing of where it is.
        let files = self.implemented.get(number).filter(|_| self.is_tested(number)).into_iter().flatten();
        let files = few(files.map(|file| format!("[{}](../{file})", place(file))).collect());
        let tests = self.tests.get(number).into_iter().flatten();
        let tests = few(tests.map(link).collect());
        let pages = self.pages.get(number).into_iter().flatten();
        let pages = pages.map(|url| {
            let name = url.rsplit('/').next().unwrap_or(url).trim_end_matches(".html");
            format!("[{name}]({url})")
        });
        let source = [rule.source.clone()].into_iter().chain(pages).collect::<Vec<_>>().join(", ");
        let note = self.note(number).unwrap_or_default();
        let says = plain(&rule.says);
        format!("| {number} | {says} | {} | {files} | {tests} | {source} | {note} |\n", self.status(number))
    }
}

static FIDELITY: LazyLock<Fidelity> = LazyLock::new(Fidelity::read);

const HEAD: &str = "# Fidelity: every rule and its proof

Written from the code and the tests by `UPDATE_EXPECT=1 cargo test -p inflight-tests fidelity`. Do not edit this page.
Why a rule is outside the model, and where the model differs from AWS, is said in
[outside_the_model.toml](spec/outside_the_model.toml). A rule is *tested* when a test cites its number; a rule without
a test and without a reason fails the suite. *Not yet* is a list in the same file that only gets shorter.

| specification | rules | tested | outside the model | not yet |
| --- | --- | --- | --- | --- |
";

const COLUMNS: &str =
    "| rule | says | status | implemented in | tests | source | where AWS and the model differ |
| --- | --- | --- | --- | --- | --- | --- |
";

/// The first of a list, and how many more there are.
pub(crate) fn few(mut items: Vec<String>) -> String {
    const SHOWN: usize = 4;
    items.dedup();
    let more = items.len().saturating_sub(SHOWN);
    items.truncate(SHOWN);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    items.join(", ") + &more
}

/// A text that is safe within a table: nothing is a border or a tag.
pub(crate) fn plain(text: &str) -> String {
    let parts = text.split('`').enumerate().map(|(place, part)| {
        let part = part.replace('|', "\\|");
        if place % 2 == 0 { part.replace('<', "&lt;") } else { part }
    });
    parts.collect::<Vec<_>>().join("`")
}

/// A file as it is called in a table: without what all have in common.
fn place(file: &str) -> &str {
    let file = file.strip_prefix("crates/").unwrap_or(file);
    file.strip_prefix("messaging/src/").unwrap_or(file)
}

/// A test as a table links to it.
pub(crate) fn link(test: &Test) -> String {
    format!("[{}](../{})", test_name(test), test.file)
}

fn test_name(test: &Test) -> String {
    let file = test.file.rsplit('/').next().unwrap_or(&test.file);
    let folder = test.file.strip_prefix("tests/transcripts/").unwrap_or(file);
    match test.name.as_str() {
        "" => folder.to_owned(),
        name if file.ends_with(".rs") => name.to_owned(),
        name => format!("{file}: {name}"),
    }
}

#[test]
fn every_rule_has_a_test_or_a_reason() {
    let fidelity = &*FIDELITY;
    let Reasons { not_yet, outside, differs } = &fidelity.reasons;
    let asked: BTreeSet<&str> = fidelity.rules(Proof::Every).map(|rule| rule.number.as_str()).collect();
    assert!(asked.len() > 250, "only {} rules were found", asked.len());
    let all = all_rules();
    let mut wrong = Vec::new();
    for rule in not_yet.iter().chain(outside.keys()).chain(differs.keys()) {
        if !all.contains(rule) {
            wrong.push(format!("{rule} is no rule: take it out of {REASONS}"));
        }
    }
    for rule in not_yet {
        if fidelity.is_tested(rule) {
            wrong.push(format!("{rule} is cited by a test: take it out of `not_yet` in {REASONS}"));
        }
        if outside.contains_key(rule) {
            wrong.push(format!("{rule} has a reason: take it out of `not_yet` in {REASONS}"));
        }
        if !asked.contains(rule.as_str()) && all.contains(rule) {
            wrong.push(format!("{rule} is only counted: take it out of `not_yet` in {REASONS}"));
        }
    }
    for rule in outside.keys().filter(|rule| fidelity.is_tested(rule)) {
        let test = &fidelity.tests[rule][0];
        let by = test_name(test);
        wrong.push(format!("{rule} is `outside` the model and cited by {by} of {}: which is it?", test.file));
    }
    for (rule, why) in outside.iter().chain(differs) {
        if why.len() < 20 || !why.ends_with('.') {
            wrong.push(format!("{rule}: `{why}` is no sentence that tells somebody why"));
        }
    }
    for rule in asked {
        if !fidelity.is_tested(rule) && !outside.contains_key(rule) && !not_yet.contains(rule) {
            wrong.push(format!(
                "{rule} has no proof: cite it in the test that shows it (see CONTRIBUTING.md), or say in {REASONS} \
                 why it is `outside` the model"
            ));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_fidelity_page_is_that_of_the_code_and_the_tests() {
    let path = root().join("docs/fidelity.md");
    let page = FIDELITY.page();
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        std::fs::write(&path, &page).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        written == page,
        "docs/fidelity.md is old: UPDATE_EXPECT=1 cargo test -p inflight-tests fidelity writes it anew"
    );
}
