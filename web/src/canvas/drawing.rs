//! Groups behind the diagram and notes on it. Both are text that people wrote: it is drawn as text, never as markup.

use editor::view::{GroupView, NoteView, group_views, note_views};
use editor::{Action, Detail};
use web_sys::{FocusEvent, HtmlElement, HtmlInputElement, HtmlTextAreaElement, KeyboardEvent};
use yew::prelude::*;

use crate::store::{Interest, use_dispatch, use_selector_for};

/// Finishes what is being written: Enter in one line, Control Enter in several, Escape leaves it as it was.
fn keys(dispatch: &Callback<Action>, lines: bool) -> Callback<KeyboardEvent> {
    let dispatch = dispatch.clone();
    Callback::from(move |event: KeyboardEvent| {
        let Some(field) = event.target_dyn_into::<HtmlElement>() else { return };
        match event.key().as_str() {
            "Escape" => dispatch.emit(Action::Written(None)),
            "Enter" if !lines || event.ctrl_key() || event.meta_key() => {}
            _ => return,
        }
        event.prevent_default();
        event.stop_propagation();
        let _ = field.blur();
    })
}

/// The regions of the groups.
#[component]
pub fn Groups() -> Html {
    let dispatch = use_dispatch();
    let groups = use_selector_for(Interest::Drawing, group_views);
    let (zoom, far) = use_selector_for(Interest::Drawing, |state| {
        // From further away a title keeps its size on screen; from far away it has no room among the nodes.
        let zoom = if state.detail == Detail::Full { 1.0 } else { state.viewport.zoom };
        (zoom, state.detail <= Detail::Glyph)
    });
    html! { <>{ for groups.iter().map(|group| region(group, zoom, far, &dispatch)) }</> }
}

fn region(group: &GroupView, zoom: f64, far: bool, dispatch: &Callback<Action>) -> Html {
    let rect = group.rect;
    let style = format!(
        "left:{:.1}px;top:{:.1}px;width:{:.1}px;height:{:.1}px;--far:{:.4}",
        rect.origin.x,
        rect.origin.y,
        rect.size.width,
        rect.size.height,
        1.0 / zoom
    );
    let head = (!far).then(|| format!("width:{:.1}px", rect.size.width * zoom));
    let onblur = {
        let dispatch = dispatch.clone();
        Callback::from(move |event: FocusEvent| {
            let input: HtmlInputElement = event.target_unchecked_into();
            dispatch.emit(Action::Written(Some(input.value())));
        })
    };
    html! {
        <div key={group.place} class={classes!("grp", group.selected.then_some("sel"), far.then_some("far"))} {style}>
            <div class="gh" style={head} data-group={group.place.to_string()} role="group" tabindex="-1" aria-label={format!("{}, group, {}", group.title, group.count)}>
                if group.writing {
                    <input id="writing" type="text" aria-label="Title of the group" maxlength="120" value={group.title.clone()} {onblur} onkeydown={keys(dispatch, false)}/>
                } else {
                    <b>{ &group.title }</b><span>{ &group.count }</span>
                }
            </div>
        </div>
    }
}

/// The notes.
#[component]
pub fn Notes() -> Html {
    let dispatch = use_dispatch();
    let notes = use_selector_for(Interest::Drawing, note_views);
    html! { <>{ for notes.iter().map(|note| sheet(note, &dispatch)) }</> }
}

fn sheet(note: &NoteView, dispatch: &Callback<Action>) -> Html {
    let style = format!("left:{:.1}px;top:{:.1}px", note.at.x, note.at.y);
    let key = note.place.map_or_else(|| "new".to_owned(), |place| place.to_string());
    let onblur = {
        let dispatch = dispatch.clone();
        Callback::from(move |event: FocusEvent| {
            let area: HtmlTextAreaElement = event.target_unchecked_into();
            dispatch.emit(Action::Written(Some(area.value())));
        })
    };
    html! {
        <div {key} class={classes!("memo", note.selected.then_some("sel"))} {style} role="note" tabindex="-1"
            data-note={note.place.map(|place| place.to_string())}>
            if note.writing {
                <textarea id="writing" aria-label="Note" rows="3" maxlength="2000" placeholder="Write a note" value={note.text.clone()} {onblur} onkeydown={keys(dispatch, true)}/>
            } else {
                { &note.text }
            }
        </div>
    }
}
