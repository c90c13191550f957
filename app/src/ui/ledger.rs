//! The figure ledger: who says what of one indicator, over time. A chart that is drawn on the server,
//! the answer above it, and the table behind it.

mod readers;
mod short;

pub use readers::{readers_brief, readers_table, readers_verdict};
pub use short::ledger_short;

use super::time::moment;
use super::{capital, icon};
use crate::language;
use crate::language::t;
use crate::paths;
use chrono::{DateTime, Datelike, TimeDelta, TimeZone, Timelike, Utc};
use domain::ledger::{Counted, Estimate, Figure, Ledger, LeftOut, Line, Mark, MarkKind, Range};
use domain::measure::{Bound, Confirmation, Past};
use domain::scale::Tone;
use leptos::prelude::*;
use phrase::{t, tn, view};
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// As many sources are drawn; whoever else counts stands in the table.
const DRAWN: usize = 7;
/// As many points of a source are drawn: more lie on each other.
const POINTS: usize = 80;
/// From here on, largest to smallest, small figures would lie on the ground: the scale is logarithmic.
const WIDE_SPREAD: f64 = 60.0;

/// How large a chart is drawn, in its own units. Letters are 14 of them high.
#[derive(Clone, Copy)]
struct Size {
    width: f64,
    height: f64,
    left: f64,
    right: f64,
    ticks: i64,
    /// Whether the names of sources stand at the ends of their lines.
    names: bool,
}

/// For screens as wide as a page, and for files.
const WIDE: Size = Size { width: 1000.0, height: 380.0, left: 56.0, right: 230.0, ticks: 6, names: true };
/// For telephones: the letters are as large as there, so that less fits beside each other.
const NARROW: Size = Size { width: 380.0, height: 320.0, left: 56.0, right: 48.0, ticks: 3, names: false };

const TOP: f64 = 24.0;
const BOTTOM: f64 = 36.0;
/// So far behind the end of a line its name begins.
const NAME_FROM: f64 = 16.0;
/// As much room a number takes at most, before the name of who says it.
const NUMBER: f64 = 150.0;
/// How high a line is above the drawing of a file.
const STRIP: f64 = 24.0;
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

/// A ledger as it is laid out: what does not fit and what is drawn is found out once for all its parts.
pub struct Sheet<'a> {
    ledger: &'a Ledger,
    figures: &'a [Figure],
    notes: Vec<Note>,
    lines: Vec<Drawn<'a>>,
}

impl<'a> Sheet<'a> {
    pub fn of(ledger: &'a Ledger, figures: &'a [Figure]) -> Self {
        Self { ledger, figures, notes: notes_of(ledger, figures), lines: drawn(ledger, figures) }
    }

    /// How many things do not fit.
    pub fn notes(&self) -> usize {
        self.notes.len()
    }

    /// Whether there is a chart as a file.
    pub fn has_file(&self) -> bool {
        !self.lines.is_empty()
    }
}

/// The lines that are drawn, as far as they count the same sort: those that most outlets carry first.
fn drawn<'a>(ledger: &'a Ledger, figures: &'a [Figure]) -> Vec<Drawn<'a>> {
    let nth = |line: &Line| ledger.lines.iter().position(|one| std::ptr::eq(one, line));
    let mut lines: Vec<(&Line, Vec<&Figure>)> = ledger
        .lines
        .iter()
        .filter(|line| line.is_drawn)
        .map(|line| {
            let totals = line.totals.iter().filter_map(|at| figures.get(*at));
            (line, thinned(totals.collect()))
        })
        .filter(|(_, totals)| !totals.is_empty())
        .collect();
    lines.sort_by_key(|(line, totals)| std::cmp::Reverse((line.outlets, totals.len())));
    lines.truncate(DRAWN);
    // Lettered as the answer lists them: those who say most first, and last who says no number now.
    lines.sort_by(|(a, of_a), (b, of_b)| {
        let now = |line: &Line, totals: &[&Figure]| {
            let last = totals.last().and_then(|figure| figure.point());
            line.current.and(last).unwrap_or(-1.0)
        };
        now(b, of_b).total_cmp(&now(a, of_a)).then_with(|| nth(a).cmp(&nth(b)))
    });
    lines.into_iter().enumerate().map(|(nth, (line, totals))| Drawn { line, totals, nth }).collect()
}

/// What is drawn where a source has said more than fits: where its number changed, and of these the
/// latest.
fn thinned(mut totals: Vec<&Figure>) -> Vec<&Figure> {
    if totals.len() > POINTS {
        totals.dedup_by(|later, earlier| later.words == earlier.words);
        totals.drain(..totals.len().saturating_sub(POINTS));
    }
    totals
}

/// `A`, `B`, …: what tells lines apart where colours do not.
fn letter(nth: usize) -> char {
    char::from(b'A' + u8::try_from(nth).unwrap_or(25).min(25))
}

/// From numbers and moments to places.
struct Axes {
    size: Size,
    /// Where the numbers of the axis end, whose widest decides it.
    left: f64,
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
        let mut axes = Self {
            size,
            left: size.left,
            from: first - spare / 3,
            until: latest + spare,
            latest,
            most: open * if is_log { 1.6 } else { 1.08 },
            least: if is_log { smallest / 2.0 } else { 0.0 },
            is_log,
        };
        // They are drawn a little smaller than names.
        let widest = axes.numbers().into_iter().map(|n| breadth(&language::number(n))).fold(0.0, f64::max);
        axes.left = axes.left.max(widest * 13.0 / 14.0 + 12.0);
        Some(axes)
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
        self.left + share * (self.right() - self.left)
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
        const YEAR: i64 = 365 * 24;
        let years = || longest.div_euclid(YEAR).saturating_add(1) * YEAR;
        let step = STEPS.into_iter().find(|step| *step >= longest).unwrap_or_else(years);
        let several_years = self.from.year() != self.until.year();
        let midnight = Utc
            .with_ymd_and_hms(self.from.year(), self.from.month(), self.from.day(), 0, 0, 0)
            .single()
            .unwrap_or(self.from);
        (0..200)
            .map(|n| midnight + TimeDelta::hours(n * step))
            .skip_while(|at| *at < self.from)
            .take_while(|at| *at <= self.until)
            .enumerate()
            .map(|(nth, at)| {
                let says = match (at.hour(), nth) {
                    (0, _) => language::short_day_of(at.date_naive(), several_years),
                    // An hour alone is of no day.
                    (_, 0) => language::short_moment(at, several_years),
                    _ => at.format("%H:%M").to_string(),
                };
                (at, says)
            })
            .collect()
    }
}

/// Whether figures were published in more than one year: then their dates say which.
fn several_years(figures: &[Figure]) -> bool {
    let mut years = figures.iter().map(|figure| figure.at.year());
    years.next().is_some_and(|first| years.any(|year| year != first))
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
    // What was taken back holds no longer.
    if drawn.line.current.is_some() {
        let _ = write!(d, "H{:.1}", axes.right());
    }
    view! { <g class=format!("line s{}", drawn.nth)><path class="step" d=d />{points}</g> }.into_any()
}

/// A figure as somebody would say it: "41 dead, the coast guard, 5 May 2024, 06:00 UTC".
fn said(figure: &Figure) -> String {
    let counts = figure.counts.as_deref().unwrap_or_default();
    format!("{} {counts}, {}, {}", language::say(&figure.said), figure.source, language::moment(figure.at))
}

/// A number as it is told at the end of a line: of vague words the range that they stand for.
fn briefly(figure: &Figure) -> String {
    let range = Range { low: figure.low, best: None, high: figure.high };
    if figure.bound == Bound::Vague { language::say(&range.phrase()) } else { language::say(&figure.said) }
}

/// About how wide a letter is in the bold system fonts of a chart, in its units: wide enough for the widest of
/// these fonts.
fn width(letter: char) -> f64 {
    match letter {
        'i' | 'j' | 'l' | 'I' | '.' | ',' | ':' | ';' | '\'' | '’' | '|' | '!' | ' ' => 5.4,
        'f' | 't' | 'r' | '-' | '(' | ')' | '[' | ']' | '/' => 6.9,
        'm' | 'w' | 'M' | 'W' | '@' | '%' | '…' | '—' => 14.6,
        'c' | 's' | 'z' => 8.4,
        'A'..='Z' => 11.0,
        '0'..='9' => 9.8,
        // Full-width scripts.
        '\u{1100}'..='\u{115f}' | '\u{2e80}'..='\u{ffdc}' => 14.5,
        'Ж' | 'М' | 'Ф' | 'Ш' | 'Щ' | 'Ы' | 'Ю' | 'ж' | 'м' | 'ф' | 'ш' | 'щ' | 'ы' | 'ю' => {
            12.4
        }
        _ => 9.8,
    }
}

/// About how wide a text is there.
fn breadth(text: &str) -> f64 {
    text.chars().map(width).sum()
}

/// As much of a text as fits into so many units, with an ellipsis where there is more.
fn cut(text: &str, most: f64) -> String {
    if breadth(text) <= most {
        return text.to_owned();
    }
    let mut left = most - width('…');
    let fits = |letter: &char| {
        left -= width(*letter);
        left >= 0.0
    };
    let kept: String = text.chars().take_while(fits).collect();
    format!("{}…", kept.trim_end())
}

/// A number with what it counts, where not all lines of a chart count the same: "9 children".
fn with_what(number: String, figure: &Figure, lines: &[Drawn<'_>]) -> String {
    let counted = figure.counted();
    let mut others = lines.iter().filter_map(|drawn| drawn.totals.last());
    if others.all(|other| other.counted() == counted) {
        return number;
    }
    if counted == Counted::default() { number } else { format!("{number} {}", of_which(&counted)) }
}

/// Names at the ends of lines, kept apart from each other.
fn names(lines: &[Drawn<'_>], axes: &Axes) -> AnyView {
    const APART: f64 = 19.0;
    let mut ends: Vec<(f64, f64, &Drawn<'_>, &Figure)> = lines
        .iter()
        .filter(|drawn| drawn.line.current.is_some())
        .filter_map(|drawn| {
            let last = drawn.totals.last()?;
            let y = axes.y(last.point()?);
            Some((y, y, drawn, *last))
        })
        .collect();
    ends.sort_by(|a, b| a.0.total_cmp(&b.0));
    // Those who say the same stand at the same place: one of them is named, the others counted.
    let mut together: Vec<(f64, f64, &Drawn<'_>, &Figure, usize)> = Vec::new();
    for (at, y, drawn, last) in ends {
        let says_same = |before: &Figure| before.words == last.words && before.counted() == last.counted();
        match together.last_mut().filter(|(.., before, _)| says_same(before)) {
            Some((.., n)) => *n += 1,
            None => together.push((at, y, drawn, last, 0)),
        }
    }
    let mut ends = together;
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
        .map(|(at, y, drawn, last, more)| {
            // The number goes before the end of a long name.
            let more = if more > 0 { format!(" +{more}") } else { String::new() };
            let words = if axes.size.names {
                let number = format!("{} ", cut(&with_what(briefly(last), last, lines), NUMBER));
                let left = axes.size.right - NAME_FROM - breadth(&number) - breadth(&more);
                format!("{number}{}{more}", cut(&drawn.line.source, left.max(width('…') * 3.0)))
            } else {
                format!("{}{more}", letter(drawn.nth))
            };
            let lead = axes.size.names.then(|| {
                view! { <path class="lead" d=format!("M{:.1} {at:.1}L{:.1} {y:.1}", right + 2.0, right + 12.0) /> }
            });
            let x = right + if axes.size.names { NAME_FROM } else { 6.0 };
            view! {
                <g class=format!("name s{}", drawn.nth)>{lead}
                    <text x=format!("{x:.1}") y=format!("{:.1}", y + 4.5)>{words}</text></g>
            }
        })
        .collect_view()
        .into_any()
}

/// Something that does not fit, as it is told: contradictions of several sources are one.
struct Note {
    kind: MarkKind,
    /// Places in the list of figures, the one that stands out first.
    figures: Vec<usize>,
    says: String,
}

impl Note {
    /// Whether what a source says now is what the note is about: as it was first said, or repeated since. A number
    /// that may be mixed up is about its own source, not about whom it was taken from.
    fn is_about_now(&self, line: &Line, current: &Figure, figures: &[Figure]) -> bool {
        self.is_about(current, figures) && self.kind != MarkKind::MixedUp
            || self.figures.first().is_some_and(|at| {
                let repeats = |one: &Figure| one.words == current.words && one.at <= current.at;
                line.figures.contains(at) && figures.get(*at).is_some_and(repeats)
            })
    }

    fn is_about(&self, figure: &Figure, figures: &[Figure]) -> bool {
        self.figures.iter().any(|at| figures.get(*at).is_some_and(|one| std::ptr::eq(one, figure)))
    }
}

/// What does not fit, in the order in which it is numbered.
fn notes_of(ledger: &Ledger, figures: &[Figure]) -> Vec<Note> {
    // More children than people in all: that is told by itself, as the two count different people.
    let is_between_equals = |mark: &Mark| {
        let mut counted = mark.figures.iter().filter_map(|at| figures.get(*at)).map(Figure::counted);
        let first = counted.next();
        mark.kind == MarkKind::Conflict && counted.all(|other| first.as_ref() == Some(&other))
    };
    let mut notes: Vec<Note> = ledger
        .marks
        .iter()
        .filter(|mark| !is_between_equals(mark))
        .map(|mark| Note { kind: mark.kind, figures: mark.figures.clone(), says: language::say(&mark.why) })
        .collect();
    // Figures that contradict each other, put together with those that contradict them in turn.
    let mut camps: Vec<BTreeSet<usize>> = Vec::new();
    for mark in ledger.marks.iter().filter(|mark| is_between_equals(mark)) {
        let mut camp: BTreeSet<usize> = mark.figures.iter().copied().collect();
        let (joined, apart): (Vec<_>, Vec<_>) =
            camps.into_iter().partition(|other| !other.is_disjoint(&camp));
        camps = apart;
        camp.extend(joined.into_iter().flatten());
        camps.push(camp);
    }
    for camp in camps {
        let mut said: Vec<(&Figure, f64, Vec<&str>)> = Vec::new();
        for figure in camp.iter().filter_map(|at| figures.get(*at)) {
            match said.iter_mut().find(|(told, ..)| told.words == figure.words) {
                Some((.., who)) => who.push(&figure.source),
                None => said.push((figure, figure.point().unwrap_or_default(), vec![&figure.source])),
            }
        }
        said.sort_by(|a, b| b.1.total_cmp(&a.1));
        let parties: BTreeSet<&str> =
            camp.iter().filter_map(|at| figures.get(*at)?.party.as_deref()).collect();
        let sides = if parties.len() > 1 { t!(" They speak for different sides.") } else { "" };
        let told = said
            .into_iter()
            .map(|(figure, _, who)| format!("{} ({})", language::say(&figure.said), who.join(", ")))
            .collect::<Vec<_>>()
            .join(" – ");
        let says = t!("{told}: not all of these can be right.{sides}");
        notes.push(Note { kind: MarkKind::Conflict, figures: camp.into_iter().collect(), says });
    }
    notes
}

/// Numbers of the notes below, at the points that they are about. A contradiction is between lines
/// and is seen without one.
fn notes(sheet: &Sheet<'_>, axes: &Axes) -> AnyView {
    let Sheet { figures, lines, .. } = sheet;
    let mut taken: Vec<(f64, f64)> = Vec::new();
    sheet
        .notes
        .iter()
        .enumerate()
        .filter(|(_, note)| note.kind != MarkKind::Conflict)
        .filter_map(|(nth, note)| {
            let figure = note.figures.first().and_then(|at| figures.get(*at))?;
            if !lines.iter().any(|line| line.totals.iter().any(|one| std::ptr::eq(*one, figure))) {
                return None;
            }
            let (mut x, y) = (axes.x(figure.at), axes.y(figure.point()?));
            let y = if y < TOP + 30.0 { y + 20.0 } else { y - 18.0 };
            while taken.iter().any(|(a, b)| (a - x).abs() < 20.0 && (b - y).abs() < 20.0) {
                x += 21.0;
            }
            taken.push((x, y));
            let before = note.figures.get(1).and_then(|at| figures.get(*at));
            let falls = matches!(note.kind, MarkKind::BackwardRevision | MarkKind::ImpossibleDrop)
                && before.is_some_and(|before| before.at <= figure.at);
            let words = (falls && axes.size.names).then(|| {
                view! { <text class="falls" x=format!("{:.1}", x - 13.0) y=format!("{:.1}", y + 5.0) text-anchor="end">{t!("↓ revised to {}", cut(&language::say(&figure.said), NUMBER))}</text> }
            });
            Some(view! {
                <g class="note"><circle cx=format!("{x:.1}") cy=format!("{y:.1}") r="9" />
                    <text x=format!("{x:.1}") y=format!("{:.1}", y + 4.5) text-anchor="middle">{nth + 1}</text>{words}
                    <title>{note.says.clone()}</title></g>
            })
        })
        .collect_view()
        .into_any()
}

/// What the chart shows, for those who do not see it.
fn in_words(ledger: &Ledger, lines: &[Drawn<'_>]) -> String {
    let mut words = t!("{} by source over time.", capital(t(ledger.indicator.label())));
    for drawn in lines.iter().filter(|drawn| drawn.line.current.is_some()) {
        if let Some(last) = drawn.totals.last() {
            let number = with_what(language::say(&last.said), last, lines);
            let _ = write!(words, " {}: {number}.", drawn.line.source);
        }
    }
    if let Some(estimate) = &ledger.estimate {
        words.push_str(&t!(" The desk holds {}.", in_full(estimate)));
    }
    words
}

/// The chart of a page, for wide screens and narrow ones. One figure alone is no course over time: it stands in
/// the answer already.
pub fn ledger_chart(sheet: &Sheet<'_>) -> Option<AnyView> {
    let points: usize = sheet.lines.iter().map(|line| line.totals.len()).sum();
    if points < 2 {
        return None;
    }
    let wide = drawing(sheet, WIDE, "wide")?;
    let narrow = drawing(sheet, NARROW, "narrow")?;
    Some(view! { {wide} {narrow} }.into_any())
}

/// The chart alone; `None` where no figure says how many there are in all.
fn drawing(sheet: &Sheet<'_>, size: Size, class: &'static str) -> Option<AnyView> {
    let Sheet { ledger, lines, .. } = sheet;
    let axes = Axes::of(size, lines, ledger)?;
    let right = axes.right();
    let numbers = axes
        .numbers()
        .into_iter()
        .map(|n| {
            let y = axes.y(n);
            view! {
                <path class="grid" d=format!("M{:.1} {y:.1}H{right:.1}", axes.left) />
                <text class="tick" x=format!("{:.1}", axes.left - 8.0) y=format!("{:.1}", y + 4.5) text-anchor="end">{language::number(n)}</text>
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
        let best = estimate.range.best;
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
        view! { <text class="tick" x=format!("{:.1}", axes.left) y="12">"each line ten times the one below"</text> }
    });
    Some(
        view! {
            <svg class=format!("ledger-chart {class}") xmlns="http://www.w3.org/2000/svg" viewBox=format!("0 0 {} {}", size.width, size.height) role="img" aria-label=in_words(ledger, lines)>
                {numbers} {moments} {log} {estimate}
                {lines.iter().map(|drawn| line(drawn, &axes)).collect_view()}
                {names(lines, &axes)}
                {notes(sheet, &axes)}
            </svg>
        }
        .into_any(),
    )
}

/// What stands above a chart that is a file of its own.
pub struct Heading<'a> {
    /// What the incident is called.
    pub title: &'a str,
    /// Where the figures stand, for readers.
    pub address: Option<&'a str>,
    /// What whoever sees the file alone has to know.
    pub note: Option<&'a str>,
}

/// The chart as a file of its own, with the colours of print.
pub fn ledger_file(ledger: &Ledger, figures: &[Figure], heading: &Heading<'_>) -> Option<String> {
    const STYLE: &str = include_str!("ledger-file.css");
    let drawing = drawing(&Sheet::of(ledger, figures), WIDE, "file")?.to_html();
    let (head, rest) = drawing.split_once('>')?;
    let title = format!("{}: {}", capital(t(ledger.indicator.label())), heading.title);
    let holds = ledger.estimate.as_ref().map(|estimate| t!("The desk holds {}.", in_full(estimate)));
    let lines: Vec<(&str, &str)> = [
        ("title", title.as_str()),
        ("second", holds.as_deref().unwrap_or_default()),
        ("second", heading.address.unwrap_or_default()),
        ("alert", heading.note.unwrap_or_default()),
    ]
    .into_iter()
    .filter(|(_, line)| !line.is_empty())
    .collect();
    let strip = STRIP * lines.len() as f64;
    let words = lines
        .iter()
        .enumerate()
        .map(|(nth, (class, line))| {
            let y = format!("{:.0}", STRIP * (nth + 1) as f64 - strip - 8.0);
            view! { <text class=*class x="4" y=y>{cut(line, WIDE.width - 8.0)}</text> }
        })
        .collect_view()
        .to_html();
    let seen = |top: f64, height: f64| format!("viewBox=\"0 {top} {} {height}\"", WIDE.width);
    let head = head.replacen(&seen(0.0, WIDE.height), &seen(-strip, WIDE.height + strip), 1);
    let file = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{head}><style>{STYLE}</style><rect y=\"-{strip}\" width=\"100%\" height=\"100%\" fill=\"#fff\"/>{words}{rest}\n"
    );
    // Marks for the browser's part of a page: a file has none, and XML does not allow them.
    Some(file.replace("<!>", ""))
}

/// Who says what now: the answer, before the chart. Whoever says the same stands together.
pub fn ledger_answer(sheet: &Sheet<'_>) -> AnyView {
    /// One number and those who say it now, each with the line that is drawn of them.
    struct Said<'a> {
        words: &'a str,
        said: String,
        of: String,
        point: f64,
        who: Vec<(&'a Line, &'a Figure)>,
    }
    let Sheet { ledger, figures, notes, lines } = sheet;
    let mut said: Vec<Said<'_>> = Vec::new();
    for line in &ledger.lines {
        let current = line.current.and_then(|at| figures.get(at));
        // A bare number of anything is an answer to nothing; the table has it, with its claim.
        let Some(current) = current.filter(|figure| figure.says_what()) else { continue };
        let (words, of) = (current.words.as_str(), of_which(&current.counted()));
        match said.iter_mut().find(|one| one.words == words && one.of == of) {
            Some(one) => one.who.push((line, current)),
            None => {
                let point = current.point().unwrap_or_default();
                said.push(Said {
                    words,
                    said: language::say(&current.said),
                    of,
                    point,
                    who: vec![(line, current)],
                });
            }
        }
    }
    said.sort_by(|a, b| b.point.total_cmp(&a.point));
    let said_any = !said.is_empty();
    let rows = said
        .into_iter()
        .map(|one| {
            let who = one
                .who
                .iter()
                .map(|(line, current)| who_says(line, current, lines, figures, notes))
                .collect_view();
            let tags = notes
                .iter()
                .enumerate()
                .filter(|(_, note)| one.who.iter().any(|(line, now)| note.is_about_now(line, now, figures)))
                .map(|(nth, note)| {
                    let class = if note.kind == MarkKind::Conflict { "note-tag quiet-tag" } else { "note-tag" };
                    view! { <a class=class href=format!("#{}", note_id(ledger, nth + 1))>{language::t(note.kind.short())} " · " {t!("note {}", nth + 1)}</a> }
                })
                .collect_view();
            let of = if one.of.is_empty() { whose(&one.who) } else { Some(one.of) };
            let side = of.map(|of| view! { <span class="small quiet block">{of}</span> });
            let out = is_left_out(ledger, &one.who);
            let class = out.then_some("left-out");
            let out = out.then(|| view! { <span class="note-tag quiet-tag">"left out"</span> });
            view! {
                <li class=class><span class="says-now"><b class="num">{one.said}</b> {side}</span>
                    <ul class="who-says">{who}</ul> <span class="chips">{out} {tags}</span></li>
            }
        })
        .collect_view();
    let silent = no_number(ledger, figures);
    if said_any || silent.is_some() {
        view! { <ol class="ledger-answer">{rows} {silent}</ol> }.into_any()
    } else {
        view! { <p class="quiet">"None of the figures on record says how many there are in all."</p> }
            .into_any()
    }
}

/// The noun of a number that is of all there are: "fighters".
fn whose(who: &[(&Line, &Figure)]) -> Option<String> {
    who.iter().find_map(|(_, figure)| figure.whom()).map(str::to_owned)
}

/// Whether a number, as all say it who say it now, does not decide what the desk holds.
fn is_left_out(ledger: &Ledger, who: &[(&Line, &Figure)]) -> bool {
    let Some(estimate) = &ledger.estimate else { return false };
    let is_out = |line: &Line| {
        let now = line.current;
        let mut out = estimate.left_out.iter().filter(|(_, why)| *why != LeftOut::Apart);
        out.any(|(place, _)| Some(*place) == now)
    };
    !who.is_empty() && who.iter().all(|(line, _)| is_out(line))
}

/// What a number counts, where it is not all people: "tanks", "children (the north) in Selm".
pub fn of_which(counted: &Counted) -> String {
    language::say(&counted.phrase())
}

/// What the desk holds, with what it counts: "12–14, best 12 houses".
pub fn in_full(estimate: &Estimate) -> String {
    language::say(&estimate.of.counting(estimate.range.phrase()))
}

/// What the desk holds, as it stands above a ledger.
pub fn held(estimate: &Estimate) -> AnyView {
    view! {
        <p class="holds">"The desk holds " <b class="num">{language::say(&estimate.range.phrase())}</b> " " {of_which(&estimate.of)}</p>
    }
    .into_any()
}

/// Sources on record that say no number now: they deny one, took it back, or are only quoted with an
/// earlier one.
fn no_number(ledger: &Ledger, figures: &[Figure]) -> Option<AnyView> {
    let told = |line: &Line| {
        let latest = line.figures.iter().rev().filter_map(|at| figures.get(*at));
        let mut of_now = latest.filter(|figure| figure.other.is_none() && !figure.is_part);
        of_now.find_map(|figure| {
            let number = language::say(&figure.said);
            match figure.past {
                // "Denied that anybody was killed", "no losses": there is no number to deny.
                _ if figure.denied && figure.point() == Some(0.0) => {
                    Some(t!("says that there are none").to_owned())
                }
                _ if figure.denied => Some(t!("denies {number}")),
                _ if figure.doubted => Some(t!("does not confirm {number}")),
                Some(Past::Withdrawn) => Some(t!("took back {number}")),
                Some(Past::Earlier) => Some(t!("earlier {number}")),
                None => None,
            }
        })
    };
    // Whoever says a number somewhere in the ledger is in the answer already.
    let speaks =
        |line: &Line| ledger.lines.iter().any(|one| one.origin == line.origin && one.current.is_some());
    let who = ledger
        .lines
        .iter()
        .filter(|line| !speaks(line))
        .filter_map(|line| Some((line, told(line)?)))
        .map(|(line, told)| {
            let party = line.party.clone().map(|party| t!(", for {party}"));
            view! { <li><b>{line.source.clone()}</b> {party} " " <span class="quiet">{told}</span></li> }
        })
        .collect::<Vec<_>>();
    (!who.is_empty()).then(|| {
        view! {
            <li><span class="says-now quiet">"no number now"</span> <ul class="who-says">{who}</ul> <span class="chips"></span></li>
        }
        .into_any()
    })
}

/// One source in the answer: its key in the chart, its name, for whom it speaks, what it said before.
fn who_says(
    line: &Line,
    current: &Figure,
    lines: &[Drawn<'_>],
    figures: &[Figure],
    notes: &[Note],
) -> AnyView {
    let key = lines.iter().find(|drawn| std::ptr::eq(drawn.line, line)).map(|drawn| {
        let letter = letter(drawn.nth).to_string();
        view! {
            <svg class="key" viewBox="0 0 34 14" aria-hidden="true"><g class=format!("line s{}", drawn.nth)><path class="step" d="M0 7H34" />{point(current, 17.0, 7.0)}</g></svg>
            " " <b class="letter-key" aria-hidden="true">{letter}</b> " "
        }
    });
    let totals = line.totals.iter().filter_map(|at| figures.get(*at));
    let before = totals.rev().find(|one| one.at < current.at && one.point() != current.point());
    // The missing are found: fewer of them are no revision.
    let is_revised = notes.iter().any(|note| {
        let falls = matches!(note.kind, MarkKind::BackwardRevision | MarkKind::ImpossibleDrop);
        let is_lower =
            note.figures.get(1).and_then(|at| figures.get(*at)).is_none_or(|was| was.words != current.words);
        falls && is_lower && note.is_about_now(line, current, figures)
    });
    let was = before.map(|before| {
        let (class, arrow) = match before.point() > current.point() {
            true if is_revised => ("falls", t!("↓ revised from ")),
            true => ("quiet", t!("↓ from ")),
            false => ("quiet", t!("↑ from ")),
        };
        view! { <span class=class>{arrow}{language::say(&before.said)}</span> }
    });
    let outlets = match line.outlets {
        0 | 1 => current.outlet.as_deref().map_or_else(|| t!("one article").to_owned(), language::apart),
        n => tn!(n, "one outlet", "{n} outlets"),
    };
    let party = line.party.clone().map(|party| t!(", for {party}"));
    let role = current.role.as_deref().map(|role| format!(", {role}"));
    let unnamed = current
        .unnamed
        .map(|why| view! { " " <span class="small quiet">{format!("({})", t(why.label()))}</span> });
    view! {
        <li>{key} <b>{line.source.clone()}</b> {role} {party} {unnamed} " " {was}
            <span class="small quiet">{format!(" {}, {outlets}", language::short_moment(current.at, several_years(figures)))}</span></li>
    }
    .into_any()
}

/// The id of a note on a page, which may show several ledgers.
fn note_id(ledger: &Ledger, n: usize) -> String {
    format!("{}-note-{n}", ledger.indicator.word())
}

/// What does not fit, numbered as in the chart.
pub fn ledger_notes(sheet: &Sheet<'_>) -> AnyView {
    let Sheet { ledger, notes, .. } = sheet;
    if notes.is_empty() {
        return ().into_any();
    }
    let notes = notes
        .iter()
        .enumerate()
        .map(|(nth, note)| {
            view! { <li id=note_id(ledger, nth + 1)><b>{capital(t(note.kind.label()))}"."</b> " " {note.says.clone()}</li> }
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
            {shape("M7 1.5a5.5 5.5 0 1 0 0 11a5.5 5.5 0 1 0 0 -11Z", "full", t!("official count"))}
            {shape("M2 2H12V12H2Z", "full", t!("claimed"))}
            {shape("M7 0L14 7L7 14L0 7Z", "full", t!("seen in pictures"))}
            {shape("M7 2a5 5 0 1 0 0 10a5 5 0 1 0 0 -10Z", "empty", t!("not said"))}
            {shape("M7 0V14", "reach-bar", t!("range"))}
            {shape("M0 3H14V11H0Z", "band", t!("what the desk holds"))}
            {shape("M0 7H14", "best", t!("its best figure"))}
        </p>
    }
    .into_any()
}

/// Every figure on record, newest first.
pub fn ledger_table(sheet: &Sheet<'_>) -> AnyView {
    let Sheet { ledger, figures, notes, .. } = sheet;
    let mut rows: Vec<&Figure> = figures.iter().collect();
    rows.sort_by_key(|figure| (std::cmp::Reverse(figure.at), figure.claim, figure.position));
    let noted = |figure: &Figure| -> Vec<usize> {
        notes
            .iter()
            .enumerate()
            .filter(|(_, note)| note.is_about(figure, figures))
            .map(|(nth, _)| nth + 1)
            .collect()
    };
    let rows = rows
        .into_iter()
        .map(|figure| {
            let notes = noted(figure)
                .into_iter()
                .map(|n| view! { <a href=format!("#{}", note_id(ledger, n))>{n}</a> " " })
                .collect_view();
            view! {
                <tr>
                    <td class="nowrap">{moment(figure.at)}</td>
                    <td class="num"><a href=paths::claim_in_text(figure.claim)>{language::say(&figure.said)}</a></td>
                    <td>{of_what(figure)} <span class="small quiet block">{how(figure)}</span></td>
                    <th scope="row">{figure.source.clone()} <span class="small quiet block">{through(figure)}</span></th>
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

/// What kind of number a figure is, in words.
fn how(figure: &Figure) -> String {
    let how = [
        figure.is_part.then_some(t!("a part of a total")),
        figure.denied.then_some(t!("denied")),
        figure.doubted.then_some(t!("not confirmed by it")),
        figure.past.map(|past| t(past.label())),
        figure.other.map(|other| t(other.label())),
        (figure.reading == domain::measure::Reading::Incremental).then_some(t!("new ones only")),
        match figure.confirmation {
            Confirmation::Official => Some(t!("official")),
            Confirmation::Claimed => Some(t!("claimed")),
            Confirmation::Visual => Some(t!("seen in pictures")),
            Confirmation::Unknown => None,
        },
    ];
    how.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// What a figure counts: "soldiers (the north)".
fn of_what(figure: &Figure) -> String {
    of_which(&Counted { counts: figure.counts.clone(), side: figure.side.clone(), place: None })
}

/// Who passed a figure on.
fn through(figure: &Figure) -> String {
    if figure.relays.is_empty() { String::new() } else { t!("through {}", figure.relays.join(", ")) }
}

fn verdict_mark(tone: Tone) -> AnyView {
    let class = super::tone(Some(tone));
    view! { <span class=format!("st {class}")>{icon(class)} " " {t(tone.word())}</span> }.into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_dates_of_an_axis_are_the_same_and_they_have_room() {
        let first = Utc.with_ymd_and_hms(2024, 5, 3, 6, 0, 0).single().expect("a moment");
        for days in [1, 5, 40, 300, 400, 800, 3_000, 9_000] {
            for size in [WIDE, NARROW] {
                let until = first + TimeDelta::days(days);
                let (left, most) = (size.left, 10.0);
                let axes =
                    Axes { size, left, from: first, until, latest: until, most, least: 0.0, is_log: false };
                let ticks = axes.moments();
                let mut says: Vec<&str> = ticks.iter().map(|(_, says)| says.as_str()).collect();
                assert!(says.len() <= usize::try_from(axes.size.ticks).expect("few") + 2, "{days}: {says:?}");
                if days >= 300 {
                    assert!(says.iter().all(|says| says.contains(" 20")), "{says:?}");
                }
                // Hours stand after the day that they are of.
                says.retain(|says| !says.contains(':'));
                let dates = says.len();
                says.sort_unstable();
                says.dedup();
                assert_eq!(says.len(), dates, "{days}");
            }
        }
    }
}
