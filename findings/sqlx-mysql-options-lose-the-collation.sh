#!/usr/bin/env bash
# sqlx 0.9.0: MySqlConnectOptions write their collation into a url as a second `charset`
# (`to_url_lossy`, the only way to a url from the options of a pool). Read again, the url has the
# collation's name for its charset and no collation at all: the server refuses such a session, or it
# compares texts by another collation than the application's own pool. Whoever derives the url of a
# migrator from a pool of the application's meets it as soon as a collation was set.
#
# Seen: the two lines below `expected`.
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
mkdir "$place/src"
cat >"$place/Cargo.toml" <<'TOML'
[package]
name = "finding"
version = "0.0.0"
edition = "2021"

[dependencies]
sqlx = { version = "=0.9.0", default-features = false, features = ["mysql", "runtime-tokio"] }
TOML
cat >"$place/src/main.rs" <<'RUST'
use sqlx::mysql::MySqlConnectOptions;
use sqlx::ConnectOptions;

fn main() {
    let shown = |options: &MySqlConnectOptions| {
        format!("charset {}, collation {:?}", options.get_charset(), options.get_collation())
    };
    let options: MySqlConnectOptions =
        "mysql://app@db.example/shop?charset=utf8mb4&collation=utf8mb4_bin".parse().unwrap();
    println!("before: {}", shown(&options));
    let again = MySqlConnectOptions::from_url(&options.to_url_lossy()).unwrap();
    println!("after:  {}", shown(&again));
}
RUST
seen=$(cd "$place" && cargo run --quiet)
expected='before: charset utf8mb4, collation Some("utf8mb4_bin")
after:  charset utf8mb4_bin, collation None'
echo "$seen"
[ "$seen" = "$expected" ] || { echo 'it behaves otherwise now' >&2; exit 1; }
