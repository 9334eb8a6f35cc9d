//! The form of a node or a link, from its fields.

use editor::view::FieldView;
use yew::prelude::*;

use crate::panels::field::Field;

/// All fields of something.
pub(super) fn form(fields: &[FieldView]) -> Html {
    html! { <div class="form">{ for fields.iter().map(|field| html! { <Field key={field.pointer.as_str().to_owned()} field={field.clone()}/> }) }</div> }
}
