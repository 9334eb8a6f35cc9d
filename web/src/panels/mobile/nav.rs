//! The five views of a narrow page.

use editor::panels::{DockTab, Panel};
use editor::{Action, Command};
use yew::prelude::*;

use crate::icons::symbol;
use crate::store::{use_dispatch, use_selector};

/// What a view of the dock is called.
pub(super) const fn name_of(tab: DockTab) -> &'static str {
    match tab {
        DockTab::Metrics => "Metrics",
        DockTab::Journeys => "Journeys",
        DockTab::Events => "Events",
    }
}

#[component]
pub(super) fn MobileNav() -> Html {
    let dispatch = use_dispatch();
    let open = use_selector(|state| state.panels.dock_open.then_some(state.panels.dock_tab));
    let item = |icon: &'static str, text: &'static str, name: &'static str, current: bool, action: Action| {
        let dispatch = dispatch.clone();
        let onclick = Callback::from(move |_: MouseEvent| dispatch.emit(action.clone()));
        html! {
            <button type="button" aria-label={name} aria-current={current.then_some("page")} {onclick}>{ symbol(icon, 22) }<span>{ text }</span></button>
        }
    };
    let view = |tab: DockTab, icon: &'static str| {
        item(icon, name_of(tab), name_of(tab), open == Some(tab), Action::ShowDockTab(tab))
    };
    // The view that is open is left by what brings the diagram back.
    let diagram = match open {
        Some(_) => Action::TogglePanel(Panel::Dock),
        None => Action::Command(Command::FitAll),
    };
    html! {
        <nav class="nav" aria-label="Views">
            { item("journey", "Diagram", "Diagram", open.is_none(), diagram) }
            { view(DockTab::Metrics, "metrics") }
            { view(DockTab::Journeys, "follow") }
            { view(DockTab::Events, "log") }
            { item("plus", "Add", "Add a component", false, Action::Command(Command::AddComponent)) }
        </nav>
    }
}
