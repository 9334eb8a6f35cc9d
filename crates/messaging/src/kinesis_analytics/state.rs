//! What an application shows of itself.

use super::application::{Application, MOST_KPUS};
use crate::context::View;
use crate::node_state::{Health, Instrument, NodeState, Problem, Remedy, Tone, Unit};

/// An application that is so far behind is in trouble. Ours.
const BEHIND_MILLIS: u64 = 10_000;

pub(super) fn state(application: &Application, view: &View<'_>) -> NodeState {
    let now = view.now();
    let read = application.read.last_second(now).max(application.read.current(now));
    let figure = |label: &'static str, value: f64, unit: Unit, tone: Tone| Instrument::Figure {
        label: label.into(),
        value,
        unit,
        tone,
    };
    let behind = application.behind_millis >= BEHIND_MILLIS;
    let tone = |bad: bool| if bad { Tone::Bad } else { Tone::Plain };
    let mut instruments = vec![
        Instrument::Headline {
            value: read as f64,
            unit: Unit::PerSecond,
            label: "read".into(),
            tone: tone(behind),
        },
        figure("open windows", application.windows.open() as f64, Unit::Count, Tone::Plain),
        figure("KPUs", application.kpus().into(), Unit::Count, Tone::Plain),
        figure("watermark", application.windows.watermark().as_secs_f64(), Unit::Seconds, Tone::Plain),
    ];
    if application.late > 0 {
        instruments.push(figure("late", application.late as f64, Unit::Count, Tone::Dead));
    }
    let (health, tag) = match () {
        () if application.scaling => (Health::NearQuota, "AUTOSCALING"),
        () if !application.running => (Health::Down, "READY"),
        () if behind => (Health::Throttled, "RUNNING"),
        () => (Health::Ok, "RUNNING"),
    };
    let problem = (behind && application.is_up()).then(|| problem(application, view));
    NodeState {
        health,
        tag: tag.into(),
        instruments,
        problem,
        summary: format!(
            "Stream analytics, {read} records per second, {} windows open",
            application.windows.open()
        ),
    }
}

fn problem(application: &Application, view: &View<'_>) -> Problem {
    let wanted = (application.properties.parallelism * 2).min(MOST_KPUS);
    Problem {
        title: "The application falls behind".into(),
        text: format!(
            "It is {} s behind its stream: {} KPUs take {} records/s.",
            application.behind_millis / 1_000,
            application.kpus(),
            application.capacity()
        ),
        error_code: None,
        remedies: vec![Remedy {
            label: format!("Use a parallelism of {wanted}").into(),
            text: "Twice as many tasks, and so up to twice the records.".into(),
            set: Some((view.name(view.id()).to_owned(), "/Parallelism".into(), wanted.to_string().into())),
        }],
    }
}
