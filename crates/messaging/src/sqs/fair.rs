//! Fair queues: the tenants of a standard queue, and which of them are noisy (SQS-170 to SQS-176).

use kernel::{SimDuration, SimTime};

use super::quotas;
use super::standard::{Partitions, Sample};
use super::store::{NO_SLOT, State, Store};
use crate::identifiers::KeyId;

/// Minutes of in-flight time that are remembered: the five of SQS-176.
const MINUTES: usize = 5;

/// The tenants of a standard queue: one for each `MessageGroupId` it has seen (SQS-170).
#[derive(Clone, Debug, Default)]
pub(super) struct Tenants {
    now: SimTime,
    place_of_key: Vec<u32>,
    all: Vec<Tenant>,
    noisy: Vec<u32>,
    time: InFlightTime,
}

#[derive(Clone, Debug)]
struct Tenant {
    delayed: u64,
    visible: u64,
    in_flight: u64,
    time: InFlightTime,
    idle_since: SimTime,
    /// The whole second in which its share of the time was looked at last.
    looked_at: u64,
    /// While it is noisy: its visible messages, as far as a receive came across them.
    line: Option<Box<Partitions>>,
}

/// Messages of quiet tenants, in each state (SQS-180).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct QuietCounts {
    pub(super) visible: u64,
    pub(super) in_flight: u64,
    pub(super) delayed: u64,
}

impl Tenants {
    /// The instant at which all that follows happens.
    #[inline]
    pub(super) fn set_now(&mut self, now: SimTime) {
        self.now = now;
    }

    /// True once a message with a group id has come.
    #[inline]
    pub(super) fn is_active(&self) -> bool {
        !self.all.is_empty()
    }

    /// True while some tenant is noisy.
    #[inline]
    pub(super) fn has_noisy(&self) -> bool {
        !self.noisy.is_empty()
    }

    /// The tenant of a message; nothing without a group id: such a message is a tenant of its own (SQS-171).
    #[inline]
    pub(super) fn place_of(&mut self, key: KeyId, in_flight: u64) -> u32 {
        if !key.is_some() {
            return NO_SLOT;
        }
        if key.index() >= self.place_of_key.len() {
            self.place_of_key.resize(key.index() + 1, NO_SLOT);
        }
        let place = self.place_of_key[key.index()];
        if place != NO_SLOT {
            return place;
        }
        if self.all.is_empty() {
            self.time.set(self.now, in_flight);
        }
        let place = self.all.len() as u32;
        self.place_of_key[key.index()] = place;
        self.all.push(Tenant {
            delayed: 0,
            visible: 0,
            in_flight: 0,
            time: InFlightTime::default(),
            idle_since: self.now,
            looked_at: 0,
            line: None,
        });
        place
    }

    /// A message changed its state; the store has it already.
    pub(super) fn changed(&mut self, slot: u32, from: State, to: State, servers: u32, store: &Store) {
        let flies = from == State::InFlight || to == State::InFlight;
        if flies {
            self.time.set(self.now, store.in_flight());
        }
        let place = store.get(slot).group;
        let Some(tenant) = self.all.get_mut(place as usize) else { return };
        if let Some(count) = tenant.count_of(from) {
            *count -= 1;
        }
        if let Some(count) = tenant.count_of(to) {
            *count += 1;
        }
        if flies {
            tenant.time.set(self.now, tenant.in_flight);
            if tenant.in_flight == 0 {
                tenant.idle_since = self.now;
            }
        }
        match (tenant.line.is_some(), tenant.visible) {
            // Its backlog is consumed (SQS-174).
            (true, 0) => {
                tenant.line = None;
                self.noisy.retain(|noisy| *noisy != place);
            }
            (false, 1..) if tenant.is_too_loud(self.now, store.in_flight(), &mut self.time) => {
                tenant.line = Some(Box::new(Partitions::new(servers)));
                self.noisy.push(place);
            }
            _ => {}
        }
    }

    /// The line a visible message stands in, if its tenant is noisy.
    #[inline]
    pub(super) fn line_of(&mut self, slot: u32, store: &Store) -> Option<&mut Partitions> {
        self.all.get_mut(store.get(slot).group as usize)?.line.as_deref_mut()
    }

    /// The next message of a noisy tenant on the asked servers: of the one with the fewest in flight (SQS-173).
    pub(super) fn take_noisy(&mut self, sample: &mut Sample, store: &Store) -> Option<u32> {
        let all = &self.all;
        let has_some = |place: &u32| all[*place as usize].line.as_ref().is_some_and(|line| line.has(sample));
        let waiting = self.noisy.iter().copied().filter(has_some);
        let next = waiting.min_by_key(|place| all[*place as usize].in_flight)?;
        self.all[next as usize].line.as_mut()?.take(sample, store)
    }

    /// Tenants without anything in flight for five minutes are noisy no longer (SQS-174): their messages go back.
    pub(super) fn forgive(&mut self, partitions: &mut Partitions, store: &mut Store) {
        for turn in (0..self.noisy.len()).rev() {
            let tenant = &mut self.all[self.noisy[turn] as usize];
            if tenant.is_noisy(self.now) {
                continue;
            }
            self.noisy.remove(turn);
            if let Some(mut line) = tenant.line.take() {
                line.move_all(partitions, store);
            }
        }
    }

    /// Nobody is noisy any more, and what waited is shelved anew by the caller.
    pub(super) fn forget_lines(&mut self) {
        for place in std::mem::take(&mut self.noisy) {
            self.all[place as usize].line = None;
        }
    }

    /// `ApproximateNumberOfNoisyGroups` (SQS-180).
    pub(super) fn noisy_groups(&self, now: SimTime) -> u64 {
        self.noisy_at(now).count() as u64
    }

    /// How many messages there are of quiet tenants (SQS-180).
    pub(super) fn quiet_counts(&self, now: SimTime, store: &Store) -> QuietCounts {
        let mut counts =
            QuietCounts { visible: store.visible(), in_flight: store.in_flight(), delayed: store.delayed() };
        for tenant in self.noisy_at(now) {
            counts.visible -= tenant.visible;
            counts.in_flight -= tenant.in_flight;
            counts.delayed -= tenant.delayed;
        }
        counts
    }

    /// True for a message of a noisy tenant.
    pub(super) fn is_of_noisy(&self, slot: u32, now: SimTime, store: &Store) -> bool {
        self.all.get(store.get(slot).group as usize).is_some_and(|tenant| tenant.is_noisy(now))
    }

    fn noisy_at(&self, now: SimTime) -> impl Iterator<Item = &Tenant> {
        let noisy = self.noisy.iter().map(|place| &self.all[*place as usize]);
        noisy.filter(move |tenant| tenant.is_noisy(now))
    }
}

impl Tenant {
    fn count_of(&mut self, state: State) -> Option<&mut u64> {
        match state {
            State::Free => None,
            State::Delayed => Some(&mut self.delayed),
            State::Visible => Some(&mut self.visible),
            State::InFlight => Some(&mut self.in_flight),
        }
    }

    fn is_noisy(&self, now: SimTime) -> bool {
        let forgiven = SimDuration::from_secs(quotas::NOISY_GROUP_MEMORY_SECONDS.current);
        self.line.is_some() && (self.in_flight > 0 || now.since(self.idle_since) < forgiven)
    }

    /// More than its share of the messages in flight, or of the time in flight (SQS-172, SQS-176).
    fn is_too_loud(&mut self, now: SimTime, all_in_flight: u64, all_time: &mut InFlightTime) -> bool {
        let share = |part: u64, whole: u64| part * 100 > whole * quotas::NOISY_GROUP_SHARE_PERCENT.current;
        if self.in_flight >= quotas::NOISY_GROUP_IN_FLIGHT.current && share(self.in_flight, all_in_flight) {
            return true;
        }
        if now.whole_second() == self.looked_at {
            return false;
        }
        self.looked_at = now.whole_second();
        let own = self.time.total_seconds(now);
        own >= quotas::NOISY_GROUP_MESSAGE_SECONDS.current && share(own, all_time.total_seconds(now))
    }
}

/// Time in flight of all messages together, minute by minute (SQS-176).
#[derive(Clone, Debug, Default)]
struct InFlightTime {
    in_flight: u64,
    since: SimTime,
    /// Message-microseconds of the last minutes; a minute's place is its number modulo their count.
    minutes: [u64; MINUTES],
}

impl InFlightTime {
    fn set(&mut self, now: SimTime, in_flight: u64) {
        self.catch_up(now);
        self.in_flight = in_flight;
    }

    fn total_seconds(&mut self, now: SimTime) -> u64 {
        self.catch_up(now);
        self.minutes.iter().sum::<u64>() / 1_000_000
    }

    fn catch_up(&mut self, now: SimTime) {
        const MINUTE: u64 = 60_000_000;
        let (from, to) = (self.since.as_micros(), now.as_micros());
        // What is longer ago than the minutes that are remembered is forgotten, and not walked through.
        let first = (to.saturating_sub(1) / MINUTE).saturating_sub(MINUTES as u64 - 1);
        if from / MINUTE < first {
            self.minutes = [0; MINUTES];
        }
        let mut at = from.max(first * MINUTE);
        while at < to {
            let minute = at / MINUTE;
            let end = to.min((minute + 1) * MINUTE);
            let place = (minute % MINUTES as u64) as usize;
            if at == minute * MINUTE {
                self.minutes[place] = 0;
            }
            self.minutes[place] += self.in_flight * (end - at);
            at = end;
        }
        self.since = now;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// SQS-176: in-flight seconds of the last five minutes.
    #[test]
    fn time_in_flight_is_forgotten_after_five_minutes() {
        let mut time = InFlightTime::default();
        let at = SimTime::from_secs;
        time.set(at(10), 3);
        assert_eq!(time.total_seconds(at(40)), 90);
        time.set(at(70), 0);
        assert_eq!(time.total_seconds(at(299)), 180, "50 s and 10 s of three messages");
        assert_eq!(time.total_seconds(at(301)), 30, "the first minute is gone");
        assert_eq!(time.total_seconds(at(361)), 0);
        time.set(at(400), 2);
        assert_eq!(time.total_seconds(at(4_000)), 2 * (240 + 40), "as many minutes as are remembered");
    }
}
