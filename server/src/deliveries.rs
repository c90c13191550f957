//! Tells receivers what was published, signed after the Standard Webhooks convention: `webhook-id`,
//! `webhook-timestamp`, and `webhook-signature` over both and the body. Nothing inside the network
//! can be reached this way: addresses are checked when the connection is made, whatever a name
//! resolved to before, and no redirect is followed.

use crate::config::Telling;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::TimeDelta;
use desk::{Attempt, Desk, FeedEntry, LedgerEntry, NewsEntry, Outgoing};
use domain::id::ReceiverId;
use domain::ledger_news::News;
use domain::receiver::{AT_ONCE, Loopback};
use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use hmac::{Hmac, Mac as _};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::redirect::Policy;
use reqwest::{Client, Response};
use serde_json::{Value, json};
use sha2::Sha256;
use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::{Duration, Instant};
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};
use url::{Host, Url};

/// How often it is looked whether something is due.
const EVERY: Duration = Duration::from_secs(2);
const CONNECT: Duration = Duration::from_secs(5);
const ANSWER: Duration = Duration::from_secs(15);
/// What is read of an answer, in bytes: enough for an error message.
const READ: usize = 2_000;

/// Sends until `closing`. The database may go away meanwhile.
pub async fn run(desk: &Desk, telling: &Telling, closing: &CancellationToken) {
    let sender = match Sender::new(telling) {
        Ok(sender) => sender,
        Err(error) => {
            warn!(error = format!("{error:#}"), "nothing can be told to receivers");
            return;
        }
    };
    let mut failures = 0;
    loop {
        let wait = match sender.send_due(desk, closing).await {
            Ok(_) => {
                failures = 0;
                EVERY
            }
            Err(error) => {
                failures += 1;
                warn!(error = %crate::http::problem::chain(&error), "could not look for deliveries; will try again");
                crate::worker::backoff(failures)
            }
        };
        tokio::select! {
            () = closing.cancelled() => return,
            () = tokio::time::sleep(wait) => {}
        }
    }
}

/// The one client that speaks to addresses that people typed in.
pub struct Sender {
    client: Client,
    loopback: Loopback,
    own: String,
}

impl Sender {
    /// # Errors
    /// Where the system gives no TLS.
    pub fn new(telling: &Telling) -> anyhow::Result<Self> {
        let loopback = telling.loopback();
        let client = Client::builder()
            .user_agent(concat!("claimdesk/", env!("CARGO_PKG_VERSION")))
            .redirect(Policy::none())
            .no_proxy()
            .connect_timeout(CONNECT)
            .timeout(ANSWER)
            .dns_resolver(Guarded(loopback))
            .build()?;
        Ok(Self { client, loopback, own: telling.own_address() })
    }

    /// Sends what is due, side by side, until nothing is; how many there were. Whoever answers gets what
    /// is due next while another is waited for. Once `closing`, what was begun is brought to its end.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn send_due(&self, desk: &Desk, closing: &CancellationToken) -> desk::Result<usize> {
        let (mut sends, mut busy) = (FuturesUnordered::new(), HashMap::new());
        let (mut sent, mut failed) = (0, None);
        loop {
            if failed.is_none() && !closing.is_cancelled() && sends.len() < AT_ONCE {
                let room = i64::try_from(AT_ONCE - sends.len()).unwrap_or(i64::MAX);
                let told: Vec<ReceiverId> = busy.keys().copied().collect();
                match desk.take_deliveries(room, &told).await {
                    Ok(due) => {
                        for one in due {
                            sent += 1;
                            *busy.entry(one.receiver).or_insert(0_usize) += 1;
                            sends.push(self.tell(desk, one));
                        }
                    }
                    Err(error) => failed = Some(error),
                }
            }
            // What is queued meanwhile is looked for as well.
            let done = tokio::select! {
                done = sends.next() => done,
                () = tokio::time::sleep(EVERY) => continue,
            };
            let Some((receiver, noted)) = done else { return failed.map_or(Ok(sent), Err) };
            busy.entry(receiver).and_modify(|many| *many -= 1);
            busy.retain(|_, many| *many > 0);
            failed = failed.or(noted.err());
        }
    }

    /// Sends one thing and keeps what became of it.
    async fn tell(&self, desk: &Desk, one: Outgoing) -> (ReceiverId, desk::Result<()>) {
        let attempt = self.send(&one, desk.clock().now().timestamp()).await;
        info!(delivery.id = %one.id, status = attempt.status, "told a receiver");
        (one.receiver, desk.note_attempt(one.id, &attempt).await)
    }

    async fn send(&self, one: &Outgoing, at: i64) -> Attempt {
        let started = Instant::now();
        let outcome = self.post(one, at).await;
        let took = TimeDelta::from_std(started.elapsed()).unwrap_or(TimeDelta::MAX);
        match outcome {
            Ok((status, said)) => Attempt { status: Some(status), said, took },
            Err(said) => Attempt { status: None, said, took },
        }
    }

    async fn post(&self, one: &Outgoing, at: i64) -> Result<(u16, String), String> {
        let address = Url::parse(&one.address).map_err(|error| error.to_string())?;
        // A name is checked when it is resolved; a number is never resolved.
        let literal = match address.host() {
            Some(Host::Ipv4(ip)) => Some(IpAddr::V4(ip)),
            Some(Host::Ipv6(ip)) => Some(IpAddr::V6(ip)),
            _ => None,
        };
        if literal.is_some_and(|ip| !may_be_reached(ip, self.loopback)) {
            return Err(INSIDE.to_owned());
        }
        let Some(secret) = &one.secret else { return Err(SEALED.to_owned()) };
        let body = body(one, &self.own).to_string();
        let response = self
            .client
            .post(address)
            .header("content-type", "application/json")
            .header("webhook-id", one.id.to_string())
            .header("webhook-timestamp", at.to_string())
            .header("webhook-signature", signature(secret, &one.id.to_string(), at, &body))
            .body(body)
            .send()
            .await
            .map_err(|error| crate::http::problem::chain(&error.without_url()))?;
        let status = response.status().as_u16();
        Ok((status, beginning(response).await))
    }
}

/// No more of an answer is read than is kept, however long it is.
async fn beginning(mut response: Response) -> String {
    let mut read = Vec::new();
    while read.len() < READ {
        match response.chunk().await {
            Ok(Some(piece)) => read.extend_from_slice(&piece),
            _ => break,
        }
    }
    read.truncate(READ);
    String::from_utf8_lossy(&read).into_owned()
}

/// `v1,` and the HMAC-SHA256 of `id.timestamp.body`, as the Standard Webhooks libraries check it.
fn signature(secret: &[u8], id: &str, at: i64, body: &str) -> String {
    #[expect(clippy::unwrap_used, reason = "HMAC takes a key of any length")]
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).unwrap();
    mac.update(format!("{id}.{at}.{body}").as_bytes());
    format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
}

/// What is told: the same for the first attempt and for one that is sent again.
fn body(one: &Outgoing, own: &str) -> Value {
    let mut body = json!({ "type": one.event, "timestamp": one.queued_at.to_rfc3339() });
    let Some(entry) = &one.entry else {
        body["data"] = json!({ "message": "This is a test of Claimdesk." });
        return body;
    };
    body["data"] = match entry {
        NewsEntry::Claim(entry) => of_claim(entry, own),
        NewsEntry::Ledger(entry) => of_ledger(entry, own),
    };
    body
}

fn of_claim(entry: &FeedEntry, own: &str) -> Value {
    let publication = &entry.publication;
    json!({
        "claim": entry.claim,
        "url": format!("{own}{}", app::paths::public_claim(&entry.slug)),
        "publication": {
            "id": publication.id,
            "number": publication.number,
            "kind": publication.kind,
            "at": publication.at.to_rfc3339(),
            "note": publication.note,
        },
        // What was last public; where the claim was withdrawn, it no longer is, also where that was after
        // this publication, which a later attempt tells late.
        "is_public": entry.is_public,
        "is_newest": entry.is_newest,
        "verdict": entry.body,
    })
}

fn of_ledger(entry: &LedgerEntry, own: &str) -> Value {
    let publication = &entry.publication;
    let says = |one: &News| {
        let mut said = json!(one);
        said["words"] = json!(one.phrase().to_string());
        said
    };
    json!({
        "incident": entry.incident,
        "url": format!("{own}{}", app::paths::public_incident(&entry.slug)),
        "publication": {
            "id": publication.id,
            "number": publication.number,
            "kind": publication.step,
            "at": publication.at.to_rfc3339(),
            "note": publication.note,
        },
        // What readers saw last; where the figures were withdrawn, they no longer do.
        "is_public": entry.is_public,
        "is_newest": entry.is_newest,
        "title": entry.title,
        "figures": publication.told.as_ref().map(|told| &told.figures),
        "news": publication.news.iter().map(says).collect::<Vec<_>>(),
    })
}

const SEALED: &str = "Its secret was sealed with another CLAIMDESK_SECRET_KEY than this; nothing was sent.";
const INSIDE: &str = "The address is inside a private network; nothing was sent.";

/// Resolves names as the system does, and gives only addresses that may be reached.
struct Guarded(Loopback);

impl Resolve for Guarded {
    fn resolve(&self, name: Name) -> Resolving {
        let loopback = self.0;
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let allowed: Vec<SocketAddr> =
                found.filter(|address| may_be_reached(address.ip(), loopback)).collect();
            if allowed.is_empty() {
                return Err(INSIDE.into());
            }
            Ok(Box::new(allowed.into_iter()) as Addrs)
        })
    }
}

/// Whether an address is on the public internet, or on this machine where that is allowed: the
/// special-purpose registries of RFC 6890 and its successors.
fn may_be_reached(ip: IpAddr, loopback: Loopback) -> bool {
    if ip.is_loopback() {
        return loopback == Loopback::Allowed;
    }
    match ip {
        IpAddr::V4(ip) => is_public_v4(ip),
        IpAddr::V6(ip) => match ip.to_ipv4_mapped() {
            Some(mapped) => is_public_v4(mapped),
            None => is_public_v6(ip),
        },
    }
}

fn is_public_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    let is_special = ip.is_private()
        || ip.is_loopback()
        || ip.is_link_local()
        || ip.is_broadcast()
        || ip.is_documentation()
        || ip.is_multicast()
        || a == 0
        || a >= 240
        // shared by carriers; IETF's own; 6to4 relays; benchmarks
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 192 && b == 88 && c == 99)
        || (a == 198 && (18..20).contains(&b));
    !is_special
}

/// Only what is given out as global unicast, 2000::/3, without the parts of it that lead elsewhere:
/// Teredo and 6to4 carry IPv4 addresses, 2001:db8::/32 and 3fff::/20 are for documentation.
fn is_public_v6(ip: Ipv6Addr) -> bool {
    let [first, second, ..] = ip.segments();
    let is_global = first & 0xe000 == 0x2000;
    let leads_elsewhere = match first {
        0x2001 => second < 0x0200 || second == 0x0db8,
        0x2002 => true,
        0x3fff => second < 0x1000,
        _ => false,
    };
    is_global && !leads_elsewhere
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_inside_a_network_is_reached() {
        for inside in [
            "10.0.0.1",
            "172.16.5.4",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "127.0.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "198.18.0.1",
            "::1",
            "::",
            "fe80::1",
            "fc00::1",
            "::ffff:10.0.0.1",
            "64:ff9b::a00:1",
            "2002:a00:1::",
            "2001:db8::1",
            "ff02::1",
            "2001:0:a00:1::",
        ] {
            assert!(!may_be_reached(inside.parse().expect("an address"), Loopback::Refused), "{inside}");
        }
        for outside in ["93.184.215.14", "1.1.1.1", "2606:4700:4700::1111", "::ffff:1.1.1.1"] {
            assert!(may_be_reached(outside.parse().expect("an address"), Loopback::Refused), "{outside}");
        }
        assert!(may_be_reached(IpAddr::V4(Ipv4Addr::LOCALHOST), Loopback::Allowed));
        assert!(!may_be_reached("10.0.0.1".parse().expect("an address"), Loopback::Allowed));
    }

    /// The example of the Standard Webhooks specification's libraries.
    #[test]
    fn signatures_are_those_of_standard_webhooks() {
        let secret = STANDARD.decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").expect("base64");
        let signed =
            signature(&secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, "{\"test\": 2432232314}");
        assert_eq!(signed, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }
}
