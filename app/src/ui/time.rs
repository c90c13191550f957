//! Times as people read them; always UTC, formatted on the server.

use crate::language;
use chrono::{DateTime, TimeDelta, Utc};
use leptos::prelude::*;
use phrase::{t, tn, view};

/// "20 March 2024, 14:10 UTC".
pub fn moment(at: DateTime<Utc>) -> AnyView {
    view! { <time datetime=at.to_rfc3339()>{language::moment(at)}</time> }.into_any()
}

/// "20 March 2024".
pub fn day(at: DateTime<Utc>) -> AnyView {
    view! { <time datetime=at.to_rfc3339()>{language::day(at.date_naive())}</time> }.into_any()
}

/// "14:10 UTC".
pub fn time_of_day(at: DateTime<Utc>) -> AnyView {
    view! { <time datetime=at.to_rfc3339()>{at.format("%H:%M UTC").to_string()}</time> }.into_any()
}

/// "2 h 10", "3 days": how long it has been.
pub fn age(since: DateTime<Utc>, now: DateTime<Utc>) -> String {
    if now - since < TimeDelta::minutes(1) { t!("just now").to_owned() } else { lasting(now - since) }
}

/// "2 h 10", "3 days": how long something takes.
pub fn lasting(time: TimeDelta) -> String {
    let minutes = time.num_minutes().max(0);
    match minutes {
        0 => t!("under 1 min").to_owned(),
        1..60 => t!("{minutes} min"),
        60..2880 => t!("{hours} h {minutes:02}", hours = minutes / 60, minutes = minutes % 60),
        _ => tn!(minutes / 1440, "{n} day", "{n} days"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_get_coarser_as_they_grow() {
        let now = DateTime::UNIX_EPOCH + TimeDelta::days(100);
        assert_eq!(age(now, now), "just now");
        assert_eq!(age(now - TimeDelta::minutes(130), now), "2 h 10");
        assert_eq!(age(now - TimeDelta::days(3), now), "3 days");
        assert_eq!(lasting(TimeDelta::seconds(40)), "under 1 min");
    }
}
