//! How a node stands now: what is wrong first, then its state, its limits, its metrics, and faults to try.

use editor::panels::Fault;
use editor::view::{MetricRow, NodeInspector};
use editor::{Action, EditorState};
use messaging::LogicalId;
use messaging::identifiers::KeyId;
use messaging::node_state::{HeadMessage, Health, Instrument, Lane, Problem, Remedy};
use yew::prelude::*;

use crate::icons::symbol;
use crate::parts::glyph::glyph;
use crate::parts::instruments::{self, Around, short_shard};
use crate::store::{use_dispatch, use_store};

/// Which node, and how it stands.
#[derive(Clone, PartialEq, Properties)]
pub(super) struct LiveProps {
    pub(super) view: Box<NodeInspector>,
}

#[component]
pub(super) fn Live(props: &LiveProps) -> Html {
    let store = use_store();
    let dispatch = use_dispatch();
    let view = &props.view;
    let Some(run) = &view.run else {
        return html! {
            <div class="sec"><p class="muted sm">{ "Press Play to see it at work." }</p></div>
        };
    };
    let instruments = &run.state.instruments;
    // What only fills up is no use of a quota.
    let is_quota =
        |instrument: &Instrument| matches!(instrument, Instrument::Gauge { quota, .. } if !quota.is_empty());
    let gauges = instruments.iter().filter(|instrument| is_quota(instrument));
    let others = instruments.iter().filter(|instrument| {
        let elsewhere = matches!(
            instrument,
            Instrument::Head { .. } | Instrument::Rows { .. } | Instrument::Lanes { .. }
        );
        !elsewhere && !is_quota(instrument)
    });
    let others: Vec<Instrument> = others.cloned().collect();
    let has_gauges = gauges.clone().next().is_some();
    let drawn = store.read(|state| instruments::all(&others, &Around { state, run, bar_scale: 0.0 }));
    let heads = instruments.iter().filter_map(|instrument| match instrument {
        Instrument::Head { messages } if !messages.is_empty() => Some(messages),
        _ => None,
    });
    let lanes = instruments.iter().filter_map(|instrument| match instrument {
        Instrument::Lanes { lanes } => Some(lanes),
        _ => None,
    });
    html! {
        <>
            { for run.state.problem.iter().map(|problem| callout(problem, view.health, &view.id, &dispatch)) }
            if !others.is_empty() { <div class="sec state"><h3>{ "State" }</h3><div class="stack tight">{ drawn }</div></div> }
            if has_gauges { <div class="sec gauges"><h3>{ "Use of quotas" }</h3>{ for gauges.map(gauge) }</div> }
            { for lanes.map(|lanes| store.read(|state| shards(lanes, view.shard_id.as_deref(), state))) }
            { for heads.map(|messages| store.read(|state| next_received(messages, state))) }
            { for view.bill.iter().map(|bill| super::document::cost(bill, "Cost in USD")) }
            <div class="sec"><h3>{ "Metrics" }<span class="r">{ "pin one as a track" }</span></h3>{ metrics(&view.id, &view.metrics, &dispatch) }</div>
            if !view.faults.is_empty() { <div class="sec bottom"><h3>{ "Try a fault" }</h3><div class="faults">{ for view.faults.iter().map(|fault| fault_button(fault, &dispatch)) }</div></div> }
        </>
    }
}

fn gauge(instrument: &Instrument) -> Html {
    match instrument {
        Instrument::Gauge { label, value, limit, unit, .. } => {
            instruments::gauge(label, *value, *limit, *unit, true)
        }
        _ => Html::default(),
    }
}

fn callout(problem: &Problem, health: Health, id: &LogicalId, dispatch: &Callback<Action>) -> Html {
    let tone = match health {
        Health::DeadLetters => "dead",
        Health::NearQuota => "near",
        _ => "thr",
    };
    html! {
        <div class="sec plain"><div class={classes!("call", tone)} role="status" aria-live="off">
            <b>{ &problem.title }</b>
            <p>{ &problem.text }if let Some(code) = &problem.error_code { { " " }<span class="mono">{ code.to_string() }</span> }</p>
        </div>{ for problem.remedies.iter().map(|step| remedy(step, id, dispatch)) }</div>
    }
}

/// A step that can be taken; or one for people, or one that will not help, with why.
fn remedy(step: &Remedy, id: &LogicalId, dispatch: &Callback<Action>) -> Html {
    let words = html! { <><b>{ step.label.to_string() }</b><span>{ step.text.to_string() }</span></> };
    if step.set.is_none() {
        let helps = !step.text.starts_with("Will not help");
        return html! { <p class={classes!("step", if helps { "advice" } else { "wont" })}>{ words }</p> };
    }
    let (dispatch, of, taken) = (dispatch.clone(), id.clone(), Box::new(step.clone()));
    let onclick = Callback::from(move |_: MouseEvent| {
        dispatch.emit(Action::TakeRemedy { of: of.clone(), remedy: taken.clone() });
    });
    html! { <button type="button" class="step" {onclick}>{ words }</button> }
}

fn shards(lanes: &[Lane], chosen: Option<&str>, state: &EditorState) -> Html {
    let hottest = || lanes.iter().max_by_key(|lane| lane.records_tried);
    let lane = chosen.and_then(|id| lanes.iter().find(|lane| lane.shard_id == id)).or_else(hottest);
    let Some(lane) = lane else { return Html::default() };
    let most = lane.top_keys.iter().map(|(_, rate)| *rate).max().unwrap_or(1).max(1);
    let key = |(key, rate): &(KeyId, u64)| {
        let text = state.run.catalogue.key(*key).map_or_else(|| "?".to_owned(), |key| key.text.clone());
        let width = *rate as f64 / most as f64 * 100.0;
        html! {
            <tr><td class="mono">{ text }</td>
                <td class="bar"><div class="gauge"><i style={format!("width:{width:.0}%")}/></div></td>
                <td class="n">{ format!("{}/s", editor::view::format_count(*rate as f64)) }</td></tr>
        }
    };
    html! {
        <div class="sec">
            <h3>{ format!("Partition keys of shard {}", short_shard(&lane.shard_id)) }<span class="r">{ format!("{} keys", lane.keys) }</span></h3>
            <table class="mt"><tbody>{ for lane.top_keys.iter().take(6).map(key) }</tbody></table>
        </div>
    }
}

fn next_received(messages: &[HeadMessage], state: &EditorState) -> Html {
    let row = |message: &HeadMessage| {
        let key = state.run.catalogue.key(message.key).map_or("", |key| key.text.as_str());
        let body = state.run.catalogue.payload(message.payload).map_or("", |payload| payload.body.as_str());
        html! {
            <tr><td class="mark">{ glyph(state.playback.categories.known(message.payload, message.key), 9.0) }</td><td>{ key }</td><td class="mono trunc body">{ body }</td>
                <td class={classes!("n", message.locked.then_some("locked"))}>
                    if message.locked { <span class="row end">{ symbol("lock", 12) }{ "group locked" }</span> } else { { "now" } }
                </td></tr>
        }
    };
    html! { <div class="sec"><h3>{ "Next to be received" }</h3><table class="mt messages"><tbody>{ for messages.iter().take(6).map(row) }</tbody></table></div> }
}

fn metrics(id: &LogicalId, metrics: &[MetricRow], dispatch: &Callback<Action>) -> Html {
    let row = |row: &MetricRow| {
        let (dispatch, of, metric) = (dispatch.clone(), id.clone(), row.metric);
        let onclick =
            Callback::from(move |_: MouseEvent| dispatch.emit(Action::TogglePin { of: of.clone(), metric }));
        let rate = (!row.rate.is_empty()).then(|| format!("{}, ", row.rate));
        html! {
            <tr><td class="trunc metric" title={metric.description()}>{ metric.name() }</td>
                <td class="n">{ rate }{ &row.text }</td>
                <td class="n"><button type="button" class="pin" aria-pressed={row.pinned.to_string()} aria-label={format!("Show {} as a track", metric.name())} {onclick}>{ symbol("metrics", 14) }</button></td></tr>
        }
    };
    html! { <table class="mt metrics"><tbody>{ for metrics.iter().map(row) }</tbody></table> }
}

fn fault_button(fault: &Fault, dispatch: &Callback<Action>) -> Html {
    use messaging::Intervention;
    let icon = match fault.intervention {
        Intervention::Crash(_) | Intervention::Stop(_) => "crash",
        Intervention::Slow { .. } => "slow",
        Intervention::Poison(_) => "poison",
        Intervention::Start(_) => "play",
        Intervention::Send { .. } => "producer",
        Intervention::Redrive(_) => "undo",
        _ => "bolt",
    };
    let (dispatch, intervention) = (dispatch.clone(), fault.intervention.clone());
    let onclick = Callback::from(move |_: MouseEvent| dispatch.emit(Action::Intervene(intervention.clone())));
    html! { <button type="button" class="btn sm line" {onclick}>{ symbol(icon, 15) }{ &fault.label }</button> }
}
