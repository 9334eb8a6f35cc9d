//! The message in the corner, and what is said aloud.

use editor::{Action, Command};
use yew::prelude::*;

use crate::icons::symbol;
use crate::store::{use_dispatch, use_selector};

/// A short message, until it is read or replaced.
#[component]
pub fn NoticeBar() -> Html {
    let dispatch = use_dispatch();
    let notice = use_selector(|state| state.panels.notice.clone());
    let Some(notice) = notice else { return Html::default() };
    let undo = {
        let dispatch = dispatch.clone();
        Callback::from(move |_: MouseEvent| {
            dispatch.emit(Action::Command(Command::Undo));
            dispatch.emit(Action::DismissNotice);
        })
    };
    let theirs = {
        let (dispatch, id) = (dispatch.clone(), notice.open_draft.clone());
        Callback::from(move |_: MouseEvent| {
            if let Some(id) = &id {
                dispatch.emit(Action::ChooseDraft(id.clone()));
            }
        })
    };
    let close = Callback::from(move |_: MouseEvent| dispatch.emit(Action::DismissNotice));
    html! {
        <div class="toast" role={if notice.is_error { "alert" } else { "status" }}>
            <span>{ &notice.text }</span>
            if notice.can_undo { <button type="button" class="btn sm" onclick={undo}>{ "Undo" }</button> }
            if notice.open_draft.is_some() { <button type="button" class="btn sm" onclick={theirs}>{ "Show what is there" }</button> }
            <button type="button" class="btn sm icon" aria-label="Dismiss" onclick={close}>{ symbol("close", 14) }</button>
        </div>
    }
}

/// Where announcements are put for whoever listens.
#[component]
pub fn LiveRegions() -> Html {
    html! {
        <>
            <div id="live-polite" class="vh" role="status" aria-live="polite"/>
            <div id="live-assertive" class="vh" role="alert" aria-live="assertive"/>
        </>
    }
}
