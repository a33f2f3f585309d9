//! An exhibition: the room by itself, all day, with strangers.
//!
//! [`hours`] says when it is open and when families are here, [`check`] why it cannot open, [`pin`] who may open the
//! staff's panel, [`panel`] what they can do there, [`call`] runs the operator's command that calls a person, and [`staff`] is
//! the page for the staff and what a monitor reads. [`wait`] stays closed until nothing stands against opening.
//! [`supervise`] keeps a [`station`] going: the process that holds one visit and ends with it, and whose memory is sealed; and
//! [`notify`] tells a service manager that it does. [`notice`] is the sheet at the entrance.
//!
//! Deliberately absent: any word of a visitor. Nothing in here knows one, so nothing in here can keep or show one.

pub mod call;
pub mod check;
pub mod hours;
pub mod notice;
pub mod notify;
pub mod panel;
pub mod pin;
mod proof;
#[cfg(target_os = "linux")]
pub mod sealed;
pub mod staff;
pub mod station;
pub mod supervise;
pub mod wait;
mod watched;
