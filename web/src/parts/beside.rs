//! What the neighbours of a stream show of it: keys, each in the colour of its shard, and workers, each beside the
//! lane it reads.

use editor::view::{KeyMark, WorkerRow};
use messaging::node_state::Instrument;
use yew::prelude::*;

use super::glyph::glyph;
use super::instruments::{self, Around, short_shard};
use crate::icons::symbol;

/// The keys of a producer, ten in a row.
pub fn key_grid(keys: &[KeyMark]) -> Html {
    if keys.is_empty() {
        return Html::default();
    }
    let hot = keys.iter().filter(|key| key.hot).count();
    let label =
        if hot > 0 { format!("{} keys, {hot} hot", keys.len()) } else { format!("{} keys", keys.len()) };
    let mark =
        |key: &KeyMark| html! { <span class={key.hot.then_some("hot")}>{ glyph(key.category, 8.0) }</span> };
    html! { <div class="tgrid" role="img" aria-label={label}>{ for keys.iter().map(mark) }</div> }
}

/// The instruments of a consumer whose workers have rows of their own.
pub fn without_slots(all: &[Instrument], around: &Around<'_>) -> Html {
    let others: Vec<Instrument> =
        all.iter().filter(|instrument| !matches!(instrument, Instrument::Slots { .. })).cloned().collect();
    instruments::all(&others, around)
}

/// The worker that reads a shard, and how far it is behind.
pub fn worker(row: &WorkerRow) -> Html {
    let (far, (name, behind)) = (row.is_far(), row.texts());
    html! {
        <div class="kw" data-worker={row.shard_id.clone()} title={format!("shard {}", short_shard(&row.shard_id))}>
            { glyph(row.category, 11.0) }
            <span class="grow"><b>{ name }</b><span class={far.then_some("t-near")}>{ behind }</span></span>
            if row.worker.is_some() { <span class={if far { "t-near" } else { "t-ok" }}>{ symbol(if far { "warn" } else { "check" }, 15) }</span> }
        </div>
    }
}
