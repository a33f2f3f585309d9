//! What a face may show: where it is in a picture, its points, and an expression with how pleasant and how stirred it looks.
//!
//! A picture goes through networks that are entries of the list of models: a detector, a classifier of expressions (or
//! several, averaged), and, where their files are, landmarks and blendshapes. All work on one thread, one after the other.
//! No picture is kept. What comes out is a guess: a face *may look* sad, it never *is*.

mod affect;
mod caption;
pub mod count;
mod crop;
mod detector;
mod expression;
mod glance;
pub(in crate::senses) mod jpeg;
mod landmarks;
mod nearest;
mod neutral;
mod picture;
pub mod portrait;
mod reader;
mod resample;
pub mod sense;
mod thumbnail;
pub mod watch;
pub mod words;

pub use affect::{Affect, circumplex};
pub use detector::{Detector, Found};
pub use expression::{Expressions, Guess, label, name};
pub use landmarks::{Landmarks, Points};
pub use picture::{MOST_PIXELS, Picture, PictureError};
pub use reader::{Choice, FaceError, Reader, Reading};
