//! The figure ledger: who says what of one indicator, over time. A chart that is drawn on the server,
//! the answer above it, and the table behind it.

use super::time::moment;
use super::{capital, icon};
use crate::paths;
use chrono::{DateTime, Datelike, TimeDelta, TimeZone, Timelike, Utc};
use domain::ledger::{Figure, Ledger, Line, MarkKind};
use domain::measure::{Confirmation, number};
use domain::scale::Tone;
use leptos::prelude::*;
use std::fmt::Write as _;

/// As many sources are drawn; whoever else counts stands in the table.
const DRAWN: usize = 7;
/// From here on, largest to smallest, small figures would lie on the ground: the scale is logarithmic.
const WIDE_SPREAD: f64 = 60.0;

/// How large a chart is drawn, in its own units. Letters are 14 of them high.
#[derive(Clone, Copy)]
pub struct Size {
    width: f64,
    height: f64,
    left: f64,
    right: f64,
    ticks: i64,
    /// Whether the names of sources stand at the ends of their lines.
    names: bool,
}

/// For screens as wide as a page, and for files.
pub const WIDE: Size = Size { width: 1000.0, height: 380.0, left: 56.0, right: 230.0, ticks: 6, names: true };
/// For telephones: the letters are as large as there, so that less fits beside each other.
pub const NARROW: Size =
    Size { width: 380.0, height: 320.0, left: 44.0, right: 26.0, ticks: 3, names: false };

const TOP: f64 = 24.0;
const BOTTOM: f64 = 36.0;
/// What is left free after the latest report, as a share of the time before it: the estimate of the
/// desk stands there.
const NOW: f64 = 0.12;

/// One source's line, as far as it is drawn: those of its figures that say how many there are in all.
struct Drawn<'a> {
    line: &'a Line,
    totals: Vec<&'a Figure>,
    /// Chooses colour and dashes, and the letter beside them.
    nth: usize,
}

/// The lines that are drawn: those that most outlets carry first.
fn drawn<'a>(ledger: &'a Ledger, figures: &'a [Figure]) -> Vec<Drawn<'a>> {
    let mut lines: Vec<(&Line, Vec<&Figure>)> = ledger
        .lines
        .iter()
        .map(|line| {
            let totals = line.figures.iter().filter_map(|at| figures.get(*at)).filter(|f| f.is_total());
            (line, totals.collect::<Vec<_>>())
        })
        .filter(|(_, totals)| !totals.is_empty())
        .collect();
    lines.sort_by_key(|(line, totals)| std::cmp::Reverse((line.outlets, totals.len())));
    lines.truncate(DRAWN);
    lines.into_iter().enumerate().map(|(nth, (line, totals))| Drawn { line, totals, nth }).collect()
}

/// `A`, `B`, …: what tells lines apart where colours do not.
fn letter(nth: usize) -> char {
    char::from(b'A' + u8::try_from(nth).unwrap_or(25).min(25))
}

/// From numbers and moments to places.
struct Axes {
    size: Size,
    from: DateTime<Utc>,
    until: DateTime<Utc>,
    latest: DateTime<Utc>,
    most: f64,
    least: f64,
    is_log: bool,
}

impl Axes {
    fn of(size: Size, lines: &[Drawn<'_>], ledger: &Ledger) -> Option<Self> {
        let points = || lines.iter().flat_map(|line| &line.totals).filter_map(|figure| figure.point());
        let moments = || lines.iter().flat_map(|line| &line.totals).map(|figure| figure.at);
        let (first, latest) = (moments().min()?, moments().max()?);
        let largest = points().fold(1.0, f64::max);
        let smallest = points().filter(|n| *n > 0.0).fold(largest, f64::min);
        // "Hundreds" may be 999: what a wording leaves open does not flatten what was counted.
        let open = lines
            .iter()
            .flat_map(|line| &line.totals)
            .filter_map(|figure| figure.high)
            .chain(ledger.estimate.as_ref().and_then(|estimate| estimate.range.high))
            .filter(|high| *high <= largest * 1.6)
            .fold(largest, f64::max);
        let is_log = largest / smallest > WIDE_SPREAD;
        let lasted = (latest - first).max(TimeDelta::hours(12));
        let spare = TimeDelta::seconds((lasted.num_seconds() as f64 * NOW) as i64);
        Some(Self {
            size,
            from: first - spare / 3,
            until: latest + spare,
            latest,
            most: open * if is_log { 1.6 } else { 1.08 },
            least: if is_log { smallest / 2.0 } else { 0.0 },
            is_log,
        })
    }

    fn right(&self) -> f64 {
        self.size.width - self.size.right
    }

    fn bottom(&self) -> f64 {
        self.size.height - BOTTOM
    }

    fn x(&self, at: DateTime<Utc>) -> f64 {
        let share =
            (at - self.from).num_seconds() as f64 / (self.until - self.from).num_seconds().max(1) as f64;
        self.size.left + share * (self.right() - self.size.left)
    }

    fn y(&self, n: f64) -> f64 {
        let share = if self.is_log {
            (n.max(self.least) / self.least).ln() / (self.most / self.least).ln()
        } else {
            n / self.most
        };
        self.bottom() - share.clamp(0.0, 1.0) * (self.bottom() - TOP)
    }

    /// Round numbers from the ground up.
    fn numbers(&self) -> Vec<f64> {
        if self.is_log {
            let first = self.least.log10().ceil() as i32;
            return (first..first + 12)
                .map(|power| 10_f64.powi(power))
                .take_while(|n| *n <= self.most)
                .collect();
        }
        let raw = self.most / 4.0;
        let power = 10_f64.powf(raw.log10().floor());
        let step = [1.0, 2.0, 5.0, 10.0].into_iter().map(|n| n * power).find(|n| *n >= raw).unwrap_or(raw);
        // Nobody is half killed.
        let step = step.max(1.0);
        (0..20).map(|n| f64::from(n) * step).take_while(|n| *n <= self.most).collect()
    }

    /// Midnights, or hours where all of it is one day.
    fn moments(&self) -> Vec<(DateTime<Utc>, String)> {
        const STEPS: [i64; 10] = [3, 6, 12, 24, 48, 96, 7 * 24, 14 * 24, 30 * 24, 90 * 24];
        let hours = (self.until - self.from).num_hours().max(1);
        let longest = hours / self.size.ticks.max(1);
        let step = STEPS.into_iter().find(|step| *step >= longest).unwrap_or(365 * 24);
        let midnight = Utc
            .with_ymd_and_hms(self.from.year(), self.from.month(), self.from.day(), 0, 0, 0)
            .single()
            .unwrap_or(self.from);
        (0..200)
            .map(|n| midnight + TimeDelta::hours(n * step))
            .skip_while(|at| *at < self.from)
            .take_while(|at| *at <= self.until)
            .map(|at| {
                let says = if at.hour() == 0 { "%-d %b" } else { "%H:%M" };
                (at, at.format(says).to_string())
            })
            .collect()
    }
}

/// The shape of a point: who vouches for the number.
fn point(figure: &Figure, x: f64, y: f64) -> AnyView {
    match figure.confirmation {
        Confirmation::Official => {
            view! { <circle cx=format!("{x:.1}") cy=format!("{y:.1}") r="5.5" /> }.into_any()
        }
        Confirmation::Visual => {
            let d = format!(
                "M{x:.1} {:.1}L{:.1} {y:.1}L{x:.1} {:.1}L{:.1} {y:.1}Z",
                y - 7.0,
                x + 7.0,
                y + 7.0,
                x - 7.0
            );
            view! { <path d=d /> }.into_any()
        }
        Confirmation::Claimed => {
            view! { <rect x=format!("{:.1}", x - 5.0) y=format!("{:.1}", y - 5.0) width="10" height="10" /> }
                .into_any()
        }
        Confirmation::Unknown => {
            view! { <circle class="hollow" cx=format!("{x:.1}") cy=format!("{y:.1}") r="5" /> }.into_any()
        }
    }
}

/// The line of one source: it holds what it said until it says something else.
fn line(drawn: &Drawn<'_>, axes: &Axes) -> AnyView {
    let mut d = String::new();
    let mut points = Vec::new();
    for figure in &drawn.totals {
        let Some(n) = figure.point() else { continue };
        let (x, y) = (axes.x(figure.at), axes.y(n));
        let _ = if d.is_empty() { write!(d, "M{x:.1} {y:.1}") } else { write!(d, "H{x:.1}V{y:.1}") };
        let reach = figure.low.zip(figure.high).filter(|(low, high)| low < high).map(|(low, high)| {
            let (top, ground) = (axes.y(high), axes.y(low));
            view! { <path class="reach" d=format!("M{x:.1} {ground:.1}V{top:.1}") /> }
        });
        points.push(view! { <g>{reach} {point(figure, x, y)}<title>{said(figure)}</title></g> });
    }
    let _ = write!(d, "H{:.1}", axes.right());
    view! { <g class=format!("line s{}", drawn.nth)><path class="step" d=d />{points}</g> }.into_any()
}

/// A figure as somebody would say it: "41 dead, the coast guard, 5 May 2024, 06:00 UTC".
fn said(figure: &Figure) -> String {
    let counts = figure.counts.as_deref().unwrap_or_default();
    format!("{} {counts}, {}, {}", figure.words, figure.source, figure.at.format("%-d %b %Y, %H:%M UTC"))
}

fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        text.to_owned()
    } else {
        text.chars().take(most - 1).chain(['…']).collect()
    }
}

/// Names at the ends of lines, kept apart from each other.
fn names(lines: &[Drawn<'_>], axes: &Axes) -> AnyView {
    const APART: f64 = 19.0;
    let mut ends: Vec<(f64, f64, &Drawn<'_>, &Figure)> = lines
        .iter()
        .filter_map(|drawn| {
            let last = drawn.totals.last()?;
            let y = axes.y(last.point()?);
            Some((y, y, drawn, *last))
        })
        .collect();
    ends.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut free = TOP;
    for end in &mut ends {
        end.1 = end.1.max(free);
        free = end.1 + APART;
    }
    let mut free = axes.bottom();
    for end in ends.iter_mut().rev() {
        end.1 = end.1.min(free);
        free = end.1 - APART;
    }
    let right = axes.right();
    ends.into_iter()
        .map(|(at, y, drawn, last)| {
            let words = if axes.size.names {
                // The number matters more than the end of a long name.
                format!("{} {}", cut(&drawn.line.source, 21), cut(&last.words, 14))
            } else {
                letter(drawn.nth).to_string()
            };
            let lead = axes.size.names.then(|| {
                view! { <path class="lead" d=format!("M{:.1} {at:.1}L{:.1} {y:.1}", right + 2.0, right + 12.0) /> }
            });
            let x = right + if axes.size.names { 16.0 } else { 6.0 };
            view! {
                <g class=format!("name s{}", drawn.nth)>{lead}
                    <text x=format!("{x:.1}") y=format!("{:.1}", y + 4.5)>{words}</text></g>
            }
        })
        .collect_view()
        .into_any()
}

/// Numbers of the notes below, at the points that they are about.
fn notes(ledger: &Ledger, figures: &[Figure], lines: &[Drawn<'_>], axes: &Axes) -> AnyView {
    let mut taken: Vec<(f64, f64)> = Vec::new();
    ledger
        .marks
        .iter()
        .enumerate()
        .filter_map(|(nth, mark)| {
            let figure = mark.figures.first().and_then(|at| figures.get(*at))?;
            if !lines.iter().any(|line| line.totals.iter().any(|one| std::ptr::eq(*one, figure))) {
                return None;
            }
            let (mut x, y) = (axes.x(figure.at), axes.y(figure.point()?));
            let y = if y < TOP + 30.0 { y + 20.0 } else { y - 18.0 };
            while taken.iter().any(|(a, b)| (a - x).abs() < 20.0 && (b - y).abs() < 20.0) {
                x += 21.0;
            }
            taken.push((x, y));
            let falls = matches!(mark.kind, MarkKind::BackwardRevision | MarkKind::ImpossibleDrop);
            let words = (falls && axes.size.names).then(|| {
                view! { <text class="falls" x=format!("{:.1}", x + 13.0) y=format!("{:.1}", y + 5.0)>{format!("↓ {}", cut(&figure.words, 14))}</text> }
            });
            Some(view! {
                <g class="note"><circle cx=format!("{x:.1}") cy=format!("{y:.1}") r="9" />
                    <text x=format!("{x:.1}") y=format!("{:.1}", y + 4.5) text-anchor="middle">{nth + 1}</text>{words}
                    <title>{mark.why.clone()}</title></g>
            })
        })
        .collect_view()
        .into_any()
}

/// What the chart shows, for those who do not see it.
fn in_words(ledger: &Ledger, lines: &[Drawn<'_>]) -> String {
    let mut words = format!("{} by source over time.", capital(ledger.indicator.label()));
    for drawn in lines {
        if let Some(last) = drawn.totals.last() {
            let _ = write!(words, " {}: {}.", drawn.line.source, last.words);
        }
    }
    if let Some(estimate) = &ledger.estimate {
        let _ = write!(words, " The desk holds {}.", estimate.range.in_words());
    }
    words
}

/// The chart alone; `None` where no figure says how many there are in all.
pub fn ledger_chart(ledger: &Ledger, figures: &[Figure], size: Size, class: &'static str) -> Option<AnyView> {
    let lines = drawn(ledger, figures);
    let axes = Axes::of(size, &lines, ledger)?;
    let right = axes.right();
    let numbers = axes
        .numbers()
        .into_iter()
        .map(|n| {
            let y = axes.y(n);
            view! {
                <path class="grid" d=format!("M{:.1} {y:.1}H{right:.1}", size.left) />
                <text class="tick" x=format!("{:.1}", size.left - 8.0) y=format!("{:.1}", y + 4.5) text-anchor="end">{number(n)}</text>
            }
        })
        .collect_view();
    let moments = axes
        .moments()
        .into_iter()
        .map(|(at, says)| {
            let x = axes.x(at);
            view! {
                <path class="grid" d=format!("M{x:.1} {:.1}v5", axes.bottom()) />
                <text class="tick" x=format!("{x:.1}") y=format!("{:.1}", axes.bottom() + 22.0) text-anchor="middle">{says}</text>
            }
        })
        .collect_view();
    let estimate = ledger.estimate.as_ref().map(|estimate| {
        let x = axes.x(axes.latest);
        let best = estimate.range.best.or(estimate.range.low);
        let low = estimate.range.low.or(best).unwrap_or_default();
        let high = estimate.range.high.unwrap_or(axes.most);
        let (top, ground) = (axes.y(high), axes.y(low));
        let held = best.map(|best| view! { <path class="held-best" d=format!("M{x:.1} {:.1}H{right:.1}", axes.y(best)) /> });
        view! {
            <rect class="held" x=format!("{x:.1}") y=format!("{:.1}", top - 1.0) width=format!("{:.1}", right - x) height=format!("{:.1}", (ground - top).max(0.0) + 2.0) />
            {held}
        }
    });
    let log = axes.is_log.then(|| {
        view! { <text class="tick" x=format!("{:.1}", size.left) y="12">"each line ten times the one below"</text> }
    });
    Some(
        view! {
            <svg class=format!("ledger-chart {class}") xmlns="http://www.w3.org/2000/svg" viewBox=format!("0 0 {} {}", size.width, size.height) role="img" aria-label=in_words(ledger, &lines)>
                {numbers} {moments} {log} {estimate}
                {lines.iter().map(|drawn| line(drawn, &axes)).collect_view()}
                {names(&lines, &axes)}
                {notes(ledger, figures, &lines, &axes)}
            </svg>
        }
        .into_any(),
    )
}

/// The chart as a file of its own, with the colours of print.
pub fn ledger_file(ledger: &Ledger, figures: &[Figure]) -> Option<String> {
    const STYLE: &str = include_str!("ledger-file.css");
    let drawing = ledger_chart(ledger, figures, WIDE, "file")?.to_html();
    // Marks for the browser's part of a page: a file has none, and XML does not allow them.
    let drawing = drawing.replace("<!>", "");
    let (head, rest) = drawing.split_once('>')?;
    Some(format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{head}><style>{STYLE}</style><rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>{rest}\n"
    ))
}

/// Who says what now: the answer, before the chart.
pub fn ledger_answer(ledger: &Ledger, figures: &[Figure]) -> AnyView {
    let lines = drawn(ledger, figures);
    let rows = lines
        .iter()
        .filter_map(|drawn| {
            let current = drawn.line.current.and_then(|at| figures.get(at))?;
            // What the source said before, where that was another number.
            let before = drawn.totals.iter().rev().skip(1).find(|one| one.point() != current.point());
            let outlets = match drawn.line.outlets {
                0 | 1 => current.outlet.clone().unwrap_or_else(|| "one article".to_owned()),
                n => format!("{n} outlets"),
            };
            let marks: Vec<AnyView> = ledger
                .marks
                .iter()
                .enumerate()
                .filter(|(_, mark)| mark.figures.iter().any(|at| figures.get(*at).is_some_and(|f| std::ptr::eq(f, current))))
                .map(|(nth, mark)| {
                    view! { <a class="note-tag" href=format!("#note-{}", nth + 1)>{mark.kind.label()}" "{nth + 1}</a> }.into_any()
                })
                .collect();
            let was = before.map(|before| {
                let falls = before.point() > current.point();
                view! { <span class=if falls { "small was falls" } else { "small was quiet" }>{if falls { "↓ was " } else { "↑ was " }}{before.words.clone()}</span> }
            });
            let side = drawn.line.side.clone().map(|side| view! { <span class="small quiet">{format!(" of {side}")}</span> });
            let party = drawn.line.party.clone().map(|party| view! { <span class="small quiet">{format!(" for {party}")}</span> });
            Some(view! {
                <li class=format!("s{}", drawn.nth)>
                    <svg class="key" viewBox="0 0 34 14" aria-hidden="true"><g class=format!("line s{}", drawn.nth)><path class="step" d="M0 7H34" />{point(current, 17.0, 7.0)}</g></svg>
                    <span class="who-says"><b class="letter-key" aria-hidden="true">{letter(drawn.nth).to_string()}</b> <b>{drawn.line.source.clone()}</b>{party}{side}</span>
                    <span class="says-now"><b class="num">{current.words.clone()}</b> {was}</span>
                    <span class="small quiet">{format!("{}, {}", current.at.format("%-d %b %H:%M"), outlets)}</span>
                    <span class="chips">{marks}</span>
                </li>
            })
        })
        .collect_view();
    let hidden = ledger.lines.len().saturating_sub(lines.len());
    let more = (hidden > 0).then(|| {
        let says = if hidden == 1 {
            "One more source stands in the table.".to_owned()
        } else {
            format!("{hidden} more sources stand in the table.")
        };
        view! { <p class="small quiet">{says}</p> }
    });
    view! { <ol class="ledger-answer">{rows}</ol> {more} }.into_any()
}

/// What does not fit, numbered as in the chart.
pub fn ledger_notes(ledger: &Ledger) -> AnyView {
    if ledger.marks.is_empty() {
        return ().into_any();
    }
    let notes = ledger
        .marks
        .iter()
        .enumerate()
        .map(|(nth, mark)| {
            view! { <li id=format!("note-{}", nth + 1)><b>{capital(mark.kind.label())}"."</b> " " {mark.why.clone()}</li> }
        })
        .collect_view();
    view! { <ol class="notes" aria-label="What does not fit">{notes}</ol> }.into_any()
}

/// What the shapes mean.
pub fn ledger_key() -> AnyView {
    let shape = |d: &'static str, class: &'static str, says: &'static str| {
        view! { <span class="shape"><svg viewBox="0 0 14 14" aria-hidden="true"><path class=class d=d /></svg>{says}</span> }
    };
    view! {
        <p class="small quiet shapes">
            {shape("M7 1.5a5.5 5.5 0 1 0 0 11a5.5 5.5 0 1 0 0 -11Z", "full", "official count")}
            {shape("M2 2H12V12H2Z", "full", "claimed")}
            {shape("M7 0L14 7L7 14L0 7Z", "full", "seen in pictures")}
            {shape("M7 2a5 5 0 1 0 0 10a5 5 0 1 0 0 -10Z", "empty", "not said")}
            {shape("M7 0V14", "bar", "range")}
            {shape("M0 3H14V11H0Z", "band", "what the desk holds")}
        </p>
    }
    .into_any()
}

/// Every figure on record, newest first.
pub fn ledger_table(ledger: &Ledger, figures: &[Figure]) -> AnyView {
    let mut rows: Vec<&Figure> = figures.iter().collect();
    rows.sort_by_key(|figure| (std::cmp::Reverse(figure.at), figure.claim, figure.position));
    let noted = |figure: &Figure| -> Vec<usize> {
        let about = |place: &usize| figures.get(*place).is_some_and(|one| std::ptr::eq(one, figure));
        ledger
            .marks
            .iter()
            .enumerate()
            .filter(|(_, m)| m.figures.iter().any(about))
            .map(|(nth, _)| nth + 1)
            .collect()
    };
    let rows = rows
        .into_iter()
        .map(|figure| {
            let how: Vec<&str> = [
                figure.is_part.then_some("a part of a total"),
                figure.denied.then_some("denied"),
                (figure.reading == domain::measure::Reading::Incremental).then_some("new ones only"),
                match figure.confirmation {
                    Confirmation::Official => Some("official"),
                    Confirmation::Claimed => Some("claimed"),
                    Confirmation::Visual => Some("seen in pictures"),
                    Confirmation::Unknown => None,
                },
            ]
            .into_iter()
            .flatten()
            .collect();
            let notes = noted(figure)
                .into_iter()
                .map(|n| view! { <a href=format!("#note-{n}")>{n}</a> " " })
                .collect_view();
            let counts = [figure.counts.clone(), figure.side.clone().map(|side| format!("of {side}"))]
                .into_iter()
                .flatten()
                .collect::<Vec<_>>()
                .join(" ");
            let by = if figure.relays.is_empty() {
                String::new()
            } else {
                format!("through {}", figure.relays.join(", "))
            };
            view! {
                <tr>
                    <td class="nowrap">{moment(figure.at)}</td>
                    <td class="num"><a href=paths::claim_in_text(figure.claim)>{figure.words.clone()}</a></td>
                    <td>{counts} <span class="small quiet block">{how.join(", ")}</span></td>
                    <th scope="row">{figure.source.clone()} <span class="small quiet block">{by}</span></th>
                    <td>{figure.outlet.clone()}</td>
                    <td>{figure.verdict.map(verdict_mark)}</td>
                    <td>{notes}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <div class="scroll"><table class="figures">
            <thead><tr><th scope="col">"Published"</th><th scope="col" class="num">"Figure"</th><th scope="col">"Of what"</th>
                <th scope="col">"Original source"</th><th scope="col">"Outlet"</th><th scope="col">"Verdict"</th><th scope="col">"Note"</th></tr></thead>
            <tbody>{rows}</tbody>
        </table></div>
    }
    .into_any()
}

fn verdict_mark(tone: Tone) -> AnyView {
    let class = super::tone(Some(tone));
    view! { <span class=format!("st {class}")>{icon(class)} " " {tone.word()}</span> }.into_any()
}
