//! Below: transport, clock, tracks, flags and events.

use std::sync::Arc;

use engine::WatchedMetric;
use kernel::SimTime;
use messaging::metric::MetricKind;
use messaging::node_state::{Instrument, Unit};
use messaging::{Intervention, LogicalId, MetricName, TraceId};

use crate::playback::HopDisplay;
use crate::run::{EngineStatus, Series};
use crate::state::EditorState;
use crate::view::Shared;
use crate::view::format::{format_bytes, format_value};
use crate::view::inspector::is_asked;

/// The transport.
#[derive(Clone, Debug, PartialEq)]
pub struct TransportView {
    /// The run goes on.
    pub playing: bool,
    /// Play can be pressed: something is drawn and the engine is there.
    pub enabled: bool,
    /// How it stands.
    pub chip: RunChip,
    /// The speed, such as `1×`.
    pub speed_text: String,
    /// The speed.
    pub speed: f64,
    /// Where the speed's slider stands, 0 to 1, on a logarithmic scale.
    pub speed_position: f64,
    /// How hops are shown.
    pub hop: HopDisplay,
    /// The same in words: `Hops shown for 0.5 s`.
    pub hop_text: String,
    /// What pressing step will lead to, while held: `Next event at 02:14.381`.
    pub next_text: String,
}

/// How the run stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RunChip {
    /// Nothing to run.
    Empty,
    /// The engine is being loaded.
    Loading,
    /// It runs at the furthest instant reached.
    Live,
    /// It is held.
    Paused,
    /// It stands behind the furthest instant reached.
    Past,
    /// All that is written down for it has happened.
    Ended,
    /// The engine stopped.
    Stopped(String),
}

impl RunChip {
    /// The word on the chip.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Empty => "Nothing to play",
            Self::Loading => "Loading",
            Self::Live => "Live",
            Self::Paused => "Paused",
            Self::Past => "Past",
            Self::Ended => "Ended",
            Self::Stopped(_) => "Stopped",
        }
    }
}

/// The tracks.
#[derive(Clone, Debug, PartialEq)]
pub struct TracksView {
    /// Seconds the axis spans.
    pub span_seconds: f64,
    /// Where the ticks are, with their texts.
    pub ticks: Vec<(f64, String)>,
    /// Flags above the axis.
    pub flags: Vec<Flag>,
    /// The furthest instant reached, seconds.
    pub furthest_seconds: f64,
    /// The tracks.
    pub tracks: Vec<TrackView>,
    /// One value a minute, as CloudWatch shows it.
    pub minutes: bool,
    /// The name of the run that is compared, if there is one.
    pub compared: Option<String>,
}

/// A flag above the axis.
#[derive(Clone, Debug, PartialEq)]
pub struct Flag {
    /// When.
    pub at: SimTime,
    /// What.
    pub text: String,
    /// What kind.
    pub kind: FlagKind,
}

/// What a flag stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FlagKind {
    /// Something of the scenario's timeline.
    Scripted,
    /// A caption.
    Caption,
    /// An expectation that came out as it should.
    Holds,
    /// One that did not.
    Fails,
    /// One whose time has not come.
    Expected,
    /// Something a person did.
    Done,
}

/// A track.
#[derive(Clone, Debug, PartialEq)]
pub struct TrackView {
    /// Which metric of which resource.
    pub of: WatchedMetric,
    /// What it is now, such as `240`.
    pub value_text: String,
    /// The unit after it, such as `/s`.
    pub unit_text: String,
    /// What was recorded.
    pub series: Shared<Series>,
    /// The largest value recorded, or the quota if that is larger.
    pub max: f64,
    /// The quota, if the resource has a gauge of such a metric.
    pub quota: Option<f64>,
    /// The metric counts something refused or failed.
    pub bad: bool,
    /// What was refused beside it, for a metric with a quota.
    pub refused: Option<Shared<Series>>,
    /// What the compared run recorded.
    pub other: Option<Shared<Series>>,
    /// What that was at this instant, with its unit.
    pub other_text: String,
}

/// A line of the events tab.
#[derive(Clone, Debug, PartialEq)]
pub struct EventRow {
    /// When, as the clock reads.
    pub time: String,
    /// The instant.
    pub at: SimTime,
    /// Where.
    pub node: Option<LogicalId>,
    /// The kind in a word.
    pub word: &'static str,
    /// What kind.
    pub kind: engine::LogKind,
    /// The API action and the error code.
    pub code: String,
    /// What happened.
    pub text: String,
    /// Which message, if one.
    pub trace_id: Option<TraceId>,
}

/// The transport.
pub fn transport_view(state: &EditorState) -> TransportView {
    let transport = &state.playback.transport;
    let empty = state.scenario.resources.is_empty();
    let failed = matches!(state.run.engine, EngineStatus::Failed(_));
    TransportView {
        playing: transport.playing,
        enabled: !empty && !failed && !cannot_run(state),
        chip: chip(state),
        speed_text: format!("{}×", speed_text(transport.speed)),
        speed: transport.speed,
        speed_position: transport.speed_position(),
        hop: if state.playback.reduced_motion { HopDisplay::Still } else { state.playback.hop },
        hop_text: match state.playback.hop {
            _ if state.playback.reduced_motion => "Counts instead of marks".into(),
            HopDisplay::Watching => "Hops shown for 0.5 s".into(),
            HopDisplay::ToScale => "Hops to scale".into(),
            HopDisplay::Still => "Counts instead of marks".into(),
        },
        next_text: match transport.next_event_at {
            Some(at) if !transport.playing => format!("Next event at {at}"),
            _ => String::new(),
        },
    }
}

fn chip(state: &EditorState) -> RunChip {
    let transport = &state.playback.transport;
    match &state.run.engine {
        _ if state.scenario.resources.is_empty() => RunChip::Empty,
        EngineStatus::Failed(message) => RunChip::Stopped(message.clone()),
        EngineStatus::Idle if cannot_run(state) => RunChip::Paused,
        EngineStatus::Starting | EngineStatus::Idle => RunChip::Loading,
        EngineStatus::Ready if transport.is_past() => RunChip::Past,
        EngineStatus::Ready if transport.playing => RunChip::Live,
        EngineStatus::Ready if transport.ended => RunChip::Ended,
        EngineStatus::Ready => RunChip::Paused,
    }
}

/// The document has errors, and no earlier version of it is running.
fn cannot_run(state: &EditorState) -> bool {
    state.run.engine != EngineStatus::Ready && state.diagnostics.has_errors()
}

/// Two digits are enough to know how fast it goes.
fn speed_text(speed: f64) -> String {
    let text = if speed >= 10.0 { format!("{speed:.0}") } else { format!("{speed:.2}") };
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

/// The clock: `00:02:14` and `.380`. Cheap enough for every frame.
pub fn clock_text(state: &EditorState) -> (String, String) {
    let text = state.playback.playhead().to_string();
    let (seconds, millis) = text.split_at(text.len() - 4);
    (seconds.into(), millis.into())
}

/// The tracks. The axis reaches to the end of the run or a minute, and further as the run goes on.
pub fn tracks(state: &EditorState) -> TracksView {
    let furthest = state.playback.transport.furthest.as_secs_f64();
    let written = state.scenario.card.is_some() || !state.scenario.expectations.is_empty();
    // What is written down ends where the axis ends; what goes on has some room to the right.
    let planned = if written { state.scenario.run_until().as_secs_f64() } else { 1.5 * 60.0 };
    let span_seconds = nice_span(planned.max(furthest * 1.02));
    TracksView {
        span_seconds,
        ticks: ticks(span_seconds),
        flags: flags(state),
        furthest_seconds: furthest,
        tracks: state.playback.tracks.iter().map(|of| track(state, of)).collect(),
        minutes: state.playback.minutes,
        compared: state.branches.compared.map(crate::branches::name),
    }
}

/// The next round number of seconds.
fn nice_span(seconds: f64) -> f64 {
    const ROUND: [f64; 20] = [
        30.0, 60.0, 90.0, 120.0, 180.0, 240.0, 300.0, 420.0, 480.0, 600.0, 900.0, 1_200.0, 1_800.0, 2_700.0,
        3_600.0, 7_200.0, 14_400.0, 28_800.0, 43_200.0, 86_400.0,
    ];
    let round = ROUND.into_iter().find(|round| *round >= seconds);
    round.unwrap_or_else(|| (seconds / 86_400.0).ceil() * 86_400.0)
}

fn ticks(span_seconds: f64) -> Vec<(f64, String)> {
    const STEPS: [u64; 14] = [5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400, 86_400];
    /// At most so many ticks fit beside each other.
    const MOST: f64 = 8.0;
    let step = STEPS.into_iter().find(|step| span_seconds / *step as f64 <= MOST).unwrap_or(86_400 * 7);
    let count = (span_seconds / step as f64) as u64;
    (0..=count).map(|place| ((place * step) as f64, short_time(place * step))).collect()
}

/// `2:30`, or `1:02:30` from an hour on.
pub fn short_time(seconds: u64) -> String {
    let (hours, minutes, rest) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    if hours > 0 { format!("{hours}:{minutes:02}:{rest:02}") } else { format!("{minutes}:{rest:02}") }
}

fn flags(state: &EditorState) -> Vec<Flag> {
    let timeline = state.scenario.timeline.iter().map(|entry| Flag {
        at: entry.at,
        text: intervention_words(&entry.intervention),
        kind: FlagKind::Scripted,
    });
    let captions = state.scenario.captions.iter().map(|caption| Flag {
        at: caption.at,
        text: caption.text.clone(),
        kind: FlagKind::Caption,
    });
    let expectations = state.scenario.expectations.iter().enumerate().map(|(place, expected)| {
        let outcome = state.run.expectations.iter().find(|outcome| outcome.place as usize == place);
        let bound = match outcome {
            None if is_asked(state, expected) => "?".into(),
            _ => expected.bound.to_string(),
        };
        Flag {
            at: expected.by,
            text: format!("{} of {}: {bound}", expected.metric.name(), expected.of),
            kind: match outcome {
                None => FlagKind::Expected,
                Some(outcome) if outcome.holds => FlagKind::Holds,
                Some(_) => FlagKind::Fails,
            },
        }
    });
    let done = state.run.log.iter().filter(|entry| entry.kind == engine::LogKind::Intervened);
    let done = done.filter(|entry| !state.scenario.timeline.iter().any(|scripted| scripted.at == entry.at));
    let done = done.map(|entry| Flag {
        at: entry.at,
        text: match state.run.roster.resource(entry.component) {
            Some(id) => format!("{id}: {}", entry.operation),
            None => entry.operation.clone(),
        },
        kind: FlagKind::Done,
    });
    let mut all: Vec<Flag> = timeline.chain(captions).chain(expectations).chain(done).collect();
    all.sort_by_key(|flag| flag.at);
    all
}

pub(crate) fn intervention_words(intervention: &Intervention) -> String {
    match intervention {
        Intervention::Start(id) => format!("{id} starts"),
        Intervention::Stop(id) => format!("{id} stops"),
        Intervention::Crash(id) => format!("{id} crashes"),
        Intervention::Slow { of, factor } => format!("{of} takes {factor}× as long"),
        Intervention::Send { from, count } => format!("{from} sends {count} at once"),
        Intervention::Poison(id) => format!("{id} sends a poison message"),
        Intervention::Purge(id) => format!("{id} is purged"),
        Intervention::Redrive(id) => format!("{id} is redriven"),
        Intervention::Reboot(id) => format!("{id} is rebooted"),
        Intervention::Throttle { of, calls_per_second: Some(limit) } => format!("{of} takes {limit} calls/s"),
        Intervention::Throttle { of, calls_per_second: None } => format!("{of} takes all calls again"),
        Intervention::AvailabilityZoneOutage(zone) => format!("{} is out", zone.name()),
        Intervention::AvailabilityZoneRecovery(zone) => format!("{} is back", zone.name()),
        Intervention::CutLink { from, to } => format!("{from} to {to} is cut"),
        Intervention::RestoreLink { from, to } => format!("{from} to {to} works again"),
        Intervention::Reconfigure(_) => "edited".into(),
    }
}

fn track(state: &EditorState, of: &WatchedMetric) -> TrackView {
    let minutes = state.playback.minutes;
    let shown = |series: Option<&Arc<Series>>| {
        series.map(|series| if minutes { Arc::new(by_minute(series, of.metric)) } else { series.clone() })
    };
    let series = shown(state.run.series.get(of)).unwrap_or_default();
    let at = state.playback.playhead();
    let (value_text, unit_text) = value_of(of.metric, value_at(&series, at).unwrap_or(0.0), minutes);
    let per_minute = minutes && of.metric.kind() == MetricKind::Sum;
    let quota = quota(state, of).map(|quota| if per_minute { quota * 60.0 } else { quota });
    let refused = refused_beside(state, of).and_then(|refused| shown(state.run.series.get(&refused)));
    let other = shown(state.branches.series.get(of)).filter(|_| state.branches.compared.is_some());
    let tried = |place: usize, value: f64| {
        value + refused.as_ref().and_then(|refused| refused.values.get(place)).copied().unwrap_or(0.0)
    };
    let most =
        series.values.iter().enumerate().map(|(place, value)| tried(place, *value)).fold(0.0, f64::max);
    let most = other.iter().flat_map(|other| &other.values).copied().fold(most, f64::max);
    let other_text = other.as_ref().and_then(|other| value_at(other, at)).map_or_else(String::new, |value| {
        let (text, unit) = value_of(of.metric, value, minutes);
        format!("{text}{unit}")
    });
    TrackView {
        of: of.clone(),
        value_text,
        unit_text,
        max: most.max(quota.map_or(0.0, |quota| quota * 1.25)).max(1.0),
        quota,
        bad: is_bad(of.metric),
        series: Shared(series),
        refused: refused.map(Shared),
        other: other.map(Shared),
        other_text,
    }
}

/// The value at an instant; the last one for later instants.
fn value_at(series: &Series, at: SimTime) -> Option<f64> {
    let place = at.whole_second().saturating_sub(series.first_second) / series.step_seconds.max(1);
    series.values.get(usize::try_from(place).unwrap_or(usize::MAX)).or(series.values.last()).copied()
}

/// A metric as CloudWatch shows it: the Sum or the Average of each whole minute, drawn from where the minute begins.
fn by_minute(series: &Series, metric: MetricName) -> Series {
    const MINUTE: u64 = 60;
    let step = series.step_seconds.max(1);
    let mut minutes: Vec<(f64, f64)> = Vec::new();
    for (place, value) in series.values.iter().enumerate() {
        // A value tells of the seconds before it.
        let end = series.first_second + step * place as u64;
        let minute = usize::try_from(end.saturating_sub(1) / MINUTE).unwrap_or(usize::MAX);
        if minute >= minutes.len() {
            minutes.resize(minute + 1, (0.0, 0.0));
        }
        minutes[minute].0 += value * step as f64;
        minutes[minute].1 += step as f64;
    }
    // The minute that goes on is not reported yet.
    let last = series.first_second + step * series.values.len().saturating_sub(1) as u64;
    minutes.truncate(usize::try_from(last / MINUTE).unwrap_or(usize::MAX));
    let adds_up = metric.kind() == MetricKind::Sum;
    let values = minutes.iter().map(|(sum, seconds)| if adds_up { *sum } else { sum / seconds.max(1.0) });
    Series { first_second: 0, step_seconds: MINUTE, values: values.collect() }
}

/// What a resource refused, beside a metric of it that has a quota.
pub(crate) fn refused_beside(state: &EditorState, of: &WatchedMetric) -> Option<WatchedMetric> {
    const REFUSED: MetricName = MetricName::RefusedMessages;
    let metrics = state.scenario.resources.get(&of.of)?.kind().descriptor().metrics;
    let beside = of.metric != REFUSED && of.metric.kind() == MetricKind::Sum && !is_bad(of.metric);
    let wanted = beside && metrics.contains(&REFUSED) && quota(state, of).is_some();
    wanted.then(|| WatchedMetric { of: of.of.clone(), metric: REFUSED })
}

/// The value of a metric and its unit: sums per second.
fn value_of(metric: MetricName, value: f64, minutes: bool) -> (String, String) {
    let per_second = metric.kind() == MetricKind::Sum && !minutes;
    let (text, unit) = match metric.unit() {
        "Bytes" => (format_bytes(value), ""),
        "Seconds" => format_value(value, Unit::Seconds),
        "Milliseconds" => format_value(value, Unit::Milliseconds),
        _ if per_second => format_value(value, Unit::PerSecond),
        _ => format_value(value, Unit::Count),
    };
    let per_minute = metric.kind() == MetricKind::Sum && minutes;
    let unit = match unit {
        "" if per_second => "/s",
        "" if per_minute => "/min",
        other => other,
    };
    (text, unit.to_owned())
}

/// The limit that a metric runs into: that of the gauge its resource shows for it.
fn quota(state: &EditorState, of: &WatchedMetric) -> Option<f64> {
    let node = state.run.nodes.get(&of.of)?;
    node.state.instruments.iter().find_map(|instrument| match instrument {
        Instrument::Gauge { metric: Some((metric, limit)), .. } if *metric == of.metric => Some(*limit),
        _ => None,
    })
}

/// The metric counts what went wrong.
fn is_bad(metric: MetricName) -> bool {
    let name = metric.name();
    ["Throttled", "Refused", "Exceeded", "Lost", "Failed", "Failures", "Expired", "DeadLetter", "Dlq"]
        .iter()
        .any(|word| name.contains(word))
}

/// The last events, latest first, of all nodes or of one.
pub fn event_rows(state: &EditorState, of: Option<&LogicalId>, limit: usize) -> Vec<EventRow> {
    let node = |entry: &engine::LogEntry| state.run.roster.resource(entry.component).cloned();
    let entries = state.run.log.iter().rev().map(|entry| (node(entry), entry));
    let entries = entries.filter(|(id, _)| of.is_none() || id.as_ref() == of);
    let row = |(node, entry): (Option<LogicalId>, &engine::LogEntry)| EventRow {
        time: entry.at.to_string(),
        at: entry.at,
        node,
        word: entry.kind.word(),
        kind: entry.kind,
        code: [entry.operation.as_str(), entry.code.as_str()].join(" ").trim().to_owned(),
        text: entry.text.clone(),
        trace_id: entry.trace_id,
    };
    entries.take(limit).map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_axis_has_round_times() {
        assert_eq!((nice_span(60.0), nice_span(61.2)), (60.0, 90.0));
        assert_eq!(ticks(180.0).last(), Some(&(180.0, "3:00".into())));
        assert_eq!(ticks(180.0)[1], (30.0, "0:30".into()));
        assert_eq!(short_time(3_750), "1:02:30");
        assert_eq!(
            (speed_text(0.25), speed_text(1.0), speed_text(100.0)),
            ("0.25".into(), "1".into(), "100".into())
        );
    }
}
