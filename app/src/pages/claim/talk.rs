//! What people say to each other about a claim.

use super::{differences, refusal};
use crate::actions::{change_form, comment_form, reply_form};
use crate::islands::Selection;
use crate::ui::{Draft, Mark, icon, moment, text_area};
use desk::{ClaimView, CommentView, Followers, Thread};
use domain::id::{ClaimId, CommentId};
use domain::notification::Level;
use domain::policy::{Actor, Role};
use domain::talk::{Piece, pieces};
use leptos::prelude::*;
use phrase::{msg, t, tn, view};
use std::collections::HashMap;

/// What was typed into these forms before, by form.
pub(super) type Drafts = HashMap<String, Draft>;

/// The names of the forms under a claim's comments.
pub(super) fn forms(threads: &[Thread], actor: &Actor) -> Vec<String> {
    let answers = threads.iter().map(|thread| reply_form(thread.first.id));
    let all = threads.iter().flat_map(|thread| std::iter::once(&thread.first).chain(&thread.replies));
    let own = all.filter(|comment| comment.author_id == actor.id).map(|comment| change_form(comment.id));
    answers.chain(own).collect()
}

/// The words that comments are about, marked in the text.
pub(super) fn marks(view: &ClaimView, threads: &[Thread]) -> Vec<Mark> {
    let open = threads.iter().filter(|thread| thread.first.resolved.is_none());
    open.filter_map(|thread| {
        let first = &thread.first;
        let quote = first.quote.as_ref().filter(|quote| quote.in_text && first.withdrawn.is_none())?;
        let inside = if view.span.contains(quote.span) { " inside" } else { "" };
        Some(Mark {
            span: quote.span,
            class: format!("talked{inside}"),
            href: Some(format!("#{}", anchor(first.id))),
            says: t!("{} commented on this", first.author),
            id: Some(format!("on-{}", first.id)),
        })
    })
    .collect()
}

fn anchor(comment: CommentId) -> String {
    format!("comment-{comment}")
}

/// The whole part of the page.
pub(super) fn talk(
    view: &ClaimView,
    threads: &[Thread],
    followers: &Followers,
    actor: &Actor,
    draft: &Draft,
    drafts: &Drafts,
) -> AnyView {
    let claim = view.claim.id;
    let writes = actor.role >= Role::Reviewer;
    let form = writes.then(|| {
        view! {
            <details class="adding" open=!draft.is_empty()>
                <summary data-key="a" data-says="Add a comment" data-then="comment-text">"Add a comment " <kbd>"A"</kbd></summary>
                <form method="post" action="/actions/comments/add" class="form" data-draft=comment_form(claim)>
                    <input type="hidden" name="claim" value=claim.to_string() />
                    {refusal(draft)}
                    {text_area("comment-text", "text", t!("Comment"), crate::language::t(MENTIONING), 3, &draft.typed("text").unwrap_or_default(), draft.wrong("text"))}
                    {text_area("comment-words", "words", t!("About these words of the article"), t!("Leave it empty to speak of the claim as a whole."), 2,
                        &draft.typed("words").unwrap_or_default(), draft.wrong("words"))}
                    <p><button type="button" class="btn small" data-fill="comment-words" hidden>"Use the words selected in the article"</button></p>
                    <div class="row"><span class="quiet small" data-draft-state="true" role="status"></span>
                        <button class="btn go">"Say it"</button></div>
                </form>
            </details>
        }
    });
    view! {
        <section id="talk">
            <h2>"Talk"</h2>
            <div id="watch" data-live="true">{watch(claim, followers, actor)}</div>
            <div id="talk-list" data-live="true">{list(view, threads, actor, drafts)}</div>
            {form}
            {writes.then(|| view! { <Selection /> })}
        </section>
    }
    .into_any()
}

const MENTIONING: &str = msg!("@first.last, or @ and the beginning of an e-mail address, calls a colleague.");

/// Who watches, and the buttons to watch, stop or mute.
fn watch(claim: ClaimId, followers: &Followers, actor: &Actor) -> AnyView {
    let button = |level: Level, words: &'static str, key: Option<&'static str>| {
        view! {
            <form method="post" action="/actions/claims/watch" class="inline">
                <input type="hidden" name="claim" value=claim.to_string() />
                <input type="hidden" name="level" value=level.word() />
                <button class="btn small" data-key=key data-says=key.map(|_| words)>{words} {key.map(|key| view! { " " <kbd>{key.to_uppercase()}</kbd> })}</button>
            </form>
        }
        .into_any()
    };
    let buttons = match followers.own {
        Some(Level::Watching) => {
            [button(Level::Unwatched, t!("Stop watching"), Some("w")), button(Level::Muted, t!("Mute"), None)]
        }
        Some(Level::Muted) => {
            [button(Level::Watching, t!("Watch"), Some("w")), button(Level::Unwatched, t!("Unmute"), None)]
        }
        _ => [button(Level::Watching, t!("Watch"), Some("w")), button(Level::Muted, t!("Mute"), None)],
    };
    let is_own = followers.own == Some(Level::Watching);
    let others: Vec<&str> =
        followers.watching.iter().map(String::as_str).filter(|name| !is_own || *name != actor.name).collect();
    let who = match (is_own, others.len()) {
        (true, 0) => t!("You watch this.").to_owned(),
        (true, 1..=3) => t!("You and {} watch this.", others.join(", ")),
        (true, n) => tn!(n, "You and one other watch this.", "You and {n} others watch this."),
        (false, 0) => t!("Nobody watches this.").to_owned(),
        (false, 1) => t!("{} watches this.", others.join("")),
        (false, 2..=3) => t!("{} watch this.", others.join(", ")),
        (false, n) => tn!(n, "One person watches this.", "{n} people watch this."),
    };
    let muted = (followers.own == Some(Level::Muted)).then_some(t!(" You hear nothing of it."));
    view! { <div class="row"><p class="small quiet">{who} {muted}</p> <span class="chips">{buttons}</span></div> }.into_any()
}

fn list(view: &ClaimView, threads: &[Thread], actor: &Actor, drafts: &Drafts) -> AnyView {
    let draw = |thread: &Thread| draw_thread(view, thread, actor, drafts);
    let (resolved, open): (Vec<&Thread>, Vec<&Thread>) =
        threads.iter().partition(|thread| thread.first.resolved.is_some());
    let none =
        threads.is_empty().then(|| view! { <p class="quiet small">"Nobody has said anything yet."</p> });
    let folded = (!resolved.is_empty()).then(|| {
        // What was begun under a resolved comment is not folded away.
        let is_begun = |thread: &&Thread| {
            drafts.get(&reply_form(thread.first.id)).is_some_and(|draft| !draft.is_empty())
        };
        let is_open = resolved.iter().any(is_begun);
        view! {
            <details class="folded" open=is_open>
                <summary class="small">{tn!(resolved.len(), "One resolved", "{n} resolved")}</summary>
                {resolved.iter().map(|thread| draw(thread)).collect_view()}
            </details>
        }
    });
    view! {
        {none}
        {open.iter().map(|thread| draw(thread)).collect_view()}
        {folded}
    }
    .into_any()
}

fn draw_thread(view: &ClaimView, thread: &Thread, actor: &Actor, drafts: &Drafts) -> AnyView {
    let claim = view.claim.id;
    let first = &thread.first;
    let writes = actor.role >= Role::Reviewer;
    let is_resolved = first.resolved.is_some();
    let none = Draft::default();
    let draft = drafts.get(&reply_form(first.id)).unwrap_or(&none);
    let quote = first.quote.as_ref().map(|quote| {
        let words = quote.words.clone();
        if quote.in_text && first.withdrawn.is_none() && !is_resolved {
            let place =
                if quote.span == view.span { "#claim".to_owned() } else { format!("#on-{}", first.id) };
            view! { <p class="small on-words"><a href=place>{words}</a></p> }.into_any()
        } else {
            view! { <p class="small on-words">{words}</p> }.into_any()
        }
    });
    let resolved = first.resolved.clone().map(|resolved| {
        view! { <p class="small quiet">{icon("settled")} {t!(" Resolved by {} · ", resolved.by)} {moment(resolved.at)}</p> }
    });
    let answer = (writes && first.withdrawn.is_none()).then(|| {
        let id = first.id.to_string();
        let (word, to) = if is_resolved { (t!("Take it up again"), "no") } else { (t!("Resolve"), "yes") };
        let of = t!("{word}: the comment of {}", first.author);
        view! {
            <div class="under">
                <details class="change" open=!draft.is_empty()>
                    <summary class="small">"Answer"</summary>
                    <form method="post" action="/actions/comments/add" class="form" data-draft=reply_form(first.id)>
                        <input type="hidden" name="claim" value=claim.to_string() />
                        <input type="hidden" name="reply_to" value=id.clone() />
                        {refusal(draft)}
                        {text_area(&format!("reply-{id}"), "text", t!("Answer"), "", 2, &draft.typed("text").unwrap_or_default(), draft.wrong("text"))}
                        <div class="row"><span class="quiet small" data-draft-state="true"></span><button class="btn">"Say it"</button></div>
                    </form>
                </details>
                <form method="post" action="/actions/comments/resolve" class="inline">
                    <input type="hidden" name="claim" value=claim.to_string() />
                    <input type="hidden" name="comment" value=id />
                    <input type="hidden" name="resolved" value=to />
                    <button class="btn small" aria-label=of>{word}</button>
                </form>
            </div>
        }
    });
    view! {
        <div class="thread" class:gone=is_resolved>
            {quote}
            {message(claim, first, actor, drafts)}
            {thread.replies.iter().map(|reply| view! { <div class="reply">{message(claim, reply, actor, drafts)}</div> }).collect_view()}
            {resolved} {answer}
        </div>
    }
    .into_any()
}

fn message(claim: ClaimId, comment: &CommentView, actor: &Actor, drafts: &Drafts) -> AnyView {
    if let Some(withdrawn) = &comment.withdrawn {
        let whose = if withdrawn.by == comment.author { String::new() } else { t!(" of {}", comment.author) };
        return view! {
            <p class="small quiet" id=anchor(comment.id)>{t!("{} withdrew a comment{whose} · ", withdrawn.by)} {moment(withdrawn.at)}</p>
        }
        .into_any();
    }
    let changed = comment.versions.split_last().filter(|(_, earlier)| !earlier.is_empty()).map(|(last, earlier)| {
        let before = earlier
            .iter()
            .rev()
            .map(|version| view! { <div><p class="quiet">{moment(version.at)}</p><p class="rationale">{version.text.clone()}</p></div> })
            .collect_view();
        view! { <details class="small"><summary class="quiet">"changed " {moment(last.at)}</summary>{before}</details> }
    });
    let own = comment.author_id == actor.id && actor.role >= Role::Reviewer;
    let none = Draft::default();
    let draft = drafts.get(&change_form(comment.id)).unwrap_or(&none);
    let id = comment.id.to_string();
    let change = own.then(|| {
        view! {
            <form method="post" action="/actions/comments/change" class="form" data-draft=change_form(comment.id)>
                <input type="hidden" name="claim" value=claim.to_string() />
                <input type="hidden" name="comment" value=id.clone() />
                <input type="hidden" name="version" value=draft.current().unwrap_or(comment.version) />
                {refusal(draft)} {differences(draft)}
                {text_area(&format!("change-{id}"), "text", t!("Your words"), "", 3, &draft.or("text", comment.text().unwrap_or_default()), draft.wrong("text"))}
                <div class="row"><span class="quiet small" data-draft-state="true"></span><button class="btn">"Change it"</button></div>
            </form>
        }
    });
    let withdraw = (own || actor.role >= Role::Editor).then(|| {
        view! {
            <form method="post" action="/actions/comments/withdraw" class="inline">
                <input type="hidden" name="claim" value=claim.to_string() />
                <input type="hidden" name="comment" value=id.clone() />
                <button class="btn small" aria-label=t!("Withdraw the comment of {}", comment.author)>"Withdraw it"</button>
            </form>
        }
    });
    let more = (change.is_some() || withdraw.is_some()).then(|| {
        view! { <details class="change" open=!draft.is_empty()><summary class="small quiet">{if own { t!("Change or withdraw") } else { t!("Withdraw") }}</summary>{change} {withdraw}</details> }
    });
    view! {
        <div class="message" id=anchor(comment.id)>
            <p class="small"><b>{comment.author.clone()}</b> <span class="quiet">" · " {moment(comment.at)}</span></p>
            <p class="rationale">{words(comment)}</p>
            {changed} {more}
        </div>
    }
    .into_any()
}

/// A comment's words; who was called stands out, by name.
fn words(comment: &CommentView) -> AnyView {
    pieces(comment.text().unwrap_or_default())
        .into_iter()
        .map(|piece| match piece {
            Piece::Text(text) => text.to_owned().into_any(),
            Piece::Mention(handle) => match comment.mentioned.get(&handle.to_lowercase()) {
                Some(name) => {
                    view! { <b class="mention" title=name.clone()>{format!("@{handle}")}</b> }.into_any()
                }
                None => format!("@{handle}").into_any(),
            },
        })
        .collect_view()
        .into_any()
}
