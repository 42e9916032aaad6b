//! Bytes that are no proper request: none is answered with a failure of ours, none gets a second answer smuggled in, none
//! holds a connection for long, and the server goes on serving.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use crate::support::TestApp;

/// Longest that a connection may be left open to somebody who sends nothing more.
const PATIENCE: Duration = Duration::from_secs(15);

/// Sends some bytes, in pieces, and reads until the server has closed the connection; the bytes it sent.
fn exchange(address: &str, pieces: &[&[u8]]) -> (String, Duration) {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream.set_write_timeout(Some(PATIENCE)).unwrap();
    let started = Instant::now();
    for piece in pieces {
        // A server that has heard enough may have closed already.
        if stream.write_all(piece).is_err() {
            break;
        }
    }
    let mut heard = vec![];
    let _ = stream.read_to_end(&mut heard);
    (String::from_utf8_lossy(&heard).into_owned(), started.elapsed())
}

/// The statuses of the answers in what was heard.
fn statuses(heard: &str) -> Vec<u16> {
    let starts = heard.split("HTTP/1.").skip(1);
    starts.filter_map(|answer| answer.split(' ').nth(1)?.parse().ok()).collect()
}

/// A request that reads a public address, closing afterwards, with some lines of headers and a body.
fn post(headers: &str, body: &str) -> String {
    format!(
        "POST /api/v1/auth/login HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\n{headers}\r\n{body}"
    )
}

const SMUGGLED: &str = "GET /healthz HTTP/1.1\r\nHost: smuggled\r\n\r\n";

/// Requests that two readers could cut differently: at most one answer, and never that to the second request inside.
fn smuggling() -> Vec<(&'static str, String)> {
    let chunked = |headers: &str| post(headers, &format!("0\r\n\r\n{SMUGGLED}"));
    let zero = |headers: &str| post(headers, SMUGGLED);
    vec![
        ("length and chunks", chunked("Content-Length: 6\r\nTransfer-Encoding: chunked\r\n")),
        ("chunks and length", chunked("Transfer-Encoding: chunked\r\nContent-Length: 60\r\n")),
        ("two lengths", zero("Content-Length: 0\r\nContent-Length: 44\r\n")),
        ("two lengths in one", zero("Content-Length: 0, 44\r\n")),
        ("length with a plus", zero("Content-Length: +0\r\n")),
        ("length below nothing", zero("Content-Length: -1\r\n")),
        ("length in hex", zero("Content-Length: 0x0\r\n")),
        ("length with a space inside", zero("Content-Length: 0 0\r\n")),
        ("length beyond all numbers", zero("Content-Length: 99999999999999999999999\r\n")),
        ("space before the colon", zero("Content-Length : 0\r\nContent-Length: 44\r\n")),
        ("encoding twice", chunked("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n")),
        ("encoding unknown", chunked("Transfer-Encoding: xchunked\r\n")),
        ("encoding with a tab", chunked("Transfer-Encoding:\tchunked, identity\r\n")),
        ("encoding folded", chunked("Transfer-Encoding:\r\n chunked\r\nContent-Length: 5\r\n")),
        ("encoding with a form feed", chunked("Transfer-Encoding: \u{b}chunked\r\n")),
        ("chunk that is none", post("Transfer-Encoding: chunked\r\n", &format!("zz\r\n\r\n{SMUGGLED}"))),
        ("chunk too long to say", post("Transfer-Encoding: chunked\r\n", "fffffffffffffffff\r\nx\r\n0\r\n\r\n")),
        ("chunk below nothing", post("Transfer-Encoding: chunked\r\n", &format!("-1\r\n\r\n{SMUGGLED}"))),
        ("chunk with an extension of lines", post("Transfer-Encoding: chunked\r\n", "1;a\nb\r\nx\r\n0\r\n\r\n")),
    ]
}

/// Bytes that are no HTTP at all, or not the kind that is spoken here.
fn garbage() -> Vec<(&'static str, Vec<u8>)> {
    let with = |line: &str| format!("{line}\r\nHost: x\r\nConnection: close\r\n\r\n").into_bytes();
    vec![
        ("HTTP/0.9", b"GET /\r\n\r\n".to_vec()),
        ("HTTP/2 by knowledge", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec()),
        ("HTTP/3.0", with("GET /healthz HTTP/3.0")),
        ("no version", with("GET /healthz")),
        ("a TLS greeting", vec![0x16, 3, 1, 0, 0xa5, 1, 0, 0, 0xa1, 3, 3]),
        ("zeros", vec![0; 4096]),
        ("line feeds only", b"GET /healthz HTTP/1.1\nHost: x\nConnection: close\n\n".to_vec()),
        ("NUL in a path", b"GET /health\0z HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".to_vec()),
        ("NUL in a header", b"GET /healthz HTTP/1.1\r\nHost: x\r\nA: b\0c\r\nConnection: close\r\n\r\n".to_vec()),
        ("bytes that are no UTF-8 in a path", b"GET /\xff\xfe HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".to_vec()),
        ("escapes that are no UTF-8", with("GET /api/v1/units/%ff%fe?limit=%c0%80 HTTP/1.1")),
        ("a broken escape", with("GET /api/v1/units/%zz?%=%1 HTTP/1.1")),
        ("bytes that are no UTF-8 in a header", [
            b"GET /api/v1/units HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer \xff\xfe\r\nIf-Match: \xff\r\n".to_vec(),
            b"Accept-Language: \xff\r\nIdempotency-Key: \xfe\r\nX-Request-Id: \xfd\r\n\r\n".to_vec(),
        ].concat()),
        ("the absolute form", with("GET http://elsewhere.example/healthz HTTP/1.1")),
        ("the form for proxies", with("CONNECT elsewhere.example:443 HTTP/1.1")),
        ("a star", with("OPTIONS * HTTP/1.1")),
        ("a method nobody knows", with("BREW /healthz HTTP/1.1")),
        ("a method in small letters", with("get /healthz HTTP/1.1")),
        ("TRACE", with("TRACE /healthz HTTP/1.1")),
        ("up the tree", with("GET /docs/../../../../etc/passwd HTTP/1.1")),
        ("up the tree, escaped", with("GET /docs/%2e%2e%2f%2e%2e%2fetc%2fpasswd HTTP/1.1")),
        ("two hosts", b"GET /healthz HTTP/1.1\r\nHost: x\r\nHost: y\r\nConnection: close\r\n\r\n".to_vec()),
        ("no host", b"GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n".to_vec()),
        ("a line of 1 MB", with(&format!("GET /{} HTTP/1.1", "x".repeat(1 << 20)))),
        ("a header of 1 MB", with(&format!("GET /healthz HTTP/1.1\r\nA: {}", "x".repeat(1 << 20)))),
        ("10,000 headers", with(&format!("GET /healthz HTTP/1.1{}", "\r\nA: b".repeat(10_000)))),
        ("an upgrade nobody offers", with("GET /healthz HTTP/1.1\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA")),
        ("Expect what is never met", with("GET /healthz HTTP/1.1\r\nExpect: 418-teapot")),
    ]
}

#[actix_web::test]
async fn nothing_that_is_sent_raw_harms_the_server() {
    let app = TestApp::start(1, 5).await;
    let address = app.base.trim_start_matches("http://").to_owned();
    let tried = actix_web::rt::task::spawn_blocking(move || {
        let mut tried = 0;
        for (what, request) in smuggling() {
            let (heard, took) = exchange(&address, &[request.as_bytes()]);
            let answers = statuses(&heard);
            assert!(answers.len() <= 1 && !heard.contains("\"status\":\"ok\""), "{what}: {heard}");
            assert!(answers.iter().all(|status| *status < 500), "{what}: {heard}");
            assert!(took < PATIENCE, "{what}: held for {took:?}");
            tried += 1;
        }
        for (what, request) in garbage() {
            let (heard, took) = exchange(&address, &[&request]);
            assert!(statuses(&heard).iter().all(|status| *status < 500), "{what}: {heard}");
            assert!(!heard.contains("root:"), "{what}: {heard}");
            assert!(took < PATIENCE, "{what}: held for {took:?}");
            tried += 1;
        }
        tried
    });
    let tried = tried.await.unwrap();
    let alive = reqwest::get(format!("{}/healthz", app.base)).await.unwrap();
    assert_eq!(alive.status().as_u16(), 200);
    println!("raw sockets: {tried} kinds of bytes, 0 failures, the server goes on");
}

/// Who sends a letter at a time, or half of what was announced and then nothing, is not waited for.
#[actix_web::test]
async fn who_sends_slowly_is_not_waited_for() {
    let app = TestApp::start(1, 5).await;
    let address = app.base.trim_start_matches("http://").to_owned();
    let slow = actix_web::rt::task::spawn_blocking(move || {
        let mut streams: Vec<_> = (0..50).map(|_| TcpStream::connect(&address).unwrap()).collect();
        let started = Instant::now();
        let mut open = streams.len();
        // A byte of an endless header every quarter of a second.
        while open > 0 && started.elapsed() < PATIENCE {
            std::thread::sleep(Duration::from_millis(250));
            let text =
                if started.elapsed() < Duration::from_millis(300) { "GET /healthz HTTP/1.1\r\nA: " } else { "x" };
            for stream in &mut streams {
                stream.set_nonblocking(true).unwrap();
                let _ = stream.write_all(text.as_bytes());
            }
            open = streams.iter_mut().map(is_open).filter(|open| *open).count();
        }
        (open, started.elapsed())
    });
    // Meanwhile others are served.
    for _ in 0..5 {
        assert_eq!(reqwest::get(format!("{}/healthz", app.base)).await.unwrap().status().as_u16(), 200);
        actix_web::rt::time::sleep(Duration::from_millis(200)).await;
    }
    let (open, took) = slow.await.unwrap();
    println!("slow headers: all connections ended after {:.1} s", took.as_secs_f64());
    assert_eq!(open, 0, "still open after {took:?}");
}

fn is_open(stream: &mut TcpStream) -> bool {
    let mut byte = [0; 512];
    loop {
        match stream.read(&mut byte) {
            Ok(0) => return false,
            Ok(_) => continue,
            Err(error) => return error.kind() == std::io::ErrorKind::WouldBlock,
        }
    }
}

/// Many requests in one go are answered one by one and in their order.
#[actix_web::test]
async fn requests_sent_in_one_go_are_answered_in_their_order() {
    let app = TestApp::start(1, 5).await;
    let address = app.base.trim_start_matches("http://").to_owned();
    let mut many = String::new();
    for n in 0..100 {
        let path = if n % 2 == 0 { "/healthz" } else { "/api/v1/units" };
        many += &format!("GET {path} HTTP/1.1\r\nHost: x\r\nX-Request-Id: n-{n}\r\n\r\n");
    }
    many += "GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    let asked = actix_web::rt::task::spawn_blocking(move || exchange(&address, &[many.as_bytes()]));
    let (heard, _) = asked.await.unwrap();
    let due: Vec<u16> = (0..100).map(|n| if n % 2 == 0 { 200 } else { 401 }).chain([200]).collect();
    assert_eq!(statuses(&heard), due);
    let places: Vec<_> = (0..100).map(|n| heard.find(&format!("x-request-id: n-{n}\r\n")).unwrap()).collect();
    assert!(places.is_sorted());
}
