//! A modal dialog: the browser's own, which keeps the focus inside and gives it back.

use gloo_events::EventListener;
use web_sys::HtmlDialogElement;
use yew::prelude::*;

use crate::icons::symbol;

/// Properties of [`Dialog`].
#[derive(Clone, PartialEq, Properties)]
pub struct DialogProps {
    /// Its title.
    pub title: AttrValue,
    /// Starts the ids inside it.
    pub id: AttrValue,
    /// A narrow one.
    #[prop_or_default]
    pub small: bool,
    /// The person closed it.
    pub on_close: Callback<()>,
    /// What it holds.
    pub children: Children,
}

/// A modal dialog, open as long as it is drawn.
#[component]
pub fn Dialog(props: &DialogProps) -> Html {
    let node = use_node_ref();
    {
        let (node, on_close) = (node.clone(), props.on_close.clone());
        use_effect_with((), move |()| {
            let listener = node.cast::<HtmlDialogElement>().map(|dialog| {
                let _ = dialog.show_modal();
                EventListener::new(&dialog, "close", move |_| on_close.emit(()))
            });
            move || drop(listener)
        });
    }
    let close = {
        let node = node.clone();
        Callback::from(move |_: MouseEvent| {
            if let Some(dialog) = node.cast::<HtmlDialogElement>() {
                dialog.close();
            }
        })
    };
    // A click on the element itself, not on what it holds, is a click on the backdrop.
    let backdrop = {
        let node = node.clone();
        Callback::from(move |event: MouseEvent| {
            let Some(dialog) = node.cast::<HtmlDialogElement>() else { return };
            if event.target().as_ref() == Some(dialog.as_ref()) {
                dialog.close();
            }
        })
    };
    let title = format!("{}-title", props.id);
    html! {
        <dialog ref={node} class="dialog" aria-labelledby={title.clone()} onclick={backdrop}>
            <div class={classes!("dlg", props.small.then_some("small"))}>
                <header class="dlg-h">
                    <h2 id={title}>{ &props.title }</h2><span class="grow"/>
                    <button type="button" class="btn icon" aria-label="Close" onclick={close}>{ symbol("close", 17) }</button>
                </header>
                { for props.children.iter() }
            </div>
        </dialog>
    }
}
