//! How many messages a mark stands for, and which links are drawn as banded flows instead.

use std::collections::BTreeSet;

use engine::LinkState;

use super::HOP_SECONDS;

/// What a mark can stand for.
pub const MULTIPLICITIES: [u32; 5] = [1, 10, 25, 100, 1_000];
/// The most marks on one wire before it becomes a banded flow.
const MAX_MARKS_PER_WIRE: f64 = 24.0;
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
}

impl Default for Multiplicity {
    fn default() -> Self {
        Self { messages_per_mark: 1, banded: BTreeSet::new(), changed_at: f64::NEG_INFINITY }
    }
}

impl Multiplicity {
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
            let link = link as u32;
            let marks = shown / f64::from(self.messages_per_mark);
            if marks > MAX_MARKS_PER_WIRE {
                self.banded.insert(link);
            } else if marks < MAX_MARKS_PER_WIRE * (1.0 - HYSTERESIS) {
                self.banded.remove(&link);
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
            let busy: Vec<f64> =
                shown.iter().filter(|shown| **shown > 0.0).map(|shown| shown / f64::from(per_mark)).collect();
            let countable: Vec<f64> =
                busy.iter().copied().filter(|marks| *marks <= MAX_MARKS_PER_WIRE * room).collect();
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

    #[test]
    fn never_more_marks_than_the_screen_holds() {
        let mut multiplicity = Multiplicity::default();
        multiplicity.update(&links(&[40.0; 200]), 1.0, 0.0);
        assert_eq!(multiplicity.messages_per_mark, 10);
    }
}
