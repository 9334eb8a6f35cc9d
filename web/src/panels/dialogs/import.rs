//! A document from a file or from the clipboard.

use editor::Action;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{HtmlInputElement, HtmlTextAreaElement};
use yew::prelude::*;

use super::DialogProps;
use crate::parts::dialog::Dialog;
use crate::store::use_dispatch;

#[component]
pub(super) fn Import(props: &DialogProps) -> Html {
    let dispatch = use_dispatch();
    let area = use_node_ref();
    let choose = {
        let dispatch = dispatch.clone();
        Callback::from(move |event: Event| {
            let input: HtmlInputElement = event.target_unchecked_into();
            let Some(file) = input.files().and_then(|files| files.item(0)) else { return };
            let dispatch = dispatch.clone();
            spawn_local(async move {
                let text = JsFuture::from(file.text()).await.ok().and_then(|text| text.as_string());
                dispatch.emit(Action::Import(text.unwrap_or_default()));
            });
        })
    };
    let open = {
        let (dispatch, area) = (dispatch.clone(), area.clone());
        Callback::from(move |_: MouseEvent| {
            let Some(area) = area.cast::<HtmlTextAreaElement>() else { return };
            dispatch.emit(Action::Import(area.value()));
        })
    };
    html! {
        <Dialog title="Import" id="import" small=true on_close={props.on_close.clone()}>
            <div class="body">
                <div class="setting"><label for="import-file">{ "A file saved from here" }</label><input id="import-file" type="file" accept="application/json,.json" onchange={choose}/></div>
                <div class="setting"><label for="import-text">{ "Or paste a document or a link" }</label>
                    <textarea id="import-text" ref={area} class="field" rows="8" spellcheck="false" placeholder="{ \"Version\": 1, … }"/></div>
            </div>
            <div class="ft"><span class="sm soft">{ "It opens beside your own diagrams and overwrites none." }</span><span class="grow"/>
                <button type="button" class="btn ink" onclick={open}>{ "Open" }</button></div>
        </Dialog>
    }
}
