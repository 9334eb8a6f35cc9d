//! The marks in flight. Each is written down once; where it is follows from the clock.

/// How a mark behaves and what it looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MarkStyle {
    /// A message under way from `departs` to `arrives`, filled.
    Travelling,
    /// Travels like the above, touches the target at `arrives`, then returns as an outline below the wire
    /// within [`RETURN_SECONDS`] and fades at the sender.
    Refused,
    /// A copy that a filter policy stopped: from `departs` an outline falls 22 px from the source port and
    /// fades within [`FALL_SECONDS`]. `arrives` is not used.
    FilteredOut,
    /// The small hollow answer of an empty receive.
    Polled,
    /// A message moved to a dead-letter queue: filled, with a plum edge.
    DeadLettered,
}

/// Seconds a refused mark takes back to its sender (`--dur-bounce`).
pub const RETURN_SECONDS: f64 = 0.62;
/// Seconds a filtered copy takes to fall and fade.
pub const FALL_SECONDS: f64 = 0.6;
/// Message categories: hue and shape, m1 to m7.
pub const CATEGORIES: usize = 7;

/// One mark. Times are seconds of presentation time, the clock given to
/// [`paint`](super::Painter::paint).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mark {
    /// Number of the wire, 0 to 65,535. A mark on a wire that does not exist is not drawn.
    pub link: u32,
    /// When it leaves the source port.
    pub departs: f64,
    /// When it reaches the target port. Not before `departs`.
    pub arrives: f64,
    /// 0 to 6 for m1 to m7, which is always "other"; higher numbers are drawn as m7.
    pub category: u8,
    /// Its behaviour.
    pub style: MarkStyle,
}

impl Mark {
    /// When nothing is left to draw.
    #[must_use]
    pub fn ends(&self) -> f64 {
        match self.style {
            MarkStyle::Refused => self.arrives + RETURN_SECONDS,
            MarkStyle::FilteredOut => self.departs + FALL_SECONDS,
            MarkStyle::Travelling | MarkStyle::Polled | MarkStyle::DeadLettered => self.arrives,
        }
    }
}

/// Words of a stored mark: departure, one over the hop's duration (both f32 bits), tag.
pub const WORDS: usize = 3;
/// Beyond this many seconds from its origin a 32-bit clock would visibly stutter.
const ORIGIN_LIMIT_SECONDS: f64 = 1024.0;
const SWEEP_SECONDS: f64 = 0.25;

/// A stored mark, unpacked.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stored {
    /// Seconds from the store's origin.
    pub departs: f32,
    /// One over the hop's duration, 1/s.
    pub inverse_duration: f32,
    /// Number of the wire.
    pub link: usize,
    /// 0 to 6.
    pub category: usize,
    /// [`MarkStyle`] as a number.
    pub style: u32,
}

impl Stored {
    /// Reads three words as written by [`MarkStore`].
    #[inline]
    #[must_use]
    pub fn read(words: &[u32]) -> Self {
        let tag = words[2];
        Self {
            departs: f32::from_bits(words[0]),
            inverse_duration: f32::from_bits(words[1]),
            link: (tag >> 16) as usize,
            category: (tag >> 8 & 0xff) as usize,
            style: tag & 0xff,
        }
    }
}

/// Marks in order of arrival, in the layout the graphics card reads. Appends until full; ended marks are
/// removed now and then, so that adding and expiry cost next to nothing per mark.
#[derive(Debug)]
pub struct MarkStore {
    capacity: usize,
    origin: f64,
    now: f64,
    swept: f64,
    words: Vec<u32>,
    ends: Vec<f32>,
    dirty_from: usize,
    overflowed: u64,
    full_until: f64,
}

impl MarkStore {
    /// A store for at most `capacity` marks.
    #[must_use]
    pub fn new(capacity: usize) -> Self {
        Self {
            capacity,
            origin: 0.0,
            now: f64::NEG_INFINITY,
            swept: f64::NEG_INFINITY,
            words: Vec::with_capacity(capacity * WORDS),
            ends: Vec::with_capacity(capacity),
            dirty_from: 0,
            overflowed: 0,
            full_until: f64::NEG_INFINITY,
        }
    }

    /// Adds marks. One that finds no room is left out and counted.
    pub fn add(&mut self, marks: &[Mark]) {
        if self.ends.is_empty()
            && let Some(first) = marks.first()
        {
            self.origin = first.departs;
        }
        for mark in marks {
            let in_order = mark.departs <= mark.arrives;
            if mark.link > 0xffff || !in_order || mark.ends() <= self.now {
                continue;
            }
            if self.ends.len() >= self.capacity && !self.make_room() {
                self.overflowed += 1;
                continue;
            }
            let category = u32::from(mark.category).min(CATEGORIES as u32 - 1);
            let tag = mark.link << 16 | category << 8 | mark.style as u32;
            let inverse_duration = 1.0 / (mark.arrives - mark.departs).max(1e-6);
            let departs = (mark.departs - self.origin) as f32;
            self.words.extend_from_slice(&[departs.to_bits(), (inverse_duration as f32).to_bits(), tag]);
            self.ends.push((mark.ends() - self.origin) as f32);
        }
    }

    /// Moves the clock and tidies up. Returns the time since the store's origin, for the painter.
    pub fn advance(&mut self, now: f64) -> f32 {
        self.now = now;
        if (now - self.swept).abs() > SWEEP_SECONDS {
            self.swept = now;
            let limit = (now - self.origin) as f32;
            let ended = self.ends.iter().filter(|&&end| end <= limit).count();
            if ended * 4 > self.ends.len() {
                self.remove_ended();
            }
        }
        if (now - self.origin).abs() > ORIGIN_LIMIT_SECONDS {
            self.move_origin(now);
        }
        (now - self.origin) as f32
    }

    /// Forgets every mark and the overflow count.
    pub fn clear(&mut self) {
        self.words.clear();
        self.ends.clear();
        self.dirty_from = 0;
        self.overflowed = 0;
        self.full_until = f64::NEG_INFINITY;
        self.now = f64::NEG_INFINITY;
        self.swept = f64::NEG_INFINITY;
    }

    /// Marks held; those that ended since the last tidying are among them.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether nothing is held.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Marks left out for lack of room since [`clear`](Self::clear).
    #[must_use]
    pub fn overflowed(&self) -> u64 {
        self.overflowed
    }

    /// All stored marks, [`WORDS`] words each.
    #[must_use]
    pub fn words(&self) -> &[u32] {
        &self.words
    }

    /// All marks again as they were added, for pictures.
    #[must_use]
    pub fn marks(&self) -> Vec<Mark> {
        let styles = [
            MarkStyle::Travelling,
            MarkStyle::Refused,
            MarkStyle::FilteredOut,
            MarkStyle::Polled,
            MarkStyle::DeadLettered,
        ];
        let mark = |words: &[u32]| {
            let stored = Stored::read(words);
            let departs = self.origin + f64::from(stored.departs);
            Mark {
                link: stored.link as u32,
                departs,
                arrives: departs + 1.0 / f64::from(stored.inverse_duration),
                category: stored.category as u8,
                style: styles[stored.style as usize % styles.len()],
            }
        };
        self.words.chunks_exact(WORDS).map(mark).collect()
    }

    /// The first stored mark that changed since the last call, or `None`.
    pub fn take_dirty(&mut self) -> Option<usize> {
        let from = self.dirty_from;
        self.dirty_from = self.ends.len();
        (from < self.ends.len()).then_some(from)
    }

    /// As if every mark were new, for a painter that has lost what it uploaded.
    pub fn mark_all_dirty(&mut self) {
        self.dirty_from = 0;
    }

    /// Tidies at most once per clock reading: a store full of living marks must not sort itself for each.
    fn make_room(&mut self) -> bool {
        if self.full_until >= self.now && self.now.is_finite() {
            return false;
        }
        self.remove_ended();
        if self.ends.len() >= self.capacity {
            self.full_until = self.now;
        }
        self.ends.len() < self.capacity
    }

    fn remove_ended(&mut self) {
        let limit = (self.now - self.origin) as f32;
        let mut kept = 0;
        for index in 0..self.ends.len() {
            if self.ends[index] <= limit {
                continue;
            }
            if kept != index {
                self.ends[kept] = self.ends[index];
                self.words.copy_within(index * WORDS..(index + 1) * WORDS, kept * WORDS);
                self.dirty_from = self.dirty_from.min(kept);
            }
            kept += 1;
        }
        self.ends.truncate(kept);
        self.words.truncate(kept * WORDS);
        self.dirty_from = self.dirty_from.min(kept);
    }

    fn move_origin(&mut self, to: f64) {
        let shift = to - self.origin;
        for mark in self.words.chunks_exact_mut(WORDS) {
            mark[0] = ((f64::from(f32::from_bits(mark[0])) - shift) as f32).to_bits();
        }
        for end in &mut self.ends {
            *end = (f64::from(*end) - shift) as f32;
        }
        self.origin = to;
        self.dirty_from = 0;
    }
}

#[cfg(test)]
mod tests {
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    fn mark(departs: f64, arrives: f64) -> Mark {
        Mark { link: 3, departs, arrives, category: 2, style: MarkStyle::Travelling }
    }

    /// UI.md section 6: a ceiling of marks on screen; what does not fit is counted, not grown into.
    #[test]
    fn a_full_store_counts_what_it_leaves_out() {
        let mut store = MarkStore::new(4);
        store.add(&[mark(0.0, 1.0); 6]);
        assert_eq!((store.len(), store.overflowed()), (4, 2));
        store.advance(0.5);
        store.add(&[mark(0.5, 1.5)]);
        assert_eq!((store.len(), store.overflowed()), (4, 3));
        store.advance(1.0);
        store.add(&[mark(1.0, 2.0); 5]);
        assert_eq!((store.len(), store.overflowed()), (4, 4));
        store.clear();
        assert_eq!((store.len(), store.overflowed()), (0, 0));
    }

    #[test]
    fn ended_marks_are_removed_and_living_ones_keep_their_order() {
        let mut store = MarkStore::new(8);
        store.add(&[mark(0.0, 1.0), mark(0.0, 9.0), mark(0.1, 1.0), mark(0.2, 8.0)]);
        assert_eq!(store.take_dirty(), Some(0));
        store.advance(2.0);
        let departures: Vec<f32> =
            store.words().chunks(WORDS).map(|words| Stored::read(words).departs).collect();
        assert_eq!(departures, [0.0, 0.2]);
        assert_eq!(store.take_dirty(), Some(0));
        assert_eq!(store.take_dirty(), None);
    }

    #[test]
    fn a_refused_mark_outlives_its_arrival_by_the_way_back() {
        let refused = Mark { style: MarkStyle::Refused, ..mark(0.0, 1.0) };
        assert_eq!(refused.ends(), 1.62);
        let filtered = Mark { style: MarkStyle::FilteredOut, ..mark(0.0, 1.0) };
        assert_eq!(filtered.ends(), 0.6);
    }

    #[test]
    fn marks_come_back_as_they_were_given() {
        let mut store = MarkStore::new(8);
        for style in [
            MarkStyle::Travelling,
            MarkStyle::Refused,
            MarkStyle::FilteredOut,
            MarkStyle::Polled,
            MarkStyle::DeadLettered,
        ] {
            store.clear();
            let given = Mark { style, ..mark(4_000.5, 4_001.0) };
            store.add(&[mark(4_000.0, 4_001.0), given]);
            assert_eq!(store.marks()[1], given);
        }
    }

    #[test]
    fn a_long_session_keeps_the_clock_exact() {
        let mut store = MarkStore::new(8);
        store.add(&[mark(100_000.0, 100_001.0)]);
        let since_origin = store.advance(100_000.25);
        assert_eq!(since_origin - Stored::read(store.words()).departs, 0.25);
        store.add(&[mark(100_000.0, 109_000.0)]);
        store.advance(102_000.0);
        assert_eq!(Stored::read(store.words()).departs, -2_000.0);
    }

    #[test]
    fn what_is_already_over_is_not_taken_in() {
        let mut store = MarkStore::new(8);
        store.advance(5.0);
        store.add(&[mark(3.0, 4.0), mark(2.0, 1.0)]);
        assert!(store.is_empty());
        assert_eq!(store.overflowed(), 0);
    }
}
