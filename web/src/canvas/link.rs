//! Links: their wires as SVG, and their pills as HTML above the marks.

use editor::view::{LinkStyle, LinkView, link_view};
use editor::{Curve, LinkEnds, Point};
use messaging::LogicalId;
use yew::prelude::*;

use crate::icons::symbol;
use crate::store::{Interest, use_selector_for};

/// Which link.
#[derive(Clone, PartialEq, Properties)]
pub struct LinkProps {
    /// Its two ends.
    pub ends: LinkEnds,
}

/// The wires of a link.
#[component]
pub fn LinkWires(props: &LinkProps) -> Html {
    let ends = props.ends.clone();
    let view = use_selector_for(Interest::Link(props.ends.clone()), move |state| {
        link_view(state, &ends).map(|view| LinkView { pill: None, label: String::new(), ..view })
    });
    let Some(view) = view else { return Html::default() };
    html! {
        <g data-from={view.ends.from.to_string()} data-to={view.ends.to.to_string()}>
            { for view.curves.iter().map(|curve| wire(&view, curve)) }
        </g>
    }
}

fn wire(view: &LinkView, curve: &Curve) -> Html {
    let style = match view.style {
        LinkStyle::Redrive => Some("dead"),
        LinkStyle::Send | LinkStyle::Poll => None,
    };
    let class = classes!(
        "edge",
        style,
        view.selected.then_some("sel"),
        view.dimmed.then_some("dim"),
        view.lit.then_some("lit")
    );
    let path = curve.svg_path();
    let width = format!("stroke-width:{:.1}px", if view.selected { view.width.max(2.5) } else { view.width });
    html! {
        <>
            if view.in_document { <path class="hit" d={path.clone()}/> }
            if view.cut {
                <path class={classes!(class.clone(), "cut")} d={path} style={format!("{width};stroke-dasharray:2 5")}/>
                <path class="edge broken" d={strokes(curve)}/>
            } else {
                <path class={class.clone()} d={path} style={width}/>
                <path class={classes!("arrow", class)} d={chevron(curve)}/>
            }
            if view.style == LinkStyle::Poll { <path class={classes!("edge", "poll", view.dimmed.then_some("dim"))} d={beside(curve)}/> }
        </>
    }
}

/// Direction at a share of the curve, as a unit vector.
fn direction(curve: &Curve, t: f64) -> (f64, f64) {
    let (a, b) = (curve.at((t - 0.02).max(0.0)), curve.at((t + 0.02).min(1.0)));
    let length = a.distance(b).max(1e-6);
    ((b.x - a.x) / length, (b.y - a.y) / length)
}

/// An open arrowhead just before the target port.
fn chevron(curve: &Curve) -> String {
    const HALF: f64 = 4.2;
    let ((ux, uy), end) = (direction(curve, 1.0), curve.0[3]);
    let tip = end.moved(-ux * 7.0, -uy * 7.0);
    let left = tip.moved(-ux * HALF - uy * HALF, -uy * HALF + ux * HALF);
    let right = tip.moved(-ux * HALF + uy * HALF, -uy * HALF - ux * HALF);
    polyline(&[left, tip, right])
}

/// Two strokes across the middle of a cut wire.
fn strokes(curve: &Curve) -> String {
    let ((ux, uy), middle) = (direction(curve, 0.5), curve.at(0.5));
    let stroke = |along: f64| {
        let here = middle.moved(ux * along, uy * along);
        polyline(&[
            here.moved(-uy * 7.0 - ux * 3.0, ux * 7.0 - uy * 3.0),
            here.moved(uy * 7.0 + ux * 3.0, -ux * 7.0 + uy * 3.0),
        ])
    };
    stroke(-4.0) + &stroke(4.0)
}

/// The dashed return line of a wire whose far end asks: below it, or to its left where it goes down.
fn beside(curve: &Curve) -> String {
    const GAP: f64 = 9.0;
    const INSET: f64 = 8.0;
    let ((ux, uy), [from, .., to]) = (direction(curve, 0.0), curve.0);
    let down = (to.y - from.y).abs() > (to.x - from.x).abs();
    let (dx, dy) = if down { (-GAP, 0.0) } else { (0.0, GAP) };
    let mut shifted = curve.0.map(|point| point.moved(dx, dy));
    shifted[0] = shifted[0].moved(ux * INSET, uy * INSET);
    shifted[3] = shifted[3].moved(-ux * INSET, -uy * INSET);
    let head = shifted[0];
    let barb = |side: f64| head.moved(ux * 4.0 - uy * side, uy * 4.0 + ux * side);
    Curve(shifted).svg_path() + &polyline(&[barb(-3.5), head, barb(3.5)])
}

fn polyline(points: &[Point]) -> String {
    let steps = points.iter().enumerate();
    steps
        .map(|(place, point)| format!("{}{:.1} {:.1}", if place == 0 { 'M' } else { 'L' }, point.x, point.y))
        .collect()
}

/// The pills of a link: its rate, and what is refused.
#[component]
pub fn LinkPills(props: &LinkProps) -> Html {
    let ends = props.ends.clone();
    let view = use_selector_for(Interest::Link(props.ends.clone()), move |state| {
        link_view(state, &ends).and_then(|view| Some((view.pill?, view.dimmed, view.label, view.in_document)))
    });
    let Some((pill, dimmed, label, in_document)) = view else { return Html::default() };
    // What the pointer finds under it.
    let end = |id: &LogicalId| in_document.then(|| id.to_string());
    let (from, to) = (end(&props.ends.from), end(&props.ends.to));
    let place = |at: Point| format!("left:{:.1}px;top:{:.1}px", at.x, at.y);
    html! {
        <>
            if pill.still.is_empty() && (pill.filtered || !pill.text.is_empty()) {
                <span class={classes!("elabel", dimmed.then_some("dim"))} style={place(pill.at)} title={label.clone()} data-from={from.clone()} data-to={to.clone()}>
                    if pill.filtered { { symbol("subscription", 11) } }{ &pill.text }
                </span>
            }
            if !pill.still.is_empty() {
                <span class="still" style={place(pill.at)} data-from={from.clone()} data-to={to.clone()}>{ &pill.still }</span>
            }
            if !pill.refused.is_empty() {
                <span class={classes!("elabel", "thr", dimmed.then_some("dim"))} style={place(pill.refused_at)} title={label} data-from={from} data-to={to}>
                    { symbol("close", 10) }{ &pill.refused }
                </span>
            }
        </>
    }
}
