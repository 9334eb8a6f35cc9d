//! What the page has been sent already, so that everything crosses once.

use kernel::SimTime;
use messaging::Intervention;
use messaging::trace::TraceBatch;

use crate::frame::{CatalogueAdditions, ExpectationState, Frame, KeyInfo, PayloadInfo, SeriesPiece};
use crate::log::LogEntry;
use crate::protocol::{Roster, WatchedMetric};
use crate::run::Run;
use crate::series::Figure;

/// Payloads sent with one frame at most; the rest follows. Ours.
const MAX_PAYLOADS: usize = 500;
/// Keys sent with one frame at most; the rest follows. Ours.
const MAX_KEYS: usize = 2_000;

/// What the page has been sent already.
#[derive(Clone, Debug, Default)]
pub(crate) struct Outbox {
    roster: Roster,
    payloads: usize,
    keys: usize,
    watched: Vec<Watched>,
    /// What of another run was sent lies behind: it is sent anew.
    compare: bool,
    done: Vec<(SimTime, Intervention)>,
}

#[derive(Clone, Debug)]
struct Watched {
    of: WatchedMetric,
    /// The second to send next, and the generation of the values sent; nothing was sent yet.
    sent: Option<(u64, u32)>,
}

impl Outbox {
    /// The page is new to this run: nothing was sent.
    pub(crate) fn reset(&mut self) {
        let watched = std::mem::take(&mut self.watched);
        *self = Self::default();
        self.watch(watched.into_iter().map(|watched| watched.of).collect());
    }

    /// The other run that is compared is another one.
    pub(crate) fn compare(&mut self) {
        self.compare = true;
    }

    /// The run took another way: payloads and keys from here on may be others than those sent.
    pub(crate) fn branched(&mut self, run: &Run) {
        self.payloads = self.payloads.min(run.world.catalogue().payloads().len());
        self.keys = self.keys.min(run.world.catalogue().keys().len());
    }

    pub(crate) fn watch(&mut self, metrics: Vec<WatchedMetric>) {
        self.compare = true;
        let kept = |of: &WatchedMetric| {
            let old = self.watched.iter().find(|watched| watched.of == *of);
            old.and_then(|watched| watched.sent)
        };
        self.watched = metrics.into_iter().map(|of| Watched { sent: kept(&of), of }).collect();
    }

    /// A frame of all that is new.
    pub(crate) fn frame(
        &mut self,
        run: &Run,
        other: Option<&Run>,
        from: SimTime,
        batch: TraceBatch,
    ) -> Frame {
        let outcomes = run.outcomes();
        Frame {
            revision: run.revision,
            from,
            reached: run.world.now(),
            jumped: false,
            budget_spent: false,
            roster: self.new_roster(run),
            transits: batch.transits,
            suppressed_messages: batch.suppressed_messages,
            events: batch.events.iter().map(LogEntry::of).collect(),
            suppressed_events: batch.suppressed_events,
            status: None,
            series: self.new_series(run),
            compared: self.compared(other),
            done: self.new_done(run),
            catalogue: self.new_catalogue(run),
            expectations: outcomes
                .map(|(place, outcome)| ExpectationState {
                    place: place as u32,
                    observed: outcome.observed,
                    holds: outcome.holds,
                })
                .collect(),
            next_event_at: run.world.next_event_at(),
            ended: run.ended(),
        }
    }

    fn new_roster(&mut self, run: &Run) -> Option<Roster> {
        let world = &run.world;
        let mut roster = Roster::default();
        for id in world.component_ids() {
            roster.resources.resize(id.index(), None);
            roster.resources.push(world.name(id).cloned());
        }
        for link in world.links().iter() {
            roster.links.resize(link.id.index(), None);
            let name = |id| world.name(id).cloned();
            roster.links.push(name(link.from).zip(name(link.to)));
        }
        if roster == self.roster {
            return None;
        }
        self.roster = roster.clone();
        Some(roster)
    }

    fn new_series(&mut self, run: &Run) -> Vec<SeriesPiece> {
        let mut pieces = Vec::new();
        for watched in &mut self.watched {
            let generation = run.series.generation;
            let (from, replace) = match watched.sent {
                Some((next, sent)) if sent == generation => (next, false),
                _ => (0, true),
            };
            let Some((first_second, values)) = values_of(run, &watched.of, from) else { continue };
            if values.is_empty() && !replace {
                continue;
            }
            let step_seconds = run.series.step_seconds();
            watched.sent = Some((first_second + values.len() as u64 * step_seconds, generation));
            pieces.push(SeriesPiece { of: watched.of.clone(), replace, first_second, step_seconds, values });
        }
        pieces
    }

    /// All that another run recorded of the watched metrics.
    fn compared(&mut self, other: Option<&Run>) -> Vec<SeriesPiece> {
        let Some(run) = other.filter(|_| std::mem::take(&mut self.compare)) else { return Vec::new() };
        let piece = |watched: &Watched| {
            let (first_second, values) = values_of(run, &watched.of, 0)?;
            let step_seconds = run.series.step_seconds();
            Some(SeriesPiece { of: watched.of.clone(), replace: true, first_second, step_seconds, values })
        };
        self.watched.iter().filter_map(piece).collect()
    }

    fn new_done(&mut self, run: &Run) -> Option<Vec<(SimTime, Intervention)>> {
        let done = run.done();
        if done == self.done {
            return None;
        }
        self.done.clone_from(&done);
        Some(done)
    }

    fn new_catalogue(&mut self, run: &Run) -> CatalogueAdditions {
        let catalogue = run.world.catalogue();
        let payloads = catalogue.payloads().iter().skip(self.payloads).take(MAX_PAYLOADS);
        let keys = catalogue.keys().iter().skip(self.keys).take(MAX_KEYS);
        let additions = CatalogueAdditions {
            first_payload: self.payloads as u32,
            payloads: payloads
                .map(|payload| PayloadInfo {
                    body: payload.body.to_string(),
                    attributes: payload.attributes.clone(),
                    size_bytes: payload.size_bytes,
                    poison: payload.poison,
                    enclosed: payload.enclosed,
                })
                .collect(),
            first_key: self.keys as u32,
            keys: keys.map(|key| KeyInfo { text: key.text.to_string(), md5: key.md5 }).collect(),
        };
        self.payloads += additions.payloads.len();
        self.keys += additions.keys.len();
        additions
    }
}

/// What was recorded of a watched metric, added up over the resources its name stands for.
fn values_of(run: &Run, of: &WatchedMetric, from: u64) -> Option<(u64, Vec<f64>)> {
    let pieces = run.watched(&of.of).into_iter();
    let pieces = pieces.map(|component| run.series.values_from(Figure::Metric(component, of.metric), from));
    pieces.reduce(|(first, mut sum), (_, more)| {
        sum.resize(sum.len().max(more.len()), 0.0);
        sum.iter_mut().zip(more).for_each(|(sum, more)| *sum += more);
        (first, sum)
    })
}
