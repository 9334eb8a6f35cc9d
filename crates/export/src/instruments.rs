//! What a component shows of itself, drawn without knowing which service it is.

use editor::EditorState;
use editor::run::NodeRun;
use editor::view::card::{
    GAP, HEAT_ROW_HEIGHT, HOT_LANES, MAX_LANES, MAX_SLOTS, MAX_TILE_ROWS, SIDE_PADDING, SLOT_PITCH,
    TILE_PITCH, instrument_height,
};
use editor::view::{format_count, format_value, value_text};
use messaging::node_state::{
    Cell, HeadMessage, InstanceLifecycle, InstanceTile, Instrument, Lane, Tone, Unit,
};

use crate::card::LANE;
use crate::marks::shape;
use crate::svg::{Svg, px};

/// Where instruments are drawn: in a card of this width, from `y` downwards.
pub(crate) struct Drawing<'a> {
    pub(crate) svg: &'a mut Svg,
    pub(crate) state: &'a EditorState,
    pub(crate) run: &'a NodeRun,
    pub(crate) width: f64,
    pub(crate) y: f64,
    /// Messages that fill a queue's bar.
    pub(crate) bar_scale: f64,
}

impl Drawing<'_> {
    const LEFT: f64 = SIDE_PADDING;

    fn right(&self) -> f64 {
        self.width - SIDE_PADDING
    }

    fn room(&self) -> f64 {
        self.width - 2.0 * SIDE_PADDING
    }
}

/// The instruments of a card, top to bottom. Two figures share a row; rows and lanes are drawn apart.
pub(crate) fn all(drawing: &mut Drawing<'_>, instruments: &[Instrument]) {
    let mut place = 0;
    while let Some(instrument) = instruments.get(place) {
        place += 1;
        if matches!(instrument, Instrument::Rows { .. } | Instrument::Lanes { .. }) {
            continue;
        }
        one(drawing, instrument);
        if let (Instrument::Figure { .. }, Some(Instrument::Figure { label, value, unit, tone })) =
            (instrument, instruments.get(place))
        {
            let class = format!("end {}", tone_class(*tone));
            let at = (drawing.right(), drawing.y + 11.5);
            drawing.svg.text(at, class.trim(), &figure(label, *value, *unit), drawing.room() / 2.0 + 14.0);
            place += 1;
        }
        drawing.y += instrument_height(instrument, drawing.width) + GAP;
    }
}

fn one(drawing: &mut Drawing<'_>, instrument: &Instrument) {
    let (left, y, room) = (Drawing::LEFT, drawing.y, drawing.room());
    match instrument {
        Instrument::Headline { value, unit, label, tone } => {
            let (number, unit) = format_value(*value, *unit);
            let class = format!("big {}", tone_class(*tone));
            drawing.svg.text((left, y + 17.0), class.trim(), &number, room);
            let after = left + 8.6 * number.chars().count() as f64 + 5.0;
            let words = format!("{unit} {label}");
            drawing.svg.text((after, y + 17.0), "soft", words.trim(), drawing.right() - after);
        }
        Instrument::Spark { metric, tone } => {
            let values = drawing.run.sparks.iter().find(|spark| spark.metric == *metric);
            let values = values.map(|spark| spark.values.as_slice()).unwrap_or_default();
            let class = if *tone == Tone::Bad { "spark bad" } else { "spark" };
            drawing.svg.path(&spark(values, (left, y), (room, 22.0)), class);
        }
        Instrument::MessageBar { delayed, visible, in_flight, dead_letters } => {
            message_bar(drawing, [*delayed, *visible, *in_flight], *dead_letters);
        }
        Instrument::Figure { label, value, unit, tone } => {
            drawing.svg.text((left, y + 11.5), tone_class(*tone), &figure(label, *value, *unit), room);
        }
        Instrument::Gauge { label, value, limit, unit, quota, .. } => {
            gauge(drawing, label, (*value, *limit, *unit), !quota.is_empty());
        }
        Instrument::Slots { busy_percent, total } => slots(drawing, busy_percent, *total),
        Instrument::Instances { tiles } => instances(drawing, tiles),
        Instrument::Cells { cells, joined } => cells_of(drawing, cells, joined),
        Instrument::Head { messages } => head(drawing, messages),
        Instrument::Note { text, tone } => {
            let class = if *tone == Tone::Plain { "soft" } else { tone_class(*tone) };
            drawing.svg.text((left, y + 11.5), class, text, room);
        }
        Instrument::Lanes { .. } | Instrument::Rows { .. } => {}
    }
}

const fn tone_class(tone: Tone) -> &'static str {
    match tone {
        Tone::Plain => "",
        Tone::Near => "near-t",
        Tone::Bad => "bad-t",
        Tone::Dead => "dead-t",
    }
}

/// A word and a figure: `1,312 visible`, but `oldest 8.8 s`.
fn figure(label: &str, value: f64, unit: Unit) -> String {
    match unit {
        Unit::Count | Unit::PerSecond => format!("{} {label}", value_text(value, unit)),
        _ => format!("{label} {}", value_text(value, unit)),
    }
}

fn spark(values: &[f32], at: (f64, f64), size: (f64, f64)) -> String {
    let top = values.iter().copied().fold(1.0_f32, f32::max);
    let step = size.0 / values.len().saturating_sub(1).max(1) as f64;
    let points = values.iter().enumerate().map(|(place, value)| {
        let y = at.1 + size.1 - 3.0 - f64::from(value / top) * (size.1 - 7.0);
        format!("{}{} {}", if place == 0 { 'M' } else { 'L' }, px(at.0 + step * place as f64), px(y))
    });
    let path: String = points.collect();
    if path.is_empty() { format!("M{} {}h{}", px(at.0), px(at.1 + size.1 - 3.0), px(size.0)) } else { path }
}

/// A queue's trough: delayed, visible, in flight, in the direction of flow.
fn message_bar(drawing: &mut Drawing<'_>, counts: [u64; 3], dead_letters: bool) {
    let (mut x, y, room) = (Drawing::LEFT, drawing.y, drawing.room());
    drawing.svg.rect((x, y), (room, 14.0), "track", 4.0);
    let scale = drawing.bar_scale.max(counts.iter().sum::<u64>() as f64).max(1.0);
    let waiting = if dead_letters { "deadbar" } else { "visible" };
    for (count, class) in counts.into_iter().zip(["delayed", waiting, "inflight"]) {
        if count > 0 {
            let part = (count as f64 / scale * room).max(2.5).min(Drawing::LEFT + room - x);
            drawing.svg.rect((x, y), (part, 14.0), class, 2.0);
            x += part + 1.0;
        }
    }
}

/// Use of a limit. The bar is 125 % of the limit wide, with a tick at the limit.
/// A gauge; one that `refuses` at its limit warns when it comes near.
fn gauge(drawing: &mut Drawing<'_>, label: &str, (value, limit, unit): (f64, f64, Unit), refuses: bool) {
    let tone = if !refuses {
        "end"
    } else if value > limit {
        "end bad-t"
    } else if value >= 0.8 * limit {
        "end near-t"
    } else {
        "end"
    };
    let ((number, unit_text), of) = (format_value(value, unit), format_value(limit, unit));
    let shown = if unit_text == of.1 { number } else { value_text(value, unit) };
    let figures = format!("{shown} of {}", value_text(limit, unit));
    let figures_width = 6.1 * figures.chars().count() as f64 + 4.0;
    let (left, right, y, room) = (Drawing::LEFT, drawing.right(), drawing.y, drawing.room());
    drawing.svg.text((left, y + 11.0), "", label, room - figures_width);
    drawing.svg.text((right, y + 11.0), tone, &figures, figures_width);
    gauge_bar(drawing, (left, y + 18.0), room, (value, limit), refuses);
}

fn gauge_bar(
    drawing: &mut Drawing<'_>,
    at: (f64, f64),
    room: f64,
    (value, limit): (f64, f64),
    refuses: bool,
) {
    let width = |amount: f64| (amount / limit.max(1e-9) / 1.25).clamp(0.0, 1.0) * room;
    let within = width(value.min(limit));
    drawing.svg.rect(at, (room, 5.0), "track", 2.5);
    let class = if refuses && value >= 0.8 * limit { "use near" } else { "use" };
    if within > 0.0 {
        drawing.svg.rect(at, (within, 5.0), class, 2.5);
    }
    let over = width(value) - within;
    if over > 0.0 {
        drawing.svg.rect((at.0 + 0.8 * room, at.1), (over, 5.0), "over", 2.5);
    }
    drawing.svg.rect((at.0 + 0.8 * room, at.1 - 3.0), (1.5, 11.0), "tick", 0.0);
}

fn slots(drawing: &mut Drawing<'_>, busy_percent: &[u8], total: u32) {
    let (left, y, room) = (Drawing::LEFT, drawing.y, drawing.room());
    if total > MAX_SLOTS {
        drawing.svg.rect((left, y + 2.0), (room, 10.0), "track", 3.0);
        let share = busy_percent.len() as f64 / f64::from(total);
        drawing.svg.rect((left, y + 2.0), (room * share.min(1.0), 10.0), "inflight", 3.0);
        return;
    }
    let in_row = ((room + 3.0) / SLOT_PITCH).floor().max(1.0) as u32;
    for place in 0..total {
        let x = left + SLOT_PITCH * f64::from(place % in_row);
        let y = y + SLOT_PITCH * f64::from(place / in_row);
        drawing.svg.rect((x, y), (10.0, 10.0), "track", 3.0);
        if let Some(done) = busy_percent.get(place as usize) {
            drawing.svg.rect((x, y), ((f64::from(*done) / 10.0).max(1.0), 10.0), "inflight", 2.0);
        }
    }
}

/// A tile for each instance, filled as far as its threads are at work; one that boots or goes is half as high.
fn instances(drawing: &mut Drawing<'_>, tiles: &[InstanceTile]) {
    let in_row = ((drawing.room() + 3.0) / TILE_PITCH.width).floor().max(1.0) as usize;
    for (place, tile) in tiles.iter().take(in_row * MAX_TILE_ROWS as usize).enumerate() {
        let x = Drawing::LEFT + TILE_PITCH.width * (place % in_row) as f64;
        let y = drawing.y + TILE_PITCH.height * (place / in_row) as f64;
        if tile.lifecycle != InstanceLifecycle::InService {
            drawing.svg.rect((x, y + 13.5), (21.0, 13.5), "track", 4.0);
            continue;
        }
        drawing.svg.rect((x, y), (21.0, 27.0), "track", 4.0);
        let busy = tile.threads.iter().flatten().count() as f64 / tile.threads.len().max(1) as f64;
        if busy > 0.0 {
            drawing.svg.rect((x, y + 27.0 * (1.0 - busy)), (21.0, 27.0 * busy), "inflight", 3.0);
        }
    }
}

/// Instances side by side, and what joins them below.
fn cells_of(drawing: &mut Drawing<'_>, cells: &[Cell], joined: &str) {
    let (left, y, room) = (Drawing::LEFT, drawing.y, drawing.room());
    let pitch = (room + 6.0) / cells.len().max(1) as f64;
    for (place, cell) in cells.iter().enumerate() {
        let x = left + pitch * place as f64;
        let class = if cell.filled { "inflight" } else { "track" };
        drawing.svg.rect((x, y), (pitch - 6.0, 3.0), class, 1.5);
        drawing.svg.text((x, y + 16.0), tone_class(cell.tone), &cell.text, pitch - 8.0);
        drawing.svg.text((x, y + 30.0), "soft", &format!("AZ {}", cell.title), pitch - 8.0);
    }
    drawing.svg.text((left, y + 50.0), "soft", joined, room);
}

fn head(drawing: &mut Drawing<'_>, messages: &[HeadMessage]) {
    let shown = ((drawing.room() - 8.0) / 11.0).floor().clamp(1.0, 13.0) as usize;
    for (place, message) in messages.iter().take(shown).enumerate() {
        let category = drawing.state.playback.categories.known(message.payload, message.key);
        let (x, y) = (px(Drawing::LEFT + 5.0 + 11.0 * place as f64), px(drawing.y + 6.0));
        let faint = if message.locked { " opacity=\".38\"" } else { "" };
        let shape = shape(category);
        let attributes =
            format!("class=\"k{category}\" transform=\"translate({x} {y})\"{faint} d=\"{shape}\"");
        drawing.svg.element("path", &attributes);
    }
}

/// Use of a shard's nearer limit.
fn load_of(lane: &Lane) -> f64 {
    let records = lane.records_tried as f64 / lane.records_limit.max(1) as f64;
    records.max(lane.bytes_tried as f64 / lane.bytes_limit.max(1) as f64)
}

/// `shard 3` of `shardId-000000000003`; any other text as it is.
pub(crate) fn short_shard(id: &str) -> String {
    match id.strip_prefix("shardId-").map(|number| number.trim_start_matches('0')) {
        Some("") => "shard 0".into(),
        Some(number) => format!("shard {number}"),
        None => id.to_owned(),
    }
}

/// Height of all lanes.
pub(crate) fn lanes_height(lanes: &[Lane]) -> f64 {
    if lanes.len() > MAX_LANES {
        HEAT_ROW_HEIGHT + LANE * HOT_LANES as f64
    } else {
        LANE * lanes.len() as f64
    }
}

/// The shards of a stream, each with a lane; of many only the hottest.
pub(crate) fn lanes(drawing: &mut Drawing<'_>, lanes: &[Lane]) {
    let mut shown: Vec<&Lane> = lanes.iter().collect();
    if lanes.len() > MAX_LANES {
        shown.sort_by(|one, other| load_of(other).total_cmp(&load_of(one)));
        shown.truncate(HOT_LANES);
        let text = format!("{} shards, the hottest:", format_count(lanes.len() as f64));
        drawing.svg.text((Drawing::LEFT, drawing.y + 27.0), "soft", &text, drawing.room());
        drawing.y += HEAT_ROW_HEIGHT;
    }
    for lane in shown {
        let (y, width) = (drawing.y, drawing.width);
        let load = load_of(lane);
        drawing.svg.rect(
            (0.5, y),
            (width - 1.0, LANE - 1.0),
            if load > 1.0 { "lane hot" } else { "lane" },
            0.0,
        );
        drawing.svg.text((12.0, y + 16.0), "b", &short_shard(&lane.shard_id), 90.0);
        let tried = format!(
            "{} of {} records/s",
            format_count(lane.records_tried as f64),
            format_count(lane.records_limit as f64)
        );
        drawing.svg.text(
            (width - 12.0, y + 16.0),
            if load > 1.0 { "end bad-t" } else { "end" },
            &tried,
            160.0,
        );
        gauge_bar(drawing, (12.0, y + 25.0), width - 24.0, (load, 1.0), true);
        for (place, key) in lane.recent.iter().rev().take(((width - 30.0) / 11.0) as usize).enumerate() {
            let payload = messaging::PayloadId(u32::MAX);
            let category = drawing.state.playback.categories.known(payload, *key);
            let (x, y) = (px(17.0 + 11.0 * place as f64), px(y + 46.0));
            let shape = shape(category);
            drawing.svg.element(
                "path",
                &format!("class=\"k{category}\" transform=\"translate({x} {y})\" d=\"{shape}\""),
            );
        }
        drawing.y += LANE;
    }
}
