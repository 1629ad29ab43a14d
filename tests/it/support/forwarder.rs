//! Connections passed on to a server, and counted; and, when asked, no longer passed on, as by a network
//! that has gone.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use super::TestDb;

/// Listens on a port of its own and passes connections on to a database's server, for as long as the
/// test runs.
pub struct Forwarder {
    address: SocketAddr,
    url: url::Url,
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    messages: AtomicUsize,
    logins: AtomicUsize,
    silence: Mutex<Silence>,
    fallen: Condvar,
    servers: Mutex<Vec<TcpStream>>,
}

/// What is not passed on any more, once a client has sent some word.
#[derive(Default)]
struct Silence {
    word: Vec<u8>,
    /// Whether only the answers to the connections that there are by then are kept back.
    only_answers: bool,
    has_fallen: bool,
}

impl Forwarder {
    pub fn to(db: &TestDb) -> Forwarder {
        Forwarder::at(TcpListener::bind("127.0.0.1:0").expect("a port"), db)
    }

    pub fn at(listener: TcpListener, db: &TestDb) -> Forwarder {
        let (host, port, ..) = db.server();
        let server = format!("{host}:{port}");
        let address = listener.local_addr().expect("an address");
        let url = db.url().parse().expect("a url");
        let shared = Arc::new(Shared::default());
        let name = format!("{}\0", db.name()).into_bytes();
        let for_all = shared.clone();
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let server = TcpStream::connect(&server).expect("the server");
                for_all.servers.lock().unwrap().push(server.try_clone().expect("a clone"));
                pass_on(client, server, name.clone(), &for_all);
            }
        });
        Forwarder { address, url, shared }
    }

    /// The database's address through this port.
    pub fn url(&self) -> String {
        let mut url = self.url.clone();
        url.set_port(Some(self.address.port())).expect("a url with a host");
        url.into()
    }

    /// How often clients have sent something.
    pub fn messages(&self) -> usize {
        self.shared.messages.load(Ordering::SeqCst)
    }

    /// How many connections have been opened to the database itself, and not to another of its server.
    pub fn logins(&self) -> usize {
        self.shared.logins.load(Ordering::SeqCst)
    }

    /// Passes nothing on any more once a client sends this.
    pub fn be_silent_at(&self, word: &[u8]) {
        let silence = Silence { word: word.to_vec(), ..Silence::default() };
        *self.shared.silence.lock().unwrap() = silence;
    }

    /// Keeps back the answers to the connections that there are once one of them sends this.
    pub fn keep_answers_at(&self, word: &[u8]) {
        let silence = Silence { word: word.to_vec(), only_answers: true, has_fallen: false };
        *self.shared.silence.lock().unwrap() = silence;
    }

    /// Waits until a client has sent the word.
    pub fn wait_for_silence(&self) {
        let silence = self.shared.silence.lock().unwrap();
        let fallen = |silence: &mut Silence| !silence.has_fallen;
        let (_silence, waited) = self
            .shared
            .fallen
            .wait_timeout_while(silence, Duration::from_secs(120), fallen)
            .unwrap();
        assert!(!waited.timed_out(), "nobody sends it");
    }

    /// Ends all connections to the server.
    pub fn hang_up(&self) {
        for server in self.shared.servers.lock().unwrap().drain(..) {
            drop(server.shutdown(Shutdown::Both));
        }
    }
}

fn holds(bytes: &[u8], word: &[u8]) -> bool {
    !word.is_empty() && bytes.windows(word.len()).any(|part| part == word)
}

fn pass_on(mut client: TcpStream, mut server: TcpStream, name: Vec<u8>, shared: &Arc<Shared>) {
    let is_new = shared.silence.lock().unwrap().has_fallen;
    let (mut from, mut to) =
        (server.try_clone().expect("a clone"), client.try_clone().expect("a clone"));
    let answers = shared.clone();
    std::thread::spawn(move || {
        let mut bytes = [0; 65536];
        while let Ok(length @ 1..) = from.read(&mut bytes) {
            let silence = answers.silence.lock().unwrap();
            let is_kept = silence.has_fallen && !(silence.only_answers && is_new);
            drop(silence);
            if !is_kept && to.write_all(&bytes[..length]).is_err() {
                return;
            }
        }
    });
    let shared = shared.clone();
    std::thread::spawn(move || {
        let mut bytes = [0; 65536];
        let mut is_known = false;
        while let Ok(length @ 1..) = client.read(&mut bytes) {
            shared.messages.fetch_add(1, Ordering::SeqCst);
            // A login names its database, with a zero behind it, on both protocols.
            if !is_known && holds(&bytes[..length], &name) {
                is_known = true;
                shared.logins.fetch_add(1, Ordering::SeqCst);
            }
            let mut silence = shared.silence.lock().unwrap();
            if holds(&bytes[..length], &silence.word) {
                silence.has_fallen = true;
                shared.fallen.notify_all();
            }
            let is_kept = silence.has_fallen && !silence.only_answers;
            drop(silence);
            if !is_kept && server.write_all(&bytes[..length]).is_err() {
                return;
            }
        }
        drop(server.shutdown(Shutdown::Write));
    });
}
