//! Several nodes at once, or a note.

use editor::panels::Writing;
use editor::view::{MenuItem, NodesInspector, align_items, distribute_items};
use editor::{Action, Command, Selection};
use messaging::LogicalId;
use yew::prelude::*;

use super::head;
use crate::icons::symbol;

fn on(dispatch: &Callback<Action>, action: Action) -> Callback<MouseEvent> {
    let dispatch = dispatch.clone();
    Callback::from(move |_| dispatch.emit(action.clone()))
}

pub(super) fn several(view: &NodesInspector, upright: bool, dispatch: &Callback<Action>) -> Html {
    let one = |(id, icon): &(LogicalId, &'static str)| {
        let select = on(dispatch, Action::Select(Selection::node(id.clone())));
        html! { <button type="button" class="pal-i" onclick={select}>{ symbol(icon, 16) }<span class="trunc">{ id.to_string() }</span></button> }
    };
    let icon = |item: &MenuItem| {
        html! { <button type="button" class="btn sm line icon" aria-label={item.name} title={item.name} onclick={on(dispatch, item.action.clone())}>{ symbol(item.icon, 16) }</button> }
    };
    let command = |name: &'static str, icon: &'static str, command: Command| {
        html! { <button type="button" class="btn sm line" onclick={on(dispatch, Action::Command(command))}>{ symbol(icon, 15) }{ name }</button> }
    };
    let title = match &view.group {
        Some((_, title)) => title.clone(),
        None => format!("{} nodes", view.nodes.len()),
    };
    let count = if view.group.is_some() { format!("Group of {}: ", view.nodes.len()) } else { String::new() };
    let enough = view.nodes.len() > 2;
    html! {
        <>
            { head(if view.group.is_some() { "group" } else { "grid" }, html! { { title } }, format!("{count}{}", view.kinds), dispatch) }
            // An upright diagram arranges itself.
            if !upright {
                <div class="sec"><h3>{ "Align" }</h3>
                    <div class="row wrap">
                        { for align_items().iter().map(icon) }
                        if enough { { for distribute_items().iter().map(icon) } }
                    </div>
                </div>
            }
            <div class="sec"><div class="faults">
                { command(if view.group.is_some() { "Ungroup" } else { "Group" }, "group", Command::Group) }
                if let Some((place, _)) = view.group {
                    <button type="button" class="btn sm line" onclick={on(dispatch, Action::Write(Writing::Group(place)))}>{ symbol("code", 15) }{ "Rename" }</button>
                }
                { command("Copy", "copy", Command::Copy) }
                { command("Duplicate", "copy", Command::Duplicate) }
                { command("Delete", "close", Command::Delete) }
            </div></div>
            <div class="sec"><h3>{ "Nodes" }</h3>{ for view.nodes.iter().map(one) }</div>
        </>
    }
}

pub(super) fn note(place: usize, text: &str, dispatch: &Callback<Action>) -> Html {
    html! {
        <>
            { head("note", html! { { "Note" } }, "Part of the drawing, not of the run".to_owned(), dispatch) }
            <div class="sec"><p class="flat note-text">{ text.to_owned() }</p></div>
            <div class="sec"><div class="faults">
                <button type="button" class="btn sm line" onclick={on(dispatch, Action::Write(Writing::Note(place)))}>{ symbol("code", 15) }{ "Edit" }</button>
                <button type="button" class="btn sm line" onclick={on(dispatch, Action::Command(Command::Duplicate))}>{ symbol("copy", 15) }{ "Duplicate" }</button>
                <button type="button" class="btn sm line" onclick={on(dispatch, Action::Command(Command::Delete))}>{ symbol("close", 15) }{ "Delete" }</button>
            </div></div>
        </>
    }
}
