//! A fault, for what is selected or for anything: now, or on the timeline.

use editor::Action;
use editor::edit::scheduled;
use editor::panels::Fault;
use editor::view::all_faults;
use kernel::SimTime;
use messaging::LogicalId;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::DialogProps;
use crate::icons::symbol;
use crate::panels::timeline::Timeline;
use crate::parts::dialog::Dialog;
use crate::parts::tabs::{Tab, tabs};
use crate::store::{StoreHandle, use_selector, use_store};

#[derive(Clone, Copy, PartialEq)]
enum When {
    Now,
    AtTime,
}

#[component]
pub(super) fn Faults(props: &DialogProps) -> Html {
    let store = use_store();
    let list = use_selector(all_faults);
    let when = use_state_eq(|| When::Now);
    // Ten seconds on, on a whole ten.
    let soon = use_memo((), |()| {
        let now = store.read(|state| state.playback.playhead().whole_second());
        scenario::format_duration(SimTime::from_secs(now / 10 * 10 + 10))
    });
    let text = use_state_eq(|| (*soon).clone());
    let read = scenario::parse_duration(text.trim());
    let oninput = {
        let text = text.clone();
        Callback::from(move |event: InputEvent| {
            let input: HtmlInputElement = event.target_unchecked_into();
            text.set(input.value());
        })
    };
    let choose = {
        let when = when.clone();
        Callback::from(move |chosen| when.set(chosen))
    };
    let choices = [
        Tab { value: When::Now, id: "fault-now", text: "Now" },
        Tab { value: When::AtTime, id: "fault-at-time", text: "At a time" },
    ];
    let at = match (*when, &read) {
        (When::Now, _) => Some(None),
        (When::AtTime, Ok(at)) => Some(Some(*at)),
        (When::AtTime, Err(_)) => None,
    };
    html! {
        <Dialog title="Inject a fault" id="faults" small=true on_close={props.on_close.clone()}>
            <div class="body">
                <div class="row when">
                    { tabs("When", &choices, *when, "seg", choose) }
                    if *when == When::AtTime {
                        <span class="field"><input type="text" aria-label="Time on the timeline" aria-invalid={read.is_err().to_string()} aria-describedby="fault-time" value={(*text).clone()} {oninput}/></span>
                    }
                </div>
                if *when == When::AtTime {
                    <p id="fault-time" class={classes!("sm", "flat", if read.is_err() { "t-bad" } else { "soft" })} role="status">
                        { match &read { Ok(_) => "It becomes part of the diagram and happens in every run.".to_owned(), Err(reason) => reason.clone() } }
                    </p>
                }
                if list.is_empty() { <p class="soft">{ "There is nothing here yet that can fail." }</p> }
                { for list.iter().map(|(id, faults)| of_node(id, faults, at, &store)) }
                if *when == When::AtTime { <div class="stack"><b class="strong sm">{ "On the timeline" }</b><Timeline/></div> }
            </div>
        </Dialog>
    }
}

/// The faults of a node; `at` is nothing while no time can be read.
fn of_node(id: &LogicalId, faults: &[Fault], at: Option<Option<SimTime>>, store: &StoreHandle) -> Html {
    let button = |fault: &Fault| {
        let (store, intervention) = (store.clone(), fault.intervention.clone());
        let onclick = Callback::from(move |_: MouseEvent| match at {
            Some(Some(at)) => {
                let edit = store.read(|state| scheduled(&state.scenario, at, intervention.clone()));
                store.dispatch(Action::Edit(edit));
            }
            Some(None) => {
                store.dispatch(Action::ShowDialog(None));
                store.dispatch(Action::Intervene(intervention.clone()));
            }
            None => {}
        });
        html! { <button type="button" class="btn sm line" disabled={at.is_none()} {onclick}>{ symbol("bolt", 15) }{ &fault.label }</button> }
    };
    html! { <div class="stack"><b class="strong sm">{ id.to_string() }</b><div class="faults">{ for faults.iter().map(button) }</div></div> }
}
