//! Reading how nodes and links stand.

use messaging::message::Message;
use messaging::node_state::Instrument;
use messaging::{ComponentId, LogicalId};

use crate::frame::{LinkState, NodeEntry, Spark, Status};
use crate::inspection::{Inspection, MetricReading, RecentMessage};
use crate::run::Run;
use crate::series::{Figure, LinkFigure};

/// How all nodes and links stand.
pub(crate) fn status(run: &Run) -> Status {
    let nodes = run.world.component_ids().filter_map(|id| node(run, id)).collect();
    let mut links = Vec::new();
    for link in run.world.links().iter() {
        links.resize(link.id.index(), LinkState::default());
        links.push(link_state(run, link));
    }
    Status { nodes, links, bill: run.world.bill() }
}

fn node(run: &Run, component: ComponentId) -> Option<NodeEntry> {
    let state = run.world.node_state(component)?;
    let sparks = state.instruments.iter().filter_map(|instrument| match instrument {
        Instrument::Spark { metric, .. } => {
            let values = run.series.spark(Figure::Metric(component, *metric));
            Some(Spark { metric: *metric, values })
        }
        _ => None,
    });
    Some(NodeEntry { component, sparks: sparks.collect(), state })
}

fn link_state(run: &Run, link: &messaging::link::Link) -> LinkState {
    let counts = link.counts;
    let seconds = run.world.now().as_secs_f64();
    let rate = |figure, now| run.series.rate(Figure::Link(link.id, figure), now, seconds);
    LinkState {
        messages: counts.messages,
        bytes: counts.bytes,
        refused: counts.refused,
        filtered_out: counts.filtered_out,
        messages_per_second: rate(LinkFigure::Messages, counts.messages),
        bytes_per_second: rate(LinkFigure::Bytes, counts.bytes),
        refused_per_second: rate(LinkFigure::Refused, counts.refused),
        filtered_out_per_second: rate(LinkFigure::FilteredOut, counts.filtered_out),
        cut: link.cut,
    }
}

/// Everything about one resource; nothing if it is not there.
pub(crate) fn inspect(run: &Run, resource: &LogicalId) -> Option<Inspection> {
    let component = run.component(resource)?;
    let table = run.world.metrics(component);
    let seconds = run.world.now().as_secs_f64();
    let reading = |metric: messaging::MetricName| {
        let (kind, value) = (metric.kind(), table.value(metric));
        let adds_up = kind == messaging::metric::MetricKind::Sum;
        let rate = || run.series.rate(Figure::Metric(component, metric), value, seconds);
        MetricReading {
            metric,
            kind,
            value,
            peak: if adds_up { 0 } else { table.peak(metric).max(value) },
            per_second: if adds_up { rate() } else { 0.0 },
        }
    };
    Some(Inspection {
        revision: run.revision,
        at: run.world.now(),
        resource: resource.clone(),
        state: run.world.node_state(component)?,
        metrics: table.reported().map(reading).collect(),
        recent: recent(run, component),
    })
}

/// The last messages that came to a resource: as it remembers them itself, which no seek cuts short, or else as they
/// were traced.
fn recent(run: &Run, component: ComponentId) -> Vec<RecentMessage> {
    let own = run.world.recent_messages(component);
    let Some(link) = run.world.links().iter().find(|link| link.to == component).filter(|_| !own.is_empty())
    else {
        return run.recent(component).copied().collect();
    };
    let known = |message: Message| RecentMessage {
        at: message.published_at,
        link: link.id,
        trace_id: message.trace_id,
        payload: message.payload,
        key: message.key,
    };
    let traced =
        |message: &Message| run.recent(component).find(|traced| traced.trace_id == message.trace_id).copied();
    own.into_iter().map(|message| traced(&message).unwrap_or_else(|| known(message))).collect()
}
