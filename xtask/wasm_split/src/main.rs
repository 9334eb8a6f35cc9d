//! `wasm-split mark IN OUT`: the module with a mark for every function that is called.
//! `wasm-split split IN CALLED FIRST REST`: the two modules; `CALLED` holds the numbers of the marks that were set.
//!
//! A module of a few thousand functions calls few of them before a person sees something move. The first module has
//! those; each function of the second that it refers to is a stand-in there, which calls the export [`LOAD`] unless
//! the global [`JOINED`] is set, and then the function itself through the table. Instantiating the second module with
//! the exports of the first as `first` fills the table; the one who does it sets [`JOINED`].

mod mark;
mod parts;
mod split;

use anyhow::{Result, bail};
use walrus::Module;

/// The export, a function without parameters, that brings the second module in before it returns.
const LOAD: &str = "load_rest";
/// The exported global that is 1 once the second module is there.
const JOINED: &str = "rest_joined";
/// What the exports begin with that are there for the second module, or for the marks.
const MARK: &str = "called_";

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["mark", input, output] => mark::mark(Module::from_file(input)?)?.emit_wasm_file(output),
        ["split", input, called, first, rest] => {
            let called = std::fs::read_to_string(called)?;
            let called = called.split_whitespace().map(str::parse).collect::<Result<Vec<usize>, _>>()?;
            let (mut first_module, mut rest_module) = split::split(&std::fs::read(input)?, &called)?;
            first_module.emit_wasm_file(first)?;
            rest_module.emit_wasm_file(rest)
        }
        _ => bail!("usage: wasm-split mark IN OUT | wasm-split split IN CALLED FIRST REST"),
    }
}
