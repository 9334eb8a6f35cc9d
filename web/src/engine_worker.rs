//! The engine's role: what this binary does inside a worker.

use web_sys::DedicatedWorkerGlobalScope;

/// Says hello, so that the page knows that its messages are heard.
pub fn run(scope: &DedicatedWorkerGlobalScope) {
    // A failed hello has nobody to report to: the page then falls back to the inline engine.
    let _ = scope.post_message(&"hello".into());
}
