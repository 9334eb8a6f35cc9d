//! The run: what is asked of the engine, and what it answers.

use std::sync::Arc;

use engine::{EngineError, EngineReply, EngineRequest, Frame, WatchedMetric};
use kernel::SimTime;
use messaging::trace::TraceSettings;

use super::document::load;
use super::{fail, tell};
use crate::action::Action;
use crate::branches;
use crate::effect::Effect;
use crate::journey;
use crate::playback::{Categories, ColourBy, add_frame, choices, renumber};
use crate::run::EngineStatus;
use crate::state::EditorState;
use crate::tool::Tool;

/// Tracks shown before anybody chose any.
const DEFAULT_TRACKS: usize = 4;
/// The most tracks.
pub(crate) const MAX_TRACKS: usize = 8;
/// The most marks of one frame.
const MARKS_PER_FRAME: u32 = 600;
/// The most events of one frame.
const EVENTS_PER_FRAME: u32 = 60;

/// What happens many times a second and changes little.
pub(super) fn clockwork(state: &mut EditorState, action: &Action) -> Option<Vec<Effect>> {
    match action {
        Action::AnimationFrame { elapsed } => Some(animation_frame(state, elapsed.as_micros())),
        Action::Engine(reply) => Some(answer(state, reply)),
        _ => None,
    }
}

pub(super) fn reduce(state: &mut EditorState, action: Action) -> Result<Vec<Effect>, Action> {
    Ok(match action {
        Action::Play => play(state),
        Action::Pause => {
            state.playback.transport.playing = false;
            let mut effects = inspect(state);
            effects.extend(journey::ask(state));
            effects
        }
        Action::Step => {
            let of = state.selection.single_node().cloned();
            state.playback.transport.step(of).map(Effect::Engine).into_iter().collect()
        }
        Action::SetSpeed(speed) => {
            let transport = &mut state.playback.transport;
            transport.speed = speed.clamp(crate::playback::MIN_SPEED, crate::playback::MAX_SPEED);
            state.playback.presentation.set_anew();
            Vec::new()
        }
        Action::Reset => {
            state.playback.transport.playing = false;
            load(state)
        }
        Action::SeekTo(to) => seek(state, to),
        Action::Intervene(intervention) => {
            state.playback.transport.furthest = state.playback.transport.reached;
            state.playback.transport.awaited += 1;
            vec![Effect::Engine(EngineRequest::Intervene { intervention })]
        }
        Action::Branch(action) => branches::act(state, action),
        Action::EngineStarted => engine_started(state),
        Action::EngineFailed(message) => {
            let at = state.playback.playhead();
            state.run.engine = EngineStatus::Failed(message);
            state.playback.transport.playing = false;
            fail(state, format!("Simulation stopped at {at}. The diagram is safe."))
        }
        Action::RestartEngine => {
            state.run.engine = EngineStatus::Starting;
            state.run.sent_scenario = None;
            state.playback.transport.awaited = 0;
            vec![Effect::StartEngine]
        }
        Action::SetHidden(hidden) => {
            state.playback.hidden = hidden;
            Vec::new()
        }
        Action::Inspect(resource) => {
            state.run.inspected = resource;
            Vec::new()
        }
        Action::TogglePin { of, metric } => toggle_pin(state, WatchedMetric { of, metric }),
        Action::ShowMinutes(minutes) => {
            state.playback.minutes = minutes;
            Vec::new()
        }
        Action::ShowTable(table) => {
            state.playback.table = table;
            Vec::new()
        }
        Action::DownloadTracks => {
            let table = crate::view::track_table(state);
            vec![Effect::Download { name: csv_name(state, "metrics"), text: crate::view::csv(&table) }]
        }
        Action::DownloadEvents => {
            let table = crate::view::event_table(state);
            vec![Effect::Download { name: csv_name(state, "events"), text: crate::view::csv(&table) }]
        }
        Action::MoveTrack { from, to } => {
            let tracks = &mut state.playback.tracks;
            if from < tracks.len() && to < tracks.len() {
                let track = tracks.remove(from);
                tracks.insert(to, track);
            }
            Vec::new()
        }
        Action::SetColourBy(by) => {
            state.playback.colour_chosen = true;
            set_colour(state, by)
        }
        Action::SetHopDisplay(hop) => {
            state.playback.hop = hop;
            state.playback.forget_flows()
        }
        Action::SetReducedMotion(reduced) => {
            state.playback.reduced_motion = reduced;
            state.playback.forget_flows()
        }
        other => return Err(other),
    })
}

fn play(state: &mut EditorState) -> Vec<Effect> {
    if state.scenario.resources.is_empty() {
        return fail(state, "There is nothing to run yet. Add a producer first.");
    }
    if state.run.sent_scenario.is_none() && state.diagnostics.has_errors() {
        return fail(state, "The diagram cannot run as it stands; see Hints.");
    }
    state.playback.transport.playing = true;
    Vec::new()
}

fn seek(state: &mut EditorState, to: SimTime) -> Vec<Effect> {
    if state.run.sent_scenario.is_none() {
        return Vec::new();
    }
    state.run.seeking = Some(to);
    state.playback.transport.seek(to).map(Effect::Engine).into_iter().collect()
}

/// Goes where the link that was opened wants the run to stand, as soon as the engine has the document.
pub(super) fn go_to_start(state: &mut EditorState) -> Vec<Effect> {
    match state.run.start_at {
        Some(at) if state.run.sent_scenario.is_some() => {
            state.run.start_at = None;
            seek(state, at)
        }
        _ => Vec::new(),
    }
}

fn animation_frame(state: &mut EditorState, micros: u64) -> Vec<Effect> {
    if state.playback.hidden {
        return Vec::new();
    }
    let ready = state.run.engine == EngineStatus::Ready;
    let presentation = &mut state.playback.presentation;
    let seconds = micros.min(100_000) as f64 / 1e6;
    if state.playback.transport.playing && ready {
        presentation.now += seconds;
    } else if presentation.now < presentation.settle_until && state.playback.stepped {
        presentation.now = (presentation.now + seconds).min(presentation.settle_until);
    }
    let mut effects: Vec<Effect> = state.announcer.elapse(micros).into_iter().collect();
    if !ready {
        return effects;
    }
    effects.extend(journey::tick(state, micros));
    let asked = state.playback.transport.elapse(micros);
    let with_status = matches!(asked, Some(EngineRequest::Advance { with_status: true, .. }));
    effects.extend(asked.map(Effect::Engine));
    if with_status {
        effects.extend(inspect(state));
    }
    effects
}

/// Asks for all about the resource that is looked at closely.
pub(super) fn inspect(state: &mut EditorState) -> Vec<Effect> {
    let resource = super::watched_resource(state);
    if state.run.inspected != resource {
        state.run.inspection = None;
        state.run.inspected.clone_from(&resource);
    }
    let known = resource.filter(|id| state.run.roster.component_of(id).is_some());
    match known {
        Some(resource) if state.run.engine == EngineStatus::Ready => {
            vec![Effect::Engine(EngineRequest::Inspect { resource })]
        }
        _ => Vec::new(),
    }
}

fn engine_started(state: &mut EditorState) -> Vec<Effect> {
    state.run.engine = EngineStatus::Idle;
    state.run.sent_scenario = None;
    state.playback.transport.awaited = 0;
    journey::forget(state);
    state.branches = branches::Branches::default();
    let mut effects = vec![Effect::Engine(EngineRequest::SetTrace(trace_settings(state)))];
    effects.push(Effect::Engine(EngineRequest::Watch(watched(state))));
    if !state.scenario.resources.is_empty() {
        effects.extend(load(state));
    }
    effects
}

fn trace_settings(state: &EditorState) -> TraceSettings {
    TraceSettings {
        messages_per_mark: state.playback.multiplicity.messages_per_mark,
        max_transits: MARKS_PER_FRAME,
        max_events: EVENTS_PER_FRAME,
    }
}

fn answer(state: &mut EditorState, reply: &EngineReply) -> Vec<Effect> {
    match reply {
        EngineReply::Loaded { revision, diagnostics, frame } => {
            let Some(frame) = frame else {
                state.diagnostics = Arc::new(diagnostics.clone());
                state.changes.document += 1;
                return Vec::new();
            };
            state.run.engine = EngineStatus::Ready;
            state.run.running = *revision;
            let mut effects = take_frame(state, frame, false);
            effects.extend(journey::ask(state));
            effects
        }
        EngineReply::Frame(frame) => take_frame(state, frame, true),
        EngineReply::Inspection(inspection) => {
            if state.run.inspected.as_ref() == Some(&inspection.resource) {
                state.run.inspection = Some(Arc::new((**inspection).clone()));
                state.changes.run += 1;
            }
            Vec::new()
        }
        EngineReply::Journeys(journeys) => journey::answered(state, journeys),
        EngineReply::Found(event) => journey::found(state, event.as_ref()),
        EngineReply::Done => Vec::new(),
        EngineReply::Rejected(error) => {
            let moved = !matches!(error, EngineError::NoSuchResource(_));
            state.playback.transport.awaited =
                state.playback.transport.awaited.saturating_sub(u32::from(moved));
            state.changes.session += 1;
            match error {
                EngineError::Intervention(_) => fail(state, error.to_string()),
                EngineError::NothingLoaded | EngineError::NoSuchResource(_) => Vec::new(),
            }
        }
    }
}

/// Takes what happened. `asked` tells an answer to a question that moves the run from the answer to a load.
fn take_frame(state: &mut EditorState, frame: &Frame, asked: bool) -> Vec<Effect> {
    if frame.revision < state.run.loaded {
        // Of a run that is no more.
        let transport = &mut state.playback.transport;
        transport.awaited = transport.awaited.saturating_sub(u32::from(asked));
        return Vec::new();
    }
    let mut effects = Vec::new();
    if frame.jumped {
        state.playback.presentation.jump();
        effects.push(Effect::ClearMarks);
    }
    state.run.take(frame);
    frame.compared.iter().for_each(|piece| crate::run::add_piece(&mut state.branches.series, piece));
    let (payload, key) = (frame.catalogue.first_payload as usize, frame.catalogue.first_key as usize);
    if payload < state.run.catalogue.payloads.len() || key < state.run.catalogue.keys.len() {
        state.playback.categories.forget_from(payload, key);
    }
    effects.extend(move_on(state, frame, asked));
    if frame.jumped && !state.playback.transport.playing {
        effects.extend(journey::ask(state));
    }
    if frame.roster.is_some() || frame.status.is_some() {
        effects.extend(take_status(state, frame));
    }
    if !state.playback.colour_chosen && !frame.catalogue.payloads.is_empty() {
        let has_lanes = state.playback.flow.lanes().iter().any(|lanes| !lanes.is_empty());
        let best = choices(&state.run.catalogue, has_lanes).into_iter().next().unwrap_or_default();
        if best != state.playback.colour_by {
            effects.extend(set_colour(state, best));
        }
    }
    state.playback.stepped = asked && !state.playback.transport.playing && !frame.jumped;
    effects.extend(add_frame(&mut state.playback, &state.run, frame));
    if !state.playback.transport.playing {
        // While the run goes on, what is looked at closely is asked for with each status.
        effects.extend(inspect(state));
    }
    effects
}

/// The transport follows; the run holds once at its end.
fn move_on(state: &mut EditorState, frame: &Frame, asked: bool) -> Vec<Effect> {
    let mut effects = Vec::new();
    let transport = &mut state.playback.transport;
    transport.next_event_at = frame.next_event_at;
    transport.ended = frame.ended;
    if asked {
        let was_seek = frame.jumped && frame.budget_spent;
        let next = transport.arrived(frame.reached, frame.budget_spent || frame.jumped);
        effects.extend(next.map(Effect::Engine));
        if was_seek && transport.awaited == 0 {
            // A long way: the rest of it.
            let rest = state.run.seeking.and_then(|to| state.playback.transport.seek(to));
            effects.extend(rest.map(Effect::Engine));
        }
    } else {
        transport.reached = frame.reached;
        transport.furthest = transport.furthest.max(frame.reached);
    }
    let transport = &mut state.playback.transport;
    if frame.ended && !transport.end_seen && transport.playing {
        transport.end_seen = true;
        transport.playing = false;
        let all = state.scenario.expectations.len();
        let own = state.run.expectations.iter().filter(|outcome| (outcome.place as usize) < all);
        let held = own.filter(|outcome| outcome.holds).count();
        let text = match all {
            0 => "The run has ended.".into(),
            _ => format!("The run has ended: {held} of {all} expectations came true."),
        };
        effects.push(tell(state, text, false));
        // The sum stands on the canvas.
        if state.player.is_none() {
            state.panels.notice = None;
        }
        state.changes.session += 1;
    }
    effects
}

fn take_status(state: &mut EditorState, frame: &Frame) -> Vec<Effect> {
    let mut effects = Vec::new();
    state.changes.run += 1;
    if renumber(&mut state.playback, &state.run) {
        effects.push(Effect::ClearMarks);
    }
    if let Some(status) = &frame.status {
        let now = state.playback.presentation.now;
        if state.playback.multiplicity.needs_room(now) {
            let room = crate::view::lengths(state);
            state.playback.multiplicity.set_room(room, now);
        }
        let (changed, bands) = state.playback.take_rates(&status.links);
        effects.extend(bands);
        if changed {
            effects.push(Effect::Engine(EngineRequest::SetTrace(trace_settings(state))));
        }
        state.announcer.look(&state.run.nodes);
        if frame.jumped && frame.reached == SimTime::ZERO {
            // Now it is known which of the pinned metrics have a quota.
            effects.push(Effect::Engine(EngineRequest::Watch(watched(state))));
            // Cards have their sizes now: what has no place of its own finds a better one.
            super::document::settle(state);
            // Nothing moves under a hand that is at work already.
            let fit = !state.playback.view_settled && state.tool == Tool::Idle;
            state.playback.view_settled = true;
            if fit {
                super::session::fit_all(state);
            }
            state.changes.document += 1;
        }
    }
    effects
}

/// The values of a message attribute that the producers of a document send, the most frequent first.
fn sent_values(scenario: &scenario::Scenario, name: &str) -> Vec<String> {
    let mut weights: Vec<(String, u64)> = Vec::new();
    for properties in scenario.resources.values() {
        let json = serde_json::to_value(properties).unwrap_or_default();
        let messages = json.get("Messages").and_then(|messages| messages.as_array());
        for message in messages.into_iter().flatten() {
            let Some(value) = message["Attributes"][name]["Value"].as_str() else { continue };
            let weight = message.get("Weight").and_then(serde_json::Value::as_u64).unwrap_or(1);
            match weights.iter_mut().find(|(known, _)| known == value) {
                Some((_, sum)) => *sum += weight,
                None => weights.push((value.to_owned(), weight)),
            }
        }
    }
    weights.sort_by_key(|(_, weight)| std::cmp::Reverse(*weight));
    weights.into_iter().map(|(value, _)| value).collect()
}

fn set_colour(state: &mut EditorState, by: ColourBy) -> Vec<Effect> {
    state.playback.categories = Categories::new(&by);
    if let ColourBy::Attribute(name) = &by {
        state.playback.categories.expect(sent_values(&state.scenario, name));
    }
    state.playback.colour_by = by;
    state.changes.session += 1;
    Vec::new()
}

/// Pins for a document whose reader has chosen none, and asks for their samples.
pub(super) fn choose_tracks(state: &mut EditorState) -> Vec<Effect> {
    pick_tracks(state);
    watch(state)
}

/// What is expected, and the first metric of each resource.
pub(super) fn pick_tracks(state: &mut EditorState) {
    let expected = state.scenario.expectations.iter().map(|expected| (&expected.of, expected.metric));
    let first = state.scenario.resources.iter().filter_map(|(id, properties)| {
        let metrics = properties.kind().descriptor().metrics;
        Some((id, *metrics.first()?))
    });
    let one_by_one = expected.chain(first).map(|(of, metric)| WatchedMetric { of: of.clone(), metric });
    let mut tracks: Vec<WatchedMetric> = Vec::new();
    for track in crate::view::first_tracks(state).into_iter().chain(one_by_one) {
        if tracks.len() < DEFAULT_TRACKS && !tracks.contains(&track) {
            tracks.push(track);
        }
    }
    state.playback.tracks = tracks;
}

fn toggle_pin(state: &mut EditorState, track: WatchedMetric) -> Vec<Effect> {
    state.playback.tracks_chosen = true;
    let tracks = &mut state.playback.tracks;
    match tracks.iter().position(|pinned| *pinned == track) {
        Some(place) => drop(tracks.remove(place)),
        None if tracks.len() >= MAX_TRACKS => {
            return fail(state, format!("There are {MAX_TRACKS} tracks already. Unpin one first."));
        }
        None => tracks.push(track),
    }
    watch(state)
}

fn csv_name(state: &EditorState, what: &str) -> String {
    format!("{}-{what}.csv", crate::view::file_stem(state.title()))
}

/// Asks for the samples of the pinned metrics.
pub(super) fn watch(state: &mut EditorState) -> Vec<Effect> {
    if !matches!(state.run.engine, EngineStatus::Idle | EngineStatus::Ready) {
        return Vec::new();
    }
    let mut effects = vec![Effect::Engine(EngineRequest::Watch(watched(state)))];
    effects.extend(poke(state));
    effects
}

/// The pinned metrics, and what was refused beside those that have a quota.
fn watched(state: &EditorState) -> Vec<WatchedMetric> {
    let mut all = state.playback.tracks.clone();
    for track in &state.playback.tracks {
        let refused = crate::view::refused_beside(state, track).filter(|refused| !all.contains(refused));
        all.extend(refused);
    }
    all
}

/// What is recorded comes with a frame, and none comes by itself while the run is held.
pub(crate) fn poke(state: &mut EditorState) -> Vec<Effect> {
    let mut effects = Vec::new();
    let transport = &mut state.playback.transport;
    if !transport.playing && transport.awaited == 0 && state.run.engine == EngineStatus::Ready {
        transport.awaited += 1;
        let to = transport.reached;
        effects.push(Effect::Engine(EngineRequest::Advance { to, budget: 1, with_status: true }));
    }
    effects
}
