//! The parts that run in the browser. Each works on the page that the server drew: without it the
//! page still does its job.

mod drafts;
mod keyboard;
mod live;
mod palette;
mod selection;

pub use drafts::Drafts;
pub use keyboard::Keyboard;
pub use live::Live;
pub use palette::Palette;
pub use selection::Selection;
