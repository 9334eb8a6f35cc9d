//! Metrics over time, on one axis that is also the scrubber.

use editor::Action;
use editor::run::Series;
use editor::view::{Flag, FlagKind, TrackView, TracksView, spoken_time, track_name, tracks};
use kernel::SimTime;
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent, PointerEvent};
use yew::prelude::*;

use super::order;
use crate::icons::symbol;
use crate::parts::plot::{self, Scale};
use crate::store::{Interest, use_dispatch, use_selector, use_selector_for};

/// Height of a track's picture, its own units.
const HEIGHT: f64 = 35.0;

#[component]
pub(super) fn Tracks() -> Html {
    let dispatch = use_dispatch();
    let view = use_selector(tracks);
    let scrub = {
        let (dispatch, span) = (dispatch.clone(), view.span_seconds);
        Callback::from(move |event: PointerEvent| {
            let pressed = event.type_() == "pointerdown" || event.buttons() & 1 == 1;
            // The handler hangs at the root of the page: its current target says nothing.
            let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
            let Some(axis) = target.and_then(|target| target.closest(".tk-p").ok().flatten()) else { return };
            if !pressed {
                return;
            }
            let _ = axis.set_pointer_capture(event.pointer_id());
            let place = axis.get_bounding_client_rect();
            let share =
                ((f64::from(event.client_x()) - place.left()) / place.width().max(1.0)).clamp(0.0, 1.0);
            dispatch.emit(Action::SeekTo(SimTime::from_micros((share * span * 1e6) as u64)));
        })
    };
    let dropping = use_state_eq(|| None::<(usize, usize)>);
    let table = use_selector(|state| state.playback.table);
    if table {
        return html! { <><super::tools::Runs/><super::tools::TrackTools/><super::tools::TrackTable/></> };
    }
    html! {
        <><super::tools::Runs/>
        <div class="tk-area"><super::tools::TrackTools/>
        <div class="tracks">
            <div class="tk-n axis"><span>{ "Scrub any track to go back" }</span></div>
            <Axis view={view.clone()} scrub={scrub.clone()}/>
            <div class="tk-v"><small>{ "now" }</small></div>
            { for view.tracks.iter().enumerate().map(|(place, track)| row(place, track, &view, &scrub, &dropping, &dispatch)) }
            if view.tracks.is_empty() { <div class="empty">{ "Pin a metric in the inspector to see it here." }</div> }
            <Playhead span={view.span_seconds} furthest={view.furthest_seconds}/>
        </div></div></>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct AxisProps {
    view: TracksView,
    scrub: Callback<PointerEvent>,
}

/// Ticks, flags, and the slider.
#[component]
fn Axis(props: &AxisProps) -> Html {
    let dispatch = use_dispatch();
    let view = &props.view;
    let second = use_selector_for(Interest::Clock, |state| state.playback.playhead().whole_second());
    let live = use_selector(|state| !state.playback.transport.is_past());
    let onkeydown = {
        let (dispatch, furthest) = (dispatch.clone(), view.furthest_seconds);
        Callback::from(move |event: KeyboardEvent| {
            if let Some(to) = sought(&event.key(), second, furthest) {
                event.prevent_default();
                dispatch.emit(Action::SeekTo(to));
            }
        })
    };
    let at = |seconds: f64| format!("left:{:.2}%", seconds / view.span_seconds * 100.0);
    let tick = |(seconds, text): &(f64, String)| {
        let class = classes!("tick", (!text.is_empty()).then_some("major"));
        html! { <><span {class} style={at(*seconds)}/>if !text.is_empty() { <span class="when" style={at(*seconds)}>{ text }</span> }</> }
    };
    let valuetext =
        format!("{}, {}", spoken_time(SimTime::from_secs(second)), if live { "live" } else { "past" });
    html! {
        <div class="tk-p scrubber" onpointerdown={props.scrub.clone()} onpointermove={props.scrub.clone()}>
            <div class="scrub" role="slider" tabindex="0" aria-label="Simulation time" aria-valuemin="0" aria-valuemax={(view.span_seconds as u64).to_string()}
            aria-valuenow={second.to_string()} aria-valuetext={valuetext} {onkeydown}/>
            { for view.ticks.iter().filter(|(seconds, _)| !is_covered(*seconds, view)).map(tick) }
            { for said(view).into_iter().map(|(flag, end, room)| flag_button(flag, end, room, view.span_seconds, &dispatch)) }
        </div>
    }
}

/// Where a key on the slider of time leads: arrows one second, Page ten (UI.md section 10).
pub(crate) fn sought(key: &str, second: u64, furthest_seconds: f64) -> Option<SimTime> {
    let step = match key {
        "ArrowLeft" | "ArrowDown" => -1,
        "ArrowRight" | "ArrowUp" => 1,
        "PageDown" => -10,
        "PageUp" => 10,
        "Home" => i64::MIN / 2,
        "End" => furthest_seconds as i64 - second as i64,
        _ => return None,
    };
    Some(SimTime::from_secs((second as i64).saturating_add(step).max(0) as u64))
}

/// Characters of a flag's text that fit into one per cent of the axis, about.
const CHARACTERS_PER_PERCENT: f64 = 1.5;
/// Fewer characters than these say nothing.
const FEWEST_CHARACTERS: f64 = 8.0;

/// The flags, with where the next one is in per cent of the axis, and the characters there is room for before it. Of several at one instant the first stands
/// for all; what is only expected is an icon.
fn said(view: &TracksView) -> Vec<(&Flag, f64, usize)> {
    let mut flags: Vec<&Flag> = Vec::new();
    for flag in &view.flags {
        let crowded = flags
            .last()
            .is_some_and(|last| flag.at.as_secs_f64() - last.at.as_secs_f64() < view.span_seconds * 0.012);
        if !crowded {
            flags.push(flag);
        }
    }
    let percent = |flag: &Flag| flag.at.as_secs_f64() / view.span_seconds * 100.0;
    let ends = flags.iter().skip(1).map(|flag| percent(flag)).chain([100.0]);
    let fits = |flag: &Flag, end: f64| {
        let room = (end - percent(flag)) * CHARACTERS_PER_PERCENT - 3.0;
        let speaks = flag.kind != FlagKind::Expected && room >= FEWEST_CHARACTERS;
        if speaks { room.min(26.0) as usize } else { 0 }
    };
    let ends: Vec<f64> = ends.collect();
    flags.iter().copied().zip(ends).map(|(flag, end)| (flag, end, fits(flag, end))).collect()
}

/// A flag with a text stands where the tick's text would be.
fn is_covered(seconds: f64, view: &TracksView) -> bool {
    let share = |flag: &Flag| flag.at.as_secs_f64() / view.span_seconds;
    let at = seconds / view.span_seconds;
    view.flags.iter().any(|flag| at > share(flag) - 0.045 && at < share(flag) + 0.02)
        || said(view).iter().any(|(flag, _, room)| {
            let length = (*room).min(flag.text.chars().count()) as f64 / CHARACTERS_PER_PERCENT / 100.0;
            *room > 0 && at > share(flag) && at < share(flag) + length + 0.02
        })
}

fn look_of(kind: FlagKind) -> (&'static str, &'static str) {
    match kind {
        FlagKind::Scripted | FlagKind::Caption => ("flag", ""),
        FlagKind::Done => ("bolt", "near"),
        FlagKind::Holds => ("check", ""),
        FlagKind::Expected => ("clock", ""),
        FlagKind::Fails => ("close", "thr"),
    }
}

fn flag_button(flag: &Flag, end: f64, room: usize, span: f64, dispatch: &Callback<Action>) -> Html {
    let (icon, class) = look_of(flag.kind);
    let (dispatch, at) = (dispatch.clone(), flag.at);
    let onclick = Callback::from(move |_: MouseEvent| dispatch.emit(Action::SeekTo(at)));
    let onpointerdown = Callback::from(|event: PointerEvent| event.stop_propagation());
    // The text ends before the next flag, however wide its letters are.
    let at = flag.at.as_secs_f64() / span * 100.0;
    let place = format!("left:{at:.2}%;max-width:calc({:.2}% - 4px)", end - at);
    html! {
        <button type="button" class={classes!("flag", class)} style={place} tabindex="-1" title={flag.text.clone()} {onclick} {onpointerdown}>
            { symbol(icon, 13) }if room > 0 { <span class="flag-text">{ shortened(&flag.text, room) }</span> }
        </button>
    }
}

fn shortened(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    text.chars().take(most.saturating_sub(1)).chain(['…']).collect()
}

fn row(
    place: usize,
    track: &TrackView,
    view: &TracksView,
    scrub: &Callback<PointerEvent>,
    dropping: &UseStateHandle<Option<(usize, usize)>>,
    dispatch: &Callback<Action>,
) -> Html {
    let unpin = {
        let (dispatch, of) = (dispatch.clone(), track.of.clone());
        Callback::from(move |_: MouseEvent| {
            dispatch.emit(Action::TogglePin { of: of.of.clone(), metric: of.metric })
        })
    };
    let flag_line = |flag: &Flag| {
        let class = classes!("flag-line", look_of(flag.kind).1);
        html! { <span {class} style={format!("left:{:.2}%", flag.at.as_secs_f64() / view.span_seconds * 100.0)}/> }
    };
    let (of, name) = (track_name(&track.of.of), track.of.metric.name());
    let lands = match **dropping {
        Some((from, to)) if to == place && from > to => Some("drop-before"),
        Some((from, to)) if to == place && from < to => Some("drop-after"),
        _ => None,
    };
    html! {
        <>
            <div class={classes!("tk-n", lands)}>{ order::grip(place, view.tracks.len(), &format!("{name} of {of}"), dropping, dispatch) }
                <b>{ of.to_owned() }</b><span title={name}>{ name }</span>
                <button type="button" class="unpin" aria-label={format!("Remove the track {name} of {of}")} onclick={unpin}>{ symbol("close", 12) }</button>
            </div>
            <div class="tk-p" onpointerdown={scrub.clone()} onpointermove={scrub.clone()}>
                { picture(track, view.span_seconds) }
                { for track.quota.map(|quota| html! { <span class="note-limit">{ format!("quota {}{}", editor::view::format_count(quota), track.unit_text) }</span> }) }
                { for view.flags.iter().map(flag_line) }
            </div>
            <div class={classes!("tk-v", track.bad.then_some("thr"))}>{ &track.value_text }<small>{ &track.unit_text }</small>
                if !track.other_text.is_empty() { <small class="other" title={view.compared.clone()}>{ &track.other_text }</small> }</div>
        </>
    }
}

pub(crate) fn points(series: &Series, span: f64) -> impl Iterator<Item = (f64, f64)> + '_ {
    let (first, step) = (series.first_second as f64, series.step_seconds.max(1) as f64);
    series.values.iter().enumerate().map(move |(place, value)| ((first + step * place as f64) / span, *value))
}

fn picture(track: &TrackView, span: f64) -> Html {
    let scale = Scale { top: track.max * 1.05, height: HEIGHT };
    let series = &track.series;
    let path = plot::line(points(series, span), scale);
    let ends = points(series, span).next().zip(points(series, span).last());
    let area = ends.map(|((from, _), (to, _))| plot::area(&path, from, to, HEIGHT)).unwrap_or_default();
    let class = if track.bad {
        "thr"
    } else if track.of.metric.name().contains("NumberOfMessagesVisible") {
        "visible"
    } else {
        ""
    };
    // What was refused stands hatched on what was accepted.
    let over = track
        .refused
        .as_ref()
        .filter(|refused| refused.values.iter().any(|value| *value > 0.0))
        .and_then(|refused| {
            let tried =
                points(series, span).zip(&refused.values).map(|((at, value), refused)| (at, value + refused));
            let above = plot::line(tried, scale);
            let back: Vec<(f64, f64)> =
                points(series, span).zip(&refused.values).map(|(point, _)| point).collect();
            let below: String = back
                .iter()
                .rev()
                .map(|(at, value)| format!("L{:.1} {:.1}", at * plot::WIDTH, scale.y(*value)))
                .collect();
            (!above.is_empty()).then(|| {
            let id = format!("hatch-{}-{}", track.of.of, track.of.metric.name());
            html! {
                <>
                    <defs><pattern id={id.clone()} width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(25)"><rect width="7" height="7" class="hatch-ground"/><rect width="3" height="7" class="hatch-line"/></pattern></defs>
                    <path d={format!("{above}{below}Z")} style={format!("fill:url(#{id})")}/>
                </>
            }
        })
        });
    let other = track
        .other
        .as_ref()
        .map(|other| html! { <path class="series other" d={plot::line(points(other, span), scale)}/> });
    html! {
        <svg viewBox={format!("0 0 {} {HEIGHT}", plot::WIDTH)} preserveAspectRatio="none" aria-hidden="true">
            { for track.quota.map(|quota| html! { <path class="quota" d={format!("M0 {0:.1}H{1}", scale.y(quota), plot::WIDTH)}/> }) }
            <path class={classes!("under", class)} d={area}/>
            { for over }
            { for other }
            <path class={classes!("series", class)} d={path}/>
        </svg>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct PlayheadProps {
    span: f64,
    furthest: f64,
}

/// Where the run stands, and what has not happened yet.
#[component]
fn Playhead(props: &PlayheadProps) -> Html {
    let span = props.span;
    // A hundredth of the axis is a dozen pixels: finer steps cannot be seen to jump.
    let at = use_selector_for(Interest::Clock, move |state| {
        (state.playback.playhead().as_secs_f64() / span * 4_000.0).round() as u32
    });
    let ahead = (props.furthest / span).clamp(0.0, 1.0);
    html! {
        <>
            <span class="ahead" style={format!("--at:{ahead:.4}")} aria-hidden="true"/>
            <span class="playhead" style={format!("--at:{:.4}", (f64::from(at) / 4_000.0).min(1.0))} aria-hidden="true">
                <svg width="13" height="12" viewBox="0 0 13 12"><path d="M1 0h11v5L6.5 11 1 5z"/></svg>
            </span>
        </>
    }
}
