//! A picture of the diagram as it stands.

use editor::playback::Mark;
use editor::view::{LinkStyle, LinkView, clock_text, legend, link_views, node_views, wire_curves};
use editor::{Curve, EditorState, Point, Rect, Size, picture_state};

use crate::card::card;
use crate::instruments::short_shard;
use crate::marks::{class, pose, shape};
use crate::style::sheet;
use crate::svg::{Svg, escaped, px};

/// Which colours a picture has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// Those of whoever looks at it.
    #[default]
    Auto,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

/// How a picture is made.
pub struct Options<'a> {
    /// Its colours.
    pub theme: Theme,
    /// A bar above with title and legend, and one below with the time and the caption.
    pub framed: bool,
    /// What is drawn inside the icon of a name, 24 by 24 px; markup of ours.
    pub icon: &'a dyn Fn(&str) -> String,
}

/// Space around the diagram.
const MARGIN: f64 = 28.0;
/// Height of the bar above.
const TOP: f64 = 38.0;
/// Height of the bar below with one line of caption, and of another line.
const BOTTOM: f64 = 40.0;
const LINE: f64 = 17.0;
/// Where captions begin.
const CAPTION_LEFT: f64 = 148.0;
/// The narrowest picture.
const LEAST_WIDTH: f64 = 420.0;

/// The picture of a state, with the marks that are on their way at its instant.
pub fn picture(state: &EditorState, marks: &[Mark], options: &Options<'_>) -> String {
    let state = &picture_state(state);
    let frame = Frame::of(state, options.framed);
    let mut svg = frame.open(state, options);
    wires(&mut svg, state);
    let curves = wire_curves(state);
    let now = state.playback.presentation.now;
    for mark in marks {
        let Some(curve) = curves.get(mark.wire as usize) else { continue };
        let Some((at, opacity, refused)) = pose(mark, curve, now) else { continue };
        let faint = if opacity < 1.0 { format!(" opacity=\"{opacity:.2}\"") } else { String::new() };
        let (class, d) = (class(mark, refused), shape(mark.category));
        let (x, y) = (px(at.x), px(at.y));
        svg.element("path", &format!("class=\"{class}\" transform=\"translate({x} {y})\"{faint} d=\"{d}\""));
    }
    // As on the page: what stands on a wire lies below the cards.
    pills(&mut svg, state);
    cards(&mut svg, state, options);
    frame.close(svg, &clock_text(state).0)
}

/// Where the diagram lies in the picture.
pub(crate) struct Frame {
    bounds: Rect,
    framed: bool,
    /// What is said at this time.
    said: Vec<String>,
}

impl Frame {
    /// The frame around all nodes and their labels.
    pub(crate) fn of(state: &EditorState, framed: bool) -> Self {
        let rects = node_views(state).into_iter().map(|node| node.rect);
        let inner = rects.reduce(|all, rect| all.union(&rect)).unwrap_or_default().grown(MARGIN);
        let width = inner.size.width.max(LEAST_WIDTH);
        let left = inner.center().x - width / 2.0;
        let bounds = Rect::new(Point::new(left, inner.origin.y), Size::new(width, inner.size.height));
        let at = state.playback.playhead();
        let said = state.scenario.captions.iter().rev().find(|caption| caption.at <= at);
        let said = said.map_or_else(Vec::new, |caption| lines(&caption.text, width - CAPTION_LEFT - 14.0));
        Self { bounds, framed, said }
    }

    fn bars(&self) -> (f64, f64) {
        let more = LINE * self.said.len().saturating_sub(1) as f64;
        if self.framed { (TOP, BOTTOM + more) } else { (0.0, 0.0) }
    }

    /// The picture's head: what it is called, its colours, its ground, and the bar above.
    pub(crate) fn open(&self, state: &EditorState, options: &Options<'_>) -> Svg {
        let (top, bottom) = self.bars();
        let Size { width, height } = self.bounds.size;
        let (all, at) = (height + top + bottom, self.bounds.origin);
        let mut svg = Svg::default();
        let (w, h) = (px(width), px(all));
        svg.raw(&format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{w}\" height=\"{h}\" viewBox=\"0 0 {w} {h}\" \
             role=\"img\"><title>{}</title><desc>{}</desc>{}",
            escaped(state.title()),
            escaped(&state.scenario.description),
            sheet(options.theme)
        ));
        svg.raw(
            "<defs><pattern id=\"dots\" width=\"20\" height=\"20\" patternUnits=\"userSpaceOnUse\">\
             <circle class=\"dot\" cx=\"1\" cy=\"1\" r=\"1\"/></pattern></defs>",
        );
        svg.rect((0.0, 0.0), (width, all), "ground", if self.framed { 10.0 } else { 0.0 });
        svg.element(
            "rect",
            &format!("y=\"{}\" width=\"{w}\" height=\"{}\" fill=\"url(#dots)\"", px(top), px(height)),
        );
        if self.framed {
            self.head(&mut svg, state);
        }
        svg.raw(&format!("<g transform=\"translate({} {})\">", px(-at.x), px(top - at.y)));
        svg
    }

    fn head(&self, svg: &mut Svg, state: &EditorState) {
        let width = self.bounds.size.width;
        svg.path(&format!("M0 {}h{}", px(TOP - 0.5), px(width)), "line");
        let mut x = width - 14.0;
        let entries = legend(state).entries;
        // The values whose colours mean something, from the right, as far as there is room beside the title.
        for entry in entries.iter().rev().filter(|_| entries.len() > 1) {
            let text: String = short_shard(&entry.text).chars().take(18).collect();
            let room = 6.2 * text.chars().count() as f64;
            if x - room - 20.0 < width * 0.4 {
                break;
            }
            svg.text((x, 23.0), "end", &text, room + 8.0);
            x -= room + 9.0;
            let (category, d) = (entry.category, shape(entry.category));
            svg.element(
                "path",
                &format!("class=\"k{category}\" transform=\"translate({} 19)\" d=\"{d}\"", px(x)),
            );
            x -= 16.0;
        }
        svg.text((14.0, 24.0), "title", state.title(), (x - 24.0) * 0.9);
    }

    /// The bar below, and the end.
    pub(crate) fn close(&self, mut svg: Svg, clock: &str) -> String {
        svg.raw("</g>");
        if self.framed {
            let (width, y) = (self.bounds.size.width, TOP + self.bounds.size.height);
            svg.path(&format!("M0 {}h{}", px(y + 0.5), px(width)), "line");
            svg.text((14.0, y + 24.0), "b", clock, CAPTION_LEFT - 20.0);
            for (place, line) in self.said.iter().enumerate() {
                svg.text((CAPTION_LEFT, y + 24.0 + LINE * place as f64), "said", line, width);
            }
        }
        svg.raw("</svg>\n");
        svg.finish()
    }
}

/// A caption in lines of a width, at most three.
fn lines(text: &str, width: f64) -> Vec<String> {
    const MOST: usize = 3;
    let room = (width / 6.4).max(12.0) as usize;
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let last = lines.len() - 1;
        if lines[last].chars().count() + word.chars().count() < room || lines[last].is_empty() {
            lines[last] = format!("{} {word}", lines[last]).trim().chars().take(room).collect();
        } else if lines.len() == MOST {
            lines[last].push('…');
            break;
        } else {
            lines.push(word.chars().take(room).collect());
        }
    }
    lines
}

/// All wires, with their chevrons.
pub(crate) fn wires(svg: &mut Svg, state: &EditorState) {
    for view in link_views(state) {
        for curve in &view.curves {
            wire(svg, &view, curve);
        }
    }
}

fn wire(svg: &mut Svg, view: &LinkView, curve: &Curve) {
    let class = match (view.style, view.cut) {
        (_, true) => "edge cut",
        (LinkStyle::Redrive, _) => "edge dead",
        _ => "edge",
    };
    let width = px(view.width);
    svg.element("path", &format!("class=\"{class}\" stroke-width=\"{width}\" d=\"{}\"", curve.svg_path()));
    if !view.cut {
        svg.element("path", &format!("class=\"edge\" stroke-width=\"1.6\" d=\"{}\"", chevron(curve)));
    }
    if view.style == LinkStyle::Poll {
        let [a, b, c, d] = curve.0.map(|point| point.moved(0.0, 5.0));
        svg.path(&Curve([a, b, c, d]).svg_path(), "edge poll");
    }
}

/// An open arrowhead just before the target port.
fn chevron(curve: &Curve) -> String {
    const HALF: f64 = 4.2;
    let (before, end) = (curve.at(0.98), curve.0[3]);
    let length = before.distance(end).max(1e-6);
    let (ux, uy) = ((end.x - before.x) / length, (end.y - before.y) / length);
    let tip = end.moved(-ux * 7.0, -uy * 7.0);
    let left = tip.moved(-ux * HALF - uy * HALF, -uy * HALF + ux * HALF);
    let right = tip.moved(-ux * HALF + uy * HALF, -uy * HALF - ux * HALF);
    let [left, tip, right] = [left, tip, right].map(|point| format!("{} {}", px(point.x), px(point.y)));
    format!("M{left}L{tip}L{right}")
}

/// All cards.
pub(crate) fn cards(svg: &mut Svg, state: &EditorState, options: &Options<'_>) {
    for view in node_views(state) {
        card(svg, &view, state, options.icon);
    }
}

/// The rates along the wires.
pub(crate) fn pills(svg: &mut Svg, state: &EditorState) {
    for view in link_views(state) {
        let Some(label) = &view.pill else { continue };
        if !label.text.is_empty() {
            pill(svg, label.at, &label.text, "pill", "mid");
        }
        if !label.refused.is_empty() {
            pill(svg, label.refused_at, &label.refused, "pill thr", "mid bad-t");
        }
    }
}

fn pill(svg: &mut Svg, at: Point, text: &str, ground: &str, class: &str) {
    let width = 6.2 * text.chars().count() as f64 + 10.0;
    svg.rect((at.x - width / 2.0, at.y - 8.5), (width, 17.0), ground, 5.0);
    svg.text((at.x, at.y + 4.0), class, text, width);
}
