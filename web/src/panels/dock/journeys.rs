//! Journeys of messages: the list on the left, the chart of the followed one beside it.

use editor::Action;
use editor::journey::{JourneyAction, Trouble};
use editor::view::{
    Bar, ChartView, Connector, JourneyRow, JourneyRows, Said, SaidMark, journey_chart, journey_rows,
};
use engine::{HopKind, OutcomeKind, StayState};
use web_sys::{HtmlInputElement, HtmlSelectElement, KeyboardEvent};
use yew::prelude::*;

use crate::icons::symbol;
use crate::parts::glyph::{glyph, outline};
use crate::store::{use_dispatch, use_selector};

/// Height of a row of the chart, px.
const ROW: f64 = 30.0;

#[component]
pub(super) fn Journeys() -> Html {
    html! { <div class="journeys-view"><List/><Chart/></div> }
}

fn on(dispatch: &Callback<Action>, action: JourneyAction) -> Callback<MouseEvent> {
    let dispatch = dispatch.clone();
    Callback::from(move |_| dispatch.emit(Action::Journey(action.clone())))
}

#[component]
fn List() -> Html {
    let dispatch = use_dispatch();
    let view = use_selector(journey_rows);
    {
        let chosen = view.rows.iter().find(|row| row.chosen).map(|row| row.trace_id.0);
        use_effect_with(chosen, |chosen| {
            if let Some(id) = chosen {
                crate::browser::scroll_to(&format!("#message-{id}"));
            }
        });
    }
    let oninput = {
        let dispatch = dispatch.clone();
        Callback::from(move |event: InputEvent| {
            let input: HtmlInputElement = event.target_unchecked_into();
            dispatch.emit(Action::Journey(JourneyAction::Find(input.value())));
        })
    };
    let onkeydown = {
        let dispatch = dispatch.clone();
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Enter" {
                event.prevent_default();
                dispatch.emit(Action::Journey(JourneyAction::Choose));
            }
        })
    };
    html! {
        <div class="jl">
            <div class="jl-find"><label class="field">{ symbol("search", 14) }
                <input id="find-message" type="search" placeholder="ID, key or outcome" aria-label="Find a message: ID, key or outcome" value={view.find.clone()} {oninput} {onkeydown}/></label></div>
            if view.only_same {
                <button type="button" class="jr-note" onclick={on(&dispatch, JourneyAction::OnlySame(false))}>{ symbol("close", 12) }{ "Only those with the same outcome" }</button>
            }
            <div class="jl-rows" role="listbox" tabindex={if view.rows.is_empty() { "-1" } else { "0" }} aria-label="Messages, latest first" onkeydown={arrows(&view, &dispatch)}
                aria-activedescendant={view.rows.iter().find(|row| row.chosen).map(|row| format!("message-{}", row.trace_id.0))}>
                { for view.rows.iter().map(|row| line(row, &dispatch)) }
            </div>
            if view.rows.is_empty() { <p class="sec muted sm">{ if view.empty { "Press Play: messages are listed here as they are published." } else { "No message here matches. Press Enter to look up a number." } }</p> }
        </div>
    }
}

/// Up and down follow the next message.
fn arrows(view: &JourneyRows, dispatch: &Callback<Action>) -> Callback<KeyboardEvent> {
    let ids: Vec<_> = view.rows.iter().map(|row| row.trace_id).collect();
    let chosen = view.rows.iter().position(|row| row.chosen);
    let dispatch = dispatch.clone();
    Callback::from(move |event: KeyboardEvent| {
        let last = ids.len().saturating_sub(1);
        let next = match (event.key().as_str(), chosen) {
            ("ArrowDown", Some(place)) => (place + 1).min(last),
            ("ArrowUp", Some(place)) => place.saturating_sub(1),
            ("End", _) => last,
            ("ArrowDown" | "ArrowUp" | "Home" | "Enter", _) => 0,
            _ => return,
        };
        event.prevent_default();
        event.stop_propagation();
        if let Some(id) = ids.get(next) {
            dispatch.emit(Action::Journey(JourneyAction::Follow(*id)));
        }
    })
}

fn line(row: &JourneyRow, dispatch: &Callback<Action>) -> Html {
    html! {
        <div class="jr" role="option" id={format!("message-{}", row.trace_id.0)} aria-selected={row.chosen.to_string()} onclick={on(dispatch, JourneyAction::Follow(row.trace_id))}>
            { glyph(row.category, 11.0) }<span class="mono trunc">{ &row.name }</span><span class="xs muted num">{ &row.time }</span>
            <small>{ &row.text }</small>
        </div>
    }
}

#[component]
fn Chart() -> Html {
    let dispatch = use_dispatch();
    let view = use_selector(journey_chart);
    let following = use_selector(|state| state.journey.followed.is_some());
    let empty = if following {
        "Following the message through the run."
    } else {
        "Choose a message, click a mark, or press F: its whole way is drawn here."
    };
    html! {
        <div class="jc">
            { head(view.as_ref(), &dispatch) }
            { match &view { Some(view) => plot(view), None => html! { <p class="sec muted sm">{ empty }</p> } } }
        </div>
    }
}

fn head(view: Option<&ChartView>, dispatch: &Callback<Action>) -> Html {
    let scale = |view: &ChartView, to_scale: bool, text: &'static str| {
        let pressed = (view.to_scale == to_scale).to_string();
        html! { <button type="button" aria-pressed={pressed} onclick={on(dispatch, JourneyAction::ToScale(to_scale))}>{ text }</button> }
    };
    html! {
        <div class="jc-h">
            if let Some(view) = view {
                { glyph(view.category, 12.0) }<b class="mono">{ &view.name }</b><span class="xs muted">{ &view.title }</span>
            }
            <span class="grow"/>
            <TroubleSteps/>
            if let Some(view) = view {
                <span class="seg" role="group" aria-label="Time axis">{ scale(view, false, "Elastic") }{ scale(view, true, "To scale") }</span>
            }
        </div>
    }
}

/// To the next drop, throttle or dead letter, and back.
#[component]
fn TroubleSteps() -> Html {
    let dispatch = use_dispatch();
    let chosen = use_selector(|state| state.journey.trouble);
    let onchange = {
        let dispatch = dispatch.clone();
        Callback::from(move |event: Event| {
            let select: HtmlSelectElement = event.target_unchecked_into();
            let place = usize::try_from(select.selected_index()).ok();
            if let Some(trouble) = place.and_then(|place| Trouble::ALL.get(place)) {
                dispatch.emit(Action::Journey(JourneyAction::Look(*trouble)));
            }
        })
    };
    let step = |forward: bool, icon: &'static str, title: &'static str| {
        html! { <button type="button" class="btn sm icon" aria-label={title} {title} onclick={on(&dispatch, JourneyAction::Seek { forward })}>{ symbol(icon, 15) }</button> }
    };
    html! {
        <span class="row trouble" role="group" aria-label="Step to trouble">
            { step(false, "chev-left", "Previous trouble (Shift ,)") }
            <select class="colour-by" aria-label="What to step to" {onchange}>{ for Trouble::ALL.iter().map(|trouble| html! { <option selected={*trouble == chosen}>{ trouble.word() }</option> }) }</select>
            { step(true, "chev-right", "Next trouble (Shift .)") }
        </span>
    }
}

fn left(at: f64) -> String {
    format!("left:{:.3}%", at * 100.0)
}

fn plot(view: &ChartView) -> Html {
    let height = view.rows.len() as f64 * ROW;
    html! {
        <div class="jc-scroll" tabindex="0" role="group" aria-label={format!("Journey of {}", view.name)}>
            <ol class="vh">{ for view.steps.iter().map(|step| html! { <li>{ step }</li> }) }</ol>
            <div class="jc-grid" aria-hidden="true" style={format!("--rows:{}", view.rows.len())}>
                <div class="jc-names"><div class="jc-name"/>
                    { for view.rows.iter().map(|row| html! { <div class="jc-name">{ symbol(row.icon, 15) }<span class="trunc">{ row.place.to_string() }</span></div> }) }
                </div>
                <div class="jc-plot">
                    <div class="jc-axis">
                        { for view.ticks.iter().filter(|(at, _)| view.now.is_none_or(|now| now - at > 0.04)).map(|(at, text)| html! { <span style={left(*at)}>{ text }</span> }) }
                        { for view.breaks.iter().map(|at| html! { <i class="break" style={left(*at)}/> }) }
                        { for view.now.iter().map(|at| html! { <span class="now" style={left(*at)}>{ view.now_text }</span> }) }
                    </div>
                    <svg class="jc-ways" viewBox={format!("0 0 1000 {height}")} preserveAspectRatio="none" style={format!("height:{height}px")}>
                        { for view.ticks.iter().map(|(at, _)| html! { <path class="grid" d={format!("M{0:.1} 0V{height}", at * 1000.0)}/> }) }
                        { for view.connectors.iter().map(way) }
                    </svg>
                    { for view.bars.iter().map(bar) }
                    { for view.said.iter().map(|said| word(said, view.category)) }
                    { for view.now.iter().map(|at| html! { <i class="jc-now" style={left(*at)}/> }) }
                </div>
            </div>
        </div>
    }
}

/// Down or up at the instant of departure, then along the row.
fn way(way: &Connector) -> Html {
    let middle = |row: usize| row as f64 * ROW + ROW / 2.0;
    let class = match way.kind {
        HopKind::DeadLettered => "way dead",
        HopKind::FilteredOut => "way out",
        _ => "way",
    };
    let (from, to) = (way.from * 1000.0, way.to.max(way.from) * 1000.0);
    html! { <path {class} d={format!("M{from:.1} {}V{}H{to:.1}", middle(way.from_row), middle(way.to_row))}/> }
}

fn bar(bar: &Bar) -> Html {
    let look = match bar.state {
        StayState::Passing => "passing",
        StayState::Delayed => "delayed",
        StayState::Visible => "visible",
        StayState::InFlight => "inflight",
        StayState::Processing => "processing",
        StayState::Failed | StayState::Refused => "failed",
        StayState::Dead => "dead",
    };
    let top = 30.0 + bar.row as f64 * ROW;
    let style =
        format!("top:{top}px;left:{:.3}%;width:{:.3}%", bar.from * 100.0, (bar.to - bar.from) * 100.0);
    let beside =
        format!("top:{top}px;left:{:.3}%;max-width:calc({:.3}% - 8px)", bar.to * 100.0, bar.room * 100.0);
    html! {
        <>
            <i class={classes!("jb", look)} {style}/>
            if !bar.text.is_empty() { <span class="jt" style={beside}>{ &bar.text }</span> }
        </>
    }
}

fn word(said: &Said, category: u8) -> Html {
    let tone = match said.kind {
        Some(OutcomeKind::Delivered) => Some("t-ok"),
        Some(OutcomeKind::DeadLettered | OutcomeKind::Expired) => Some("t-dead"),
        Some(OutcomeKind::Lost | OutcomeKind::Refused) => Some("t-bad"),
        _ => None,
    };
    let style = format!("top:{}px;left:{:.3}%", 30.0 + said.row as f64 * ROW, said.at * 100.0);
    let mark = match said.mark {
        SaidMark::Filled => glyph(category, 11.0),
        SaidMark::Outline => outline(category, 10.0),
        SaidMark::None | SaidMark::Before => Html::default(),
    };
    let place = match said.mark {
        SaidMark::Before => "before",
        SaidMark::None => "beside",
        // On a telephone there is no room to the right of it.
        _ if said.at > 0.6 => "late",
        _ => "",
    };
    html! { <span class={classes!("js", place)} {style}>{ mark }<b class={classes!(tone)}>{ &said.word }</b><span class="trunc">{ &said.text }</span></span> }
}
