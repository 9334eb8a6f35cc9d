//! A picture that moves: an interval of the run, over and over. It plays wherever an image is shown; the only thing
//! that moves it is SMIL, so there is no script in it.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use editor::Curve;
use editor::playback::{BOUNCE_SECONDS, Mark, MarkStyle};
use editor::view::{clock_text, node_views, wire_curves};
use kernel::{SimDuration, SimTime};
use messaging::LogicalId;

use crate::card::card;
use crate::marks::{FALL_PX, FALL_SECONDS, class, ends_at, fall_from, shape};
use crate::picture::{Frame, Options, pills, wires};
use crate::stage::Stage;
use crate::svg::{Svg, px};

/// The longest interval. Ours: a picture is loaded whole before it moves.
pub const MAX_ANIMATION_SECONDS: f64 = 60.0;
/// The most marks. Ours: some 200 bytes each.
const MAX_MARKS: usize = 1_500;
/// Seconds between two looks at the cards.
const LOOK_SECONDS: f64 = 0.5;
/// The most different drawings of one card. Ours.
const MAX_DRAWINGS: usize = 60;

/// An interval of a run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Animation {
    /// Where it begins.
    pub from: SimTime,
    /// How long it is, at most [`MAX_ANIMATION_SECONDS`].
    pub duration: SimDuration,
}

/// The drawings of one card: when each begins, seconds from the start.
type Drawings = Vec<(f64, String)>;

impl Animation {
    /// The moving picture of a run's interval. What is on its way when the interval begins is there from the start.
    pub fn draw(&self, stage: &mut Stage, options: &Options<'_>) -> String {
        let seconds = self.duration.as_secs_f64().clamp(0.1, MAX_ANIMATION_SECONDS);
        stage.go_to(self.from);
        let begins = clock_text(&stage.state).0;
        let started = stage.state.playback.presentation.now;
        let frame = Frame::of(&stage.state, options.framed);
        let mut all: BTreeMap<LogicalId, Drawings> = BTreeMap::new();
        look(stage, 0.0, &mut all, options);
        let end = self.from + SimDuration::from_micros((seconds * 1e6) as u64);
        let mut next = LOOK_SECONDS;
        stage.play_to(end, &mut |stage| {
            let now = stage.state.playback.presentation.now - started;
            if now >= next && now < seconds {
                look(stage, now, &mut all, options);
                next += LOOK_SECONDS;
            }
        });
        let mut svg = frame.open(&stage.state, options);
        wires(&mut svg, &stage.state);
        let curves = wire_curves(&stage.state);
        let shown =
            stage.marks.iter().filter(|mark| ends_at(mark) > started && mark.departs < started + seconds);
        for mark in shown.take(MAX_MARKS) {
            if let Some(curve) = curves.get(mark.wire as usize) {
                moving(&mut svg, mark, curve, started, seconds);
            }
        }
        pills(&mut svg, &stage.state);
        for drawings in all.values() {
            changing(&mut svg, drawings, seconds);
        }
        frame.close(svg, &format!("{begins} to {}", clock_text(&stage.state).0))
    }
}

/// Draws every card that has changed.
fn look(stage: &Stage, now: f64, all: &mut BTreeMap<LogicalId, Drawings>, options: &Options<'_>) {
    for view in node_views(&stage.state) {
        let mut svg = Svg::default();
        card(&mut svg, &view, &stage.state, options.icon);
        let (drawing, drawings) = (svg.finish(), all.entry(view.id).or_default());
        let same = drawings.last().is_some_and(|(_, last)| *last == drawing);
        if !same && drawings.len() < MAX_DRAWINGS {
            drawings.push((now, drawing));
        }
    }
}

/// The drawings of one card, one after the other.
fn changing(svg: &mut Svg, drawings: &Drawings, seconds: f64) {
    for (place, (begins, drawing)) in drawings.iter().enumerate() {
        let ends = drawings.get(place + 1).map(|(next, _)| *next);
        if drawings.len() == 1 {
            svg.raw(drawing);
            continue;
        }
        let hidden = if place > 0 { " visibility=\"hidden\"" } else { "" };
        let (times, values) = match (place, ends) {
            (0, Some(ends)) => (format!("0;{}", share(ends, seconds)), "visible;hidden"),
            (_, Some(ends)) => {
                (format!("0;{};{}", share(*begins, seconds), share(ends, seconds)), "hidden;visible;hidden")
            }
            (_, None) => (format!("0;{}", share(*begins, seconds)), "hidden;visible"),
        };
        svg.raw(&format!(
            "<g{hidden}><animate attributeName=\"visibility\" calcMode=\"discrete\" values=\"{values}\" \
             keyTimes=\"{times}\" dur=\"{}s\" repeatCount=\"indefinite\"/>{drawing}</g>",
            px(seconds)
        ));
    }
}

/// A time as a share of the whole, 0 to 1.
fn share(at: f64, seconds: f64) -> String {
    let text = format!("{:.4}", (at / seconds).clamp(0.0, 1.0));
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text.is_empty() { "0".into() } else { text.into() }
}

/// A stretch of a mark's life: from when to when, and from where to where along its wire.
struct Stretch {
    from: f64,
    to: f64,
    points: (f64, f64),
    class: String,
    /// Fades over the stretch.
    fades: bool,
}

fn moving(svg: &mut Svg, mark: &Mark, curve: &Curve, started: f64, seconds: f64) {
    let (departs, arrives) =
        (mark.departs - started, (mark.arrives - started).max(mark.departs - started + 0.02));
    let stretch =
        |from, to, points, refused, fades| Stretch { from, to, points, class: class(mark, refused), fades };
    let d = shape(mark.category);
    if mark.style == MarkStyle::FilteredOut {
        let at = fall_from(curve);
        let down =
            Curve([at, at.moved(0.0, FALL_PX / 3.0), at.moved(0.0, FALL_PX / 1.5), at.moved(0.0, FALL_PX)]);
        let falls = stretch(departs, departs + FALL_SECONDS, (0.0, 1.0), false, true);
        return along(svg, &falls, &down, d, seconds);
    }
    along(svg, &stretch(departs, arrives, (0.0, 1.0), false, false), curve, d, seconds);
    if mark.style == MarkStyle::Refused {
        let [a, b, c, e] = curve.0;
        let below = Curve([a, b.moved(0.0, 37.0), c.moved(0.0, 37.0), e]);
        along(svg, &stretch(arrives, arrives + BOUNCE_SECONDS, (1.0, 0.0), true, true), &below, d, seconds);
    }
}

/// A mark along a curve for a stretch of the interval, hidden before and after.
fn along(svg: &mut Svg, stretch: &Stretch, curve: &Curve, shape: &str, seconds: f64) {
    let (from, to) = (stretch.from.max(0.0), stretch.to.min(seconds));
    if to - from < 0.005 {
        return;
    }
    let whole = stretch.to - stretch.from;
    let (first, last) = stretch.points;
    let at = |time: f64| first + (last - first) * ((time - stretch.from) / whole).clamp(0.0, 1.0);
    let (begin, end) = (share(from, seconds), share(to, seconds));
    let mut times: Vec<(&str, f64)> = Vec::new();
    if begin != "0" {
        times.push(("0", at(from)));
    }
    times.extend([(begin.as_str(), at(from)), (end.as_str(), at(to))]);
    if end != "1" {
        times.push(("1", at(to)));
    }
    let key_times: Vec<&str> = times.iter().map(|(time, _)| *time).collect();
    let key_points: Vec<String> = times.iter().map(|(_, point)| share(*point, 1.0)).collect();
    let duration = format!("dur=\"{}s\" repeatCount=\"indefinite\"", px(seconds));
    let mut text = format!("<path class=\"{}\" visibility=\"hidden\" d=\"{shape}\">", stretch.class);
    let _ = write!(
        text,
        "<animateMotion path=\"{}\" calcMode=\"linear\" keyPoints=\"{}\" keyTimes=\"{}\" {duration}/>",
        curve.svg_path(),
        key_points.join(";"),
        key_times.join(";")
    );
    let (seen, when) = match (begin.as_str(), end.as_str()) {
        ("0", "1") => ("visible", "0".to_owned()),
        ("0", end) => ("visible;hidden", format!("0;{end}")),
        (begin, "1") => ("hidden;visible", format!("0;{begin}")),
        (begin, end) => ("hidden;visible;hidden", format!("0;{begin};{end}")),
    };
    let _ = write!(
        text,
        "<animate attributeName=\"visibility\" calcMode=\"discrete\" values=\"{seen}\" keyTimes=\"{when}\" {duration}/>"
    );
    if stretch.fades && begin != "0" && end != "1" {
        let _ = write!(
            text,
            "<animate attributeName=\"opacity\" values=\"1;1;0;0\" keyTimes=\"0;{begin};{end};1\" {duration}/>"
        );
    }
    svg.raw(&text);
    svg.raw("</path>");
}
