//! The path of the followed message: its step numbers on the wires, and who is followed.

use editor::Action;
use editor::journey::JourneyAction;
use editor::view::{JourneyStep, journey_chart, journey_steps};
use yew::prelude::*;

use crate::icons::symbol;
use crate::parts::glyph::glyph;
use crate::store::{Interest, use_dispatch, use_selector, use_selector_for};

/// The step numbers on the wires.
#[component]
pub fn JourneySteps() -> Html {
    let steps = use_selector_for(Interest::Drawing, journey_steps);
    let step = |step: &JourneyStep| {
        let class = classes!("stepn", step.dead.then_some("dead"), step.filtered.then_some("out"));
        html! { <span {class} style={format!("left:{:.1}px;top:{:.1}px", step.at.x, step.at.y)} aria-hidden="true">{ &step.text }</span> }
    };
    html! { <>{ for steps.iter().map(step) }</> }
}

/// Who is followed, in place of the legend.
#[component]
pub fn Following() -> Html {
    let dispatch = use_dispatch();
    let view = use_selector(|state| {
        let chart = journey_chart(state);
        let name = state.journey.followed.map(|id| format!("#{}", id.0)).unwrap_or_default();
        let (name, category) = chart.map_or((name, 6), |chart| (chart.name, chart.category));
        (name, category, state.journey.replaying.is_some())
    });
    let on = |action: Action| {
        let dispatch = dispatch.clone();
        Callback::from(move |_: MouseEvent| dispatch.emit(action.clone()))
    };
    let (name, category, replaying) = view;
    html! {
        <div class="float legend following" data-own="" role="status">
            { symbol("follow", 16) }<span>{ "Following" }</span>{ glyph(category, 12.0) }<b class="mono">{ name }</b>
            if replaying {
                <button type="button" class="btn sm line" onclick={on(Action::Pause)}>{ "Hold" }</button>
            } else {
                <button type="button" class="btn sm line" onclick={on(Action::Journey(JourneyAction::Replay))}>{ "Replay, elastic time" }</button>
            }
            <button type="button" class="btn sm icon" aria-label="Stop following" onclick={on(Action::Journey(JourneyAction::Stop))}>{ symbol("close", 14) }</button>
        </div>
    }
}
