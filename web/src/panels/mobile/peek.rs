//! What a sheet shows of a node before it is pulled up: its name, its trouble, its main instrument and three figures.

use editor::view::{NodeInspector, format_count, value_text};
use messaging::node_state::{Health, Instrument};
use yew::prelude::*;

use crate::icons::symbol;
use crate::parts::instruments::{self, Around};
use crate::store::use_store;

/// So many figures fit beside each other.
const FIGURES: usize = 3;

#[derive(Clone, PartialEq, Properties)]
pub(super) struct PeekProps {
    pub(super) view: Box<NodeInspector>,
}

#[component]
pub(super) fn Peek(props: &PeekProps) -> Html {
    let store = use_store();
    let view = &props.view;
    let instruments = view.run.as_ref().map_or(&[][..], |run| &run.state.instruments);
    let problem = view.run.as_ref().and_then(|run| run.state.problem.as_ref());
    let graphic = |instrument: &&Instrument| {
        matches!(
            instrument,
            Instrument::MessageBar { .. } | Instrument::Gauge { .. } | Instrument::Slots { .. }
        )
    };
    let main = instruments.iter().find(graphic).zip(view.run.as_ref());
    let drawn = main.map(|(main, run)| {
        store.read(|state| instruments::one(main, &Around { state, run, bar_scale: 0.0 }))
    });
    let figures: Vec<(String, String)> = instruments.iter().flat_map(figures).take(FIGURES).collect();
    html! {
        <>
            <div class="ins-h">
                { symbol(view.icon, 24) }
                <div class="grow"><h2>{ view.id.to_string() }</h2><p>{ view.kind_title }</p></div>
                if let Some(problem) = problem { <span class={classes!("chip", tone(view.health))}>{ symbol("warn", 15) }<span>{ &problem.title }</span></span> }
            </div>
            if let Some(drawn) = drawn { <div class="peek-main">{ drawn }</div> }
            if view.run.is_none() { <p class="muted">{ "Press Play to see it at work." }</p> }
            <div class="peek-figures">{ for figures.iter().map(|(value, word)| html! { <div><b>{ value }</b><span>{ word }</span></div> }) }</div>
        </>
    }
}

fn tone(health: Health) -> &'static str {
    match health {
        Health::DeadLetters => "dd",
        Health::NearQuota => "near",
        Health::Ok => "",
        Health::Throttled | Health::Failing | Health::Down => "thr",
    }
}

/// The figures that an instrument stands for, with their words.
fn figures(instrument: &Instrument) -> Vec<(String, String)> {
    let count = |value: u64, word: &str| (format_count(value as f64), word.to_owned());
    match instrument {
        Instrument::MessageBar { visible, dead_letters: true, .. } => vec![count(*visible, "dead-lettered")],
        Instrument::MessageBar { delayed, visible, in_flight, .. } => {
            vec![count(*visible, "visible"), count(*in_flight, "in flight"), count(*delayed, "delayed")]
        }
        Instrument::Headline { value, unit, label, .. } => {
            vec![(value_text(*value, *unit), label.to_string())]
        }
        Instrument::Figure { value, unit, label, .. } => vec![(value_text(*value, *unit), label.to_string())],
        Instrument::Slots { busy_percent, total } => {
            vec![(format!("{} of {total}", busy_percent.len()), "busy".to_owned())]
        }
        _ => Vec::new(),
    }
}
