//! The one binary of the site: the page, or the engine where it finds itself in a worker.

use inflight_web::app::App;
use inflight_web::engine_host::worker_start;
use inflight_web::engine_worker;

fn main() {
    if let Some(scope) = worker_start::worker_scope() {
        engine_worker::run(&scope);
        return;
    }
    // Without a worker the engine runs inside the page.
    let _ = worker_start::start_worker();
    yew::Renderer::<App>::new().render();
}
