//! One binary, two roles: the page starts itself again inside a web worker.

use js_sys::{Object, Reflect};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use web_sys::{DedicatedWorkerGlobalScope, Worker, WorkerOptions, WorkerType};

use crate::browser::{location, rest};

/// The worker's global object, or `None` in the page.
pub fn worker_scope() -> Option<DedicatedWorkerGlobalScope> {
    js_sys::global().dyn_into().ok()
}

/// Starts this binary in a worker. Messages sent to it before its first own message are lost.
///
/// # Errors
/// Where workers are blocked, as in a sandboxed frame.
pub fn start_worker() -> Result<Worker, JsValue> {
    let options = WorkerOptions::new();
    options.set_type(WorkerType::Module);
    // Beside the binary, wherever the page that started it stands.
    let script = location::script();
    let folder = script.rsplit_once('/').map_or(".", |(folder, _)| folder);
    let worker = Worker::new_with_options(&format!("{folder}/engine_worker.js"), &options)?;
    let first = Object::new();
    Reflect::set(&first, &"script".into(), &script.into())?;
    Reflect::set(&first, &"module".into(), &wasm_bindgen::module())?;
    Reflect::set(&first, &"rest".into(), &rest::share_with(&worker))?;
    worker.post_message(&first)?;
    Ok(worker)
}
