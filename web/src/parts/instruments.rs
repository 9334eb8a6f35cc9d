//! What a component shows of itself, drawn from its [`NodeState`](messaging::node_state::NodeState) without
//! knowing which service it is.

use editor::EditorState;
use editor::playback::ColourBy;
use editor::run::NodeRun;
use editor::view::card::{HOT_LANES, MAX_LANES};
use editor::view::{format_count, format_value, value_text};
use messaging::MetricName;
use messaging::identifiers::{KeyId, PayloadId};
use messaging::node_state::{
    Cell, HeadMessage, InstanceLifecycle, InstanceTile, Instrument, Lane, Tone, Unit,
};
use yew::prelude::*;

use super::glyph::glyph;
use super::plot;

/// What an instrument must ask of its surroundings.
pub struct Around<'a> {
    /// The page's state.
    pub state: &'a EditorState,
    /// The node the instrument is of.
    pub run: &'a NodeRun,
    /// Messages that fill a queue's bar: one number for the whole canvas, so that lengths compare; 0 where a bar
    /// stands alone.
    pub bar_scale: f64,
}

impl Around<'_> {
    /// The last minute of a metric of this node, a value a second.
    fn spark(&self, metric: MetricName) -> Vec<f64> {
        let spark = self.run.sparks.iter().find(|spark| spark.metric == metric);
        spark.map(|spark| spark.values.iter().map(|value| f64::from(*value)).collect()).unwrap_or_default()
    }

    /// Colour category of a record on the belt of its shard.
    fn record(&self, lane: &Lane, key: KeyId) -> u8 {
        let playback = &self.state.playback;
        match playback.colour_by {
            ColourBy::Shard => playback.categories.of_value(&lane.shard_id),
            _ => playback.categories.known(PayloadId(u32::MAX), key),
        }
    }

    /// Colour category of a message.
    fn category(&self, payload: PayloadId, key: KeyId) -> u8 {
        self.state.playback.categories.known(payload, key)
    }
}

/// Class of a tone.
#[must_use]
pub fn tone_class(tone: Tone) -> &'static str {
    match tone {
        Tone::Plain => "",
        Tone::Near => "t-near",
        Tone::Bad => "t-bad",
        Tone::Dead => "t-dead",
    }
}

/// The instruments of a node's card, top to bottom. Two figures share a row; rows and lanes are drawn apart.
pub fn all(instruments: &[Instrument], around: &Around<'_>) -> Html {
    let mut drawn = Vec::with_capacity(instruments.len());
    let mut place = 0;
    while let Some(instrument) = instruments.get(place) {
        if let Instrument::Figure { .. } = instrument {
            let second = instruments.get(place + 1).filter(|next| matches!(next, Instrument::Figure { .. }));
            drawn.push(html! { <div class="kv">{ one(instrument, around) }{ for second.map(|next| one(next, around)) }</div> });
            place += 1 + usize::from(second.is_some());
        } else {
            drawn.push(one(instrument, around));
            place += 1;
        }
    }
    drawn.into_iter().collect()
}

/// One instrument.
pub fn one(instrument: &Instrument, around: &Around<'_>) -> Html {
    match instrument {
        Instrument::Headline { value, unit, label, tone } => {
            let (number, unit) = format_value(*value, *unit);
            html! {
                <div class={classes!("headline", tone_class(*tone))}><span class="v">{ number }</span><small>{ unit }{ " " }{ label.to_string() }</small></div>
            }
        }
        Instrument::Spark { metric, tone } => {
            let colour = if *tone == Tone::Bad { "var(--c-throttled)" } else { "var(--c-ink-3)" };
            plot::spark(&around.spark(*metric), 22.0, colour)
        }
        Instrument::MessageBar { delayed, visible, in_flight, dead_letters } => {
            message_bar([*delayed, *visible, *in_flight], *dead_letters, around.bar_scale)
        }
        Instrument::Figure { label, value, unit, tone } => figure(label, *value, *unit, *tone),
        Instrument::Gauge { label, value, limit, unit, quota, .. } => {
            gauge(label, *value, *limit, *unit, !quota.is_empty())
        }
        Instrument::Slots { busy_percent, total } => slots(busy_percent, *total),
        Instrument::Instances { tiles } => instances(tiles),
        Instrument::Cells { cells, joined } => cells_of(cells, joined),
        Instrument::Head { messages } => head(messages, around),
        Instrument::Note { text, tone } => {
            html! { <div class={classes!("trunc", note_class(*tone))}>{ text.to_string() }</div> }
        }
        Instrument::Lanes { .. } | Instrument::Rows { .. } => Html::default(),
    }
}

fn note_class(tone: Tone) -> &'static str {
    if tone == Tone::Plain { "muted" } else { tone_class(tone) }
}

/// A word and a figure: `1,312 visible`, but `oldest 8.8 s`.
fn figure(label: &str, value: f64, unit: Unit, tone: Tone) -> Html {
    // Where there is no room for both, the word is cut and never the number.
    let number = html! { <span class="v">{ value_text(value, unit) }</span> };
    let word = html! { <span class="w">{ label.to_owned() }</span> };
    let class = classes!("fig", tone_class(tone));
    if matches!(unit, Unit::Count | Unit::PerSecond) {
        html! { <span {class}>{ number }{ " " }{ word }</span> }
    } else {
        html! { <span {class}>{ word }{ " " }{ number }</span> }
    }
}

/// The one instrument of a compact card: a bar, and a number behind it; or below it with its word, where the card is
/// `stacked`.
#[must_use]
pub fn compact(instruments: &[Instrument], stacked: bool, around: &Around<'_>) -> Option<Html> {
    let drawn = instruments.iter().find_map(|instrument| match instrument {
        Instrument::MessageBar { delayed, visible, in_flight, dead_letters } => {
            let bar = message_bar([*delayed, *visible, *in_flight], *dead_letters, around.bar_scale);
            let total = format_count((delayed + visible + in_flight) as f64);
            let word = if *dead_letters { "dead-lettered" } else { "visible" };
            let below = format!("{} {word}", format_count(*visible as f64));
            Some((bar, if stacked { below } else { total }))
        }
        Instrument::Gauge { label, value, limit, unit, quota, .. } => {
            Some((gauge_bar(label, *value, *limit, !quota.is_empty()), value_text(*value, *unit)))
        }
        Instrument::Slots { busy_percent, total } => {
            let busy = if stacked { " busy" } else { "" };
            Some((slots(busy_percent, *total), format!("{} of {total}{busy}", busy_percent.len())))
        }
        Instrument::Instances { tiles } => {
            let working = tiles.iter().filter(|tile| tile.lifecycle == InstanceLifecycle::InService).count();
            let words = if stacked { " InService" } else { "" };
            Some((instances(tiles), format!("{working}{words}")))
        }
        Instrument::Cells { cells, .. } => {
            let at_work = cells.iter().find(|cell| cell.filled).or(cells.first())?;
            Some((Html::default(), format!("{} {}", at_work.text, at_work.title)))
        }
        Instrument::Headline { value, unit, .. } => Some((Html::default(), value_text(*value, *unit))),
        Instrument::Lanes { lanes } => {
            let hottest = lanes.iter().map(load_of).fold(0.0, f64::max);
            Some((gauge_bar("hottest shard", hottest, 1.0, true), format!("{} shards", lanes.len())))
        }
        _ => None,
    });
    let drawn = drawn.or_else(|| {
        instruments.iter().find_map(|instrument| match instrument {
            Instrument::Figure { value, unit, label, .. } => {
                Some((Html::default(), format!("{} {label}", value_text(*value, *unit))))
            }
            _ => None,
        })
    });
    drawn.map(|(bar, text)| match stacked {
        true => html! { <>{ bar }<span class="v num">{ text }</span></> },
        false => html! { <div class="row"><div class="grow">{ bar }</div><span class="v num">{ text }</span></div> },
    })
}

/// How full the main instrument is, 0 to 1.
#[must_use]
pub fn fullness(instruments: &[Instrument], bar_scale: f64) -> f64 {
    let share = instruments.iter().find_map(|instrument| match instrument {
        Instrument::MessageBar { delayed, visible, in_flight, .. } => {
            Some((delayed + visible + in_flight) as f64 / bar_scale.max(1.0))
        }
        Instrument::Gauge { value, limit, .. } => Some(value / limit.max(1e-9)),
        Instrument::Slots { busy_percent, total } => {
            Some(busy_percent.len() as f64 / f64::from(*total).max(1.0))
        }
        Instrument::Lanes { lanes } => Some(lanes.iter().map(load_of).fold(0.0, f64::max)),
        Instrument::Headline { value, .. } => Some(if *value > 0.0 { 0.5 } else { 0.0 }),
        _ => None,
    });
    share.unwrap_or(0.0).clamp(0.0, 1.0)
}

/// A queue's trough: delayed, visible, in flight, in the direction of flow.
pub fn message_bar(counts: [u64; 3], dead_letters: bool, scale: f64) -> Html {
    let [delayed, visible, in_flight] = counts;
    let scale = scale.max((delayed + visible + in_flight) as f64).max(1.0);
    let part = |class: &'static str, count: u64| {
        (count > 0).then(|| {
            let width = (count as f64 / scale * 100.0).max(1.5);
            html! { <i {class} style={format!("width:{width:.1}%")}/> }
        })
    };
    let said = |count: u64| format_count(count as f64);
    let label = if dead_letters {
        format!("{} dead-lettered", said(visible))
    } else {
        format!("{} delayed, {} visible, {} in flight", said(delayed), said(visible), said(in_flight))
    };
    let waiting = if dead_letters { "dead" } else { "visible" };
    html! {
        <div class="qbar" role="img" aria-label={label} title={format!("Full length: {}", format_count(scale))}>
            { for part("delayed", delayed) }{ for part(waiting, visible) }{ for part("inflight", in_flight) }
        </div>
    }
}

/// Use of a limit. The bar is 125 % of the limit wide, with a tick at the limit.
pub fn gauge(label: &str, value: f64, limit: f64, unit: Unit, refuses: bool) -> Html {
    let tone = if !refuses {
        ""
    } else if value > limit {
        "t-bad"
    } else if value >= 0.8 * limit {
        "t-near"
    } else {
        ""
    };
    let ((number, unit_text), of) = (format_value(value, unit), format_value(limit, unit));
    let shown = if unit_text == of.1 { number } else { value_text(value, unit) };
    html! {
        <div class="gauge-row">
            <div class="kv"><span class="trunc" title={label.to_owned()}>{ label.to_owned() }</span><span class={tone}><b>{ shown }</b>{ " of " }{ value_text(limit, unit) }</span></div>
            { gauge_bar(label, value, limit, refuses) }
        </div>
    }
}

/// The bar of a gauge alone; one that `refuses` at its limit warns when it comes near.
pub fn gauge_bar(label: &str, value: f64, limit: f64, refuses: bool) -> Html {
    let width = |amount: f64| (amount / limit.max(1e-9) / 1.25 * 100.0).clamp(0.0, 100.0);
    let within = width(value.min(limit));
    let over = width(value) - within;
    let near = (refuses && value >= 0.8 * limit).then_some("near");
    html! {
        <div class="gauge" role="meter" aria-label={label.to_owned()} aria-valuemin="0" aria-valuemax={limit.to_string()}
            aria-valuenow={format!("{:.1}", value.min(limit))} aria-valuetext={format!("{} of {}", format_count(value), format_count(limit))}>
            <i class={near} style={format!("width:{within:.1}%")}/>
            if over > 0.0 { <i class="over" style={format!("left:80%;width:{over:.1}%")}/> }
            <u style="left:80%"/>
        </div>
    }
}

/// A cell for each slot of parallel work; above 24 one bar.
pub fn slots(busy_percent: &[u8], total: u32) -> Html {
    let label = format!("{} of {total} busy", busy_percent.len());
    if total > 24 {
        let share = busy_percent.len() as f64 / f64::from(total) * 100.0;
        return html! { <div class="qbar thin" role="img" aria-label={label}><i class="inflight" style={format!("width:{share:.1}%")}/></div> };
    }
    let cell = |place: u32| match busy_percent.get(place as usize) {
        Some(done) => html! { <span class="slot busy" style={format!("--p:{done}%")}/> },
        None => html! { <span class="slot"/> },
    };
    html! { <div class="slots" role="img" aria-label={label}>{ for (0..total).map(cell) }</div> }
}

/// A tile for each instance, with a cell for each of its threads.
fn instances(tiles: &[InstanceTile]) -> Html {
    /// Above, the threads of an instance are one cell.
    const MAX_CELLS: usize = 9;
    let count = |lifecycle| tiles.iter().filter(|tile| tile.lifecycle == lifecycle).count();
    let [pending, working, leaving] =
        [InstanceLifecycle::Pending, InstanceLifecycle::InService, InstanceLifecycle::Terminating].map(count);
    let label = format!("{working} instances in service, {pending} pending, {leaving} terminating");
    let tile = |tile: &InstanceTile| {
        let class = match tile.lifecycle {
            InstanceLifecycle::Pending => "inst pending",
            InstanceLifecycle::InService => "inst",
            InstanceLifecycle::Terminating => "inst leaving",
        };
        let busy = tile.threads.iter().flatten().count();
        let cells = if tile.threads.len() > MAX_CELLS { 1 } else { tile.threads.len() };
        let columns = (cells as f64).sqrt().ceil().max(1.0);
        let rows = (cells as f64 / columns).ceil().max(1.0);
        let style = format!("grid-template:repeat({rows},1fr)/repeat({columns},1fr)");
        let cell = |place: usize| html! { <i class={(place < busy).then_some("b")}/> };
        html! { <span {class} {style}>{ for (0..cells).map(cell) }</span> }
    };
    html! { <div class="instances" role="img" aria-label={label}>{ for tiles.iter().map(tile) }</div> }
}

/// Instances side by side: what works is filled, what stands by is an outline, and below is what joins them.
fn cells_of(cells: &[Cell], joined: &str) -> Html {
    let one = |cell: &Cell| {
        let state = match cell.tone {
            Tone::Bad => "bad",
            Tone::Near => "near",
            _ if cell.filled => "on",
            _ => "off",
        };
        html! { <div class={classes!("cell", state)}><b>{ cell.text.to_string() }</b><span>{ format!("AZ {}", cell.title) }</span></div> }
    };
    html! {
        <div class="cells"><div class="cell-row">{ for cells.iter().map(one) }</div>
            <div class="joined"><i/><span class="trunc">{ joined.to_owned() }</span></div></div>
    }
}

fn head(messages: &[HeadMessage], around: &Around<'_>) -> Html {
    const SHOWN: usize = 13;
    let mark = |message: &HeadMessage| {
        html! { <span class={message.locked.then_some("locked")}>{ glyph(around.category(message.payload, message.key), 8.0) }</span> }
    };
    html! {
        <div class="head" aria-hidden="true">
            { for messages.iter().take(SHOWN).map(mark) }
            if messages.len() > SHOWN { <span class="muted">{ "…" }</span> }
        </div>
    }
}

/// Use of a shard's nearer limit.
fn load_of(lane: &Lane) -> f64 {
    let records = lane.records_tried as f64 / lane.records_limit.max(1) as f64;
    records.max(lane.bytes_tried as f64 / lane.bytes_limit.max(1) as f64)
}

/// Whether a shard refuses.
fn is_hot(lane: &Lane) -> bool {
    lane.records_refused > 0 || load_of(lane) > 1.0
}

/// The lanes of a stream; too many of them become a row of cells with the hottest three beside it.
pub fn lanes(lanes: &[Lane], around: &Around<'_>) -> Html {
    if lanes.len() <= MAX_LANES {
        return lanes.iter().map(|shard| lane(shard, around)).collect();
    }
    let cell = |lane: &Lane| {
        let load = load_of(lane).min(1.0) * 100.0;
        html! { <i class={is_hot(lane).then_some("hot")} style={format!("--load:{load:.0}")} title={format!("shard {}", short_shard(&lane.shard_id))}/> }
    };
    let mut hottest: Vec<&Lane> = lanes.iter().collect();
    hottest.sort_by(|a, b| load_of(b).total_cmp(&load_of(a)));
    html! {
        <>
            <div class="heat"><div role="img" aria-label={format!("{} shards", lanes.len())}>{ for lanes.iter().map(cell) }</div></div>
            { for hottest.into_iter().take(HOT_LANES).map(|shard| lane(shard, around)) }
        </>
    }
}

/// A shard as a lane: its keys, its use, its belt of recent records with a marker for each reader.
fn lane(lane: &Lane, around: &Around<'_>) -> Html {
    let hot = is_hot(lane);
    let records = lane.records_tried as f64 / lane.records_limit.max(1) as f64;
    let (value, limit, unit) = if load_of(lane) > records {
        (lane.bytes_tried as f64, lane.bytes_limit as f64, Unit::BytesPerSecond)
    } else {
        (lane.records_tried as f64, lane.records_limit as f64, Unit::PerSecond)
    };
    let name = short_shard(&lane.shard_id);
    let count = lane.recent.len().max(1) as f64;
    let belt = lane.recent.iter().enumerate().map(|(place, key)| {
        let at = 1.0 + 91.0 * (place as f64 + 0.5) / count;
        html! { <span class="rec" style={format!("left:{at:.1}%")}>{ glyph(around.record(lane, *key), 8.0) }</span> }
    });
    // The gap to the right end is how far a reader is behind; a minute is the whole belt.
    let readers = lane.readers.iter().map(|reader| {
        let at = 96.0 - (reader.behind_ms as f64 / 60_000.0 * 94.0).min(94.0);
        html! { <span class="it" style={format!("left:{at:.1}%")}/> }
    });
    let number = if unit == Unit::PerSecond { format_count(value) } else { value_text(value, unit) };
    html! {
        <div class={classes!("slane", hot.then_some("hot"))} data-lane={lane.shard_id.clone()}>
            <div class="t">
                <span class="v">{ format!("shard {name}") }</span><span>{ format!("{} keys", lane.keys) }</span><span class="grow"/>
                <span class={classes!("num", hot.then_some("t-bad"))}><span class="v">{ number }</span>{ " of " }{ value_text(limit, unit) }</span>
            </div>
            <div class="belt" aria-hidden="true">{ for belt }{ for readers }</div>
            { gauge_bar(&format!("writes to shard {name}"), value, limit, true) }
        </div>
    }
}

/// `shardId-000000000002` as `2`.
#[must_use]
pub fn short_shard(id: &str) -> String {
    let digits = id.rsplit('-').next().unwrap_or(id).trim_start_matches('0');
    if digits.is_empty() { "0".to_owned() } else { digits.to_owned() }
}
