//! From transits to marks and banded flows on the painter's wires.

use std::collections::{BTreeMap, VecDeque};

use engine::{Frame, LinkState};
use messaging::node_state::{Instrument, Lane};
use messaging::trace::{Transit, TransitKind};
use messaging::{ComponentId, KeyId, LinkId, LogicalId, TraceId};

use super::categories::Lanes;
use super::{Band, HopDisplay, Mark, Playback};
use crate::effect::Effect;
use crate::run::Run;

/// Refused marks of one banded flow at once.
const MAX_REFUSED_AT_ONCE: usize = 4;
/// Marks that can be clicked on at once. Ours.
const MAX_SEEN: usize = 1_500;
/// Speed of a banded flow's notches, CSS px per second.
const NOTCH_SPEED: f32 = 60.0;
/// How fast the stripes of a flow follow a change: this share of what was before stays with each frame.
const STRIPE_MEMORY: f32 = 0.9;

/// Which wire of the painter each link has, and what flows along those too busy for marks.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Flow {
    /// First wire and number of wires of each link, by the link's number.
    wires: Vec<(u32, u32)>,
    /// Shards of the stream at an end of each link, by the link's number; none for most.
    lanes: Vec<Lanes>,
    /// The two ends of each link, by the link's number.
    ends: Vec<Option<(ComponentId, ComponentId)>>,
    /// Messages of each category on each link of late.
    shares: BTreeMap<u32, [f32; 7]>,
    /// The flows last given to the painter.
    bands: Vec<Band>,
    /// The marks given to the painter last, with their messages: what a click may mean.
    seen: VecDeque<(Mark, TraceId)>,
}

impl Flow {
    /// First wire and number of wires of a link.
    pub(crate) fn wires_of(&self, link: LinkId) -> Option<(u32, u32)> {
        self.wires.get(link.index()).copied()
    }

    /// The marks given to the painter last, with their messages.
    pub(crate) fn seen(&self) -> impl Iterator<Item = &(Mark, TraceId)> {
        self.seen.iter()
    }

    /// The message of the last mark.
    pub(crate) fn last_seen(&self) -> Option<TraceId> {
        self.seen.back().map(|(_, id)| *id)
    }

    fn remember(&mut self, mark: Mark, id: TraceId) {
        if self.seen.len() == MAX_SEEN {
            self.seen.pop_front();
        }
        self.seen.push_back((mark, id));
    }

    /// How many wires there are.
    pub(crate) fn total(&self) -> usize {
        self.wires.last().map_or(0, |(first, count)| (first + count) as usize)
    }

    /// Shards that keys go to.
    pub(crate) fn lanes(&self) -> &[Lanes] {
        &self.lanes
    }

    fn wire(&self, link: LinkId, key: KeyId, run: &Run) -> Option<u32> {
        let (first, count) = self.wires_of(link)?;
        if count == 1 {
            return Some(first);
        }
        let md5 = run.catalogue.key(key).map_or(0, |key| key.md5);
        let lanes = &self.lanes[link.index()];
        let lane = lanes.iter().position(|(from, to, _)| (*from..=*to).contains(&md5)).unwrap_or(0);
        Some(first + (lane as u32).min(count - 1))
    }
}

/// Numbers the wires anew when links or shards have changed; true if any wire has another number now.
pub(crate) fn renumber(playback: &mut Playback, run: &Run) -> bool {
    let lanes_of = |id: &LogicalId| -> Lanes {
        let instruments = run.nodes.get(id).map(|node| &node.state.instruments);
        let lanes = instruments.into_iter().flatten().find_map(|instrument| match instrument {
            Instrument::Lanes { lanes } => Some(lanes),
            _ => None,
        });
        let range = |lane: &Lane| {
            let bound = |text: &str, otherwise| text.parse().unwrap_or(otherwise);
            (
                bound(&lane.starting_hash_key, 0),
                bound(&lane.ending_hash_key, u128::MAX),
                lane.shard_id.clone(),
            )
        };
        lanes.map_or_else(Vec::new, |lanes| lanes.iter().map(range).collect())
    };
    let (mut wires, mut all_lanes, mut next) = (Vec::new(), Vec::new(), 0);
    for ends in &run.roster.links {
        let (from, to) =
            ends.as_ref().map_or_else(Default::default, |(from, to)| (lanes_of(from), lanes_of(to)));
        let count = crate::view::lanes_of(from.len(), to.len()) as u32;
        wires.push((next, count));
        all_lanes.push(if from.is_empty() { to } else { from });
        next += count;
    }
    let roster = &run.roster;
    let numbers = |ends: &Option<(LogicalId, LogicalId)>| {
        let (from, to) = ends.as_ref()?;
        roster.component_of(from).zip(roster.component_of(to))
    };
    let flow = &mut playback.flow;
    flow.ends = roster.links.iter().map(numbers).collect();
    // Links added at the end leave the numbers of the others as they are.
    let renumbered = !wires.starts_with(&flow.wires);
    (flow.wires, flow.lanes) = (wires, all_lanes);
    renumbered
}

/// What a frame gives the painter.
pub(crate) fn add_frame(playback: &mut Playback, run: &Run, frame: &Frame) -> Vec<Effect> {
    let speed = playback.transport.speed;
    let by = playback.colour_by.clone();
    playback.categories.learn(&by, &run.catalogue);
    playback.categories.meet(&by, &frame.transits, &run.catalogue, &playback.flow.lanes);
    let still = playback.reduced_motion || playback.hop == HopDisplay::Still;
    if still || frame.jumped {
        return Vec::new();
    }
    playback.presentation.begin(frame.from, speed);
    for shares in playback.flow.shares.values_mut() {
        shares.iter_mut().for_each(|share| *share *= STRIPE_MEMORY);
    }
    let mut marks = Vec::with_capacity(frame.transits.len());
    let mut refused_of_flow: BTreeMap<LinkId, usize> = BTreeMap::new();
    for transit in &frame.transits {
        let category = playback.categories.known(transit.payload, transit.key);
        let banded = playback.multiplicity.banded.contains(&transit.link.0);
        if banded && transit.kind == TransitKind::Message {
            let shares = playback.flow.shares.entry(transit.link.0).or_default();
            shares[usize::from(category)] += transit.count as f32;
        }
        if banded && !stands_out(transit, &mut refused_of_flow) {
            continue;
        }
        let Some(ends) = playback.flow.ends.get(transit.link.index()).copied().flatten() else { continue };
        let Some(wire) = playback.flow.wire(transit.link, transit.key, run) else { continue };
        let hop = if playback.elastic { HopDisplay::ToScale } else { playback.hop };
        let mark = Mark { wire, category, ..playback.presentation.place(transit, ends, hop, speed) };
        playback.flow.remember(mark, transit.trace_id);
        marks.push(mark);
    }
    let mut effects = Vec::new();
    if !marks.is_empty() {
        effects.push(Effect::AddMarks(marks));
    }
    effects
}

/// Rare messages are drawn singly above a flow, and a few of the refused ones.
fn stands_out(transit: &Transit, refused: &mut BTreeMap<LinkId, usize>) -> bool {
    match transit.kind {
        TransitKind::DeadLettered => true,
        TransitKind::Refused => {
            let count = refused.entry(transit.link).or_default();
            *count += 1;
            *count <= MAX_REFUSED_AT_ONCE
        }
        TransitKind::Message | TransitKind::FilteredOut | TransitKind::EmptyReceive => false,
    }
}

impl Playback {
    /// Takes the rates of all links: which are banded flows now, and how many messages a mark stands for.
    pub(crate) fn take_rates(&mut self, links: &[LinkState]) -> (bool, Option<Effect>) {
        let speed = self.transport.speed;
        let changed = self.multiplicity.update(links, speed, self.presentation.now);
        let still = self.reduced_motion || self.hop == HopDisplay::Still;
        let mut bands = Vec::new();
        for (number, link) in links.iter().enumerate() {
            let Some((first, count)) = self.flow.wires_of(LinkId(number as u32)) else { continue };
            let Some(shares) = self.flow.shares.get(&(number as u32)) else { continue };
            if still
                || !self.multiplicity.banded.contains(&(number as u32))
                || link.messages_per_second == 0.0
            {
                continue;
            }
            let per_second = link.messages_per_second * speed / f64::from(count);
            let width = (5.0 + 2.0 * libm::log10(per_second / 100.0).max(0.0)).min(16.0) as f32;
            let total: f32 = shares.iter().sum();
            // In steps of 2 %, so that the painter need not work on every small change.
            let shares =
                shares.map(|share| if total > 0.0 { (share / total * 50.0).round() / 50.0 } else { 0.0 });
            let width = (width * 2.0).round() / 2.0;
            let wires = first..first + count;
            bands.extend(wires.map(|wire| Band { wire, width, shares, notch_speed: NOTCH_SPEED }));
        }
        if bands == self.flow.bands {
            return (changed, None);
        }
        self.flow.bands.clone_from(&bands);
        (changed, Some(Effect::SetBands(bands)))
    }

    /// The run begins anew: no wire carries anything.
    pub(crate) fn forget_flows(&mut self) -> Vec<Effect> {
        self.presentation.jump();
        self.multiplicity.reset();
        self.flow.shares.clear();
        self.flow.bands.clear();
        self.flow.seen.clear();
        vec![Effect::ClearMarks, Effect::SetBands(Vec::new())]
    }
}
