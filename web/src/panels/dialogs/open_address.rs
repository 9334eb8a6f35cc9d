//! A document that stands somewhere else: asked for only when a person says so, and only as JSON.

use editor::Action;
use scenario::limits::MAX_DOCUMENT_BYTES;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::Response;
use yew::prelude::*;

use super::on;
use crate::browser;
use crate::parts::dialog::Dialog;
use crate::store::use_dispatch;

#[derive(Clone, PartialEq, Properties)]
pub(super) struct Props {
    /// Where it stands.
    pub(super) address: AttrValue,
    pub(super) on_close: Callback<()>,
}

#[component]
pub(super) fn OpenAddress(props: &Props) -> Html {
    let dispatch = use_dispatch();
    let open = {
        let (dispatch, address) = (dispatch.clone(), props.address.clone());
        Callback::from(move |_: MouseEvent| {
            let (dispatch, address) = (dispatch.clone(), address.clone());
            spawn_local(async move {
                match fetch(&address).await {
                    Ok(text) => dispatch.emit(Action::Import(text)),
                    Err(reason) => dispatch.emit(Action::Fail(reason)),
                }
            });
        })
    };
    html! {
        <Dialog title="Open a document from elsewhere?" id="open-address" small=true on_close={props.on_close.clone()}>
            <div class="body">
                <p class="flat">{ "The link asks for a document that stands at" }</p>
                <div class="snip">{ props.address.clone() }</div>
                <p class="sm soft flat">{ "Its server will see that you asked. The document is read as data; nothing in it runs." }</p>
            </div>
            <div class="ft"><span class="grow"/>
                <button type="button" class="btn line" onclick={on(&dispatch, Action::ShowDialog(None))}>{ "Cancel" }</button>
                <button type="button" class="btn ink" onclick={open}>{ "Open" }</button></div>
        </Dialog>
    }
}

async fn fetch(address: &str) -> Result<String, String> {
    let failed = |_: JsValue| "The document could not be loaded. Its server may not allow it.".to_owned();
    if !(address.starts_with("https://") || address.starts_with("http://") || !address.contains(':')) {
        return Err("Documents are opened from https addresses only.".to_owned());
    }
    let window = browser::window().ok_or_else(|| failed(JsValue::NULL))?;
    let response = JsFuture::from(window.fetch_with_str(address)).await.map_err(failed)?;
    let response: Response = response.dyn_into().map_err(failed)?;
    let kind = response.headers().get("content-type").ok().flatten().unwrap_or_default();
    if !response.ok() || !kind.contains("json") {
        return Err(format!("There is no JSON document at {address}."));
    }
    let length = response.headers().get("content-length").ok().flatten();
    if length
        .and_then(|length| length.parse::<usize>().ok())
        .is_some_and(|length| length > MAX_DOCUMENT_BYTES)
    {
        return Err("The document is larger than any document may be.".to_owned());
    }
    let text = JsFuture::from(response.text().map_err(failed)?).await.map_err(failed)?;
    text.as_string().ok_or_else(|| failed(JsValue::NULL))
}
