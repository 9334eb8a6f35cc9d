//! Find anything by name, and do it.

use editor::Action;
use editor::view::{CommandEntry, command_entries, narrowed};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::DialogProps;
use crate::browser;
use crate::icons::symbol;
use crate::parts::dialog::Dialog;
use crate::store::{use_dispatch, use_store};

#[component]
pub(super) fn Commands(props: &DialogProps) -> Html {
    let (store, dispatch) = (use_store(), use_dispatch());
    let find = use_state_eq(String::new);
    let place = use_state_eq(|| 0_usize);
    // As it is when the dialog opens: a list that changes under the hand is none to choose from.
    let all = use_memo((), |()| store.read(command_entries));
    let found = narrowed(&all, &find);
    let at = (*place).min(found.len().saturating_sub(1));
    let act = Callback::from(move |action: Action| {
        dispatch.emit(Action::ShowDialog(None));
        dispatch.emit(action);
    });
    let oninput = {
        let (find, place) = (find.clone(), place.clone());
        Callback::from(move |event: InputEvent| {
            let input: HtmlInputElement = event.target_unchecked_into();
            find.set(input.value());
            place.set(0);
        })
    };
    let onkeydown = {
        let (act, place, count) = (act.clone(), place.clone(), found.len().max(1));
        let chosen = found.get(at).map(|entry| entry.action.clone());
        Callback::from(move |event: KeyboardEvent| {
            let next = match event.key().as_str() {
                "ArrowDown" => (at + 1) % count,
                "ArrowUp" => (at + count - 1) % count,
                "PageDown" => (at + 8).min(count - 1),
                "PageUp" => at.saturating_sub(8),
                "Enter" => {
                    event.prevent_default();
                    return chosen.iter().for_each(|action| act.emit(action.clone()));
                }
                _ => return,
            };
            event.prevent_default();
            place.set(next);
        })
    };
    use_effect_with(at, |at| {
        let option =
            browser::document().and_then(|document| document.get_element_by_id(&format!("command-{at}")));
        if let Some(option) = option {
            let nearest = web_sys::ScrollIntoViewOptions::new();
            nearest.set_block(web_sys::ScrollLogicalPosition::Nearest);
            option.scroll_into_view_with_scroll_into_view_options(&nearest);
        }
    });
    let option = |(number, entry): (usize, &&CommandEntry)| {
        let (act, action) = (act.clone(), entry.action.clone());
        html! {
            <div key={number} id={format!("command-{number}")} class="ci" role="option" aria-selected={(number == at).to_string()} onclick={move |_| act.emit(action.clone())}>
                { symbol(entry.icon, 18) }<span class="grow trunc">{ &entry.title }</span>
                <span class="muted xs">{ &entry.detail }</span>
                if !entry.key.is_empty() { <span class="kbd">{ entry.key }</span> }
            </div>
        }
    };
    html! {
        <Dialog title="Find" id="commands" small=true on_close={props.on_close.clone()}>
            <div class="body flush">
                <span class="field">{ symbol("search", 14) }
                    <input type="text" autofocus=true role="combobox" aria-expanded="true" aria-controls="command-list" aria-autocomplete="list"
                        aria-activedescendant={(!found.is_empty()).then(|| format!("command-{at}"))}
                        placeholder="A command, a node, a component, a scenario" aria-label="Find" value={(*find).clone()} {oninput} {onkeydown}/></span>
                <div id="command-list" class="commands" role="listbox" aria-label="Found">{ for found.iter().enumerate().map(option) }</div>
                if found.is_empty() { <p class="soft sm" role="status">{ format!("Nothing is called {}.", *find) }</p> }
            </div>
        </Dialog>
    }
}
