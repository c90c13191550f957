//! What `#[error("…")]` says, as an arm of a match.

use crate::Call;
use proc_macro2::{Ident, Literal, Span, TokenStream, TokenTree};
use quote::quote;
use std::collections::BTreeMap;
use syn::{Attribute, Fields, Type};

/// One variant: its fields by name, and the phrase that its text makes of them.
pub fn arm(path: &TokenStream, attributes: &[Attribute], fields: &Fields) -> Result<TokenStream, String> {
    let said = attributes
        .iter()
        .find(|attribute| attribute.path().is_ident("error"))
        .ok_or("every variant needs its #[error(…)]")?;
    let syn::Meta::List(list) = &said.meta else { return Err("#[error(…)] has a text".to_owned()) };
    let (pattern, looked_up) = bindings(path, fields);
    if list.tokens.to_string() == "transparent" {
        return Ok(quote!(#pattern => at_0.phrase(),));
    }
    let call = Call::parse_with(places(list.tokens.clone(), false), 1, &|hole| {
        let name = if hole.starts_with(|c: char| c.is_ascii_digit()) {
            format!("at_{hole}")
        } else {
            hole.to_owned()
        };
        let field = Ident::new(&name, Span::call_site());
        Some(if looked_up.get(&name).copied().unwrap_or_default() {
            quote!(::domain::phrase::Phrase::label(#field))
        } else {
            quote!(#field)
        })
    })?;
    let phrase = call.phrase();
    Ok(quote! {
        #[allow(unused_variables, reason = "a text need not say every field")]
        #pattern => #phrase,
    })
}

/// The pattern that binds every field, and which of them are texts of the catalogue.
fn bindings(path: &TokenStream, fields: &Fields) -> (TokenStream, BTreeMap<String, bool>) {
    let mut looked_up = BTreeMap::new();
    let pattern = match fields {
        Fields::Named(named) => {
            let names: Vec<&Ident> = named.named.iter().filter_map(|field| field.ident.as_ref()).collect();
            for field in &named.named {
                if let Some(name) = &field.ident {
                    looked_up.insert(name.to_string(), is_static_text(&field.ty));
                }
            }
            quote!(#path { #(#names),* })
        }
        Fields::Unnamed(unnamed) => {
            let names: Vec<Ident> = (0..unnamed.unnamed.len())
                .map(|at| Ident::new(&format!("at_{at}"), Span::call_site()))
                .collect();
            for (at, field) in unnamed.unnamed.iter().enumerate() {
                looked_up.insert(format!("at_{at}"), is_static_text(&field.ty));
            }
            quote!(#path(#(#names),*))
        }
        Fields::Unit => quote!(#path),
    };
    (pattern, looked_up)
}

fn is_static_text(given: &Type) -> bool {
    let Type::Reference(reference) = given else { return false };
    let is_static = reference.lifetime.as_ref().is_some_and(|lifetime| lifetime.ident == "static");
    is_static && matches!(&*reference.elem, Type::Path(path) if path.path.is_ident("str"))
}

/// thiserror's `.0` is the first field.
fn places(tokens: TokenStream, mut after_word: bool) -> TokenStream {
    let mut made: Vec<TokenTree> = Vec::new();
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        let is_dot = matches!(&token, TokenTree::Punct(sign) if sign.as_char() == '.');
        if is_dot
            && !after_word
            && let Some(TokenTree::Literal(number)) = tokens.peek()
        {
            let field = format!("at_{}", Literal::to_string(number));
            made.push(TokenTree::Ident(Ident::new(&field, Span::call_site())));
            tokens.next();
            after_word = true;
            continue;
        }
        after_word = matches!(&token, TokenTree::Ident(_) | TokenTree::Group(_) | TokenTree::Literal(_));
        made.push(token);
    }
    made.into_iter().collect()
}
