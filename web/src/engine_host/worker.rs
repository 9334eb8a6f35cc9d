//! The page's side of the worker: bytes both ways, after a hello as a value.

use std::cell::Cell;

use engine::{EngineReply, EngineRequest, Envelope, Hello, PROTOCOL, wire};
use gloo_events::EventListener;
use js_sys::{Array, ArrayBuffer, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{MessageEvent, Worker};

use super::{BUILD, worker_start};

/// What comes from the worker.
pub(super) enum Event {
    /// It listens now.
    Hello {
        /// It is of the same build as the page.
        same_build: bool,
    },
    /// An answer.
    Reply(EngineReply),
    /// It has stopped, or never started.
    Failed,
}

/// A worker with an engine inside.
pub(super) struct WorkerEngine {
    worker: Worker,
    sent: Cell<u32>,
    _listeners: [EventListener; 2],
}

impl WorkerEngine {
    /// Starts a worker.
    ///
    /// # Errors
    /// Workers are blocked.
    pub(super) fn start(heard: impl Fn(Event) + Clone + 'static) -> Result<Self, JsValue> {
        let worker = worker_start::start_worker()?;
        let on_message = {
            let heard = heard.clone();
            EventListener::new(&worker, "message", move |event| {
                if let Some(event) = event.dyn_ref::<MessageEvent>() {
                    heard(read(&event.data()));
                }
            })
        };
        let on_error = EventListener::new(&worker, "error", move |_| heard(Event::Failed));
        Ok(Self { worker, sent: Cell::new(0), _listeners: [on_message, on_error] })
    }

    /// Sends a request.
    pub(super) fn send(&self, request: &EngineRequest) {
        let id = self.sent.get();
        self.sent.set(id.wrapping_add(1));
        let buffer = Uint8Array::from(wire::encode(&Envelope { id, body: request }).as_slice()).buffer();
        // A worker that cannot be written to has reported its error.
        let _ = self.worker.post_message_with_transfer(&buffer, &Array::of1(&buffer));
    }
}

impl Drop for WorkerEngine {
    fn drop(&mut self) {
        self.worker.terminate();
    }
}

fn read(data: &JsValue) -> Event {
    if let Some(buffer) = data.dyn_ref::<ArrayBuffer>() {
        let bytes = Uint8Array::new(buffer).to_vec();
        return match wire::decode::<Envelope<EngineReply>>(&bytes) {
            Ok(answer) => Event::Reply(answer.body),
            Err(_) => Event::Failed,
        };
    }
    match serde_wasm_bindgen::from_value::<Hello>(data.clone()) {
        Ok(hello) => Event::Hello { same_build: hello.protocol == PROTOCOL && hello.build == BUILD },
        Err(_) => Event::Failed,
    }
}
