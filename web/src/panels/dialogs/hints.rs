//! What is wrong with the diagram, and what may not be meant.

use editor::view::{HintView, hints};
use editor::{Action, Selection};
use scenario::Severity;
use yew::prelude::*;

use super::DialogProps;
use crate::icons::symbol;
use crate::parts::dialog::Dialog;
use crate::store::{use_dispatch, use_selector};

#[component]
pub(super) fn Hints(props: &DialogProps) -> Html {
    let dispatch = use_dispatch();
    let list = use_selector(hints);
    html! {
        <Dialog title="Hints" id="hints" small=true on_close={props.on_close.clone()}>
            <div class="body flush">
                if list.is_empty() { <p class="soft">{ "Nothing to say: the diagram is as AWS would take it." }</p> }
                { for list.iter().map(|hint| line(hint, &dispatch)) }
            </div>
        </Dialog>
    }
}

fn line(hint: &HintView, dispatch: &Callback<Action>) -> Html {
    let (icon, class) = match hint.severity {
        Severity::Error => ("warn", "t-bad"),
        Severity::Warning => ("info", "t-near"),
    };
    let (dispatch, node, link) = (dispatch.clone(), hint.node.clone(), hint.link.clone());
    let onclick = Callback::from(move |_: MouseEvent| {
        dispatch.emit(Action::ShowDialog(None));
        if let Some(ends) = &link {
            dispatch.emit(Action::OpenLink(ends.clone()));
        } else if let Some(node) = &node {
            dispatch.emit(Action::Select(Selection::node(node.clone())));
            dispatch.emit(Action::Reveal(node.clone()));
        }
    });
    html! {
        <button type="button" class="at" {onclick}>
            <span {class}>{ symbol(icon, 16) }</span><span>{ &hint.message }</span><span/>
            <small>{ for hint.hint.iter() }{ " " }<span class="mono">{ hint.pointer.as_str() }</span></small>
        </button>
    }
}
