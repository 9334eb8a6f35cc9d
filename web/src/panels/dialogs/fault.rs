//! A fault, for what is selected or for anything.

use editor::Action;
use editor::panels::Fault;
use editor::view::all_faults;
use messaging::LogicalId;
use yew::prelude::*;

use super::DialogProps;
use crate::icons::symbol;
use crate::parts::dialog::Dialog;
use crate::store::{use_dispatch, use_selector};

#[component]
pub(super) fn Faults(props: &DialogProps) -> Html {
    let dispatch = use_dispatch();
    let list = use_selector(all_faults);
    html! {
        <Dialog title="Inject a fault" id="faults" small=true on_close={props.on_close.clone()}>
            <div class="body">
                if list.is_empty() { <p class="soft">{ "There is nothing here yet that can fail." }</p> }
                { for list.iter().map(|(id, faults)| of_node(id, faults, &dispatch)) }
            </div>
        </Dialog>
    }
}

fn of_node(id: &LogicalId, faults: &[Fault], dispatch: &Callback<Action>) -> Html {
    let button = |fault: &Fault| {
        let (dispatch, intervention) = (dispatch.clone(), fault.intervention.clone());
        let onclick = Callback::from(move |_: MouseEvent| {
            dispatch.emit(Action::ShowDialog(None));
            dispatch.emit(Action::Intervene(intervention.clone()));
        });
        html! { <button type="button" class="btn sm line" {onclick}>{ symbol("bolt", 15) }{ &fault.label }</button> }
    };
    html! { <div class="stack"><b class="strong sm">{ id.to_string() }</b><div class="faults">{ for faults.iter().map(button) }</div></div> }
}
