//! The list of keys.

use editor::Action;
use editor::keymap::SHEET;
use yew::prelude::*;

use super::DialogProps;
use crate::parts::dialog::Dialog;
use crate::store::{effect_runner, use_dispatch, use_selector};

#[component]
pub(super) fn Shortcuts(props: &DialogProps) -> Html {
    let dispatch = use_dispatch();
    let single = use_selector(|state| state.panels.single_keys);
    let toggle = Callback::from(move |_: MouseEvent| {
        effect_runner::keep_single_keys(!single);
        dispatch.emit(Action::SetSingleKeys(!single));
    });
    let row = |(keys, does): &(&'static str, &'static str)| {
        html! { <><dt>{ for keys.split(' ').map(|key| html! { <span class="kbd">{ key }</span> }) }</dt><dd>{ *does }</dd></> }
    };
    html! {
        <Dialog title="Keyboard shortcuts" id="shortcuts" small=true on_close={props.on_close.clone()}>
            <div class="body" tabindex="0" role="region" aria-label="All shortcuts"><dl class="keys">{ for SHEET.iter().map(row) }</dl></div>
            <div class="ft"><label class="ck" for="single-keys">{ "Single letters work" }</label>
                <button id="single-keys" type="button" class="switch" role="switch" aria-checked={single.to_string()} aria-label="Single letters work" onclick={toggle}/></div>
        </Dialog>
    }
}
