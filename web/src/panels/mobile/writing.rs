//! What is written on the drawing, where the drawing itself has no room for it.

use editor::panels::Writing;
use editor::{Action, EditorState};
use web_sys::{HtmlTextAreaElement, KeyboardEvent};
use yew::prelude::*;

use crate::store::{use_dispatch, use_selector};

/// What is being written: a word for it, and how it reads now.
fn written(state: &EditorState) -> Option<(&'static str, String)> {
    Some(match state.panels.writing? {
        Writing::Group(place) => ("Title of the group", state.scenario.groups.get(place)?.title.clone()),
        Writing::Note(place) => ("Note", state.scenario.notes.get(place)?.text.clone()),
        Writing::NewNote(_) => ("Note", String::new()),
    })
}

/// A note, or the title of a group.
#[component]
pub(super) fn WritingSheet() -> Html {
    let dispatch = use_dispatch();
    let field = use_node_ref();
    let Some((name, text)) = use_selector(written) else { return Html::default() };
    let done = {
        let (dispatch, field) = (dispatch.clone(), field.clone());
        Callback::from(move |()| {
            let text = field.cast::<HtmlTextAreaElement>().map(|field| field.value());
            dispatch.emit(Action::Written(text));
        })
    };
    let cancel = {
        let dispatch = dispatch.clone();
        Callback::from(move |()| dispatch.emit(Action::Written(None)))
    };
    let onkeydown = {
        let (done, cancel) = (done.clone(), cancel.clone());
        Callback::from(move |event: KeyboardEvent| {
            match event.key().as_str() {
                "Escape" => cancel.emit(()),
                "Enter" if event.ctrl_key() || event.meta_key() => done.emit(()),
                _ => return,
            }
            event.prevent_default();
            event.stop_propagation();
        })
    };
    html! {
        <section class="sheet writing" aria-label={name}>
            <label class="vh" for="writing">{ name }</label>
            <textarea ref={field} id="writing" class="field" rows="3" maxlength="2000" placeholder={name} value={text} {onkeydown}/>
            <div class="row">
                <span class="grow"/>
                <button type="button" class="btn line" onclick={cancel.reform(|_: MouseEvent| ())}>{ "Cancel" }</button>
                <button type="button" class="btn ink" onclick={done.reform(|_: MouseEvent| ())}>{ "Done" }</button>
            </div>
        </section>
    }
}
