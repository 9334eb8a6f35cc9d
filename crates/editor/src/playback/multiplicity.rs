//! How many messages a mark stands for, and which links are drawn as banded flows instead.

use std::collections::BTreeSet;

use engine::LinkState;

use super::HOP_SECONDS;

/// What a mark can stand for.
pub const MULTIPLICITIES: [u32; 5] = [1, 10, 25, 100, 1_000];
/// The most marks on one wire before it becomes a banded flow.
const MAX_MARKS_PER_WIRE: f64 = 24.0;
/// The fewest that a wire is given, however short it is. Ours.
const LEAST_MARKS_PER_WIRE: f64 = 4.0;
/// Marks this far apart can be counted; closer than they are wide they are no marks any more. CSS px, ours.
const COUNTABLE_PX: f64 = 14.0;
const TOUCHING_PX: f64 = 9.0;
/// Seconds for which the lengths of wires are taken to be the same.
const ROOM_SECONDS: f64 = 1.0;
/// The most marks on screen.
const MAX_MARKS: f64 = 1_500.0;
/// Share by which a rate must fall below a border before the drawing goes back.
const HYSTERESIS: f64 = 0.2;
/// Seconds between two changes.
const CHANGE_SECONDS: f64 = 2.0;
/// This share of the busy links must be countable marks.
const COUNTABLE_SHARE: f64 = 0.75;

/// How many messages a mark stands for, on the whole canvas, and which links are banded flows.
#[derive(Clone, Debug, PartialEq)]
pub struct Multiplicity {
    /// Messages for each mark.
    pub messages_per_mark: u32,
    /// Links that would still carry too many marks, by number.
    pub banded: BTreeSet<u32>,
    /// Presentation time of the last change.
    changed_at: f64,
    /// How long the wires of each link are on screen, CSS px; nothing is known of those beyond its end.
    room: Vec<f64>,
    room_at: f64,
}

impl Default for Multiplicity {
    fn default() -> Self {
        Self {
            messages_per_mark: 1,
            banded: BTreeSet::new(),
            changed_at: f64::NEG_INFINITY,
            room: Vec::new(),
            room_at: f64::NEG_INFINITY,
        }
    }
}

impl Multiplicity {
    /// The lengths of the wires are to be measured again.
    pub(crate) fn needs_room(&self, now: f64) -> bool {
        (now - self.room_at).abs() >= ROOM_SECONDS
    }

    /// How long the wires of each link are on screen, CSS px.
    pub(crate) fn set_room(&mut self, room: Vec<f64>, now: f64) {
        (self.room, self.room_at) = (room, now);
    }

    /// So many marks fit on the wires of a link when each is given so many px.
    fn most(&self, link: usize, px: f64) -> f64 {
        let fits = self.room.get(link).map_or(MAX_MARKS_PER_WIRE, |room| room / px);
        fits.clamp(LEAST_MARKS_PER_WIRE, MAX_MARKS_PER_WIRE)
    }

    /// Takes the rates of all links; true when marks now stand for another number of messages.
    pub(crate) fn update(&mut self, links: &[LinkState], speed: f64, now: f64) -> bool {
        // Messages on each wire at any time, when every hop is shown for half a second.
        let shown: Vec<f64> =
            links.iter().map(|link| link.messages_per_second * speed * HOP_SECONDS).collect();
        let mut changed = false;
        if now - self.changed_at >= CHANGE_SECONDS {
            let wanted = self.wanted(&shown);
            changed = wanted != self.messages_per_mark;
            if changed {
                self.messages_per_mark = wanted;
                self.changed_at = now;
            }
        }
        for (link, shown) in shown.iter().enumerate() {
            let marks = shown / f64::from(self.messages_per_mark);
            let most = self.most(link, TOUCHING_PX);
            if marks > most {
                self.banded.insert(link as u32);
            } else if marks < most * (1.0 - HYSTERESIS) {
                self.banded.remove(&(link as u32));
            }
        }
        changed
    }

    /// Begins anew, as after another document was opened.
    pub(crate) fn reset(&mut self) {
        *self = Self::default();
    }

    fn wanted(&self, shown: &[f64]) -> u32 {
        let fits = |per_mark: u32| {
            // Going back to fewer messages a mark needs room to spare.
            let room = if per_mark < self.messages_per_mark { 1.0 - HYSTERESIS } else { 1.0 };
            let marks = shown.iter().map(|shown| shown / f64::from(per_mark)).enumerate();
            let busy: Vec<(usize, f64)> = marks.filter(|(_, marks)| *marks > 0.0).collect();
            let few = busy.iter().filter(|(link, marks)| *marks <= self.most(*link, COUNTABLE_PX) * room);
            let countable: Vec<f64> = few.map(|(_, marks)| *marks).collect();
            countable.len() as f64 >= COUNTABLE_SHARE * busy.len() as f64
                && countable.iter().sum::<f64>() <= MAX_MARKS * room
        };
        MULTIPLICITIES.into_iter().find(|per_mark| fits(*per_mark)).unwrap_or(MULTIPLICITIES[4])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn links(rates: &[f64]) -> Vec<LinkState> {
        rates.iter().map(|rate| LinkState { messages_per_second: *rate, ..LinkState::default() }).collect()
    }

    /// UI.md section 6: 24 marks on a wire at most, otherwise a banded flow.
    #[test]
    fn one_busy_wire_becomes_a_flow_and_the_others_stay_countable() {
        let mut multiplicity = Multiplicity::default();
        multiplicity.update(&links(&[5_000.0, 40.0, 30.0, 20.0]), 1.0, 0.0);
        assert_eq!(multiplicity.messages_per_mark, 1);
        assert_eq!(multiplicity.banded, BTreeSet::from([0]));
    }

    #[test]
    fn marks_stand_for_more_when_most_wires_are_busy() {
        let mut multiplicity = Multiplicity::default();
        assert!(multiplicity.update(&links(&[2_030.0, 200.0, 190.0, 620.0, 240.0]), 1.0, 0.0));
        assert_eq!(multiplicity.messages_per_mark, 25, "as in the picture of the hundred trucks");
        assert_eq!(multiplicity.banded, BTreeSet::from([0]));
    }

    /// UI.md section 6: changed at most once every 2 s, with 20 % hysteresis.
    #[test]
    fn it_changes_seldom_and_not_back_and_forth() {
        let mut multiplicity = Multiplicity::default();
        assert!(multiplicity.update(&links(&[100.0]), 1.0, 0.0));
        assert!(!multiplicity.update(&links(&[10_000.0]), 1.0, 1.9), "too soon");
        assert!(multiplicity.update(&links(&[10_000.0]), 1.0, 2.0));
        let mut multiplicity = Multiplicity { messages_per_mark: 10, ..Multiplicity::default() };
        assert!(!multiplicity.update(&links(&[45.0]), 1.0, 0.0), "22.5 marks are within 20 % of 24");
        assert!(multiplicity.update(&links(&[38.0]), 1.0, 0.0));
    }

    /// Marks on a short wire would lie over each other: it is a flow sooner, and marks stand for more.
    #[test]
    fn a_short_wire_carries_fewer_marks() {
        let mut multiplicity = Multiplicity::default();
        multiplicity.set_room(vec![70.0, 600.0], 0.0);
        assert!(multiplicity.update(&links(&[240.0, 240.0]), 1.0, 0.0));
        assert_eq!(multiplicity.messages_per_mark, 25, "4.8 marks on 70 px");
        multiplicity.update(&links(&[640.0, 240.0]), 1.0, 0.1);
        assert_eq!(multiplicity.banded, BTreeSet::from([0]));
        let mut long = Multiplicity::default();
        long.set_room(vec![600.0, 600.0], 0.0);
        long.update(&links(&[240.0, 240.0]), 1.0, 0.0);
        assert_eq!(long.messages_per_mark, 10);
    }

    #[test]
    fn never_more_marks_than_the_screen_holds() {
        let mut multiplicity = Multiplicity::default();
        multiplicity.update(&links(&[40.0; 200]), 1.0, 0.0);
        assert_eq!(multiplicity.messages_per_mark, 10);
    }
}
