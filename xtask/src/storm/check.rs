//! What must be true once the storm has passed, asked of the database itself.

use std::time::Duration;

use anyhow::{Result, bail};

use super::client::{Believed, Storm};
use super::number;
use crate::application::Application;
use crate::postgres::Server;

/// Everything that takes a claim out of its holder's hands.
const ENDS: &str = "'released', 'expired', 'verdict_given', 'first_verdict_given', 'second_verdict_given', \
                    'adjudicated', 'verdict_undone', 'dismissed', 'reopened', 'published', 'withdrawn', 'claim_split', \
                    'claim_merged'";
/// What only a claim's holder does with it, and taking it, which nobody else may then.
const HOLDERS: &str = "'taken', 'verdict_given', 'first_verdict_given', 'second_verdict_given'";

/// Counters that differ from what they count.
const COUNTERS: [(&str, &str); 5] = [
    (
        "claims by stage and rating",
        "select count(*) from (select stage, rating, sum(n) as n from desk_tally group by 1, 2 having sum(n) <> 0) kept
           full join (select stage, coalesce(rating, '') as rating, count(*) as n from claim group by 1, 2) counted
          using (stage, rating) where kept.n is distinct from counted.n",
    ),
    (
        "claims of each article",
        "select count(*) from (select article_id, stage, rating, n, let_go from article_tally where n <> 0 or let_go <> 0) kept
           full join (select article_id, stage, coalesce(rating, '') as rating, count(*) as n,
                             count(mark.claim_id) filter (where runs_unchecked(stage, rating, first_reviewer)) as let_go
                        from claim left join claim_let_go mark on mark.claim_id = claim.id and mark.until is null
                       where in_latest
                       group by 1, 2, 3) counted
          using (article_id, stage, rating) where (kept.n, kept.let_go) is distinct from (counted.n, counted.let_go)",
    ),
    (
        "claims in a stage since an hour",
        "select count(*) from (select stage, entered, sum(n) as n from stage_now group by 1, 2 having sum(n) <> 0) kept
           full join (select stage, date_trunc('hour', stage_since, 'UTC') as entered, count(*) as n
                        from claim where stage not in ('published', 'dismissed') group by 1, 2) counted
          using (stage, entered) where kept.n is distinct from counted.n",
    ),
    (
        "stays in a stage, by how long",
        "select count(*) from (select day, stage, bucket, sum(n) as n from stage_stay group by 1, 2, 3 having sum(n) <> 0) kept
           full join (select (since at time zone 'UTC')::date as day, was_stage as stage,
                             stay_bucket(extract(epoch from since - was_since)::double precision) as bucket, count(*) as n
                        from event
                       where moved and was_stage <> stage and was_stage not in ('published', 'dismissed') group by 1, 2, 3) counted
          using (day, stage, bucket) where kept.n is distinct from counted.n",
    ),
    (
        "verdicts of each reviewer and day",
        "select count(*) from (select reviewer_id, day, sum(n) as n from reviewer_tally group by 1, 2 having sum(n) <> 0) kept
           full join (select reviewer_id, (given_at at time zone 'UTC')::date as day, count(*) as n
                        from verdict where {counts} group by 1, 2) counted
          using (reviewer_id, day) where kept.n is distinct from counted.n",
    ),
];

/// Prints the figures and fails where one of them is a breach.
pub fn all(
    database: &Server,
    application: &Application,
    storm: &Storm,
    believed: &[Believed],
    lasted: Duration,
) -> Result<()> {
    let mut report = Report::default();
    let sum = |of: fn(&Believed) -> u64| believed.iter().map(of).sum::<u64>();

    let verdicts: Vec<&(String, String)> = believed.iter().flat_map(|client| &client.verdicts).collect();
    let mut latencies: Vec<Duration> =
        believed.iter().flat_map(|client| client.latencies.iter().copied()).collect();
    latencies.sort();
    report.figure("claims", storm.claims() as u64);
    report.figure("requests", sum(|client| client.requests));
    report.figure("of them without an answer, and sent again", sum(|client| client.lost));
    report.figure("verdicts acknowledged", verdicts.len() as u64);
    report.figure("pieces of evidence acknowledged", sum(|client| client.evidence.len() as u64));
    report.figure("published", sum(|client| client.published));
    report.figure("reopened", sum(|client| client.reopened));
    report.figure("disagreements decided", sum(|client| client.decided));
    report.say("verdicts a second", format!("{:.1}", verdicts.len() as f64 / lasted.as_secs_f64()));
    report.say("a verdict takes, median", milliseconds(&latencies, 0.5));
    report.say("a verdict takes, 99 of 100", milliseconds(&latencies, 0.99));

    // Where nothing was done, nothing was tested.
    if verdicts.is_empty() {
        report.breach("no verdict was acknowledged".to_owned());
    }
    for (client, words) in believed.iter().flat_map(|client| &client.unexpected).enumerate().take(10) {
        report.breach(format!("an answer that no client may get ({}): {words}", client + 1));
    }
    report.must_be_none("requests without an answer long after the storm", sum(|client| client.given_up));
    report.must_be_none("claims that two clients were told to hold", storm.held_twice().len() as u64);
    report.must_be_none(
        "claims held by two, by the history",
        number(
            database,
            &format!(
                "select count(*) from (
                     select kind, actor_id, lag(kind) over told as before, lag(actor_id) over told as holder
                       from event where claim_id is not null and kind in ('taken', 'taken_over', {ENDS})
                     window told as (partition by claim_id order by id)
                 ) told
                 where before in ('taken', 'taken_over') and kind in ({HOLDERS}) and actor_id is distinct from holder"
            ),
        )?,
    );
    let taken = number(database, "select count(*) from event where kind = 'taken'")?;
    report.figure("leases given", taken);
    report.must_be_some("leases given", taken);

    if takes_two(database)? {
        let seconds = number(database, "select count(*) from verdict where part = 'second'")?;
        report.figure("second verdicts", seconds);
        report.must_be_some("second verdicts", seconds);
        report.must_be_none(
            "second reviews by the author of the first",
            number(
                database,
                "select count(*) from (select from verdict group by claim_id, round
                                       having count(*) <> count(distinct reviewer_id)) same",
            )?,
        );
    }

    let ids: Vec<String> = verdicts.iter().map(|(_, id)| format!("'{id}'")).collect();
    let keys: Vec<String> = verdicts.iter().map(|(key, _)| format!("'Storm {key}'")).collect();
    let distinct: std::collections::HashSet<&String> = verdicts.iter().map(|(_, id)| id).collect();
    report.must_be_none("verdicts acknowledged under two keys", (verdicts.len() - distinct.len()) as u64);
    let there = number(
        database,
        &format!("select count(*) from verdict where id = any(array[{}]::uuid[])", ids.join(",")),
    )?;
    report.must_be_none(
        "acknowledged verdicts that are lost",
        distinct.len() as u64 - there.min(distinct.len() as u64),
    );
    let once = number(
        database,
        &format!(
            "select count(*) from (select rationale from verdict where rationale = any(array[{}]::text[])
                                   group by rationale having count(*) = 1) once",
            keys.join(",")
        ),
    )?;
    report.must_be_none(
        "acknowledged verdicts that are not there exactly once",
        keys.len() as u64 - once.min(keys.len() as u64),
    );
    report.must_be_none(
        "verdicts there twice",
        number(
            database,
            "select count(*) from (select from verdict where rationale like 'Storm %' group by rationale having count(*) > 1) twice",
        )?,
    );
    let evidence: Vec<String> =
        believed.iter().flat_map(|client| &client.evidence).map(|id| format!("'{id}'")).collect();
    let there = number(
        database,
        &format!("select count(*) from evidence where id = any(array[{}]::uuid[])", evidence.join(",")),
    )?;
    report.must_be_none(
        "acknowledged evidence that is lost",
        evidence.len() as u64 - there.min(evidence.len() as u64),
    );

    let counts = if has(database, "verdict_undone", "verdict_id")? {
        "not exists (select from verdict_undone undone where undone.verdict_id = verdict.id)"
    } else {
        "true"
    };
    for (counter, sql) in COUNTERS {
        let differ = number(database, &sql.replace("{counts}", counts))?;
        report.must_be_none(&format!("counters that differ from a recount: {counter}"), differ);
    }
    match application.run(&["history", "verify"], &[]) {
        Ok(words) => report.say("the history verifies", words.lines().last().unwrap_or("yes").to_owned()),
        Err(error) => report.breach(format!("the history does not verify: {error:#}")),
    }
    report.finish()
}

/// Whether the desk knows of claims that take two people.
pub fn takes_two(database: &Server) -> Result<bool> {
    has(database, "verdict", "round")
}

fn has(database: &Server, table: &str, column: &str) -> Result<bool> {
    let sql = format!(
        "select count(*) from information_schema.columns where table_name = '{table}' and column_name = '{column}'"
    );
    Ok(number(database, &sql)? > 0)
}

fn milliseconds(sorted: &[Duration], share: f64) -> String {
    let at = ((sorted.len() as f64 * share) as usize).min(sorted.len().saturating_sub(1));
    sorted.get(at).map_or_else(|| "–".to_owned(), |took| format!("{:.1} ms", took.as_secs_f64() * 1000.0))
}

/// The figures as they are printed, and what is wrong with them.
#[derive(Debug, Default)]
struct Report {
    lines: Vec<(String, String)>,
    breaches: Vec<String>,
}

impl Report {
    fn say(&mut self, what: &str, value: String) {
        self.lines.push((what.to_owned(), value));
    }

    fn figure(&mut self, what: &str, value: u64) {
        self.say(what, value.to_string());
    }

    fn breach(&mut self, words: String) {
        self.breaches.push(words);
    }

    fn must_be_none(&mut self, what: &str, found: u64) {
        self.figure(what, found);
        if found > 0 {
            self.breach(format!("{what}: {found}"));
        }
    }

    fn must_be_some(&mut self, what: &str, found: u64) {
        if found == 0 {
            self.breach(format!("{what}: none, so nothing was tested"));
        }
    }

    fn finish(self) -> Result<()> {
        let width = self.lines.iter().map(|(what, _)| what.chars().count()).max().unwrap_or_default();
        for (what, value) in &self.lines {
            println!("  {what:width$}  {value}");
        }
        if self.breaches.is_empty() {
            println!("Nothing was lost, doubled or held by two.");
            return Ok(());
        }
        bail!("the storm has broken something:\n    {}", self.breaches.join("\n    "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_breach_fails_the_storm_and_names_itself() {
        let mut report = Report::default();
        report.must_be_none("claims held by two", 0);
        report.must_be_some("leases given", 3);
        report.must_be_none("verdicts there twice", 2);
        let words = report.finish().expect_err("a breach").to_string();
        assert!(words.contains("verdicts there twice: 2") && !words.contains("held by two"), "{words}");
    }

    #[test]
    fn a_share_of_the_latencies_is_one_of_them() {
        let sorted: Vec<Duration> = (1..=100).map(Duration::from_millis).collect();
        assert_eq!(milliseconds(&sorted, 0.5), "51.0 ms");
        assert_eq!(milliseconds(&sorted, 0.99), "100.0 ms");
        assert_eq!(milliseconds(&[], 0.5), "–");
    }
}
