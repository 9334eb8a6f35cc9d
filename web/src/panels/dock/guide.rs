//! The steps of a guided scenario, and its questions: predict, then run.

use editor::Action;
use editor::guide::{GuideAction, GuideView, QuestionView, guide};
use yew::prelude::*;

use crate::icons::symbol;
use crate::store::{Interest, use_dispatch, use_selector_for};

/// The step the run has come to, with its question.
#[component]
pub(super) fn GuideBar() -> Html {
    let dispatch = use_dispatch();
    let Some(view) = use_selector_for(Interest::Clock, guide) else { return Html::default() };
    html! {
        <section class="guide" aria-label="Guide">
            { steps(&view, Html::default(), &dispatch) }
            { for view.question.as_ref().map(|question| ask(question, &dispatch)) }
        </section>
    }
}

/// The guide of a narrow page, over its diagram: the step alone, until its question is wanted.
#[component]
pub(crate) fn GuideStrip() -> Html {
    let dispatch = use_dispatch();
    // A short page has its room for the diagram.
    let folded = use_state_eq(|| crate::browser::media_matches("(max-height: 700px)"));
    let asking = use_state_eq(|| false);
    let Some(view) = use_selector_for(Interest::Clock, guide) else { return Html::default() };
    let toggle = {
        let folded = folded.clone();
        Callback::from(move |_: MouseEvent| folded.set(!*folded))
    };
    let (name, icon) =
        if *folded { ("Unfold the guide", "chev-up") } else { ("Fold the guide away", "chev-down") };
    let question = view.question.as_ref().filter(|_| !*folded);
    // The question stands in the place of the step's text, so that the diagram keeps its room.
    let predict = question.map(|_| {
        let asking = asking.clone();
        let expanded = asking.to_string();
        html! { <button type="button" class="btn sm line" aria-expanded={expanded} onclick={move |_| asking.set(!*asking)}>{ "Predict" }</button> }
    });
    let asked = question.filter(|_| *asking);
    html! {
        <section class={classes!("guide", "strip", folded.then_some("folded"), asked.map(|_| "asking"))} aria-label="Guide">
            { steps(&view, predict.unwrap_or_default(), &dispatch) }
            { for asked.map(|question| ask(question, &dispatch)) }
            <button type="button" class="btn sm icon fold" aria-label={name} aria-expanded={(!*folded).to_string()} onclick={toggle}>{ symbol(icon, 16) }</button>
        </section>
    }
}

fn on(dispatch: &Callback<Action>, action: GuideAction) -> Callback<MouseEvent> {
    let dispatch = dispatch.clone();
    Callback::from(move |_| dispatch.emit(Action::Guide(action)))
}

fn steps(view: &GuideView, more: Html, dispatch: &Callback<Action>) -> Html {
    let button = |forward: bool, enabled: bool, icon: &'static str, name: &'static str| {
        html! { <button type="button" class="btn sm icon" aria-label={name} title={name} disabled={!enabled} onclick={on(dispatch, GuideAction::Step { forward })}>{ symbol(icon, 15) }</button> }
    };
    html! {
        <div class="row">
            { button(false, view.has_previous, "chev-left", "Previous step") }
            <span class="xs muted num">{ format!("{} of {}", view.step.max(1), view.steps) }</span>
            { button(true, view.has_next, "chev-right", "Next step") }
            <span class="xs muted num">{ &view.when }</span>
            { more }
            <p aria-live="polite">{ &view.text }</p>
        </div>
    }
}

fn ask(question: &QuestionView, dispatch: &Callback<Action>) -> Html {
    let choice = |(place, text): (usize, &String)| {
        let right = question.result.as_ref().is_some_and(|result| result.right == place);
        let chosen = question.chosen == Some(place);
        let wrong = chosen && question.result.is_some() && !right;
        let action = GuideAction::Choose { question: question.place, choice: place };
        let class = classes!("choice", right.then_some("right"), wrong.then_some("wrong"));
        html! {
            <button type="button" {class} aria-pressed={chosen.to_string()} disabled={question.result.is_some() && !chosen && !right} onclick={on(dispatch, action)}>
                { text }if right { { symbol("check", 12) }<span class="vh">{ "is right" }</span> } else if wrong { { symbol("close", 12) }<span class="vh">{ "is not right" }</span> }
            </button>
        }
    };
    let run = on(dispatch, GuideAction::RunTo(question.place));
    html! {
        <div class="row ask">
            <b title={question.ask.clone()}>{ "Predict" }</b>if question.result.is_none() { <span class="asked">{ &question.ask }</span> }
            <span class="row" role="group" aria-label={question.ask.clone()}>{ for question.choices.iter().enumerate().map(choice) }</span>
            if let Some(result) = &question.result {
                <span class="told" role="status">
                    <b>{ match result.was_right { Some(true) => "Right. ", Some(false) => "Not quite. ", None => "" } }</b>
                    { format!("It was {}. ", result.observed) }{ &result.answer }
                </span>
            } else {
                <button type="button" class="btn sm line" disabled={question.chosen.is_none()} onclick={run}>{ symbol("play", 13) }{ format!("Run to {} and see", question.when) }</button>
            }
        </div>
    }
}
