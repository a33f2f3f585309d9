//! The program. Everything is in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    inner_room::cli::main()
}
