//! The second part of this binary: `web/assets/rest.js` says when it comes, `xtask/wasm_split` what is in it.

use js_sys::{Reflect, global};
use wasm_bindgen::prelude::*;
use web_sys::Worker;

use super::failure;
use super::location::script;

#[wasm_bindgen(js_namespace = inflightRest)]
extern "C" {
    fn begin(exports: &JsValue, script: &str, start: JsValue);
    fn compiled() -> JsValue;
    fn share(worker: &Worker);
    #[wasm_bindgen(catch)]
    fn now(exports: &JsValue, script: &str) -> Result<(), JsValue>;
}

/// Starts the page or the worker, and brings the second part in when the first message has probably moved; before the
/// start where it is at hand.
pub fn start_with(start: fn()) {
    if is_there() {
        begin(&wasm_bindgen::exports(), &script(), Closure::once_into_js(start));
    } else {
        start();
    }
}

/// Gives a worker the second part once it is here. Returns it if that is now: the worker's first message brings it.
pub fn share_with(worker: &Worker) -> JsValue {
    if !is_there() {
        return JsValue::UNDEFINED;
    }
    share(worker);
    compiled()
}

/// Brings the second part in before it returns. Whatever stands in for a function of that part calls this.
#[wasm_bindgen]
pub fn load_rest() {
    if let Err(reason) = now(&wasm_bindgen::exports(), &script()) {
        failure::show("A part of the page could not be loaded. Check the network, then reload.", "");
        // Nobody can go on: the function that was called is not there.
        wasm_bindgen::throw_val(reason);
    }
}

/// The page of a unit test has no such script.
fn is_there() -> bool {
    Reflect::has(&global(), &"inflightRest".into()).unwrap_or(false)
}
