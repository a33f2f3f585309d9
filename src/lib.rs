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
//! | [`thread`] | threads, of which nothing is left when they end |
//! | [`words`] | what the program itself says, in the person's language |
//! | [`config`] | settings: file, environment, flags |
//! | [`net`] | chat servers: requests, streams, limits, discovery; getting a file |
//! | [`models`] | model files: which are known, where they lie, getting them, running networks |
//! | `sound` | sound itself: recordings, rates |
//! | [`cast`] | who plays the agents; [`cast::story`] from written material, [`cast::model`] by a language model |
//! | [`voice`] | the figures heard: in silence by time alone, or spoken, mixed and placed in the room |
//! | `senses` | what is taken in of the person: sound, voice activity, words, the face |
//! | [`journal`] | sessions at rest: written before they are shown, exported, erased |
//! | [`keepsake`] | the take-away card: the kept words and the date, as a page and a picture |
//! | [`host`] | runs a session: owns session, cast, voice and journal, deadlines, the link |
//! | [`app`] | where Bevy meets the link: states, messages, the order of a frame; window and pictures |
//! | [`room`] | the round room, its light, the two figures |
//! | [`desk`] | flat panels for somebody in front of a screen |
//! | `headset` | the room in a headset: what a runtime says, panels in the room, pointing, comfort |
//! | `exhibit` | an exhibition by itself: opening hours, what keeps it closed, the staff's page and call |
//! | [`cli`] | the commands |

#[cfg(feature = "room")]
pub mod app;
pub mod cast;
pub mod cli;
pub mod config;
#[cfg(feature = "room")]
pub mod desk;
pub mod dialogue;
#[cfg(feature = "exhibit")]
pub mod exhibit;
#[cfg(feature = "headset")]
pub mod headset;
pub mod host;
pub mod journal;
pub mod keepsake;
pub mod models;
pub mod net;
#[cfg(feature = "room")]
pub mod room;
#[cfg(any(feature = "face", feature = "speech"))]
pub mod senses;
#[cfg(feature = "speech")]
pub mod sound;
pub mod thread;
pub mod voice;
pub mod words;
