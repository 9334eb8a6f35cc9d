//! The instances of a group: launched, in service, on their way out (CMP-14, CMP-22).

use kernel::{SimDuration, SimTime};

/// Where an instance is in its life (CMP-14). A terminated one is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    Pending,
    InService,
    Terminating,
}

/// An instance.
#[derive(Clone, Copy, Debug)]
pub(super) struct Instance {
    pub(super) stage: Stage,
    pub(super) launched_at: SimTime,
    /// From then on it counts (CMP-20).
    pub(super) warm_at: SimTime,
    pub(super) zone: u32,
    /// Tells it from those that had its place before.
    pub(super) number: u32,
    pub(super) is_protected: bool,
}

/// The instances of a group, each at a place of its own.
#[derive(Clone, Debug, Default)]
pub(super) struct Instances {
    places: Vec<Option<Instance>>,
    launched: u32,
    /// Zones in which nothing can be launched now.
    pub(super) zones_out: Vec<u32>,
}

impl Instances {
    pub(super) fn iter(&self) -> impl Iterator<Item = (usize, &Instance)> {
        self.places.iter().enumerate().filter_map(|(place, instance)| Some((place, instance.as_ref()?)))
    }

    pub(super) fn get_mut(&mut self, place: usize) -> Option<&mut Instance> {
        self.places.get_mut(place)?.as_mut()
    }

    pub(super) fn remove(&mut self, place: usize) {
        if let Some(instance) = self.places.get_mut(place) {
            *instance = None;
        }
    }

    pub(super) fn count(&self, stage: Stage) -> u32 {
        self.iter().filter(|(_, instance)| instance.stage == stage).count() as u32
    }

    /// Those that are there or will be: what desired capacity means.
    pub(super) fn capacity(&self) -> u32 {
        self.count(Stage::Pending) + self.count(Stage::InService)
    }

    /// Those in service whose warm-up is over (CMP-20).
    pub(super) fn warm(&self, now: SimTime) -> u32 {
        let is_warm = |instance: &Instance| instance.stage == Stage::InService && instance.warm_at <= now;
        self.iter().filter(|(_, instance)| is_warm(instance)).count() as u32
    }

    /// Launches one in the zone with the fewest, and gives its place and number.
    pub(super) fn launch(
        &mut self,
        now: SimTime,
        warm_after: SimDuration,
        zones: u32,
        is_protected: bool,
    ) -> (usize, u32) {
        let usable = (0..zones.max(1)).filter(|zone| !self.zones_out.contains(zone));
        let zone = usable.min_by_key(|zone| self.in_zone(*zone)).unwrap_or(0);
        self.launched += 1;
        let instance = Instance {
            stage: Stage::Pending,
            launched_at: now,
            warm_at: now + warm_after,
            zone,
            number: self.launched,
            is_protected,
        };
        let place = self.places.iter().position(Option::is_none).unwrap_or(self.places.len());
        if place == self.places.len() {
            self.places.push(None);
        }
        self.places[place] = Some(instance);
        (place, self.launched)
    }

    fn in_zone(&self, zone: u32) -> usize {
        let there = |instance: &Instance| instance.zone == zone && instance.stage != Stage::Terminating;
        self.iter().filter(|(_, instance)| there(instance)).count()
    }

    /// Which one goes first: of the zone with the most, the one launched first (CMP-22).
    pub(super) fn first_to_go(&self) -> Option<usize> {
        let may_go = |instance: &Instance| instance.stage != Stage::Terminating && !instance.is_protected;
        let candidates = self.iter().filter(|(_, instance)| may_go(instance));
        let key = |instance: &Instance| {
            (std::cmp::Reverse(self.in_zone(instance.zone)), instance.launched_at, instance.number)
        };
        candidates.min_by_key(|(_, instance)| key(instance)).map(|(place, _)| place)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cmp_22_zones_are_kept_even_and_the_oldest_of_the_fullest_goes_first() {
        let mut instances = Instances::default();
        let launch = |second: u64, instances: &mut Instances| {
            instances.launch(SimTime::from_secs(second), SimDuration::ZERO, 2, false).0
        };
        let places: Vec<usize> = (0..5).map(|second| launch(second, &mut instances)).collect();
        let zones: Vec<u32> = instances.iter().map(|(_, instance)| instance.zone).collect();
        assert_eq!(zones, [0, 1, 0, 1, 0]);
        // Zone 0 has three: its oldest goes, and then the oldest of all.
        let mut gone = Vec::new();
        for _ in 0..3 {
            let place = instances.first_to_go().expect("one may go");
            gone.push(place);
            instances.remove(place);
        }
        assert_eq!(gone, [places[0], places[1], places[2]]);
        assert_eq!(launch(9, &mut instances), places[0], "a place that is free is taken");
        assert_eq!(instances.iter().next().map(|(_, instance)| instance.zone), Some(0));
    }
}
