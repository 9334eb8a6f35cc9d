//! A link: what passes along it, its properties, and its filter policy.

use editor::view::LinkInspector;
use editor::{Action, Edit};
use messaging::Intervention;
use yew::prelude::*;

use super::{head, settings};
use crate::icons::symbol;
use crate::panels::filter_policy::FilterPolicyEditor;
use crate::store::use_dispatch;

/// Which link, and how it stands.
#[derive(Clone, PartialEq, Properties)]
pub(super) struct LinkPanelProps {
    pub(super) view: Box<LinkInspector>,
}

#[component]
pub(super) fn LinkPanel(props: &LinkPanelProps) -> Html {
    let dispatch = use_dispatch();
    let view = &props.view;
    let (from, to) = (view.ends.from.clone(), view.ends.to.clone());
    let title =
        html! { <>{ from.to_string() }<span class="muted light">{ " to " }</span>{ to.to_string() }</> };
    let subtitle = if view.figures.is_empty() {
        view.kind_title.to_owned()
    } else {
        let said: Vec<String> = view.figures.iter().map(|(word, text)| format!("{text} {word}")).collect();
        format!("{}, {}", view.kind_title, said.join(", "))
    };
    let cut = {
        let (dispatch, is_cut) = (dispatch.clone(), view.cut);
        let (from, to) = (from.clone(), to.clone());
        Callback::from(move |_: MouseEvent| {
            let (from, to) = (from.clone(), to.clone());
            let intervention = if is_cut {
                Intervention::RestoreLink { from, to }
            } else {
                Intervention::CutLink { from, to }
            };
            dispatch.emit(Action::Intervene(intervention));
        })
    };
    let remove = {
        let (dispatch, ends) = (dispatch.clone(), view.ends.clone());
        Callback::from(move |_: MouseEvent| dispatch.emit(Action::Edit(Edit::Disconnect(ends.clone()))))
    };
    html! {
        <>
            { head(if view.has_filter_policy { "subscription" } else { "link" }, title, subtitle, &dispatch) }
            if view.has_filter_policy { <FilterPolicyEditor ends={view.ends.clone()}/> } else { <div class="sec"><p class="soft about">{ view.description }</p></div> }
            if !view.fields.is_empty() { <div class="sec"><h3>{ "Settings" }</h3>{ settings::form(&view.fields) }</div> }
            <div class="sec bottom"><h3>{ "Connection" }</h3>
                <div class="faults">
                    <button type="button" class="btn sm line" onclick={cut}>{ symbol("bolt", 15) }{ if view.cut { "Restore it" } else { "Cut it" } }</button>
                    <button type="button" class="btn sm line" onclick={remove}>{ symbol("close", 15) }{ "Delete it" }</button>
                </div>
            </div>
        </>
    }
}
