//! What the role that the application works as may do in the database. It owns nothing: it cannot
//! alter a table, switch off a guard, or write what the database records and counts by itself.

use crate::Desk;
use crate::error::{Doing, Result};
use domain::words::Invalid;

/// Each table, and what the use cases do with it.
pub const RIGHTS: &[(&str, &str)] = &[
    ("_sqlx_migrations", "select"),
    ("account", "select, insert, update"),
    ("agreement_tally", "select"),
    ("article", "select, insert, update (deadline, deadline_by, deadline_set_at, deadline_phase)"),
    ("article_snapshot", "select, insert"),
    ("article_tally", "select"),
    ("assignee_tally", "select"),
    ("attribution", "select, insert, delete"),
    ("checkpoint", "select, insert"),
    ("claim", "select, insert, update"),
    ("claim_facts", "select, insert, update, delete"),
    ("claim_let_go", "select, insert, update (until)"),
    ("claim_link", "select, insert"),
    ("claim_link_end", "select, insert"),
    ("comment", "select, insert, update"),
    ("comment_mention", "select, insert"),
    ("comment_resolution", "select, insert"),
    ("comment_version", "select, insert"),
    ("copy", "select, insert"),
    ("copy_check", "select, insert"),
    ("copy_file", "select, insert, update"),
    ("copy_run", "select, insert, update"),
    ("copy_tally", "select"),
    ("correction", "select, insert, update"),
    ("deadline_watch", "select, update (escalated)"),
    ("delivery", "select, insert, update"),
    ("delivery_attempt", "select, insert"),
    ("desk_flow", "select"),
    ("desk_policy", "select, insert"),
    ("desk_tally", "select"),
    ("draft", "select, insert, update, delete"),
    ("event", "select, insert"),
    ("evidence", "select, insert, update"),
    ("fetched", "select, insert"),
    ("gathering", "select, insert, update, delete"),
    ("handout", "select, insert, update"),
    ("handout_claim", "select, insert"),
    ("happening", "select"),
    ("idempotency_key", "select, insert, update, delete"),
    ("identity", "select, insert, delete"),
    ("incident", "select, insert, update"),
    ("incident_change", "select, insert, update"),
    ("incident_claim", "select, insert, update, delete"),
    ("incident_estimate", "select, insert"),
    ("incident_facts", "select, insert, update, delete"),
    ("incident_key", "select, insert, update, delete"),
    ("incident_place", "select, insert"),
    ("incident_publication", "select, insert"),
    ("incident_tally", "select, insert, update"),
    ("known_since", "select"),
    ("ledger_look", "select, insert, delete"),
    ("mail", "select, insert, update, delete"),
    ("mail_key", "select, insert"),
    ("measure", "select, insert, delete"),
    ("media_assessment", "select, insert"),
    ("notification", "select, insert, update, delete"),
    ("notification_choice", "select, insert, update"),
    ("notification_hour", "select, insert, update"),
    ("notification_part", "select, insert, update"),
    ("outlet", "select, insert"),
    ("publication", "select, insert"),
    ("rating", "select, insert"),
    ("receiver", "select, insert, update"),
    ("recovery_code", "select, insert, update, delete"),
    ("reviewer_tally", "select"),
    ("saved_view", "select, insert, update, delete"),
    ("scale", "select, insert"),
    ("scale_version", "select, insert"),
    ("second_factor", "select, insert, update, delete"),
    ("session", "select, insert, update, delete"),
    ("sign_in_failure", "select, insert, delete"),
    ("snapshot", "select, insert"),
    ("source", "select, insert, update (same_as)"),
    ("source_apart", "select, insert, delete"),
    ("source_grade", "select, insert"),
    ("source_settled", "select"),
    ("source_tally", "select"),
    ("stage_now", "select"),
    ("stage_stay", "select"),
    ("succession", "select, insert, update"),
    ("token", "select, insert, update"),
    ("verdict", "select, insert"),
    ("verdict_undone", "select, insert"),
    ("version", "select"),
    ("watch", "select, insert, update"),
];

impl Desk {
    /// Gives a role of the database what the application needs, and takes away whatever else it had
    /// there. To be called by the owner of the tables, after each migration.
    ///
    /// # Errors
    /// `Invalid` where there is no such role, or it may do everything already; or where whoever calls
    /// this does not own the tables.
    pub async fn grant_to(&self, role: &str) -> Result<()> {
        let known = sqlx::query!(
            r#"select rolsuper or pg_has_role(rolname, (select relowner from pg_class where oid = 'event'::regclass), 'member')
                      as "is_mighty!"
                 from pg_roles where rolname = $1"#,
            role,
        )
        .fetch_optional(&self.pool)
        .await
        .doing("look for a role")?;
        match known {
            None => {
                let fix = format!("There is no role “{role}”. Make it first: create role {role} login;");
                return Err(Invalid::new("grant-to", fix).into());
            }
            Some(known) if known.is_mighty => {
                let fix = format!(
                    "“{role}” owns the tables or is a superuser: it may do everything, whatever it is given. Choose a role of the application’s own."
                );
                return Err(Invalid::new("grant-to", fix).into());
            }
            Some(_) => {}
        }
        let (tables, rights): (Vec<String>, Vec<String>) =
            RIGHTS.iter().map(|(table, may)| ((*table).to_owned(), (*may).to_owned())).unzip();
        sqlx::query!("select grant_rights($1::text::name, $2, $3)", role, &tables, &rights)
            .execute(&self.pool)
            .await
            .doing("give a role what the application needs")?;
        Ok(())
    }
}
