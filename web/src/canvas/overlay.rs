//! What floats over the diagram: legend, zoom, what is being drawn, and what to do first.

use editor::playback::ColourBy;
use editor::view::{CanvasView, Legend, RunChip, canvas_view, connect_view, ended, legend, transport_view};
use editor::{Action, Command, Point, Rect, Viewport};
use yew::prelude::*;

use super::journey::Following;
use super::minimap::Minimap;
use crate::icons::symbol;
use crate::parts::glyph::glyph;
use crate::store::{Interest, use_dispatch, use_selector, use_selector_for};

/// Everything over the nodes.
#[component]
pub fn Overlay() -> Html {
    let dispatch = use_dispatch();
    let view = use_selector_for(Interest::Drawing, canvas_view);
    let viewport = use_selector_for(Interest::Drawing, |state| {
        // Only what is being drawn must follow the camera.
        let view = canvas_view(state);
        let drawing = view.area.is_some()
            || !view.guides.is_empty()
            || view.drawing.is_some()
            || view.ghost.is_some()
            || view.new_target_at.is_some();
        drawing.then_some(state.viewport)
    });
    let following = use_selector(|state| state.journey.followed.is_some());
    let picking = use_selector(|state| state.picks_several().then(|| state.selection.nodes().count()));
    let connecting = use_selector(|state| connect_view(state).map(|view| (view.from, view.valid)));
    html! {
        <>
            if let Some(viewport) = viewport { { drawn(&view, &viewport) } }
            if let Some((from, valid)) = connecting {
                { connecting_bar(&from.to_string(), valid) }
            } else if let Some(count) = picking {
                { picking_bar(count, &dispatch) }
            } else if following {
                <Following/>
            } else {
                <LegendFloat/>
            }
            { zoom(&view, &dispatch) }
            <Minimap/>
            if view.empty { <Empty/> }
            <Say/>
        </>
    }
}

fn on(dispatch: &Callback<Action>, action: Action) -> Callback<MouseEvent> {
    let dispatch = dispatch.clone();
    Callback::from(move |_| dispatch.emit(action.clone()))
}

fn zoom(view: &CanvasView, dispatch: &Callback<Action>) -> Html {
    let button = |name: &'static str, icon: &'static str, command: Command| {
        html! { <button type="button" class="btn sm icon" aria-label={name} onclick={on(dispatch, Action::Command(command))}>{ symbol(icon, 15) }</button> }
    };
    html! {
        <div class="float zoom" data-own="">
            { button("Zoom out", "minus", Command::ZoomOut) }
            <span class="level">{ &view.zoom_text }</span>
            { button("Zoom in", "plus", Command::ZoomIn) }
            { button("Fit everything", "fit", Command::FitAll) }
            if !view.multiplicity_text.is_empty() { <span class="muted xs scale">{ &view.multiplicity_text }</span> }
        </div>
    }
}

#[component]
fn LegendFloat() -> Html {
    let dispatch = use_dispatch();
    let legend = use_selector(legend);
    let onchange = {
        let choices = legend.choices.clone();
        Callback::from(move |event: Event| {
            let select: web_sys::HtmlSelectElement = event.target_unchecked_into();
            if let Some(choice) =
                usize::try_from(select.selected_index()).ok().and_then(|place| choices.get(place))
            {
                dispatch.emit(Action::SetColourBy(choice.clone()));
            }
        })
    };
    // One value alone tells nothing apart.
    if legend.entries.len() < 2 && legend.by != ColourBy::Nothing || legend.choices.len() < 2 {
        return Html::default();
    }
    html! {
        <div class="float legend" data-own="">
            { colour_choice(&legend, onchange) }
            { for legend.entries.iter().map(|entry| html! { <span class="k">{ glyph(entry.category, 9.0) }{ short_value(&entry.text) }</span> }) }
        </div>
    }
}

/// A shard by its number alone; everything else as it is.
fn short_value(text: &str) -> &str {
    match text.strip_prefix("shardId-").map(|digits| digits.trim_start_matches('0')) {
        Some("") => "0",
        Some(digits) => digits,
        None => text,
    }
}

fn colour_choice(legend: &Legend, onchange: Callback<Event>) -> Html {
    let option =
        |choice: &ColourBy| html! { <option selected={*choice == legend.by}>{ choice.title() }</option> };
    html! { <select class="colour-by" aria-label="Colour by" {onchange}>{ for legend.choices.iter().map(option) }</select> }
}

fn connecting_bar(from: &str, valid: usize) -> Html {
    let targets = if valid == 1 { "1 target".to_owned() } else { format!("{valid} targets") };
    html! {
        <div class="float legend" role="status" data-own="">
            <span>{ "Connecting from " }<b class="strong">{ from.to_owned() }</b>{ format!(", {targets}") }</span>
            <span class="kbd">{ "↑ ↓" }</span><span class="muted xs keys-only">{ "choose" }</span>
            <span class="kbd">{ "Enter" }</span><span class="muted xs keys-only">{ "connect" }</span>
            <span class="kbd">{ "Esc" }</span>
        </div>
    }
}

/// Several nodes are being chosen, one by one.
fn picking_bar(count: usize, dispatch: &Callback<Action>) -> Html {
    let text = if count == 1 { "1 node".to_owned() } else { format!("{count} nodes") };
    let done = on(dispatch, Action::Command(Command::SelectSeveral));
    html! {
        <div class="float legend" role="status" data-own="">
            <b class="strong">{ text }</b><span class="grow">{ "Add or take out" }</span>
            <button type="button" class="btn sm ink" onclick={done}>{ "Done" }</button>
        </div>
    }
}

/// The link, area or component being drawn, in px of the canvas.
fn drawn(view: &CanvasView, viewport: &Viewport) -> Html {
    let place = |rect: &Rect| {
        let (from, zoom) = (viewport.to_canvas(rect.origin), viewport.zoom);
        format!(
            "left:{:.1}px;top:{:.1}px;width:{:.1}px;height:{:.1}px",
            from.x,
            from.y,
            rect.size.width * zoom,
            rect.size.height * zoom
        )
    };
    let spot = |point: Point| {
        let at = viewport.to_canvas(point);
        format!("left:{:.1}px;top:{:.1}px", at.x, at.y)
    };
    html! {
        <>
            if !view.guides.is_empty() {
                <svg class="edges" aria-hidden="true">
                    { for view.guides.iter().map(|guide| {
                        let (from, to) = (viewport.to_canvas(guide.from), viewport.to_canvas(guide.to));
                        html! { <path class="guide" d={format!("M{:.1} {:.1}L{:.1} {:.1}", from.x, from.y, to.x, to.y)}/> }
                    }) }
                </svg>
            }
            if let Some(area) = &view.area { <div class="marquee" style={place(area)}/> }
            if let Some((curve, refused)) = &view.drawing {
                <svg class="edges" aria-hidden="true">
                    <path class={classes!("edge", "draft", refused.then_some("bad"))} d={editor::Curve(curve.0.map(|point| viewport.to_canvas(point))).svg_path()}/>
                </svg>
            }
            if let Some((reason, hint, at)) = &view.refusal {
                <div class="why" role="tooltip" style={spot(*at)}><b class="strong">{ reason }</b>if let Some(hint) = hint { <br/>{ hint } }</div>
            }
            if let Some((title, icon, rect)) = &view.ghost {
                <div class="node ghost" style={place(rect)}><div class="nh">{ symbol(icon, 18) }<b>{ *title }</b></div></div>
            }
            if let Some(at) = view.new_target_at { <NewTarget at={spot(at)} world={at}/> }
        </>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct NewTargetProps {
    at: String,
    world: Point,
}

/// What a link let go over the ground may end at.
#[component]
fn NewTarget(props: &NewTargetProps) -> Html {
    let dispatch = use_dispatch();
    let view = use_selector(|state| connect_view(state).map(|view| (view.from, view.new_targets)));
    let Some((from, targets)) = view else { return Html::default() };
    let item = |(kind, preset, title, icon): &(
        messaging::ResourceKind,
        Option<usize>,
        &'static str,
        &'static str,
    )| {
        let action =
            Action::ConnectToNew { from: from.clone(), kind: *kind, preset: *preset, at: Some(props.world) };
        html! { <button type="button" role="menuitem" onclick={on(&dispatch, action)}>{ symbol(icon, 18) }{ *title }</button> }
    };
    html! { <div class="menu" role="menu" aria-label="New target" data-own="" style={props.at.clone()}>{ for targets.iter().map(item) }</div> }
}

/// What to do first.
#[component]
fn Empty() -> Html {
    let dispatch = use_dispatch();
    let producer = use_memo((), |()| {
        editor::view::palette("").into_iter().find_map(|section| section.items.first().copied())
    });
    let add =
        producer.map(|item| on(&dispatch, Action::Add { kind: item.kind, preset: item.preset, at: None }));
    html! {
        <div class="mid"><div>
            <span class="row art">{ symbol("producer", 26) }{ symbol("sqs-standard", 26) }{ symbol("lambda", 26) }</span>
            <h2>{ "Start with something that sends" }</h2>
            <p>{ "Drag a producer here, or press A and type its name. A queue and a consumer usually follow." }</p>
            <span class="row" data-own="">
                <button type="button" class="btn ink" onclick={add}>{ "Add a producer" }</button>
                <button type="button" class="btn line" onclick={on(&dispatch, Action::ShowScreen(editor::panels::Screen::Gallery))}>{ "Open a scenario" }</button>
            </span>
        </div></div>
    }
}

/// Where in the run we are, when that is not "now and running".
#[component]
fn Say() -> Html {
    let dispatch = use_dispatch();
    let view = use_selector(|state| {
        let view = transport_view(state);
        // Before anything was played there is nothing to say.
        let begun = state.playback.transport.furthest > kernel::SimTime::ZERO;
        (view.chip, if begun { view.next_text } else { String::new() })
    });
    let looked_at = use_selector_for(Interest::Clock, |state| {
        let transport = &state.playback.transport;
        let ago = transport.furthest.whole_second().saturating_sub(transport.reached.whole_second());
        transport.is_past().then(|| (editor::view::clock_text(state).0, ago))
    });
    match view {
        (RunChip::Past, _) => html! {
            <div class="float say" data-own="">
                { symbol("clock", 16) }
                if let Some((clock, ago)) = looked_at { <span>{ "Looking at " }<b>{ clock }</b>{ format!(", {} ago", before(ago)) }</span> }
                <button type="button" class="btn sm line" onclick={on(&dispatch, Action::Command(Command::Branch))}>{ "Branch" }</button>
                <button type="button" class="btn sm ink" onclick={on(&dispatch, Action::Command(Command::ToLive))}>{ "Return to live" }</button>
            </div>
        },
        (RunChip::Paused, next) if !next.is_empty() => html! {
            <div class="float say" data-own="">
                { symbol("pause", 15) }<span>{ next }</span>
                <button type="button" class="btn sm line" onclick={on(&dispatch, Action::Step)}>{ "Step" }</button>
            </div>
        },
        (RunChip::Ended, _) => html! { <Ended/> },
        (RunChip::Stopped(reason), _) => html! {
            <div class="float say" role="alert" data-own="">
                { symbol("warn", 16) }<span>{ "Simulation stopped. " }{ reason }</span>
                <button type="button" class="btn sm ink" onclick={on(&dispatch, Action::RestartEngine)}>{ "Restart" }</button>
                <button type="button" class="btn sm line" onclick={on(&dispatch, Action::DownloadDocument)}>{ "Save file" }</button>
            </div>
        },
        _ => Html::default(),
    }
}

/// `22 s`, or `3:20 min` from two minutes on.
fn before(seconds: u64) -> String {
    if seconds < 120 { format!("{seconds} s") } else { format!("{} min", editor::view::short_time(seconds)) }
}

/// All that is written down has happened: a sum that adds up, and the next experiment.
#[component]
fn Ended() -> Html {
    let dispatch = use_dispatch();
    let view = use_selector(ended);
    let again = {
        let dispatch = dispatch.clone();
        Callback::from(move |_: MouseEvent| {
            dispatch.emit(Action::Reset);
            dispatch.emit(Action::Play);
        })
    };
    let next = view.next.map(|name| {
        html! { <button type="button" class="btn sm line" onclick={on(&dispatch, Action::OpenGallery(name))}>{ "Next scenario" }</button> }
    });
    html! {
        <div class="float say ended" data-own="">
            { symbol("flag", 16) }<span><b>{ "The run has ended." }</b><br/><span class="muted xs">{ view.sum }</span></span>
            <button type="button" class="btn sm ink" onclick={again}>{ symbol("restart", 15) }{ "Play again" }</button>
            { for next }
        </div>
    }
}
