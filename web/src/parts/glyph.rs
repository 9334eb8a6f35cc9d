//! The mark of a message category as a small picture: its hue and its shape (UI.md section 2).

use yew::prelude::*;

/// A mark of category 0 to 6 (m1 to m7), `size` CSS px wide.
pub fn glyph(category: u8, size: f64) -> Html {
    let side = size + 3.0;
    let fill = if category >= 6 { "none".to_owned() } else { format!("var(--m{})", category + 1) };
    let stroke = if category >= 6 { "var(--m7)" } else { "none" };
    html! {
        <svg class="glyph" width={side.to_string()} height={side.to_string()} viewBox={format!("0 0 {side} {side}")} aria-hidden="true">
            { shape(category, side / 2.0, side / 2.0, size, fill, stroke) }
        </svg>
    }
}

/// A mark that is an outline only, for what a filter policy stopped.
pub fn outline(category: u8, size: f64) -> Html {
    let side = size + 3.0;
    html! {
        <svg class="glyph" width={side.to_string()} height={side.to_string()} viewBox={format!("0 0 {side} {side}")} aria-hidden="true">
            { shape(category, side / 2.0, side / 2.0, size - 1.0, "none".to_owned(), "var(--c-ink-3)") }
        </svg>
    }
}

/// The shape alone, for pictures that hold several.
pub fn shape(category: u8, x: f64, y: f64, size: f64, fill: String, stroke: &'static str) -> Html {
    let r = size / 2.0;
    let width = if category >= 6 { "1.8" } else { "1.2" };
    let polygon = |points: &[(f64, f64)]| {
        let points: Vec<String> =
            points.iter().map(|(dx, dy)| format!("{:.1},{:.1}", x + dx * r, y + dy * r)).collect();
        html! { <polygon points={points.join(" ")} fill={fill.clone()} stroke={stroke} stroke-width={width} stroke-linejoin="round"/> }
    };
    let rectangle = |dx: f64, dy: f64, corner: f64| {
        html! {
            <rect x={text(x - dx * r)} y={text(y - dy * r)} width={text(2.0 * dx * r)} height={text(2.0 * dy * r)}
                rx={text(corner * r)} style={format!("fill:{fill};stroke:{stroke}")} stroke-width={width}/>
        }
    };
    match category {
        0 => {
            html! { <circle cx={text(x)} cy={text(y)} r={text(r * 0.94)} fill={fill} stroke={stroke} stroke-width={width}/> }
        }
        1 => rectangle(0.84, 0.84, 0.26),
        2 => polygon(&[(0.0, -1.02), (1.06, 0.86), (-1.06, 0.86)]),
        3 => polygon(&[(0.0, -1.14), (1.14, 0.0), (0.0, 1.14), (-1.14, 0.0)]),
        4 => rectangle(0.5, 1.1, 0.45),
        5 => {
            polygon(&[(0.91, 0.53), (0.0, 1.05), (-0.91, 0.53), (-0.91, -0.53), (0.0, -1.05), (0.91, -0.53)])
        }
        _ => {
            html! { <circle cx={text(x)} cy={text(y)} r={text(r * 0.72)} fill="none" stroke={stroke} stroke-width={width}/> }
        }
    }
}

fn text(value: f64) -> String {
    format!("{value:.1}")
}
