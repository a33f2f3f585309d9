//! The written material and the interface's words are built in: a new file among them builds the program anew.

fn main() {
    println!("cargo::rerun-if-changed=prompts");
    println!("cargo::rerun-if-changed=assets");
}
