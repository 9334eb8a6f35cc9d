//! The page under 640 px: watch, inspect, tune and share within reach of a thumb (UI.md section 12).

mod nav;
mod peek;
mod sheet;
mod top;
mod transport;
mod writing;

use editor::view::inspector_is_shown;
use yew::prelude::*;

use crate::canvas::graph_layer::GraphLayer;
use crate::panels::dock;
use crate::store::use_selector;

/// The editor on a narrow page: the diagram, one view or one sheet over it, time and the five views below.
#[component]
pub fn MobileEditor() -> Html {
    let (tab, view_open) = use_selector(|state| (state.panels.dock_tab, state.panels.dock_open));
    let inspects = use_selector(|state| inspector_is_shown(state) && !state.picks_several());
    let writes = use_selector(|state| state.panels.writing.is_some());
    html! {
        <div class="shell narrow">
            <top::MobileTop/>
            <GraphLayer/>
            if view_open {
                <section class="mview" aria-label={nav::name_of(tab)}><transport::MoreTransport/>{ dock::inside(tab) }</section>
            } else if writes {
                <writing::WritingSheet/>
            } else if inspects {
                <sheet::InspectorSheet/>
            } else {
                <dock::guide::GuideStrip/>
            }
            <footer class="dock" aria-label="Time"><transport::MobileTransport/></footer>
            <nav::MobileNav/>
        </div>
    }
}
