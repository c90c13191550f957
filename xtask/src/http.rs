//! As much of HTTP/1.1 as storms and benchmarks need: a connection for each request, so that a killed
//! server leaves nothing half-read behind.

use std::fmt::Write as _;
use std::io::{Error, ErrorKind, Read, Result, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// No answer takes as long, unless what answers is gone.
const PATIENCE: Duration = Duration::from_secs(30);

/// An answer.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// A field of the head, named in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name).then_some(value.trim())
        })
    }
}

/// Sends a request and reads the whole answer. An answer that breaks off is an error.
pub fn send(
    address: SocketAddr,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> Result<Answer> {
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    stream.set_nodelay(true)?;
    let mut request = format!("{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n");
    for (name, value) in headers {
        let _ = write!(request, "{name}: {value}\r\n");
    }
    let _ = write!(request, "Content-Length: {}\r\n\r\n{body}", body.len());
    stream.write_all(request.as_bytes())?;
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes)?;
    read(&bytes).ok_or_else(|| Error::new(ErrorKind::UnexpectedEof, "the answer broke off"))
}

fn read(bytes: &[u8]) -> Option<Answer> {
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n")?;
    let head = String::from_utf8_lossy(bytes.get(..end)?).into_owned();
    let rest = bytes.get(end + 4..)?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    let answer = Answer { status, head, body: Vec::new() };
    let body = if answer.header("transfer-encoding").is_some_and(|value| value.contains("chunked")) {
        unchunked(rest)?
    } else {
        let length: usize = answer.header("content-length").and_then(|value| value.parse().ok()).unwrap_or(0);
        rest.get(..length)?.to_vec()
    };
    Some(Answer { body, ..answer })
}

/// The pieces put together; `None` where the last one is missing.
fn unchunked(mut bytes: &[u8]) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let end = bytes.windows(2).position(|window| window == b"\r\n")?;
        let size = std::str::from_utf8(bytes.get(..end)?).ok()?;
        let size = usize::from_str_radix(size.split(';').next()?.trim(), 16).ok()?;
        if size == 0 {
            return Some(body);
        }
        body.extend_from_slice(bytes.get(end + 2..end + 2 + size)?);
        bytes = bytes.get(end + 2 + size + 2..)?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_counts_when_it_is_whole() {
        let whole = b"HTTP/1.1 201 Created\r\nContent-Length: 11\r\nLocation: /x\r\n\r\n{\"id\":\"no\"}";
        let answer = read(whole).expect("whole");
        assert_eq!((answer.status, answer.header("location")), (201, Some("/x")));
        assert_eq!(answer.json()["id"], "no");
        for cut in 0..whole.len() {
            assert!(read(&whole[..cut]).is_none(), "cut at {cut}");
        }
    }

    #[test]
    fn pieces_are_put_together() {
        let pieces = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n";
        assert_eq!(read(pieces).expect("whole").body, b"abcde");
        assert!(read(&pieces[..pieces.len() - 8]).is_none());
    }
}
