//! The page: mounts the playground.

fn main() {
    yew::Renderer::<inflight_web::app::App>::new().render();
}
