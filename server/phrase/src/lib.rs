//! Macros for the words that people read. What is written with them is in the catalogue of every
//! language: `cargo xtask words` finds it there, and a build step fails where a language lacks it.
//!
//! - `view!` is leptos' own, in which literal texts and spoken attributes are translated;
//! - `t!("Take {name}’s claim", name = …)` is a text in the reader's language, now;
//! - `tn!(n, "one claim", "{n} claims")` the same where a number decides the form;
//! - `phrase!` and `plural!` make a `domain::phrase::Phrase`, which is said later, in whichever language;
//! - `msg!("…")` marks a constant that is looked up where it is shown, `frame!("…{0}…")` one with holes.
//!
//! Texts stand in English in the source and are their own key, as with gettext.

mod errors;
mod scan;

use proc_macro2::{Ident, Literal, Span, TokenStream, TokenTree};
use quote::{quote, quote_spanned};

/// leptos' `view!`, with its words in the reader's language.
#[proc_macro]
pub fn view(tokens: proc_macro::TokenStream) -> proc_macro::TokenStream {
    let spoken = scan::view(tokens.into(), |literal, text| {
        let text = Literal::string(&text);
        let span = literal.span();
        quote_spanned!(span=> {crate::language::t(#text)})
    });
    quote!(::leptos::prelude::view! { #spoken }).into()
}

/// A text in the reader's language.
#[proc_macro]
pub fn t(tokens: proc_macro::TokenStream) -> proc_macro::TokenStream {
    let call = match Call::parse(tokens.into(), 1) {
        Ok(call) => call,
        Err(words) => return complaint(&words),
    };
    if call.values.is_empty() {
        let text = call.one;
        return quote!(crate::language::t(#text)).into();
    }
    let phrase = call.phrase();
    quote!(crate::language::say(&#phrase)).into()
}

/// A text in the reader's language, in the form that goes with a number.
#[proc_macro]
pub fn tn(tokens: proc_macro::TokenStream) -> proc_macro::TokenStream {
    match Call::parse(tokens.into(), 2) {
        Ok(call) => {
            let phrase = call.phrase();
            quote!(crate::language::say(&#phrase)).into()
        }
        Err(words) => complaint(&words),
    }
}

/// Something to be said later.
#[proc_macro]
pub fn phrase(tokens: proc_macro::TokenStream) -> proc_macro::TokenStream {
    made(tokens, 1)
}

/// Something to be said later, in the form that goes with a number, which comes first.
#[proc_macro]
pub fn plural(tokens: proc_macro::TokenStream) -> proc_macro::TokenStream {
    made(tokens, 2)
}

/// A constant that is looked up where it is shown.
#[proc_macro]
pub fn msg(tokens: proc_macro::TokenStream) -> proc_macro::TokenStream {
    match Call::parse(tokens.into(), 1) {
        Ok(Call { one, values, .. }) if values.is_empty() => quote!(#one).into(),
        Ok(_) => complaint("a constant has no holes: use phrase!"),
        Err(words) => complaint(&words),
    }
}

/// A constant with holes, by which a text that was stored in English is read again: `Phrase::read`.
#[proc_macro]
pub fn frame(tokens: proc_macro::TokenStream) -> proc_macro::TokenStream {
    match literal(&tokens.into()) {
        Some(text) => {
            let text = Literal::string(&text);
            quote!(#text).into()
        }
        None => complaint("a frame is a literal"),
    }
}

fn made(tokens: proc_macro::TokenStream, texts: usize) -> proc_macro::TokenStream {
    match Call::parse(tokens.into(), texts) {
        Ok(call) => call.phrase().into(),
        Err(words) => complaint(&words),
    }
}

fn complaint(words: &str) -> proc_macro::TokenStream {
    quote!(::core::compile_error!(#words)).into()
}

/// What a macro was given: its texts, the number that chooses between them, and what fills the holes.
struct Call {
    one: Literal,
    many: Option<Literal>,
    count: Option<TokenStream>,
    values: Vec<(String, TokenStream)>,
}

impl Call {
    /// Holes that nothing is given for are filled by what has their name where the macro stands.
    fn parse(tokens: TokenStream, texts: usize) -> Result<Self, String> {
        Self::parse_with(tokens, texts, &|hole| {
            (!hole.starts_with(|c: char| c.is_ascii_digit())).then(|| {
                let name = Ident::new(hole, Span::call_site());
                quote!(#name)
            })
        })
    }

    fn parse_with(
        tokens: TokenStream,
        texts: usize,
        around: &dyn Fn(&str) -> Option<TokenStream>,
    ) -> Result<Self, String> {
        let mut parts = split(tokens).into_iter();
        let count = if texts == 2 { Some(parts.next().ok_or("the number comes first")?) } else { None };
        let mut literals = Vec::new();
        for _ in 0..texts {
            let part = parts.next().ok_or("the text is missing")?;
            literals.push(
                literal(&part).ok_or("a text has to be a literal: it is its own key in the catalogue")?,
            );
        }
        let mut given: Vec<(String, TokenStream)> = Vec::new();
        let mut position = 0;
        for part in parts {
            given.push(match name_of(&part) {
                Some((name, value)) => (name, value),
                None => {
                    position += 1;
                    ((position - 1).to_string(), part)
                }
            });
        }
        let mut values: Vec<(String, TokenStream)> = Vec::new();
        let mut named = Vec::new();
        for text in &literals {
            let (text, holes) = scan::holes(text)?;
            named.push(text);
            for hole in holes {
                if values.iter().any(|(name, _)| *name == hole.name) {
                    continue;
                }
                let value = match given.iter().find(|(name, _)| *name == hole.name) {
                    Some((_, value)) => value.clone(),
                    None if hole.name == "n" && count.is_some() => continue,
                    None => around(&hole.name).ok_or_else(|| format!("nothing fills hole {}", hole.name))?,
                };
                let value = if is_label(&value) {
                    quote!(::domain::phrase::Value::Phrase(::std::boxed::Box::new(::domain::phrase::Phrase::label(#value))))
                } else if hole.format.is_empty() {
                    quote!(::domain::phrase::Fills::value(&(#value)))
                } else {
                    let format = Literal::string(&format!("{{:{}}}", hole.format));
                    quote!(::domain::phrase::Value::Text(::std::format!(#format, #value)))
                };
                values.push((hole.name, value));
            }
        }
        if let Some((name, _)) = given.iter().find(|(name, _)| !values.iter().any(|(hole, _)| hole == name)) {
            return Err(format!("there is no hole for {name}"));
        }
        let mut named = named.into_iter().map(|text| Literal::string(&text));
        Ok(Self { one: named.next().ok_or("the text is missing")?, many: named.next(), count, values })
    }

    fn phrase(&self) -> TokenStream {
        let Self { one, many, count, values } = self;
        let (names, values): (Vec<_>, Vec<_>) = values.iter().map(|(name, value)| (name, value)).unzip();
        let values = quote!(::std::vec![#((#names, #values)),*]);
        match (many, count) {
            (Some(many), Some(count)) => {
                quote!(::domain::phrase::Phrase::plural(#one, #many, ::domain::phrase::counted(#count), #values))
            }
            _ => quote!(::domain::phrase::Phrase::new(#one, #values)),
        }
    }
}

/// Splits at the commas that stand outside of any bracket; angle brackets are not brackets here.
fn split(tokens: TokenStream) -> Vec<TokenStream> {
    let mut parts = vec![Vec::new()];
    for token in tokens {
        match &token {
            TokenTree::Punct(sign) if sign.as_char() == ',' => parts.push(Vec::new()),
            _ => {
                if let Some(part) = parts.last_mut() {
                    part.push(token);
                }
            }
        }
    }
    parts.into_iter().filter(|part| !part.is_empty()).map(|part| part.into_iter().collect()).collect()
}

fn literal(part: &TokenStream) -> Option<String> {
    let mut tokens = part.clone().into_iter();
    match (tokens.next(), tokens.next()) {
        (Some(TokenTree::Literal(literal)), None) => scan::text_of(&literal),
        _ => None,
    }
}

/// Whether a value is a label of the vocabulary, which is in the catalogue itself: `….label()`.
fn is_label(value: &TokenStream) -> bool {
    let tokens: Vec<TokenTree> = value.clone().into_iter().collect();
    matches!(
        tokens.as_slice(),
        [.., TokenTree::Ident(name), TokenTree::Group(call)]
            if (*name == "label" || *name == "meaning") && call.stream().is_empty()
    )
}

/// `name = value`, but not `a == b`.
fn name_of(part: &TokenStream) -> Option<(String, TokenStream)> {
    let mut tokens = part.clone().into_iter();
    let (Some(TokenTree::Ident(name)), Some(TokenTree::Punct(sign))) = (tokens.next(), tokens.next()) else {
        return None;
    };
    (sign.as_char() == '=' && sign.spacing() == proc_macro2::Spacing::Alone)
        .then(|| (name.to_string(), tokens.collect()))
}

/// Gives an error a `phrase()`: what its `#[error("…")]` says, in the catalogue's way. Attributes are
/// thiserror's, so that each text stands once; a field of type `&'static str` is looked up as well.
#[proc_macro_derive(Phrased)]
pub fn phrased(tokens: proc_macro::TokenStream) -> proc_macro::TokenStream {
    let input = syn::parse_macro_input!(tokens as syn::DeriveInput);
    let name = &input.ident;
    let arms = match &input.data {
        syn::Data::Enum(data) => data
            .variants
            .iter()
            .map(|variant| {
                let ident = &variant.ident;
                errors::arm(&quote!(Self::#ident), &variant.attrs, &variant.fields)
            })
            .collect::<Result<Vec<_>, _>>(),
        syn::Data::Struct(data) => {
            errors::arm(&quote!(Self), &input.attrs, &data.fields).map(|arm| vec![arm])
        }
        syn::Data::Union(_) => Err("a union says nothing".to_owned()),
    };
    let arms = match arms {
        Ok(arms) => arms,
        Err(words) => return complaint(&words),
    };
    quote! {
        impl #name {
            /// What to tell people, in their language.
            pub fn phrase(&self) -> ::domain::phrase::Phrase {
                match self { #(#arms)* }
            }
        }
    }
    .into()
}
