//! Time on one line: play, the run so far with the first track over it, and the speed.

use editor::view::{RunChip, TracksView, short_time, spoken_time, tracks, transport_view};
use editor::{Action, Command};
use kernel::SimTime;
use web_sys::{HtmlInputElement, HtmlSelectElement, KeyboardEvent};
use yew::prelude::*;

use crate::icons::symbol;
use crate::panels::dock::tracks::{points, sought};
use crate::panels::dock::transport::{chip, hops};
use crate::parts::plot::{self, Scale};
use crate::store::{Interest, use_dispatch, use_selector, use_selector_for};

/// The speeds within reach of a thumb.
const SPEEDS: [f64; 9] = [0.01, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 100.0];
/// Height of the track's picture, its own units.
const HEIGHT: f64 = 26.0;

#[component]
pub(super) fn MobileTransport() -> Html {
    let dispatch = use_dispatch();
    let view = use_selector(transport_view);
    let (name, icon, play) =
        if view.playing { ("Pause", "pause", Action::Pause) } else { ("Play", "play", Action::Play) };
    let onclick = {
        let dispatch = dispatch.clone();
        Callback::from(move |_: MouseEvent| dispatch.emit(play.clone()))
    };
    let speeds: Vec<f64> = {
        let mut speeds = SPEEDS.to_vec();
        // A speed set elsewhere is one of the choices while it lasts.
        if !speeds.contains(&view.speed) {
            speeds.push(view.speed);
            speeds.sort_by(f64::total_cmp);
        }
        speeds
    };
    let onchange = {
        let speeds = speeds.clone();
        Callback::from(move |event: Event| {
            let select: HtmlSelectElement = event.target_unchecked_into();
            let chosen = usize::try_from(select.selected_index()).ok().and_then(|place| speeds.get(place));
            if let Some(speed) = chosen {
                dispatch.emit(Action::SetSpeed(*speed));
            }
        })
    };
    html! {
        <div class="tr" role="group" aria-label="Transport">
            <button type="button" class="playbtn" aria-label={name} disabled={!view.enabled} {onclick}>{ symbol(icon, 20) }</button>
            <Scrubber/>
            <select class="speed-choice" aria-label="Speed" {onchange}>
                { for speeds.iter().map(|speed| html! { <option selected={*speed == view.speed}>{ format!("{speed}×") }</option> }) }
            </select>
        </div>
    }
}

/// The whole run as a slider.
#[component]
fn Scrubber() -> Html {
    let dispatch = use_dispatch();
    let view = use_selector(tracks);
    // A two-hundredth of the axis is a pixel.
    let span = view.span_seconds;
    let at = use_selector_for(Interest::Clock, move |state| {
        (state.playback.playhead().as_secs_f64() / span * 400.0).round() / 400.0 * span
    });
    let second = use_selector_for(Interest::Clock, |state| state.playback.playhead().whole_second());
    let past = use_selector(|state| state.playback.transport.is_past());
    let onkeydown = {
        let (dispatch, furthest) = (dispatch.clone(), view.furthest_seconds);
        Callback::from(move |event: KeyboardEvent| {
            if let Some(to) = sought(&event.key(), second, furthest) {
                event.prevent_default();
                dispatch.emit(Action::SeekTo(to));
            }
        })
    };
    let oninput = Callback::from(move |event: InputEvent| {
        let input: HtmlInputElement = event.target_unchecked_into();
        dispatch.emit(Action::SeekTo(SimTime::from_micros((input.value_as_number() * 1e6) as u64)));
    });
    let said = format!("{}, {}", spoken_time(SimTime::from_secs(second)), if past { "past" } else { "live" });
    html! {
        <span class="scrub-line">
            { picture(&view) }
            <i class="done" style={format!("width:{:.2}%", at / span * 100.0)}/>
            <input type="range" min="0" max={span.to_string()} step="any" value={format!("{at:.1}")} aria-label="Simulation time"
                aria-valuenow={second.to_string()} aria-valuetext={said} {oninput} {onkeydown}/>
            <span class="ends num"><b>{ short_time(second) }</b><span>{ short_time(span as u64) }</span></span>
        </span>
    }
}

fn picture(view: &TracksView) -> Html {
    let Some(track) = view.tracks.first() else { return Html::default() };
    let scale = Scale { top: track.max * 1.05, height: HEIGHT };
    let line = plot::line(points(&track.series, view.span_seconds), scale);
    let (first, last) =
        (points(&track.series, view.span_seconds).next(), points(&track.series, view.span_seconds).last());
    let area = first.zip(last).map(|((from, _), (to, _))| plot::area(&line, from, to, HEIGHT));
    html! {
        <svg viewBox={format!("0 0 {} {HEIGHT}", plot::WIDTH)} preserveAspectRatio="none" aria-hidden="true">
            <path class="under" d={area.unwrap_or_default()}/><path class="series" d={line}/>
        </svg>
    }
}

/// What else there is to do with time, above the view that is open.
#[component]
pub(super) fn MoreTransport() -> Html {
    let dispatch = use_dispatch();
    let view = use_selector(transport_view);
    let button = |name: &'static str, icon: &'static str, action: Action| {
        let dispatch = dispatch.clone();
        let onclick = Callback::from(move |_: MouseEvent| dispatch.emit(action.clone()));
        html! { <button type="button" class="ib" aria-label={name} disabled={!view.enabled} {onclick}>{ symbol(icon, 19) }</button> }
    };
    html! {
        <div class="more-transport transport" role="group" aria-label="More of time">
            { button("Start again", "restart", Action::Reset) }
            { button("One second back", "step-back", Action::Command(Command::StepBack)) }
            { button("Step to the next event", "step", Action::Step) }
            if view.chip != RunChip::Live { { chip(&view) } }
            <span class="grow"/>
            { hops(&view, &dispatch) }
        </div>
    }
}
