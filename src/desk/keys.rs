//! Keys on a slow machine. Shift, Ctrl and their like count as they are when a frame begins, so that one which is pressed and
//! let go within a frame would not have been there: Shift and Enter would send, and Ctrl and A would write an a. It is let go
//! with the next frame instead.

use bevy::ecs::message::MessageCursor;
use bevy::input::ButtonState;
use bevy::input::keyboard::{Key, KeyboardInput};
use bevy::prelude::*;

/// Holds back the end of a modifier for as long as what was pressed with it is still to be read.
pub(super) fn hold(
    mut messages: ResMut<Messages<KeyboardInput>>,
    mut read: Local<MessageCursor<KeyboardInput>>,
    mut held: Local<Vec<KeyboardInput>>,
) {
    // Messages stay for two frames, and each is to be looked at once.
    let new: Vec<KeyboardInput> = read.read(&messages).cloned().collect();
    let waited = !held.is_empty();
    let (now, later) = parted(held.drain(..).chain(new).collect());
    if waited || !later.is_empty() {
        // Whatever was there in the last frame has been read by everybody.
        messages.clear();
        messages.write_batch(now);
        read.clear(&messages);
    }
    *held = later;
}

/// What is read in this frame, and what in the next: all from the first end of a modifier on before which something else
/// was pressed. A letter has its Shift in it already, so that whoever types capitals waits for nothing.
fn parted(mut due: Vec<KeyboardInput>) -> (Vec<KeyboardInput>, Vec<KeyboardInput>) {
    let (mut pressed, mut other_than_letters) = (false, false);
    let ends = due.iter().position(|message| match (is_modifier(message), message.state) {
        (true, ButtonState::Released) => match message.logical_key {
            Key::Shift | Key::AltGraph => other_than_letters,
            _ => pressed,
        },
        (false, ButtonState::Pressed) => {
            pressed = true;
            other_than_letters |= !matches!(message.logical_key, Key::Character(_) | Key::Space);
            false
        }
        _ => false,
    });
    let later = ends.map_or_else(Vec::new, |at| due.split_off(at));
    (due, later)
}

fn is_modifier(message: &KeyboardInput) -> bool {
    matches!(
        message.logical_key,
        Key::Shift | Key::Control | Key::Alt | Key::AltGraph | Key::Super | Key::Meta
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use ButtonState::{Pressed, Released};

    fn key(logical_key: Key, state: ButtonState) -> KeyboardInput {
        let (key_code, window) = (KeyCode::KeyA, Entity::PLACEHOLDER);
        KeyboardInput { key_code, logical_key, state, text: None, repeat: false, window }
    }

    #[derive(Resource, Default)]
    struct Read(Vec<(Key, ButtonState)>);

    fn a() -> Key {
        Key::Character("a".into())
    }

    #[test]
    fn what_was_pressed_with_ctrl_is_read_before_ctrl_is_let_go() {
        let mut app = App::new();
        app.add_message::<KeyboardInput>().add_systems(PreUpdate, hold).init_resource::<Read>();
        app.add_systems(Update, |mut keys: MessageReader<KeyboardInput>, mut read: ResMut<Read>| {
            read.0.extend(keys.read().map(|key| (key.logical_key.clone(), key.state)));
        });
        let mut frame = |typed: &[(Key, ButtonState)]| {
            for (logical, state) in typed {
                app.world_mut().write_message(key(logical.clone(), *state));
            }
            app.update();
            std::mem::take(&mut app.world_mut().resource_mut::<Read>().0)
        };
        let b = || Key::Character("b".into());
        assert_eq!(frame(&[(b(), Pressed), (b(), Released)]), [(b(), Pressed), (b(), Released)]);
        let typed = [(Key::Control, Pressed), (a(), Pressed), (a(), Released), (Key::Control, Released)];
        assert_eq!(frame(&typed), typed[..3]);
        assert_eq!(frame(&[(b(), Pressed)]), [(Key::Control, Released), (b(), Pressed)]);
        assert_eq!(frame(&[]), [], "each is read once");
        assert_eq!(frame(&[]), []);
    }

    #[test]
    fn a_capital_holds_nothing_back_and_shift_with_enter_does() {
        let with = |logical: Key| {
            let typed = [
                (Key::Shift, Pressed),
                (logical.clone(), Pressed),
                (Key::Shift, Released),
                (logical, Released),
            ];
            parted(typed.map(|(logical, state)| key(logical, state)).to_vec())
        };
        assert_eq!(with(Key::Character("A".into())).1, []);
        let (now, later) = with(Key::Enter);
        assert_eq!((now.len(), later.len()), (2, 2));
    }
}
