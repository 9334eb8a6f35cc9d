//! Above the tracks: the runs that part from each other, what is shown of a metric, and the same data as a table.

use editor::branches::{self, BranchAction};
use editor::view::{short_time, track_choices, track_name, track_table};
use editor::{Action, EditorState};
use engine::BranchId;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use crate::icons::symbol;
use crate::store::{use_dispatch, use_selector};

/// The most rows of the table.
const ROWS: usize = 200;

/// What stands above the tracks.
#[component]
pub(super) fn TrackTools() -> Html {
    let dispatch = use_dispatch();
    let (minutes, table) = use_selector(|state| (state.playback.minutes, state.playback.table));
    let on = |action: Action| {
        let dispatch = dispatch.clone();
        Callback::from(move |_: MouseEvent| dispatch.emit(action.clone()))
    };
    let press = |pressed: bool, text: &'static str, title: &'static str, action: Action| {
        html! { <button type="button" aria-pressed={pressed.to_string()} {title} onclick={on(action)}>{ text }</button> }
    };
    let draw = |pressed: bool,
                name: &'static str,
                icon: &'static str,
                title: &'static str,
                action: Action| {
        html! { <button type="button" aria-pressed={pressed.to_string()} aria-label={name} {title} onclick={on(action)}>{ symbol(icon, 14) }</button> }
    };
    html! {
        <div class={classes!("tk-tools", table.then_some("own-row"))}>
            <AddTrack/>
            <span class="seg" role="group" aria-label="Values">
                { press(!minutes, "1 s", "What happened, second by second", Action::ShowMinutes(false)) }
                { press(minutes, "1 min", "As CloudWatch shows it: the Sum or the Average of each whole minute", Action::ShowMinutes(true)) }
            </span>
            <span class="seg" role="group" aria-label="Show tracks as">
                { draw(!table, "Plot", "metrics", "Drawn on the time axis", Action::ShowTable(false)) }
                { draw(table, "Table", "log", "The same data as a table", Action::ShowTable(true)) }
            </span>
            <button type="button" class="btn sm icon" aria-label="Tracks as CSV" title="Tracks as CSV" onclick={on(Action::DownloadTracks)}>{ symbol("download", 15) }</button>
        </div>
    }
}

/// Pins any metric of any resource.
#[component]
fn AddTrack() -> Html {
    let dispatch = use_dispatch();
    let choices = use_selector(track_choices);
    let onchange = {
        let choices = choices.clone();
        Callback::from(move |event: Event| {
            let select: HtmlSelectElement = event.target_unchecked_into();
            let place = usize::try_from(select.selected_index() - 1).ok();
            if let Some(choice) = place.and_then(|place| choices.get(place)) {
                dispatch.emit(Action::TogglePin { of: choice.of.clone(), metric: choice.metric });
            }
            select.set_selected_index(0);
        })
    };
    html! {
        <label class="btn sm icon add-track" title="Pin a metric as track">{ symbol("plus", 15) }
            <select aria-label="Pin a metric as track" {onchange}>
                <option selected=true>{ "Add a track" }</option>
                { for choices.iter().map(|choice| html! { <option>{ format!("{} {}", track_name(&choice.of), choice.metric.name()) }</option> }) }
            </select>
        </label>
    }
}

/// A run in the list: its number, what it is called, and whether it is compared.
#[derive(Clone, PartialEq)]
struct RunItem {
    id: BranchId,
    name: String,
    when: String,
    current: bool,
    compared: bool,
}

fn runs(state: &EditorState) -> Vec<RunItem> {
    let branches = &state.branches;
    let item = |branch: &branches::Branch| {
        let current = branch.id == branches.current;
        let furthest = if current { state.playback.transport.furthest } else { branch.furthest };
        let to = short_time(furthest.whole_second());
        RunItem {
            id: branch.id,
            name: branches::name(branch.id),
            when: match branch.from {
                Some((_, from)) => format!("{} to {to}", short_time(from.whole_second())),
                None => format!("to {to}"),
            },
            current,
            compared: branches.compared == Some(branch.id),
        }
    };
    branches.all.iter().map(item).collect()
}

/// The runs that part from each other, once there are two; and what was done to this one by hand.
#[component]
pub(super) fn Runs() -> Html {
    let dispatch = use_dispatch();
    let runs = use_selector(runs);
    let unsaved = use_selector(|state| branches::unsaved(state).len());
    let on = |action: BranchAction| {
        let dispatch = dispatch.clone();
        Callback::from(move |_: MouseEvent| dispatch.emit(Action::Branch(action.clone())))
    };
    let run = |run: &RunItem| {
        let compare = BranchAction::Compare((!run.compared).then_some(run.id));
        html! {
            <span class={classes!("run", run.current.then_some("current"), run.compared.then_some("compared"))}>
                <button type="button" aria-pressed={run.current.to_string()} onclick={on(BranchAction::SwitchTo(run.id))}><b>{ &run.name }</b>{ " " }<span class="num">{ &run.when }</span></button>
                if !run.current {
                    <button type="button" class="icon" aria-pressed={run.compared.to_string()} aria-label={format!("Compare with {}", run.name)} title="Show it beside this run" onclick={on(compare)}>{ symbol("metrics", 13) }</button>
                    <button type="button" class="icon" aria-label={format!("Forget {}", run.name)} title="Forget this run" onclick={on(BranchAction::Forget(run.id))}>{ symbol("close", 12) }</button>
                }
            </span>
        }
    };
    let save = match unsaved {
        1 => "Save 1 intervention".to_owned(),
        many => format!("Save {many} interventions"),
    };
    html! {
        if runs.len() > 1 || unsaved > 0 {
            <div class="tk-runs">
                if runs.len() > 1 { <span class="runs" role="group" aria-label="Runs">{ for runs.iter().map(run) }</span> }
                if unsaved > 0 { <button type="button" class="btn sm line" title="Make what was done by hand part of the scenario's timeline" onclick={on(BranchAction::SaveDone)}>{ symbol("flag", 13) }{ save }</button> }
            </div>
        }
    }
}

/// What the tracks show, latest first.
#[component]
pub(super) fn TrackTable() -> Html {
    let table = use_selector(track_table);
    html! {
        <div class="events" tabindex="0" role="region" aria-label="Tracks as a table">
            <table class="mt track-table"><thead><tr>{ for table.columns.iter().map(|column| html! { <th scope="col">{ column }</th> }) }</tr></thead>
                <tbody>{ for table.rows.iter().rev().take(ROWS).map(|row| html! { <tr>{ for row.iter().map(|cell| html! { <td class="num">{ cell }</td> }) }</tr> }) }</tbody></table>
        </div>
    }
}
