//! The left side: what can be added, and the diagram as a tree.

use editor::panels::{PaletteTab, Panel};
use editor::view::{DrawingItem, OutlineItem, PaletteItem, PaletteSection, drawing_items, outline, palette};
use editor::{Action, LinkEnds, Selection};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::resize::ResizeHandle;
use crate::icons::symbol;
use crate::parts::tabs::{Tab, tabs};
use crate::store::{use_dispatch, use_selector};

/// The left side.
#[component]
pub fn Palette() -> Html {
    let dispatch = use_dispatch();
    let tab = use_selector(|state| state.panels.palette_tab);
    let list = [
        Tab { value: PaletteTab::Components, id: "palette-components", text: "Components" },
        Tab { value: PaletteTab::Outline, id: "palette-outline", text: "Outline" },
    ];
    html! {
        <aside class="palette open" aria-label="Components and outline">
            { tabs("Palette", &list, tab, "tabs", dispatch.reform(Action::ShowPaletteTab)) }
            if tab == PaletteTab::Components { <Components/> } else { <Outline/> }
            <ResizeHandle panel={Panel::Palette}/>
        </aside>
    }
}

/// The components as icons alone, where the inspector needs the room.
#[component]
pub fn Rail() -> Html {
    let dispatch = use_dispatch();
    let sections = use_memo((), |()| palette(""));
    let button = |item: &PaletteItem| {
        let (dispatch, item) = (dispatch.clone(), *item);
        let onclick = Callback::from(move |event: MouseEvent| {
            if event.detail() == 0 {
                dispatch.emit(Action::Add { kind: item.kind, preset: item.preset, at: None });
            }
        });
        html! {
            <button type="button" class="b" title={item.title} aria-label={item.title} {onclick} data-kind={item.kind.descriptor().resource_type}
                data-preset={item.preset.map(|preset| preset.to_string())}>{ symbol(item.icon, 19) }</button>
        }
    };
    let section = |(place, section): (usize, &PaletteSection)| {
        html! { <>if place > 0 { <hr/> }{ for section.items.iter().map(button) }</> }
    };
    html! { <aside class="rail" aria-label="Components">{ for sections.iter().enumerate().map(section) }</aside> }
}

#[component]
fn Components() -> Html {
    let dispatch = use_dispatch();
    let find = use_selector(|state| state.panels.find.clone());
    let oninput = {
        let dispatch = dispatch.clone();
        Callback::from(move |event: InputEvent| {
            let input: HtmlInputElement = event.target_unchecked_into();
            dispatch.emit(Action::Find(input.value()));
        })
    };
    let sections = palette(&find);
    html! {
        <>
            <label class="search">
                { symbol("search", 14) }
                <input id="find" type="text" placeholder="Find a component" aria-label="Find a component" value={find.clone()} {oninput}/>
            </label>
            { for sections.iter().map(|section| section_of(section, &dispatch)) }
            if sections.is_empty() { <p class="pal-h">{ format!("Nothing is called {find}.") }</p> }
        </>
    }
}

fn section_of(section: &PaletteSection, dispatch: &Callback<Action>) -> Html {
    html! {
        <>
            <h2 class="pal-h">{ section.title }</h2>
            { for section.items.iter().map(|item| entry(*item, dispatch)) }
        </>
    }
}

/// Pointers drag it through the canvas; the keyboard's click adds it.
fn entry(item: PaletteItem, dispatch: &Callback<Action>) -> Html {
    let dispatch = dispatch.clone();
    let onclick = Callback::from(move |event: MouseEvent| {
        if event.detail() == 0 {
            dispatch.emit(Action::Add { kind: item.kind, preset: item.preset, at: None });
        }
    });
    html! {
        <button type="button" class="pal-i" title={item.description} {onclick} data-kind={item.kind.descriptor().resource_type}
            data-preset={item.preset.map(|preset| preset.to_string())}>
            { symbol(item.icon, 18) }<span class="trunc">{ item.title }</span>
        </button>
    }
}

/// The diagram as a tree, for reading and for everything that can be done on the canvas.
#[component]
pub(crate) fn Outline() -> Html {
    let dispatch = use_dispatch();
    let items = use_selector(outline);
    let drawn = use_selector(drawing_items);
    if items.is_empty() && drawn.is_empty() {
        return html! { <p class="pal-h">{ "The diagram is empty." }</p> };
    }
    html! { <ul class="outline" role="tree" aria-label="Diagram">{ for items.iter().map(|item| branch(item, &dispatch)) }{ for drawn.iter().map(|item| drawing(item, &dispatch)) }</ul> }
}

/// A group or a note.
fn drawing(item: &DrawingItem, dispatch: &Callback<Action>) -> Html {
    let see = {
        let (dispatch, selection) = (dispatch.clone(), item.selection.clone());
        Callback::from(move |()| dispatch.emit(Action::See(selection.clone())))
    };
    let inside = html! { <>{ symbol(item.icon, 16) }<span class="trunc">{ &item.text }</span></> };
    html! { <li role="none">{ tree_item(&item.label, item.selected, see, inside) }</li> }
}

fn branch(item: &OutlineItem, dispatch: &Callback<Action>) -> Html {
    let select = {
        let (dispatch, id) = (dispatch.clone(), item.id.clone());
        Callback::from(move |()| {
            dispatch.emit(Action::Select(Selection::node(id.clone())));
            dispatch.emit(Action::Reveal(id.clone()));
        })
    };
    let links = item.links.iter().map(|link| leaf(&link.ends, &link.label, link.selected, dispatch));
    html! {
        <li role="none">
            { tree_item(&item.label, item.selected, select, html! { <>{ symbol(item.icon, 16) }<span class="trunc">{ item.id.to_string() }</span>{ " " }<small>{ item.word }</small></> }) }
            if !item.links.is_empty() { <ul role="group">{ for links }</ul> }
        </li>
    }
}

fn leaf(ends: &LinkEnds, label: &str, selected: bool, dispatch: &Callback<Action>) -> Html {
    let open = {
        let (dispatch, ends) = (dispatch.clone(), ends.clone());
        Callback::from(move |()| dispatch.emit(Action::OpenLink(ends.clone())))
    };
    let inside =
        html! { <>{ symbol("chev-right", 13) }<span class="trunc">{ ends.to.to_string() }</span></> };
    html! { <li role="none">{ tree_item(label, selected, open, inside) }</li> }
}

fn tree_item(label: &str, selected: bool, choose: Callback<()>, inside: Html) -> Html {
    let onclick = {
        let choose = choose.clone();
        Callback::from(move |_: MouseEvent| choose.emit(()))
    };
    let onkeydown = Callback::from(move |event: KeyboardEvent| {
        let step = match event.key().as_str() {
            "Enter" | " " => {
                event.prevent_default();
                choose.emit(());
                return;
            }
            "ArrowDown" => 1,
            "ArrowUp" => -1,
            _ => return,
        };
        event.prevent_default();
        crate::parts::tabs::focus_sibling(&event, "[role=tree]", "[role=treeitem]", step);
    });
    html! {
        <div class="pal-i" role="treeitem" tabindex="0" aria-label={label.to_owned()} aria-selected={selected.to_string()} {onclick} {onkeydown}>{ inside }</div>
    }
}
