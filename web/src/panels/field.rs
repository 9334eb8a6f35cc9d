//! One property as a form field, made from its description alone.

use editor::view::FieldView;
use editor::{Action, Edit};
use messaging::descriptor::{FieldKind, FieldSpec};
use serde_json::{Map, Number, Value};
use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement};
use yew::prelude::*;

use crate::store::use_dispatch;

/// Properties of [`Field`].
#[derive(Clone, PartialEq, Properties)]
pub struct FieldProps {
    /// What the field is, and its value.
    pub field: FieldView,
}

/// A labelled control for one property. A text that does not fit stays in the control with what is wrong with it;
/// the running value stays in force.
#[component]
pub fn Field(props: &FieldProps) -> Html {
    let dispatch = use_dispatch();
    let refused = use_state_eq(|| None::<(String, String)>);
    let field = &props.field;
    {
        // Another value, by undo or by another way, ends what was typed.
        let refused = refused.clone();
        use_effect_with(field.value.clone(), move |_| refused.set(None));
    }
    let problem = refused.as_ref().map(|(_, reason)| reason.clone()).or_else(|| field.error.clone());
    let id = format!("field{}", field.pointer.as_str().replace('/', "-"));
    let help = format!("{id}-help");
    let on_value = {
        let (refused, pointer) = (refused.clone(), field.pointer.clone());
        Callback::from(move |(text, outcome): (String, Result<Option<Value>, String>)| match outcome {
            Ok(value) => {
                refused.set(None);
                dispatch.emit(Action::Edit(Edit::SetProperty { pointer: pointer.clone(), value }));
            }
            Err(reason) => refused.set(Some((text, reason))),
        })
    };
    let typed = refused.as_ref().map(|(text, _)| text.clone());
    let control = Control { field, id: &id, help: &help, typed, wrong: problem.is_some(), on_value };
    html! {
        <div class="setting">
            <label for={id.clone()}>{ field.name }{ " " }<span class="r">{ field.rule }</span></label>
            { control.draw() }
            if let Some(problem) = &problem {
                <p id={help.clone()} class="bad" role="alert">{ problem }</p>
            } else {
                <p id={help.clone()} class="help">{ field.description }if !field.range.is_empty() { { " " }{ &field.range }{ "." } }</p>
            }
            if !field.members.is_empty() {
                <div class="form members">{ for field.members.iter().map(|member| html! { <Field key={member.pointer.as_str().to_owned()} field={member.clone()}/> }) }</div>
            }
        </div>
    }
}

struct Control<'a> {
    field: &'a FieldView,
    id: &'a str,
    help: &'a str,
    typed: Option<String>,
    wrong: bool,
    on_value: Callback<(String, Result<Option<Value>, String>)>,
}

impl Control<'_> {
    fn draw(&self) -> Html {
        match self.field.kind.0 {
            FieldKind::Integer { low, high, unit } => {
                self.line(unit, move |text| whole_number(text, low, high))
            }
            FieldKind::Number { low, high, unit } => self.line(unit, move |text| any_number(text, low, high)),
            FieldKind::Text => self.line("", |text| Ok((!text.is_empty()).then(|| Value::from(text)))),
            FieldKind::Switch => self.switch(),
            FieldKind::Choice(words) => self.choice(words),
            FieldKind::Variants { tag, cases } => self.variants(tag, cases),
            FieldKind::Json | FieldKind::FilterPolicy => self.json(),
        }
    }

    fn line(
        &self,
        unit: &'static str,
        read: impl Fn(&str) -> Result<Option<Value>, String> + 'static,
    ) -> Html {
        let on_value = self.on_value.clone();
        let onchange = Callback::from(move |event: Event| {
            if let Some(input) = target::<HtmlInputElement>(&event) {
                let text = input.value();
                let outcome = read(&text);
                on_value.emit((text, outcome));
            }
        });
        let is_text = matches!(self.field.kind.0, FieldKind::Text);
        let shown = self.typed.clone().unwrap_or_else(|| plain(&self.field.value));
        html! {
            <span class="field">
                <input id={self.id.to_owned()} type="text" inputmode={if is_text { "text" } else { "decimal" }} value={shown}
                    placeholder={plain(&self.field.default)} {onchange} aria-describedby={self.help.to_owned()} aria-invalid={self.wrong.to_string()}/>
                if !unit.is_empty() { <span class="unit">{ unit }</span> }
            </span>
        }
    }

    fn switch(&self) -> Html {
        let on_value = self.on_value.clone();
        let given = self.field.value.as_bool().or_else(|| self.field.default.as_bool());
        let checked = given.unwrap_or(false);
        let onclick = Callback::from(move |_: MouseEvent| {
            on_value.emit((String::new(), Ok(Some(Value::Bool(!checked)))))
        });
        html! {
            <button id={self.id.to_owned()} type="button" class="switch" role="switch" aria-checked={checked.to_string()} {onclick}
                aria-describedby={self.help.to_owned()} aria-label={self.field.name}/>
        }
    }

    fn choice(&self, words: &'static [&'static str]) -> Html {
        let on_value = self.on_value.clone();
        let onchange = on_choice(move |word| {
            on_value.emit((String::new(), Ok((!word.is_empty()).then_some(Value::String(word)))))
        });
        let default = self.field.default.as_str().unwrap_or_default();
        let chosen = self.field.value.as_str().unwrap_or(default);
        html! {
            <select id={self.id.to_owned()} class="field" {onchange} aria-describedby={self.help.to_owned()}>
                if chosen.is_empty() { <option value="" selected=true>{ "not set" }</option> }
                { for words.iter().map(|word| html! { <option value={*word} selected={*word == chosen}>{ *word }</option> }) }
            </select>
        }
    }

    fn json(&self) -> Html {
        let on_value = self.on_value.clone();
        let onchange = Callback::from(move |event: Event| {
            if let Some(area) = target::<HtmlTextAreaElement>(&event) {
                let text = area.value();
                let outcome = read_json(&text);
                on_value.emit((text, outcome));
            }
        });
        let value = &self.field.value;
        let written = if value.is_null() {
            String::new()
        } else {
            serde_json::to_string_pretty(value).unwrap_or_default()
        };
        let shown = self.typed.clone().unwrap_or(written);
        let rows = shown.lines().count().clamp(2, 12).to_string();
        html! {
            <textarea id={self.id.to_owned()} class="field" {rows} value={shown} spellcheck="false" {onchange}
                aria-describedby={self.help.to_owned()} aria-invalid={self.wrong.to_string()}/>
        }
    }

    fn variants(&self, tag: &'static str, cases: &'static [(&'static str, &'static [FieldSpec])]) -> Html {
        let on_value = self.on_value.clone();
        let given = self.field.value.as_object().or_else(|| self.field.default.as_object());
        let object = given.cloned().unwrap_or_default();
        let chosen = object.get(tag).and_then(Value::as_str).unwrap_or_default().to_owned();
        let onchange = on_choice(move |word| {
            let value = (!word.is_empty()).then(|| with_case(&object, tag, &word, cases));
            on_value.emit((String::new(), Ok(value)));
        });
        html! {
            <select id={self.id.to_owned()} class="field" {onchange} aria-describedby={self.help.to_owned()}>
                if chosen.is_empty() { <option value="" selected=true>{ "not set" }</option> }
                { for cases.iter().map(|(name, _)| html! { <option value={*name} selected={*name == chosen}>{ *name }</option> }) }
            </select>
        }
    }
}

fn on_choice(choose: impl Fn(String) + 'static) -> Callback<Event> {
    Callback::from(move |event: Event| {
        if let Some(select) = target::<HtmlSelectElement>(&event) {
            choose(select.value());
        }
    })
}

fn target<T: JsCast>(event: &Event) -> Option<T> {
    event.target().and_then(|target| target.dyn_into().ok())
}

/// A value without the quotes of a string; nothing for null.
fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Number(number)
            if number.as_f64().is_some_and(|value| value.fract() == 0.0 && value.abs() < 1e15) =>
        {
            format!("{:.0}", number.as_f64().unwrap_or_default())
        }
        other => other.to_string(),
    }
}

/// The members that both cases have keep their values; new ones start at their smallest sensible value.
fn with_case(
    before: &Map<String, Value>,
    tag: &str,
    case: &str,
    cases: &'static [(&'static str, &'static [FieldSpec])],
) -> Value {
    let mut object = Map::new();
    object.insert(tag.to_owned(), Value::String(case.to_owned()));
    let members = cases.iter().find(|(name, _)| *name == case).map_or(&[][..], |(_, members)| *members);
    for member in members {
        let value = before.get(member.name).cloned().or_else(|| first_value(&member.kind));
        if let Some(value) = value {
            object.insert(member.name.to_owned(), value);
        }
    }
    Value::Object(object)
}

fn first_value(kind: &FieldKind) -> Option<Value> {
    match kind {
        FieldKind::Integer { low, high, .. } => Some(Value::from((*low).max(1).min(*high))),
        FieldKind::Number { low, high, .. } => Number::from_f64(low.max(1.0).min(*high)).map(Value::Number),
        FieldKind::Choice(words) => words.first().map(|word| Value::String((*word).to_owned())),
        _ => None,
    }
}

fn whole_number(text: &str, low: i64, high: i64) -> Result<Option<Value>, String> {
    let text = text.trim().replace(',', "");
    if text.is_empty() {
        return Ok(None);
    }
    let value: i64 = text.parse().map_err(|_| "Write a whole number.".to_owned())?;
    if value < low || value > high {
        return Err(format!("Write a number from {low} to {high}."));
    }
    Ok(Some(Value::from(value)))
}

fn any_number(text: &str, low: f64, high: f64) -> Result<Option<Value>, String> {
    let text = text.trim().replace(',', "");
    if text.is_empty() {
        return Ok(None);
    }
    let value: f64 = text.parse().map_err(|_| "Write a number.".to_owned())?;
    if !(low..=high).contains(&value) {
        return Err(format!("Write a number from {low} to {high}."));
    }
    if value.fract() == 0.0 && value.abs() < 9e15 {
        return Ok(Some(Value::from(value as i64)));
    }
    Ok(Number::from_f64(value).map(Value::Number))
}

fn read_json(text: &str) -> Result<Option<Value>, String> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    serde_json::from_str(text).map(Some).map_err(|error| format!("This is not JSON yet: {error}."))
}

#[cfg(test)]
mod tests {
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    /// UI.md section 8: an invalid setting gets a message; the running value stays.
    #[test]
    fn numbers_outside_their_range_are_refused_with_the_range() {
        assert_eq!(whole_number("30", 0, 43_200), Ok(Some(Value::from(30))));
        assert_eq!(whole_number("", 0, 10), Ok(None));
        assert_eq!(whole_number("99", 0, 10), Err("Write a number from 0 to 10.".to_owned()));
        assert_eq!(any_number("0.5", 0.0, 1.0), Ok(Number::from_f64(0.5).map(Value::Number)));
        assert_eq!(any_number("2", 0.0, 9.0), Ok(Some(Value::from(2))));
    }
}
