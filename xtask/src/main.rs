//! The developer commands. Each installs what it misses, says so, and then calls public tools only.

mod bench;
mod books;
mod browse;
mod process;
mod serve;
mod site;
mod size;
mod test;
mod tools;
mod wasm_rust;

use std::ffi::OsString;
use std::process::ExitCode;

use anyhow::{Result, bail};

const USAGE: &str = "\
Usage: cargo xtask <command>

  serve [--port N]             build the release site and serve it on 127.0.0.1 (default port 8080)
  test [--only STEP] [-- ARGS] run all that CI runs, or one step of it (ARGS go to that step's command)
  size                         print the site's size and compare it with its budget
  bench [ARGS]                 print one line per performance figure
  books                        build the books of examples/ with the real tools, which it installs
  screens                      photograph every screen beside the design: target/screens/index.html
  soak                         half an hour at 100x in the browser: memory, input, errors
  env                          print shell lines that put the installed tools on PATH

Tools are installed once per user, into $INFLIGHT_TOOLS (default: inflight in the user's cache folder).";

enum Task {
    Help,
    Serve { port: u16 },
    Test { only: Option<String>, arguments: Vec<OsString> },
    Size,
    Bench { arguments: Vec<OsString> },
    Books,
    Screens,
    Soak,
    Env,
}

fn main() -> ExitCode {
    match parse().and_then(perform) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn perform(task: Task) -> Result<ExitCode> {
    match task {
        Task::Help => println!("{USAGE}"),
        Task::Serve { port } => serve::serve(port)?,
        Task::Test { only, arguments } => return test::test(only.as_deref(), &arguments),
        Task::Size => size::size()?,
        Task::Bench { arguments } => bench::bench(&arguments)?,
        Task::Books => books::books()?,
        Task::Screens => browse::screens()?,
        Task::Soak => browse::soak()?,
        Task::Env => tools::print_environment()?,
    }
    Ok(ExitCode::SUCCESS)
}

fn parse() -> Result<Task> {
    use lexopt::prelude::{Long, Short, Value, ValueExt};
    let mut parser = lexopt::Parser::from_env();
    let Some(Value(command)) = parser.next()? else { return Ok(Task::Help) };
    let command = command.string()?;
    if command == "bench" {
        return Ok(Task::Bench { arguments: parser.raw_args()?.collect() });
    }
    let (mut port, mut only, mut arguments) = (8080, None, Vec::new());
    while let Some(argument) = parser.next()? {
        match argument {
            Short('h') | Long("help") => return Ok(Task::Help),
            Long("port") if command == "serve" => port = parser.value()?.parse()?,
            Long("only") if command == "test" => only = Some(parser.value()?.string()?),
            Value(value) if command == "test" && only.is_some() => arguments.push(value),
            other => return Err(other.unexpected().into()),
        }
    }
    match command.as_str() {
        "help" => Ok(Task::Help),
        "serve" => Ok(Task::Serve { port }),
        "test" => Ok(Task::Test { only, arguments }),
        "size" => Ok(Task::Size),
        "books" => Ok(Task::Books),
        "screens" => Ok(Task::Screens),
        "soak" => Ok(Task::Soak),
        "env" => Ok(Task::Env),
        unknown => bail!("there is no command `{unknown}`\n\n{USAGE}"),
    }
}
