//! Home: the scenarios, and the diagrams kept in this browser.

use editor::panels::Dialog;
use editor::view::{GalleryCard, GalleryView, LEARNING_PATH, gallery};
use editor::{Action, Point, Rect};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::top_bar::ThemeButton;
use crate::browser::learning;
use crate::icons::symbol;
use crate::parts::glyph::shape;
use crate::parts::logo::logo;
use crate::store::{use_dispatch, use_selector};

/// What the cards are narrowed to.
#[derive(Clone, Debug, Default, PartialEq)]
enum Narrowed {
    #[default]
    All,
    Path,
    Drafts,
    Service(&'static str),
    Topic(String),
}

/// Home.
#[component]
pub fn Gallery() -> Html {
    let dispatch = use_dispatch();
    let view = use_selector(gallery);
    let broken = use_selector(|state| state.panels.broken_link.clone());
    let narrowed = use_state_eq(Narrowed::default);
    let find = use_state_eq(String::new);
    let wanted = find.trim().to_lowercase();
    let played = use_memo((), |()| learning::played());
    let on_path = *narrowed == Narrowed::Path;
    let shown = if on_path { path(&view) } else { &view.cards };
    let cards = shown.iter().filter(|card| matches_filter(card, &narrowed) && matches_text(card, &wanted));
    let cards: Vec<&GalleryCard> = cards.collect();
    let next = path(&view).iter().find(|card| !is_played(card, &played)).map(|card| card.name);
    // On the path a card says which step it is, and whether it was played.
    let step = |card: &GalleryCard| {
        let place = path(&view).iter().position(|other| other.name == card.name).filter(|_| on_path)?;
        let word = if is_played(card, &played) {
            html! { <>{ symbol("check", 13) }{ "played" }</> }
        } else if next == Some(card.name) {
            html! { "next" }
        } else {
            Html::default()
        };
        Some(
            html! { <span class="step-of">{ format!("{} of {LEARNING_PATH} ", place + 1) }<b>{ word }</b></span> },
        )
    };
    let oninput = {
        let find = find.clone();
        Callback::from(move |event: InputEvent| {
            let input: HtmlInputElement = event.target_unchecked_into();
            find.set(input.value());
        })
    };
    let on = |action: Action| {
        let dispatch = dispatch.clone();
        Callback::from(move |_: MouseEvent| dispatch.emit(action.clone()))
    };
    html! {
        <div class="g">
            <header class="gtop">
                <span class="brand">{ logo(19) }{ "inflight" }</span><span class="grow"/>
                <button type="button" class="btn quiet" onclick={on(Action::ShowDialog(Some(Dialog::Import)))}>{ "Import a file" }</button>
                <ThemeButton/>
                <button type="button" class="btn icon" aria-label="Keyboard shortcuts" onclick={on(Action::ShowDialog(Some(Dialog::Shortcuts)))}>{ symbol("help", 17) }</button>
            </header>
            { side(&view, &narrowed, &played) }
            <main class="main" tabindex="-1">
                if let Some(text) = broken { { broken_link(&text, &dispatch) } } else { { hero(&view, &dispatch) } }
                if !view.drafts.is_empty() && matches!(*narrowed, Narrowed::All | Narrowed::Drafts) { { drafts(&view, &dispatch) } }
                if *narrowed != Narrowed::Drafts {
                    <div class="cards-h">
                        if on_path {
                            <h2>{ "Learning path" }</h2><span class="sm soft">{ "each scenario builds on those before it" }</span>
                        } else {
                            <h2>{ "Scenarios" }</h2><span class="sm soft">{ "each is a small diagram you can change" }</span>
                        }<span class="grow"/>
                        <label class="field find">{ symbol("search", 14) }<input type="search" placeholder="Find a scenario" aria-label="Find a scenario" value={(*find).clone()} {oninput}/></label>
                    </div>
                    <ul class="cards">{ for cards.iter().map(|card| html! { <li key={card.name}>{ card_of(card, step(card), &dispatch) }</li> }) }</ul>
                    if cards.is_empty() { <p class="soft">{ "No scenario is like that." }</p> }
                }
            </main>
        </div>
    }
}

/// The scenarios of the learning path.
fn path(view: &GalleryView) -> &[GalleryCard] {
    &view.cards[..LEARNING_PATH.min(view.cards.len())]
}

fn is_played(card: &GalleryCard, played: &[String]) -> bool {
    played.iter().any(|name| name == card.name)
}

fn matches_filter(card: &GalleryCard, narrowed: &Narrowed) -> bool {
    match narrowed {
        Narrowed::All | Narrowed::Path | Narrowed::Drafts => true,
        Narrowed::Service(title) => card.services.iter().any(|(service, _)| service == title),
        Narrowed::Topic(topic) => card.topics.contains(topic),
    }
}

fn matches_text(card: &GalleryCard, wanted: &str) -> bool {
    let texts = [&card.title, &card.question, &card.see];
    wanted.is_empty() || texts.iter().any(|text| text.to_lowercase().contains(wanted))
}

fn side(view: &GalleryView, narrowed: &UseStateHandle<Narrowed>, played: &[String]) -> Html {
    let done = path(view).iter().filter(|card| is_played(card, played)).count();
    let item = |to: Narrowed, icon: &'static str, text: String, count: usize| {
        let count =
            if to == Narrowed::Path { format!("{count} of {LEARNING_PATH}") } else { count.to_string() };
        let pressed = **narrowed == to;
        let narrowed = narrowed.clone();
        html! {
            <button type="button" aria-pressed={pressed.to_string()} onclick={move |_| narrowed.set(to.clone())}>
                { symbol(icon, 17) }{ text }<span>{ count }</span>
            </button>
        }
    };
    let mut services: Vec<(&'static str, &'static str)> = Vec::new();
    for (title, icon) in view.cards.iter().flat_map(|card| card.services.iter().copied()) {
        if !services.iter().any(|(known, _)| *known == title) {
            services.push((title, icon));
        }
    }
    let count = |narrowed: &Narrowed| view.cards.iter().filter(|card| matches_filter(card, narrowed)).count();
    html! {
        <nav class="side" aria-label="Scenarios">
            { item(Narrowed::All, "grid", "All scenarios".to_owned(), view.cards.len()) }
            { item(Narrowed::Path, "journey", "Learning path".to_owned(), done) }
            { item(Narrowed::Drafts, "clock", "Your diagrams".to_owned(), view.drafts.len()) }
            <h2>{ "By service" }</h2>
            { for services.iter().map(|(title, icon)| { let to = Narrowed::Service(title); let count = count(&to); item(to, icon, (*title).to_owned(), count) }) }
            <h2>{ "By what you will see" }</h2>
            { for view.topics.iter().map(|topic| { let to = Narrowed::Topic(topic.clone()); let count = count(&to); item(to, topic_icon(topic), topic.clone(), count) }) }
            <span class="grow"/>
            <p class="xs muted">{ "Everything runs in this browser. No account, no AWS calls, nothing uploaded." }</p>
        </nav>
    }
}

fn topic_icon(topic: &str) -> &'static str {
    match topic {
        "Ordering" => "sqs-fifo",
        "Throttling" => "sliders",
        "Failure and retry" => "crash",
        "Scaling" => "worker-fleet",
        "Fan-out" => "sns-topic",
        "Streams" => "kinesis-stream",
        "Storage" => "s3-bucket",
        "Functions" => "lambda",
        _ => "flag",
    }
}

/// What the playground shows, as a picture: the product's own drawing grammar, standing still.
const HERO: &str = include_str!("../../assets/hero.svg");

fn hero(view: &GalleryView, dispatch: &Callback<Action>) -> Html {
    let start = view.cards.first().map(|card| {
        let (dispatch, name) = (dispatch.clone(), card.name.to_owned());
        let onclick = Callback::from(move |_: MouseEvent| dispatch.emit(Action::OpenGallery(name.clone())));
        let title = card.title.clone();
        html! { <button type="button" class="btn ink lg" {onclick}>{ symbol("play", 16) }{ format!("Start with {}", lower_first(&title)) }</button> }
    });
    let blank = {
        let dispatch = dispatch.clone();
        Callback::from(move |_: MouseEvent| dispatch.emit(Action::NewDocument))
    };
    html! {
        <section class="hero">
            <div>
                <h1>{ "See where every message goes" }</h1>
                <p>{ "Draw topics, queues and streams. Press play. Break something. Real quotas, real metric names, no bill." }</p>
                <div class="row wrap">{ for start }<button type="button" class="btn line lg" onclick={blank}>{ "Blank canvas" }</button></div>
            </div>
            <div>{ Html::from_html_unchecked(HERO.into()) }</div>
        </section>
    }
}

/// A link could not be opened: what happened, and a way on. The scenarios below are another.
fn broken_link(text: &str, dispatch: &Callback<Action>) -> Html {
    let on = |action: Action| {
        let dispatch = dispatch.clone();
        Callback::from(move |_: MouseEvent| dispatch.emit(action.clone()))
    };
    html! {
        <section class="hero broken" role="alert">
            <div>
                <span class="art bad">{ symbol("warn", 26) }</span>
                <h1>{ "This link cannot be opened" }</h1>
                <p>{ text.to_owned() }</p>
                <div class="row wrap">
                    <button type="button" class="btn ink lg" onclick={on(Action::ShowDialog(Some(Dialog::Import)))}>{ "Paste the full link" }</button>
                    <button type="button" class="btn line lg" onclick={on(Action::NewDocument)}>{ "Blank canvas" }</button>
                </div>
            </div>
        </section>
    }
}

fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    // A name that begins with an abbreviation keeps it.
    match (letters.next(), letters.next()) {
        (Some(first), Some(second)) if first.is_uppercase() && second.is_lowercase() => {
            first.to_lowercase().collect::<String>() + &text[first.len_utf8()..]
        }
        _ => text.to_owned(),
    }
}

fn drafts(view: &GalleryView, dispatch: &Callback<Action>) -> Html {
    let one = |draft: &editor::DraftEntry| {
        let (open, forget) = (dispatch.clone(), dispatch.clone());
        let (id, again) = (draft.id.clone(), draft.id.clone());
        let title = if draft.title.is_empty() { "Untitled diagram".to_owned() } else { draft.title.clone() };
        let label = format!("Delete {title}");
        html! {
            <li class="draft" key={draft.id.clone()}>
                <button type="button" class="btn line lg grow" onclick={move |_| open.emit(Action::ChooseDraft(id.clone()))}><span class="trunc">{ title }</span><span class="xs muted">{ &draft.saved }</span></button>
                <button type="button" class="btn icon" aria-label={label} onclick={move |_| forget.emit(Action::DeleteDraft(again.clone()))}>{ symbol("close", 15) }</button>
            </li>
        }
    };
    html! {
        <>
            <div class="cards-h"><h2>{ "Your diagrams" }</h2><span class="sm soft">{ "kept in this browser" }</span></div>
            <ul class="drafts">{ for view.drafts.iter().map(one) }</ul>
        </>
    }
}

fn card_of(card: &GalleryCard, step: Option<Html>, dispatch: &Callback<Action>) -> Html {
    let (dispatch, name) = (dispatch.clone(), card.name.to_owned());
    let onclick = Callback::from(move |_: MouseEvent| dispatch.emit(Action::OpenGallery(name.clone())));
    let text = if card.question.is_empty() { &card.see } else { &card.question };
    html! {
        <button type="button" class="card" data-scenario={card.name} {onclick}>
            <span class="th" aria-hidden="true">{ drawing(card, 264.0, 116.0) }</span>
            <span class="tx">{ for step }<h3>{ &card.title }</h3><p>{ text }</p>
                if card.find.is_some() || card.quota.is_some() {
                    <span class="facts-of">
                        { for card.find.iter().map(|find| html! { <span>{ symbol("search", 13) }<span class="vh">{ "To find: " }</span>{ find }</span> }) }
                        { for card.quota.iter().map(|quota| html! { <span>{ symbol("sliders", 13) }<span class="vh">{ "Quota: " }</span>{ quota }</span> }) }
                    </span>
                }
                <span class="mt0">{ for card.services.iter().map(|(_, icon)| symbol(icon, 15)) }<span>{ format!("{} min", card.minutes) }</span></span>
            </span>
        </button>
    }
}

/// The scenario's own graph, small. Each axis has its own scale: a picture is flatter than a diagram.
fn drawing(card: &GalleryCard, width: f64, height: f64) -> Html {
    let (node, icon) = ([34.0, 26.0], 16.0);
    let fit = Fit::of(
        card,
        [width, height],
        [node[0] / 2.0 + 14.0, node[1] / 2.0 + 8.0],
        [node[0] * 2.4, node[1] * 2.18],
    );
    let line = |(number, (from, to)): (usize, &(Point, Point))| {
        let ends = ends(fit.place(*from), fit.place(*to), node);
        let category = (number % 3) as u8;
        let [x, y] = along(ends, 0.5);
        let mark = shape(category, x, y, 6.5, format!("var(--m{})", category + 1), "none");
        html! { <><path class="edge" d={wire(ends)}/>{ mark }</> }
    };
    let card_node = |(rect, name): &(Rect, &'static str)| {
        let [x, y] = fit.place(rect.center());
        html! {
            <g><rect class="box" x={text(x - node[0] / 2.0)} y={text(y - node[1] / 2.0)} width={text(node[0])} height={text(node[1])} rx={text(node[1] / 4.0)}/>
                <use class="ico" href={format!("#i-{name}")} x={text(x - icon / 2.0)} y={text(y - icon / 2.0)} width={text(icon)} height={text(icon)}/></g>
        }
    };
    html! {
        <svg class="thumb" viewBox={format!("0 0 {width} {height}")} aria-hidden="true">
            { for card.lines.iter().enumerate().map(line) }{ for card.nodes.iter().map(card_node) }
        </svg>
    }
}

/// Where the middles of nodes come to stand in a picture.
struct Fit {
    from: [f64; 2],
    scale: [f64; 2],
    origin: [f64; 2],
}

impl Fit {
    /// Fills the picture, but neighbours stand no further apart than `step`.
    fn of(card: &GalleryCard, size: [f64; 2], margin: [f64; 2], step: [f64; 2]) -> Self {
        let middles: Vec<[f64; 2]> =
            card.nodes.iter().map(|(rect, _)| [rect.center().x, rect.center().y]).collect();
        let mut fit = Self { from: [0.0; 2], scale: [1.0; 2], origin: [0.0; 2] };
        for axis in 0..2 {
            let mut values: Vec<f64> = middles.iter().map(|middle| middle[axis]).collect();
            values.sort_by(f64::total_cmp);
            let (low, high) = (values.first().copied().unwrap_or(0.0), values.last().copied().unwrap_or(0.0));
            let gaps = values.windows(2).map(|pair| pair[1] - pair[0]).filter(|gap| *gap > 0.02);
            let nearest = gaps.fold(f64::MAX, f64::min);
            let room = (size[axis] - 2.0 * margin[axis]) / (high - low).max(1e-6);
            fit.scale[axis] = room.min(step[axis] / nearest.min(1e6)).max(if high > low { 0.0 } else { 1.0 });
            fit.from[axis] = low;
            fit.origin[axis] = (size[axis] - (high - low) * fit.scale[axis]) / 2.0;
        }
        fit
    }

    fn place(&self, point: Point) -> [f64; 2] {
        let axis = |axis: usize, value: f64| self.origin[axis] + (value - self.from[axis]) * self.scale[axis];
        [axis(0, point.x), axis(1, point.y)]
    }
}

/// Where the wire between two nodes leaves the one and reaches the other.
fn ends(from: [f64; 2], to: [f64; 2], node: [f64; 2]) -> ([f64; 2], [f64; 2]) {
    let axis = usize::from((to[0] - from[0]).abs() < node[0]);
    let side = node[axis] / 2.0 * (to[axis] - from[axis]).signum();
    let (mut start, mut end) = (from, to);
    start[axis] += side;
    end[axis] -= side;
    (start, end)
}

fn wire((start, end): ([f64; 2], [f64; 2])) -> String {
    let middle = f64::midpoint(start[0], end[0]);
    format!(
        "M{:.1} {:.1}C{middle:.1} {:.1} {middle:.1} {:.1} {:.1} {:.1}",
        start[0], start[1], start[1], end[1], end[0], end[1]
    )
}

/// The point of that wire at a Bezier parameter.
fn along((start, end): ([f64; 2], [f64; 2]), t: f64) -> [f64; 2] {
    let across = t * (1.5 - 1.5 * t + t * t);
    let down = t * t * (3.0 - 2.0 * t);
    [start[0] + (end[0] - start[0]) * across, start[1] + (end[1] - start[1]) * down]
}

fn text(value: f64) -> String {
    format!("{value:.1}")
}
