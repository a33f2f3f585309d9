//! The room as it was judged by eye, drawn by lavapipe: whoever changes it sees what they changed. And never a flash.
//!
//! `UPDATE_PICTURES=1 cargo test --test pictures` draws `tests/pictures` anew. A person looks at them before they are
//! committed.

#![cfg(feature = "room")]
#![expect(clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]
#![expect(clippy::print_stderr, reason = "a skip has a name")]

#[cfg(feature = "headset")]
#[path = "pictures/eyes.rs"]
mod eyes;
#[path = "pictures/flashes.rs"]
mod flashes;
#[path = "pictures/likeness.rs"]
mod likeness;
#[path = "pictures/screens.rs"]
mod screens;
#[path = "pictures/visitors.rs"]
mod visitors;

use std::time::Duration;

use bevy::prelude::*;
use image::RgbImage;
use inner_room::app::offscreen::Pictures;
use inner_room::app::{self, StageCamera, Surface};
use inner_room::config::Tier;
use inner_room::dialogue::theme::{Hour, Theme, Weather, Window};
use inner_room::host::{HostLink, link};
use inner_room::room::outlook::Outlook;
use inner_room::room::tier::WantedTier;
use inner_room::room::{self, Expression, Mood, Scene, Seat, Speaker};

use crate::likeness::assert_like;

/// Large enough to see a brow, small enough to be drawn without a graphics card.
const SIZE: (u32, u32) = (480, 270);

/// A stage that draws without a graphics card; none, and a word, where that cannot be done.
fn stage(size: (u32, u32)) -> Option<(Pictures, HostLink)> {
    stage_with(size, |_app| {})
}

/// The same with something more on it.
fn stage_with((width, height): (u32, u32), more: impl FnOnce(&mut App)) -> Option<(Pictures, HostLink)> {
    if !can_draw() {
        return None;
    }
    let (stage, host) = link();
    let mut app = app::build(Surface::Offscreen { width, height, software: true }, stage);
    app.insert_resource(WantedTier(Some(Tier::Low))).add_plugins(room::plugin);
    more(&mut app);
    Some((Pictures::new(app), host))
}

/// Whether pictures can be drawn without a graphics card; else a word.
fn can_draw() -> bool {
    if app::can_show(true) {
        return true;
    }
    let required =
        std::env::var("INNER_ROOM_REQUIRE").is_ok_and(|list| list.split(',').any(|it| it == "vulkan"));
    assert!(!required, "lavapipe is not installed, and INNER_ROOM_REQUIRE asks for vulkan");
    eprintln!("skipped: pictures (lavapipe, Vulkan without a graphics card, is not installed)");
    false
}

/// The room as it is once nothing has changed for a while, at the same moment each time.
fn put(stage: &mut Pictures, scene: Scene) {
    let mut mood = Mood::at(&scene);
    (mood.seconds, mood.drift) = (12.0, 12.0);
    stage.app().insert_resource(mood).insert_resource(scene);
}

fn draw(stage: &mut Pictures) -> RgbImage {
    let picture = stage.take().expect("a picture");
    picture.try_into_dynamic().expect("a picture of bytes").to_rgb8()
}

fn at(strength: f32, expression: Expression) -> Scene {
    Scene { strength, held: strength, expression, ..Scene::default() }
}

/// While the person sits in the Patient's place.
fn over_there_the_devil_speaks() -> Scene {
    let speaking = Some((Speaker::Devil, "I had every chance to get".to_owned(), 12.0));
    Scene { seat: Seat::Patients, speaking, ..at(0.0, Expression::Comfort) }
}

/// Moves the eyes of whoever looks.
fn look_from(stage: &mut Pictures, place: Transform, field: f32) {
    let world = stage.app().world_mut();
    let mut cameras = world.query_filtered::<(&mut Transform, &mut Projection), With<StageCamera>>();
    for (mut at, mut projection) in cameras.iter_mut(world) {
        *at = place;
        if let Projection::Perspective(lens) = &mut *projection {
            lens.fov = field.to_radians();
        }
    }
}

#[test]
fn the_room_is_as_it_was_judged() {
    let Some((mut stage, _host)) = stage(SIZE) else { return };
    for (name, scene) in [
        ("strength-1.0", at(1.0, Expression::Hurt)),
        ("strength-0.5", at(0.5, Expression::Doubt)),
        ("strength-0.0", at(0.0, Expression::Calm)),
        ("without-the-devil", Scene { devil: 0.0, ..at(0.4, Expression::Doubt) }),
        ("over-there", Scene { seat: Seat::Patients, ..at(0.0, Expression::Comfort) }),
        ("over-there-the-devil-speaks", over_there_the_devil_speaks()),
        ("the-person-speaks", Scene { held: 0.8, ..at(0.9, Expression::Hurt) }),
    ] {
        let speaks = name == "the-person-speaks";
        put(&mut stage, Scene { person_speaks: speaks, ..scene });
        stage.advance(Duration::from_secs(3));
        assert_like(name, &draw(&mut stage));
    }
}

#[test]
fn every_tier_is_drawn_by_a_device_that_has_no_more_than_all_have() {
    for tier in Tier::ALL {
        let asks = |app: &mut App| {
            app.insert_resource(WantedTier(Some(tier)));
        };
        let Some((mut stage, _host)) = stage_with((160, 90), asks) else { return };
        put(&mut stage, at(0.5, Expression::Doubt));
        let picture = draw(&mut stage);
        let brightest = picture.pixels().map(|pixel| pixel.0[0]).max().unwrap_or_default();
        assert!(brightest > 120, "{tier:?}: the lamp is not to be seen, {brightest}");
    }
}

#[test]
fn the_patients_faces_are_as_they_were_judged() {
    let Some((mut stage, _host)) = stage(SIZE) else { return };
    let eyes = Transform::from_xyz(0.22, 1.15, 0.75).looking_at(Vec3::new(0.10, 1.10, -0.72), Vec3::Y);
    look_from(&mut stage, eyes, 34.0);
    for (name, expression) in [
        ("face-hurt", Expression::Hurt),
        ("face-doubt", Expression::Doubt),
        ("face-calm", Expression::Calm),
        ("face-comfort", Expression::Comfort),
        ("face-surprise", Expression::Surprise),
        ("face-eased", Expression::Eased),
    ] {
        put(&mut stage, at(0.3, expression));
        assert_like(name, &draw(&mut stage));
    }
}

/// The hour and the weather that a world's Trigger speaks of most.
fn outlook(theme: Theme) -> Outlook {
    let (hour, weather) = match theme {
        Theme::Work => (Hour::Evening, Weather::Rain),
        Theme::Study => (Hour::Dusk, Weather::Snow),
        Theme::Family => (Hour::Dusk, Weather::Cloud),
        Theme::Love => (Hour::Dusk, Weather::Rain),
        Theme::Friends => (Hour::Night, Weather::Clear),
        Theme::Money => (Hour::Evening, Weather::Fog),
        Theme::Body => (Hour::Morning, Weather::Clear),
        Theme::Ideal => (Hour::Dawn, Weather::Wind),
    };
    Outlook { theme, window: Window { hour, weather, peopled: true } }
}

#[test]
fn the_eight_worlds_in_the_window_are_as_they_were_judged() {
    let Some((mut stage, _host)) = stage((270, 360)) else { return };
    let eyes = Transform::from_xyz(-0.25, 1.35, 0.6).looking_at(Vec3::new(-1.50, 1.45, -1.95), Vec3::Y);
    look_from(&mut stage, eyes, 46.0);
    for theme in Theme::ALL {
        for strength in [1.0, 0.0] {
            let scene = Scene { devil: 0.0, outlook: outlook(theme), ..at(strength, Expression::Calm) };
            put(&mut stage, scene);
            assert_like(&format!("window-{}-{strength:.0}", theme.name()), &draw(&mut stage));
        }
    }
}

#[test]
fn the_devil_never_covers_the_patients_face() {
    let Some((mut stage, _host)) = stage(SIZE) else { return };
    for strength in [1.0, 0.85, 0.7, 0.5, 0.3, 0.12, 0.0] {
        let faces: Vec<RgbImage> = [1.0, 0.0]
            .into_iter()
            .map(|devil| {
                put(&mut stage, Scene { devil, ..at(strength, Expression::Doubt) });
                let picture = draw(&mut stage);
                let (x, y) = face_at(&mut stage, picture.dimensions());
                image::imageops::crop_imm(&picture, x - 12, y - 12, 24, 24).to_image()
            })
            .collect();
        let (mean, _) = likeness::distance(&faces[0], &faces[1]);
        // Its light and its smoke's shade may lie on the face; it itself may not.
        assert!(
            mean < 12.0,
            "at strength {strength} the face is {mean:.1} away from itself without the Devil"
        );
    }
}

/// Where the Patient's face is in the picture.
fn face_at(stage: &mut Pictures, (width, height): (u32, u32)) -> (u32, u32) {
    let world = stage.app().world_mut();
    let mut heads = world.query::<(&room::figures::Head, &GlobalTransform)>();
    let head = heads.iter(world).find(|(head, _)| **head == room::figures::Head::Patient).map(|(_, at)| *at);
    let face = head.expect("a head").transform_point(Vec3::new(0.0, -0.02, 0.18));
    let mut cameras = world.query_filtered::<(&Camera, &GlobalTransform), With<StageCamera>>();
    let (camera, eyes) = cameras.single(world).expect("one camera");
    let seen = camera.world_to_ndc(eyes, face).expect("in the picture");
    let pixel = |ndc: f32, size: u32| ((ndc * 0.5 + 0.5) * size as f32) as u32;
    (pixel(seen.x, width), pixel(-seen.y, height))
}

/// The whole way from the worst to the best and back, the Devil going and coming, everybody speaking, the person typing.
#[test]
fn nothing_in_the_room_ever_flashes() {
    const RATE: usize = 15;
    let Some((mut stage, _host)) = stage((144, 80)) else { return };
    let start = at(1.0, Expression::Hurt);
    put(&mut stage, start.clone());
    let speaks = |who| Some((who, "You always do this, and everybody saw.".to_owned(), 12.0));
    let steps = [
        Scene { speaking: speaks(Speaker::Devil), ..start.clone() },
        Scene { person_speaks: true, ..start.clone() },
        start.clone(),
        Scene { person_speaks: true, ..start.clone() },
        Scene {
            speaking: speaks(Speaker::Patient),
            expression: Expression::Surprise,
            ..at(0.5, Expression::Comfort)
        },
        Scene { speaking: speaks(Speaker::Guide), ..at(0.2, Expression::Calm) },
        at(0.0, Expression::Eased),
        Scene { devil: 0.0, ..at(0.4, Expression::Doubt) },
        start.clone(),
        Scene { inside: false, ..start.clone() },
        Scene { outlook: outlook(Theme::Body), ..start.clone() },
        Scene { outlook: outlook(Theme::Body), ..start.clone() },
        Scene { outlook: outlook(Theme::Friends), ..at(0.1, Expression::Calm) },
        Scene { outlook: outlook(Theme::Friends), ..at(0.1, Expression::Calm) },
        over_there_the_devil_speaks(),
        at(0.4, Expression::Comfort),
        // Somebody who cannot decide.
        over_there_the_devil_speaks(),
        start,
    ];
    let mut frames = Vec::new();
    for scene in steps {
        stage.app().insert_resource(scene);
        for _ in 0..RATE * 2 {
            stage.advance(Duration::from_secs_f32(1.0 / RATE as f32));
            frames.push(flashes::luminance(&draw(&mut stage)));
        }
    }
    let most = flashes::most_in_a_second(&frames, RATE);
    assert!(most <= 3, "{most} flashes in a second");
    let brightest = frames.iter().flatten().copied().fold(0.0, f32::max);
    assert!(brightest > 0.05, "nothing was drawn: the brightest field has {brightest}");
}
