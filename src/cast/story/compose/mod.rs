//! From material, reading and memory of the evening to one line.

pub(crate) mod concern;
pub(crate) mod devil;
pub(crate) mod guide;
pub(crate) mod memory;
pub(crate) mod patient;
pub(crate) mod pool;
pub(crate) mod slots;
pub(crate) mod strategist;
pub(crate) mod trigger;

use super::material::Material;
use super::reading::{Lexicon, Reading};
use crate::dialogue::request::{AgentRequest, Context};

/// Everything that a line is made of.
pub(crate) struct Scribe<'a> {
    pub(crate) material: &'a Material,
    pub(crate) lexicon: &'a Lexicon,
    pub(crate) request: &'a AgentRequest,
    pub(crate) context: &'a Context,
    /// What was read in the person's last words.
    pub(crate) reading: Reading,
    /// What was read in their concern.
    pub(crate) concern: concern::Concern,
}

impl<'a> Scribe<'a> {
    pub(crate) fn new(material: &'a Material, lexicon: &'a Lexicon, request: &'a AgentRequest) -> Self {
        let context = &*request.context;
        Self {
            material,
            lexicon,
            request,
            context,
            reading: lexicon.read(context.last_said(), context),
            concern: concern::Concern::read(context, material, lexicon),
        }
    }
}
