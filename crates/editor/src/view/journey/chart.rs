//! The chart of a journey: a row for each place, on an axis that shortens waits.

use engine::{HopKind, Journey, OutcomeKind, StayState};
use kernel::SimTime;
use messaging::LogicalId;

use super::{length, list};
use crate::edit::title_and_icon;
use crate::state::EditorState;

/// A wait longer than this is shortened, and the place is marked; seconds.
const BREAK_SECONDS: f64 = 1.0;
/// What a shortened wait takes of the axis.
const WIDEST: f64 = 4.4;
/// Two ticks stand at least so far apart, shares of the axis.
const TICK_ROOM: f64 = 0.075;
/// Room to the right for what is said of the last bar, a share of the axis.
const MARGIN: f64 = 0.16;

/// The chart.
#[derive(Clone, Debug, PartialEq)]
pub struct ChartView {
    /// The message's name.
    pub name: String,
    /// Its colour and shape.
    pub category: u8,
    /// `7 steps in 60.9 s`.
    pub title: String,
    /// Waits are not shortened.
    pub to_scale: bool,
    /// The places, in the order it came to them.
    pub rows: Vec<ChartRow>,
    /// Its stays.
    pub bars: Vec<Bar>,
    /// Its ways from row to row.
    pub connectors: Vec<Connector>,
    /// What is said at a point of a row.
    pub said: Vec<Said>,
    /// Where the ticks are, with their texts.
    pub ticks: Vec<(f64, String)>,
    /// Where the axis is broken.
    pub breaks: Vec<f64>,
    /// Where now is, if the journey goes on.
    pub now: Option<f64>,
    /// What is said there: `now`, or `live` when the run stands in the past.
    pub now_text: &'static str,
    /// All of it as a sentence for each step.
    pub steps: Vec<String>,
}

/// A place.
#[derive(Clone, Debug, PartialEq)]
pub struct ChartRow {
    /// Its name.
    pub place: LogicalId,
    /// File name of its icon.
    pub icon: &'static str,
}

/// A stay.
#[derive(Clone, Debug, PartialEq)]
pub struct Bar {
    /// In which row.
    pub row: usize,
    /// From where to where, shares of the axis.
    pub from: f64,
    /// See `from`.
    pub to: f64,
    /// How.
    pub state: StayState,
    /// What there is to say.
    pub text: String,
    /// How much room there is to say it, a share of the axis.
    pub room: f64,
}

/// A way from row to row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Connector {
    /// The row it leaves.
    pub from_row: usize,
    /// Where it leaves, a share of the axis.
    pub from: f64,
    /// The row it comes to.
    pub to_row: usize,
    /// Where it comes to, a share of the axis.
    pub to: f64,
    /// What kind of step.
    pub kind: HopKind,
}

/// How a message's mark is drawn beside what is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SaidMark {
    /// Filled: the message is there.
    Filled,
    /// An outline: it did not come there.
    Outline,
    /// Not at all.
    None,
    /// Not at all, and what is said ends here.
    Before,
}

/// Something said at a point of a row.
#[derive(Clone, Debug, PartialEq)]
pub struct Said {
    /// In which row.
    pub row: usize,
    /// Where, a share of the axis.
    pub at: f64,
    /// How the message's mark is drawn there.
    pub mark: SaidMark,
    /// In a word or two.
    pub word: String,
    /// And why.
    pub text: String,
    /// How the copy ended, if it did.
    pub kind: Option<OutcomeKind>,
}

/// The chart of the followed message.
pub fn journey_chart(state: &EditorState) -> Option<ChartView> {
    let journey = state.journey.journey()?;
    let until = state.journey.known.as_ref()?.until;
    let open = journey.stays.iter().any(|stay| stay.until.is_none());
    let axis = Axis::new(journey, open.then_some(until), state.journey.to_scale);
    let places = places(journey);
    let row_of = |place: &LogicalId| places.iter().position(|other| other == place).unwrap_or(0);
    let bars = bars(journey, &axis, until, &row_of);
    let connectors = journey.hops.iter().map(|hop| Connector {
        from_row: row_of(&hop.from),
        from: axis.at(hop.departs),
        to_row: row_of(&hop.to),
        to: axis.at(hop.arrives),
        kind: hop.kind,
    });
    let steps = journey.hops.iter().filter(|hop| hop.kind != HopKind::FilteredOut);
    let last = axis.instants.last().copied().unwrap_or_default();
    let took = last.as_secs_f64() - journey.traveller.published_at.as_secs_f64();
    let count = steps.map(|hop| hop.number).max().unwrap_or(0);
    let icon =
        |place: &LogicalId| state.scenario.resources.get(place).map_or("grid", |of| title_and_icon(of).1);
    Some(ChartView {
        name: list::name(state, &journey.traveller),
        category: state.playback.categories.known(journey.traveller.payload, journey.traveller.key),
        title: format!("{count} {} in {}", if count == 1 { "step" } else { "steps" }, length(took)),
        to_scale: state.journey.to_scale,
        bars,
        connectors: connectors.collect(),
        said: said(state, journey, &axis, &row_of),
        ticks: axis.ticks(),
        breaks: axis.breaks.clone(),
        now: open.then(|| axis.at(until)),
        now_text: if state.playback.transport.is_past() { "live" } else { "now" },
        steps: sentences(journey),
        rows: places.iter().map(|place| ChartRow { place: place.clone(), icon: icon(place) }).collect(),
    })
}

/// The places: each one followed by those the message went to from there, filtered copies first.
fn places(journey: &Journey) -> Vec<LogicalId> {
    fn visit(place: &LogicalId, journey: &Journey, places: &mut Vec<LogicalId>) {
        if places.contains(place) {
            return;
        }
        places.push(place.clone());
        let from_here = journey.hops.iter().filter(|hop| hop.from == *place);
        let (out, went): (Vec<_>, Vec<_>) = from_here.partition(|hop| hop.kind == HopKind::FilteredOut);
        out.iter().chain(&went).for_each(|hop| visit(&hop.to, journey, places));
    }
    let mut places = Vec::new();
    let ends = journey.hops.iter().map(|hop| &hop.from);
    for place in ends.chain(journey.stays.iter().map(|stay| &stay.place)) {
        visit(place, journey, &mut places);
    }
    places
}

fn bars(journey: &Journey, axis: &Axis, until: SimTime, row_of: &dyn Fn(&LogicalId) -> usize) -> Vec<Bar> {
    let bar = |stay: &engine::Stay| Bar {
        row: row_of(&stay.place),
        from: axis.at(stay.from),
        to: axis.at(stay.until.unwrap_or(until)),
        state: stay.state,
        text: stay.text.clone(),
        room: 1.0,
    };
    let mut bars: Vec<Bar> = journey.stays.iter().map(bar).collect();
    bars.retain(|bar| bar.to > bar.from || !bar.text.is_empty());
    let starts: Vec<(usize, f64)> = bars.iter().map(|bar| (bar.row, bar.from)).collect();
    for bar in &mut bars {
        let next = starts.iter().filter(|(row, from)| *row == bar.row && *from > bar.from + 1e-9);
        bar.room = next.map(|(_, from)| *from).fold(1.0, f64::min) - bar.to;
    }
    bars
}

/// What the chart says beside the bars: the beginning, filtered copies, and how copies ended.
fn said(
    state: &EditorState,
    journey: &Journey,
    axis: &Axis,
    row_of: &dyn Fn(&LogicalId) -> usize,
) -> Vec<Said> {
    let mut said = Vec::new();
    if let Some(first) = journey.hops.first() {
        let (row, at) = (row_of(&first.from), axis.at(first.departs));
        let word = "Sent".to_owned();
        said.push(Said { row, at, mark: SaidMark::Filled, word, text: String::new(), kind: None });
    }
    said.extend(copies(journey, axis, row_of));
    for outcome in &journey.traveller.outcomes {
        let text = match outcome.kind {
            OutcomeKind::FilteredOut => outcome.via.as_ref().map_or_else(String::new, |via| {
                crate::filter_policy::why_filtered(state, via, &outcome.place, journey.traveller.payload)
            }),
            OutcomeKind::Delivered => match &outcome.via {
                Some(by) if outcome.reason.contains("deleted") => format!("{by} deleted it"),
                _ => String::new(),
            },
            OutcomeKind::DeadLettered => {
                let receives = journey
                    .hops
                    .iter()
                    .filter(|hop| hop.from == outcome.place && hop.kind == HopKind::Received);
                format!("after {} receives", receives.count())
            }
            OutcomeKind::Refused => outcome.code.clone(),
            _ => String::new(),
        };
        // A dead letter is told of where it lies now.
        let place = match (&outcome.via, outcome.kind) {
            (Some(to), OutcomeKind::DeadLettered) => to,
            _ => &outcome.place,
        };
        let word = outcome.kind.word();
        let mut word = word[..1].to_uppercase() + &word[1..];
        if outcome.times > 1 {
            word.push_str(&format!(" {} times", outcome.times));
        }
        let mark = match outcome.kind {
            OutcomeKind::FilteredOut | OutcomeKind::Refused => SaidMark::Outline,
            OutcomeKind::DeadLettered => SaidMark::Before,
            OutcomeKind::Waiting | OutcomeKind::UnderWay => SaidMark::None,
            _ => SaidMark::Filled,
        };
        let kind = Some(outcome.kind);
        said.push(Said { row: row_of(place), at: axis.at(outcome.at), mark, word, text, kind });
    }
    said
}

/// Where one message became several: how many copies were made and how many were filtered out.
fn copies(journey: &Journey, axis: &Axis, row_of: &dyn Fn(&LogicalId) -> usize) -> Vec<Said> {
    let mut said: Vec<Said> = Vec::new();
    for (index, hop) in journey.hops.iter().enumerate() {
        let together = |other: &&engine::Hop| other.from == hop.from && other.departs == hop.departs;
        if journey.hops[..index].iter().any(|other| together(&other)) {
            continue;
        }
        let filtered = |other: &&engine::Hop| other.kind == HopKind::FilteredOut;
        let out = journey.hops.iter().filter(together).filter(filtered).count();
        let made = journey.hops.iter().filter(together).count() - out;
        if made + out < 2 {
            continue;
        }
        let copies = if made == 1 { "1 copy made".into() } else { format!("{made} copies made") };
        let text = if out > 0 { format!("{copies}, {out} filtered out") } else { copies };
        let (row, at) = (row_of(&hop.from), axis.at(hop.departs));
        said.push(Said { row, at, mark: SaidMark::None, word: String::new(), text, kind: None });
    }
    said
}

/// Each step as a sentence.
fn sentences(journey: &Journey) -> Vec<String> {
    let begin = journey.traveller.published_at.as_secs_f64();
    let sentence = |hop: &engine::Hop| {
        let after = length(hop.departs.as_secs_f64() - begin);
        let what = match hop.kind {
            HopKind::Sent => "sent from",
            HopKind::Received => "received from",
            HopKind::DeadLettered => "dead-lettered from",
            HopKind::FilteredOut => "filtered out between",
            HopKind::Refused => "refused between",
        };
        let joint = if hop.kind == HopKind::Received { "by" } else { "to" };
        let joint = if matches!(hop.kind, HopKind::FilteredOut | HopKind::Refused) { "and" } else { joint };
        match hop.number {
            0 => format!("After {after}, {what} {} {joint} {}.", hop.from, hop.to),
            number => format!("Step {number}, after {after}: {what} {} {joint} {}.", hop.from, hop.to),
        }
    };
    journey.hops.iter().map(sentence).collect()
}

/// Where instants lie: each piece between two of them has a length of its own.
struct Axis {
    begin: SimTime,
    instants: Vec<SimTime>,
    /// Where each instant lies, 0 to 1.
    places: Vec<f64>,
    breaks: Vec<f64>,
}

impl Axis {
    fn new(journey: &Journey, now: Option<SimTime>, to_scale: bool) -> Self {
        let hops = journey.hops.iter().flat_map(|hop| [hop.departs, hop.arrives]);
        let stays = journey.stays.iter().flat_map(|stay| [Some(stay.from), stay.until]).flatten();
        let closed = [OutcomeKind::Waiting, OutcomeKind::UnderWay];
        let ends = journey.traveller.outcomes.iter().filter(|outcome| !closed.contains(&outcome.kind));
        let mut instants: Vec<SimTime> = hops.chain(stays).chain(ends.map(|end| end.at)).chain(now).collect();
        instants.sort_unstable();
        instants.dedup();
        let widths: Vec<f64> = instants
            .windows(2)
            .map(|pair| {
                let seconds = pair[1].as_secs_f64() - pair[0].as_secs_f64();
                // A millisecond is just seen; a second is about as wide as any wait gets.
                if to_scale { seconds } else { (0.12 + libm::log(1.0 + seconds * 50.0)).min(WIDEST) }
            })
            .collect();
        let total = widths.iter().sum::<f64>().max(1e-9);
        let scale = (1.0 - MARGIN) / total;
        let (mut places, mut breaks, mut at) = (vec![0.0; instants.len().min(1)], Vec::new(), 0.0);
        for (pair, width) in instants.windows(2).zip(&widths) {
            let seconds = pair[1].as_secs_f64() - pair[0].as_secs_f64();
            if !to_scale && seconds > BREAK_SECONDS {
                breaks.push(at + width * scale / 2.0);
            }
            at += width * scale;
            places.push(at);
        }
        Self { begin: journey.traveller.published_at, instants, places, breaks }
    }

    fn at(&self, instant: SimTime) -> f64 {
        match self.instants.binary_search(&instant) {
            Ok(place) => self.places[place],
            Err(0) => 0.0,
            Err(place) => {
                let (Some(right), Some(to)) = (self.instants.get(place), self.places.get(place)) else {
                    return self.places.last().copied().unwrap_or(0.0);
                };
                let (left, from) = (self.instants[place - 1], self.places[place - 1]);
                let all = (right.as_micros() - left.as_micros()).max(1) as f64;
                from + (to - from) * (instant.as_micros() - left.as_micros()) as f64 / all
            }
        }
    }

    /// Times since the message was published, where there is room for them.
    fn ticks(&self) -> Vec<(f64, String)> {
        let mut ticks: Vec<(f64, String)> = Vec::new();
        for (instant, at) in self.instants.iter().zip(&self.places) {
            if ticks.last().is_none_or(|(last, _)| at - last >= TICK_ROOM) {
                let seconds = instant.as_secs_f64() - self.begin.as_secs_f64();
                ticks.push((*at, length(seconds)));
            }
        }
        ticks
    }
}
