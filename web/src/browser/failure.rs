//! A fault of our own: the page says so and offers a way on. The diagram is in the address bar, so a reload
//! brings it back.

use gloo_events::{EventListener, EventListenerOptions};
use wasm_bindgen::JsValue;

const SCREEN: &str = "<div class=\"scrim\"><div class=\"dialog dlg small\" role=\"alertdialog\" aria-modal=\"true\" \
    aria-labelledby=\"failed-title\"><div class=\"dlg-h\"><h2 id=\"failed-title\">The page has stopped</h2></div>\
    <div class=\"body\"><p class=\"soft flat\" id=\"failed-reason\"></p><pre id=\"failed-text\"></pre></div>\
    <div class=\"ft\"><span class=\"grow\"></span><a class=\"btn line\" href=\"./\">Open a scenario</a>\
    <a class=\"btn ink\" href=\"\" id=\"failed-reload\">Reload</a></div></div></div>";

/// From here on a panic is shown to the person.
pub fn show_panics() {
    std::panic::set_hook(Box::new(|info| {
        let text = info.to_string();
        web_sys::console::error_1(&JsValue::from_str(&text));
        show(
            "This is a fault of the playground, not of your diagram. The diagram is in the address bar: reload the page \
             to go on with it.",
            &text,
        );
    }));
}

/// Says that nothing can go on, why, and offers to begin again.
pub fn show(reason: &str, details: &str) {
    let Some(document) = super::document() else { return };
    let Some(body) = document.body() else { return };
    let _ = body.insert_adjacent_html("beforeend", SCREEN);
    for (id, text) in [("failed-reason", reason), ("failed-text", details)] {
        if let Some(place) = document.get_element_by_id(id) {
            place.set_text_content(Some(text));
        }
    }
    if let Some(link) = document.get_element_by_id("failed-reload") {
        // The same address with a fragment would only scroll.
        let reload = EventListener::new_with_options(
            &link,
            "click",
            EventListenerOptions::enable_prevent_default(),
            |click| {
                click.prevent_default();
                let _ = super::window().map(|window| window.location().reload());
            },
        );
        reload.forget();
    }
}
