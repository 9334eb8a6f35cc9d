//! `cargo xtask serve`: the built site on 127.0.0.1, as any plain file server would give it.

use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::thread;

use anyhow::{Result, anyhow};
use axum::Router;
use axum::http::{HeaderName, HeaderValue, header};
use tokio::runtime;
use tower_http::services::ServeDir;
use tower_http::set_header::SetResponseHeaderLayer;

use crate::site;

/// Builds the site if needed and serves it until the process is ended.
pub(crate) fn serve(port: u16) -> Result<()> {
    // Before the build: a port in use is better known now than in some minutes.
    let (listener, address) = listen(port)?;
    site::build()?;
    println!("Serving the site on http://{address}/  (Ctrl-C ends it)");
    answer_all(listener, &site::folder())
}

/// Serves `dist/` from threads that end with the process; returns the site's address.
pub(crate) fn serve_in_background() -> Result<String> {
    let (listener, address) = listen(0)?;
    thread::spawn(move || answer_all(listener, &site::folder()));
    Ok(format!("http://{address}/"))
}

fn listen(port: u16) -> Result<(TcpListener, SocketAddr)> {
    let listener = TcpListener::bind(("127.0.0.1", port)).map_err(|reason| {
        anyhow!(
            "port {port} of 127.0.0.1 cannot be opened ({reason}), perhaps another program listens there; try: \
             cargo xtask serve --port {}",
            port.saturating_add(1)
        )
    })?;
    let address = listener.local_addr()?;
    Ok((listener, address))
}

fn answer_all(listener: TcpListener, folder: &Path) -> Result<()> {
    let always =
        |name: HeaderName, value| SetResponseHeaderLayer::overriding(name, HeaderValue::from_static(value));
    let files = Router::new()
        .fallback_service(ServeDir::new(folder))
        .layer(always(header::CACHE_CONTROL, "no-cache"))
        // A sandboxed frame has an origin of its own: to it, these files come from elsewhere.
        .layer(always(header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"));
    listener.set_nonblocking(true)?;
    let runtime = runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::from_std(listener)?;
        Ok(axum::serve(listener, files).await?)
    })
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead, BufReader, Write};
    use std::net::TcpStream;

    use anyhow::ensure;

    use super::*;

    /// A server of the folder of this package.
    fn server() -> Result<SocketAddr> {
        let (listener, address) = listen(0)?;
        thread::spawn(move || answer_all(listener, Path::new(env!("CARGO_MANIFEST_DIR"))));
        Ok(address)
    }

    fn ask(connection: &mut TcpStream, path: &str) -> Result<()> {
        Ok(write!(connection, "GET {path} HTTP/1.1\r\nHost: site\r\n\r\n")?)
    }

    /// The head of an answer; its body is read too.
    fn answer(connection: &mut impl BufRead) -> Result<String> {
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            ensure!(connection.read_line(&mut head)? > 0, "the connection was ended after: {head}");
        }
        let head = head.to_lowercase();
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok());
        connection.read_exact(&mut vec![0; length.unwrap_or(0)])?;
        Ok(head)
    }

    fn head_of(path: &str) -> Result<String> {
        let mut connection = TcpStream::connect(server()?)?;
        ask(&mut connection, path)?;
        answer(&mut BufReader::new(connection))
    }

    #[test]
    fn only_files_of_the_folder_are_served_to_any_origin() -> Result<()> {
        let found = head_of("/Cargo.toml?v=1")?;
        assert!(found.starts_with("http/1.1 200 ok"), "{found}");
        assert!(found.contains("access-control-allow-origin: *"), "{found}");
        assert!(found.contains("cache-control: no-cache"), "{found}");
        for outside in
            ["/../Cargo.toml", "/src/../../Cargo.toml", "//etc/passwd", "/%2e%2e/Cargo.toml", "/none"]
        {
            let refused = head_of(outside)?;
            assert!(refused.starts_with("http/1.1 404 not found"), "{outside}: {refused}");
        }
        Ok(())
    }

    /// A browser keeps its connections open, and opens several at once.
    #[test]
    fn every_connection_is_answered_while_the_others_stay_open() -> Result<()> {
        let address = server()?;
        let connect = |_| Ok(BufReader::new(TcpStream::connect(address)?));
        let mut connections: Vec<_> = (0..64).map(connect).collect::<Result<_>>()?;
        for turn in 0..2 {
            for connection in &mut connections {
                ask(connection.get_mut(), "/src/main.rs")?;
            }
            for connection in &mut connections {
                assert!(answer(connection)?.starts_with("http/1.1 200 ok"), "turn {turn}");
            }
        }
        Ok(())
    }
}
