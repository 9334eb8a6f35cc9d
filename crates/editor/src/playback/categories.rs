//! Which value of a message has which colour and shape.

use messaging::trace::{Transit, TransitKind};
use messaging::{KeyId, PayloadId};

use crate::run::Catalogue;

/// The category of everything beyond the sixth value.
pub const OTHER_CATEGORY: u8 = 6;
/// Longest value in the legend, in characters.
const MAX_VALUE_CHARACTERS: usize = 28;

/// What marks are coloured by.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum ColourBy {
    /// Nothing: all marks are alike.
    #[default]
    Nothing,
    /// The body of the message.
    Body,
    /// A message attribute.
    Attribute(String),
    /// The message group id or partition key.
    Key,
    /// The shard the record goes to.
    Shard,
}

impl ColourBy {
    /// What the legend is headed, such as `Colour by state`.
    pub fn title(&self) -> String {
        match self {
            Self::Nothing => "One colour".into(),
            Self::Body => "Colour by message".into(),
            Self::Attribute(name) => format!("Colour by {name}"),
            Self::Key => "Colour by key".into(),
            Self::Shard => "Colour by shard".into(),
        }
    }
}

/// Which value has which category: assigned in order of volume at first sight, then fixed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Categories {
    /// The values of the categories m1 to m6, as far as given away.
    pub values: Vec<String>,
    /// Some value had to be "other".
    pub has_other: bool,
    by_payload: Vec<Option<u8>>,
    by_key: Vec<Option<u8>>,
    by_attribute_or_body: bool,
}

/// Hash key ranges of the shards of a stream, in the order of its lanes, with their ids.
pub(crate) type Lanes = Vec<(u128, u128, String)>;

impl Categories {
    /// No value has a category yet.
    pub(crate) fn new(by: &ColourBy) -> Self {
        let by_attribute_or_body = matches!(by, ColourBy::Body | ColourBy::Attribute(_));
        Self { by_attribute_or_body, ..Self::default() }
    }

    /// Payloads and keys from these places on are others now.
    pub(crate) fn forget_from(&mut self, payload: usize, key: usize) {
        self.by_payload.truncate(payload);
        self.by_key.truncate(key);
    }

    /// The category of a message, if it was seen already; otherwise "other".
    pub fn known(&self, payload: PayloadId, key: KeyId) -> u8 {
        let known = if self.by_attribute_or_body {
            self.by_payload.get(payload.index())
        } else if key.is_some() {
            self.by_key.get(key.index())
        } else {
            None
        };
        known.copied().flatten().unwrap_or(if self.values.is_empty() { 0 } else { OTHER_CATEGORY })
    }

    /// The category of a value, such as a shard id.
    pub fn of_value(&self, value: &str) -> u8 {
        let place = self.values.iter().position(|known| known == value);
        place.map_or(OTHER_CATEGORY, |place| place as u8)
    }

    /// Gives categories to all values of a batch, the most frequent first.
    pub(crate) fn meet(
        &mut self,
        by: &ColourBy,
        transits: &[Transit],
        catalogue: &Catalogue,
        lanes: &[Lanes],
    ) {
        if *by == ColourBy::Nothing {
            return;
        }
        if *by == ColourBy::Shard {
            self.meet_shards(lanes);
        }
        // The answer of an empty receive is no message, and has no value.
        let transits = || transits.iter().filter(|transit| transit.kind != TransitKind::EmptyReceive);
        let mut counts: Vec<(String, u64)> = Vec::new();
        for transit in transits() {
            if self.is_known(transit.payload, transit.key) {
                continue;
            }
            let Some(value) = value_of(by, transit.payload, transit.key, catalogue, lanes) else { continue };
            match counts.iter_mut().find(|(known, _)| *known == value) {
                Some((_, count)) => *count += u64::from(transit.count),
                None => counts.push((value, u64::from(transit.count))),
            }
        }
        // Stable: of two equally frequent ones the first seen comes first.
        counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        for (value, _) in counts {
            if !self.values.contains(&value) && self.values.len() < usize::from(OTHER_CATEGORY) {
                self.values.push(value);
            }
        }
        for transit in transits() {
            self.remember(by, transit.payload, transit.key, catalogue, lanes);
        }
    }

    /// Shards have an order of their own.
    fn meet_shards(&mut self, lanes: &[Lanes]) {
        for (.., id) in lanes.iter().flatten() {
            if !self.values.contains(id) && self.values.len() < usize::from(OTHER_CATEGORY) {
                self.values.push(id.clone());
            }
        }
    }

    /// The values that the document's producers send, the most frequent first: the same run has the same colours
    /// wherever one begins to look. More than there are categories wait until they are seen.
    pub(crate) fn expect(&mut self, values: Vec<String>) {
        if values.len() <= usize::from(OTHER_CATEGORY) {
            self.values = values.iter().map(|value| shortened(value)).collect();
        }
    }

    /// Of expected values the category is known as soon as the payload is, and not only once it moves.
    pub(crate) fn learn(&mut self, by: &ColourBy, catalogue: &Catalogue) {
        if matches!(by, ColourBy::Attribute(_)) && !self.values.is_empty() {
            for place in self.by_payload.len()..catalogue.payloads.len() {
                let value = value_of(by, PayloadId(place as u32), KeyId::NONE, catalogue, &[]);
                let known = value.and_then(|value| self.values.iter().position(|known| *known == value));
                self.by_payload.push(known.map(|place| place as u8));
            }
        }
    }

    fn is_known(&self, payload: PayloadId, key: KeyId) -> bool {
        let table = if self.by_attribute_or_body { &self.by_payload } else { &self.by_key };
        let place = if self.by_attribute_or_body { payload.index() } else { key.index() };
        table.get(place).is_some_and(Option::is_some)
    }

    fn remember(
        &mut self,
        by: &ColourBy,
        payload: PayloadId,
        key: KeyId,
        catalogue: &Catalogue,
        lanes: &[Lanes],
    ) {
        if self.is_known(payload, key) || (!self.by_attribute_or_body && !key.is_some()) {
            return;
        }
        let value = value_of(by, payload, key, catalogue, lanes);
        let place = value.and_then(|value| self.values.iter().position(|known| *known == value));
        self.has_other |= place.is_none();
        let category = place.map_or(OTHER_CATEGORY, |place| place as u8);
        let (table, place) = if self.by_attribute_or_body {
            (&mut self.by_payload, payload.index())
        } else {
            (&mut self.by_key, key.index())
        };
        if table.len() <= place {
            table.resize(place + 1, None);
        }
        table[place] = Some(category);
    }
}

/// The value that a message is coloured by.
fn value_of(
    by: &ColourBy,
    payload: PayloadId,
    key: KeyId,
    catalogue: &Catalogue,
    lanes: &[Lanes],
) -> Option<String> {
    let value = match by {
        ColourBy::Nothing => return None,
        ColourBy::Key => catalogue.key(key)?.text.clone(),
        ColourBy::Shard => {
            let md5 = catalogue.key(key)?.md5;
            let mut all = lanes.iter().flatten();
            all.find(|(from, to, _)| (*from..=*to).contains(&md5))?.2.clone()
        }
        ColourBy::Body => catalogue.published(payload)?.body.clone(),
        ColourBy::Attribute(name) => catalogue.published(payload)?.attributes.get(name)?.value.clone(),
    };
    Some(shortened(&value))
}

fn shortened(value: &str) -> String {
    if value.chars().count() <= MAX_VALUE_CHARACTERS {
        return value.to_owned();
    }
    value.chars().take(MAX_VALUE_CHARACTERS - 1).collect::<String>() + "…"
}

/// What there is to colour by, the most telling first.
pub(crate) fn choices(catalogue: &Catalogue, has_lanes: bool) -> Vec<ColourBy> {
    let mut attributes: Vec<(String, bool, Vec<&str>)> = Vec::new();
    for payload in &catalogue.payloads {
        for (name, value) in &payload.attributes {
            let place = attributes.iter().position(|(known, ..)| known == name).unwrap_or_else(|| {
                attributes.push((name.clone(), value.data_type.starts_with("Number"), Vec::new()));
                attributes.len() - 1
            });
            let values = &mut attributes[place].2;
            if !values.contains(&value.value.as_str()) {
                values.push(&value.value);
            }
        }
    }
    // What tells a few kinds apart comes before what is the same, or different, in every message; and words before
    // numbers.
    attributes.sort_by_key(|(_, is_number, values)| {
        (!(2..=usize::from(OTHER_CATEGORY)).contains(&values.len()), *is_number)
    });
    let mut choices: Vec<ColourBy> =
        attributes.into_iter().map(|(name, ..)| ColourBy::Attribute(name)).collect();
    if has_lanes && !catalogue.keys.is_empty() {
        choices.push(ColourBy::Shard);
    }
    if !catalogue.keys.is_empty() {
        choices.push(ColourBy::Key);
    }
    let published = catalogue.payloads.iter().filter(|payload| payload.enclosed.is_none());
    let mut bodies = published.map(|payload| &payload.body);
    let first = bodies.next();
    if bodies.any(|body| Some(body) != first) {
        choices.push(ColourBy::Body);
    }
    choices.push(ColourBy::Nothing);
    choices
}

#[cfg(test)]
mod tests {
    use engine::{KeyInfo, PayloadInfo};
    use kernel::SimTime;
    use messaging::trace::TransitKind;
    use messaging::{LinkId, TraceId};

    use super::*;

    fn catalogue() -> Catalogue {
        let payload = |state: &str| PayloadInfo {
            body: "{}".into(),
            attributes: serde_json::from_value(
                serde_json::json!({"state": {"Type": "String", "Value": state}}),
            )
            .unwrap(),
            size_bytes: 2,
            poison: false,
            enclosed: None,
        };
        let keys = (0..9).map(|number| KeyInfo { text: format!("truck_{number}"), md5: number }).collect();
        Catalogue { payloads: vec![payload("placed"), payload("refunded")], keys }
    }

    fn transit(payload: u32, key: u32) -> Transit {
        Transit {
            link: LinkId(0),
            kind: TransitKind::Message,
            departs_at: SimTime::ZERO,
            arrives_at: SimTime::ZERO,
            payload: PayloadId(payload),
            key: KeyId(key),
            trace_id: TraceId(1),
            count: 1,
        }
    }

    /// UI.md section 2: assigned in order of volume at first sight and then fixed; m7 is always "other".
    #[test]
    fn the_most_frequent_value_comes_first_and_keeps_its_colour() {
        let (catalogue, by) = (catalogue(), ColourBy::Attribute("state".into()));
        let mut categories = Categories::new(&by);
        categories.meet(&by, &[transit(0, 0), transit(1, 0), transit(1, 0)], &catalogue, &[]);
        assert_eq!(categories.values, ["refunded", "placed"]);
        categories.meet(&by, &[transit(0, 0); 9], &catalogue, &[]);
        assert_eq!(categories.known(PayloadId(1), KeyId::NONE), 0);
        assert_eq!(categories.known(PayloadId(0), KeyId::NONE), 1);
    }

    #[test]
    fn the_seventh_value_is_other() {
        let catalogue = catalogue();
        let mut categories = Categories::new(&ColourBy::Key);
        let transits: Vec<Transit> = (0..9).map(|key| transit(0, key)).collect();
        categories.meet(&ColourBy::Key, &transits, &catalogue, &[]);
        assert_eq!((categories.values.len(), categories.has_other), (6, true));
        assert_eq!(categories.known(PayloadId(0), KeyId(8)), OTHER_CATEGORY);
        assert_eq!(categories.known(PayloadId(0), KeyId(5)), 5);
    }

    #[test]
    fn an_attribute_of_a_few_values_is_offered_first() {
        let choices = choices(&catalogue(), true);
        assert_eq!(choices[0], ColourBy::Attribute("state".into()));
        assert_eq!(choices[1..], [ColourBy::Shard, ColourBy::Key, ColourBy::Nothing]);
    }

    /// SNS-60: without raw delivery a queue gets an envelope.
    #[test]
    fn a_notification_has_the_colour_of_what_it_carries() {
        let mut catalogue = catalogue();
        let body = r#"{"Type":"Notification","Message":"{}"}"#.into();
        let enclosed = Some(PayloadId(0));
        let attributes = Default::default();
        catalogue.payloads.push(PayloadInfo { body, attributes, size_bytes: 99, poison: false, enclosed });
        let by = ColourBy::Attribute("state".into());
        let mut categories = Categories::new(&by);
        categories.meet(&by, &[transit(0, 0), transit(2, 0)], &catalogue, &[]);
        assert_eq!(categories.known(PayloadId(2), KeyId::NONE), 0);
    }
}
