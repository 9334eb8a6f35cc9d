//! One worker that gets messages pushed.

use super::Selector;
use crate::identifiers::{LinkId, PayloadId};
use crate::message::Catalogue;

/// A worker that gets messages pushed, until it or its connection goes.
#[derive(Clone, Debug)]
pub(super) struct Subscription {
    pub(super) link: LinkId,
    pub(super) worker: u32,
    /// Told apart from earlier ones by it.
    pub(super) number: u32,
    pub(super) destination: u32,
    /// Messages it may hold; 0 for as many as there are (MQ-16, MQ-29).
    pub(super) prefetch: u32,
    pub(super) unacknowledged: u32,
    /// It has reached its prefetch and waits until half are acknowledged (MQ-16).
    pub(super) full: bool,
    /// An ActiveMQ consumer waits for half; a RabbitMQ consumer for one.
    pub(super) tops_up_at_half: bool,
    /// Its messages are gone when sent (MQ-29).
    pub(super) auto_acknowledge: bool,
    /// It gets everything, or waits for its turn to (MQ-23).
    pub(super) exclusive: bool,
    /// The node of a cluster it is connected to (MQ-45).
    pub(super) node: usize,
}

impl Subscription {
    pub(super) fn has_room(&self) -> bool {
        !self.full
    }

    pub(super) fn took_one(&mut self) {
        if !self.auto_acknowledge {
            self.unacknowledged += 1;
            self.full = self.prefetch > 0 && self.unacknowledged >= self.prefetch;
        }
    }

    pub(super) fn gave_back(&mut self) {
        self.unacknowledged = self.unacknowledged.saturating_sub(1);
        let enough = match self.tops_up_at_half {
            true => self.unacknowledged <= self.prefetch / 2,
            false => self.unacknowledged < self.prefetch,
        };
        self.full &= !enough;
    }
}

/// A selector with what it decided: what a payload carries never changes.
#[derive(Clone, Debug, Default)]
pub(super) struct Chooser {
    selector: Option<Selector>,
    decided: Vec<Option<bool>>,
}

impl Chooser {
    pub(super) fn new(text: &str) -> Self {
        // Validation has refused bad selectors; one that slips through selects everything.
        let selector = (!text.trim().is_empty()).then(|| Selector::parse(text).ok()).flatten();
        Self { selector, decided: Vec::new() }
    }

    pub(super) fn chooses(&self) -> bool {
        self.selector.is_some()
    }

    pub(super) fn selects(&mut self, payload: PayloadId, catalogue: &Catalogue) -> bool {
        let Some(selector) = &self.selector else { return true };
        let place = payload.index();
        if place >= self.decided.len() {
            self.decided.resize(place + 1, None);
        }
        *self.decided[place].get_or_insert_with(|| selector.selects(&catalogue.payload(payload).attributes))
    }
}
