//! What happens by itself, and when: each entry can be moved to another time, or taken out.

use editor::edit::{rescheduled, unscheduled};
use editor::view::{Happening, happenings};
use editor::{Action, EditorState};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::icons::symbol;
use crate::store::{StoreHandle, use_selector, use_store};

/// The entries of the document's timeline.
#[component]
pub fn Timeline() -> Html {
    let store = use_store();
    let entries = use_selector(happenings);
    html! { <ul class="happenings">{ for entries.iter().enumerate().map(|(place, entry)| row(place, entry, &store)) }</ul> }
}

fn row(place: usize, entry: &Happening, store: &StoreHandle) -> Html {
    let onchange = {
        let (store, before) = (store.clone(), entry.at.clone());
        Callback::from(move |event: Event| {
            let input: HtmlInputElement = event.target_unchecked_into();
            match scenario::parse_duration(input.value().trim()) {
                Ok(at) => edit(&store, |state| rescheduled(&state.scenario, place, at)),
                Err(_) => input.set_value(&before),
            }
        })
    };
    let remove = {
        let store = store.clone();
        Callback::from(move |_: MouseEvent| edit(&store, |state| unscheduled(&state.scenario, place)))
    };
    html! {
        <li key={format!("{place} {} {}", entry.at, entry.text)}>
            <span class="field"><input type="text" aria-label={format!("When {}", entry.text)} value={entry.at.clone()} {onchange}/></span>
            <span class="grow">{ &entry.text }</span>
            <button type="button" class="btn sm icon" aria-label={format!("Take out: {} at {}", entry.text, entry.at)} onclick={remove}>{ symbol("close", 14) }</button>
        </li>
    }
}

fn edit(store: &StoreHandle, make: impl FnOnce(&EditorState) -> editor::Edit) {
    let edit = store.read(make);
    store.dispatch(Action::Edit(edit));
}
