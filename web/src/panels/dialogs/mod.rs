//! Everything that opens over the page.

mod add;
mod commands;
mod fault;
mod hints;
mod import;
mod open_address;
mod share;
mod shortcuts;

use editor::Action;
use editor::panels::Dialog as Which;
use yew::prelude::*;

use crate::store::{use_dispatch, use_selector};

/// The dialog that is open, if any.
#[component]
pub fn Dialogs() -> Html {
    let dispatch = use_dispatch();
    let open = use_selector(|state| state.panels.dialog.clone());
    let on_close = {
        let dispatch = dispatch.clone();
        Callback::from(move |()| dispatch.emit(Action::ShowDialog(None)))
    };
    match open {
        None => Html::default(),
        Some(Which::Share) => html! { <share::Share {on_close}/> },
        Some(Which::Shortcuts) => html! { <shortcuts::Shortcuts {on_close}/> },
        Some(Which::OpenAddress(address)) => html! { <open_address::OpenAddress {address} {on_close}/> },
        Some(Which::Import) => html! { <import::Import {on_close}/> },
        Some(Which::Hints) => html! { <hints::Hints {on_close}/> },
        Some(Which::AddComponent) => html! { <add::Add {on_close}/> },
        Some(Which::Commands) => html! { <commands::Commands {on_close}/> },
        Some(Which::InjectFault) => html! { <fault::Faults {on_close}/> },
    }
}

/// What every dialog is given.
#[derive(Clone, PartialEq, Properties)]
pub(super) struct DialogProps {
    /// It was closed.
    pub(super) on_close: Callback<()>,
}

/// A callback that takes an action in when something is clicked.
fn on(dispatch: &Callback<Action>, action: Action) -> Callback<MouseEvent> {
    let dispatch = dispatch.clone();
    Callback::from(move |_| dispatch.emit(action.clone()))
}
