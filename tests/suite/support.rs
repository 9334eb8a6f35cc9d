//! Worlds from documents, for the other modules of the suite.

use std::sync::Arc;

use kernel::{Seed, SimDuration, SimTime};
use messaging::call::{Call, Entries, Entry};
use messaging::identifiers::{DeduplicationId, KeyId};
use messaging::message::{Message, Payload, content_deduplication_id};
use messaging::message_attributes::MessageAttributes;
use messaging::trace::TraceSettings;
use messaging::{
    ComponentId, EventBudget, Intervention, LogicalId, MessageId, MetricName, Request, TraceId, World,
    WorldSpec,
};
use serde_json::{Value, json};

/// What the resources and links of a document compile to.
pub(crate) fn spec_of(document: &Value) -> Arc<WorldSpec> {
    let mut document = document.clone();
    document["Version"] = json!(1);
    let parsed = scenario::parse(&document.to_string());
    assert!(!parsed.diagnostics.has_errors(), "{:#?}", parsed.diagnostics);
    match scenario::compile(&parsed.scenario) {
        Ok(spec) => Arc::new(spec),
        Err(diagnostics) => panic!("{diagnostics:#?}"),
    }
}

/// A world at time zero that traces all that happens and nothing that moves.
pub(crate) fn world_of(document: &Value) -> World {
    let trace = TraceSettings { max_events: 100_000, ..TraceSettings::OFF };
    World::new(&spec_of(document), Seed(7), trace)
}

/// A world that has run for so many seconds.
pub(crate) fn run(document: &Value, seconds: f64) -> World {
    let mut world = world_of(document);
    advance(&mut world, seconds);
    world
}

/// Runs a world up to a second of the run.
pub(crate) fn advance(world: &mut World, to_seconds: f64) {
    world.advance(SimTime::ZERO + SimDuration::from_secs_f64(to_seconds), EventBudget::UNLIMITED);
}

/// What components have reported and their descriptors do not name: documents could not expect it.
pub(crate) fn undescribed_metrics(world: &World) -> Vec<String> {
    let mut found = Vec::new();
    for id in world.component_ids() {
        let described = world.kind(id).map_or(&[][..], |kind| kind.descriptor().metrics);
        let name = world.name(id).map_or("", |name| name.as_str());
        let reported = world.metrics(id);
        let reported = reported.reported().filter(|metric| !described.contains(metric));
        found.extend(reported.map(|metric| format!("{name}: {}", metric.name())));
    }
    found
}

/// The place of a resource.
pub(crate) fn place(world: &World, name: &str) -> ComponentId {
    world.component(&LogicalId::from(name)).unwrap_or_else(|| panic!("{name} is there"))
}

/// A metric of a resource as it stands.
pub(crate) fn metric(world: &World, name: &str, metric: MetricName) -> u64 {
    world.metric(place(world, name), metric)
}

/// Several metrics of a resource as they stand.
pub(crate) fn metrics<const N: usize>(world: &World, name: &str, of: [MetricName; N]) -> [u64; N] {
    of.map(|of| metric(world, name, of))
}

/// Takes a changed document, as an edit does.
pub(crate) fn edit(world: &mut World, document: &Value) {
    let edit = Intervention::Reconfigure(spec_of(document));
    world.intervene(&edit).expect("an edit is always possible");
}

/// An entry that sends a body without attributes.
pub(crate) fn entry(
    world: &mut World,
    body: &str,
    group: Option<&str>,
    deduplication_id: Option<&str>,
) -> Entry {
    entry_with(world, Payload::new(body, MessageAttributes::new(), 0), group, deduplication_id)
}

/// An entry that sends a payload.
pub(crate) fn entry_with(
    world: &mut World,
    payload: Payload,
    group: Option<&str>,
    deduplication_id: Option<&str>,
) -> Entry {
    let published_at = world.now();
    let catalogue = world.catalogue_mut();
    Entry::new(Message {
        id: MessageId(0),
        trace_id: TraceId(0),
        payload: catalogue.add_payload(payload),
        key: group.map_or(KeyId::NONE, |group| catalogue.add_key(group)),
        deduplication_id: deduplication_id.map_or(DeduplicationId::NONE, content_deduplication_id),
        published_at,
        delay_seconds: None,
        poison: false,
    })
}

/// Calls a resource from outside; the answer comes at once.
pub(crate) fn call(world: &mut World, to: &str, request: impl Into<Request>, entries: Vec<Entry>) -> Call {
    let to = place(world, to);
    world.call_from_outside(to, request.into(), Entries::from_vec(entries), 0);
    world.take_answers().pop().expect("an answer at once")
}

/// The code of the refusal of a call, if it was refused.
pub(crate) fn code(call: &Call) -> Option<&'static str> {
    call.result.and_then(Result::err).map(|error| error.as_service_error().code())
}
