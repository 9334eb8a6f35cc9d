//! From notes about a followed message to its journey.

mod outcome;

use kernel::SimTime;
use messaging::trace::{Answered, Followed, Kept, Left, TraceEvent, TraceKind, Transit, TransitKind};
use messaging::{ComponentId, LogicalId, TraceId, World};

use crate::journey::{ApiCall, Hop, HopKind, Journey, Outcome, OutcomeKind, Stay, StayState, Traveller};

/// The most steps, stays and calls of one journey that are kept. Ours.
const MAX_NOTES: usize = 400;

/// Follows one message.
pub(crate) struct Tracker<'w> {
    world: &'w World,
    journey: Option<Journey>,
    /// The component of each stay.
    places: Vec<ComponentId>,
    /// Dead-letter queues it came to.
    dead: Vec<ComponentId>,
    /// Where a move task took it from.
    moved_from: Option<(ComponentId, SimTime)>,
}

impl<'w> Tracker<'w> {
    pub(crate) fn new(world: &'w World) -> Self {
        Self { world, journey: None, places: Vec::new(), dead: Vec::new(), moved_from: None }
    }

    /// Takes the next note.
    pub(crate) fn note(&mut self, note: &Followed) {
        if let Followed::Moved(transit) = note
            && self.journey.is_none()
        {
            self.journey = Some(begun(transit));
        }
        let full = self.journey.as_ref().is_none_or(|journey| journey.calls.len() >= MAX_NOTES);
        if full || self.places.len() >= MAX_NOTES {
            return;
        }
        match note {
            Followed::Moved(transit) => self.moved(transit),
            Followed::Answered(answered) => self.answered(answered),
            Followed::Happened(event) => self.happened(event),
        }
    }

    /// The journey as it stands; nothing if the message never set out.
    pub(crate) fn finish(mut self, until: SimTime) -> Option<Journey> {
        self.journey.as_ref()?;
        self.sum_up(until);
        let mut journey = self.journey?;
        journey.traveller.outcomes.sort_by(|a, b| (b.kind, a.at).cmp(&(a.kind, b.at)));
        number(&mut journey.hops);
        Some(journey)
    }

    fn name(&self, id: ComponentId) -> LogicalId {
        self.world.name(id).cloned().unwrap_or_else(|| "outside".into())
    }

    fn moved(&mut self, transit: &Transit) {
        let Some(link) = self.world.links().get(transit.link) else { return };
        let (from, to) = (link.from, link.to);
        let pull = link.properties.kind().descriptor().pull;
        let kind = match transit.kind {
            TransitKind::Message if pull => HopKind::Received,
            TransitKind::Message => HopKind::Sent,
            TransitKind::DeadLettered => HopKind::DeadLettered,
            TransitKind::FilteredOut => HopKind::FilteredOut,
            // The answer to the call has said so already.
            TransitKind::Refused | TransitKind::EmptyReceive => return,
        };
        self.hop(from, to, (transit.departs_at, transit.arrives_at), kind);
        match kind {
            HopKind::Received => {
                let receives =
                    self.hops().filter(|hop| hop.kind == HopKind::Received && hop.from == self.name(from));
                let text = format!("receive {}", receives.count());
                self.stay(to, transit.arrives_at, StayState::Processing, text);
            }
            HopKind::FilteredOut => {
                let via = Some(self.name(from));
                self.outcome(to, via, OutcomeKind::FilteredOut, transit.departs_at, String::new());
            }
            _ => {
                // It was there until it went on.
                if let Some(stay) = self.last_stay(from, |stay| stay.state == StayState::Passing) {
                    stay.until =
                        Some(stay.until.map_or(transit.departs_at, |until| until.max(transit.departs_at)));
                }
                if kind == HopKind::DeadLettered && !self.dead.contains(&to) {
                    self.dead.push(to);
                }
                self.forget_refusal(from, to);
                self.stay(to, transit.arrives_at, StayState::Passing, String::new());
            }
        }
    }

    fn answered(&mut self, answered: &Answered) {
        let call = ApiCall {
            made_at: answered.made_at,
            answered_at: answered.at,
            from: self.name(answered.from),
            to: self.name(answered.to),
            operation: answered.operation.into(),
            code: answered.error.map_or_else(String::new, |error| error.as_service_error().code().into()),
        };
        let code = call.code.clone();
        if let Some(journey) = &mut self.journey {
            journey.calls.push(call);
        }
        let pull = self
            .world
            .links()
            .get(answered.link)
            .is_none_or(|link| link.properties.kind().descriptor().pull || link.from != answered.from);
        if pull {
            return;
        }
        let at = answered.at;
        let open =
            self.last_stay(answered.to, |stay| stay.state == StayState::Passing && stay.until.is_none());
        if let Some(stay) = open {
            stay.until = Some(at);
            if answered.error.is_some() {
                stay.state = StayState::Refused;
                stay.text = format!("refused, {code}");
            }
        }
        if let Some(error) = answered.error {
            let via = Some(self.name(answered.from));
            self.outcome(answered.to, via, OutcomeKind::Refused, at, error.to_string());
            if let Some(outcome) = self.outcomes().and_then(|all| all.last_mut()) {
                outcome.code = code;
            }
        }
    }

    fn happened(&mut self, event: &TraceEvent) {
        let (at, place) = (event.at, event.component);
        match &event.kind {
            TraceKind::Kept(kept) => self.kept(place, at, *kept),
            TraceKind::Left(left) => self.left(place, at, *left),
            TraceKind::MovedToDeadLetterQueue { receive_count } => {
                self.close(place, at);
                let to = self.world.links().get(event.link).map(|link| link.to);
                let reason = self.why_dead(place, *receive_count, to);
                self.outcome(place, to.map(|to| self.name(to)), OutcomeKind::DeadLettered, at, reason);
            }
            TraceKind::Expired => {
                self.close(place, at);
                let reason = "Its retention period ended before anybody deleted it.".into();
                self.outcome(place, None, OutcomeKind::Expired, at, reason);
            }
            TraceKind::Processed => self.worked(place, at, StayState::Processing, ""),
            TraceKind::ProcessingFailed => self.worked(place, at, StayState::Failed, ", failed"),
            TraceKind::Abandoned => self.worked(place, at, StayState::Failed, ", worker died"),
            TraceKind::NotificationFailed { error } => {
                let to = self.world.links().get(event.link).map_or(place, |link| link.to);
                self.forget_refusal(place, to);
                let via = Some(self.name(place));
                let reason = format!("No further attempt was made. The last one: {error}");
                self.outcome(to, via, OutcomeKind::Lost, at, reason);
            }
            TraceKind::Lost { attempts } => {
                let reason = format!("{} gave up after {attempts} attempts.", self.name(place));
                self.outcome(place, None, OutcomeKind::Lost, at, reason);
            }
            _ => {}
        }
    }

    fn kept(&mut self, place: ComponentId, at: SimTime, kept: Kept) {
        if let Some((from, since)) = self.moved_from.take().filter(|(from, _)| *from != place) {
            self.hop(from, place, (since, at), HopKind::Sent);
        }
        // What was let in is kept from the same instant on.
        self.places.iter().rposition(|other| *other == place).into_iter().for_each(|index| {
            if let Some(journey) = &mut self.journey
                && journey.stays[index].state == StayState::Passing
                && journey.stays[index].until.is_none()
            {
                journey.stays[index].until = Some(at);
            }
        });
        self.close(place, at);
        let visible = if self.dead.contains(&place) { StayState::Dead } else { StayState::Visible };
        match kept {
            Kept::Delayed(until) => {
                self.stay(place, at, StayState::Delayed, String::new());
                self.close(place, until);
                self.stay(place, until, visible, String::new());
            }
            Kept::Visible => self.stay(place, at, visible, String::new()),
            Kept::InFlight => self.stay(place, at, StayState::InFlight, String::new()),
        }
    }

    fn left(&mut self, place: ComponentId, at: SimTime, left: Left) {
        self.close(place, at);
        match left {
            Left::Deleted => {
                let name = self.name(place);
                let taker = self.hops().rfind(|hop| hop.from == name && hop.kind == HopKind::Received);
                let taker = taker.map(|hop| hop.to.clone());
                let reason = match &taker {
                    Some(taker) => format!("{taker} worked on it and deleted it from {name}."),
                    None => format!("It was deleted from {name}."),
                };
                self.outcome(place, taker, OutcomeKind::Delivered, at, reason);
            }
            Left::Purged => {
                let reason = format!("{} was purged.", self.name(place));
                self.outcome(place, None, OutcomeKind::Purged, at, reason);
            }
            Left::Deduplicated => {
                if let Some(stay) = self.last_stay(place, |stay| stay.until.is_none()) {
                    stay.until = Some(at);
                }
                let reason = "A message with the same deduplication id came in the 5 minutes before. This one was accepted and not kept.";
                self.outcome(place, None, OutcomeKind::Duplicate, at, reason.into());
            }
            Left::Moved => self.moved_from = Some((place, at)),
        }
    }

    /// Somebody's work on it is over.
    fn worked(&mut self, place: ComponentId, at: SimTime, state: StayState, text: &str) {
        let working = |stay: &Stay| stay.state == StayState::Processing && stay.until.is_none();
        if let Some(stay) = self.last_stay(place, working) {
            stay.until = Some(at);
            stay.state = state;
            stay.text.push_str(text);
        } else {
            // Nobody read it: it came with a call of its own.
            self.stay(place, at, state, text.trim_start_matches(", ").into());
            self.close(place, at);
        }
    }

    fn why_dead(&self, place: ComponentId, receives: u32, to: Option<ComponentId>) -> String {
        let queue = self.name(place);
        let mut failed: Vec<(&LogicalId, u32)> = Vec::new();
        for stay in self.stays().filter(|stay| stay.state == StayState::Failed) {
            match failed.iter_mut().find(|(who, _)| **who == stay.place) {
                Some((_, times)) => *times += 1,
                None => failed.push((&stay.place, 1)),
            }
        }
        let failures: Vec<String> = failed
            .iter()
            .map(|(who, times)| match times {
                1 => format!("{who} failed once."),
                _ => format!("{who} failed {times} times."),
            })
            .collect();
        let to = to.map_or_else(String::new, |to| format!(" to {}", self.name(to)));
        let last = format!(
            "It was received {receives} times, and the redrive policy of {queue} allows no more: the next receive moved it{to}."
        );
        failures.into_iter().chain([last]).collect::<Vec<_>>().join(" ")
    }

    fn hops(&self) -> std::slice::Iter<'_, Hop> {
        self.journey.as_ref().map_or([].iter(), |journey| journey.hops.iter())
    }

    fn stays(&self) -> std::slice::Iter<'_, Stay> {
        self.journey.as_ref().map_or([].iter(), |journey| journey.stays.iter())
    }

    fn outcomes(&mut self) -> Option<&mut Vec<Outcome>> {
        self.journey.as_mut().map(|journey| &mut journey.traveller.outcomes)
    }

    fn hop(
        &mut self,
        from: ComponentId,
        to: ComponentId,
        (departs, arrives): (SimTime, SimTime),
        kind: HopKind,
    ) {
        let (from, to) = (self.name(from), self.name(to));
        if let Some(journey) = &mut self.journey {
            journey.hops.push(Hop { number: 0, from, to, departs, arrives, kind });
        }
    }

    fn stay(&mut self, place: ComponentId, from: SimTime, state: StayState, text: String) {
        let name = self.name(place);
        if let Some(journey) = &mut self.journey {
            journey.stays.push(Stay { place: name, from, until: None, state, text });
            self.places.push(place);
        }
    }

    fn last_stay(&mut self, place: ComponentId, which: impl Fn(&Stay) -> bool) -> Option<&mut Stay> {
        let journey = self.journey.as_mut()?;
        let stays = journey.stays.iter_mut().zip(&self.places).rev();
        { stays }.find(|(stay, other)| **other == place && which(stay)).map(|(stay, _)| stay)
    }

    /// Whatever keeps it here keeps it no longer.
    fn close(&mut self, place: ComponentId, at: SimTime) {
        let kept = |stay: &Stay| {
            let state = stay.state;
            stay.until.is_none() && !matches!(state, StayState::Processing | StayState::Passing)
        };
        while let Some(stay) = self.last_stay(place, kept) {
            stay.until = Some(at.max(stay.from));
        }
    }

    fn forget_refusal(&mut self, from: ComponentId, to: ComponentId) {
        let (from, to) = (self.name(from), self.name(to));
        let again = |outcome: &Outcome| {
            outcome.kind == OutcomeKind::Refused && outcome.place == to && outcome.via.as_ref() == Some(&from)
        };
        if let Some(all) = self.outcomes() {
            all.retain(|outcome| !again(outcome));
        }
    }

    fn outcome(
        &mut self,
        place: ComponentId,
        via: Option<LogicalId>,
        kind: OutcomeKind,
        at: SimTime,
        reason: String,
    ) {
        let place = self.name(place);
        let Some(all) = self.outcomes() else { return };
        let same = |outcome: &Outcome| (&outcome.place, outcome.kind, &outcome.via) == (&place, kind, &via);
        let times = all.iter().find(|outcome| same(outcome)).map_or(1, |outcome| outcome.times + 1);
        all.retain(|outcome| !same(outcome));
        all.push(Outcome { place, via, kind, at, times, reason, code: String::new() });
    }
}

fn begun(transit: &Transit) -> Journey {
    Journey {
        traveller: Traveller {
            trace_id: transit.trace_id,
            payload: transit.payload,
            key: transit.key,
            published_at: transit.departs_at,
            outcomes: Vec::new(),
        },
        hops: Vec::new(),
        stays: Vec::new(),
        calls: Vec::new(),
    }
}

/// Copies that set out at one instant share a number; those filtered out have none.
fn number(hops: &mut [Hop]) {
    hops.sort_by_key(|hop| hop.departs);
    let (mut last, mut number) = (None, 0);
    for hop in hops.iter_mut().filter(|hop| hop.kind != HopKind::FilteredOut) {
        if last.as_ref() != Some(&(hop.departs, hop.from.clone())) {
            number += 1;
            last = Some((hop.departs, hop.from.clone()));
        }
        hop.number = number;
    }
}

/// The message a note is about.
pub(crate) const fn trace_id(note: &Followed) -> Option<TraceId> {
    match note {
        Followed::Moved(transit) => Some(transit.trace_id),
        Followed::Answered(answered) => Some(answered.trace_id),
        Followed::Happened(event) => event.trace_id,
    }
}
