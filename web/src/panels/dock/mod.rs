//! Below: time, and everything that has happened in it.

mod events;
pub(crate) mod guide;
mod journeys;
mod order;
mod tools;
pub(crate) mod tracks;
pub(crate) mod transport;

use editor::Action;
use editor::panels::{DockTab, Panel};
use yew::prelude::*;

use super::resize::ResizeHandle;
use crate::icons::symbol;
use crate::store::{use_dispatch, use_selector};

/// The dock.
#[component]
pub fn Dock() -> Html {
    let (tab, open) = use_selector(|state| (state.panels.dock_tab, state.panels.dock_open));
    html! {
        <footer class={classes!("dock", if open { "open" } else { "closed" }, (open && tab == DockTab::Journeys).then_some("journeys"))} aria-label="Time">
            <transport::TransportBar/>
            if open { { inside(tab) } }
            if open { <ResizeHandle panel={Panel::Dock}/> }
        </footer>
    }
}

/// What the dock shows.
pub(crate) fn inside(tab: DockTab) -> Html {
    let inside = match tab {
        DockTab::Metrics => html! { <tracks::Tracks/> },
        DockTab::Journeys => html! { <journeys::Journeys/> },
        DockTab::Events => html! { <events::Events/> },
    };
    html! { <><guide::GuideBar/>{ inside }</> }
}

/// Chooses what the dock shows, and folds it away.
#[component]
fn DockTabs() -> Html {
    let dispatch = use_dispatch();
    let (tab, open) = use_selector(|state| (state.panels.dock_tab, state.panels.dock_open));
    let button = |value: DockTab, icon: &'static str, text: &'static str| {
        let dispatch = dispatch.clone();
        let onclick = Callback::from(move |_: MouseEvent| dispatch.emit(Action::ShowDockTab(value)));
        html! { <button type="button" aria-pressed={(tab == value).to_string()} aria-label={text} {onclick}>{ symbol(icon, 15) }<span class="label">{ text }</span></button> }
    };
    let fold = {
        let dispatch = dispatch.clone();
        Callback::from(move |_: MouseEvent| dispatch.emit(Action::TogglePanel(Panel::Dock)))
    };
    html! {
        <>
            <span class="seg" role="group" aria-label="Show">
                { button(DockTab::Metrics, "metrics", "Metrics") }
                { button(DockTab::Journeys, "journey", "Journeys") }
                { button(DockTab::Events, "log", "Events") }
            </span>
            <button type="button" class="btn icon" aria-label={if open { "Fold away" } else { "Unfold" }} aria-expanded={open.to_string()} onclick={fold}>
                { symbol(if open { "chev-down" } else { "chev-up" }, 17) }
            </button>
        </>
    }
}
