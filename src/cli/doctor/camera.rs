//! The cameras that could see the person. No picture is taken.

use super::Finding;
use crate::senses::camera::{Camera, cameras};

/// Which there are.
pub(super) fn look() -> Finding {
    let there = cameras();
    let named: Vec<String> = there.iter().map(|Camera { id, title, .. }| format!("{title} ({id})")).collect();
    let figures = serde_json::json!(there.iter().map(|it| [&it.id, &it.title]).collect::<Vec<_>>());
    let finding = if there.is_empty() {
        Finding::look("camera", "there is none".to_owned(), "The room goes on without one.")
    } else {
        Finding::well("camera", named.join(", "))
    };
    Finding { figures: Some(figures), ..finding }
}
