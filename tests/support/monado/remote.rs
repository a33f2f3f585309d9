//! Moving a headset of air and pressing its controllers, by Monado's remote driver.
//!
//! It takes packets of one form on a TCP port, each with the whole state: `struct r_remote_data` of Monado's
//! `src/xrt/drivers/remote/r_interface.h` as the processor has it in memory. A new connection is told the state of the
//! beginning and the state of now in the same form, whose length is how a version with another form is known: the number
//! before it is read by nobody, and 25.0 itself leaves it out.

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// `R_HEADER_VALUE`: the form's name.
const HEADER: [u8; 8] = *b"mndrmt3\0";
/// Bytes of a packet: the header, two views of 48 (not used: see `VIEWS_ARE_OURS`), the head of 32, and two controllers of 120.
const LENGTH: usize = 376;
/// Where the head's pose is: an orientation of four numbers, a position of three.
const HEAD: usize = 104;
/// Whether the packet says where each eye is and what it sees; else the driver's own, 0.064 m and 85 degrees.
const VIEWS_ARE_OURS: usize = 132;
const LEFT: usize = 136;
const RIGHT: usize = 256;

// In a controller, after its pose: what is a number of four bytes, and what is a truth of one.
const TRIGGER_VALUE: usize = 72;
const SQUEEZE_VALUE: usize = 76;
const SQUEEZE_FORCE: usize = 80;
const THUMBSTICK: usize = 84;
const IS_THERE: usize = 105;
const SYSTEM_CLICK: usize = 106;
const B_CLICK: usize = 110;
const TRIGGER_CLICK: usize = 112;
const TRIGGER_TOUCH: usize = 113;

/// Where something is, in metres, and how it is turned: a quaternion, its real part last. The axes are `OpenXR`'s: right, up,
/// and towards the person, from the middle of the floor; what points is the third one's other way.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Pose {
    /// x, y and z.
    pub(crate) position: [f32; 3],
    /// x, y, z and w.
    pub(crate) orientation: [f32; 4],
}

impl Pose {
    /// There, and turned nowhere.
    pub(crate) fn at(position: [f32; 3]) -> Self {
        Self { position, orientation: [0.0, 0.0, 0.0, 1.0] }
    }

    /// There, and pointing at this.
    pub(crate) fn aimed(position: [f32; 3], at: [f32; 3]) -> Self {
        let [x, y, z] = [0, 1, 2].map(|axis: usize| at[axis] - position[axis]);
        let (yaw, pitch) = ((-x).atan2(-z) / 2.0, y.atan2(x.hypot(z)) / 2.0);
        // First up or down, and then around the vertical axis.
        let orientation = [
            yaw.cos() * pitch.sin(),
            yaw.sin() * pitch.cos(),
            -yaw.sin() * pitch.sin(),
            yaw.cos() * pitch.cos(),
        ];
        Self { position, orientation }
    }
}

/// Which hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    /// The left one.
    Left,
    /// The right one.
    Right,
}

/// What a controller does.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Controller {
    /// Where it is held, and at once where it points from.
    pub(crate) pose: Pose,
    /// The trigger is pulled: `select` of the simple controller, `trigger` of others.
    pub(crate) select: bool,
    /// `menu` of the simple and of Touch controllers, and the B of others.
    pub(crate) menu: bool,
    /// The grip is pressed.
    pub(crate) squeeze: bool,
    /// The stick, to the right and up: -1 to 1.
    pub(crate) stick: [f32; 2],
    /// It is switched on and seen.
    pub(crate) is_there: bool,
}

impl Controller {
    /// Held like this, with nothing pressed.
    pub(crate) fn held(pose: Pose) -> Self {
        Self { pose, select: false, menu: false, squeeze: false, stick: [0.0; 2], is_there: true }
    }

    /// With the trigger pulled.
    pub(crate) fn selecting(self) -> Self {
        Self { select: true, ..self }
    }

    /// With the menu's button pressed.
    pub(crate) fn calling_menu(self) -> Self {
        Self { menu: true, ..self }
    }
}

/// The head and the hands. What was last said of them holds until something else is, and starts anew with the runtime.
#[derive(Clone)]
pub(crate) struct Remote(Arc<Mutex<Wire>>);

struct Wire {
    stream: TcpStream,
    state: [u8; LENGTH],
}

impl Remote {
    /// Reaches for the headset of the runtime that listens there, and hears how it is.
    pub(super) fn connect(port: u16, until: Instant) -> Result<Self, String> {
        let stream = loop {
            match TcpStream::connect((Ipv4Addr::LOCALHOST, port)) {
                Ok(stream) => break stream,
                Err(_) if Instant::now() < until => std::thread::sleep(super::LOOK),
                Err(error) => return Err(format!("its remote driver is not there ({error})")),
            }
        };
        let wait = until.saturating_duration_since(Instant::now()).max(Duration::from_millis(1));
        let mut state = [0; LENGTH];
        stream.set_read_timeout(Some(wait)).and_then(|()| stream.set_nodelay(true)).map_err(said)?;
        // As it was in the beginning, and as it is.
        (&stream).read_exact(&mut state).map_err(said)?;
        (&stream).read_exact(&mut state).map_err(said)?;
        state[..HEADER.len()].copy_from_slice(&HEADER);
        state[VIEWS_ARE_OURS] = 0;
        Ok(Self(Arc::new(Mutex::new(Wire { stream, state }))))
    }

    /// Where the head is: the middle between the eyes.
    pub(crate) fn set_head(&self, pose: Pose) {
        self.say(|state| write_pose(&mut state[HEAD..], pose));
    }

    /// What a hand does. A press holds until the next call, and is seen by a program at its next frame: wait for what it does.
    pub(crate) fn set_controller(&self, side: Side, controller: Controller) {
        let at = if side == Side::Left { LEFT } else { RIGHT };
        self.say(|state| write_controller(&mut state[at..], controller));
    }

    fn say(&self, change: impl FnOnce(&mut [u8])) {
        let mut wire = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Wire { stream, state } = &mut *wire;
        change(state);
        stream.write_all(state).expect("the runtime runs");
    }
}

fn said(error: std::io::Error) -> String {
    format!("its remote driver speaks another form than that of Monado 24 and 25 ({error})")
}

fn write_floats(to: &mut [u8], floats: &[f32]) {
    for (place, float) in to.chunks_exact_mut(4).zip(floats) {
        place.copy_from_slice(&float.to_ne_bytes());
    }
}

fn write_pose(to: &mut [u8], pose: Pose) {
    write_floats(to, &pose.orientation);
    write_floats(&mut to[16..], &pose.position);
}

fn write_controller(to: &mut [u8], controller: Controller) {
    let pressed = |is: bool| if is { 1.0 } else { 0.0 };
    write_pose(to, controller.pose);
    write_floats(&mut to[TRIGGER_VALUE..], &[pressed(controller.select)]);
    write_floats(&mut to[SQUEEZE_VALUE..], &[pressed(controller.squeeze)]);
    write_floats(&mut to[SQUEEZE_FORCE..], &[pressed(controller.squeeze)]);
    write_floats(&mut to[THUMBSTICK..], &controller.stick);
    to[IS_THERE] = controller.is_there.into();
    for place in [TRIGGER_CLICK, TRIGGER_TOUCH] {
        to[place] = controller.select.into();
    }
    for place in [SYSTEM_CLICK, B_CLICK] {
        to[place] = controller.menu.into();
    }
}
