//! Play, pause, step, speed, and the clock.

use editor::playback::HopDisplay;
use editor::view::{RunChip, TransportView, clock_text, transport_view};
use editor::{Action, Command};
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use super::DockTabs;
use crate::icons::symbol;
use crate::store::{Interest, use_dispatch, use_selector, use_selector_for};

/// Steps of the speed's slider.
const SPEED_STEPS: f64 = 200.0;

#[component]
pub(super) fn TransportBar() -> Html {
    let dispatch = use_dispatch();
    let view = use_selector(transport_view);
    let on = |action: Action| {
        let dispatch = dispatch.clone();
        Callback::from(move |_: MouseEvent| dispatch.emit(action.clone()))
    };
    let play = if view.playing { Action::Pause } else { Action::Play };
    html! {
        <div class="transport" role="group" aria-label="Transport">
            <button type="button" class="btn icon" aria-label="Start again" title="Start again" disabled={!view.enabled} onclick={on(Action::Reset)}>{ symbol("restart", 17) }</button>
            <button type="button" class="btn icon" aria-label="One second back" title="One second back (,)" disabled={!view.enabled} onclick={on(Action::Command(Command::StepBack))}>{ symbol("step-back", 17) }</button>
            <button type="button" class="playbtn" aria-label={if view.playing { "Pause" } else { "Play" }} title="Play, pause (Space)" disabled={!view.enabled} onclick={on(play)}>
                { symbol(if view.playing { "pause" } else { "play" }, 18) }
            </button>
            <button type="button" class="btn icon" aria-label="Step to the next event" title="Step to the next event (.)" disabled={!view.enabled} onclick={on(Action::Step)}>{ symbol("step", 17) }</button>
            <Clock/>
            { chip(&view) }
            { speed(&view, &dispatch) }
            { hops(&view, &dispatch) }
            <span class="grow"/>
            <DockTabs/>
        </div>
    }
}

/// The clock changes with every frame; nothing else of the transport does.
#[component]
fn Clock() -> Html {
    let (seconds, millis) = use_selector_for(Interest::Clock, clock_text);
    html! { <span class="clock" role="timer" aria-label="Simulation time">{ seconds }<small>{ millis }</small></span> }
}

pub(crate) fn chip(view: &TransportView) -> Html {
    let class = match view.chip {
        RunChip::Past => "acc",
        RunChip::Ended => "ok",
        RunChip::Stopped(_) => "thr",
        RunChip::Empty | RunChip::Loading | RunChip::Live | RunChip::Paused => "",
    };
    let live = view.chip == RunChip::Live;
    html! { <span class={classes!("chip", class)}><span class={classes!("dot", live.then_some("live"))}/>{ view.chip.word() }</span> }
}

fn speed(view: &TransportView, dispatch: &Callback<Action>) -> Html {
    let dispatch = dispatch.clone();
    let oninput = Callback::from(move |event: InputEvent| {
        let input: HtmlInputElement = event.target_unchecked_into();
        let position = input.value_as_number() / SPEED_STEPS;
        dispatch.emit(Action::SetSpeed(round(10_f64.powf(position * 4.0 - 2.0))));
    });
    let percent = view.speed_position * 100.0;
    let value = (view.speed_position * SPEED_STEPS).round().to_string();
    html! {
        <span class="speed">
            <span class="xs muted speed-label">{ "Speed" }</span><span class="xs muted num speed-ends">{ "0.01×" }</span>
            <span class="range"><i style={format!("width:{percent:.1}%")}/><b style={format!("left:{percent:.1}%")}/>
                <input type="range" min="0" max={SPEED_STEPS.to_string()} {value} aria-label="Speed" aria-valuetext={view.speed_text.clone()} {oninput}/>
            </span>
            <span class="xs muted num speed-ends">{ "100×" }</span><span class="now">{ &view.speed_text }</span>
        </span>
    }
}

/// Two digits, and exactly one where one is meant.
fn round(speed: f64) -> f64 {
    let digits = 10_f64.powf(1.0 - speed.log10().floor());
    let rounded = (speed * digits).round() / digits;
    if (0.9..=1.1).contains(&rounded) { 1.0 } else { rounded }
}

pub(crate) fn hops(view: &TransportView, dispatch: &Callback<Action>) -> Html {
    const CHOICES: [(HopDisplay, &str); 3] = [
        (HopDisplay::Watching, "Hops shown for 0.5 s"),
        (HopDisplay::ToScale, "Hops to scale"),
        (HopDisplay::Still, "No moving marks"),
    ];
    let dispatch = dispatch.clone();
    let onchange = Callback::from(move |event: Event| {
        let select: HtmlSelectElement = event.target_unchecked_into();
        if let Some((hop, _)) =
            usize::try_from(select.selected_index()).ok().and_then(|place| CHOICES.get(place))
        {
            dispatch.emit(Action::SetHopDisplay(*hop));
        }
    });
    html! {
        <label class="btn sm line hop">{ symbol("eye", 15) }
            <select aria-label="How hops are shown" {onchange}>{ for CHOICES.iter().map(|(hop, text)| html! { <option selected={*hop == view.hop}>{ *text }</option> }) }</select>
        </label>
    }
}

#[cfg(test)]
mod tests {
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::round;

    /// UI.md section 3: a logarithmic speed from 0.01× to 100×, and 1× is easy to hit.
    #[test]
    fn speeds_are_round_numbers() {
        assert_eq!(
            [round(0.01), round(0.98), round(1.04), round(100.0), round(3.162)],
            [0.01, 1.0, 1.0, 100.0, 3.2]
        );
    }
}
