//! A change in the past: what came after would be forgotten.

use editor::{Action, Command};
use yew::prelude::*;

use super::{DialogProps, on};
use crate::parts::dialog::Dialog;
use crate::store::use_dispatch;

#[component]
pub(super) fn Branch(props: &DialogProps) -> Html {
    let dispatch = use_dispatch();
    html! {
        <Dialog title="Branch here?" id="branch" small=true on_close={props.on_close.clone()}>
            <div class="body"><p class="soft flat">{ "You are looking at the past. With this change the run goes on from here, and what came after is forgotten." }</p></div>
            <div class="ft"><span class="grow"/>
                <button type="button" class="btn line" onclick={on(&dispatch, Action::Command(Command::ToLive))}>{ "Return to live" }</button>
                <button type="button" class="btn ink" onclick={on(&dispatch, Action::Branch)}>{ "Branch here" }</button></div>
        </Dialog>
    }
}
