//! Pieces that pages are drawn from. They take finished values and draw; none of them loads.

mod article_text;
mod as_of;
mod chart;
mod field;
mod found;
mod frame;
mod history;
mod ledger;
mod load;
mod marks;
mod media;
mod printed;
mod qr;
mod standing;
mod text_area;
mod time;

pub use article_text::{Mark, article_text};
pub use as_of::{as_of_banner, as_of_form};
pub use chart::{days_chart, stage_name, stage_times};
pub use field::{
    CURRENT, DIFFERENCES, Draft, TOLD_WORDS, WRONG_FIELD, WRONG_WORDS, choice, field, file, select,
    select_of, text_area, tick,
};
pub use found::{corrected_by, hop, measure_chips, priority, said_by};
pub use frame::{ADMIN_SECTIONS, Frame, embed_frame, frame, public_frame};
pub use history::history_list;
pub use ledger::{
    Heading, Sheet, held, in_full, ledger_answer, ledger_chart, ledger_file, ledger_key, ledger_notes,
    ledger_short, ledger_table, of_which, readers_brief, readers_table, readers_verdict,
};
pub use load::{load, set_status};
pub use marks::{capital, copy_outcome, icon, rating_icon, rating_tag, standing_tag, tone_class as tone};
pub use media::{found_media, media_meanings, media_original};
pub use printed::printed;
pub use qr::qr_code;
pub use standing::{clearance_tag, deadline_tag, stack, unchecked_tag};
pub use time::{age, day, lasting, moment, time_of_day};
