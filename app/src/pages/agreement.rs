//! `/agreement`: how far reviewers agree who did not see each other's verdict.

use super::{Notice, query, signed_in};
use crate::language::t;
use crate::paths;
use crate::ui::{Frame, capital, field, frame};
use chrono::NaiveDate;
use desk::{AgreementRow, Agreements, ClaimFilter, Error, Period, Sort};
use domain::agreement::{Agreement, ENOUGH};
use domain::words::Invalid;
use leptos::prelude::*;
use phrase::{t, view};

pub fn page() -> AnyView {
    let asked = read_query();
    signed_in(
        |desk, actor| async move {
            let period = asked?;
            Ok((desk.agreements(&actor, period).await?, period))
        },
        |(agreements, period), _, notice| view(&agreements, period, notice),
    )
}

fn read_query() -> Result<Period, Error> {
    let day = |name: &'static str| -> Result<Option<NaiveDate>, Error> {
        query(name)
            .map(|text| {
                text.parse().map_err(|_| Invalid::new(name, t!("Write the day as 2026-03-12.")).into())
            })
            .transpose()
    };
    Ok(Period { from: day("from")?, to: day("to")? })
}

fn view(agreements: &Agreements, period: Period, notice: Notice) -> AnyView {
    let day = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
    let (from, to) = (day(period.from), day(period.to));
    let csv = [("from", &from), ("to", &to)]
        .into_iter()
        .filter(|(_, day)| !day.is_empty())
        .fold(paths::AGREEMENT_CSV.to_owned(), |address, (name, day)| paths::with(&address, name, day));
    let whose = if agreements.is_own {
        t!("Claims that you and somebody else judged")
    } else {
        t!("Claims that two reviewers judged")
    };
    let counted = match agreements.all.judged {
        0 => view! { <b class="num">"0"</b> }.into_any(),
        n => view! { <a href=listed(&agreements.list)><b class="num">{n}</b></a> }.into_any(),
    };
    let content = if agreements.all.judged == 0 {
        view! {
            <div class="card empty"><h2>"Nothing was judged by two yet"</h2>
                <p>"The desk’s policy says which claims need a second review."</p></div>
        }
        .into_any()
    } else {
        view! {
            <div class="stack-of-cards">
                {card("scales", t!("By scale"), t!("Scale"), &agreements.scales, |scale| crate::language::label(&capital(&scale.replace('_', " "))), false)}
                {card("kinds", t!("By kind of claim"), t!("Kind"), &agreements.kinds, |kind| capital(t(kind.label())), false)}
                {card("pairs", t!("By pair of reviewers"), t!("Reviewers"), &agreements.pairs, |(one, other)| t!("{one} and {other}"), true)}
            </div>
        }
        .into_any()
    };
    frame(
        Frame { title: t!("Agreement"), here: paths::DASHBOARD, live: None },
        view! {
            <div class="page">
                {notice.view()}
                <div class="row"><h1>"Agreement"</h1> <a class="btn small" href=csv>"Download as CSV"</a></div>
                <form class="filters" method="get" action=paths::AGREEMENT aria-label="Period">
                    {field("from", "from", "date", t!("From"), "", from, false, None)}
                    {field("to", "to", "date", t!("To"), "", to, false, None)}
                    <div class="end"><button class="btn">"Show"</button></div>
                </form>
                <p>{whose} ": "  {counted} ". " {in_all(&agreements.all)}</p>
                {content}
                <details class="small"><summary>"What the figures mean"</summary>
                    <p>"Agreement is the share of claims on which both gave the same rating. Cohen’s κ and Krippendorff’s α take off what chance would give: 1 is always, 0 is as often as by chance, below 0 is less than that. Above .8 counts as reliable, below .67 as too little to build on (Krippendorff). Figures that an editor settled count as they were given. A claim that was reopened and judged by two again counts again. Fewer than "
                    {ENOUGH} " claims say too little."</p>
                </details>
            </div>
        }
        .into_any(),
    )
}

/// The list behind a number.
fn listed(list: &ClaimFilter) -> String {
    paths::claims(list, Sort::Newest, None)
}

fn in_all(all: &Agreement) -> String {
    match (all.share, all.alpha) {
        (Some(share), Some(alpha)) => t!("They agree on {}, α {}.", per_cent(share), plain(alpha)),
        (Some(share), None) => t!("They agree on {}.", per_cent(share)),
        _ => String::new(),
    }
}

fn per_cent(share: f64) -> String {
    format!("{:.0} %", share * 100.0)
}

fn plain(value: f64) -> String {
    format!("{value:.2}").replace('-', "−")
}

fn card<T>(
    id: &'static str,
    heading: &'static str,
    column: &'static str,
    rows: &[AgreementRow<T>],
    name: impl Fn(&T) -> String,
    is_of_two: bool,
) -> AnyView {
    let lines = rows
        .iter()
        .map(|row| {
            let agreement = row.agreement;
            let says = t!("{}: {} claims", name(&row.of), agreement.judged);
            let figures = if agreement.is_too_few() {
                let columns = if is_of_two { "3" } else { "2" };
                view! { <td class="num small quiet" colspan=columns>"too few"</td> }.into_any()
            } else {
                let shown = |value: Option<f64>| value.map_or_else(|| "–".to_owned(), plain);
                view! {
                    <td class="num">{agreement.share.map(per_cent)}</td>
                    {is_of_two.then(|| view! { <td class="num">{shown(agreement.kappa)}</td> })}
                    <td class="num">{shown(agreement.alpha)}</td>
                }
                .into_any()
            };
            view! { <tr><th scope="row">{name(&row.of)}</th><td class="num"><a href=listed(&row.list) aria-label=says>{agreement.judged}</a></td>{figures}</tr> }
        })
        .collect_view();
    view! {
        <section class="card" id=id>
            <h2>{heading}</h2>
            <div class="scroll"><table>
                <thead><tr><th scope="col">{column}</th><th scope="col" class="num">"Claims"</th><th scope="col" class="num">"Agreement"</th>
                    {is_of_two.then(|| view! { <th scope="col" class="num">"Cohen’s κ"</th> })}
                    <th scope="col" class="num">"Krippendorff’s α"</th></tr></thead>
                <tbody>{lines}</tbody>
            </table></div>
        </section>
    }
    .into_any()
}
