//! A ledger as readers see it: nothing leads into the desk, and articles and published verdicts are linked.

use super::{Note, Sheet, how, letter, note_id, of_what, point, several_years, through};
use crate::language;
use crate::paths;
use crate::ui::{icon, moment};
use desk::{PublicFigure, PublicLedger, PublicVerdict};
use domain::ledger::{Figure, Ledger};
use leptos::prelude::*;
use phrase::{t, tn, view};

/// As many figures stand in the table of a page; all of them are in the file for spreadsheets.
const ROWS: usize = 300;
/// As many sources stand in the short table.
const BRIEF: usize = 8;

/// What does not fit about a figure: its number in the list, and what it is in a word.
fn marked(notes: &[Note], figure: &Figure, figures: &[Figure]) -> Vec<(usize, &'static str)> {
    let about = notes.iter().enumerate().filter(|(_, note)| note.is_about(figure, figures));
    about.map(|(nth, note)| (nth + 1, language::t(note.kind.short()))).collect()
}

/// Every figure with its source, side, outlet and article, newest first.
pub fn readers_table(of: &PublicLedger, sheet: &Sheet<'_>, verdicts: &[PublicVerdict]) -> AnyView {
    let Sheet { ledger, figures, notes, .. } = sheet;
    let mut rows: Vec<(&PublicFigure, &Figure)> = of.figures.iter().zip(*figures).collect();
    rows.sort_by_key(|(_, figure)| (std::cmp::Reverse(figure.at), figure.claim, figure.position));
    let more = (rows.len() > ROWS).then(|| {
        let all = rows.len();
        view! { <p class="small quiet">{t!("The newest {ROWS} of {all}; all of them are in the CSV file.")}</p> }
    });
    rows.truncate(ROWS);
    let rows = rows
        .into_iter()
        .map(|(one, figure)| row(one, figure, ledger, &marked(notes, figure, figures), verdicts))
        .collect_view();
    view! {
        <div class="scroll" tabindex="0" role="group" aria-label=t!("Table: {}", language::t(of.indicator.label()))><table class="figures">
            <thead><tr><th scope="col">"Published"</th><th scope="col" class="num">"Figure"</th><th scope="col">"Of what"</th>
                <th scope="col">"Original source"</th><th scope="col">"Side"</th><th scope="col">"Where it stands"</th>
                <th scope="col">"Verdict"</th><th scope="col">"Note"</th></tr></thead>
            <tbody>{rows}</tbody>
        </table></div>
        {more}
    }
    .into_any()
}

fn row(
    one: &PublicFigure,
    figure: &Figure,
    ledger: &Ledger,
    marks: &[(usize, &'static str)],
    verdicts: &[PublicVerdict],
) -> AnyView {
    let article = match one.article_address.clone() {
        Some(address) => {
            view! { <a href=address rel="noreferrer noopener nofollow external">{one.article_title.clone()}</a> }.into_any()
        }
        None => view! { <cite>{one.article_title.clone()}</cite> }.into_any(),
    };
    let verdict = one.verdict.and_then(|place| verdicts.get(place)).map(readers_verdict);
    let notes = marks
        .iter()
        .map(|(n, word)| view! { <a class="nowrap" href=format!("#{}", note_id(ledger, *n))>{*word} " " {*n}</a> " " })
        .collect_view();
    view! {
        <tr>
            <td class="when">{moment(figure.at)}</td>
            <td class="num">{language::say(&figure.said)}</td>
            <td>{of_what(figure)} <span class="small quiet block">{how(figure)}</span></td>
            <th scope="row">{figure.source.clone()} <span class="small quiet block">{through(figure)}</span></th>
            <td>{figure.party.clone()}</td>
            <td class="where">{figure.outlet.clone()} <span class="small block">{article}</span></td>
            <td>{verdict}</td>
            <td>{notes}</td>
        </tr>
    }
    .into_any()
}

/// A verdict that is public, leading to its page.
pub fn readers_verdict(verdict: &PublicVerdict) -> AnyView {
    let tone = verdict.rating.tone.clone();
    let again = verdict.under_review.then(|| view! { <span class="small quiet block">"under review"</span> });
    view! {
        <a class=format!("st {tone}") href=paths::public_claim(&verdict.slug)>{icon(&tone)} " " {language::label(&verdict.rating.name)}</a> {again}
    }
    .into_any()
}

/// What each source says now, in a few rows; `page` is where everything stands.
pub fn readers_brief(sheet: &Sheet<'_>, page: &str) -> AnyView {
    let Sheet { ledger, figures, notes, lines } = sheet;
    let mut said: Vec<(&domain::ledger::Line, &Figure)> =
        ledger.lines.iter().filter_map(|line| Some((line, figures.get(line.current?)?))).collect();
    said.retain(|(_, figure)| figure.says_what());
    said.sort_by(|(a, one), (b, other)| {
        let points = |figure: &Figure| figure.point().unwrap_or_default();
        b.outlets.cmp(&a.outlets).then(points(other).total_cmp(&points(one)))
    });
    let more = said.len().saturating_sub(BRIEF);
    let more = (more > 0).then(|| {
        view! { <p class="small"><a href=page.to_owned() target="_blank" rel="noopener">{tn!(more, "One more source", "{n} more sources")}</a></p> }
    });
    said.truncate(BRIEF);
    // In the order of the letters.
    said.sort_by(|(_, a), (_, b)| b.point().unwrap_or_default().total_cmp(&a.point().unwrap_or_default()));
    let rows = said
        .into_iter()
        .map(|(line, figure)| {
            let marks: Vec<&str> = marked(notes, figure, figures).into_iter().map(|(_, word)| word).collect();
            let party = line.party.clone().map(|party| t!(", for {party}"));
            // In a narrow chart only letters stand at the ends of lines.
            let key = lines.iter().find(|drawn| std::ptr::eq(drawn.line, line)).map(|drawn| {
                view! {
                    <svg class="key" viewBox="0 0 34 14" aria-hidden="true"><g class=format!("line s{}", drawn.nth)><path class="step" d="M0 7H34" />{point(figure, 17.0, 7.0)}</g></svg>
                    " " <b class="letter-key" aria-hidden="true">{letter(drawn.nth).to_string()}</b> " "
                }
            });
            view! {
                <tr>
                    <th scope="row">{key} {line.source.clone()} {party}</th>
                    <td class="num">{language::say(&figure.said)} <span class="small quiet block">{of_what(figure)}</span></td>
                    <td>{language::short_moment(figure.at, several_years(figures))} <span class="small falls block">{marks.join(", ")}</span></td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <table class="brief-figures">
            <thead><tr><th scope="col">"Original source"</th><th scope="col" class="num">"Figure"</th><th scope="col">"Published"</th></tr></thead>
            <tbody>{rows}</tbody>
        </table>
        {more}
    }
    .into_any()
}
