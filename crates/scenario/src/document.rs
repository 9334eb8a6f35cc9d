//! Writing a document: one order of members, defaults left out.

use messaging::descriptor::{FieldKind, FieldSpec};
use messaging::{Intervention, LinkProperties, Properties};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value, json};

use crate::duration::format_duration;
use crate::model::{Bound, Expectation, Question, Scenario, Statistic, TimelineEntry, VERSION};
use crate::parse::parse_value;

impl Scenario {
    /// The document as JSON text, indented; [`parse`](crate::parse) reads it back.
    pub fn to_json(&self) -> String {
        let mut text = String::new();
        write_pretty(&self.to_value(), 0, &mut text);
        text.push('\n');
        text
    }

    /// The document as a JSON value: fixed order of members, defaults left out.
    pub fn to_value(&self) -> Value {
        let mut document = Map::new();
        document.insert("Version".into(), VERSION.into());
        put_text(&mut document, "Title", &self.title);
        put_text(&mut document, "Description", &self.description);
        document.insert("Seed".into(), self.seed.0.into());
        put_unless_empty(&mut document, "Settings", value_of(&self.settings));
        if let Some(card) = &self.card {
            document.insert("Card".into(), value_of(card));
        }
        document.insert("Resources".into(), Value::Object(self.resources.iter().map(resource).collect()));
        put_unless_empty(&mut document, "Links", Value::Array(self.links.iter().map(link).collect()));
        put_unless_empty(
            &mut document,
            "Timeline",
            Value::Array(self.timeline.iter().map(happening).collect()),
        );
        put_unless_empty(
            &mut document,
            "Expect",
            Value::Array(self.expectations.iter().map(expectation).collect()),
        );
        let captions = self.captions.iter();
        let captions = captions.map(|said| {
            let mut caption = json!({ "At": format_duration(said.at), "Text": said.text });
            if let Some(asked) = &said.question {
                caption["Question"] = question(asked);
            }
            caption
        });
        put_unless_empty(&mut document, "Captions", Value::Array(captions.collect()));
        // In the order of the resources; positions of what is not there are not written.
        let places =
            self.resources.keys().filter_map(|id| Some((id.to_string(), json!(self.layout.get(id)?))));
        put_unless_empty(&mut document, "Layout", Value::Object(places.collect()));
        let groups = self.groups.iter();
        let groups = groups.map(|group| json!({ "Title": group.title, "Resources": group.resources }));
        put_unless_empty(&mut document, "Groups", Value::Array(groups.collect()));
        let notes = self.notes.iter().map(|note| json!({ "Text": note.text, "At": note.at }));
        put_unless_empty(&mut document, "Notes", Value::Array(notes.collect()));
        Value::Object(document)
    }
}

/// Properties as the document writes them: what is as in a fresh one is left out.
pub(crate) fn minimal_properties(properties: &Properties) -> Map<String, Value> {
    let kind = properties.kind();
    minimal(properties, &kind.default_properties(), kind.descriptor().fields)
}

/// Properties of a link, likewise.
pub(crate) fn minimal_link_properties(properties: &LinkProperties) -> Map<String, Value> {
    let kind = properties.kind();
    minimal(properties, &kind.default_properties(), kind.descriptor().fields)
}

/// Every value of the document is made of texts, numbers, lists and maps with text keys, which always can be JSON.
pub(crate) fn value_of(value: &impl Serialize) -> Value {
    serde_json::to_value(value).unwrap_or(Value::Null)
}

/// What differs from a fresh one. What a fresh one has and this one has not is written as `null`.
fn minimal(properties: &impl Serialize, fresh: &impl Serialize, fields: &[FieldSpec]) -> Map<String, Value> {
    let (Value::Object(members), Value::Object(fresh)) = (value_of(properties), value_of(fresh)) else {
        return Map::new();
    };
    let emptied = fresh.iter().filter(|(name, value)| !value.is_null() && !members.contains_key(*name));
    let emptied: Vec<String> = emptied.map(|(name, _)| name.clone()).collect();
    let changed = members.into_iter().filter(|(name, value)| fresh.get(name) != Some(value));
    let written = changed.map(|(name, mut value)| {
        // JSON that belongs to somebody else, such as a filter policy, stays as it was written.
        let theirs = |field: &FieldSpec| matches!(field.kind, FieldKind::FilterPolicy | FieldKind::Json);
        if !fields.iter().any(|field| field.name == name && theirs(field)) {
            whole_numbers(&mut value);
        }
        (name, value)
    });
    written.chain(emptied.into_iter().map(|name| (name, Value::Null))).collect()
}

/// `100.0` is written `100`.
fn whole_numbers(value: &mut Value) {
    /// Beyond this not every whole number has a place.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    match value {
        Value::Number(number) if number.is_f64() => {
            let float = number.as_f64().unwrap_or_default();
            if float.fract() == 0.0 && float.abs() < EXACT {
                *value = (float as i64).into();
            }
        }
        Value::Array(elements) => elements.iter_mut().for_each(whole_numbers),
        Value::Object(members) => members.values_mut().for_each(whole_numbers),
        _ => {}
    }
}

fn put_text(object: &mut Map<String, Value>, name: &str, text: &str) {
    if !text.is_empty() {
        object.insert(name.into(), text.into());
    }
}

fn put_unless_empty(object: &mut Map<String, Value>, name: &str, value: Value) {
    let empty = match &value {
        Value::Array(elements) => elements.is_empty(),
        Value::Object(members) => members.is_empty(),
        _ => false,
    };
    if !empty {
        object.insert(name.into(), value);
    }
}

fn resource((id, properties): (&messaging::LogicalId, &Properties)) -> (String, Value) {
    let mut object = Map::new();
    object.insert("Type".into(), properties.kind().descriptor().resource_type.into());
    put_unless_empty(&mut object, "Properties", Value::Object(minimal_properties(properties)));
    (id.to_string(), Value::Object(object))
}

fn link(link: &messaging::LinkSpec) -> Value {
    let mut object = Map::new();
    object.insert("Type".into(), link.properties.kind().descriptor().link_type.into());
    object.insert("From".into(), link.from.as_str().into());
    object.insert("To".into(), link.to.as_str().into());
    put_unless_empty(&mut object, "Properties", Value::Object(minimal_link_properties(&link.properties)));
    Value::Object(object)
}

fn happening(entry: &TimelineEntry) -> Value {
    let mut object = Map::new();
    object.insert("At".into(), format_duration(entry.at).into());
    object.extend(intervention_members(&entry.intervention));
    Value::Object(object)
}

fn intervention_members(intervention: &Intervention) -> Map<String, Value> {
    let mut value = value_of(intervention);
    whole_numbers(&mut value);
    match value {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}

fn expectation(expected: &Expectation) -> Value {
    let mut object = Map::new();
    object.insert("Metric".into(), expected.metric.name().into());
    object.insert("Of".into(), expected.of.as_str().into());
    if expected.statistic != Statistic::Last {
        object.insert("Statistic".into(), value_of(&expected.statistic));
    }
    match expected.bound {
        Bound::AtLeast(low) => object.insert("AtLeast".into(), low.into()),
        Bound::AtMost(high) => object.insert("AtMost".into(), high.into()),
        Bound::Equals { value, .. } => object.insert("Equals".into(), value.into()),
        Bound::Between(low, high) => object.insert("Between".into(), json!([low, high])),
    };
    if let Bound::Equals { within: 1.., .. } = expected.bound
        && let Bound::Equals { within, .. } = expected.bound
    {
        object.insert("Within".into(), within.into());
    }
    object.insert("By".into(), format_duration(expected.by).into());
    Value::Object(object)
}

fn question(asked: &Question) -> Value {
    let mut object = Map::new();
    object.insert("Ask".into(), asked.ask.as_str().into());
    object.insert("Metric".into(), asked.about.metric.name().into());
    object.insert("Of".into(), asked.about.of.as_str().into());
    if asked.about.statistic != Statistic::Last {
        object.insert("Statistic".into(), value_of(&asked.about.statistic));
    }
    object.insert("By".into(), format_duration(asked.about.by).into());
    object.insert("Choices".into(), json!(asked.choices));
    put_text(&mut object, "Answer", &asked.answer);
    Value::Object(object)
}

/// Columns up to which a list or an object stays on one line.
const LINE_COLUMNS: usize = 110;

fn write_pretty(value: &Value, indent: usize, out: &mut String) {
    let flat = flat(value);
    let column = out.len() - out.rfind('\n').map_or(0, |newline| newline + 1);
    let (open, close, members): (_, _, Vec<(Option<&String>, &Value)>) = match value {
        Value::Array(elements) if !elements.is_empty() => {
            ('[', ']', elements.iter().map(|element| (None, element)).collect())
        }
        Value::Object(members) if !members.is_empty() => {
            ('{', '}', members.iter().map(|(name, value)| (Some(name), value)).collect())
        }
        _ => return out.push_str(&flat),
    };
    // The document itself is always laid out member by member.
    if indent > 0 && column + flat.chars().count() <= LINE_COLUMNS {
        return out.push_str(&flat);
    }
    out.push(open);
    for (place, (name, value)) in members.iter().enumerate() {
        out.push_str(if place == 0 { "\n" } else { ",\n" });
        out.push_str(&"  ".repeat(indent + 1));
        if let Some(name) = name {
            out.push_str(&format!("{}: ", Value::from(name.as_str())));
        }
        write_pretty(value, indent + 1, out);
    }
    out.push('\n');
    out.push_str(&"  ".repeat(indent));
    out.push(close);
}

/// One line, with a space inside braces and after colons and commas.
fn flat(value: &Value) -> String {
    match value {
        Value::Array(elements) => {
            format!("[{}]", elements.iter().map(flat).collect::<Vec<_>>().join(", "))
        }
        Value::Object(members) if !members.is_empty() => {
            let members = members
                .iter()
                .map(|(name, value)| format!("{}: {}", Value::from(name.as_str()), flat(value)));
            format!("{{ {} }}", members.collect::<Vec<_>>().join(", "))
        }
        other => other.to_string(),
    }
}

impl Serialize for Scenario {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.to_value().serialize(serializer)
    }
}

/// Reads what [`Scenario::to_value`] wrote; faults are passed over, as they were reported when it was parsed.
impl<'de> Deserialize<'de> for Scenario {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(parse_value(&Value::deserialize(deserializer)?).scenario)
    }
}
