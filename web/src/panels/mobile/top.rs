//! Back to the scenarios, what this one is, and what a thumb wants of the top bar.

use editor::panels::{Panel, Screen};
use editor::view::kept;
use editor::{Action, Command};
use yew::prelude::*;

use crate::icons::symbol;
use crate::store::{use_dispatch, use_selector};

#[component]
pub(super) fn MobileTop() -> Html {
    let dispatch = use_dispatch();
    let (title, below) = use_selector(|state| (state.title().to_owned(), kept(state)));
    let can_undo = use_selector(|state| state.history.can_undo());
    let act = |action: Action| {
        let dispatch = dispatch.clone();
        Callback::from(move |_: MouseEvent| dispatch.emit(action.clone()))
    };
    html! {
        <header class="mt topbar">
            <button type="button" class="ib" aria-label="Inflight, all scenarios" onclick={act(Action::ShowScreen(Screen::Gallery))}>{ symbol("chev-left", 22) }</button>
            <h1 class="about-it"><button type="button" title="About this diagram" onclick={act(Action::TogglePanel(Panel::Inspector))}>
                <span class="title">{ title }</span>if !below.is_empty() { { " " }<span class="sub-title">{ below }</span> }
            </button></h1>
            if can_undo { <button type="button" class="ib" aria-label="Undo" onclick={act(Action::Command(Command::Undo))}>{ symbol("undo", 20) }</button> }
            <button type="button" class="ib" aria-label="Inject fault" onclick={act(Action::Command(Command::InjectFault))}>{ symbol("bolt", 21) }</button>
            <button type="button" class="ib" aria-label="Share" onclick={act(Action::Command(Command::Share))}>{ symbol("share", 21) }</button>
        </header>
    }
}
