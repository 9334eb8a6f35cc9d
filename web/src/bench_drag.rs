//! A page for measuring the drag of one node: `?bench=drag&n=1000`. The page's own components, `n` nodes of
//! producers and queues on a grid, and messages moving along their wires.

use std::sync::Arc;

use editor::panels::Screen;
use editor::playback::{Mark, MarkStyle};
use editor::run::EngineStatus;
use editor::{EditorState, Effect, Point};
use gloo_timers::callback::Interval;
use messaging::{LinkSpec, LogicalId, ResourceKind};
use scenario::Scenario;
use wasm_bindgen::{JsCast, JsValue};

use crate::app::{App, AppProps};
use crate::browser::document;
use crate::store::StoreHandle;

const ACROSS: i32 = 190;
const DOWN: i32 = 110;
/// Marks set out in slices of this length.
const SLICE_MS: u32 = 250;

/// Builds the page for `count` nodes.
pub fn bench_drag(count: usize) {
    let store = StoreHandle::new(state(count));
    let links = store.read(|state| state.scenario.links.len()) as u32;
    let sender = store.clone();
    Interval::new(SLICE_MS, move || {
        let now = sender.read(|state| state.playback.presentation_seconds());
        let mark = |wire: u32| {
            let departs = now + f64::from(wire % 5) * 0.05;
            Mark {
                wire,
                departs,
                arrives: departs + 0.5,
                category: (wire % 4) as u8,
                style: MarkStyle::Travelling,
            }
        };
        sender.run(Effect::AddMarks((0..links).map(mark).collect()));
    })
    .forget();
    let props = AppProps { store: Some(store) };
    let root = document().and_then(|document| document.get_element_by_id("app"));
    match root {
        Some(root) => yew::Renderer::<App>::with_root_and_props(root, props).render(),
        None => yew::Renderer::<App>::with_props(props).render(),
    };
    say_ready();
}

/// Settles the promise that the page made before wasm came.
fn say_ready() {
    let resolve = crate::browser::window()
        .and_then(|window| js_sys::Reflect::get(&window, &"__bench".into()).ok())
        .and_then(|bench| js_sys::Reflect::get(&bench, &"resolve".into()).ok())
        .and_then(|resolve| resolve.dyn_into::<js_sys::Function>().ok());
    if let Some(resolve) = resolve {
        // A page without the promise waits for nothing.
        let _ = resolve.call0(&JsValue::UNDEFINED);
    }
}

fn state(count: usize) -> EditorState {
    let columns = ((count as f64) * 1.6).sqrt().ceil() as usize;
    let kinds = [ResourceKind::Producer, ResourceKind::Queue];
    let name = |place: usize| LogicalId::from(format!("node-{place}").as_str());
    let mut scenario = Scenario { title: format!("{count} nodes"), ..Scenario::default() };
    for place in 0..count {
        scenario.resources.insert(name(place), kinds[place / columns % 2].default_properties());
        let position = [(place % columns) as i32 * ACROSS, (place / columns) as i32 * DOWN];
        scenario.layout.insert(name(place), position);
        let below = (place + columns) % count;
        let link = scenario::default_link_type(kinds[0], kinds[1]);
        if let Some(link) = link {
            scenario.links.push(LinkSpec {
                from: name(place),
                to: name(below),
                properties: link.default_properties(),
            });
        }
    }
    let places = scenario.layout.iter().map(|(id, position)| (id.clone(), Point::from(*position))).collect();
    let mut state = EditorState::default();
    state.scenario = Arc::new(scenario);
    state.places = Arc::new(places);
    state.panels.screen = Screen::Editor;
    state.panels.inspector_open = false;
    // The painter's clock goes on, although there is no engine to ask.
    state.playback.transport.playing = true;
    state.run.engine = EngineStatus::Ready;
    let width = columns as f64 * f64::from(ACROSS);
    let zoom = (state.viewport.size.width / width).min(1.0);
    state.viewport.zoom = zoom;
    state.detail = state.detail.at(zoom);
    state
}
