//! Whether a verdict may rest on the evidence there is: the scale's preconditions, and the figure
//! that a rating asserts.

use crate::Desk;
use crate::claims::{EvidenceView, evidence_of, measures};
use crate::error::{Doing, Result};
use crate::figure::{Number, read_number};
use crate::tx::Tx;
use domain::claim::Stance;
use domain::figure::{Finding, Found, look_for};
use domain::grounds::{Grounds, GroundsPolicy, Origin, Piece, own_figure};
use domain::history::Event;
use domain::id::ClaimId;
use domain::measure::Measure;
use domain::policy::Actor;
use domain::scale::{DEFAULT, Rating, Scale};
use domain::words::{Invalid, Reason};
use phrase::phrase;
use std::sync::Arc;

/// The rating that a verdict gives, and what it lacked.
#[derive(Clone, Debug)]
pub(crate) struct Judgement {
    pub scale: Arc<Scale>,
    pub rating: Arc<Rating>,
    /// What the rating asked for and the evidence does not have, where it was given all the same.
    pub unmet: Vec<String>,
    pub override_reason: Option<String>,
}

impl Judgement {
    /// The rating's name, with its scale's where that is not the one that desks start with.
    pub fn named(&self) -> String {
        let rating = &self.rating.name;
        if self.scale.key == DEFAULT {
            rating.clone()
        } else {
            format!("{rating} (scale “{}”)", self.scale.name)
        }
    }

    /// What history keeps of giving it although something was missing.
    pub fn overrode(&self) -> Option<Event> {
        let reason = self.override_reason.clone()?;
        Some(Event::Overrode { unmet: self.unmet.clone(), reason })
    }
}

impl Desk {
    /// The rating that is meant by its key and its scale's; without a scale, the desk's own.
    ///
    /// # Errors
    /// `Invalid` where there is no such scale or rating.
    pub(crate) async fn judgement(&self, scale: Option<&str>, rating: &str) -> Result<Judgement> {
        let wanted = scale.map(str::trim).filter(|key| !key.is_empty()).unwrap_or(DEFAULT);
        let mut scales = self.scales().await?;
        if scales.find(wanted).is_none() {
            // Another server may have made it just now.
            scales = self.read_scales().await?;
        }
        let scale = scales.find(wanted).ok_or_else(|| {
            let keys: Vec<&str> = scales.current().map(|scale| scale.key.as_str()).collect();
            Invalid::new("scale", phrase!("Choose one of {}.", keys.join(", ")))
        })?;
        let rating = scale
            .rating(rating)
            .ok_or_else(|| Invalid::new("rating", phrase!("Choose one of {}.", scale.keys())))?;
        Ok(Judgement {
            scale: Arc::clone(scale),
            rating: Arc::clone(rating),
            unmet: Vec::new(),
            override_reason: None,
        })
    }

    /// Holds a judgement against the evidence as it is in this transaction, and against the version
    /// of the scale that is in force.
    ///
    /// # Errors
    /// `Invalid` with what is missing, where nothing overrides it.
    pub(crate) async fn hold(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        claim: ClaimId,
        mut judgement: Judgement,
        figure: Option<&Number>,
        reason: Option<&Reason>,
    ) -> Result<Judgement> {
        let row = sqlx::query!(
            r#"select (select max(version) from scale_version where scale = $2) as "version!",
                      (select jsonb_agg(body order by position) from measure where claim_id = $1) as measures"#,
            claim.0,
            judgement.scale.key,
        )
        .fetch_one(tx.db())
        .await
        .doing("read what a verdict is about")?;
        if row.version != judgement.scale.version {
            self.forget_scales();
            let (scale, rating) = (judgement.scale.key.clone(), judgement.rating.key.clone());
            judgement = self.judgement(Some(&scale), &rating).await?;
        }
        if judgement.rating.needs.is_empty() && !judgement.rating.asserts_figure {
            return Ok(judgement);
        }
        let claimed = measures(row.measures)?;
        let evidence = evidence_of(tx.db(), claim, &claimed).await?;
        let grounds = grounds(&evidence, &claimed, figure);
        let missing = grounds.missing_for(&judgement.rating);
        if missing.is_empty() {
            return Ok(judgement);
        }
        // As it is now: nobody overrides by what the policy was a moment ago.
        let policy = crate::desk_policy::read(tx.db()).await?.body.grounds;
        let reason = policy.override_with(actor.role, &missing, reason.map(Reason::as_str))?;
        Ok(Judgement {
            unmet: missing.sentences().iter().map(ToString::to_string).collect(),
            override_reason: Some(reason),
            ..judgement
        })
    }

    /// What the desk allows where the grounds of a verdict fall short.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn grounds_policy(&self) -> Result<GroundsPolicy> {
        Ok(self.policy().await?.body.grounds)
    }
}

/// What becomes, in the excerpt of a piece of evidence, of the figure that a reviewer says it supports
/// instead of each of the claim's.
fn finds(piece: &EvidenceView, claimed: &[Measure], figure: &Number) -> impl Iterator<Item = Finding> {
    claimed.iter().map(|like| {
        let own = own_figure(like, figure.low, figure.best, figure.high, figure.bound);
        look_for(&own, &piece.reading)
    })
}

/// Who is known to give, in the evidence, the figure that a verdict has: exactly that one.
pub(crate) fn who_gives<'a>(
    figure: &str,
    evidence: &'a [EvidenceView],
    claimed: &[Measure],
) -> Option<&'a str> {
    let figure = read_number(figure).ok()?;
    let gives = |piece: &EvidenceView| finds(piece, claimed, &figure).any(|found| found.found == Found::Same);
    let in_use = evidence.iter().filter(|piece| piece.withdrawn.is_none());
    in_use.filter(|piece| gives(piece)).find_map(|piece| piece.source.as_ref()).map(|one| one.name.as_str())
}

/// What a verdict on a claim rests on; `figure` is what the reviewer says the evidence supports.
pub(crate) fn grounds(evidence: &[EvidenceView], claimed: &[Measure], figure: Option<&Number>) -> Grounds {
    let in_use: Vec<&EvidenceView> = evidence.iter().filter(|piece| piece.withdrawn.is_none()).collect();
    let own_figure_shown = figure.is_some_and(|figure| {
        let supports = in_use.iter().filter(|piece| piece.stance == Stance::Supports);
        supports.into_iter().any(|piece| finds(piece, claimed, figure).any(|found| found.shows()))
    });
    let pieces = in_use
        .into_iter()
        .map(|piece| Piece {
            stance: piece.stance,
            origin: piece.source.as_ref().map(|source| Origin {
                name: source.name.clone(),
                kind: source.kind,
                organisation: source.organisation.clone(),
                reliability: source.reliability,
            }),
            visual: piece.visual,
            admission: piece.admission,
            findings: piece.findings.clone(),
        })
        .collect();
    Grounds { pieces, figures: claimed.to_vec(), own_figure_shown }
}
