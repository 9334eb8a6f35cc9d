//! Nothing is selected: the diagram as a whole.

use editor::panels::Dialog;
use editor::text::TextAction;
use editor::view::{BillView, ExpectationRow, InspectorView};
use editor::{Action, Command, Edit};
use kernel::Seed;
use messaging::quota::QuotaProfile;
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use crate::icons::symbol;
use crate::panels::inspector::settings::form;
use crate::panels::palette::Outline;
use crate::panels::timeline::Timeline;

/// The diagram as a whole.
pub(super) fn document(view: &InspectorView, upright: bool, dispatch: &Callback<Action>) -> Html {
    let InspectorView::Document {
        title,
        description,
        seed,
        profile,
        quotas,
        counts: (nodes, links),
        expectations,
        bill,
    } = view
    else {
        return Html::default();
    };
    let on = |action: Action| {
        let dispatch = dispatch.clone();
        Callback::from(move |_: MouseEvent| dispatch.emit(action.clone()))
    };
    let title = if title.is_empty() { "Untitled diagram" } else { title };
    html! {
        <>
            <div class="ins-h">{ symbol("journey", 24) }<div class="grow"><h2>{ title }</h2><p>{ format!("{nodes} nodes, {links} connections") }</p></div></div>
            if !description.is_empty() { <div class="sec"><p class="soft about">{ description }</p></div> }
            <div class="sec form">
                { seed_field(*seed, dispatch) }
                { profile_field(*profile, dispatch) }
            </div>
            if !quotas.is_empty() {
                <details class="sec quotas">
                    <summary>{ "Quotas of the account" }</summary>
                    { form(quotas) }
                </details>
            }
            // A wide page has its outline beside the diagram.
            if upright {
                <div class="sec"><h3>{ "Outline" }</h3>
                    <Outline/>
                    <div class="row wrap">
                        <button type="button" class="btn sm line" onclick={on(Action::Command(Command::AddNote))}>{ symbol("note", 15) }{ "Add a note" }</button>
                        <button type="button" class="btn sm line" onclick={on(Action::Command(Command::SelectAll))}>{ symbol("grid", 15) }{ "Select every node" }</button>
                    </div>
                </div>
            }
            if !expectations.is_empty() {
                <div class="sec"><h3>{ "What should come out" }</h3>
                    <ul class="expectations">{ for expectations.iter().map(expectation) }</ul>
                </div>
            }
            <div class="sec"><h3>{ "Timeline" }</h3>
                <Timeline/>
                <div class="row wrap">
                    <button type="button" class="btn sm line" onclick={on(Action::ShowDialog(Some(Dialog::InjectFault)))}>{ symbol("bolt", 15) }{ "Add a fault" }</button>
                    <button type="button" class="btn sm line" onclick={on(Action::Text(TextAction::Open))}>{ symbol("code", 15) }{ "Edit as text" }</button>
                </div>
            </div>
            { for bill.iter().map(|bill| cost(bill, "Cost of the run in USD")) }
            <div class="sec"><p class="muted sm">{ "Select a node or a connection to see and change it." }</p></div>
        </>
    }
}

/// What was billed: the rows, the sum, and what it would be by the hour and the month.
pub(super) fn cost(bill: &BillView, title: &'static str) -> Html {
    let row = |(what, quantity, amount): &(String, String, String)| {
        html! { <tr><th scope="row">{ what.clone() }{ " " }<small class="num muted">{ quantity.clone() }</small></th><td class="num">{ amount.clone() }</td></tr> }
    };
    html! {
        <div class="sec cost"><h3>{ title }</h3>
            <table>
                { for bill.rows.iter().map(row) }
                <tr class="total"><th scope="row">{ "So far" }{ " " }<small class="num muted">{ format!("{}/h", bill.per_hour) }</small></th><td class="num">{ bill.total.clone() }</td></tr>
            </table>
            <p class="help">
                { format!("{} USD a month at this rate.", bill.per_month) }
                if let Some(driver) = &bill.driver { { format!(" Most of it is {driver}.") } }
                { format!(" Prices of {}, us-east-1, no free tiers. They change: check AWS.", bill.as_of) }
            </p>
        </div>
    }
}

fn seed_field(seed: Seed, dispatch: &Callback<Action>) -> Html {
    let onchange = {
        let dispatch = dispatch.clone();
        Callback::from(move |event: Event| {
            let input: HtmlInputElement = event.target_unchecked_into();
            match input.value().trim().parse() {
                Ok(seed) => dispatch.emit(Action::Edit(Edit::SetSeed(Seed(seed)))),
                Err(_) => input.set_value(&seed.0.to_string()),
            }
        })
    };
    let draw = {
        let dispatch = dispatch.clone();
        Callback::from(move |_: MouseEvent| {
            dispatch.emit(Action::SeedDrawn(Seed(crate::browser::entropy::new_seed())))
        })
    };
    html! {
        <div class="setting">
            <label for="seed">{ "Seed" }</label>
            <div class="row">
                <span class="field grow"><input id="seed" type="text" inputmode="numeric" value={seed.0.to_string()} {onchange} aria-describedby="seed-help"/></span>
                <button type="button" class="btn sm line" onclick={draw}>{ "New seed" }</button>
            </div>
            <p id="seed-help" class="help">{ "The same diagram and seed give the same run, here and wherever the link is opened." }</p>
        </div>
    }
}

fn profile_field(profile: QuotaProfile, dispatch: &Callback<Action>) -> Html {
    let onchange = {
        let dispatch = dispatch.clone();
        Callback::from(move |event: Event| {
            let select: HtmlSelectElement = event.target_unchecked_into();
            let profile =
                if select.selected_index() == 1 { QuotaProfile::Classic } else { QuotaProfile::Current };
            dispatch.emit(Action::Edit(Edit::SetQuotaProfile(profile)));
        })
    };
    html! {
        <div class="setting">
            <label for="profile">{ "Quotas" }</label>
            <select id="profile" class="field" {onchange}>
                <option selected={profile == QuotaProfile::Current}>{ "Current, November 2026" }</option>
                <option selected={profile == QuotaProfile::Classic}>{ "Classic, mid 2023" }</option>
            </select>
        </div>
    }
}

fn expectation(row: &ExpectationRow) -> Html {
    let (icon, class, word) = match row.holds {
        None => ("clock", "muted", "not yet"),
        Some(true) => ("check", "t-ok", "holds"),
        Some(false) => ("close", "t-bad", "does not hold"),
    };
    // What was measured: always beside a bound, and where something else was wanted.
    let measured = row.observed.as_ref().filter(|observed| observed.replace(',', "") != row.wanted);
    let measured_class = if row.holds == Some(false) { "t-bad" } else { "strong" };
    html! {
        <li>
            <span {class}>{ symbol(icon, 14) }</span>
            <span class="what"><b>{ row.of.to_string() }</b>{ " " }<span>{ row.metric.name() }</span></span>
            <span class="wanted num"><b>{ &row.wanted }</b>{ " " }<small>{ format!("at {}", row.by) }</small>
                if let Some(observed) = measured { { " " }<small class={measured_class}>{ format!("was {observed}") }</small> }</span>
            <span class="vh">{ word }</span>
        </li>
    }
}
