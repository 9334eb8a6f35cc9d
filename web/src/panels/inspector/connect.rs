//! The list that opens with C: every node a link may end at, and why the others cannot.

use editor::view::{CandidateView, connect_view};
use editor::{Action, Command, Edit, LinkEnds};
use messaging::LogicalId;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::icons::symbol;
use crate::store::{use_dispatch, use_selector};

#[component]
pub(super) fn ConnectList() -> Html {
    let dispatch = use_dispatch();
    let view = use_selector(connect_view);
    let upright = use_selector(|state| state.upright.is_some());
    let place = use_state_eq(|| 0_usize);
    let Some(view) = view else { return Html::default() };
    let (valid, refused): (Vec<_>, Vec<_>) = view.candidates.iter().partition(|candidate| !candidate.refused);
    let at = (*place).min(valid.len().saturating_sub(1));
    let oninput = {
        let (dispatch, place) = (dispatch.clone(), place.clone());
        Callback::from(move |event: InputEvent| {
            let input: HtmlInputElement = event.target_unchecked_into();
            place.set(0);
            dispatch.emit(Action::Find(input.value()));
        })
    };
    let onkeydown = {
        let (dispatch, place, from) = (dispatch.clone(), place.clone(), view.from.clone());
        let (count, chosen) = (valid.len().max(1), valid.get(at).map(|candidate| (*candidate).clone()));
        Callback::from(move |event: KeyboardEvent| {
            match event.key().as_str() {
                "ArrowDown" => place.set((at + 1) % count),
                "ArrowUp" => place.set((at + count - 1) % count),
                "Enter" => {
                    if let Some(candidate) = &chosen {
                        choose(&dispatch, &from, candidate);
                    }
                }
                _ => return,
            }
            event.prevent_default();
        })
    };
    let cancel = {
        let dispatch = dispatch.clone();
        Callback::from(move |_: MouseEvent| dispatch.emit(Action::Command(Command::Back)))
    };
    html! {
        <aside class="inspector" aria-label={format!("Connect {} to", view.from)}>
            <div class="ins-h">
                { symbol("link", 24) }<div class="grow"><h2>{ format!("Connect {} to", view.from) }</h2><p>{ if upright { "Tap a target in the diagram, or choose one here." } else { "Opened with C. The same choice without a pointer." } }</p></div>
                <button type="button" class="btn icon" aria-label="Cancel" onclick={cancel}>{ symbol("close", 16) }</button>
            </div>
            <div class="sec plain">
                <span class="field">{ symbol("search", 14) }
                    <input id="connect-find" type="text" role="combobox" aria-expanded="true" aria-controls="connect-list" aria-autocomplete="list"
                        aria-activedescendant={format!("candidate-{at}")} placeholder="Type a name" aria-label="Type a name" value={view.find.clone()} {oninput} {onkeydown}/>
                </span>
            </div>
            <div id="connect-list" role="listbox" aria-label="Targets">
                { for valid.iter().enumerate().map(|(number, candidate)| option(number, candidate, number == at, &view.from, &dispatch)) }
                if !refused.is_empty() {
                    <div role="group" aria-label="Not possible">
                        <div class="pal-h" aria-hidden="true">{ "Not possible" }</div>
                        { for refused.iter().map(|candidate| impossible(candidate)) }
                    </div>
                }
            </div>
            if !view.new_targets.is_empty() {
                <div class="sec bottom"><h3>{ "New target" }</h3><div class="faults">
                    { for view.new_targets.iter().map(|(kind, preset, title, icon)| {
                        let action = Action::ConnectToNew { from: view.from.clone(), kind: *kind, preset: *preset, at: None };
                        let dispatch = dispatch.clone();
                        html! { <button type="button" class="btn sm line" onclick={move |_| dispatch.emit(action.clone())}>{ symbol(icon, 15) }<span class="trunc">{ *title }</span></button> }
                    }) }
                </div></div>
            }
        </aside>
    }
}

fn choose(dispatch: &Callback<Action>, from: &LogicalId, candidate: &CandidateView) {
    let ends = LinkEnds::new(from.clone(), candidate.id.clone());
    if candidate.linked {
        dispatch.emit(Action::Command(Command::Back));
        dispatch.emit(Action::OpenLink(ends));
    } else {
        dispatch.emit(Action::Edit(Edit::Connect(ends.clone())));
        dispatch.emit(Action::Command(Command::Back));
        dispatch.emit(Action::OpenLink(ends));
    }
}

fn option(
    number: usize,
    candidate: &CandidateView,
    chosen: bool,
    from: &LogicalId,
    dispatch: &Callback<Action>,
) -> Html {
    let onclick = {
        let (dispatch, from, candidate) = (dispatch.clone(), from.clone(), candidate.clone());
        Callback::from(move |_: MouseEvent| choose(&dispatch, &from, &candidate))
    };
    html! {
        <div id={format!("candidate-{number}")} class="ci" role="option" aria-selected={chosen.to_string()} {onclick}>
            { symbol(candidate.icon, 18) }<span class="grow">{ candidate.id.to_string() }<small>{ &candidate.text }</small></span>
            if candidate.linked { <span class="chip">{ "edit" }</span> } else if chosen { <span class="kbd">{ "Enter" }</span> }
        </div>
    }
}

fn impossible(candidate: &CandidateView) -> Html {
    html! {
        <div class="ci off" role="option" aria-disabled="true" aria-selected="false">
            { symbol(candidate.icon, 18) }
            <span class="grow">{ candidate.id.to_string() }<small>{ &candidate.text }{ for candidate.hint.iter().map(|hint| html! { <>{ " " }{ hint }</> }) }</small></span>
        </div>
    }
}
