//! Charts: SVG drawn on the server, with the table behind it.

use crate::ui::marks::tone_class;
use desk::DayRow;
use leptos::prelude::*;

/// Verdicts a day, stacked by rating.
pub fn days_chart(days: &[DayRow]) -> AnyView {
    let most = days.iter().map(DayRow::verdicts).max().unwrap_or(0).max(1);
    let step = 420.0 / days.len().max(1) as f64;
    let bars = days
        .iter()
        .enumerate()
        .map(|(at, day)| {
            let x = at as f64 * step + 2.0;
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
                            width=format!("{:.1}", step - 4.0)
                            height=format!("{:.1}", (height - 0.5).max(0.5))
                        />
                    }
                })
                .collect_view();
            let total = day.verdicts();
            let count = (total > 0).then(|| {
                view! { <text x=format!("{:.1}", x + step / 2.0 - 2.0) y=format!("{:.1}", bottom - 3.0) text-anchor="middle">{total}</text> }
            });
            let label = (at % 2 == days.len().saturating_sub(1) % 2).then(|| {
                view! {
                    <text x=format!("{:.1}", x + step / 2.0 - 2.0) y="114" text-anchor="middle">
                        {day.day.format("%-d %b").to_string()}
                    </text>
                }
            });
            view! { <g>{parts} {count} {label}</g> }
        })
        .collect_view();
    let rows = days
        .iter()
        .rev()
        .map(|day| {
            let said = day
                .ratings
                .iter()
                .map(|(rating, n)| format!("{} {n}", rating.name))
                .collect::<Vec<_>>()
                .join(", ");
            view! {
                <tr>
                    <td>{day.day.format("%-d %B %Y").to_string()}</td>
                    <td class="num">{day.verdicts()}</td>
                    <td class="small">{said}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <svg class="chart" viewBox="0 0 420 118" role="img" aria-label="Verdicts a day over the last fourteen days; the table below has the numbers">
            <line x1="0" x2="420" y1="100" y2="100" />
            {bars}
        </svg>
        <details>
            <summary>"Table"</summary>
            <div class="scroll"><table>
                <thead><tr><th scope="col">"Day (UTC)"</th><th scope="col" class="num">"Verdicts"</th><th scope="col">"Ratings"</th></tr></thead>
                <tbody>{rows}</tbody>
            </table></div>
        </details>
    }
    .into_any()
}
