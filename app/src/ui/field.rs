//! Form fields: label, control, and the error beside the control that it is about.

use desk::Fields;
use leptos::prelude::*;
use phrase::view;

/// What was typed into a form before, and what was wrong with it.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    fields: Fields,
}

/// Names of what is kept beside the fields when a form is refused.
pub const WRONG_FIELD: &str = "!field";
pub const WRONG_WORDS: &str = "!words";
pub const DIFFERENCES: &str = "!differences";
pub const CURRENT: &str = "!current";
/// What the next page says beside what was done.
pub const TOLD_WORDS: &str = "!told";

/// One field that two people filled differently, as `desk::Difference` was kept.
#[derive(Clone, Debug, serde::Deserialize)]
pub struct Differs {
    pub field: String,
    pub yours: String,
    pub theirs: String,
}

impl Draft {
    pub fn of(fields: Fields) -> Self {
        Self { fields }
    }

    pub fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }

    /// What was typed into a field.
    pub fn typed(&self, name: &str) -> Option<String> {
        self.fields.get(name).cloned()
    }

    pub fn fields(&self) -> &Fields {
        &self.fields
    }

    /// The name of the field that is to be mended.
    pub fn wrong_field(&self) -> Option<&str> {
        self.fields.get(WRONG_FIELD).map(String::as_str)
    }

    /// What was typed, or else what there is.
    pub fn or(&self, name: &str, there: &str) -> String {
        self.typed(name).unwrap_or_else(|| there.to_owned())
    }

    /// What is wrong with a field.
    pub fn wrong(&self, name: &str) -> Option<String> {
        let field = self.fields.get(WRONG_FIELD)?;
        (field == name).then(|| self.fields.get(WRONG_WORDS).cloned().unwrap_or_default())
    }

    /// What is wrong, wherever it is: for a page that has no form to say it beside a field.
    pub fn words(&self) -> Option<String> {
        self.fields.get(WRONG_WORDS).cloned()
    }

    /// What is wrong with the form as a whole.
    pub fn refused(&self) -> Option<String> {
        let words = self.fields.get(WRONG_WORDS)?;
        self.fields.get(WRONG_FIELD).is_none_or(String::is_empty).then(|| words.clone())
    }

    /// Where somebody else was faster: what differs.
    pub fn differences(&self) -> Vec<Differs> {
        self.fields.get(DIFFERENCES).and_then(|json| serde_json::from_str(json).ok()).unwrap_or_default()
    }

    /// The version to send when the differences have been seen.
    pub fn current(&self) -> Option<i32> {
        self.fields.get(CURRENT)?.parse().ok()
    }
}

fn described(id: &str, wrong: Option<&String>, hint: &str) -> Option<String> {
    let mut by = Vec::new();
    if wrong.is_some() {
        by.push(format!("{id}-wrong"));
    }
    if !hint.is_empty() {
        by.push(format!("{id}-hint"));
    }
    (!by.is_empty()).then(|| by.join(" "))
}

fn around(
    id: String,
    label: &'static str,
    hint: &'static str,
    wrong: Option<String>,
    control: AnyView,
) -> AnyView {
    let class = if wrong.is_some() { "field is-wrong" } else { "field" };
    view! {
        <div class=class>
            <label for=id.clone()>{label}</label>
            {control}
            {(!hint.is_empty()).then(|| view! { <p class="hint" id=format!("{id}-hint")>{hint}</p> })}
            {wrong.map(|wrong| view! { <p class="wrong" id=format!("{id}-wrong")>{wrong}</p> })}
        </div>
    }
    .into_any()
}

/// A one-line field. `kind` is the input's type; `id` is the name unless several forms share one.
#[expect(clippy::too_many_arguments, reason = "one argument for each thing a field has")]
pub fn field(
    id: &str,
    name: &str,
    kind: &'static str,
    label: &'static str,
    hint: &'static str,
    value: String,
    required: bool,
    wrong: Option<String>,
) -> AnyView {
    let complete = match (kind, name) {
        ("password", "password" | "old_password") => "current-password",
        ("password", _) => "new-password",
        ("email", "email") => "username",
        (_, "code") => "one-time-code",
        _ => "off",
    };
    let control = view! {
        <input
            id=id.to_owned()
            name=name.to_owned()
            type=kind
            value=value
            required=required
            autocomplete=complete
            aria-invalid=wrong.is_some().then_some("true")
            aria-describedby=described(id, wrong.as_ref(), hint)
        />
    }
    .into_any();
    around(id.to_owned(), label, hint, wrong, control)
}

/// A field for a file.
pub fn file(
    id: &str,
    name: &'static str,
    label: &'static str,
    hint: &'static str,
    wrong: Option<String>,
) -> AnyView {
    let control = view! {
        <input
            id=id.to_owned()
            name=name
            type="file"
            aria-invalid=wrong.is_some().then_some("true")
            aria-describedby=described(id, wrong.as_ref(), hint)
        />
    }
    .into_any();
    around(id.to_owned(), label, hint, wrong, control)
}

/// A field of several lines. leptos 0.8 does not escape a text area's content on the server, so
/// it is given as HTML that is escaped here.
pub fn text_area(
    id: &str,
    name: &'static str,
    label: &'static str,
    hint: &'static str,
    rows: u32,
    value: &str,
    wrong: Option<String>,
) -> AnyView {
    let control = super::text_area::escaped_text_area(
        id,
        name,
        rows,
        value,
        wrong.is_some(),
        described(id, wrong.as_ref(), hint),
    );
    around(id.to_owned(), label, hint, wrong, control)
}

/// A list to choose one of: value and words for each.
pub fn select(
    id: &str,
    name: &'static str,
    label: &'static str,
    options: Vec<(String, String)>,
    chosen: &str,
) -> AnyView {
    select_of(id, name, label, options, chosen, None)
}

/// A list to choose one of, with what is wrong with the choice.
pub fn select_of(
    id: &str,
    name: &str,
    label: &'static str,
    options: Vec<(String, String)>,
    chosen: &str,
    wrong: Option<String>,
) -> AnyView {
    let options = options
        .into_iter()
        .map(|(value, words)| {
            let selected = value == chosen;
            view! { <option value=value selected=selected>{words}</option> }
        })
        .collect_view();
    let control = view! {
        <select
            id=id.to_owned()
            name=name.to_owned()
            aria-invalid=wrong.is_some().then_some("true")
            aria-describedby=described(id, wrong.as_ref(), "")
        >
            {options}
        </select>
    }
    .into_any();
    around(id.to_owned(), label, "", wrong, control)
}

/// A box to tick.
pub fn tick(id: &str, name: &str, label: &'static str, ticked: bool) -> AnyView {
    view! {
        <span class="choice">
            <input type="checkbox" id=id.to_owned() name=name.to_owned() value="yes" checked=ticked />
            <label for=id.to_owned()>{label}</label>
        </span>
    }
    .into_any()
}

/// A few things to choose one of, all in sight.
pub fn choice(
    form: &str,
    name: &'static str,
    label: &'static str,
    options: Vec<(&'static str, &'static str)>,
    chosen: &str,
    wrong: Option<String>,
) -> AnyView {
    let options = options
        .into_iter()
        .map(|(value, words)| {
            let id = format!("{form}-{name}-{value}");
            view! {
                <span class="choice">
                    <input type="radio" id=id.clone() name=name value=value checked={value == chosen} required />
                    <label for=id>{words}</label>
                </span>
            }
        })
        .collect_view();
    let class = if wrong.is_some() { "field is-wrong" } else { "field" };
    view! {
        <fieldset class=class>
            <legend>{label}</legend>
            <div class="choices">{options}</div>
            {wrong.map(|wrong| view! { <p class="wrong">{wrong}</p> })}
        </fieldset>
    }
    .into_any()
}
