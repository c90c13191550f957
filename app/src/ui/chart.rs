//! Charts: SVG drawn on the server, with the table behind it.

use crate::language;
use crate::language::t;
use crate::paths;
use crate::ui::marks::tone_class;
use crate::ui::time::lasting;
use chrono::{DateTime, TimeDelta, Utc};
use desk::{Came, DayRange, DayRow, FlowDay, Scope, StageTime};
use domain::workflow::Stage;
use leptos::prelude::*;
use phrase::{t, view};

/// Where time goes: for each stage half of the stays and nine of ten of them, as bars of one scale,
/// with the table behind them.
pub fn stage_times(stages: &[StageTime], now: DateTime<Utc>, scope: Scope) -> AnyView {
    let most = stages.iter().filter_map(|stage| stage.p90).max().unwrap_or_default().num_seconds().max(1);
    let width = |time: TimeDelta| time.num_seconds() as f64 / most as f64 * 100.0;
    let bars = stages
        .iter()
        .map(|stage| {
            let name = stage_name(stage.stage);
            let said = match (stage.median, stage.p90) {
                (Some(median), Some(p90)) => t!("{half} · p90 {most}", half = lasting(median), most = lasting(p90)),
                _ => t!("none left it").to_owned(),
            };
            let class = stage_tone(stage.stage);
            let bar = stage.median.zip(stage.p90).map(|(median, p90)| {
                view! {
                    <svg class="stack" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
                        <rect class=format!("most {class}") x="0" y="0" width=format!("{:.2}", width(p90).max(0.6)) height="8" />
                        <rect class=format!("half {class}") x="0" y="0" width=format!("{:.2}", width(median).max(0.4)) height="8" />
                    </svg>
                }
            });
            view! { <li><span class="small">{name}</span> <span class="lasts">{bar}</span> <span class="num small">{said}</span></li> }
        })
        .collect_view();
    let time = |time: Option<TimeDelta>| time.map_or_else(|| "–".to_owned(), lasting);
    let rows = stages
        .iter()
        .map(|stage| {
            let list = paths::claims_waiting_in(stage.stage, None, scope);
            view! {
                <tr>
                    <th scope="row">{stage_name(stage.stage)}</th>
                    <td class="num">{stage.left}</td>
                    <td class="num">{time(stage.median)}</td>
                    <td class="num">{time(stage.p90)}</td>
                    <td class="num"><a href=list>{stage.now}</a></td>
                    <td class="num">{time(stage.median_age)}</td>
                    <td class="num">{time(stage.p90_age)}</td>
                    <td class="num">{time(stage.oldest.map(|since| now - since))}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <ul class="times">{bars}</ul>
        <details>
            <summary>"Table"</summary>
            <div class="scroll"><table>
                <thead><tr><th scope="col">"Stage"</th><th scope="col" class="num">"Left it"</th><th scope="col" class="num">"Half within"</th>
                    <th scope="col" class="num">"9 of 10 within"</th><th scope="col" class="num">"Now"</th>
                    <th scope="col" class="num">"Half since"</th>
                    <th scope="col" class="num">"9 of 10 since"</th><th scope="col" class="num">"Oldest"</th></tr></thead>
                <tbody>{rows}</tbody>
            </table></div>
            <p class="small quiet">"Counted as claims leave a stage; times are exact to 9 %, those of what is there now to half an hour, beyond thirty days to half a day."</p>
        </details>
    }
    .into_any()
}

/// What waits in a stage, in words that fit beside a bar.
pub fn stage_name(stage: Stage) -> &'static str {
    match stage {
        Stage::AwaitingSecondReview => t!("second review"),
        Stage::Settled => t!("to publish"),
        stage => t(stage.label()),
    }
}

/// The colour that the dashboard gives a stage.
fn stage_tone(stage: Stage) -> &'static str {
    match stage {
        Stage::InReview => "context",
        Stage::AwaitingSecondReview => "unverified",
        Stage::Disagreed => "disputed",
        Stage::Reopened => "false",
        Stage::Settled | Stage::Published => "verified",
        Stage::Open | Stage::Dismissed => "open",
    }
}

/// Verdicts a day, stacked by rating. What came and went those days, where it is known, stands in
/// the table, and each day's verdicts lead to the claims of the scope that they are of.
pub fn days_chart(days: &[DayRow], flow: &[FlowDay], scope: Scope) -> AnyView {
    let most = days.iter().map(DayRow::verdicts).max().unwrap_or(0).max(1);
    let step = 420.0 / days.len().max(1) as f64;
    // Days further apart than this have room for their number and their date.
    let every = days.len().div_ceil(7).max(1);
    let gap = if days.len() > 31 { 1.0 } else { 4.0 };
    let bars = days
        .iter()
        .enumerate()
        .map(|(at, day)| {
            let x = at as f64 * step + gap / 2.0;
            let mut bottom = 100.0;
            let parts = day
                .ratings
                .iter()
                .map(|(rating, n)| {
                    let height = *n as f64 / most as f64 * 88.0;
                    bottom -= height;
                    view! {
                        <rect
                            class=tone_class(Some(rating.tone))
                            x=format!("{x:.1}")
                            y=format!("{bottom:.1}")
                            width=format!("{:.1}", step - gap)
                            height=format!("{:.1}", (height - 0.5).max(0.5))
                        />
                    }
                })
                .collect_view();
            // What nobody sees yet has a height, but no colour.
            let sealed = (day.sealed > 0).then(|| {
                let height = day.sealed as f64 / most as f64 * 88.0;
                bottom -= height;
                view! {
                    <rect class="open" x=format!("{x:.1}") y=format!("{bottom:.1}")
                        width=format!("{:.1}", step - gap) height=format!("{:.1}", (height - 0.5).max(0.5)) />
                }
            });
            let total = day.verdicts();
            let count = (total > 0 && days.len() <= 31).then(|| {
                view! { <text x=format!("{:.1}", x + (step - gap) / 2.0) y=format!("{:.1}", bottom - 3.0) text-anchor="middle">{total}</text> }
            });
            // The last one ends with the chart.
            let is_last = at + 1 == days.len() && days.len() > 14;
            let label = (at % every == days.len().saturating_sub(1) % every).then(|| {
                view! {
                    <text x=format!("{:.1}", if is_last { 420.0 } else { x + (step - gap) / 2.0 }) y="114" text-anchor=if is_last { "end" } else { "middle" }>
                        {language::short_day(day.day)}
                    </text>
                }
            });
            view! { <g>{parts} {sealed} {count} {label}</g> }
        })
        .collect_view();
    let rows = days
        .iter()
        .rev()
        .map(|day| {
            let said = day
                .ratings
                .iter()
                .map(|(rating, n)| format!("{} {n}", language::label(&rating.name)))
                .chain((day.sealed > 0).then(|| t!("waiting for a second reviewer {}", day.sealed)))
                .collect::<Vec<_>>()
                .join(", ");
            let verdicts = if flow.is_empty() || day.verdicts() == 0 {
                day.verdicts().into_any()
            } else {
                let list = paths::claims_judged(None, DayRange { from: day.day, to: day.day }, scope);
                view! { <a href=list>{day.verdicts()}</a> }.into_any()
            };
            view! {
                <tr>
                    <td>{language::day(day.day)}</td>
                    <td class="num">{verdicts}</td>
                    {(!flow.is_empty()).then(|| {
                        let of = flow.iter().find(|one| one.day == day.day).copied().unwrap_or_default();
                        let cell = |came: Came, n: i64| {
                            if n == 0 {
                                return view! { <td class="num">{n}</td> }.into_any();
                            }
                            let list = paths::claims_that_came(came, DayRange { from: day.day, to: day.day }, scope);
                            let says = format!("{}: {n} {}", language::day(day.day), t(came.label()));
                            view! { <td class="num"><a href=list aria-label=says>{n}</a></td> }.into_any()
                        };
                        view! { {cell(Came::TakenIn, of.taken_in)} {cell(Came::Settled, of.settled)} {cell(Came::Published, of.published)} {cell(Came::Corrected, of.corrected)} }
                    })}
                    <td class="small">{said}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <svg class="chart" viewBox="0 0 420 118" role="img" aria-label=t!("Verdicts a day over {} days; the table below has the numbers", days.len())>
            <line x1="0" x2="420" y1="100" y2="100" />
            {bars}
        </svg>
        <details>
            <summary>"Table"</summary>
            <div class="scroll"><table>
                <thead><tr><th scope="col">"Day (UTC)"</th><th scope="col" class="num">"Verdicts"</th>
                    {(!flow.is_empty()).then(|| view! { <th scope="col" class="num">"Taken in"</th> <th scope="col" class="num">"Settled"</th> <th scope="col" class="num">"Published"</th> <th scope="col" class="num">"Corrected"</th> })}
                    <th scope="col">"Ratings"</th></tr></thead>
                <tbody>{rows}</tbody>
            </table></div>
        </details>
    }
    .into_any()
}
