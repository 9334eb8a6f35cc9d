//! A run without a page: the editor and an engine that answers at once.

use std::collections::VecDeque;

use editor::playback::Mark;
use editor::{Action, EditorState, Effect, Viewport, reduce};
use engine::{Engine, EngineRequest, LogEntry, WatchedMetric};
use kernel::{SimDuration, SimTime};
use scenario::{Diagnostics, Scenario};

use crate::picture::{Options, picture};

/// Real time between two frames, as on a usual screen.
const FRAME_MICROS: u64 = 20_000;
/// Simulated seconds that are played before an instant, so that what is on its way then can be seen.
const LEAD_SECONDS: u64 = 3;
/// Frames without a step forward after which there is nothing to play. Ours.
const MAX_STALLED: u32 = 100;
/// More log lines than anyone reads in a table. Ours.
const MAX_EVENTS: usize = 100_000;

/// A run without a page.
#[derive(Clone, Debug)]
pub struct Stage {
    /// All that is seen of the run.
    pub state: EditorState,
    engine: Engine,
    /// What is on its way, or was.
    pub(crate) marks: Vec<Mark>,
    pub(crate) events: VecDeque<LogEntry>,
}

impl Stage {
    /// Opens a document, at 100 % and where its nodes stand.
    ///
    /// # Errors
    /// What keeps the document from running.
    pub fn new(scenario: &Scenario) -> Result<Self, Diagnostics> {
        let mut stage = Self {
            state: EditorState::default(),
            engine: Engine::default(),
            marks: Vec::new(),
            events: VecDeque::new(),
        };
        stage.act(Action::EngineStarted);
        stage.act(Action::Import(scenario.to_json()));
        stage.act(Action::MoveViewport(Viewport::default()));
        if stage.state.diagnostics.has_errors() {
            return Err((*stage.state.diagnostics).clone());
        }
        Ok(stage)
    }

    /// Goes to an instant, with all that is on its way then.
    pub fn go_to(&mut self, at: SimTime) {
        self.seek(SimTime::from_micros(at.as_micros().saturating_sub(LEAD_SECONDS * 1_000_000)));
        self.play_to(at, &mut |_| {});
        // All figures as they are at this very instant, and not a tenth of a second before.
        self.ask(EngineRequest::Advance { to: at, budget: u64::MAX, with_status: true });
    }

    /// The picture of this instant.
    pub fn picture(&self, options: &Options<'_>) -> String {
        picture(&self.state, &self.marks, options)
    }

    /// Goes to an instant, with nothing on its way.
    pub(crate) fn seek(&mut self, at: SimTime) {
        self.marks.clear();
        self.act(Action::SeekTo(at));
    }

    /// Plays to an instant, and hands over the stage after every frame.
    pub(crate) fn play_to(&mut self, at: SimTime, after_frame: &mut dyn FnMut(&Self)) {
        let mut stalled = 0;
        while self.state.playback.playhead() < at && stalled < MAX_STALLED {
            if !self.state.playback.transport.playing {
                // At first, and once more where the run holds at its end.
                self.act(Action::Play);
            }
            let before = self.state.playback.playhead();
            let left = at.as_micros() - before.as_micros();
            self.act(Action::AnimationFrame { elapsed: SimDuration::from_micros(left.min(FRAME_MICROS)) });
            stalled = if self.state.playback.playhead() == before { stalled + 1 } else { 0 };
            after_frame(self);
        }
        self.act(Action::Pause);
    }

    /// Records every metric of every resource from here on.
    pub(crate) fn watch_everything(&mut self) {
        let resources = self.state.scenario.resources.iter();
        let all = resources.flat_map(|(id, properties)| {
            let metrics = properties.kind().descriptor().metrics.iter();
            metrics.map(|metric| WatchedMetric { of: id.clone(), metric: *metric })
        });
        let all = all.collect();
        self.ask(EngineRequest::Watch(all));
    }

    fn ask(&mut self, request: EngineRequest) {
        // As if the transport had asked: it counts the answers it waits for.
        let reply = self.engine.handle(request);
        self.take(Action::Engine(reply));
    }

    fn act(&mut self, action: Action) {
        self.take(action);
    }

    /// Takes an action in, and all that follows from it.
    fn take(&mut self, action: Action) {
        let mut waiting: VecDeque<Effect> = self.reduce(action).into();
        while let Some(effect) = waiting.pop_front() {
            match effect {
                Effect::Engine(request) => {
                    let reply = self.engine.handle(request);
                    waiting.extend(self.reduce(Action::Engine(reply)));
                }
                Effect::AddMarks(marks) => self.marks.extend(marks),
                Effect::ClearMarks => self.marks.clear(),
                _ => {}
            }
        }
    }

    fn reduce(&mut self, action: Action) -> Vec<Effect> {
        if let Action::Engine(engine::EngineReply::Frame(frame)) = &action {
            let room = MAX_EVENTS.saturating_sub(self.events.len());
            self.events.extend(frame.events.iter().take(room).cloned());
        }
        reduce(&mut self.state, action)
    }
}
