//! The engine's role: what this binary does inside a worker.

use std::cell::RefCell;
use std::rc::Rc;

use engine::{Engine, EngineRequest, Envelope, Hello, PROTOCOL, wire};
use gloo_events::EventListener;
use js_sys::{Array, ArrayBuffer, Uint8Array};
use wasm_bindgen::JsCast;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

use crate::engine_host::BUILD;

/// Answers requests for as long as the worker lives. Says hello first, so that the page knows it is heard.
pub fn run(scope: &DedicatedWorkerGlobalScope) {
    let engine = Rc::new(RefCell::new(Engine::default()));
    let answer_to = scope.clone();
    let listener = EventListener::new(scope, "message", move |event| {
        let Some(event) = event.dyn_ref::<MessageEvent>() else { return };
        // The first message started this binary and is no request.
        let Ok(buffer) = event.data().dyn_into::<ArrayBuffer>() else { return };
        let bytes = Uint8Array::new(&buffer).to_vec();
        let Ok(request) = wire::decode::<Envelope<EngineRequest>>(&bytes) else { return };
        let body = engine.borrow_mut().handle(request.body);
        let bytes = Uint8Array::from(wire::encode(&Envelope { id: request.id, body }).as_slice());
        // The page hears nothing more if this fails; its patience is the remedy.
        let _ = answer_to.post_message_with_transfer(&bytes.buffer(), &Array::of1(&bytes.buffer()));
    });
    listener.forget();
    let hello = Hello { protocol: PROTOCOL, build: BUILD.to_owned() };
    if let Ok(hello) = serde_wasm_bindgen::to_value(&hello) {
        let _ = scope.post_message(&hello);
    }
}
