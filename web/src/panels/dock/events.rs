//! What happened, latest first, as text.

use editor::journey::JourneyAction;
use editor::view::{EventRow, event_rows};
use editor::{Action, Selection};
use engine::LogKind;
use yew::prelude::*;

use crate::icons::symbol;
use crate::store::{use_dispatch, use_selector};

/// The most lines shown.
const LINES: usize = 200;

#[component]
pub(super) fn Events() -> Html {
    let dispatch = use_dispatch();
    let rows = use_selector(|state| event_rows(state, None, LINES));
    let left_out = use_selector(|state| state.run.suppressed_events);
    let csv = {
        let dispatch = dispatch.clone();
        Callback::from(move |_: MouseEvent| dispatch.emit(Action::DownloadEvents))
    };
    html! {
        <div class="events" tabindex="0" role="log" aria-live="off" aria-label="Events">
            if rows.is_empty() {
                <p class="sec muted sm">{ "Refusals, redeliveries, dead letters and faults are listed here as they happen." }</p>
            } else {
                <table class="mt"><thead class="vh"><tr><th>{ "Time" }</th><th>{ "Node" }</th><th>{ "What" }</th><th>{ "Text" }</th></tr></thead>
                    <tbody>{ for rows.iter().map(|row| line(row, &dispatch)) }</tbody></table>
            }
            if !rows.is_empty() { <p class="sec"><button type="button" class="btn sm line" onclick={csv}>{ symbol("download", 14) }{ "Events as CSV" }</button></p> }
            if left_out > 0 { <p class="sec muted xs">{ format!("{} more happened too fast to be listed.", editor::view::format_count(left_out as f64)) }</p> }
        </div>
    }
}

fn line(row: &EventRow, dispatch: &Callback<Action>) -> Html {
    let tone = match row.kind {
        LogKind::Throttled | LogKind::Failed | LogKind::Lost => "t-bad",
        LogKind::DeadLettered | LogKind::Expired => "t-dead",
        LogKind::Redelivered => "t-near",
        LogKind::Intervened => "muted",
    };
    let node = row.node.as_ref().map(|id| {
        let (dispatch, chosen) = (dispatch.clone(), id.clone());
        let onclick = Callback::from(move |_: MouseEvent| {
            dispatch.emit(Action::Select(Selection::node(chosen.clone())))
        });
        html! { <button type="button" class="linkish" {onclick}>{ id.to_string() }</button> }
    });
    let follow = row.trace_id.map(|id| {
        let dispatch = dispatch.clone();
        let onclick = Callback::from(move |_: MouseEvent| dispatch.emit(Action::Journey(JourneyAction::Follow(id))));
        html! { <><button type="button" class="linkish mono xs" title="Why? Follow this message" {onclick}>{ format!("#{}", id.0) }</button>{ " " }</> }
    });
    html! {
        <tr><td class="num muted">{ &row.time }</td><td>{ for node }</td><td class={classes!("strong", tone)}>{ row.word }</td>
            <td class="what">{ for follow }if !row.code.is_empty() { <span class="mono xs">{ &row.code }</span>{ " " } }{ &row.text }</td></tr>
    }
}
