//! The link that holds everything, the frame for another page, and the file.

use editor::Action;
use editor::action::CopyWhat;
use editor::panels::Dialog as Which;
use editor::view::share;
use yew::prelude::*;

use super::{DialogProps, on};
use crate::browser::location;
use crate::icons::symbol;
use crate::parts::dialog::Dialog;
use crate::parts::tabs::{Tab, tabs};
use crate::store::{use_dispatch, use_selector};

#[derive(Clone, Copy, PartialEq)]
enum Part {
    Link,
    Embed,
    File,
}

#[component]
pub(super) fn Share(props: &DialogProps) -> Html {
    let dispatch = use_dispatch();
    let view = use_selector(share);
    let part = use_state_eq(|| Part::Link);
    let list = [
        Tab { value: Part::Link, id: "share-link", text: "Link" },
        Tab { value: Part::Embed, id: "share-embed", text: "Embed" },
        Tab { value: Part::File, id: "share-file", text: "File" },
    ];
    let choose = {
        let part = part.clone();
        Callback::from(move |chosen| part.set(chosen))
    };
    let address = location::address();
    let (what, explained, text) = match *part {
        Part::Link => (
            CopyWhat::Link,
            "Opens the same diagram and the same run anywhere.",
            format!("{address}#{}", view.fragment),
        ),
        Part::Embed => {
            (CopyWhat::Embed, "Paste this into a page.", view.embed.replace("{address}", &address))
        }
        Part::File => (CopyWhat::Document, "The document, as JSON.", view.document.clone()),
    };
    let copied = match view.copied {
        None => "Copy",
        Some(true) => "Copied",
        Some(false) => "Not copied",
    };
    html! {
        <Dialog title="Share" id="share" on_close={props.on_close.clone()}>
            { tabs("Share as", &list, *part, "tabs", choose) }
            <div class="body">
                <p class="sm soft flat">{ explained }</p>
                <div class="snip" tabindex="0" role="textbox" aria-readonly="true" aria-multiline="true" aria-label="To copy">{ text }</div>
                if view.long && *part != Part::File { <div class="call near"><b>{ "This link is long." }</b><p>{ "Some apps cut long links. Send the file instead." }</p></div> }
            </div>
            <div class="ft">
                <span class="muted">{ symbol("lock", 16) }</span>
                <span class="sm soft">{ format!("The whole diagram is in the link, {} characters after the #. Nothing is uploaded.", editor::view::format_count(view.characters as f64)) }</span>
                <span class="grow"/>
                if *part == Part::File {
                    <button type="button" class="btn line" onclick={on(&dispatch, Action::ShowDialog(Some(Which::Import)))}>{ "Import" }</button>
                    <button type="button" class="btn line" onclick={on(&dispatch, Action::DownloadDocument)}>{ symbol("download", 16) }{ "Save file" }</button>
                }
                <button type="button" class="btn ink" onclick={on(&dispatch, Action::Copy(what))}>{ symbol(if view.copied == Some(true) { "check" } else { "copy" }, 16) }{ copied }</button>
            </div>
        </Dialog>
    }
}
