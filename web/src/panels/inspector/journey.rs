//! The message that is followed: how its copies ended, why, what it carries, and its API calls.

use editor::Action;
use editor::journey::{JourneyAction, JourneyTab};
use editor::view::{CallRow, CopyRow, JourneyInspector, Why};
use engine::OutcomeKind;
use messaging::Intervention;
use yew::prelude::*;

use crate::icons::symbol;
use crate::parts::glyph::glyph;
use crate::parts::tabs::{Tab, tabs};

const TABS: [Tab<JourneyTab>; 3] = [
    Tab { value: JourneyTab::Outcome, id: "tab-outcome", text: "Outcome" },
    Tab { value: JourneyTab::Content, id: "tab-content", text: "Content" },
    Tab { value: JourneyTab::Calls, id: "tab-calls", text: "API calls" },
];

/// The message that is followed.
pub(super) fn journey(view: &JourneyInspector, dispatch: &Callback<Action>) -> Html {
    let inside = match view.tab {
        _ if view.loading => {
            html! { <div class="sec"><p class="muted sm">{ "Following it through the run." }</p></div> }
        }
        JourneyTab::Outcome => outcome(view, dispatch),
        JourneyTab::Content => content(view),
        JourneyTab::Calls => calls(&view.calls, dispatch),
    };
    let show = {
        let dispatch = dispatch.clone();
        Callback::from(move |tab| dispatch.emit(Action::Journey(JourneyAction::ShowTab(tab))))
    };
    html! {
        <>
            <div class="ins-h">
                { glyph(view.category, 20.0) }
                <div class="grow"><h2 class="mono">{ &view.name }</h2><p>{ &view.subtitle }</p></div>
                <button type="button" class="btn icon" aria-label="Stop following" onclick={on(dispatch, JourneyAction::Stop)}>{ symbol("close", 16) }</button>
            </div>
            { tabs("Message", &TABS, view.tab, "tabs", show) }
            { inside }
        </>
    }
}

fn on(dispatch: &Callback<Action>, action: JourneyAction) -> Callback<MouseEvent> {
    let dispatch = dispatch.clone();
    Callback::from(move |_| dispatch.emit(Action::Journey(action.clone())))
}

fn outcome(view: &JourneyInspector, dispatch: &Callback<Action>) -> Html {
    html! {
        <>
            <div class="sec"><h3>{ "Copies" }</h3><table class="mt copies"><tbody>{ for view.copies.iter().map(copy) }</tbody></table></div>
            { for view.why.iter().map(|told| why(told, dispatch)) }
            { attributes(view) }
            <div class="sec"><h3>{ "Same outcome" }<span class="r">{ if view.same > 0 { format!("{} more", view.same) } else { String::new() } }</span></h3>
                <p class="sm soft">{ match view.same { 0 => format!("None of the {} published around it ended the same way.", view.others), same => format!("Of the {} published around it, {same} ended the same way.", view.others) } }if !view.in_common.is_empty() { { " " }{ &view.in_common } }</p>
                if view.same > 0 { <button type="button" class="btn sm line" onclick={on(dispatch, JourneyAction::OnlySame(true))}>{ format!("Show the {} journeys", view.same + 1) }</button> }
            </div>
        </>
    }
}

fn look(kind: OutcomeKind) -> (&'static str, &'static str) {
    match kind {
        OutcomeKind::Delivered => ("check", "t-ok"),
        OutcomeKind::FilteredOut => ("subscription", "soft"),
        OutcomeKind::Duplicate => ("copy", "soft"),
        OutcomeKind::Waiting | OutcomeKind::UnderWay => ("clock", "soft"),
        OutcomeKind::DeadLettered => ("dlq", "t-dead"),
        OutcomeKind::Expired | OutcomeKind::Purged => ("clock", "t-dead"),
        OutcomeKind::Refused | OutcomeKind::Lost => ("close", "t-bad"),
    }
}

fn copy(row: &CopyRow) -> Html {
    let (icon, tone) = look(row.kind);
    html! { <tr><td class={classes!("mark", tone)}>{ symbol(icon, 15) }</td><td class="strong">{ &row.text }</td><td class={classes!("n", tone)}>{ &row.word }</td></tr> }
}

fn why(told: &Why, dispatch: &Callback<Action>) -> Html {
    let go = told.first_receive.map(|at| {
        let dispatch = dispatch.clone();
        let onclick = Callback::from(move |_: MouseEvent| dispatch.emit(Action::SeekTo(at)));
        html! { <button type="button" class="btn sm line" {onclick}>{ "Go to receive 1" }</button> }
    });
    let redrive = told.redrive.clone().map(|queue| {
        let dispatch = dispatch.clone();
        let text = format!("Redrive {queue}");
        let onclick = Callback::from(move |_: MouseEvent| {
            dispatch.emit(Action::Intervene(Intervention::Redrive(queue.clone())))
        });
        html! { <button type="button" class="btn sm line" {onclick}>{ text }</button> }
    });
    html! {
        <div class="sec"><h3>{ &told.title }</h3>
            if !told.text.is_empty() { <p class="sm soft why-text">{ &told.text }</p> }
            <table class="bk"><tbody>{ for told.rows.iter().map(|(word, text)| html! { <tr><td>{ word }</td><td>{ text }</td></tr> }) }</tbody></table>
            <div class="row wrap">{ for go }{ for redrive }</div>
        </div>
    }
}

fn attributes(view: &JourneyInspector) -> Html {
    if view.attributes.is_empty() {
        return Html::default();
    }
    let row = |(name, value, kind): &(String, String, String)| html! { <tr><td class="mono">{ name }</td><td>{ value }{ " " }<span class="muted xs">{ kind }</span></td></tr> };
    html! { <div class="sec"><h3>{ "Message attributes" }</h3><table class="bk"><tbody>{ for view.attributes.iter().map(row) }</tbody></table></div> }
}

fn content(view: &JourneyInspector) -> Html {
    html! {
        <>
            { attributes(view) }
            <div class="sec"><h3>{ "Body" }<span class="r">{ &view.size }</span></h3><pre class="body-text" tabindex="0">{ &view.body }</pre></div>
        </>
    }
}

fn calls(calls: &[CallRow], dispatch: &Callback<Action>) -> Html {
    let row = |call: &CallRow| {
        let (dispatch, at) = (dispatch.clone(), call.at);
        let bad = !call.code.is_empty();
        html! {
            <div class={classes!("logline", bad.then_some("bad"))}>
                <button type="button" class="time linkish" onclick={move |_| dispatch.emit(Action::SeekTo(at))}>{ &call.time }</button>
                <span><b class="strong mono xs">{ &call.operation }</b>{ " " }{ &call.text }if bad { { " " }<span class="mono xs">{ &call.code }</span> }</span>
            </div>
        }
    };
    html! { <div>{ for calls.iter().map(row) }</div> }
}
