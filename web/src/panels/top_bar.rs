//! The name of the diagram, what can be done with it, and what concerns the whole page.

use editor::panels::{Dialog, Panel, Screen, Theme};
use editor::view::{inspector_is_shown, kept};
use editor::{Action, Command, Edit};
use web_sys::{HtmlInputElement, KeyboardEvent};
use yew::prelude::*;

use crate::browser::theme;
use crate::icons::symbol;
use crate::parts::logo::logo;
use crate::store::{use_dispatch, use_selector};

/// The top bar of the editor.
#[component]
pub fn TopBar() -> Html {
    let dispatch = use_dispatch();
    let (can_undo, can_redo) = use_selector(|state| (state.history.can_undo(), state.history.can_redo()));
    let hints = use_selector(|state| state.diagnostics.0.len());
    let act = |action: Action| {
        let dispatch = dispatch.clone();
        Callback::from(move |_: MouseEvent| dispatch.emit(action.clone()))
    };
    let has_errors = use_selector(|state| state.diagnostics.has_errors());
    let (palette, inspector) = use_selector(|state| (state.panels.palette_open, inspector_is_shown(state)));
    let hint_words = match hints {
        0 => "No hints".to_owned(),
        1 => "1 hint".to_owned(),
        count => format!("{count} hints"),
    };
    html! {
        <header class="topbar">
            <button type="button" class="brand" aria-label="Inflight, all scenarios" onclick={act(Action::ShowScreen(Screen::Gallery))}>
                { logo(19) }<span>{ "inflight" }</span>
            </button>
            { panel(Panel::Palette, palette, "menu", "Components and outline", &dispatch) }
            <span class="sep"/>
            <Title/>
            <Saved/>
            <span class="grow"/>
            <button type="button" class="btn icon" aria-label="Undo" title="Undo (Ctrl Z)" disabled={!can_undo} onclick={act(Action::Command(Command::Undo))}>{ symbol("undo", 17) }</button>
            <button type="button" class="btn icon wide-only" aria-label="Redo" title="Redo (Shift Ctrl Z)" disabled={!can_redo} onclick={act(Action::Command(Command::Redo))}>{ symbol("redo", 17) }</button>
            <span class="sep"/>
            <button type="button" class={classes!("btn", "quiet", "wide-only", has_errors.then_some("t-bad"))} aria-label={hint_words.clone()} onclick={act(Action::ShowDialog(Some(Dialog::Hints)))}>
                { symbol(if has_errors { "warn" } else { "check" }, 16) }<span class="label">{ hint_words.clone() }</span>
            </button>
            <button type="button" class="btn quiet" aria-label="Inject fault" onclick={act(Action::Command(Command::InjectFault))}>{ symbol("bolt", 16) }<span class="label">{ "Inject fault" }</span></button>
            <span class="sep"/>
            <ThemeButton/>
            { panel(Panel::Inspector, inspector, "sliders", "Inspector", &dispatch) }
            <button type="button" class="btn icon wide-only" aria-label="Keyboard shortcuts" onclick={act(Action::Command(Command::Shortcuts))}>{ symbol("help", 17) }</button>
            <button type="button" class="btn ink" aria-label="Share" onclick={act(Action::Command(Command::Share))}>{ symbol("share", 16) }<span class="label">{ "Share" }</span></button>
        </header>
    }
}

/// Folds a panel away, or out.
fn panel(
    panel: Panel,
    open: bool,
    icon: &'static str,
    name: &'static str,
    dispatch: &Callback<Action>,
) -> Html {
    let dispatch = dispatch.clone();
    let onclick = Callback::from(move |_: MouseEvent| dispatch.emit(Action::TogglePanel(panel)));
    html! {
        <button type="button" class="btn icon panel" aria-label={name} title={name} aria-expanded={open.to_string()} {onclick}>{ symbol(icon, 17) }</button>
    }
}

/// Switches between light and dark.
#[component]
pub fn ThemeButton() -> Html {
    let dispatch = use_dispatch();
    let chosen = use_selector(|state| state.panels.theme);
    let dark = theme::is_dark(chosen);
    let next = if dark { Theme::Light } else { Theme::Dark };
    let onclick = Callback::from(move |_: MouseEvent| dispatch.emit(Action::SetTheme(next)));
    html! {
        <button type="button" class="btn icon theme" aria-label={if dark { "Light theme" } else { "Dark theme" }} {onclick}>
            { symbol(if dark { "sun" } else { "moon" }, 17) }
        </button>
    }
}

#[component]
fn Title() -> Html {
    let dispatch = use_dispatch();
    let title = use_selector(|state| state.scenario.title.clone());
    let onchange = Callback::from(move |event: Event| {
        let input: HtmlInputElement = event.target_unchecked_into();
        dispatch.emit(Action::Edit(Edit::SetTitle(input.value())));
    });
    let onkeydown = Callback::from(|event: KeyboardEvent| {
        let input: HtmlInputElement = event.target_unchecked_into();
        if matches!(event.key().as_str(), "Enter" | "Escape") {
            let _ = input.blur();
        }
    });
    html! {
        <span class="doc"><h1 class="vh">{ if title.is_empty() { "Untitled diagram".to_owned() } else { title.clone() } }</h1><input type="text" aria-label="Title of the diagram" placeholder="Untitled" maxlength="120" value={title} {onchange} {onkeydown}/></span>
    }
}

#[component]
fn Saved() -> Html {
    let words = use_selector(kept);
    html! { <span class="muted xs save" role="status">{ words }</span> }
}
