//! The document as text: typed, checked line by line, applied.

use editor::Action;
use editor::text::{TextAction, TextDraft, TextFault};
use scenario::Severity;
use web_sys::{HtmlTextAreaElement, KeyboardEvent};
use yew::prelude::*;

use crate::icons::symbol;
use crate::parts::code::Code;
use crate::store::use_dispatch;

/// What is written, and what is wrong with it.
#[derive(Clone, PartialEq, Properties)]
pub(super) struct TextProps {
    pub(super) draft: TextDraft,
}

#[component]
pub(super) fn TextPanel(props: &TextProps) -> Html {
    let dispatch = use_dispatch();
    let area = use_node_ref();
    let draft = &props.draft;
    let on = |action: TextAction| {
        let dispatch = dispatch.clone();
        Callback::from(move |_: MouseEvent| dispatch.emit(Action::Text(action.clone())))
    };
    let on_input = dispatch.reform(|text| Action::Text(TextAction::Type(text)));
    let onkeydown = {
        let (dispatch, area) = (dispatch.clone(), area.clone());
        let lines: Vec<usize> = draft.faults.iter().map(|fault| fault.line).collect();
        Callback::from(move |event: KeyboardEvent| {
            match event.key().as_str() {
                "Enter" if event.ctrl_key() || event.meta_key() => {
                    dispatch.emit(Action::Text(TextAction::Apply));
                }
                "F8" => next_fault(&area, &lines),
                _ => return,
            }
            event.prevent_default();
        })
    };
    let wrong_lines: Vec<usize> = draft
        .faults
        .iter()
        .filter(|fault| fault.severity == Severity::Error)
        .map(|fault| fault.line)
        .collect();
    html! {
        <>
            <div class="ins-h">{ symbol("code", 24) }
                <div class="grow"><h2>{ "Diagram as text" }</h2><p>{ "The whole document. Control Enter applies it, F8 goes to the next error." }</p></div>
                <button type="button" class="btn icon" aria-label="Close the text" onclick={on(TextAction::Close)}>{ symbol("close", 16) }</button>
            </div>
            <div class="sec text" {onkeydown}>
                <Code label="Diagram as JSON" text={draft.text.clone()} {wrong_lines} described_by="text-faults" area={area.clone()} {on_input} on_leave={Callback::noop()}/>
            </div>
            <div class="text-foot">
                <div id="text-faults" role="status">
                    { for draft.faults.iter().map(|fault| line(fault, &area)) }
                </div>
                <div class="row">
                    <span class="sm soft grow">{ state_words(draft) }</span>
                    if draft.changed { <button type="button" class="btn line" onclick={on(TextAction::Discard)}>{ "Discard" }</button> }
                    <button type="button" class="btn ink" disabled={!draft.can_apply()} onclick={on(TextAction::Apply)}>{ "Apply" }</button>
                </div>
            </div>
        </>
    }
}

fn state_words(draft: &TextDraft) -> &'static str {
    match (draft.changed, draft.behind, draft.can_apply()) {
        (false, ..) => "This is what is drawn.",
        (_, true, _) => "The drawing was changed meanwhile. Apply takes this text in its place.",
        (_, _, true) => "Not applied yet.",
        (_, _, false) => "The last valid version stays in force.",
    }
}

fn line(fault: &TextFault, area: &NodeRef) -> Html {
    let (icon, class) = match fault.severity {
        Severity::Error => ("warn", "t-bad"),
        Severity::Warning => ("info", "t-near"),
    };
    let (area, number) = (area.clone(), fault.line);
    let onclick = Callback::from(move |_: MouseEvent| go_to(&area, number));
    html! {
        <button type="button" class="at" {onclick}>
            <span {class}>{ symbol(icon, 16) }</span><span>{ &fault.message }</span><span class="num">{ format!("Line {number}") }</span>
        </button>
    }
}

/// From the caret to the next line with something wrong, and from the last to the first.
fn next_fault(area: &NodeRef, lines: &[usize]) {
    let Some(field) = area.cast::<HtmlTextAreaElement>() else { return };
    let caret = field.selection_start().ok().flatten().unwrap_or_default() as usize;
    let text: Vec<u16> = field.value().encode_utf16().collect();
    let here = 1 + text.iter().take(caret).filter(|unit| **unit == u16::from(b'\n')).count();
    let next = lines.iter().find(|line| **line > here).or(lines.first());
    if let Some(next) = next {
        go_to(area, *next);
    }
}

/// Puts the caret on a line, from 1.
fn go_to(area: &NodeRef, line: usize) {
    let Some(field) = area.cast::<HtmlTextAreaElement>() else { return };
    let text = field.value();
    let before: usize =
        text.split_inclusive('\n').take(line - 1).map(|line| line.encode_utf16().count()).sum();
    let length = text.lines().nth(line - 1).map_or(0, |line| line.encode_utf16().count());
    let _ = field.focus();
    let _ = field.set_selection_range(before as u32, (before + length) as u32);
    // The text area is as high as its text: what scrolls is the panel around it.
    let lines =
        field.parent_element().and_then(|code| code.query_selector(&format!(".ln:nth-child({line})")).ok());
    if let Some(line) = lines.flatten() {
        line.scroll_into_view_with_bool(false);
    }
}
