//! The one place where HTML is put into the page as text: leptos 0.8 writes the content of a text
//! area unescaped on the server, so it is escaped here and given as HTML, which is right there and
//! in the browser.

use leptos::prelude::*;
use phrase::view;

pub fn escaped_text_area(
    id: &str,
    name: &'static str,
    rows: u32,
    value: &str,
    is_wrong: bool,
    described: Option<String>,
) -> AnyView {
    // A line end right after the tag is dropped by HTML; one more keeps the first of the text.
    let html = format!("\n{}", escape(value));
    view! {
        <textarea
            id=id.to_owned()
            name=name
            rows=rows
            aria-invalid=is_wrong.then_some("true")
            aria-describedby=described
            inner_html=html
        ></textarea>
    }
    .into_any()
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_area_cannot_be_closed_from_inside() {
        let html =
            escaped_text_area("a", "a", 2, "</textarea><script>alert(1)</script>", false, None).to_html();
        assert!(html.contains("&lt;/textarea&gt;&lt;script&gt;"), "{html}");
        assert!(!html.contains("<script"), "{html}");
    }
}
