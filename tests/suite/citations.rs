//! Who cites a rule: the rules of `docs/spec/`, and their numbers in code, tests, transcripts and cases.
//!
//! A citation is a rule's number, such as `SQS-60`. It may go on: `SQS-60, SQS-61`, `SQS-41, 42 and 43`, `SQS-33/34`,
//! `SQS-60 to SQS-65`, `SQS-60 to 65`, `KDS-5..KDS-13`. In the name of a function it is `sqs_60`. The head of a file
//! (`//!`) says what the file is about and proves nothing.

use std::collections::{BTreeMap, BTreeSet};

use regex::Regex;

/// A rule as the specification has it.
#[derive(Clone, Debug)]
pub(crate) struct Rule {
    /// Such as `SQS-60`.
    pub(crate) number: String,
    /// What it says, in short.
    pub(crate) says: String,
    /// Where it comes from, by the marks of its specification.
    pub(crate) source: String,
}

/// Family and number of a rule, for sorting. Names of cases such as `ACC-T7` come after the numbers.
pub(crate) fn order(rule: &str) -> (&str, u32) {
    let (family, number) = rule.split_once('-').unwrap_or((rule, ""));
    (family, number.parse().unwrap_or(u32::MAX))
}

/// The rules of one file of the specification, by number.
pub(crate) fn rules(text: &str) -> Vec<Rule> {
    let start = Regex::new(r"\*\*([A-Z]+-\d+)\*\*").expect("an expression");
    let in_words = r"`((?:API|Guide|LS|moto|Seeds?|Ours|Engine)\b[^`]*)`";
    let in_words = Regex::new(in_words).expect("an expression");
    let in_marks = Regex::new(r"\[([A-Z](?: [^\]]*)?)\]").expect("an expression");
    let found: Vec<_> = start.captures_iter(text).collect();
    let mut rules: Vec<Rule> = Vec::new();
    for (place, rule) in found.iter().enumerate() {
        let from = rule.get(0).expect("a match").end();
        let next = found.get(place + 1).map_or(text.len(), |next| next.get(0).expect("a match").start());
        let block = &text[from..next];
        let block = block.split("\n#").next().unwrap_or_default();
        let words = in_words.captures_iter(block).last().map(|found| found[1].to_owned());
        let mut marks: Vec<&str> = in_marks
            .captures_iter(block)
            .filter_map(|found| found.get(1))
            .map(|mark| mark.as_str())
            .collect();
        marks.sort_unstable();
        marks.dedup();
        let source = words.unwrap_or_else(|| marks.join(", "));
        rules.push(Rule { number: rule[1].to_owned(), says: short(block), source });
    }
    rules.sort_by(|one, other| order(&one.number).cmp(&order(&other.number)));
    rules
}

/// The first sentence of a rule, cut to the width of a table.
fn short(block: &str) -> String {
    const WIDTH: usize = 110;
    let line = block.trim().lines().next().unwrap_or_default().replace("**", "");
    let sentence = line.split(". ").next().unwrap_or_default().split(" `API").next().unwrap_or_default();
    let mut text = sentence.trim_end_matches([':', '.', ' ', ';']).to_owned();
    if text.chars().count() > WIDTH {
        let cut: String = text.chars().take(WIDTH).collect();
        text = cut.rsplit_once(' ').map_or(cut.clone(), |(words, _)| words.to_owned());
        let code = if text.matches('`').count() % 2 == 1 { "`" } else { "" };
        text = format!("{}…{code}", text.trim_end_matches([',', ':', ';', '(', ' ']));
    }
    text
}

/// Finds citations.
pub(crate) struct Citations {
    rules: BTreeSet<String>,
    families: BTreeSet<String>,
    first: Regex,
    more: Regex,
}

impl Citations {
    /// For these rules.
    pub(crate) fn of(rules: BTreeSet<String>) -> Self {
        let families: BTreeSet<String> =
            rules.iter().filter_map(|rule| rule.split('-').next()).map(str::to_owned).collect();
        let any = families.iter().cloned().collect::<Vec<_>>().join("|");
        let first = format!(r"(?-u:\b)({any})-([A-Z]?[0-9]+)(?-u:\b)");
        let more = format!(r"^(, and |, or |, | and | or |/| to |\.\.)(?:({any})-)?([A-Z]?[0-9]+)(?-u:\b)");
        let expression = |text: &str| Regex::new(text).expect("an expression");
        Citations { first: expression(&first), more: expression(&more), rules, families }
    }

    /// The first and last rule of each citation of a text, whether they exist or not; mostly one and the same.
    fn spans(&self, text: &str) -> Vec<(String, String)> {
        let mut spans: Vec<(String, String)> = Vec::new();
        let mut at = 0;
        while let Some(found) = self.first.captures_at(text, at) {
            let mut family = found[1].to_owned();
            let number = format!("{family}-{}", &found[2]);
            spans.push((number.clone(), number));
            at = found.get(0).expect("a match").end();
            while let Some(more) = self.more.captures(&text[at..]) {
                let rest = &text[at + more[0].len()..];
                if more.get(2).is_none() && !ends_a_number(rest) {
                    break;
                }
                family = more.get(2).map_or(family, |family| family.as_str().to_owned());
                let number = format!("{family}-{}", &more[3]);
                match (&more[1], spans.last_mut()) {
                    (" to " | "..", Some(span)) => span.1 = number,
                    _ => spans.push((number.clone(), number)),
                }
                at += more[0].len();
            }
        }
        spans
    }

    /// The rules in the name of a function, such as `sqs_60`.
    fn in_name(&self, name: &str) -> Vec<String> {
        let words: Vec<String> = name.split('_').map(str::to_uppercase).collect();
        let number =
            |word: &str| word.trim_start_matches(['T', 'P']).parse::<u32>().is_ok() && word.len() <= 4;
        let pairs = words.windows(2).filter(|pair| self.families.contains(&pair[0]) && number(&pair[1]));
        pairs.map(|pair| pair.join("-")).collect()
    }

    /// The rules that a text cites.
    pub(crate) fn cited(&self, text: &str) -> BTreeSet<String> {
        let mut cited = BTreeSet::new();
        for (first, last) in self.spans(text) {
            let (from, to) = (order(&first), order(&last));
            let within = |rule: &&String| from.0 == to.0 && from <= order(rule) && order(rule) <= to;
            match first == last {
                true => cited.extend(self.rules.get(&first).cloned()),
                false => cited.extend(self.rules.iter().filter(within).cloned()),
            }
        }
        cited
    }

    /// The rules that a test cites, its name included.
    pub(crate) fn cited_by(&self, test: &Test) -> BTreeSet<String> {
        let mut cited = self.cited(&test.text);
        cited.extend(self.in_name(&test.name).into_iter().filter(|rule| self.rules.contains(rule)));
        cited
    }

    /// The numbers that a file cites and no specification has, and ranges that lead nowhere.
    pub(crate) fn dangling(&self, file: &str, text: &str) -> BTreeSet<String> {
        let mut wrong = BTreeSet::new();
        for (first, last) in self.spans(&joined(text)) {
            wrong.extend([&first, &last].into_iter().filter(|rule| !self.rules.contains(*rule)).cloned());
            if order(&last) < order(&first) || order(&first).0 != order(&last).0 {
                wrong.insert(format!("{first} to {last}"));
            }
        }
        if file.ends_with(".rs") {
            let name = Regex::new(r"fn (\w+)").expect("an expression");
            let names = name.captures_iter(text).flat_map(|found| self.in_name(&found[1]));
            wrong.extend(names.filter(|rule| !self.rules.contains(rule)));
        }
        wrong
    }
}

/// Whether a number without a family, such as the 42 of `SQS-41, 42`, is over: `SQS-41, 42 calls` cites one rule.
fn ends_a_number(rest: &str) -> bool {
    let mut next = rest.chars();
    match (next.next(), next.next()) {
        (None | Some(';' | ':' | ')' | ']' | '`' | '"' | '/' | '|'), _) => true,
        (Some(',' | '.'), after) => !after.is_some_and(|after| after.is_ascii_digit()),
        _ => [" and ", " or ", " to ", " ("].iter().any(|word| rest.starts_with(word)),
    }
}

/// A text with its comments as running text, so that a citation may go over the end of a line.
fn joined(text: &str) -> String {
    let lines = text.lines().map(|line| line.trim().trim_start_matches(['/', '!', '#']).trim_start());
    lines.collect::<Vec<_>>().join(" ")
}

/// A test: a function, a transcript, a file of cases.
#[derive(Clone, Debug)]
pub(crate) struct Test {
    /// Where it stands, from the root of the project.
    pub(crate) file: String,
    /// What it is called there; empty where the file is the test.
    pub(crate) name: String,
    text: String,
}

/// The tests of a tracked file.
pub(crate) fn tests_of(file: &str, text: &str) -> Vec<Test> {
    let whole = |text: String| vec![Test { file: file.to_owned(), name: String::new(), text }];
    if file.starts_with("tests/transcripts/") {
        return whole(joined(text));
    }
    if file.starts_with("tests/cases/") {
        let rule = Regex::new(r#""rule": ?"([^"]*)""#).expect("an expression");
        return whole(rule.captures_iter(text).map(|rule| format!("{}; ", &rule[1])).collect());
    }
    let start = match () {
        () if file.ends_with(".rs") => r"^(?:pub(?:\([a-z]+\))? )?(?:async )?fn ([a-z0-9_]+)",
        () if file.starts_with("tests/e2e/specs/") => r#"^test\(["'`](.*?)["'`],"#,
        () => return Vec::new(),
    };
    functions(file, text, &Regex::new(start).expect("an expression"))
}

/// The functions that are tests: what stands above one belongs to it.
fn functions(file: &str, text: &str, start: &Regex) -> Vec<Test> {
    let mut tests = Vec::new();
    let (mut above, mut is_test) = (String::new(), false);
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let trimmed = line.trim();
        if trimmed.starts_with("#[") {
            is_test |= trimmed == "#[test]" || trimmed.starts_with("#[wasm_bindgen_test");
        } else if trimmed.starts_with("//") && !trimmed.starts_with("//!") {
            above.push_str(trimmed);
            above.push('\n');
        } else if let Some(found) = start.captures(trimmed) {
            if is_test || !file.ends_with(".rs") {
                let mut text = format!("{}{line}\n", std::mem::take(&mut above));
                let end = format!("{}}}", &line[..line.len() - line.trim_start().len()]);
                let inside = |line: &&str| !line.starts_with(&end);
                if !trimmed.ends_with('}') {
                    text.extend(lines.by_ref().take_while(inside).map(|line| format!("{line}\n")));
                }
                tests.push(Test { file: file.to_owned(), name: found[1].to_owned(), text: joined(&text) });
            }
            (above, is_test) = (String::new(), false);
        } else {
            (above, is_test) = (String::new(), false);
        }
    }
    tests
}

/// Where the code cites a rule: the files whose functions and types do, or if there are none those whose head does. The
/// head of a module names all that the module is about.
pub(crate) fn implementations(
    files: &[(String, String)],
    citations: &Citations,
) -> BTreeMap<String, Vec<String>> {
    let (mut exact, mut head) = (BTreeMap::<_, Vec<String>>::new(), BTreeMap::<_, Vec<String>>::new());
    for (file, text) in files {
        let is_code = file.starts_with("crates/") || file.starts_with("web/src/");
        let is_test = file.contains("/tests/") || file.ends_with("/tests.rs");
        if !is_code || is_test || !file.ends_with(".rs") {
            continue;
        }
        // Tests stand at the end of a file.
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        let (about, code): (Vec<&str>, Vec<&str>) =
            code.lines().partition(|line| line.trim_start().starts_with("//!"));
        for (lines, into) in [(code, &mut exact), (about, &mut head)] {
            for rule in citations.cited(&joined(&lines.join("\n"))) {
                into.entry(rule).or_default().push(file.clone());
            }
        }
    }
    for (rule, mut files) in head {
        files.retain(|file| !file.ends_with("/mod.rs"));
        exact.entry(rule).or_insert(files);
    }
    exact
}

/// The families are made up: what stands here cites nothing.
#[test]
fn citations_are_read_in_every_form() {
    let rules = ["AB-33", "AB-34", "AB-41", "AB-42", "AB-43", "CD-5", "CD-6", "EF-T7"];
    let citations = Citations::of(rules.map(str::to_owned).into());
    let cited = |text: &str| citations.cited(text).into_iter().collect::<Vec<_>>().join(" ");
    assert_eq!(cited("AB-41, 42: two"), "AB-41 AB-42");
    assert_eq!(cited("AB-33/34 and EF-T7"), "AB-33 AB-34 EF-T7");
    assert_eq!(cited("AB-33 to AB-42, CD-5..CD-6"), "AB-33 AB-34 AB-41 AB-42 CD-5 CD-6");
    assert_eq!(cited("(AB-41 to 43)"), "AB-41 AB-42 AB-43");
    assert_eq!(cited("AB-33, 34 calls; AB-41, 42,000 bytes; AB-43, 3.5 s"), "AB-33 AB-41 AB-43");
    let dangling = citations.dangling("a.rs", "// AB-41, 99 and AB-43 to\n// AB-33\nfn a_ab_98() {}");
    assert_eq!(dangling.into_iter().collect::<Vec<_>>(), ["AB-43 to AB-33", "AB-98", "AB-99"]);
}

#[test]
fn a_test_is_its_name_its_comment_and_its_body() {
    let text = "//! AB-1\n\n/// AB-2\nfn helper() {\n}\n\n/// AB-3,\n/// AB-4\n#[test]\nfn a_ab_5() {\n    // AB-6\n}\n// AB-7\n";
    let citations = Citations::of((1..8).map(|number| format!("AB-{number}")).collect());
    let tests = tests_of("tests/suite/a.rs", text);
    assert_eq!(tests.len(), 1);
    let cited = citations.cited_by(&tests[0]).into_iter().collect::<Vec<_>>();
    assert_eq!(cited, ["AB-3", "AB-4", "AB-5", "AB-6"]);
}
