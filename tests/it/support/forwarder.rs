//! Connections passed on to a server, and counted.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::TestDb;

/// Listens on a port of its own and passes connections on to a database's server, for as long as the
/// test runs.
pub struct Forwarder {
    address: SocketAddr,
    url: url::Url,
    counts: Arc<Counts>,
}

#[derive(Default)]
struct Counts {
    messages: AtomicUsize,
    logins: AtomicUsize,
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
        let counts = Arc::new(Counts::default());
        let name = format!("{}\0", db.name()).into_bytes();
        let counter = counts.clone();
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let server = TcpStream::connect(&server).expect("the server");
                pass_on(client, server, name.clone(), counter.clone());
            }
        });
        Forwarder { address, url, counts }
    }

    /// The database's address through this port.
    pub fn url(&self) -> String {
        let mut url = self.url.clone();
        url.set_port(Some(self.address.port())).expect("a url with a host");
        url.into()
    }

    /// How often clients have sent something.
    pub fn messages(&self) -> usize {
        self.counts.messages.load(Ordering::SeqCst)
    }

    /// How many connections have been opened to the database itself, and not to another of its server.
    pub fn logins(&self) -> usize {
        self.counts.logins.load(Ordering::SeqCst)
    }
}

fn pass_on(mut client: TcpStream, mut server: TcpStream, name: Vec<u8>, counts: Arc<Counts>) {
    let (mut from, mut to) =
        (server.try_clone().expect("a clone"), client.try_clone().expect("a clone"));
    std::thread::spawn(move || drop(std::io::copy(&mut from, &mut to)));
    std::thread::spawn(move || {
        let mut bytes = [0; 65536];
        let mut is_known = false;
        while let Ok(length @ 1..) = client.read(&mut bytes) {
            counts.messages.fetch_add(1, Ordering::SeqCst);
            // A login names its database, with a zero behind it, on both protocols.
            if !is_known && bytes[..length].windows(name.len()).any(|word| word == name) {
                is_known = true;
                counts.logins.fetch_add(1, Ordering::SeqCst);
            }
            if server.write_all(&bytes[..length]).is_err() {
                return;
            }
        }
        drop(server.shutdown(Shutdown::Write));
    });
}
