//! Inner Room: a person comforts a virtual self, the Patient, against their inner critic, the Devil, in their own words.
//!
//! Three ideas hold the code together:
//!
//! - **The session is a pure state machine** ([`dialogue::Session`]): no clock, no thread, no file, no network.
//! - **The host owns the session, a stage only shows it** ([`host`]): the stage may die, the session may not.
//! - **The event log is the truth** ([`dialogue::event`]): whatever happened is an event.
//!
//! # Layers
//!
//! A layer uses only those above it; `tests/layers.rs` holds them to it.
//!
//! | module | what lives there |
//! |---|---|
//! | [`dialogue`] | the pure core: session, turns, requests and answers, strength, face summary, gate |
//! | [`config`] | settings: file, environment, flags |
//! | [`net`] | chat servers: requests, streams, limits, discovery |
//! | [`cast`] | who plays the agents; [`cast::story`] from written material, [`cast::model`] by a language model |
//! | [`journal`] | sessions at rest: written before they are shown, exported, erased |
//! | [`host`] | runs a session: owns session, cast, voice and journal, deadlines, the link |
//! | [`cli`] | the commands |

pub mod cast;
pub mod cli;
pub mod config;
pub mod dialogue;
pub mod host;
pub mod journal;
pub mod net;
