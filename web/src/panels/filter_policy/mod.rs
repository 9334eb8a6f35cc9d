//! The filter policy of a subscription: an editor that knows what SNS would answer, and a live tester.

mod tester;

use editor::filter_policy::{FilterAction, FilterDraft, INSERTS};
use editor::{Action, LinkEnds};
use gloo_timers::callback::Timeout;
use messaging::sns::filter_policy::{
    FilterPolicyError, FilterPolicyScope, MAXIMUM_COMBINATIONS, MAXIMUM_KEYS, PolicyCounters,
};
use web_sys::HtmlTextAreaElement;
use yew::prelude::*;

use crate::parts::code::Code;
use crate::store::{Interest, use_dispatch, use_selector, use_selector_for};
use tester::Tester;

/// How long after the last keystroke the policy is judged.
const JUDGE_AFTER_MS: u32 = 150;
/// When the page has taken its new shape.
const SETTLED_AFTER_MS: u32 = 60;

/// Properties of [`FilterPolicyEditor`].
#[derive(Clone, PartialEq, Properties)]
pub struct FilterPolicyEditorProps {
    /// The subscription.
    pub ends: LinkEnds,
}

/// The editor with its tester.
#[component]
pub fn FilterPolicyEditor(props: &FilterPolicyEditorProps) -> Html {
    let dispatch = use_dispatch();
    let draft = use_selector(|state| state.filter.clone());
    let clock = use_selector_for(Interest::Clock, |state| editor::view::clock_text(state).0);
    let area = use_node_ref();
    {
        let (dispatch, is_open) =
            (dispatch.clone(), draft.as_ref().is_some_and(|draft| draft.link == props.ends));
        use_effect_with((props.ends.clone(), is_open), move |(ends, is_open)| {
            if !is_open {
                dispatch.emit(Action::Filter(FilterAction::Open(ends.clone())));
            }
        });
    }
    {
        let dispatch = dispatch.clone();
        use_effect_with(props.ends.clone(), move |ends| {
            // Once the panel has taken its room, both ends come into view, the near one for certain.
            let (to, from) = (ends.to.clone(), ends.from.clone());
            let reveal = Timeout::new(SETTLED_AFTER_MS, move || {
                dispatch.emit(Action::Reveal(to));
                dispatch.emit(Action::Reveal(from));
            });
            move || drop(reveal)
        });
    }
    let Some(draft) = draft.filter(|draft| draft.link == props.ends) else { return Html::default() };
    let act = |action: FilterAction| {
        let dispatch = dispatch.clone();
        Callback::from(move |_: MouseEvent| dispatch.emit(Action::Filter(action.clone())))
    };
    let may_apply = draft.changed && draft.error.is_none();
    html! {
        <>
            { scope_switch(&draft, &dispatch) }
            <div class="fp-edit">
                <TypedCode draft={draft.clone()} area={area.clone()}/>
                <div id="fp-error" role="status">{ for draft.error.iter().map(refusal) }</div>
                <div class="inserts"><span class="xs muted">{ "Insert" }</span>{ for INSERTS.iter().map(|insert| chip(*insert, &area, &draft.text, &dispatch)) }</div>
                <div class="fp-apply">
                    { counted(draft.counters) }
                    <span class="grow"/>
                    <button type="button" class="btn sm" disabled={!draft.changed} onclick={act(FilterAction::Discard)}>{ "Discard edits" }</button>
                    <button type="button" class="btn sm ink" disabled={!may_apply} onclick={act(FilterAction::Apply)}>{ format!("Apply at {}", short(&clock)) }</button>
                </div>
                { for draft.warnings.iter().map(|warning| html! { <p class="sm t-near">{ &warning.text }</p> }) }
            </div>
            <Tester/>
            <p class="xs muted fp-foot">{ "Every key in a policy must match; within one key, any value is enough. In AWS an edited policy can take up to 15 minutes to take full effect; here it applies at once." }</p>
        </>
    }
}

/// `00:02:14` as `02:14` within the first hour.
fn short(clock: &str) -> &str {
    clock.strip_prefix("00:").unwrap_or(clock)
}

#[derive(Clone, PartialEq, Properties)]
struct TypedCodeProps {
    draft: FilterDraft,
    area: NodeRef,
}

/// Shows each keystroke at once and hands the text over when the hand rests.
#[component]
fn TypedCode(props: &TypedCodeProps) -> Html {
    let dispatch = use_dispatch();
    let text = use_state_eq(|| props.draft.text.clone());
    let waiting = use_mut_ref(|| None::<Timeout>);
    {
        // The draft changes under the hand by an insert, by Discard, and by undo.
        let text = text.clone();
        use_effect_with(props.draft.text.clone(), move |draft| text.set(draft.clone()));
    }
    let on_input = {
        let (text, dispatch) = (text.clone(), dispatch.clone());
        Callback::from(move |now: String| {
            text.set(now.clone());
            let dispatch = dispatch.clone();
            let judge =
                Timeout::new(JUDGE_AFTER_MS, move || dispatch.emit(Action::Filter(FilterAction::Type(now))));
            *waiting.borrow_mut() = Some(judge);
        })
    };
    let on_leave = {
        let (dispatch, known) = (dispatch.clone(), props.draft.text.clone());
        Callback::from(move |now: String| {
            // What was typed last is judged before a button can act on it.
            if now != known {
                dispatch.emit(Action::Filter(FilterAction::Type(now)));
            }
        })
    };
    let judged = *text == props.draft.text;
    let refused =
        props.draft.error.as_ref().filter(|_| judged).map(|error| (error.span.start, error.span.end));
    html! { <Code label="Filter policy JSON" text={(*text).clone()} {refused} described_by="fp-error" area={props.area.clone()} {on_input} {on_leave}/> }
}

fn scope_switch(draft: &FilterDraft, dispatch: &Callback<Action>) -> Html {
    let button = |scope: FilterPolicyScope, word: &'static str| {
        let dispatch = dispatch.clone();
        let onclick =
            Callback::from(move |_: MouseEvent| dispatch.emit(Action::Filter(FilterAction::SetScope(scope))));
        html! { <button type="button" aria-pressed={(draft.scope == scope).to_string()} {onclick}>{ word }</button> }
    };
    html! {
        <div class="fp-scope">
            <span class="sm soft" id="fp-scope">{ "Scope" }</span>
            <span class="seg" role="group" aria-labelledby="fp-scope">
                { button(FilterPolicyScope::MessageAttributes, "Message attributes") }
                { button(FilterPolicyScope::MessageBody, "Message body") }
            </span>
        </div>
    }
}

fn refusal(error: &FilterPolicyError) -> Html {
    html! {
        <div class="errmsg fp-under">
            <div class="grow"><b>{ &error.hint }</b><small>{ "SNS would answer: " }{ FilterPolicyError::CODE }{ ", " }{ error.set_subscription_attributes_message() }</small></div>
        </div>
    }
}

fn counted(counters: PolicyCounters) -> Html {
    let keys = counters.keys.map(|keys| {
        let class = (keys > MAXIMUM_KEYS).then_some("t-bad");
        html! { <span {class}>{ format!("{keys} of {MAXIMUM_KEYS} keys") }</span> }
    });
    let combinations = counters.combinations.map(|combinations| {
        let class = (combinations > MAXIMUM_COMBINATIONS).then_some("t-bad");
        html! { <span {class}>{ format!("{combinations} of {MAXIMUM_COMBINATIONS} combinations") }</span> }
    });
    html! { <span class="xs soft row">{ for keys }{ for combinations }<span>{ format!("{} B", counters.bytes) }</span></span> }
}

fn chip(
    (name, piece): (&'static str, &'static str),
    area: &NodeRef,
    text: &str,
    dispatch: &Callback<Action>,
) -> Html {
    let (area, text, dispatch) = (area.clone(), text.to_owned(), dispatch.clone());
    let onclick = Callback::from(move |_: MouseEvent| {
        let typed = area.cast::<HtmlTextAreaElement>().map_or_else(|| text.clone(), |area| area.value());
        let (now, from) = insert(&typed, piece);
        dispatch.emit(Action::Filter(FilterAction::Type(now.clone())));
        let Some(area) = area.cast::<HtmlTextAreaElement>() else { return };
        area.set_value(&now);
        let (start, end) = placeholder(piece);
        let units = |byte: usize| now[..byte].encode_utf16().count() as u32;
        let _ = area.focus();
        let _ = area.set_selection_range(units(from + start), units(from + end));
    });
    html! { <button type="button" class="chip line" {onclick}>{ name }</button> }
}

/// The part of an inserted piece to type over first: its key.
fn placeholder(piece: &str) -> (usize, usize) {
    let start = piece.find("\"key\"").map_or(0, |at| at + 1);
    (start, start + 3)
}

/// Adds a member at the end of the object. Returns the text and where the member starts.
fn insert(text: &str, piece: &str) -> (String, usize) {
    let Some(before) = text.trim_end().strip_suffix('}') else {
        return (format!("{{\n  {piece}\n}}"), "{\n  ".len());
    };
    let before = before.trim_end();
    let comma = if before.ends_with('{') || before.ends_with(',') { "" } else { "," };
    let start = format!("{before}{comma}\n  ");
    (format!("{start}{piece}\n}}"), start.len())
}

#[cfg(test)]
mod tests {
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    #[test]
    fn inserting_keeps_the_text_json() {
        let mut text = String::new();
        for (_, piece) in INSERTS {
            let (now, from) = insert(&text, piece);
            assert!(serde_json::from_str::<serde_json::Value>(&now).is_ok(), "{now}");
            let (start, end) = placeholder(piece);
            assert_eq!(&now[from + start..from + end], "key");
            text = now;
        }
    }
}
