//! The sections of a document, one after the other.

use kernel::Seed;
use messaging::{Intervention, LinkKind, LinkSpec, LogicalId, MetricName, ResourceKind, Settings};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::Reader;
use super::members::suggestion;
use super::properties::first_bad_member;
use crate::diagnostic::DiagnosticCode;
use crate::limits::MAX_SEED;
use crate::links::default_link_type;
use crate::model::{
    Bound, Caption, Expectation, Question, Resources, Scenario, Statistic, TimelineEntry, VERSION,
};
use crate::pointer::JsonPointer;

const MEMBERS: &[&str] = &[
    "Version",
    "Title",
    "Description",
    "Seed",
    "Settings",
    "Card",
    "Resources",
    "Links",
    "Timeline",
    "Expect",
    "Captions",
    "Layout",
    "Groups",
    "Notes",
    "$schema",
];
const HAPPENINGS: &[&str] = &[
    "Start",
    "Stop",
    "Crash",
    "Slow",
    "Send",
    "Poison",
    "Purge",
    "Redrive",
    "Reboot",
    "Throttle",
    "AvailabilityZoneOutage",
    "AvailabilityZoneRecovery",
    "CutLink",
    "RestoreLink",
];
const BOUNDS: &[&str] = &["AtLeast", "AtMost", "Equals", "Between"];

impl Reader {
    pub(super) fn document(&mut self, value: &Value) -> Scenario {
        let root = JsonPointer::root();
        let Some(document) = self.object(value, &root) else { return Scenario::default() };
        self.only_known(document, MEMBERS, &root);
        self.version(document);
        let text =
            |reader: &mut Self, name| reader.text(document, name, &root).unwrap_or_default().to_owned();
        let resources = self.resources(document.get("Resources"));
        Scenario {
            title: text(self, "Title"),
            description: text(self, "Description"),
            seed: self.seed(document),
            settings: self
                .plain::<Settings>(document.get("Settings"), &root.then("Settings"))
                .unwrap_or_default(),
            card: self.plain(document.get("Card"), &root.then("Card")),
            links: self.links(document.get("Links"), &resources),
            timeline: self.timeline(document.get("Timeline")),
            expectations: self.expectations(document.get("Expect")),
            captions: self.captions(document.get("Captions")),
            layout: self.layout(document.get("Layout"), &resources),
            groups: self.groups(document.get("Groups"), &resources),
            notes: self.notes(document.get("Notes")),
            resources,
        }
    }

    fn version(&mut self, document: &Map<String, Value>) {
        let root = JsonPointer::root();
        let at = root.then("Version");
        match document.get("Version") {
            Some(Value::Number(version)) if version.as_u64() == Some(VERSION) => {}
            Some(Value::Number(version)) => {
                let message =
                    format!("The document has version {version}; this page reads version {VERSION}.");
                self.error_with_hint(
                    DiagnosticCode::UnknownVersion,
                    &at,
                    message,
                    "Open it with a newer release.",
                );
            }
            Some(other) => self.wrong_type(&at, other, "a number"),
            None => self.missing(&root, "Version"),
        }
    }

    fn seed(&mut self, document: &Map<String, Value>) -> Seed {
        let at = JsonPointer::root().then("Seed");
        match document.get("Seed") {
            None => Seed::default(),
            Some(Value::Number(number)) => match number.as_u64().filter(|seed| *seed <= MAX_SEED) {
                Some(seed) => Seed(seed),
                None => {
                    let message =
                        format!("Seed is {number}; it has to be a whole number from 0 to {MAX_SEED}.");
                    self.error(DiagnosticCode::OutOfRange, &at, message);
                    Seed::default()
                }
            },
            Some(other) => {
                self.wrong_type(&at, other, "a number");
                Seed::default()
            }
        }
    }

    /// A section whose members all have a fixed type.
    fn plain<T: DeserializeOwned>(&mut self, value: Option<&Value>, at: &JsonPointer) -> Option<T> {
        let value = value?;
        self.object(value, at)?;
        let read = |value: &Value| T::deserialize(value);
        match read(value) {
            Ok(read) => Some(read),
            Err(error) => {
                let bad = value.as_object().and_then(|members| first_bad_member(members, &read));
                let (at, error) = match bad {
                    Some((name, error)) => (at.then(name), error),
                    None => (at.clone(), error),
                };
                self.error(DiagnosticCode::WrongType, &at, format!("{error}."));
                None
            }
        }
    }

    fn resources(&mut self, value: Option<&Value>) -> Resources {
        let at = JsonPointer::root().then("Resources");
        let mut resources = Resources::default();
        let Some(value) = value else { return resources };
        let Some(members) = self.object(value, &at) else { return resources };
        for (name, value) in members {
            let at = at.then(name);
            let Some(resource) = self.object(value, &at) else { continue };
            self.only_known(resource, &["Type", "Properties"], &at);
            let Some(type_name) = self.required_text(resource, "Type", &at) else { continue };
            let Some(kind) = ResourceKind::from_resource_type(type_name) else {
                let types = ResourceKind::ALL.iter().map(|kind| kind.descriptor().resource_type);
                self.unknown_type(type_name, types, &at);
                continue;
            };
            let properties = self.resource_properties(kind, resource.get("Properties"), &at);
            resources.insert(LogicalId::from(name.as_str()), properties);
        }
        resources
    }

    fn unknown_type(
        &mut self,
        name: &str,
        types: impl Iterator<Item = &'static str> + Clone,
        at: &JsonPointer,
    ) {
        let hint = suggestion(name, types, "Types");
        let message = format!("There is no type {name}.");
        self.error_with_hint(DiagnosticCode::UnknownType, &at.then("Type"), message, hint);
    }

    fn links(&mut self, value: Option<&Value>, resources: &Resources) -> Vec<LinkSpec> {
        let at = JsonPointer::root().then("Links");
        let elements = self.list(value, &at);
        elements
            .iter()
            .enumerate()
            .filter_map(|(place, value)| self.link(value, resources, &at.then(place)))
            .collect()
    }

    fn link(&mut self, value: &Value, resources: &Resources, at: &JsonPointer) -> Option<LinkSpec> {
        let link = self.object(value, at)?;
        self.only_known(link, &["Type", "From", "To", "Properties"], at);
        let from = self.required_text(link, "From", at).map(LogicalId::from);
        let to = self.required_text(link, "To", at).map(LogicalId::from);
        let (from, to) = (from?, to?);
        let kind = match self.text(link, "Type", at) {
            Some(name) => {
                let kind = LinkKind::from_link_type(name);
                if kind.is_none() {
                    let types = LinkKind::ALL.iter().map(|kind| kind.descriptor().link_type);
                    self.unknown_type(name, types, at);
                }
                kind?
            }
            None if link.contains_key("Type") => return None,
            // Between two resources that can be linked there is one usual way.
            None => {
                let kinds =
                    resources.get(&from).zip(resources.get(&to)).map(|(from, to)| (from.kind(), to.kind()));
                let kind = kinds.and_then(|(from, to)| default_link_type(from, to));
                if kind.is_none() {
                    self.missing(at, "Type");
                }
                kind?
            }
        };
        let properties = self.link_properties(kind, link.get("Properties"), at);
        Some(LinkSpec { from, to, properties })
    }

    fn timeline(&mut self, value: Option<&Value>) -> Vec<TimelineEntry> {
        let at = JsonPointer::root().then("Timeline");
        let elements = self.list(value, &at);
        elements
            .iter()
            .enumerate()
            .filter_map(|(place, value)| self.happening(value, &at.then(place)))
            .collect()
    }

    fn happening(&mut self, value: &Value, at: &JsonPointer) -> Option<TimelineEntry> {
        let entry = self.object(value, at)?;
        let time = self.time(entry, "At", at);
        let known: Vec<&str> = HAPPENINGS.iter().copied().chain(["At"]).collect();
        self.only_known(entry, &known, at);
        let mut acts = entry.iter().filter(|(name, _)| HAPPENINGS.contains(&name.as_str()));
        let (first, second) = (acts.next(), acts.next());
        let Some((name, what)) = first else {
            let hint = format!("One of {}.", HAPPENINGS.join(", "));
            self.error_with_hint(DiagnosticCode::MissingMember, at, "Nothing happens here.", hint);
            return None;
        };
        if let Some((other, _)) = second {
            let message = format!("{name} and {other} stand in one entry.");
            self.error_with_hint(
                DiagnosticCode::UnknownMember,
                &at.then(other),
                message,
                "Make it two entries.",
            );
        }
        let tagged = Value::Object(Map::from_iter([(name.clone(), what.clone())]));
        match serde_json::from_value::<Intervention>(tagged) {
            Ok(intervention) => Some(TimelineEntry { at: time?, intervention }),
            Err(error) => {
                self.error(DiagnosticCode::WrongType, &at.then(name), format!("{name}: {error}."));
                None
            }
        }
    }

    fn expectations(&mut self, value: Option<&Value>) -> Vec<Expectation> {
        let at = JsonPointer::root().then("Expect");
        let elements = self.list(value, &at);
        elements
            .iter()
            .enumerate()
            .filter_map(|(place, value)| self.expectation(value, &at.then(place)))
            .collect()
    }

    fn expectation(&mut self, value: &Value, at: &JsonPointer) -> Option<Expectation> {
        let expected = self.object(value, at)?;
        let known =
            ["Metric", "Of", "Statistic", "AtLeast", "AtMost", "Equals", "Between", "Within", "By", "At"];
        self.only_known(expected, &known, at);
        let metric = self.required_text(expected, "Metric", at).and_then(|name| {
            let metric = MetricName::ALL.iter().copied().find(|metric| metric.name() == name);
            if metric.is_none() {
                let names = MetricName::ALL.iter().map(|metric| metric.name());
                let hint = match super::nearest(name, names) {
                    Some(candidate) => format!("Did you mean {candidate}?"),
                    None => "Metrics have their CloudWatch names.".into(),
                };
                let message = format!("There is no metric {name}.");
                self.error_with_hint(DiagnosticCode::OutOfRange, &at.then("Metric"), message, hint);
            }
            metric
        });
        let of = self.required_text(expected, "Of", at).map(LogicalId::from);
        let statistic = self.statistic(expected, at);
        let bound = self.bound(expected, at);
        // `At` is read as `By`.
        let by = self.time(expected, if expected.contains_key("At") { "At" } else { "By" }, at);
        Some(Expectation { metric: metric?, of: of?, statistic, bound: bound?, by: by? })
    }

    fn statistic(&mut self, expected: &Map<String, Value>, at: &JsonPointer) -> Statistic {
        match self.text(expected, "Statistic", at) {
            None | Some("Last") => Statistic::Last,
            Some("Maximum") => Statistic::Maximum,
            Some(other) => {
                let message = format!("There is no statistic {other}.");
                self.error_with_hint(
                    DiagnosticCode::OutOfRange,
                    &at.then("Statistic"),
                    message,
                    "Last or Maximum.",
                );
                Statistic::Last
            }
        }
    }

    fn bound(&mut self, expected: &Map<String, Value>, at: &JsonPointer) -> Option<Bound> {
        let mut given = BOUNDS.iter().filter(|name| expected.contains_key(**name));
        let (first, second) = (given.next(), given.next());
        let Some(name) = first else {
            self.error_with_hint(
                DiagnosticCode::MissingMember,
                at,
                "It is not said what the value should be.",
                "One of AtLeast, AtMost, Equals, Between.",
            );
            return None;
        };
        if let Some(other) = second {
            let message = format!("{name} and {other} stand in one expectation.");
            self.error_with_hint(DiagnosticCode::UnknownMember, &at.then(other), message, "Make it two.");
        }
        let within = if expected.contains_key("Within") { self.count(expected, "Within", at)? } else { 0 };
        Some(match *name {
            "AtLeast" => Bound::AtLeast(self.count(expected, name, at)?),
            "AtMost" => Bound::AtMost(self.count(expected, name, at)?),
            "Equals" => Bound::Equals { value: self.count(expected, name, at)?, within },
            _ => {
                let at = at.then("Between");
                match expected.get("Between").and_then(Value::as_array).map(Vec::as_slice) {
                    Some([low, high]) => match (low.as_u64(), high.as_u64()) {
                        (Some(low), Some(high)) if low <= high => Bound::Between(low, high),
                        _ => {
                            let message = "Between has to be two whole numbers, the smaller one first.";
                            self.error(DiagnosticCode::OutOfRange, &at, message);
                            return None;
                        }
                    },
                    _ => {
                        self.error(
                            DiagnosticCode::WrongType,
                            &at,
                            "Between has to be a list of two whole numbers.",
                        );
                        return None;
                    }
                }
            }
        })
    }

    fn count(&mut self, object: &Map<String, Value>, name: &str, at: &JsonPointer) -> Option<u64> {
        let value = object.get(name)?;
        let count = value.as_u64();
        if count.is_none() {
            self.wrong_type(&at.then(name), value, "a whole number, zero or more");
        }
        count
    }

    fn captions(&mut self, value: Option<&Value>) -> Vec<Caption> {
        let at = JsonPointer::root().then("Captions");
        let elements = self.list(value, &at);
        let mut captions = Vec::new();
        for (place, value) in elements.iter().enumerate() {
            let at = at.then(place);
            let Some(caption) = self.object(value, &at) else { continue };
            self.only_known(caption, &["At", "Text", "Question"], &at);
            let time = self.time(caption, "At", &at);
            let text = self.required_text(caption, "Text", &at);
            let question =
                caption.get("Question").and_then(|asked| self.question(asked, &at.then("Question")));
            captions.extend(time.zip(text).map(|(at, text)| Caption { at, text: text.into(), question }));
        }
        captions
    }

    fn question(&mut self, value: &Value, at: &JsonPointer) -> Option<Question> {
        const ABOUT: [&str; 4] = ["Metric", "Of", "Statistic", "By"];
        let asked = self.object(value, at)?;
        self.only_known(asked, &[&ABOUT[..], &["Ask", "Choices", "Answer"]].concat(), at);
        let ask = self.required_text(asked, "Ask", at).map(String::from);
        let answer = self.text(asked, "Answer", at).unwrap_or_default().to_owned();
        let about = asked.iter().filter(|(name, _)| ABOUT.contains(&name.as_str()));
        let mut about: Map<String, Value> =
            about.map(|(name, value)| (name.clone(), value.clone())).collect();
        about.insert("AtLeast".into(), 0.into());
        let about = self.expectation(&Value::Object(about), at);
        let choices = asked.get("Choices").and_then(Value::as_array);
        let choices: Option<Vec<u64>> = choices.and_then(|all| all.iter().map(Value::as_u64).collect());
        let Some(choices) = choices.filter(|choices| choices.len() >= 2) else {
            let message = "Choices has to be a list of two whole numbers or more.";
            self.error(DiagnosticCode::WrongType, &at.then("Choices"), message);
            return None;
        };
        Some(Question { ask: ask?, about: about?, choices, answer })
    }
}
