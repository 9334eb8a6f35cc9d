//! The JSON Schema of the document, made from the types that read it.

use messaging::metric::MetricName;
use messaging::{Intervention, LinkKind, ResourceKind, Settings};
use schemars::SchemaGenerator;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use crate::limits;
use crate::model::{Card, Statistic, VERSION};

/// The JSON Schema (draft 2020-12) of the document.
pub fn json_schema() -> Value {
    let mut generator = SchemaSettings::draft2020_12().into_generator();
    let resources: Vec<Value> =
        ResourceKind::ALL.iter().map(|kind| resource(*kind, &mut generator)).collect();
    let links: Vec<Value> = LinkKind::ALL.iter().map(|kind| link(*kind, &mut generator)).collect();
    let settings = generator.subschema_for::<Settings>();
    let card = generator.subschema_for::<Card>();
    let timeline = timeline(&mut generator);
    let expectation = expectation(&mut generator);
    let question = question();
    let time = json!({ "type": "string", "description": "A time such as 30s, 2m, 1h30m or 250ms." });
    let name = json!({
        "type": "string",
        "description": "The name of a resource (SQS-2).",
        "pattern": "^[A-Za-z0-9_-]{1,80}(\\.fifo)?$",
    });
    let mut definitions = generator.take_definitions(true);
    definitions.insert("Time".into(), time);
    definitions.insert("Name".into(), name);
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Inflight scenario",
        "description": "What is there, what happens, what should come out, and how it is drawn.",
        "type": "object",
        "additionalProperties": false,
        "required": ["Version"],
        "properties": {
            "$schema": { "type": "string" },
            "Version": { "const": VERSION, "description": "The version of the format." },
            "Title": { "type": "string" },
            "Description": { "type": "string", "description": "What it shows, in a sentence or two." },
            "Seed": {
                "type": "integer", "minimum": 0, "maximum": limits::MAX_SEED, "default": 1,
                "description": "The same document and the same seed give the same run.",
            },
            "Settings": settings,
            "Card": card,
            "Resources": {
                "type": "object",
                "description": "The resources by name. Their order is the order of the diagram.",
                "maxProperties": limits::MAX_RESOURCES,
                "propertyNames": { "$ref": "#/$defs/Name" },
                "additionalProperties": { "oneOf": resources },
            },
            "Links": {
                "type": "array", "maxItems": limits::MAX_LINKS,
                "description": "Which way messages go.",
                "items": { "oneOf": links },
            },
            "Timeline": {
                "type": "array", "maxItems": limits::MAX_TIMELINE_ENTRIES,
                "description": "What happens when, without anybody's doing.",
                "items": timeline,
            },
            "Expect": {
                "type": "array", "maxItems": limits::MAX_EXPECTATIONS,
                "description": "What should come out.",
                "items": expectation,
            },
            "Captions": {
                "type": "array", "maxItems": limits::MAX_CAPTIONS,
                "description": "What to say when, for whoever watches.",
                "items": {
                    "type": "object", "additionalProperties": false, "required": ["At", "Text"],
                    "properties": {
                        "At": { "$ref": "#/$defs/Time" },
                        "Text": { "type": "string" },
                        "Question": question,
                    },
                },
            },
            "Layout": {
                "type": "object",
                "description": "Where the nodes stand: the top left corner in pixels.",
                "additionalProperties": {
                    "type": "array", "minItems": 2, "maxItems": 2,
                    "items": { "type": "number", "minimum": -limits::MAX_POSITION, "maximum": limits::MAX_POSITION },
                },
            },
            "Groups": groups(),
            "Notes": notes(),
        },
        "$defs": definitions,
    })
}

fn groups() -> Value {
    json!({
        "type": "array", "maxItems": limits::MAX_GROUPS,
        "description": "Nodes that are drawn as one titled region. No node is in two.",
        "items": {
            "type": "object", "additionalProperties": false, "required": ["Resources"],
            "properties": {
                "Title": { "type": "string", "maxLength": limits::MAX_NOTE_CHARACTERS },
                "Resources": { "type": "array", "items": { "$ref": "#/$defs/Name" } },
            },
        },
    })
}

fn notes() -> Value {
    let side = json!({ "type": "number", "minimum": -limits::MAX_POSITION, "maximum": limits::MAX_POSITION });
    json!({
        "type": "array", "maxItems": limits::MAX_NOTES,
        "description": "Texts on the diagram, each at its top left corner in pixels.",
        "items": {
            "type": "object", "additionalProperties": false, "required": ["Text", "At"],
            "properties": {
                "Text": { "type": "string", "maxLength": limits::MAX_NOTE_CHARACTERS },
                "At": { "type": "array", "minItems": 2, "maxItems": 2, "items": side },
            },
        },
    })
}

fn resource(kind: ResourceKind, generator: &mut SchemaGenerator) -> Value {
    let descriptor = kind.descriptor();
    json!({
        "title": descriptor.title,
        "description": descriptor.description,
        "type": "object", "additionalProperties": false, "required": ["Type"],
        "properties": {
            "Type": { "const": descriptor.resource_type },
            "Properties": kind.schema(generator),
        },
    })
}

fn link(kind: LinkKind, generator: &mut SchemaGenerator) -> Value {
    let descriptor = kind.descriptor();
    json!({
        "title": descriptor.title,
        "description": descriptor.description,
        "type": "object", "additionalProperties": false, "required": ["From", "To"],
        "properties": {
            "Type": { "const": descriptor.link_type },
            "From": { "$ref": "#/$defs/Name" },
            "To": { "$ref": "#/$defs/Name" },
            "Properties": kind.schema(generator),
        },
    })
}

/// The interventions, each with its time beside it.
fn timeline(generator: &mut SchemaGenerator) -> Value {
    let mut schema = generator.root_schema_for::<Intervention>().to_value();
    let cases = schema.get_mut("oneOf").map(Value::take).unwrap_or_default();
    let cases = cases.as_array().cloned().unwrap_or_default().into_iter().map(|mut case| {
        if let Some(Value::Object(members)) = case.get_mut("properties") {
            members.insert("At".into(), json!({ "$ref": "#/$defs/Time" }));
        }
        if let Some(Value::Array(required)) = case.get_mut("required") {
            required.push("At".into());
        }
        case
    });
    // The generator has the definitions of the cases only if it was asked for them itself.
    let _ = generator.subschema_for::<Intervention>();
    json!({ "oneOf": cases.collect::<Vec<_>>() })
}

/// Something to predict, about what an expectation may be about.
fn question() -> Value {
    let mut properties = Map::new();
    for name in ["Metric", "Of", "Statistic", "By"] {
        let same = format!("#/properties/Expect/items/properties/{name}");
        properties.insert(name.into(), json!({ "$ref": same }));
    }
    properties.insert("Ask".into(), json!({ "type": "string" }));
    properties.insert("Answer".into(), json!({ "type": "string" }));
    let choice = json!({ "type": "integer", "minimum": 0 });
    properties.insert("Choices".into(), json!({ "type": "array", "minItems": 2, "items": choice }));
    json!({
        "type": "object", "additionalProperties": false, "required": ["Ask", "Metric", "Of", "By", "Choices"],
        "properties": properties,
    })
}

fn expectation(generator: &mut SchemaGenerator) -> Value {
    let count = json!({ "type": "integer", "minimum": 0 });
    let metrics: Vec<&str> = MetricName::ALL.iter().map(|metric| metric.name()).collect();
    let mut properties = Map::new();
    properties.insert("Metric".into(), json!({ "enum": metrics }));
    properties.insert("Of".into(), json!({ "$ref": "#/$defs/Name" }));
    properties.insert("Statistic".into(), generator.subschema_for::<Statistic>().to_value());
    for bound in ["AtLeast", "AtMost", "Equals", "Within"] {
        properties.insert(bound.into(), count.clone());
    }
    properties
        .insert("Between".into(), json!({ "type": "array", "minItems": 2, "maxItems": 2, "items": count }));
    for time in ["By", "At"] {
        properties.insert(time.into(), json!({ "$ref": "#/$defs/Time" }));
    }
    let one_of = ["AtLeast", "AtMost", "Equals", "Between"].map(|bound| json!({ "required": [bound] }));
    json!({
        "type": "object", "additionalProperties": false, "required": ["Metric", "Of"],
        "properties": properties,
        "oneOf": one_of,
    })
}
