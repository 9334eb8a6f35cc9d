//! Pictures of the diagram, with the icons that stand in the page.

use editor::EditorState;
use export::{Animation, Options, Stage, Theme};
use gloo_events::EventListener;
use kernel::SimDuration;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Blob, CanvasRenderingContext2d, HtmlCanvasElement, HtmlImageElement};

use crate::store::StoreHandle;

/// The diagram as it stands, with what is under way, as SVG that follows the colours of whoever looks at it.
#[must_use]
pub fn still(store: &StoreHandle) -> String {
    let marks = store.flow().marks();
    store.read(|state| export::picture(state, &marks, &options(&icon)))
}

/// How pictures of the page are made.
#[must_use]
pub fn options(icon: &dyn Fn(&str) -> String) -> Options<'_> {
    Options { theme: Theme::Auto, framed: true, icon }
}

/// What is drawn inside an icon of the page's own sheet.
#[must_use]
pub fn icon(name: &str) -> String {
    let symbol = super::document().and_then(|document| document.get_element_by_id(&format!("i-{name}")));
    symbol.map(|symbol| symbol.inner_html()).unwrap_or_default()
}

/// The next ten seconds of the document's run, as a picture that moves.
#[must_use]
pub fn moving(store: &StoreHandle) -> String {
    let (scenario, from) = store.read(|state| (state.scenario.clone(), state.playback.playhead()));
    let Ok(mut stage) = Stage::new(&scenario) else { return still(store) };
    let animation = Animation { from, duration: SimDuration::from_secs(MOVING_SECONDS) };
    animation.draw(&mut stage, &options(&icon))
}

/// Seconds of a moving picture.
const MOVING_SECONDS: u64 = 10;

/// The page would not stand still for long while the picture is drawn.
#[must_use]
pub fn may_move(state: &EditorState) -> bool {
    let seconds = state.playback.playhead().as_secs_f64() + MOVING_SECONDS as f64;
    let events = scenario::events_per_second(&state.scenario) * seconds;
    !state.diagnostics.has_errors() && events < scenario::limits::MAX_AUTOMATIC_EVENTS
}

/// Saves an image of the page as PNG, at twice its size.
pub fn save_png(image: &HtmlImageElement, name: &str) {
    const SCALE: u32 = 2;
    let canvas = super::document().and_then(|document| document.create_element("canvas").ok());
    let Some(canvas) = canvas.and_then(|canvas| canvas.dyn_into::<HtmlCanvasElement>().ok()) else { return };
    let (width, height) = (image.natural_width() * SCALE, image.natural_height() * SCALE);
    canvas.set_width(width);
    canvas.set_height(height);
    let context = canvas.get_context("2d").ok().flatten();
    let Some(context) = context.and_then(|context| context.dyn_into::<CanvasRenderingContext2d>().ok())
    else {
        return;
    };
    let drawn = context.draw_image_with_html_image_element_and_dw_and_dh(
        image,
        0.0,
        0.0,
        f64::from(width),
        f64::from(height),
    );
    let name = name.to_owned();
    let done = Closure::once_into_js(move |blob: Option<Blob>| {
        if let Some(blob) = blob {
            let _ = super::download::save_blob(&name, &blob);
        }
    });
    if drawn.is_ok() {
        let _ = canvas.to_blob(done.unchecked_ref());
    }
}

/// Puts the picture of now onto the printed page, in place of everything else, until it is dropped.
#[must_use]
pub fn on_paper(store: &StoreHandle) -> Option<[EventListener; 2]> {
    const ID: &str = "print-sheet";
    let window = super::window()?;
    let remove = || {
        if let Some(old) = super::document().and_then(|document| document.get_element_by_id(ID)) {
            old.remove();
        }
    };
    let store = store.clone();
    let before = EventListener::new(&window, "beforeprint", move |_| {
        remove();
        let Some(document) = super::document() else { return };
        let (Ok(image), Some(body)) = (document.create_element("img"), document.body()) else { return };
        // Paper is light, and an image that is not there yet would not be printed.
        let light = Options { theme: Theme::Light, framed: true, icon: &icon };
        let marks = store.flow().marks();
        let svg = store.read(|state| export::picture(state, &marks, &light));
        image.set_id(ID);
        let _ = image.set_attribute("alt", "");
        let _ = image.set_attribute("src", &export::data_address(&svg));
        let _ = body.append_child(&image);
    });
    Some([before, EventListener::new(&window, "afterprint", move |_| remove())])
}
