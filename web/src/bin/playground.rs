//! The one binary of the site: the page, or the engine where it finds itself in a worker.

use inflight_web::app::App;
use inflight_web::browser::{document, failure, location, rest};
use inflight_web::engine_host::worker_start;
use inflight_web::{bench_drag, bench_page, engine_worker, player};

fn main() {
    rest::start_with(start);
}

fn start() {
    if let Some(scope) = worker_start::worker_scope() {
        engine_worker::run(&scope);
        return;
    }
    if player::is_player_page() {
        player::start();
        return;
    }
    failure::show_panics();
    let count = location::query("n").and_then(|count| count.parse().ok()).unwrap_or(1_000);
    match location::query("bench").as_deref() {
        // A failure shows as a benchmark that never gets ready.
        Some("dots") => drop(bench_page::bench_dots(count)),
        Some("drag") => bench_drag::bench_drag(count),
        _ => {
            let root = document().and_then(|document| document.get_element_by_id("app"));
            match root {
                Some(root) => yew::Renderer::<App>::with_root(root).render(),
                None => yew::Renderer::<App>::new().render(),
            };
        }
    }
}
