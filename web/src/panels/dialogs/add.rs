//! Adding a component by typing its name.

use editor::Action;
use editor::view::{PaletteItem, palette};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::DialogProps;
use crate::icons::symbol;
use crate::parts::dialog::Dialog;
use crate::store::use_dispatch;

#[component]
pub(super) fn Add(props: &DialogProps) -> Html {
    let dispatch = use_dispatch();
    let find = use_state_eq(String::new);
    let place = use_state_eq(|| 0_usize);
    let items: Vec<PaletteItem> = palette(&find).into_iter().flat_map(|section| section.items).collect();
    let at = (*place).min(items.len().saturating_sub(1));
    let add = {
        let dispatch = dispatch.clone();
        Callback::from(move |item: PaletteItem| {
            dispatch.emit(Action::ShowDialog(None));
            dispatch.emit(Action::Add { kind: item.kind, preset: item.preset, at: None });
        })
    };
    let oninput = {
        let (find, place) = (find.clone(), place.clone());
        Callback::from(move |event: InputEvent| {
            let input: HtmlInputElement = event.target_unchecked_into();
            find.set(input.value());
            place.set(0);
        })
    };
    let onkeydown = {
        let (add, place, items) = (add.clone(), place.clone(), items.clone());
        Callback::from(move |event: KeyboardEvent| {
            let count = items.len().max(1);
            match event.key().as_str() {
                "ArrowDown" => place.set((at + 1) % count),
                "ArrowUp" => place.set((at + count - 1) % count),
                "Enter" => {
                    if let Some(item) = items.get(at) {
                        add.emit(*item);
                    }
                }
                _ => return,
            }
            event.prevent_default();
        })
    };
    let option = |(number, item): (usize, &PaletteItem)| {
        let (add, item) = (add.clone(), *item);
        html! {
            <div id={format!("add-{number}")} class="ci" role="option" aria-selected={(number == at).to_string()} onclick={move |_| add.emit(item)}>
                { symbol(item.icon, 18) }<span class="grow">{ item.title }<small>{ item.description }</small></span>
                if number == at { <span class="kbd">{ "Enter" }</span> }
            </div>
        }
    };
    html! {
        <Dialog title="Add a component" id="add" small=true on_close={props.on_close.clone()}>
            <div class="body flush">
                <span class="field">{ symbol("search", 14) }
                    <input type="text" autofocus=true role="combobox" aria-expanded="true" aria-controls="add-list" aria-autocomplete="list" aria-activedescendant={format!("add-{at}")}
                        placeholder="Type its name" aria-label="Type its name" value={(*find).clone()} {oninput} {onkeydown}/></span>
                <div id="add-list" role="listbox" aria-label="Components">{ for items.iter().enumerate().map(option) }</div>
            </div>
        </Dialog>
    }
}
