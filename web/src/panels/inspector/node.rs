//! One node: how it stands, its properties, its messages, what happened to it.

use editor::journey::JourneyAction;
use editor::panels::InspectorTab;
use editor::view::{EventRow, LinkRow, MessageRow, NodeInspector, event_rows};
use editor::{Action, Command};
use engine::LogKind;
use yew::prelude::*;

use super::{head, live, settings};
use crate::icons::symbol;
use crate::parts::glyph::glyph;
use crate::parts::tabs::{Tab, tabs};
use crate::store::{use_dispatch, use_selector};

/// The most lines of a node's log.
const LOG_LINES: usize = 100;

/// Which node, and how it stands.
#[derive(Clone, PartialEq, Properties)]
pub(super) struct NodePanelProps {
    pub(super) view: Box<NodeInspector>,
}

#[component]
pub(super) fn NodePanel(props: &NodePanelProps) -> Html {
    let dispatch = use_dispatch();
    let view = &props.view;
    let list = [
        Tab { value: InspectorTab::Live, id: "tab-live", text: "Live" },
        Tab { value: InspectorTab::Configure, id: "tab-configure", text: "Configure" },
        Tab { value: InspectorTab::Messages, id: "tab-messages", text: "Messages" },
        Tab { value: InspectorTab::Log, id: "tab-log", text: "Log" },
    ];
    let inside = match view.tab {
        InspectorTab::Live => html! { <live::Live view={view.clone()}/> },
        InspectorTab::Configure => configure(view, &dispatch),
        InspectorTab::Messages => messages(&view.messages, &dispatch),
        InspectorTab::Log => html! { <Log id={view.id.clone()}/> },
    };
    html! {
        <>
            { head(view.icon, html! { { view.id.to_string() } }, view.kind_title.to_owned(), &dispatch) }
            { tabs("Inspector", &list, view.tab, "tabs", dispatch.reform(Action::ShowInspectorTab)) }
            { inside }
        </>
    }
}

fn configure(view: &NodeInspector, dispatch: &Callback<Action>) -> Html {
    let command = |name: &'static str, icon: &'static str, command: Command| {
        let dispatch = dispatch.clone();
        html! { <button type="button" class="btn sm line" onclick={move |_| dispatch.emit(Action::Command(command))}>{ symbol(icon, 15) }{ name }</button> }
    };
    html! {
        <>
            <div class="sec"><p class="soft about">{ view.description }</p></div>
            <div class="sec">{ settings::form(&view.fields) }</div>
            if !view.links.is_empty() { <div class="sec"><h3>{ "Connections" }</h3>{ for view.links.iter().map(|link| link_row(link, dispatch)) }</div> }
            <div class="sec bottom"><div class="faults">
                { command("Connect to", "link", Command::Connect) }
                { command("Rename", "code", Command::Rename) }
                { command("Duplicate", "copy", Command::Duplicate) }
                { command("Delete", "close", Command::Delete) }
            </div></div>
        </>
    }
}

fn link_row(link: &LinkRow, dispatch: &Callback<Action>) -> Html {
    let (dispatch, ends) = (dispatch.clone(), link.ends.clone());
    let (word, other) = if link.outgoing { ("to", &link.ends.to) } else { ("from", &link.ends.from) };
    let text = format!("{word} {other}");
    html! {
        <button type="button" class="at flush" onclick={move |_| dispatch.emit(Action::OpenLink(ends.clone()))}>
            { symbol("link", 15) }<span>{ text }</span><span class="num">{ &link.rate }</span><small>{ link.title }</small>
        </button>
    }
}

fn messages(messages: &[MessageRow], dispatch: &Callback<Action>) -> Html {
    if messages.is_empty() {
        return html! { <div class="sec"><p class="muted sm">{ "No message has come here yet." }</p></div> };
    }
    let row = |message: &MessageRow| {
        let (dispatch, id) = (dispatch.clone(), message.trace_id);
        let onclick =
            Callback::from(move |_: MouseEvent| dispatch.emit(Action::Journey(JourneyAction::Follow(id))));
        html! {
            <tr><td class="mark">{ glyph(message.category, 9.0) }</td><td class="strong"><button type="button" class="linkish" title="Why? Follow this message (F)" {onclick}>{ &message.name }</button></td>
                <td class="mono trunc body">{ &message.text }</td><td class="n">{ &message.time }</td></tr>
        }
    };
    html! {
        <div class="sec">
            <h3>{ "Last to arrive" }<span class="r">{ "newest first" }</span></h3>
            <table class="mt messages"><tbody>{ for messages.iter().map(row) }</tbody></table>
        </div>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct LogProps {
    id: messaging::LogicalId,
}

#[component]
fn Log(props: &LogProps) -> Html {
    let id = props.id.clone();
    let rows = use_selector(move |state| event_rows(state, Some(&id), LOG_LINES));
    if rows.is_empty() {
        return html! { <div class="sec"><p class="muted sm">{ "Nothing out of the ordinary has happened here." }</p></div> };
    }
    html! { <div>{ for rows.iter().map(log_line) }</div> }
}

/// A line of a log.
pub(crate) fn log_line(row: &EventRow) -> Html {
    let bad = matches!(row.kind, LogKind::Throttled | LogKind::Failed | LogKind::Lost);
    html! {
        <div class={classes!("logline", bad.then_some("bad"))}>
            <span class="time">{ &row.time }</span>
            <span><b class="strong">{ row.word }</b>{ " " }if !row.code.is_empty() { <span class="mono xs">{ &row.code }</span>{ " " } }{ &row.text }</span>
        </div>
    }
}
