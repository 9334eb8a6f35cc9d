//! Icons of the interface: one sprite in the page, drawn by reference.

use yew::prelude::*;

/// Which icon, and how large.
#[derive(Clone, Debug, PartialEq, Properties)]
pub struct IconProps {
    /// Name of a symbol of `web/assets/icons.svg` without its `i-`: a component kind such as `sqs-fifo`, or a
    /// control such as `play`.
    pub name: AttrValue,
    /// Side, CSS px: 18 in nodes and the palette, 24 in panel titles, 15 to 17 in buttons.
    #[prop_or(18)]
    pub size: u32,
}

/// An icon in the colour of the text around it. It says nothing to assistive tech: name the control itself.
#[function_component(Icon)]
pub fn icon(props: &IconProps) -> Html {
    let size = AttrValue::from(props.size.to_string());
    html! {
        <svg class="ico" width={size.clone()} height={size} aria-hidden="true" focusable="false">
            <use href={format!("#i-{}", props.name)} />
        </svg>
    }
}
