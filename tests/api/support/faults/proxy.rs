//! Faults of PostgreSQL: a proxy that reads the messages of the client (protocol 3.0) and counts those of writes.

use std::io::{Read, Result, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Weak};
use std::time::Duration;

use super::{Fault, Faults};

/// Starts a proxy before the server of `url`; the URL that leads through it. It ends with the last holder of `faults`.
pub fn start(url: &str, faults: &Arc<Faults>) -> String {
    let (user, rest) = url.split_once('@').unwrap();
    let (server, database) = rest.split_once('/').unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let (server, faults) = (server.to_owned(), Arc::downgrade(faults));
    std::thread::spawn(move || serve(&listener, &server, &faults));
    let database = database.split('?').next().unwrap();
    format!("{user}@{address}/{database}?sslmode=disable&gssencmode=disable")
}

fn serve(listener: &TcpListener, server: &str, faults: &Weak<Faults>) {
    for client in listener.incoming() {
        let (Ok(client), Some(faults)) = (client, faults.upgrade()) else { return };
        if faults.gone.load(Ordering::SeqCst) {
            continue;
        }
        let server = TcpStream::connect(server).unwrap();
        let _ = (client.set_nodelay(true), server.set_nodelay(true));
        let cut_answer = Arc::<AtomicBool>::default();
        let (down_from, down_to) = (server.try_clone().unwrap(), client.try_clone().unwrap());
        let (cut, weak) = (cut_answer.clone(), Arc::downgrade(&faults));
        std::thread::spawn(move || answers(down_from, down_to, &cut, &weak));
        let faults = Arc::downgrade(&faults);
        std::thread::spawn(move || {
            let _ = Calls { writing: false, cut_answer }.pass(&client, &server, &faults);
            cut_both(&client, &server);
        });
    }
}

fn cut_both(client: &TcpStream, server: &TcpStream) {
    let _ = (client.shutdown(Shutdown::Both), server.shutdown(Shutdown::Both));
}

/// What the server says, as it is; nothing more once the answer of a commit is cut, or the database is gone.
fn answers(mut server: TcpStream, mut client: TcpStream, cut: &AtomicBool, faults: &Weak<Faults>) {
    let mut bytes = vec![0; 64 * 1024];
    let _ = server.set_read_timeout(Some(Duration::from_millis(20)));
    loop {
        let gone = faults.upgrade().is_none_or(|faults| faults.gone.load(Ordering::SeqCst));
        match server.read(&mut bytes) {
            _ if gone => break,
            Ok(0) => break,
            Ok(_) if cut.load(Ordering::SeqCst) => break,
            Ok(read) if client.write_all(&bytes[..read]).is_err() => break,
            Err(error) if !matches!(error.kind(), std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut) => {
                break;
            }
            _ => {}
        }
    }
    cut_both(&client, &server);
}

/// What the client asks.
struct Calls {
    writing: bool,
    cut_answer: Arc<AtomicBool>,
}

impl Calls {
    fn pass(&mut self, mut client: &TcpStream, mut server: &TcpStream, faults: &Weak<Faults>) -> Result<()> {
        // The first message has no kind.
        let first = body(&mut client)?;
        server.write_all(&framed(None, &first))?;
        loop {
            let mut kind = [0];
            client.read_exact(&mut kind)?;
            let mut message = body(&mut client)?;
            let Some(faults) = faults.upgrade() else { return Ok(()) };
            let text = if kind == *b"Q" { String::from_utf8_lossy(&message).into_owned() } else { String::new() };
            if text.starts_with("BEGIN ISOLATION LEVEL SERIALIZABLE") {
                self.writing = true;
                faults.begins();
            }
            // The frame around a write is not the action's, as on SQLite: a rollback that fails takes nothing back.
            let is_frame = text.starts_with("BEGIN") || text.starts_with("ROLLBACK\0");
            if self.writing && !is_frame && matches!(&kind, b"Q" | b"P" | b"B") {
                if faults.meets(Fault::Cut) {
                    return Ok(());
                }
                if faults.meets(Fault::Error) {
                    message = broken(kind[0]);
                }
            }
            if self.writing && text.starts_with("COMMIT") && faults.meets(Fault::CutAfterCommit) {
                self.cut_answer.store(true, Ordering::SeqCst);
            }
            if text.starts_with("COMMIT") || text.starts_with("ROLLBACK\0") {
                self.writing = false;
            }
            server.write_all(&framed(Some(kind[0]), &message))?;
        }
    }
}

fn body(stream: &mut &TcpStream) -> Result<Vec<u8>> {
    let mut length = [0; 4];
    stream.read_exact(&mut length)?;
    let mut message = vec![0; u32::from_be_bytes(length) as usize - 4];
    stream.read_exact(&mut message)?;
    Ok(message)
}

fn framed(kind: Option<u8>, message: &[u8]) -> Vec<u8> {
    let length = u32::try_from(message.len() + 4).unwrap().to_be_bytes();
    kind.into_iter().chain(length).chain(message.iter().copied()).collect()
}

/// A message of the same kind that the server answers with an error: there is no such statement.
fn broken(kind: u8) -> Vec<u8> {
    match kind {
        b'Q' => b"SELECT a_fault\0".to_vec(),
        b'P' => b"\0SELECT a_fault\0\0\0".to_vec(),
        _ => b"\0a_fault\0\0\0\0\0\0\0".to_vec(),
    }
}
