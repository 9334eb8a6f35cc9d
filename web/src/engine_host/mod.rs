//! Where the engine runs: in a web worker, or inside the page where workers are blocked.

mod inline;
mod worker;
pub mod worker_start;

use std::cell::RefCell;
use std::rc::Rc;

use engine::{EngineReply, EngineRequest};
use gloo_timers::callback::Timeout;

use inline::InlineEngine;
use worker::WorkerEngine;

/// Which build of the site this is. The worker runs the same binary, but it may come from another cache.
pub const BUILD: &str = concat!(env!("CARGO_PKG_NAME"), " ", env!("CARGO_PKG_VERSION"));

/// How long a worker may take to say hello before the page runs the engine itself.
const HELLO_WITHIN_MS: u32 = 4_000;

/// Where the engine runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Nobody has answered yet.
    Starting,
    /// In a web worker.
    Worker,
    /// Inside the page.
    Inline,
}

/// What the page hears from its engine.
pub enum Heard {
    /// It is there.
    Started,
    /// An answer.
    Reply(EngineReply),
    /// The engine has stopped for good, as after a fault of ours.
    Stopped,
}

enum State {
    Starting { worker: WorkerEngine, waiting: Vec<EngineRequest>, _patience: Timeout },
    Worker(WorkerEngine),
    Inline(Box<InlineEngine>),
}

/// The page's engine, wherever it runs.
#[derive(Clone)]
pub struct EngineHost {
    state: Rc<RefCell<State>>,
    listener: Rc<dyn Fn(Heard)>,
}

impl EngineHost {
    /// Starts the engine in a worker, or inline where that cannot be done.
    pub fn start(listener: impl Fn(Heard) + 'static) -> Self {
        let listener: Rc<dyn Fn(Heard)> = Rc::new(listener);
        let inline = || Rc::new(RefCell::new(State::Inline(Box::default())));
        if wants_inline() {
            return Self { state: inline(), listener };
        }
        // The worker's callbacks need the host, and the host needs the worker.
        let slot: Rc<RefCell<Option<Self>>> = Rc::default();
        let heard = {
            let slot = slot.clone();
            move |event| {
                let host = slot.borrow().clone();
                if let Some(host) = host {
                    host.on_worker(event);
                }
            }
        };
        let Ok(worker) = WorkerEngine::start(heard) else { return Self { state: inline(), listener } };
        let patience = {
            let slot = slot.clone();
            Timeout::new(HELLO_WITHIN_MS, move || {
                let host = slot.borrow().clone();
                if let Some(host) = host {
                    host.on_worker(worker::Event::Failed);
                }
            })
        };
        let state = State::Starting { worker, waiting: Vec::new(), _patience: patience };
        let host = Self { state: Rc::new(RefCell::new(state)), listener };
        *slot.borrow_mut() = Some(host.clone());
        host
    }

    /// An engine inside the page, whatever the browser allows.
    pub fn inline(listener: impl Fn(Heard) + 'static) -> Self {
        Self { state: Rc::new(RefCell::new(State::Inline(Box::default()))), listener: Rc::new(listener) }
    }

    /// Where the engine runs.
    #[must_use]
    pub fn place(&self) -> Place {
        match &*self.state.borrow() {
            State::Starting { .. } => Place::Starting,
            State::Worker(_) => Place::Worker,
            State::Inline(_) => Place::Inline,
        }
    }

    /// Asks the engine. The answer comes to the listener: at once when inline, else later.
    pub fn send(&self, request: EngineRequest) {
        let reply = match &mut *self.state.borrow_mut() {
            State::Starting { waiting, .. } => {
                waiting.push(request);
                None
            }
            State::Worker(worker) => {
                worker.send(&request);
                None
            }
            State::Inline(engine) => Some(engine.handle(request)),
        };
        if let Some(reply) = reply {
            (self.listener)(Heard::Reply(reply));
        }
    }

    fn on_worker(&self, event: worker::Event) {
        match event {
            worker::Event::Hello { same_build: true } => self.settle(true),
            worker::Event::Hello { same_build: false } => self.settle(false),
            worker::Event::Reply(reply) => (self.listener)(Heard::Reply(reply)),
            worker::Event::Failed if self.place() == Place::Starting => self.settle(false),
            worker::Event::Failed if self.place() == Place::Worker => (self.listener)(Heard::Stopped),
            worker::Event::Failed => {}
        }
    }

    /// Ends the wait for the worker and sends what has waited.
    fn settle(&self, use_worker: bool) {
        let mut state = self.state.borrow_mut();
        if !matches!(*state, State::Starting { .. }) {
            return;
        }
        let before = std::mem::replace(&mut *state, State::Inline(Box::default()));
        let State::Starting { worker, waiting, .. } = before else { return };
        if use_worker {
            *state = State::Worker(worker);
        }
        drop(state);
        (self.listener)(Heard::Started);
        for request in waiting {
            self.send(request);
        }
    }
}

/// `?engine=inline` in the address, for trying the fallback.
fn wants_inline() -> bool {
    crate::browser::location::query("engine").as_deref() == Some("inline")
}
