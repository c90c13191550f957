//! Every change a person can make on a page, each a plain form post with a stable address. What is
//! refused comes back to the page with everything that was typed.

mod account;
mod answer;
mod claims;
mod copies;
mod correct;
mod correct_verdict;
mod drafts;
mod handout;
mod history;
mod incidents;
mod intake;
mod links;
mod mail;
mod media;
mod notifications;
mod policy;
mod receivers;
mod scales;
mod sources;
mod talk;
mod views;

pub use account::FORM as ACCOUNT_FORM;
pub use answer::{Done, FLASH, refused};
pub use claims::{
    adjudication_form, correction_form, dismiss_form, evidence_form, note_form, reopen_form, takeover_form,
    verdict_form, withdraw_form,
};
pub use copies::copy_form;
pub use correct::{MERGED, kind_form, measure_form, merge_form, source_form, split_form, words_form};
pub use correct_verdict::{WITHDRAW, correct_verdict_form, typed_correction};
pub use handout::deadline_form;
pub use incidents::{estimate_form, incident_form, join_form, publish_ledger_form, withdraw_ledger_form};
pub use intake::{FORM as INTAKE_FORM, moment};
pub use links::{duplicate_form, link_form};
pub use media::{category_field, media_form, take_back_form};
pub use policy::{GROUNDS_FORM, IDENTITY_FORM, SECOND_FACTOR_FORM, remove_rule_form, rule_form};
pub use receivers::{RECEIVER_FORM, SECRET};
pub use scales::{NEW_SCALE, NeedTyped, RatingTyped, ScaleTyped, scale_form};
pub use sources::{grade_form, name_form};
pub use talk::{change_form, comment_form, reply_form};
pub use views::VIEW_FORM;
