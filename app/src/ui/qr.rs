//! A QR code as SVG, drawn on the server.

use leptos::prelude::*;
use phrase::view;
use qrcode::{Color, QrCode};
use std::fmt::Write as _;

/// Light modules around a code, so that a camera finds its edge (ISO/IEC 18004).
const QUIET: usize = 4;

/// Draws a QR code, dark on light whatever the page's colours are; nothing where the text is too
/// long for one.
pub fn qr_code(text: &str, label: &'static str) -> AnyView {
    let Ok(code) = QrCode::new(text) else { return ().into_any() };
    let side = code.width() + 2 * QUIET;
    view! {
        <svg class="qr" viewBox=format!("0 0 {side} {side}") role="img" aria-label=label shape-rendering="crispEdges">
            <rect width="100%" height="100%" fill="#fff" />
            <path d=modules(&code) fill="#000" />
        </svg>
    }
    .into_any()
}

/// The dark modules, a stroke for each run of them.
fn modules(code: &QrCode) -> String {
    let mut path = String::new();
    for (y, row) in code.to_colors().chunks(code.width()).enumerate() {
        let mut x = 0;
        for run in row.chunk_by(|a, b| a == b) {
            if run.first() == Some(&Color::Dark) {
                let _ = write!(path, "M{} {}h{}v1h-{}z", x + QUIET, y + QUIET, run.len(), run.len());
            }
            x += run.len();
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_dark_module_is_drawn_and_no_other() {
        let code = QrCode::new("otpauth://totp/Claimdesk:noor%40desk.example?secret=GEZDGNBVGY3TQOJQ")
            .expect("a code");
        let mut drawn = vec![false; code.width() * code.width()];
        for stroke in modules(&code).split('M').skip(1) {
            let (at, rest) = stroke.split_once('h').expect("a stroke");
            let (x, y) = at.split_once(' ').expect("a place");
            let (x, y): (usize, usize) = (x.parse().expect("x"), y.parse().expect("y"));
            let length: usize = rest.split_once('v').expect("a stroke").0.parse().expect("a length");
            for x in x..x + length {
                drawn[(y - QUIET) * code.width() + x - QUIET] = true;
            }
        }
        let dark: Vec<bool> = code.to_colors().iter().map(|colour| *colour == Color::Dark).collect();
        assert_eq!(drawn, dark);
    }
}
