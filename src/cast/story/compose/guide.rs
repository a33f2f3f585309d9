//! The Guide: a hint before, one remark after, a last line.

use super::Scribe;
use super::pool::Pool;
use crate::dialogue::agent::Agent;
use crate::dialogue::face::FaceCue;
use crate::dialogue::moves::{Addressee, Move, MoveClass};
use crate::dialogue::request::{AgentAnswer, Farewell, Plan, Verdict};
use crate::dialogue::resistance::RollingMove;
use crate::dialogue::skills::{Rating, Skill, SkillRatings};
use crate::dialogue::technique::{Aim, CbtTechnique};

/// The most words of a remark.
const MOST_WORDS: usize = 16;

impl Scribe<'_> {
    pub(crate) fn hint(&self, aim: Aim, after_miss: bool) -> Option<AgentAnswer> {
        let hints = &self.material.guide.hints;
        let mut pool = Pool::new(self, Agent::Guide, MOST_WORDS);
        if let Some(table) = hints.get(hint_table(aim)) {
            pool.add(&table.lines, 1.0, &self.concern_words());
        }
        if after_miss {
            if let Some(table) = hints.get("after_miss") {
                pool.add(&table.lines, 1.6, &self.comfort_words());
            }
            for found in &self.reading.moves {
                if let Some(file) = self.material.moves.get(&found.kind) {
                    pool.add(&file.guide.more, 2.2, &self.comfort_words());
                }
            }
        }
        if let Some(table) = hints.get("presence") {
            pool.add(&table.lines, 0.0, &self.concern_words());
        }
        pool.choose("hint").map(|text| AgentAnswer::Hint { text, plan: Plan::default() })
    }

    pub(crate) fn feedback(
        &self,
        verdict: &Verdict,
        rolling: Option<RollingMove>,
        face: Option<FaceCue>,
        aloud: bool,
    ) -> AgentAnswer {
        let skills = self.lexicon.rate(self.context.last_said(), &self.reading);
        let text = if aloud { self.remark(verdict, rolling, face, &skills) } else { None };
        AgentAnswer::Feedback { text, skills }
    }

    fn remark(
        &self,
        verdict: &Verdict,
        rolling: Option<RollingMove>,
        face: Option<FaceCue>,
        skills: &SkillRatings,
    ) -> Option<String> {
        let comfort = self.comfort_words();
        let mut pool = Pool::new(self, Agent::Guide, MOST_WORDS);
        if let Some(cue @ (FaceCue::BrightWordsHeavy | FaceCue::DoubtfulFine | FaceCue::Scorn)) = face
            && let Some(lines) = self.material.guide.face.get(&cue)
        {
            pool.add(&lines.guide, 9.0, &comfort);
        }
        if let Some(lines) = rolling.and_then(|rolling| self.material.guide.resistance.get(&rolling)) {
            let by_lead = match self.reading.lead() {
                Some(Move::Arguing) => &lines.quarrel,
                Some(Move::Agreeing | Move::SelfAttack) => &lines.cognitive,
                _ => &lines.guide,
            };
            pool.add(by_lead, 6.0, &comfort);
        }
        if let Some(lines) = self.reading.nature.table().and_then(|table| self.material.turns.get(table)) {
            pool.add(&lines.feedback, 3.0, &comfort);
        }
        let to_devil = verdict.addressee == Addressee::Devil
            && verdict.moves.iter().any(|found| found.kind.class() == MoveClass::ToDevil);
        if to_devil {
            self.add_dear_man(&mut pool, skills);
        }
        for (at, found) in self.reading.moves.iter().take(2).enumerate() {
            if let Some(file) = self.material.moves.get(&found.kind) {
                pool.add(&file.guide.feedback, 2.0 - at as f32, &comfort);
                pool.add(&file.guide.more, 1.7 - at as f32, &comfort);
            }
        }
        pool.choose("feedback")
    }

    /// What was asked of the Devil: the skill that showed most, or one that could be added.
    fn add_dear_man(&self, pool: &mut Pool<'_>, skills: &SkillRatings) {
        let comfort = self.comfort_words();
        let table = &self.material.guide.dear_man;
        for skill in Skill::ALL {
            let Some(lines) = table.get(&skill) else {
                continue;
            };
            match skills.of(skill) {
                Rating::Strong => pool.add(&lines.present, 2.6, &comfort),
                Rating::Weak => pool.add(&lines.add, 2.3, &comfort),
                Rating::Absent => pool.add(&lines.add, 1.2, &comfort),
            };
        }
    }

    pub(crate) fn farewell(&self, farewell: Farewell) -> Option<AgentAnswer> {
        let lines = self.ending_lines(farewell);
        let mut pool = Pool::new(self, Agent::Guide, MOST_WORDS);
        let given = self.given();
        if let Some(spans) = given.first() {
            let filling = super::slots::Filling { spans, ..self.comfort_words() };
            pool.add(&lines.guide, 1.0, &filling);
        }
        let plain: Vec<String> = lines.guide.iter().filter(|line| !line.contains('{')).cloned().collect();
        pool.add(&plain, 1.2, &self.concern_words());
        pool.choose("farewell").map(AgentAnswer::spoken)
    }
}

fn hint_table(aim: Aim) -> &'static str {
    match aim {
        Aim::Presence => "presence",
        Aim::ToDevil => "to_critic",
        Aim::SmallAct => "small_act",
        Aim::Stay => "stay",
        Aim::Cbt(technique) => match technique {
            CbtTechnique::EfficiencyEvaluation => "efficiency_evaluation",
            CbtTechnique::PieChart => "pie_chart",
            CbtTechnique::AlternativePerspective => "alternative_perspective",
            CbtTechnique::Decatastrophizing => "decatastrophizing",
            CbtTechnique::ProsAndCons => "pros_and_cons",
            CbtTechnique::EvidenceBasedQuestioning => "evidence_based_questioning",
            CbtTechnique::RealityTesting => "reality_testing",
            CbtTechnique::Continuum => "continuum",
            CbtTechnique::RulesToWishes => "rules_to_wishes",
            CbtTechnique::BehaviorExperiment => "behavior_experiment",
            CbtTechnique::ProblemSolving => "problem_solving",
            CbtTechnique::SystematicExposure => "systematic_exposure",
        },
    }
}
