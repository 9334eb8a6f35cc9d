//! The editor: scripts of actions, and the state and effects they lead to.

mod branches;
mod documents;
mod drawing;
mod drawing_tools;
mod finding;
mod guide;
mod phone;
mod player;
mod running;

use editor::edit::{Edit, apply};
use editor::keymap::KeyInput;
use editor::panels::{Dialog, Screen};
use editor::playback::{HopDisplay, MarkStyle};
use editor::run::EngineStatus;
use editor::state::SaveStatus;
use editor::tool::{HitTarget, PointerInput, PointerState, Tool};
use editor::view;
use editor::{Action, Command, EditorState, Effect, LinkEnds, Point, Selection, Size, reduce};
use engine::{Engine, EngineRequest};
use kernel::{SimDuration, SimTime};
use messaging::{Intervention, LogicalId, ResourceKind};
use proptest::prelude::*;
use scenario::JsonPointer;
use serde_json::json;

/// The editor with a real engine that answers at once, as the page has it.
struct Session {
    state: EditorState,
    engine: Engine,
    effects: Vec<Effect>,
}

impl Session {
    fn new() -> Self {
        let mut session = Self::late();
        session.act(Action::EngineStarted);
        session
    }

    /// One whose engine has not started yet.
    fn late() -> Self {
        Self { state: EditorState::default(), engine: Engine::default(), effects: Vec::new() }
    }

    /// Acts, lets the engine answer, and returns the effects other than requests.
    fn act(&mut self, action: Action) -> Vec<Effect> {
        let mut seen = Vec::new();
        let mut waiting = reduce(&mut self.state, action);
        while !waiting.is_empty() {
            let effect = waiting.remove(0);
            if let Effect::Engine(request) = &effect {
                let reply = self.engine.handle(request.clone());
                waiting.extend(reduce(&mut self.state, Action::Engine(reply)));
            }
            seen.push(effect);
        }
        self.effects.extend(seen.clone());
        seen
    }

    fn add(&mut self, kind: ResourceKind, x: f64, y: f64) -> LogicalId {
        self.act(Action::Add { kind, preset: None, at: Some(Point::new(x, y)) });
        self.state.selection.single_node().cloned().expect("what is added is selected")
    }

    fn edit(&mut self, edit: Edit) -> Vec<Effect> {
        self.act(Action::Edit(edit))
    }

    fn connect(&mut self, from: &LogicalId, to: &LogicalId) {
        self.edit(Edit::Connect(LinkEnds::new(from.clone(), to.clone())));
    }

    fn run_for(&mut self, seconds: f64) {
        self.act(Action::Play);
        for _ in 0..(seconds * 50.0) as u32 {
            self.act(Action::AnimationFrame { elapsed: SimDuration::from_millis(20) });
        }
    }

    fn command(&mut self, command: Command) -> Vec<Effect> {
        self.act(Action::Command(command))
    }

    fn marks(&self) -> impl Iterator<Item = &editor::playback::Mark> {
        self.effects.iter().flat_map(|effect| match effect {
            Effect::AddMarks(marks) => marks.as_slice(),
            _ => &[],
        })
    }

    fn notice(&self) -> &str {
        self.state.panels.notice.as_ref().map_or("", |notice| notice.text.as_str())
    }

    fn drag(&mut self, from: Point, target: HitTarget, to: Point, over: HitTarget) -> Vec<Effect> {
        let held = PointerState::default();
        self.act(Action::Pointer(PointerInput::Down { at: from, target: target.clone(), state: held }));
        let middle = Point::new((from.x + to.x) / 2.0, (from.y + to.y) / 2.0);
        self.act(Action::Pointer(PointerInput::Move { at: middle, target }));
        self.act(Action::Pointer(PointerInput::Move { at: to, target: over.clone() }));
        self.act(Action::Pointer(PointerInput::Up { at: to, target: over }))
    }
}

/// A producer, a queue and a consumer, drawn from nothing.
fn drawn() -> (Session, [LogicalId; 3]) {
    let mut session = Session::new();
    session.act(Action::NewDocument);
    let producer = session.add(ResourceKind::Producer, 100.0, 300.0);
    let queue = session.add(ResourceKind::Queue, 400.0, 300.0);
    let consumer = session.add(ResourceKind::Consumer, 700.0, 300.0);
    session.connect(&producer, &queue);
    session.connect(&queue, &consumer);
    (session, [producer, queue, consumer])
}

fn has_request(effects: &[Effect], wanted: fn(&EngineRequest) -> bool) -> bool {
    effects.iter().any(|effect| matches!(effect, Effect::Engine(request) if wanted(request)))
}
