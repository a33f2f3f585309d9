//! Where the figures are, told to whoever lets them be heard: a voice comes from the mouth that moves.

use bevy::prelude::*;

use super::figures::Head;
use super::mood::Mood;
use super::person;
use super::seats::Seat;
use crate::app::{Heads, PersonsHead, Say, StageCamera};
use crate::dialogue::agent::Agent;
use crate::host::FromStage;
use crate::voice::Place;

/// A change that is smaller than this is not heard, in radians and in metres.
const TURNED: f32 = 0.03;
const MOVED: f32 = 0.08;
/// How often it is looked at, in seconds.
const LOOKS: f32 = 0.1;

/// How far around its middle the Patient's head reaches with its tip, in metres; the Devil's is the larger the stronger it is.
const PATIENTS: f32 = 0.24;

/// Says where the heads are that can be seen, so that nothing is put before them.
pub(super) fn say_where(
    mood: Res<Mood>,
    heads: Query<(&Head, &GlobalTransform)>,
    person: Query<&GlobalTransform, With<person::Head>>,
    mut where_they_are: ResMut<Heads>,
) {
    let across = person.iter().next().filter(|_| mood.seat == Seat::Patients);
    let mut now = Vec::new();
    for (head, place) in &heads {
        match (head, across) {
            (Head::Patient, Some(person)) => now.push((Agent::Patient, person.translation(), PATIENTS)),
            (Head::Patient, None) => now.push((Agent::Patient, place.translation(), PATIENTS)),
            (Head::Devil, _) if mood.devil > 0.01 => {
                now.push((Agent::Devil, place.translation(), 1.3 * place.scale().x));
            }
            (Head::Devil, _) => {}
        }
    }
    now.push((Agent::Guide, mood.seat.lantern(), 0.12));
    if where_they_are.0 != now {
        where_they_are.0 = now;
    }
}

/// Tells where they are, when that has changed.
pub(super) fn tell(
    time: Res<Time<Real>>,
    (eyes, own): (Query<&GlobalTransform, With<StageCamera>>, Res<PersonsHead>),
    heads: Query<(&Head, &GlobalTransform)>,
    (mood, person): (Res<Mood>, Query<&GlobalTransform, With<person::Head>>),
    mut told: Local<(f32, Vec<(Agent, Place)>)>,
    mut say: MessageWriter<Say>,
) {
    let now = time.elapsed_secs();
    let own = own.0.map(GlobalTransform::from);
    let Some(eyes) = own.as_ref().or_else(|| eyes.iter().next()) else { return };
    if now - told.0 < LOOKS {
        return;
    }
    told.0 = now;
    let whose = |head: &Head| match head {
        Head::Patient => Agent::Patient,
        Head::Devil => Agent::Devil,
    };
    // Who sits in the Patient's place hears from across the rug what they said.
    let across = person.iter().next().filter(|_| mood.seat == Seat::Patients);
    let figures = heads.iter().map(|(head, place)| match (head, across) {
        (Head::Patient, Some(person)) => (Agent::Patient, person.translation()),
        _ => (whose(head), place.translation()),
    });
    let guide = (Agent::Guide, mood.seat.lantern());
    let mut places: Vec<(Agent, Place)> =
        figures.chain([guide]).map(|(agent, at)| (agent, seen(eyes, at))).collect();
    places.sort_by_key(|(agent, _)| *agent);
    places.dedup_by_key(|(agent, _)| *agent);
    let same = |(one, other): (&(Agent, Place), &(Agent, Place))| {
        one.0 == other.0
            && (one.1.azimuth - other.1.azimuth).abs() < TURNED
            && (one.1.distance - other.1.distance).abs() < MOVED
    };
    if places.len() == told.1.len() && places.iter().zip(&told.1).all(same) {
        return;
    }
    say.write(Say(FromStage::Places(places.clone())));
    told.1 = places;
}

/// A place in the room, as it is seen from these eyes.
fn seen(eyes: &GlobalTransform, at: Vec3) -> Place {
    let away = eyes.affine().inverse().transform_point3(at);
    Place { azimuth: away.x.atan2(-away.z), distance: away.length() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_sits_to_the_right_is_heard_from_there_however_one_turns() {
        let eyes = |turn: f32| {
            GlobalTransform::from(
                Transform::from_xyz(0.0, 1.2, 1.8).with_rotation(Quat::from_rotation_y(turn)),
            )
        };
        let straight = seen(&eyes(0.0), Vec3::new(0.5, 1.2, -0.7));
        assert!(
            (straight.azimuth - 0.197).abs() < 0.01 && (straight.distance - 2.55).abs() < 0.01,
            "{straight:?}"
        );
        // Whoever turns to the right by as much has them in front.
        assert!(seen(&eyes(-straight.azimuth), Vec3::new(0.5, 1.2, -0.7)).azimuth.abs() < 0.01);
        assert!(seen(&eyes(0.0), Vec3::new(-0.5, 1.2, -0.7)).azimuth < 0.0);
    }
}
