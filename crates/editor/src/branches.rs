//! Runs that part from each other: an edit in the past keeps what came after, as a run of its own.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use engine::{BranchId, EngineRequest, LogEntry, WatchedMetric};
use kernel::SimTime;
use messaging::Intervention;
use scenario::{Scenario, TimelineEntry, validate};

use crate::effect::Effect;
use crate::history::History;
use crate::reduce::{fail, settle, tell};
use crate::run::{EngineStatus, Series};
use crate::state::{EditorState, SaveStatus};

/// The most runs that are kept. Ours: each holds copies of its world.
pub const MAX_BRANCHES: usize = 8;

/// What is done about runs that part from each other.
#[derive(Clone, Debug, PartialEq)]
pub enum BranchAction {
    /// Part here, in the past, without a change.
    Here,
    /// Go on with another run, at the same time.
    SwitchTo(BranchId),
    /// Show what another run recorded beside this one's, or no longer.
    Compare(Option<BranchId>),
    /// Forget a run that waits.
    Forget(BranchId),
    /// What was done to this run becomes part of the document's timeline.
    SaveDone,
}

/// The runs of this page.
#[derive(Clone, Debug)]
pub struct Branches {
    /// All runs, in the order they began.
    pub all: Vec<Branch>,
    /// The one that goes on.
    pub current: BranchId,
    /// The one that is compared with it.
    pub compared: Option<BranchId>,
    /// What that one recorded of the pinned metrics.
    pub series: BTreeMap<WatchedMetric, Arc<Series>>,
    next: u32,
}

impl Default for Branches {
    fn default() -> Self {
        let first = Branch { id: BranchId(0), from: None, furthest: SimTime::ZERO, kept: None };
        Self { all: vec![first], current: BranchId(0), compared: None, series: BTreeMap::new(), next: 1 }
    }
}

/// A run.
#[derive(Clone, Debug)]
pub struct Branch {
    /// Its number.
    pub id: BranchId,
    /// Which run it left, and when; nothing for the first.
    pub from: Option<(BranchId, SimTime)>,
    /// The furthest instant it has reached; that of the current one is the transport's.
    pub furthest: SimTime,
    /// What belongs to it while another one goes on.
    kept: Option<Kept>,
}

/// What belongs to a run of the document and the session.
#[derive(Clone, Debug)]
pub(crate) struct Kept {
    scenario: Arc<Scenario>,
    history: History,
    sent: Option<Arc<Scenario>>,
    log: Arc<VecDeque<LogEntry>>,
    done: Arc<Vec<(SimTime, Intervention)>>,
    furthest: SimTime,
}

impl Kept {
    pub(crate) fn of(state: &EditorState) -> Self {
        Self {
            scenario: state.scenario.clone(),
            history: state.history.clone(),
            sent: state.run.sent_scenario.clone(),
            log: state.run.log.clone(),
            done: state.run.done.clone(),
            furthest: state.playback.transport.furthest,
        }
    }
}

/// What people call a run.
pub fn name(id: BranchId) -> String {
    match id.0 {
        0 => "First run".into(),
        number => format!("Branch {number}"),
    }
}

pub(crate) fn act(state: &mut EditorState, action: BranchAction) -> Vec<Effect> {
    match action {
        BranchAction::Here if state.playback.transport.is_past() => {
            let kept = Kept::of(state);
            let mut effects = part(state, kept);
            effects.extend(crate::reduce::poke(state));
            effects
        }
        BranchAction::Here => {
            fail(state, "A branch begins in the past. Scrub back first, or change something there.")
        }
        BranchAction::SwitchTo(id) => switch_to(state, id),
        BranchAction::Compare(with) => compare(state, with),
        BranchAction::Forget(id) => forget(state, id),
        BranchAction::SaveDone => save_done(state),
    }
}

/// The run parts here: `kept` is how it was before anything was changed.
pub(crate) fn part(state: &mut EditorState, kept: Kept) -> Vec<Effect> {
    let mut effects = Vec::new();
    let (at, parent) = (state.playback.transport.reached, state.branches.current);
    let branches = &mut state.branches;
    if branches.all.len() >= MAX_BRANCHES
        && let Some(oldest) = branches.all.iter().find(|branch| branch.id != parent).map(|branch| branch.id)
    {
        branches.all.retain(|branch| branch.id != oldest);
        effects.push(Effect::Engine(EngineRequest::Forget { id: oldest }));
    }
    let id = BranchId(branches.next);
    branches.next += 1;
    if let Some(old) = branches.all.iter_mut().find(|branch| branch.id == parent) {
        old.furthest = kept.furthest;
        old.kept = Some(kept);
    }
    branches.all.push(Branch { id, from: Some((parent, at)), furthest: at, kept: None });
    (branches.current, branches.compared) = (id, Some(parent));
    branches.series.clear();
    state.playback.transport.furthest = at;
    Arc::make_mut(&mut state.run.log).retain(|entry| entry.at <= at);
    effects.push(Effect::Engine(EngineRequest::Branch { id }));
    effects.push(Effect::Engine(EngineRequest::Compare { with: Some(parent) }));
    let text = format!("{} goes on from {at}. {} is kept.", name(id), name(parent));
    effects.push(tell(state, text, false));
    effects
}

fn switch_to(state: &mut EditorState, id: BranchId) -> Vec<Effect> {
    if id == state.branches.current || state.run.engine != EngineStatus::Ready {
        return Vec::new();
    }
    let here = Kept::of(state);
    let before = state.branches.current;
    let Some(target) = state.branches.all.iter_mut().find(|branch| branch.id == id) else {
        return Vec::new();
    };
    let Some(kept) = target.kept.take() else { return Vec::new() };
    if let Some(old) = state.branches.all.iter_mut().find(|branch| branch.id == before) {
        old.furthest = here.furthest;
        old.kept = Some(here);
    }
    (state.branches.current, state.branches.compared) = (id, Some(before));
    state.branches.series.clear();
    let to = state.playback.transport.reached.min(kept.furthest);
    (state.scenario, state.history) = (kept.scenario, kept.history);
    (state.run.sent_scenario, state.run.log, state.run.done) = (kept.sent, kept.log, kept.done);
    state.run.series.clear();
    state.diagnostics = Arc::new(validate(&state.scenario));
    state.property_drafts.clear();
    settle(state);
    let transport = &mut state.playback.transport;
    transport.playing = false;
    (transport.furthest, transport.end_seen) = (kept.furthest, false);
    transport.awaited += 1;
    state.run.seeking = Some(to);
    state.saving.status = SaveStatus::Saving;
    let text = format!("{} at {to}.", name(id));
    vec![
        Effect::Engine(EngineRequest::Compare { with: Some(before) }),
        Effect::Engine(EngineRequest::SwitchTo { id, to }),
        Effect::WriteLocation,
        Effect::SaveDraft,
        tell(state, text, false),
    ]
}

fn compare(state: &mut EditorState, with: Option<BranchId>) -> Vec<Effect> {
    state.branches.compared = with;
    state.branches.series.clear();
    let mut effects = vec![Effect::Engine(EngineRequest::Compare { with })];
    effects.extend(crate::reduce::poke(state));
    effects
}

fn forget(state: &mut EditorState, id: BranchId) -> Vec<Effect> {
    if id == state.branches.current {
        return fail(state, "The run that goes on cannot be forgotten. Switch to another one first.");
    }
    state.branches.all.retain(|branch| branch.id != id);
    let mut effects = vec![Effect::Engine(EngineRequest::Forget { id })];
    if state.branches.compared == Some(id) {
        effects.extend(compare(state, None));
    }
    effects
}

/// What was done to this run and is not part of the timeline yet.
pub fn unsaved(state: &EditorState) -> Vec<TimelineEntry> {
    let entry = |(at, intervention): &(SimTime, Intervention)| TimelineEntry {
        at: *at,
        intervention: intervention.clone(),
    };
    let entries = state.run.done.iter().map(entry);
    entries.filter(|entry| !state.scenario.timeline.contains(entry)).collect()
}

/// The document gets what was done; this run has had it already, and is not told.
fn save_done(state: &mut EditorState) -> Vec<Effect> {
    let entries = unsaved(state);
    if entries.is_empty() {
        return fail(state, "Nothing was done to this run by hand.");
    }
    let mut new = (*state.scenario).clone();
    let count = entries.len();
    new.timeline.extend(entries);
    new.timeline.sort_by_key(|entry| entry.at);
    if new.timeline.len() > scenario::limits::MAX_TIMELINE_ENTRIES {
        return fail(state, "The timeline has no room for more entries.");
    }
    state.history.record(&state.scenario);
    state.scenario = Arc::new(new);
    state.run.sent_scenario = Some(state.scenario.clone());
    state.saving.status = SaveStatus::Saving;
    let what = if count == 1 { "1 intervention is".to_owned() } else { format!("{count} interventions are") };
    let said =
        tell(state, format!("{what} part of the timeline now: every run from the start has them."), true);
    vec![Effect::WriteLocation, Effect::SaveDraft, said]
}

/// The requests that change a run, which in the past leads to a branch.
pub(crate) fn changes_the_run(effect: &Effect) -> bool {
    matches!(effect, Effect::Engine(EngineRequest::Edit { .. } | EngineRequest::Intervene { .. }))
}

/// The run has parted already.
pub(crate) fn has_parted(effects: &[Effect]) -> bool {
    effects.iter().any(|effect| matches!(effect, Effect::Engine(EngineRequest::Branch { .. })))
}
