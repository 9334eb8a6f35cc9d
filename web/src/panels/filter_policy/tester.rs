//! Why a recent message matches or not: a strip of the last messages and a row per key.

use editor::Action;
use editor::filter_policy::{FilterAction, TestedMessage, TesterView, tester};
use messaging::sns::filter_policy::{Explanation, ExplanationRow};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::icons::symbol;
use crate::parts::glyph::{glyph, outline};
use crate::store::{use_dispatch, use_selector};

/// The live tester.
#[component]
pub(super) fn Tester() -> Html {
    let dispatch = use_dispatch();
    let view = use_selector(tester);
    let chosen = use_selector(|state| state.filter.as_ref().and_then(|filter| filter.chosen));
    let place = view.messages.iter().position(|message| Some(message.trace_id) == chosen);
    {
        // Until one is chosen, the last that was filtered out is explained: it is the one people ask about.
        let latest =
            view.messages.iter().rev().find(|message| !message.matches).map(|message| message.trace_id);
        let (dispatch, wanted) = (dispatch.clone(), latest.filter(|_| chosen.is_none()));
        use_effect_with(wanted, move |wanted| {
            if wanted.is_some() {
                dispatch.emit(Action::Filter(FilterAction::Choose(*wanted)));
            }
        });
    }
    let choose = {
        let (dispatch, messages) = (dispatch.clone(), view.messages.clone());
        Callback::from(move |place: usize| {
            let chosen = messages.get(place).map(|message| message.trace_id);
            dispatch.emit(Action::Filter(FilterAction::Choose(chosen)));
        })
    };
    let onkeydown = {
        let (choose, last) = (choose.clone(), view.messages.len().saturating_sub(1));
        Callback::from(move |event: KeyboardEvent| {
            let next = match (event.key().as_str(), place) {
                ("ArrowLeft", Some(place)) => place.saturating_sub(1),
                ("ArrowRight", Some(place)) => (place + 1).min(last),
                ("ArrowLeft" | "ArrowRight" | "End", _) => last,
                ("Home", _) => 0,
                _ => return,
            };
            event.prevent_default();
            choose.emit(next);
        })
    };
    html! {
        <section class="tester" aria-label="Test on recent messages">
            <div class="row wrap">
                <b class="strong">{ "Test on recent messages" }</b>
                if let Some(since) = view.using_last_valid { <span class="chip near">{ format!("Using the last valid version, from {since}") }</span> }
                <span class="grow"/>
                <span class="xs soft">{ format!("{} of the last {} match", view.matching, view.messages.len()) }</span>
            </div>
            if view.messages.is_empty() {
                <p class="sm muted">{ "Press Play: the messages published last appear here." }</p>
            } else {
                <div class="mini" role="listbox" tabindex="0" aria-label="Last messages, newest last"
                    aria-activedescendant={place.map(|place| format!("sample-{place}"))} {onkeydown}>
                    { for view.messages.iter().enumerate().map(|(at, message)| cell(at, message, Some(at) == place, &choose)) }
                </div>
                <div class="row xs muted"><span>{ "older" }</span><span class="grow centre">{ "Filled marks match. Outlines are filtered out." }</span><span>{ "now" }</span></div>
            }
            { for view.explanation.as_ref().map(|told| verdict(told, place.and_then(|place| view.messages.get(place)))) }
            { paste(&view, &dispatch) }
        </section>
    }
}

fn cell(at: usize, message: &TestedMessage, chosen: bool, choose: &Callback<usize>) -> Html {
    let choose = choose.clone();
    let word = if message.matches { "matches" } else { "filtered out" };
    html! {
        <span role="option" id={format!("sample-{at}")} aria-selected={chosen.to_string()} aria-label={format!("{}, {word}", message.at)}
            onclick={move |_| choose.emit(at)}>
            { if message.matches { glyph(message.category, 11.0) } else { outline(message.category, 10.0) } }
        </span>
    }
}

fn verdict(told: &Explanation, message: Option<&TestedMessage>) -> Html {
    html! {
        <div class="verdict">
            <div class="row">
                if let Some(message) = message {
                    { glyph(message.category, 11.0) }
                    <span class="mono strong">{ format!("#{}", message.trace_id.0) }</span>
                    <span class="xs muted trunc">{ format!("published {} by {}", message.at, message.from) }</span>
                } else {
                    <span class="strong">{ "The pasted message" }</span>
                }
                <span class="grow"/>
                if told.decision.is_match() {
                    <span class="chip ok">{ symbol("check", 13) }{ "Matches" }</span>
                } else {
                    <span class="chip">{ symbol("subscription", 13) }{ "Filtered out" }</span>
                }
            </div>
            <p class="sm soft">{ &told.summary }</p>
            if !told.rows.is_empty() {
                <table class="vt">
                    <thead><tr><th scope="col">{ "Key" }</th><th scope="col">{ "The policy wants" }</th><th scope="col">{ "The message has" }</th><th scope="col">{ "Result" }</th></tr></thead>
                    <tbody>{ for told.rows.iter().map(table_row) }</tbody>
                </table>
            }
        </div>
    }
}

fn table_row(row: &ExplanationRow) -> Html {
    let data_type = row.has.as_ref().map(|value| value.data_type.clone());
    html! {
        <tr>
            <td class="mono">{ &row.key }if !row.branch.is_empty() { <small>{ &row.branch }</small> }</td>
            <td>{ &row.wants }</td>
            <td class={row.has.is_none().then_some("muted")}>{ &row.has_text }{ for data_type.map(|name| html! { <small>{ name }</small> }) }</td>
            <td>
                <span class={classes!("res", row.holds.then_some("yes"))}>{ symbol(if row.holds { "check" } else { "close" }, 14) }{ &row.result }</span>
                { for row.detail.iter().map(|detail| html! { <small>{ detail }</small> }) }
            </td>
        </tr>
    }
}

fn paste(view: &TesterView, dispatch: &Callback<Action>) -> Html {
    let dispatch = dispatch.clone();
    let onchange = Callback::from(move |event: Event| {
        let input: HtmlInputElement = event.target_unchecked_into();
        let text = Some(input.value()).filter(|text| !text.trim().is_empty());
        dispatch.emit(Action::Filter(FilterAction::Paste(text)));
    });
    html! {
        <div class="setting paste">
            <label for="fp-paste">{ "Or test a message of your own" }</label>
            <span class="field"><input id="fp-paste" type="text" class="mono" spellcheck="false" placeholder="{\"attributes\": {\"state\": {\"Type\": \"String\", \"Value\": \"placed\"}}, \"body\": {}}" {onchange} aria-describedby="fp-paste-bad"/></span>
            <p id="fp-paste-bad" class="bad">{ for view.paste_fault.iter() }</p>
        </div>
    }
}
