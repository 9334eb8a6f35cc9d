//! `cargo xtask serve`: the built site on 127.0.0.1, as any plain file server would give it.

use std::fs::File;
use std::path::{Component, Path, PathBuf};
use std::thread;

use anyhow::{Result, anyhow};
use tiny_http::{Header, Method, Request, Response, Server};

use crate::site;

/// A client that does not read what it asked for holds one of them up.
const THREADS: usize = 16;

/// Builds the site if needed and serves it until the process is ended.
pub(crate) fn serve(port: u16) -> Result<()> {
    // Before the build: a port in use is better known now than in some minutes.
    let server = listen(port)?;
    site::build()?;
    println!("Serving the site on {}  (Ctrl-C ends it)", address(&server));
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| answer_all(&server));
        }
    });
    Ok(())
}

/// Serves `dist/` from threads that end with the process; returns the site's address.
pub(crate) fn serve_in_background() -> Result<String> {
    let server: &'static Server = Box::leak(Box::new(listen(0)?));
    for _ in 0..THREADS {
        thread::spawn(|| answer_all(server));
    }
    Ok(address(server))
}

fn listen(port: u16) -> Result<Server> {
    Server::http(("127.0.0.1", port)).map_err(|reason| {
        anyhow!(
            "port {port} of 127.0.0.1 cannot be opened ({reason}), perhaps another program listens there; try: \
             cargo xtask serve --port {}",
            port.saturating_add(1)
        )
    })
}

fn address(server: &Server) -> String {
    format!("http://{}/", server.server_addr())
}

fn answer_all(server: &Server) {
    for request in server.incoming_requests() {
        // A browser that hangs up while it is answered is no fault of ours.
        let _ = answer(request);
    }
}

fn answer(request: Request) -> std::io::Result<()> {
    let file = match request.method() {
        Method::Get | Method::Head => file_of(&site::folder(), request.url()),
        _ => return request.respond(Response::empty(405)),
    };
    let Some((file, kind)) = file.and_then(|path| Some((File::open(&path).ok()?, media_type(&path)))) else {
        return request.respond(Response::from_string("There is no such file.").with_status_code(404));
    };
    // With its length, so that a browser can show how far it is.
    let mut response = Response::from_file(file).with_chunked_threshold(usize::MAX);
    // A sandboxed frame has an origin of its own: to it, these files come from elsewhere.
    let headers =
        [("Content-Type", kind), ("Cache-Control", "no-cache"), ("Access-Control-Allow-Origin", "*")];
    for (name, value) in headers {
        if let Ok(header) = Header::from_bytes(name, value) {
            response.add_header(header);
        }
    }
    request.respond(response)
}

/// The file that a request's address names, if it is one inside `folder`.
fn file_of(folder: &Path, address: &str) -> Option<PathBuf> {
    let name = address.split(['?', '#']).next()?.trim_start_matches('/');
    let inside = Path::new(name).components().all(|part| matches!(part, Component::Normal(_)));
    let whole_folder = name.is_empty() || name.ends_with('/');
    let file = if whole_folder { folder.join(name).join("index.html") } else { folder.join(name) };
    (inside && file.is_file()).then_some(file)
}

fn media_type(file: &Path) -> &'static str {
    match file.extension().and_then(|extension| extension.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("json") => "application/json",
        Some("webmanifest") => "application/manifest+json",
        Some("wasm") => "application/wasm",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("ico") => "image/x-icon",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_files_of_the_folder_are_served() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
        assert_eq!(file_of(folder, "/Cargo.toml?v=1"), Some(folder.join("Cargo.toml")));
        assert_eq!(file_of(folder, "/src/main.rs"), Some(folder.join("src/main.rs")));
        assert_eq!(file_of(folder, "/../Cargo.toml"), None);
        assert_eq!(file_of(folder, "/src/../../Cargo.toml"), None);
        assert_eq!(file_of(folder, "//etc/passwd"), None);
        assert_eq!(file_of(folder, "/"), None);
        assert_eq!(file_of(folder, "/src/"), None);
    }

    #[test]
    fn a_browser_compiles_wasm_while_it_loads_only_with_its_media_type() {
        assert_eq!(media_type(Path::new("a_bg.wasm")), "application/wasm");
        assert_eq!(media_type(Path::new("a.js")), "text/javascript; charset=utf-8");
    }
}
