//! The written material and the interface's words are built in: a new file among them builds the program anew.

#![expect(clippy::print_stdout, reason = "this is how a build script speaks to cargo")]

fn main() {
    println!("cargo::rerun-if-changed=prompts");
    println!("cargo::rerun-if-changed=assets");
}
