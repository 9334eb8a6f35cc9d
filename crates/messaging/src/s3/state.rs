//! What a bucket shows of itself.

use super::Error;
use super::bucket::Bucket;
use crate::context::View;
use crate::metric::MetricName;
use crate::node_state::{Health, Instrument, NodeState, Problem, Remedy, Text, Tone, Unit};
use crate::service_error::ServiceError;

pub(super) fn state(bucket: &Bucket, view: &View<'_>) -> NodeState {
    let now = view.now();
    let refused = bucket.refused.last_second(now).max(bucket.refused.current(now));
    let (count, bytes) = (bucket.objects.count, bucket.objects.bytes);
    let figure = |label: &'static str, value: u64, unit: Unit, tone: Tone| Instrument::Figure {
        label: label.into(),
        value: value as f64,
        unit,
        tone,
    };
    let note = |text: String| Instrument::Note { text: text.into(), tone: Tone::Plain };
    let mut instruments = vec![
        figure("objects", count, Unit::Count, Tone::Plain),
        figure("size", bytes, Unit::Bytes, Tone::Plain),
        Instrument::Spark { metric: MetricName::PutRequests, tone: Tone::Plain },
    ];
    if refused > 0 {
        instruments.push(figure("refused", refused, Unit::PerSecond, Tone::Bad));
    }
    if let Some(key) = view.catalogue().key(bucket.last_key) {
        instruments.push(note(format!("last key: {}", key.text)));
    }
    for rule in &bucket.rules {
        instruments.push(note(format!("{} → {}: {}", rule.config.words(), view.name(rule.to), rule.events)));
    }
    let error = if bucket.running {
        bucket.last_error.filter(|_| refused > 0)
    } else {
        Some(Error::ServiceUnavailable)
    };
    NodeState {
        health: match error {
            Some(Error::ServiceUnavailable) => Health::Down,
            Some(Error::SlowDown) => Health::Throttled,
            Some(_) => Health::Failing,
            None if bucket.lost.is_some() || bucket.looped => Health::Failing,
            None => Health::Ok,
        },
        tag: if bucket.running { "S3" } else { "down" }.into(),
        instruments,
        problem: problem(bucket, error, view),
        summary: format!("S3 bucket, {count} objects of {bytes} bytes, {} event rules", bucket.rules.len()),
    }
}

fn problem(bucket: &Bucket, error: Option<Error>, view: &View<'_>) -> Option<Problem> {
    let name = view.name(view.id());
    let remedy = |label: &'static str, text: &'static str| Remedy {
        label: label.into(),
        text: text.into(),
        set: None,
    };
    if bucket.looped || error == Some(Error::LoopStopped) {
        return Some(Problem {
            title: "Objects go round in a loop".into(),
            text: format!(
                "What {name} notifies writes to {name} again, and that is an event again. The playground stops after \
                 100 rounds; AWS does not (CMP-54)."
            ),
            error_code: Some(Error::LoopStopped.code().into()),
            remedies: vec![
                remedy("Another bucket", "Let the function write somewhere else."),
                remedy("A prefix in the rule", "The rule then passes over what the function writes."),
            ],
        });
    }
    if let Some(error) = error {
        return Some(Problem {
            title: "Objects are refused".into(),
            text: format!("{name}: {error}"),
            error_code: Some(error.code().into()),
            remedies: match error {
                Error::SlowDown => {
                    vec![remedy("More prefixes", "Each prefix takes 3,500 writes a second (CMP-64).")]
                }
                _ => Vec::new(),
            },
        });
    }
    let lost = bucket.lost?;
    Some(Problem {
        title: "Events were lost".into(),
        text: format!("A destination of {name} refuses its events, and S3 tells nobody (CMP-53): {lost}"),
        error_code: Some(Text::from(lost.as_service_error().code())),
        remedies: vec![remedy("Allow s3.amazonaws.com", "In the policy of the queue or topic.")],
    })
}
