//! The web worker that runs the engine. It says hello once its listener exists.

use wasm_bindgen::JsCast;
use web_sys::DedicatedWorkerGlobalScope;

fn main() {
    let Ok(scope) = js_sys::global().dyn_into::<DedicatedWorkerGlobalScope>() else { return };
    // A failed hello has nobody to report to: the page then falls back to the inline engine.
    let _ = scope.post_message(&"hello".into());
}
