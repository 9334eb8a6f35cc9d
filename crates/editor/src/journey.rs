//! Following a message: which one, what the engine said of its way, and playing it again in elastic time.

use std::sync::Arc;

use engine::{EngineRequest, Journeys, LogEntry, LogKind, OutcomeKind};
use kernel::SimTime;
use messaging::TraceId;

use crate::action::Action;
use crate::effect::{Effect, Focus};
use crate::panels::DockTab;
use crate::playback::{MAX_SPEED, MIN_SPEED, Mark};
use crate::reduce::{fail, reduce, tell};
use crate::run::EngineStatus;
use crate::selection::Selection;
use crate::state::EditorState;

/// While the run goes on, a journey that has not ended is looked at again so often, microseconds of real time.
const REFRESH_MICROS: u64 = 2_000_000;
/// A hop in elastic time takes about so long, seconds.
const ELASTIC_HOP_SECONDS: f64 = 0.9;
/// A wait in elastic time takes about so long, seconds.
const ELASTIC_WAIT_SECONDS: f64 = 1.2;
/// How near a click has to be to a mark, CSS px.
const MARK_REACH: f64 = 12.0;

/// A tab of a message in the inspector.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum JourneyTab {
    /// How its copies ended, and why.
    #[default]
    Outcome,
    /// Attributes and body.
    Content,
    /// The API calls it travelled with.
    Calls,
}

/// What can be looked for from one message to the next.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Trouble {
    /// Anything of the three.
    #[default]
    Any,
    /// A message was given up or expired.
    Drop,
    /// A call was refused over a quota.
    Throttle,
    /// A message went to a dead-letter queue.
    DeadLetter,
}

impl Trouble {
    /// All of them, in the order of their buttons.
    pub const ALL: [Self; 4] = [Self::Any, Self::Drop, Self::Throttle, Self::DeadLetter];

    /// In a word or two.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Any => "Any trouble",
            Self::Drop => "Drop",
            Self::Throttle => "Throttle",
            Self::DeadLetter => "Dead-letter",
        }
    }

    const fn kinds(self) -> &'static [LogKind] {
        match self {
            Self::Any => &[LogKind::Lost, LogKind::Expired, LogKind::Throttled, LogKind::DeadLettered],
            Self::Drop => &[LogKind::Lost, LogKind::Expired],
            Self::Throttle => &[LogKind::Throttled],
            Self::DeadLetter => &[LogKind::DeadLettered],
        }
    }
}

/// What is done about journeys.
#[derive(Clone, Debug, PartialEq)]
pub enum JourneyAction {
    /// Follow this message.
    Follow(TraceId),
    /// Follow no message.
    Stop,
    /// The text typed to find a message.
    Find(String),
    /// Follow the message whose number was typed, or the first that is listed.
    Choose,
    /// The time axis shortens waits, or is to scale.
    ToScale(bool),
    /// A tab of the inspector.
    ShowTab(JourneyTab),
    /// List only those that ended as the followed one did.
    OnlySame(bool),
    /// What the next and previous trouble are.
    Look(Trouble),
    /// To the next trouble, or the one before.
    Seek {
        /// Later, else before.
        forward: bool,
    },
    /// Play the journey again, in elastic time.
    Replay,
}

/// Following a message.
#[derive(Clone, Debug, Default)]
pub struct JourneyState {
    /// The message followed.
    pub followed: Option<TraceId>,
    /// What the engine said last.
    pub known: Option<Arc<Journeys>>,
    /// The time axis is to scale.
    pub to_scale: bool,
    /// The text typed to find a message.
    pub find: String,
    /// The tab of the inspector.
    pub tab: JourneyTab,
    /// Only those that ended as the followed one did are listed.
    pub only_same: bool,
    /// What the next and previous trouble are.
    pub trouble: Trouble,
    /// The journey is being played again: the speed to go back to.
    pub replaying: Option<f64>,
    begun: bool,
    /// An answer is awaited, and whether to ask again when it is here.
    awaited: bool,
    stale: bool,
    since_asked: u64,
}

impl JourneyState {
    /// The journey of the followed message.
    pub fn journey(&self) -> Option<&engine::Journey> {
        let journey = self.known.as_ref()?.journey.as_ref()?;
        (Some(journey.traveller.trace_id) == self.followed).then_some(journey)
    }
}

/// The dock shows the journeys, and is as tall as they need.
pub(crate) fn is_tall(state: &EditorState) -> bool {
    state.panels.dock_open && state.panels.dock_tab == DockTab::Journeys
}

/// The journeys are on the screen.
pub(crate) fn is_shown(state: &EditorState) -> bool {
    is_tall(state) || state.journey.followed.is_some()
}

pub(crate) fn act(state: &mut EditorState, action: JourneyAction) -> Vec<Effect> {
    match action {
        JourneyAction::Follow(id) => follow(state, id),
        JourneyAction::Stop => {
            let mut effects = stop_replay(state);
            state.journey.followed = None;
            state.journey.only_same = false;
            effects.extend(ask(state));
            effects
        }
        JourneyAction::Find(text) => {
            state.journey.find = text;
            Vec::new()
        }
        JourneyAction::Choose => choose(state),
        JourneyAction::ToScale(to_scale) => {
            state.journey.to_scale = to_scale;
            Vec::new()
        }
        JourneyAction::ShowTab(tab) => {
            state.journey.tab = tab;
            Vec::new()
        }
        JourneyAction::OnlySame(only) => {
            state.journey.only_same = only;
            state.panels.dock_tab = DockTab::Journeys;
            state.panels.dock_open = true;
            Vec::new()
        }
        JourneyAction::Look(trouble) => {
            state.journey.trouble = trouble;
            Vec::new()
        }
        JourneyAction::Seek { forward } => look_for(state, forward),
        JourneyAction::Replay => replay(state),
    }
}

fn follow(state: &mut EditorState, id: TraceId) -> Vec<Effect> {
    let mut effects = stop_replay(state);
    state.journey.followed = Some(id);
    crate::reduce::select(state, Selection::Nothing);
    state.panels.dock_tab = DockTab::Journeys;
    // On a narrow page the diagram needs its room.
    state.panels.dock_open |= state.upright.is_none();
    state.panels.inspector_open |= state.upright.is_none();
    effects.extend(ask(state));
    effects
}

/// The number that a text names: `#123`, or `123`.
pub(crate) fn number(text: &str) -> Option<TraceId> {
    let digits = text.trim().trim_start_matches('#').replace(',', "");
    digits.parse().ok().filter(|number| *number > 0).map(TraceId)
}

fn choose(state: &mut EditorState) -> Vec<Effect> {
    let typed = number(&state.journey.find);
    let first = || crate::view::journey_rows(state).rows.first().map(|row| row.trace_id);
    match typed.or_else(first) {
        Some(id) => {
            if typed.is_some() {
                state.journey.find.clear();
            }
            follow(state, id)
        }
        None => fail(state, "No message here matches. A message is found by its number, such as #12."),
    }
}

/// F: the message followed is let go; or the last that came to the selected node is followed, or the last one.
pub(crate) fn toggle(state: &mut EditorState) -> Vec<Effect> {
    if state.journey.followed.is_some() && state.selection == Selection::Nothing {
        return act(state, JourneyAction::Stop);
    }
    let inspected = state.run.inspection.as_ref();
    let of_node = inspected.filter(|inspection| state.selection.single_node() == Some(&inspection.resource));
    let of_node = of_node.and_then(|inspection| inspection.recent.last().map(|message| message.trace_id));
    let last = || state.playback.flow.last_seen();
    let known = || state.journey.known.as_ref()?.around.last().map(|one| one.trace_id);
    match of_node.or_else(last).or_else(known) {
        Some(id) => follow(state, id),
        None => fail(state, "There is no message to follow yet."),
    }
}

/// Asks the engine, once the answer to the last question is here.
pub(crate) fn ask(state: &mut EditorState) -> Vec<Effect> {
    if state.run.engine != EngineStatus::Ready || !is_shown(state) {
        return Vec::new();
    }
    if state.journey.awaited {
        state.journey.stale = true;
        return Vec::new();
    }
    state.journey.awaited = true;
    state.journey.since_asked = 0;
    let (of, until) = (state.journey.followed, state.playback.transport.furthest);
    vec![Effect::Engine(EngineRequest::Journeys { of, until })]
}

/// The engine has answered.
pub(crate) fn answered(state: &mut EditorState, journeys: &Journeys) -> Vec<Effect> {
    state.journey.awaited = false;
    state.changes.session += 1;
    if std::mem::take(&mut state.journey.stale) {
        return ask(state);
    }
    let unknown = state.journey.followed.filter(|_| journeys.journey.is_none());
    state.journey.known = Some(Arc::new(journeys.clone()));
    match unknown {
        Some(id) => {
            state.journey.followed = None;
            fail(state, format!("There is no message #{} yet.", id.0))
        }
        None => Vec::new(),
    }
}

/// The run begins anew, or an engine does.
pub(crate) fn forget(state: &mut EditorState) {
    let kept = &state.journey;
    state.journey =
        JourneyState { to_scale: kept.to_scale, trouble: kept.trouble, ..JourneyState::default() };
}

fn look_for(state: &mut EditorState, forward: bool) -> Vec<Effect> {
    if state.run.engine != EngineStatus::Ready {
        return Vec::new();
    }
    state.playback.transport.playing = false;
    let kinds = state.journey.trouble.kinds().to_vec();
    let from = state.playback.playhead();
    vec![Effect::Engine(EngineRequest::FindEvent { kinds, from, forward })]
}

/// What was looked for is here: the run goes to it, and its message is followed.
pub(crate) fn found(state: &mut EditorState, event: Option<&LogEntry>) -> Vec<Effect> {
    state.changes.session += 1;
    let Some(event) = event else {
        return vec![tell(state, "There is nothing more of this kind.", false)];
    };
    let mut effects = vec![tell(state, format!("{} at {}.", event.kind.word(), event.at), false)];
    state.panels.notice = None;
    effects.extend(reduce(state, Action::SeekTo(event.at)));
    // What lies ahead is known once the run has come there.
    let furthest = &mut state.playback.transport.furthest;
    *furthest = (*furthest).max(event.at);
    if let Some(id) = event.trace_id {
        effects.extend(follow(state, id));
    }
    effects
}

/// Real time went by.
pub(crate) fn tick(state: &mut EditorState, micros: u64) -> Vec<Effect> {
    let mut effects = Vec::new();
    if state.journey.replaying.is_some() {
        effects.extend(stretch(state));
    }
    let journey = &mut state.journey;
    journey.since_asked = journey.since_asked.saturating_add(micros);
    let due = journey.since_asked >= REFRESH_MICROS && state.playback.transport.playing;
    if due && !state.journey.awaited && is_shown(state) && !is_settled(state) {
        effects.extend(ask(state));
    }
    effects
}

/// Nothing more can happen to the followed message, or finding out takes too long.
fn is_settled(state: &EditorState) -> bool {
    let Some(known) = &state.journey.known else { return false };
    let Some(journey) = state.journey.journey() else {
        return !known.whole || state.journey.replaying.is_some();
    };
    let open = [OutcomeKind::Waiting, OutcomeKind::UnderWay, OutcomeKind::Refused];
    !known.whole || !journey.traveller.outcomes.iter().any(|outcome| open.contains(&outcome.kind))
}

fn replay(state: &mut EditorState) -> Vec<Effect> {
    let Some(journey) = state.journey.journey() else { return Vec::new() };
    let begins = journey.traveller.published_at;
    let speed = state.playback.transport.speed;
    let mut effects = reduce(state, Action::SeekTo(begins));
    effects.extend(reduce(state, Action::Play));
    state.journey.replaying = Some(speed);
    state.journey.begun = false;
    state.playback.elastic = true;
    effects
}

/// The run goes on at the person's own pace.
pub(crate) fn stop_replay(state: &mut EditorState) -> Vec<Effect> {
    let Some(speed) = state.journey.replaying.take() else { return Vec::new() };
    state.playback.elastic = false;
    state.playback.transport.horizon = None;
    state.playback.transport.speed = speed;
    state.playback.presentation.set_anew();
    Vec::new()
}

/// UI.md section 6: slow in hops, faster in waits; the clock of the whole world is elastic.
fn stretch(state: &mut EditorState) -> Vec<Effect> {
    let now = state.playback.playhead();
    let Some(journey) = state.journey.journey() else { return stop_replay(state) };
    if now <= journey.traveller.published_at {
        state.journey.begun = true;
    } else if !state.journey.begun {
        // The run is still on its way back to the beginning.
        return Vec::new();
    }
    let Some(journey) = state.journey.journey() else { return Vec::new() };
    let instants = journey.hops.iter().flat_map(|hop| [hop.departs, hop.arrives]);
    let instants =
        instants.chain(journey.stays.iter().flat_map(|stay| [Some(stay.from), stay.until]).flatten());
    let Some(next) = instants.filter(|at| *at > now).min() else {
        let mut effects = stop_replay(state);
        effects.extend(reduce(state, Action::Pause));
        return effects;
    };
    let length = seconds(now, next);
    let hop = journey.hops.iter().find(|hop| hop.departs <= now && now < hop.arrives);
    let speed = match hop {
        Some(hop) => (seconds(hop.departs, hop.arrives) / ELASTIC_HOP_SECONDS).min(1.0),
        None => (length / ELASTIC_WAIT_SECONDS).max(state.playback.transport.speed.min(1.0)),
    };
    let speed = speed.clamp(MIN_SPEED, MAX_SPEED);
    let transport = &mut state.playback.transport;
    if transport.horizon != Some(next) {
        transport.speed = speed;
        transport.horizon = Some(next);
        state.playback.presentation.set_anew();
        state.changes.session += 1;
    }
    Vec::new()
}

fn seconds(from: SimTime, to: SimTime) -> f64 {
    to.as_secs_f64() - from.as_secs_f64()
}

/// The message whose mark is under a point of the canvas, CSS px.
pub(crate) fn mark_at(state: &EditorState, at: crate::geometry::Point) -> Option<TraceId> {
    let curves = crate::view::wire_curves(state);
    let now = state.playback.presentation_seconds();
    let (world, reach) = (state.viewport.to_world(at), MARK_REACH / state.viewport.zoom);
    let distance = |mark: &Mark| {
        let done = (now - mark.departs) / (mark.arrives - mark.departs).max(1e-3);
        let curve = curves.get(mark.wire as usize).filter(|_| (0.0..=1.0).contains(&done))?;
        Some(curve.along(done).distance(world)).filter(|distance| *distance <= reach)
    };
    let near = state.playback.flow.seen().filter_map(|(mark, id)| Some((distance(mark)?, *id)));
    near.min_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, id)| id)
}

/// The field that finds a message has the keyboard.
pub(crate) fn focus_find(state: &mut EditorState) -> Vec<Effect> {
    state.panels.dock_open = true;
    vec![Effect::Focus(Focus::FindMessage)]
}
