//! The order of the tracks: by their grips, with a pointer or a finger, or by keyboard.

use editor::Action;
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent, PointerEvent};
use yew::prelude::*;

use crate::browser;
use crate::icons::symbol;

/// Which track is dragged, and the place it would come to.
pub(super) type Dropping = UseStateHandle<Option<(usize, usize)>>;

/// What a track is moved by.
pub(super) fn grip(
    place: usize,
    count: usize,
    name: &str,
    dropping: &Dropping,
    dispatch: &Callback<Action>,
) -> Html {
    let last = count.saturating_sub(1);
    let onpointerdown = {
        let dropping = dropping.clone();
        Callback::from(move |event: PointerEvent| {
            if let Some(grip) = element(&event) {
                let _ = grip.set_pointer_capture(event.pointer_id());
                dropping.set(Some((place, place)));
            }
        })
    };
    let onpointermove = {
        let dropping = dropping.clone();
        Callback::from(move |event: PointerEvent| {
            if let (Some((from, _)), Some(grip)) = (*dropping, element(&event)) {
                dropping.set(Some((from, under(&grip, event.client_y()).min(last))));
            }
        })
    };
    let onpointerup = {
        let (dropping, dispatch) = (dropping.clone(), dispatch.clone());
        Callback::from(move |event: PointerEvent| {
            let (Some((from, _)), Some(grip)) = (*dropping, element(&event)) else { return };
            let to = under(&grip, event.client_y()).min(last);
            dropping.set(None);
            if from != to {
                dispatch.emit(Action::MoveTrack { from, to });
            }
        })
    };
    let onpointercancel = {
        let dropping = dropping.clone();
        Callback::from(move |_: PointerEvent| dropping.set(None))
    };
    let onkeydown = {
        let dispatch = dispatch.clone();
        Callback::from(move |event: KeyboardEvent| {
            let to = match event.key().as_str() {
                "ArrowUp" => place.checked_sub(1),
                "ArrowDown" => Some(place + 1).filter(|to| *to <= last),
                _ => return,
            };
            event.prevent_default();
            event.stop_propagation();
            if let Some(to) = to {
                dispatch.emit(Action::MoveTrack { from: place, to });
                // The keyboard goes with the track.
                browser::focus_first(&format!("#track-{to}"));
            }
        })
    };
    let label = format!("Move the track {name}, {} of {count}", place + 1);
    html! {
        <button id={format!("track-{place}")} type="button" class="grip" aria-label={label} title="Drag to another place, or press Alt and an arrow"
            aria-keyshortcuts="Alt+ArrowUp Alt+ArrowDown" {onpointerdown} {onpointermove} {onpointerup} {onpointercancel} {onkeydown}>{ symbol("drag", 14) }</button>
    }
}

fn element(event: &PointerEvent) -> Option<Element> {
    event.target()?.dyn_into::<Element>().ok()?.closest(".grip").ok().flatten()
}

/// The place of the track at this height of the page.
fn under(grip: &Element, y: i32) -> usize {
    let rows = grip.closest(".tracks").ok().flatten();
    let rows = rows.and_then(|tracks| tracks.query_selector_all(".tk-n:not(.axis)").ok());
    let Some(rows) = rows else { return 0 };
    let ends = (0..rows.length()).filter_map(|place| {
        let row: Element = rows.item(place)?.dyn_into().ok()?;
        Some(row.get_bounding_client_rect().bottom())
    });
    ends.take_while(|end| *end < f64::from(y)).count()
}
