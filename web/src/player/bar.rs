//! What stands above and below the diagram.

use editor::view::{legend, transport_view};
use editor::{Action, Command, EditorState};
use kernel::SimTime;
use scenario::url;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::end_of;
use crate::browser::{self, location};
use crate::icons::symbol;
use crate::parts::glyph::glyph;
use crate::parts::logo::logo;
use crate::store::{Interest, use_dispatch, use_selector, use_selector_for};

/// `1:05`, `1:02:05`.
fn short_clock(at: SimTime) -> String {
    let seconds = at.whole_second();
    let (hours, minutes, seconds) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    if hours > 0 { format!("{hours}:{minutes:02}:{seconds:02}") } else { format!("{minutes}:{seconds:02}") }
}

fn shows(state: &EditorState, part: &str) -> bool {
    state.player.as_ref().is_none_or(|player| player.shows(part))
}

/// Title, legend, and the way to a copy of one's own.
#[component]
pub(super) fn Head() -> Html {
    let (title, values) = use_selector(|state| {
        let entries = if shows(state, "legend") { legend(state).entries } else { Vec::new() };
        (state.title().to_owned(), if entries.len() > 1 { entries } else { Vec::new() })
    });
    let (named, open) = use_selector(|state| (shows(state, "title"), shows(state, "open")));
    // The page of the site this player belongs to, with what is played here.
    let address = use_selector(|state| {
        format!("{}{}#{}", location::folder(), super::root(), url::write(&state.scenario, None, &[]))
    });
    html! {
        <header class="player-head">
            { logo(17) }
            if named { <b class="trunc">{ title }</b> }
            <span class="grow"/>
            <span class="player-legend">
                { for values.into_iter().map(|entry| html! { <span class="row">{ glyph(entry.category, 9.0) }<span>{ entry.text }</span></span> }) }
            </span>
            if open { <a class="btn quiet" href={address} target="_blank" rel="noopener">{ symbol("external", 15) }<span>{ "Open and edit" }</span></a> }
        </header>
    }
}

/// Play, clock, scrubber with the steps, speed, full screen.
#[derive(Clone, PartialEq, Properties)]
pub(super) struct FootProps {
    /// Only play and clock.
    pub(super) minimal: bool,
}

#[component]
pub(super) fn Foot(props: &FootProps) -> Html {
    let dispatch = use_dispatch();
    let view = use_selector(transport_view);
    let has_speed = use_selector(|state| shows(state, "speed"));
    let on = |action: Action| {
        let dispatch = dispatch.clone();
        Callback::from(move |_: MouseEvent| dispatch.emit(action.clone()))
    };
    let play = if view.playing { Action::Pause } else { Action::Play };
    let faster = if view.speed >= 8.0 { Action::SetSpeed(0.25) } else { Action::Command(Command::Faster) };
    let full = Callback::from(|_: MouseEvent| {
        if let Some(root) = browser::document().and_then(|document| document.document_element()) {
            // Refused where the page around does not allow it.
            let _ = root.request_fullscreen();
        }
    });
    html! {
        <footer class="player-foot" role="group" aria-label="Transport">
            <button type="button" class="playbtn" aria-label={if view.playing { "Pause" } else { "Play" }} disabled={!view.enabled} onclick={on(play)}>
                { symbol(if view.playing { "pause" } else { "play" }, 18) }
            </button>
            <Clock/>
            if !props.minimal {
                <Scrubber/>
                if has_speed { <button type="button" class="btn sm" aria-label={format!("Speed {}, faster", view.speed_text)} onclick={on(faster)}>{ view.speed_text.clone() }</button> }
                <button type="button" class="btn icon sm" aria-label="Step to the next event" disabled={!view.enabled} onclick={on(Action::Step)}>{ symbol("step", 16) }</button>
                <button type="button" class="btn icon sm" aria-label="Full screen" onclick={full}>{ symbol("fit", 16) }</button>
            }
        </footer>
    }
}

#[component]
fn Clock() -> Html {
    let (now, end) = use_selector_for(Interest::Clock, |state| {
        (short_clock(state.playback.playhead()), short_clock(end_of(state)))
    });
    html! { <span class="player-clock num" role="timer" aria-label="Simulation time"><b>{ now }</b><span class="muted">{ format!(" / {end}") }</span></span> }
}

/// The scrubber: a slider over the whole run, with a dot for every step.
#[component]
fn Scrubber() -> Html {
    let dispatch = use_dispatch();
    let (now, end) = use_selector_for(Interest::Clock, |state| {
        // In steps of a quarter of a second: it is drawn again with each.
        let quarter = |at: SimTime| (at.as_secs_f64() * 4.0).round() / 4.0;
        (quarter(state.playback.playhead()), quarter(end_of(state)).max(1.0))
    });
    let steps = use_selector(|state| state.scenario.captions.iter().map(|said| said.at).collect::<Vec<_>>());
    let oninput = Callback::from(move |event: InputEvent| {
        let input: HtmlInputElement = event.target_unchecked_into();
        let micros = (input.value_as_number().max(0.0) * 1e6) as u64;
        dispatch.emit(Action::SeekTo(SimTime::from_micros(micros)));
    });
    let spoken = editor::view::spoken_time(SimTime::from_micros((now * 1e6) as u64));
    let share = |at: f64| format!("left:{:.2}%", (at / end * 100.0).clamp(0.0, 100.0));
    let dot = |at: &SimTime| {
        let at = at.as_secs_f64();
        html! { <i class={(at <= now).then_some("past")} style={share(at)}/> }
    };
    html! {
        <span class="range player-scrub">
            <i style={format!("width:{:.2}%", (now / end * 100.0).clamp(0.0, 100.0))}/>
            <span class="player-steps" aria-hidden="true">{ for steps.iter().map(dot) }</span>
            <b style={share(now)}/>
            <input type="range" min="0" max={end.to_string()} step="0.25" value={now.to_string()} aria-label="Time" aria-valuetext={spoken} {oninput}/>
        </span>
    }
}

/// The step that is said now, and the ways to the one before and the next.
#[component]
pub(super) fn Captions() -> Html {
    let dispatch = use_dispatch();
    let view = use_selector_for(Interest::Clock, |state| {
        let said = &state.scenario.captions;
        if said.is_empty() || !shows(state, "captions") {
            return None;
        }
        let now = state.playback.playhead();
        let place = said.iter().rposition(|said| said.at <= now).unwrap_or(0);
        let text = said[place].text.clone();
        let neighbours =
            (place.checked_sub(1).map(|place| said[place].at), said.get(place + 1).map(|said| said.at));
        Some((place, said.len(), text, neighbours))
    });
    let Some((place, count, text, (before, after))) = view else { return Html::default() };
    let to = |at: Option<SimTime>| {
        let dispatch = dispatch.clone();
        Callback::from(move |_: MouseEvent| {
            if let Some(at) = at {
                dispatch.emit(Action::Pause);
                dispatch.emit(Action::SeekTo(at));
            }
        })
    };
    html! {
        <div class="player-captions">
            <p class="player-caption" role="status" aria-live="polite"><span class="muted num">{ format!("{} of {count}", place + 1) }</span><span>{ text }</span></p>
            if count > 1 {
                <button type="button" class="btn icon line" aria-label="Previous step" disabled={before.is_none()} onclick={to(before)}>{ symbol("chev-left", 16) }</button>
                <button type="button" class="btn icon line" aria-label="Next step" disabled={after.is_none()} onclick={to(after)}>{ symbol("chev-right", 16) }</button>
            }
        </div>
    }
}

/// What a reader who may only look sees of a node.
#[component]
pub(super) fn Card() -> Html {
    let dispatch = use_dispatch();
    let view = use_selector(|state| {
        let id = state.selection.single_node()?;
        let node = editor::view::node_view(state, id)?;
        let run = state.run.nodes.get(id);
        let problem = run.and_then(|run| run.state.problem.clone());
        let summary = run.map(|run| run.state.summary.clone()).unwrap_or_default();
        Some((
            id.to_string(),
            node.kind_title,
            node.icon,
            summary,
            problem.map(|problem| (problem.title, problem.text)),
        ))
    });
    let Some((name, kind, icon, summary, problem)) = view else { return Html::default() };
    let close =
        Callback::from(move |_: MouseEvent| dispatch.emit(Action::Select(editor::Selection::Nothing)));
    html! {
        <aside class="player-card" aria-label={name.clone()}>
            <div class="row">{ symbol(icon, 18) }<b class="trunc">{ name }</b><span class="grow"/><button type="button" class="btn icon sm" aria-label="Close" onclick={close}>{ symbol("close", 14) }</button></div>
            <p class="sm soft">{ if summary.is_empty() { kind.to_owned() } else { summary } }</p>
            if let Some((title, text)) = problem { <div class="call thr"><b>{ title }</b><p>{ text }</p></div> }
        </aside>
    }
}
