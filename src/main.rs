//! The program. Everything is in the library.

use std::alloc::System;
use std::process::ExitCode;

use zeroizing_alloc::ZeroAlloc;

/// What is given back is overwritten: of what somebody said nothing stays in memory once it is let go.
#[global_allocator]
static WIPES: ZeroAlloc<System> = ZeroAlloc(System);

fn main() -> ExitCode {
    inner_room::cli::main()
}
