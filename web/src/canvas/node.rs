//! One node, at its level of detail.

use editor::view::{CandidateMark, NodeView, PortView, RowView, node_view};
use editor::{Action, Detail, Edit, EditorState, LinkEnds, Side};
use gloo_timers::callback::Timeout;
use messaging::LogicalId;
use messaging::node_state::{Health, Instrument};
use web_sys::{FocusEvent, HtmlInputElement, KeyboardEvent};
use yew::prelude::*;

use crate::browser;
use crate::icons::symbol;
use crate::parts::beside;
use crate::parts::instruments::{self, Around};
use crate::store::{Interest, use_dispatch, use_selector_for, use_store};

/// Which node.
#[derive(Clone, PartialEq, Properties)]
pub struct NodeProps {
    /// Its name.
    pub id: LogicalId,
}

/// A node.
#[component]
pub fn Node(props: &NodeProps) -> Html {
    let store = use_store();
    let dispatch = use_dispatch();
    let id = props.id.clone();
    let seen = use_selector_for(Interest::Node(props.id.clone()), move |state| {
        let view = node_view(state, &id)?;
        // Only what keeps its size on screen must know the zoom.
        let zoom = if view.grows { 1.0 } else { state.viewport.zoom };
        Some((view, zoom))
    });
    let Some((view, zoom)) = seen else { return Html::default() };
    let onfocus = {
        let (dispatch, id) = (dispatch.clone(), props.id.clone());
        Callback::from(move |_: FocusEvent| dispatch.emit(Action::FocusNode(Some(id.clone()))))
    };
    let body = store.read(|state| match view.detail {
        Detail::Dot => Html::default(),
        Detail::Glyph => glyph(&view),
        Detail::Compact => compact(&view, state, &dispatch),
        Detail::Full => full(&view, state, &dispatch),
    });
    let ports = (view.detail >= Detail::Compact).then(|| {
        let valid = view.candidate == CandidateMark::Valid;
        view.ports.iter().map(|at| port(*at, zoom, valid)).collect::<Html>()
    });
    html! {
        <div class={class_of(&view)} style={place(&view, zoom)} role="group" aria-label={view.label.clone()}
            data-node={view.id.to_string()} tabindex={if view.focused { "0" } else { "-1" }} {onfocus}
            aria-current={view.selected.then_some("true")}
            aria-disabled={matches!(view.candidate, CandidateMark::Refused(_)).then_some("true")}>
            { body }
            { for ports }
            { for view.stops.iter().map(|(ends, label)| stop(ends, label, &dispatch)) }
            if let CandidateMark::Refused(reason) = &view.candidate { <span class="no">{ first_sentence(reason) }</span> }
        </div>
    }
}

fn health_class(health: Health) -> Option<&'static str> {
    match health {
        Health::Ok => None,
        Health::NearQuota => Some("near"),
        Health::DeadLetters => Some("dd"),
        Health::Throttled | Health::Failing => Some("thr"),
        Health::Down => Some("down"),
    }
}

fn class_of(view: &NodeView) -> Classes {
    let health = health_class(view.health);
    let level = match view.detail {
        Detail::Dot => Some("dot"),
        Detail::Glyph => Some("glyph"),
        Detail::Compact => Some("compact"),
        Detail::Full => None,
    };
    let candidate = match view.candidate {
        CandidateMark::Valid => Some("can"),
        CandidateMark::Refused(_) => Some("refused-target"),
        CandidateMark::None | CandidateMark::Source => None,
    };
    classes!(
        "node",
        health,
        level,
        candidate,
        view.selected.then_some("sel"),
        view.dimmed.then_some("dim"),
        view.lit.then_some("lit"),
        view.dragged.then_some("dragging")
    )
}

/// World coordinates; what keeps its size on screen undoes the zoom of the world.
fn place(view: &NodeView, zoom: f64) -> String {
    let rect = view.rect;
    let scale = if zoom == 1.0 { String::new() } else { format!(" scale({:.4})", 1.0 / zoom) };
    format!(
        "width:{:.1}px;height:{:.1}px;transform:translate({:.1}px,{:.1}px){scale};transform-origin:0 0",
        rect.size.width * zoom,
        rect.size.height * zoom,
        rect.origin.x,
        rect.origin.y
    )
}

/// A label has room for one sentence; the list of targets has them all.
fn first_sentence(text: &str) -> &str {
    text.split_once(". ").map_or(text, |(first, _)| first).trim_end_matches('.')
}

fn port(port: PortView, zoom: f64, valid: bool) -> Html {
    let style = format!("left:{:.1}px;top:{:.1}px", port.at.x * zoom, port.at.y * zoom);
    let class = classes!(
        "port",
        "out",
        port.refusing.then_some("thr"),
        (valid && port.side == Side::Left).then_some("ok")
    );
    html! { <span {class} {style} data-port="" aria-hidden="true"/> }
}

/// Where Tab finds a link that has no row: seen only while it has the focus.
fn stop(ends: &LinkEnds, label: &str, dispatch: &Callback<Action>) -> Html {
    let (dispatch, link) = (dispatch.clone(), ends.clone());
    let onclick = Callback::from(move |_: MouseEvent| dispatch.emit(Action::OpenLink(link.clone())));
    html! {
        <button key={ends.to.to_string()} type="button" class="port-stop" data-own="" aria-label={label.to_owned()} {onclick}>{ format!("to {}", ends.to) }</button>
    }
}

fn header(view: &NodeView, dispatch: &Callback<Action>) -> Html {
    html! {
        <div class="nh">
            { symbol(view.icon, 18) }
            if view.renaming {
                { name_field(view, dispatch) }
            } else {
                <b>{ view.id.to_string() }</b>
                if !view.tag.is_empty() { <span class="tag">{ &view.tag }</span> }
            }
        </div>
    }
}

fn name_field(view: &NodeView, dispatch: &Callback<Action>) -> Html {
    let onblur = {
        let (dispatch, from) = (dispatch.clone(), view.id.clone());
        Callback::from(move |event: FocusEvent| {
            let input: HtmlInputElement = event.target_unchecked_into();
            rename(&dispatch, &from, input.value().trim());
        })
    };
    let onkeydown = {
        let before = view.id.to_string();
        Callback::from(move |event: KeyboardEvent| {
            let input: HtmlInputElement = event.target_unchecked_into();
            match event.key().as_str() {
                "Escape" => input.set_value(&before),
                "Enter" => {}
                _ => return,
            }
            event.prevent_default();
            event.stop_propagation();
            // The node keeps the keyboard under its new name, or under its old one if the new one is refused.
            let names = [LogicalId::from(input.value().trim()), LogicalId::from(before.as_str())];
            let _ = input.blur();
            Timeout::new(0, move || {
                let _ = names.iter().any(|name| browser::focus_first(&node_selector(name)));
            })
            .forget();
        })
    };
    html! { <input id="rename" type="text" aria-label="Name" maxlength="80" value={view.id.to_string()} {onblur} {onkeydown}/> }
}

fn rename(dispatch: &Callback<Action>, from: &LogicalId, name: &str) {
    let to = LogicalId::from(name);
    if to == *from || name.is_empty() {
        dispatch.emit(Action::Command(editor::Command::Back));
    } else {
        dispatch.emit(Action::Edit(Edit::Rename { from: from.clone(), to }));
    }
}

/// Finds the element of a node.
#[must_use]
pub fn node_selector(id: &LogicalId) -> String {
    format!("[data-node={}]", serde_json::Value::from(id.as_str()))
}

fn full(view: &NodeView, state: &EditorState, dispatch: &Callback<Action>) -> Html {
    let Some(run) = view.run.as_ref() else {
        return html! { <>{ header(view, dispatch) }{ rows(view, dispatch) }</> };
    };
    let around = Around { state, run, bar_scale: view.bar_scale as f64 };
    let lanes = run.state.instruments.iter().find_map(|instrument| match instrument {
        Instrument::Lanes { lanes } => Some(lanes),
        _ => None,
    });
    html! {
        <>
            { header(view, dispatch) }
            <div class="nb">
                { beside::key_grid(&view.keys) }
                if view.workers.is_empty() { { instruments::all(&run.state.instruments, &around) } } else { { beside::without_slots(&run.state.instruments, &around) } }
            </div>
            { rows(view, dispatch) }
            { for lanes.map(|lanes| instruments::lanes(lanes, &around)) }
            { for view.workers.iter().map(beside::worker) }
        </>
    }
}

fn compact(view: &NodeView, state: &EditorState, dispatch: &Callback<Action>) -> Html {
    let bar = view.run.as_ref().and_then(|run| {
        let around = Around { state, run, bar_scale: view.bar_scale as f64 };
        instruments::compact(&run.state.instruments, state.upright.is_some(), &around)
    });
    html! { <>{ header(view, dispatch) }<div class="nb">{ for bar }</div></> }
}

fn glyph(view: &NodeView) -> Html {
    let share = view
        .run
        .as_ref()
        .map_or(0.0, |run| instruments::fullness(&run.state.instruments, view.bar_scale as f64));
    let colour = match view.health {
        Health::Ok => "var(--c-visible)",
        Health::NearQuota => "var(--c-near)",
        Health::DeadLetters => "var(--c-dead)",
        Health::Throttled | Health::Failing | Health::Down => "var(--c-throttled)",
    };
    html! {
        <>
            { symbol(view.icon, 18) }
            <u><i style={format!("width:{:.0}%;background:{colour}", share * 100.0)}/></u>
            if let Some(trouble) = &view.trouble { <span class={classes!("tag2", health_class(view.health))}>{ trouble }</span> }
        </>
    }
}

fn rows(view: &NodeView, dispatch: &Callback<Action>) -> Html {
    if view.rows.is_empty() {
        return Html::default();
    }
    let row = |row: &RowView| {
        let (dispatch, link) = (dispatch.clone(), row.link.clone());
        // Pointers come through the canvas; this is the keyboard's click.
        let onclick = Callback::from(move |event: MouseEvent| {
            if event.detail() == 0 {
                dispatch.emit(Action::OpenLink(link.clone()));
            }
        });
        let words = filter_text(row);
        html! {
            <button type="button" class={classes!("sub", row.selected.then_some("sel"))} tabindex={if view.focused { "0" } else { "-1" }}
                data-from={row.link.from.to_string()} data-to={row.link.to.to_string()} {onclick}
                aria-label={format!("to {}, {words} {}", row.link.to, row.share)}>
                { symbol(if row.filtered { "subscription" } else { "minus" }, 13) }
                <span class="f">{ filter_words(row) }</span>{ " " }
                <span class="num">{ &row.share }</span>
            </button>
        }
    };
    html! { <div class="subs">{ for view.rows.iter().map(row) }</div> }
}

/// The first key is set apart: `state` of `state: placed`.
fn filter_words(row: &RowView) -> Html {
    match &row.key {
        Some(key) => html! { <><em>{ key }</em>{ ": " }{ values_of(row) }</> },
        None => html! { <>{ &row.text }</> },
    }
}

/// The same as text.
fn filter_text(row: &RowView) -> String {
    row.key.as_ref().map_or_else(|| row.text.clone(), |key| format!("{key}: {}", values_of(row)))
}

fn values_of(row: &RowView) -> &str {
    let key = row.key.as_deref().unwrap_or_default();
    row.text.strip_prefix(key).unwrap_or(&row.text).trim_start_matches(':').trim_start()
}
