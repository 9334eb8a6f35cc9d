//! The one binary of the site: the page, or the engine where it finds itself in a worker.

use inflight_web::app::App;
use inflight_web::bench_page;
use inflight_web::engine_host::worker_start;
use inflight_web::engine_worker;

fn main() {
    if let Some(scope) = worker_start::worker_scope() {
        engine_worker::run(&scope);
        return;
    }
    if bench_page::run_if_asked() {
        return;
    }
    // Without a worker the engine runs inside the page.
    let _ = worker_start::start_worker();
    // The app takes the place of the static chrome; the icons beside it stay.
    let root = web_sys::window().and_then(|window| window.document()?.get_element_by_id("app"));
    match root {
        Some(root) => yew::Renderer::<App>::with_root(root).render(),
        None => yew::Renderer::<App>::new().render(),
    };
}
