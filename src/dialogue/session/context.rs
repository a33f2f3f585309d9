//! What a cast is told, and what a stage shows of the lines.

use super::Session;
use super::asks::Purpose;
use crate::dialogue::agent::{Agent, Intensity};
use crate::dialogue::ids::LineId;
use crate::dialogue::request::{Context, SpokenLine};
use crate::dialogue::strength::Band;
use crate::dialogue::view::Caption;

impl Session {
    /// Everything said and settled so far.
    pub(super) fn context(&self) -> Context {
        let band = match self.setup.intensity {
            Intensity::Gentle => self.strength.band().min(Band::Middle),
            Intensity::Off | Intensity::Full => self.strength.band(),
        };
        Context {
            seed: self.setup.seed,
            theme: self.theme.or(self.setup.theme),
            concern: self.intake.concern.clone(),
            when: self.intake.when.clone(),
            belief: self.intake.belief,
            intensity: if self.is_safe() { Intensity::Off } else { self.setup.intensity },
            band,
            stage: self.stage,
            round: self.round,
            distortion: self.distortion,
            scene: self.scene.clone(),
            aim: self.aim(),
            lines: self.all_lines(),
            said: self.said.clone(),
            memory: self.memory.clone(),
            verdict: self.echo.verdict.clone(),
            caption: self.face.caption.clone(),
            faces: self.face.before.clone(),
            direction: self.tally.direction,
            plan: self.plan.clone(),
            revision: self.tally.revision,
        }
    }

    /// What is settled for the round that comes: its scene and thought, although nobody has heard them yet.
    pub(super) fn context_ahead(&self) -> Context {
        let mut context = self.context();
        context.round = self.upcoming.round;
        let pending =
            [(Agent::Trigger, self.upcoming.scene_text()), (Agent::Devil, self.upcoming.thought_text())];
        for (agent, text) in pending {
            let round = context.round;
            let spoken = |line: &SpokenLine| line.round == round && line.agent == agent;
            if let Some(text) = text
                && !context.lines.iter().any(spoken)
            {
                context.lines.push(SpokenLine { agent, text: text.to_owned(), round, callback: false });
            }
        }
        if let Some(scene) = self.upcoming.scene_text() {
            scene.clone_into(&mut context.scene);
        }
        context.distortion = context.distortion.or(self.upcoming.distortion());
        context
    }

    /// Every line so far, those included that are certain but wait to be spoken: nobody is to say them again.
    fn all_lines(&self) -> Vec<SpokenLine> {
        let round = self.round;
        let line =
            |agent: Agent, text: &str| SpokenLine { agent, text: text.to_owned(), round, callback: false };
        let mut lines = self.lines.clone();
        if let Some((index, heard)) = self.cut_short()
            && let Some(cut) = lines.get_mut(index)
        {
            heard.clone_into(&mut cut.text);
        }
        lines.extend(self.closing.waiting.of(Purpose::Answer).map(|text| line(Agent::Patient, text)));
        lines.extend(self.speech.waiting().map(|(agent, text)| line(agent, text)));
        lines.extend(self.echo.reply.ready().map(|text| line(Agent::Devil, text)));
        let remark = self.echo.remark.ready().and_then(|(text, _)| text.as_deref());
        lines.extend(remark.map(|text| line(Agent::Guide, text)));
        lines
    }

    /// The last line of an agent.
    pub(super) fn caption_of(&self, agent: Agent) -> Option<Caption> {
        let (index, line) =
            self.lines.iter().enumerate().rfind(|(_, line)| line.agent == agent && !line.text.is_empty())?;
        Some(Caption {
            agent,
            line: LineId(index as u64),
            text: line.text.clone(),
            speaking: self.speaking() == Some(LineId(index as u64)),
        })
    }
}
