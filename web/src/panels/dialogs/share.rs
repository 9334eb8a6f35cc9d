//! The link that holds everything, the frame for another page, pictures, and the file.

use editor::Action;
use editor::panels::{Dialog as Which, Theme};
use editor::view::{EmbedFormat, EmbedOptions, ShareView, embed_code, file_stem, format_bytes, share};
use web_sys::{HtmlImageElement, HtmlInputElement};
use yew::prelude::*;

use super::{DialogProps, on};
use crate::browser::{self, location, picture};
use crate::icons::symbol;
use crate::parts::dialog::Dialog;
use crate::parts::tabs::{Tab, tabs};
use crate::store::{StoreHandle, use_dispatch, use_selector, use_store};

#[derive(Clone, Copy, PartialEq)]
enum Part {
    Link,
    Embed,
    Image,
    File,
}

#[component]
pub(super) fn Share(props: &DialogProps) -> Html {
    let dispatch = use_dispatch();
    let store = use_store();
    let view = use_selector(share);
    let part = use_state_eq(|| Part::Link);
    let now = use_state_eq(|| false);
    let embed = use_state_eq(EmbedOptions::default);
    let list = [
        Tab { value: Part::Link, id: "share-link", text: "Link" },
        Tab { value: Part::Embed, id: "share-embed", text: "Embed" },
        Tab { value: Part::Image, id: "share-image", text: "Image" },
        Tab { value: Part::File, id: "share-file", text: "File" },
    ];
    let choose = {
        let part = part.clone();
        Callback::from(move |chosen| part.set(chosen))
    };
    let address = location::address();
    let text = match *part {
        Part::Link if *now => format!("{address}#{}", view.fragment_now),
        Part::Link => format!("{address}#{}", view.fragment),
        Part::Embed => store.read(|state| embed_code(state, &embed, &location::folder())),
        Part::Image => String::new(),
        Part::File => view.document.clone(),
    };
    let copy = match (*part, view.copied) {
        (_, Some(true)) => "Copied",
        (_, Some(false)) => "Not copied",
        (Part::Link, _) => "Copy link",
        (Part::Embed, _) => "Copy embed code",
        _ => "Copy",
    };
    let body = match *part {
        Part::Link => link_part(&view, &text, &now),
        Part::Embed => embed_part(&store, &text, &embed),
        Part::Image => image_part(&store, &view, &dispatch),
        Part::File => {
            html! { <div class="body"><p class="sm soft flat">{ "The document, as JSON." }</p>{ snippet(&text) }</div> }
        }
    };
    html! {
        <Dialog title="Share" id="share" on_close={props.on_close.clone()}>
            { tabs("Share as", &list, *part, "tabs", choose) }
            { body }
            <div class="ft">
                <span class="muted">{ symbol("lock", 16) }</span>
                <span class="sm soft">{ format!("The whole diagram is in the link, {} after the #. Nothing is uploaded.", format_bytes(view.characters as f64)) }</span>
                <span class="grow"/>
                if *part == Part::File {
                    <button type="button" class="btn line" onclick={on(&dispatch, Action::ShowDialog(Some(Which::Import)))}>{ "Import" }</button>
                    <button type="button" class="btn line" onclick={on(&dispatch, Action::DownloadDocument)}>{ symbol("download", 16) }{ "Save file" }</button>
                }
                if *part == Part::Embed {
                    <a class="btn line" target="_blank" rel="noopener" href={store.read(|state| editor::view::embed_address(state, &embed, &location::folder()))}>{ "Preview" }</a>
                }
                if *part != Part::Image {
                    <button type="button" class="btn ink" onclick={on(&dispatch, Action::Copy(text))}>{ symbol(if view.copied == Some(true) { "check" } else { "copy" }, 16) }{ copy }</button>
                }
            </div>
        </Dialog>
    }
}

fn snippet(text: &str) -> Html {
    html! { <div class="snip" tabindex="0" role="textbox" aria-readonly="true" aria-multiline="true" aria-label="To copy">{ text }</div> }
}

fn link_part(view: &ShareView, text: &str, now: &UseStateHandle<bool>) -> Html {
    html! {
        <div class="body">
            <p class="sm soft flat">{ "Opens the same diagram and the same run anywhere." }</p>
            { snippet(text) }
            { switch("Open at this time", **now, None, { let now = now.clone(); Callback::from(move |on| now.set(on)) }) }
            if let Some(warning) = view.warning { <div class="call near"><b>{ "This link is long." }</b><p>{ warning }</p></div> }
        </div>
    }
}

/// A choice that is on or off.
fn switch(text: &'static str, on: bool, note: Option<&'static str>, set: Callback<bool>) -> Html {
    let onclick = Callback::from(move |_: MouseEvent| set.emit(!on));
    html! {
        <div class="row"><button type="button" role="switch" class="switch" aria-checked={on.to_string()} aria-label={text} {onclick}/>
            <span>{ text }</span><span class="grow"/>{ for note.map(|note| html! { <span class="xs muted">{ note }</span> }) }</div>
    }
}

fn embed_part(store: &StoreHandle, text: &str, embed: &UseStateHandle<EmbedOptions>) -> Html {
    let options = (**embed).clone();
    let set = |change: fn(&mut EmbedOptions, bool)| {
        let embed = embed.clone();
        Callback::from(move |on: bool| {
            let mut options = (*embed).clone();
            change(&mut options, on);
            embed.set(options);
        })
    };
    let starts = [
        Tab { value: false, id: "embed-start", text: "At 0:00" },
        Tab { value: true, id: "embed-now", text: "As it is now" },
    ];
    let themes = [
        Tab { value: Theme::System, id: "embed-auto", text: "Follow page" },
        Tab { value: Theme::Light, id: "embed-light", text: "Light" },
        Tab { value: Theme::Dark, id: "embed-dark", text: "Dark" },
    ];
    let formats = [
        Tab { value: EmbedFormat::Html, id: "embed-html", text: "HTML" },
        Tab { value: EmbedFormat::Markdown, id: "embed-markdown", text: "Markdown" },
        Tab { value: EmbedFormat::Mdx, id: "embed-mdx", text: "MDX" },
    ];
    let (themed, formed) = (embed.clone(), embed.clone());
    let set_theme = Callback::from(move |theme| themed.set(EmbedOptions { theme, ..(*themed).clone() }));
    let set_format = Callback::from(move |format| formed.set(EmbedOptions { format, ..(*formed).clone() }));
    html! {
        <div class="bd">
            <div class="pv">
                <div class="row xs muted"><span class="grow">{ "How it looks in a page" }</span><span>{ format!("{} × {}", options.size.0, options.size.1) }</span></div>
                <div class="frame" aria-hidden="true"><div class="sk w40"/><div class="sk w90"/><div class="sk w70"/><img class="pl" alt="" src={still_address(store)}/></div>
                <div class="row"><b class="sm grow">{ "Paste this into the page" }</b>{ tabs("Language", &formats, options.format, "seg", set_format) }</div>
                { snippet(text) }
                if options.format == EmbedFormat::Markdown { <p class="xs muted flat">{ "A README takes no frames. Save the moving picture from Image beside it." }</p> }
            </div>
            <div class="opt">
                <div><h3>{ "Starts" }</h3>{ tabs("Starts", &starts, options.at_now, "seg", set(|options, on| options.at_now = on)) }</div>
                <div class="col"><h3>{ "Shows" }</h3>
                    { switch("Step captions", options.captions, None, set(|options, on| options.captions = on)) }
                    { switch("Colour legend", options.legend, None, set(|options, on| options.legend = on)) }
                    { switch("Metrics strip", options.metrics, Some("taller"), set(|options, on| options.metrics = on)) }
                    { switch("Open and edit button", options.open, None, set(|options, on| options.open = on)) }
                </div>
                <div class="col"><h3>{ "Plays" }</h3>
                    { switch("Start when scrolled into view", options.in_view, None, set(|options, on| options.in_view = on)) }
                    { switch("Repeat", options.repeat, None, set(|options, on| options.repeat = on)) }
                    { switch("Readers may change settings", options.tweak, None, set(|options, on| options.tweak = on)) }
                    <p class="xs muted flat">{ "Readers who ask for reduced motion always get a still diagram and a Step button." }</p>
                </div>
                <div><h3>{ "Theme" }</h3>{ tabs("Theme", &themes, options.theme, "seg", set_theme) }</div>
                <div><h3>{ "Size" }</h3><div class="row">{ length("Width", options.size.0, embed, |size, px| size.0 = px) }{ length("Height", options.size.1, embed, |size, px| size.1 = px) }</div></div>
            </div>
        </div>
    }
}

fn length(
    name: &'static str,
    value: u32,
    embed: &UseStateHandle<EmbedOptions>,
    set: fn(&mut (u32, u32), u32),
) -> Html {
    let embed = embed.clone();
    let onchange = Callback::from(move |event: Event| {
        let input: HtmlInputElement = event.target_unchecked_into();
        let mut options = (*embed).clone();
        set(&mut options.size, input.value().parse::<u32>().unwrap_or(value).clamp(240, 4_000));
        embed.set(options);
    });
    html! { <label class="field len"><span>{ name }</span><input type="number" min="240" max="4000" value={value.to_string()} {onchange}/></label> }
}

/// The picture of now, as the address of an image.
fn still_address(store: &StoreHandle) -> String {
    export::data_address(&picture::still(store))
}

fn image_part(store: &StoreHandle, view: &ShareView, dispatch: &Callback<Action>) -> Html {
    let stem = file_stem(&view.title);
    let save = |ending: &'static str, make: fn(&StoreHandle) -> String| {
        let (dispatch, store, stem) = (dispatch.clone(), store.clone(), stem.clone());
        Callback::from(move |_: MouseEvent| {
            dispatch.emit(Action::Save { name: format!("{stem}{ending}"), text: make(&store) });
        })
    };
    let png = {
        let stem = stem.clone();
        // The picture on the page is the one that is saved.
        Callback::from(move |_: MouseEvent| {
            if let Some(image) = browser::find::<HtmlImageElement>("#share-picture") {
                picture::save_png(&image, &format!("{stem}.png"));
            }
        })
    };
    let print = Callback::from(|_: MouseEvent| {
        if let Some(window) = browser::window() {
            let _ = window.print();
        }
    });
    let may_move = store.read(picture::may_move);
    html! {
        <div class="body">
            <p class="sm soft flat">{ "The diagram as it stands now. Pictures hold no script and load nothing." }</p>
            <img id="share-picture" class="pl picture" alt={format!("{}, as it stands now", view.title)} src={still_address(store)}/>
            <div class="row wrap">
                <button type="button" class="btn ink" onclick={save(".svg", picture::still)}>{ symbol("download", 16) }{ "Save SVG" }</button>
                <button type="button" class="btn line" onclick={png}>{ "Save PNG" }</button>
                <button type="button" class="btn line" disabled={!may_move} title="The next ten seconds, over and over; it plays in a README" onclick={save("-moving.svg", picture::moving)}>{ "Save moving SVG" }</button>
                <button type="button" class="btn line" onclick={print}>{ "Print" }</button>
                <span class="grow"/>
                <button type="button" class="btn line" onclick={on(dispatch, Action::DownloadTracks)}>{ "Metrics as CSV" }</button>
                <button type="button" class="btn line" onclick={on(dispatch, Action::DownloadEvents)}>{ "Events as CSV" }</button>
            </div>
            <p class="xs muted flat">{ "Metrics are those of the tracks. The moving picture is of the document: what was done by hand is not in it." }</p>
        </div>
    }
}
