//! The right side: everything about what is selected.

mod connect;
mod document;
mod journey;
mod link;
mod live;
mod node;
mod settings;
mod several;
mod text;

use editor::panels::Panel;
use editor::view::{InspectorView, inspector};
use editor::{Action, Selection};
use web_sys::Element;
use yew::prelude::*;

use super::resize::ResizeHandle;
use crate::icons::symbol;
use crate::store::{use_dispatch, use_selector};

/// The right side.
#[component]
pub fn Inspector() -> Html {
    let connecting = use_selector(
        |state| matches!(&state.tool, editor::tool::Tool::Connect(connect) if !connect.dragging),
    );
    if connecting {
        return html! { <connect::ConnectList/> };
    }
    html! { <Selected/> }
}

#[component]
fn Selected() -> Html {
    let dispatch = use_dispatch();
    let view = use_selector(inspector);
    let upright = use_selector(|state| state.upright.is_some());
    // Something else starts at its top, not where the last one was left.
    let panel = use_node_ref();
    let selection = use_selector(|state| state.selection.clone());
    {
        let panel = panel.clone();
        use_effect_with(selection, move |_| {
            if let Some(panel) = panel.cast::<Element>() {
                panel.set_scroll_top(0);
            }
        });
    }
    let wide = matches!(&view, InspectorView::Link(link) if link.has_filter_policy)
        || matches!(&view, InspectorView::Text(_));
    let inside = match view {
        InspectorView::Document { .. } => document::document(&view, upright, &dispatch),
        InspectorView::Node(view) => html! { <node::NodePanel {view}/> },
        InspectorView::Journey(view) => journey::journey(&view, &dispatch),
        InspectorView::Text(draft) => html! { <text::TextPanel {draft}/> },
        InspectorView::Nodes(view) => several::several(&view, upright, &dispatch),
        InspectorView::Note(place, text) => several::note(place, &text, &dispatch),
        InspectorView::Link(view) => html! { <link::LinkPanel {view}/> },
    };
    html! {
        <aside ref={panel} class={classes!("inspector", wide.then_some("wide"))} aria-label="Inspector">
            { inside }
            <ResizeHandle panel={Panel::Inspector} {wide}/>
        </aside>
    }
}

/// Title line with a button that closes the inspector.
fn head(icon: &'static str, title: Html, subtitle: String, dispatch: &Callback<Action>) -> Html {
    let close = {
        let dispatch = dispatch.clone();
        Callback::from(move |_: MouseEvent| dispatch.emit(Action::Select(Selection::Nothing)))
    };
    html! {
        <div class="ins-h">
            { symbol(icon, 24) }
            <div class="grow"><h2>{ title }</h2><p>{ subtitle }</p></div>
            <button type="button" class="btn icon" aria-label="Close inspector" onclick={close}>{ symbol("close", 16) }</button>
        </div>
    }
}
