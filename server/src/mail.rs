//! Mail: what the outbox holds, written out and handed to the mail server.

use crate::http::problem::chain;
use crate::worker::backoff;
use anyhow::{Context as _, bail};
use desk::{Desk, Mail, MailLine};
use domain::id::{ClaimId, CommentId};
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use lettre::{Address, AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor};
use std::fmt::Write as _;
use std::time::{Duration, SystemTime};
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};
use url::Url;

/// How often the outbox is looked into.
const EVERY: Duration = Duration::from_secs(5);
/// No step of a delivery may take longer.
const PATIENCE: Duration = Duration::from_secs(30);
/// Longest part of a claim in a subject, in code points.
const SUBJECT: usize = 80;

/// Hands mail to one mail server.
#[derive(Clone)]
pub struct Mailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    /// Where people reach the desk, without a slash at the end.
    desk: String,
}

/// Why a mail was not taken.
struct Failure {
    why: String,
    /// The mail server will not take it another time either.
    is_final: bool,
}

impl Mailer {
    /// # Errors
    /// Where the address of the mail server or the sender is not one.
    pub fn new(smtp_url: &str, from: &str, public_url: &Url) -> anyhow::Result<Self> {
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(smtp_url)
            .context("CLAIMDESK_SMTP_URL is not the address of a mail server, such as smtps://user:password@mail.example.org")?
            .timeout(Some(PATIENCE))
            .build();
        let Ok(from) = from.parse::<Mailbox>() else {
            bail!("CLAIMDESK_MAIL_FROM is not a sender, such as Claimdesk <desk@example.org>");
        };
        Ok(Self { transport, from, desk: public_url.as_str().trim_end_matches('/').to_owned() })
    }

    async fn send(&self, mail: &Mail) -> Result<(), Failure> {
        let message = self.message(mail).map_err(|why| Failure { why, is_final: true })?;
        match self.transport.send(message).await {
            Ok(_) => Ok(()),
            // Its words name their cause already.
            Err(error) => Err(Failure { why: error.to_string(), is_final: error.is_permanent() }),
        }
    }

    /// The mail as it goes out.
    fn message(&self, mail: &Mail) -> Result<Message, String> {
        let to: Address =
            mail.to.parse().map_err(|_| format!("{} is no address that mail goes to", mail.to))?;
        let stop = format!("{}/unsubscribe/{}", self.desk, mail.stop);
        let host = Url::parse(&self.desk).ok().and_then(|url| url.host_str().map(str::to_owned));
        let header =
            |name: &'static str, value: String| HeaderValue::new(HeaderName::new_from_ascii_str(name), value);
        let written = Written { mail, desk: &self.desk, stop: &stop };
        Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(Some(mail.name.clone()), to))
            .date(SystemTime::from(mail.made_at))
            .message_id(Some(format!("<{}@{}>", mail.id, host.as_deref().unwrap_or("claimdesk"))))
            .subject(written.subject())
            // RFC 8058: one click stops it, without signing in. RFC 3834: nobody answers a program.
            .raw_header(header("List-Unsubscribe", format!("<{stop}>")))
            .raw_header(header("List-Unsubscribe-Post", "List-Unsubscribe=One-Click".to_owned()))
            .raw_header(header("Auto-Submitted", "auto-generated".to_owned()))
            .multipart(MultiPart::alternative_plain_html(written.text(), written.html()))
            .map_err(|error| chain(&error))
    }
}

/// Puts due notifications into the outbox and tries what is due there; how many mails went out.
///
/// # Errors
/// Where the database fails; that a mail fails is noted beside it.
pub async fn deliver(desk: &Desk, mailer: &Mailer) -> desk::Result<usize> {
    desk.gather_mail().await?;
    let mut sent = 0;
    for mail in desk.due_mail().await? {
        match mailer.send(&mail).await {
            Ok(()) => {
                desk.mail_sent(mail.id).await?;
                sent += 1;
            }
            Err(Failure { why, is_final }) => {
                let id = mail.id;
                if desk.mail_failed(id, &why, is_final).await? {
                    warn!(mail.id = %id, "gave up mail {id}: {why}");
                } else {
                    info!(mail.id = %id, "mail {id} did not go out and is tried again: {why}");
                }
            }
        }
    }
    Ok(sent)
}

/// Delivers every few seconds until `closing`, less often while the database fails.
pub(crate) async fn keep_delivering(desk: &Desk, mailer: &Mailer, closing: &CancellationToken) {
    let mut failures = 0;
    loop {
        match deliver(desk, mailer).await {
            Ok(_) => failures = 0,
            Err(error) => {
                failures += 1;
                warn!(error = %chain(&error), "mail could not be looked after; it will be tried again");
            }
        }
        let wait = if failures == 0 { EVERY } else { backoff(failures) };
        tokio::select! {
            () = closing.cancelled() => return,
            () = tokio::time::sleep(wait) => {}
        }
    }
}

/// One mail in words.
struct Written<'a> {
    mail: &'a Mail,
    desk: &'a str,
    stop: &'a str,
}

impl Written<'_> {
    fn subject(&self) -> String {
        let body = &self.mail.body;
        let claims = body.lines.len() + body.more as usize;
        match body.lines.as_slice() {
            [only] if claims == 1 => {
                let said = only.said.first().map_or("News", String::as_str);
                line(&format!("{said}: {}", shortened(&only.text)))
            }
            _ => format!("News of {claims} claims"),
        }
    }

    fn address(&self, claim: ClaimId, comment: Option<CommentId>) -> String {
        match comment {
            Some(comment) => format!("{}/claims/{claim}#comment-{comment}", self.desk),
            None => format!("{}/claims/{claim}#claim", self.desk),
        }
    }

    fn more(&self) -> Option<String> {
        match self.mail.body.more {
            0 => None,
            1 => Some("and one more claim".to_owned()),
            n => Some(format!("and {n} more claims")),
        }
    }

    fn text(&self) -> String {
        let mut text = String::new();
        for MailLine { claim, comment, text: words, article_title, said } in &self.mail.body.lines {
            let _ = writeln!(text, "{}", line(&said.join("; ")));
            let _ = writeln!(text, "“{}” ({})", line(words), line(article_title));
            let _ = writeln!(text, "{}\n", self.address(*claim, *comment));
        }
        if let Some(more) = self.more() {
            let _ = writeln!(text, "{more}: {}/notifications\n", self.desk);
        }
        let _ = writeln!(text, "-- \nWhat you are told of, and how: {}/account#told", self.desk);
        let _ = writeln!(text, "No more mail from this desk: {}", self.stop);
        text
    }

    fn html(&self) -> String {
        let mut html = String::from(
            "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Claimdesk</title></head><body>",
        );
        for MailLine { claim, comment, text: words, article_title, said } in &self.mail.body.lines {
            let _ = write!(
                html,
                "<p><b>{}</b><br><a href=\"{}\">{}</a><br><small>{}</small></p>",
                escaped(&said.join("; ")),
                escaped(&self.address(*claim, *comment)),
                escaped(words),
                escaped(article_title),
            );
        }
        if let Some(more) = self.more() {
            let _ = write!(
                html,
                "<p><a href=\"{}/notifications\">{}</a></p>",
                escaped(self.desk),
                escaped(&more)
            );
        }
        let _ = write!(
            html,
            "<hr><p><small><a href=\"{}/account#told\">What you are told of, and how</a> · \
             <a href=\"{}\">No more mail from this desk</a></small></p></body></html>",
            escaped(self.desk),
            escaped(self.stop),
        );
        html
    }
}

/// A claim's words, short enough for a subject.
fn shortened(text: &str) -> String {
    let mut chars = text.chars();
    let short: String = chars.by_ref().take(SUBJECT).collect();
    if chars.next().is_some() { format!("{}…", short.trim_end()) } else { short }
}

/// Without line ends: they would begin another header or another line of the mail.
fn line(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') { ' ' } else { c })
        .collect()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use desk::MailBody;
    use domain::id::MailId;
    use uuid::Uuid;

    fn mail(lines: Vec<MailLine>, more: u32) -> Mail {
        Mail {
            id: MailId(Uuid::nil()),
            to: "noor@desk.example".into(),
            name: "Noor \"N.\" Ødegård".into(),
            made_at: "2026-03-12T09:00:00Z".parse().expect("a time"),
            body: MailBody { lines, more },
            stop: "token".into(),
        }
    }

    fn about(text: &str, said: &[&str]) -> MailLine {
        MailLine {
            claim: ClaimId(Uuid::from_u128(1)),
            comment: None,
            text: text.into(),
            article_title: "Raid <b>".into(),
            said: said.iter().map(|words| (*words).to_owned()).collect(),
        }
    }

    fn sent(mail: &Mail) -> String {
        let url = "https://desk.example/".parse().expect("a URL");
        let mailer = Mailer::new("smtp://127.0.0.1:9", "Desk <desk@desk.example>", &url).expect("a mailer");
        String::from_utf8(mailer.message(mail).expect("a message").formatted()).expect("text")
    }

    #[tokio::test]
    async fn what_people_write_cannot_begin_a_header_or_an_element() {
        let hostile = "12 fell\r\nBcc: all@desk.example\n\n<script>alert(1)</script> & “more”";
        let message = sent(&mail(vec![about(hostile, &["<i>Mallory</i>\r\nX-Evil: 1 commented"])], 0));
        let headers = message.split("\r\n\r\n").next().expect("headers");
        assert!(!headers.contains("\r\nBcc:") && !headers.contains("\r\nX-Evil:"), "{headers}");
        assert!(headers.contains("List-Unsubscribe: <https://desk.example/unsubscribe/token>"), "{headers}");
        assert!(
            headers.contains("Message-ID: <00000000-0000-0000-0000-000000000000@desk.example>"),
            "{headers}"
        );
        assert!(headers.contains("Date: Thu, 12 Mar 2026 09:00:00 +0000"), "{headers}");
        let hostile_mail = mail(vec![about(hostile, &["<i>x</i>"])], 2);
        let written = Written { mail: &hostile_mail, desk: "https://desk.example", stop: "s" };
        assert!(!written.html().contains("<script") && written.html().contains("&lt;i&gt;x&lt;/i&gt;"));
        assert!(
            written.text().contains("Bcc: all@desk.example  <script>"),
            "on one line: {}",
            written.text()
        );
        assert!(written.html().contains("and 2 more claims"));
    }

    #[test]
    fn one_claim_stands_in_the_subject_and_several_are_counted() {
        let long = "word ".repeat(40);
        let subject = |mail: &Mail| Written { mail, desk: "d", stop: "s" }.subject();
        assert_eq!(
            subject(&mail(vec![about("12 fell.", &["N mentioned you", "2 comments"])], 0)),
            "N mentioned you: 12 fell."
        );
        assert!(subject(&mail(vec![about(&long, &["N commented"])], 0)).ends_with("word…"));
        assert_eq!(subject(&mail(vec![about("a", &["b"]), about("c", &["d"])], 3)), "News of 5 claims");
    }

    #[tokio::test]
    async fn a_wrong_address_is_said_by_the_name_of_its_setting() {
        let url: Url = "https://desk.example/".parse().expect("a URL");
        let wrong = |smtp: &str, from: &str| {
            Mailer::new(smtp, from, &url).err().map(|error| error.to_string()).unwrap_or_default()
        };
        assert!(wrong("mail.example.org", "a@b.example").contains("CLAIMDESK_SMTP_URL"));
        assert!(wrong("smtp://mail.example.org", "nobody").contains("CLAIMDESK_MAIL_FROM"));
    }
}
