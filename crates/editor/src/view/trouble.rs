//! The one label that a node in trouble keeps, however small it is drawn.

use messaging::node_state::{Health, Instrument, Lane, NodeState, Tone, Unit};

use crate::view::format::{format_count, format_value};

/// What is wrong with a node, in the two or three words its instruments have for it: `412 of 300/s`, `shard 2 full`,
/// `14 dead`, `94% busy`. Nothing when all is well.
pub(crate) fn trouble_words(state: &NodeState) -> Option<String> {
    if state.health == Health::Ok {
        return None;
    }
    if state.health == Health::Down {
        return Some("down".into());
    }
    let words = state.instruments.iter().find_map(|instrument| words_of(instrument, state.health));
    let refused =
        |part: &&Instrument| matches!(part, Instrument::Figure { label, .. } if *label == "refused");
    words
        .or_else(|| marked(state.instruments.iter().find(refused)?))
        .or_else(|| state.instruments.iter().find_map(marked))
        .or_else(|| Some(state.problem.as_ref()?.title.clone()))
}

fn words_of(instrument: &Instrument, health: Health) -> Option<String> {
    let near = health == Health::NearQuota;
    match instrument {
        Instrument::MessageBar { visible, dead_letters: true, .. } if health == Health::DeadLetters => {
            Some(format!("{} dead", format_count(*visible as f64)))
        }
        Instrument::Gauge { value, limit, unit, .. } if value > limit => {
            let ((value, own), (limit, unit)) = (format_value(*value, *unit), format_value(*limit, *unit));
            Some(if own == unit {
                format!("{value} of {limit}{unit}")
            } else {
                format!("{value}{own} of {limit}{unit}")
            })
        }
        Instrument::Gauge { value, limit, .. } if near && *value >= 0.8 * limit => {
            Some(format!("{:.0}% of quota", value / limit * 100.0))
        }
        Instrument::Lanes { lanes } => {
            let hot =
                lanes.iter().filter(|lane| lane.records_refused > 0).max_by_key(|lane| lane.records_tried)?;
            Some(format!("shard {} full", shard_number(hot)))
        }
        Instrument::Slots { busy_percent, total } if near && *total > 0 => {
            Some(format!("{:.0}% busy", busy_percent.len() as f64 / f64::from(*total) * 100.0))
        }
        Instrument::Instances { tiles } if near => {
            let threads = || tiles.iter().flat_map(|tile| &tile.threads);
            let (busy, all) = (threads().flatten().count(), threads().count().max(1));
            Some(format!("{:.0}% busy", busy as f64 / all as f64 * 100.0))
        }
        _ => None,
    }
}

/// The first thing on the card that is not plain.
fn marked(instrument: &Instrument) -> Option<String> {
    match instrument {
        Instrument::Headline { value, unit, label, tone }
        | Instrument::Figure { label, value, unit, tone }
            if *tone != Tone::Plain =>
        {
            let (number, text) = format_value(*value, *unit);
            Some(match unit {
                Unit::Seconds | Unit::Milliseconds => format!("{label} {number} {text}"),
                _ => format!("{number}{text} {label}"),
            })
        }
        Instrument::Note { text, tone } if *tone != Tone::Plain => Some(text.to_string()),
        _ => None,
    }
}

/// `shardId-000000000002` as `2`.
fn shard_number(lane: &Lane) -> &str {
    let digits = lane.shard_id.rsplit('-').next().unwrap_or_default().trim_start_matches('0');
    if digits.is_empty() { "0" } else { digits }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node(health: Health, instrument: Instrument) -> NodeState {
        NodeState { health, instruments: vec![instrument], ..NodeState::default() }
    }

    /// UI.md section 5: nodes in trouble keep one label.
    #[test]
    fn the_label_is_what_the_instrument_says() {
        let calls = |value| Instrument::Gauge {
            label: "SendMessage".into(),
            value,
            limit: 300.0,
            unit: Unit::PerSecond,
            quota: "".into(),
            metric: None,
        };
        let words = |health, instrument| trouble_words(&node(health, instrument));
        assert_eq!(words(Health::Throttled, calls(412.0)).as_deref(), Some("412 of 300/s"));
        assert_eq!(words(Health::NearQuota, calls(282.0)).as_deref(), Some("94% of quota"));
        assert_eq!(words(Health::Ok, calls(412.0)), None);
        let dead = Instrument::MessageBar { delayed: 0, visible: 14, in_flight: 0, dead_letters: true };
        assert_eq!(words(Health::DeadLetters, dead).as_deref(), Some("14 dead"));
        let late = Instrument::Figure {
            label: "refused".into(),
            value: 112.0,
            unit: Unit::PerSecond,
            tone: Tone::Bad,
        };
        assert_eq!(words(Health::Throttled, late).as_deref(), Some("112/s refused"));
    }
}
