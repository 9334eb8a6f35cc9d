//! Being guided through a run: steps with their times, and questions to answer before the run does.

use std::collections::BTreeMap;

use kernel::SimTime;

use crate::action::Action;
use crate::effect::Effect;
use crate::reduce::reduce;
use crate::state::EditorState;
use crate::view::{format_count, short_time};

/// What is done with the guide.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GuideAction {
    /// To the next step, or the one before; the run holds there.
    Step {
        /// The next one.
        forward: bool,
    },
    /// Predict the answer to a question.
    Choose {
        /// Its place among the questions.
        question: usize,
        /// The place of the choice.
        choice: usize,
    },
    /// Run to where a question is answered.
    RunTo(usize),
}

/// What was predicted: the place of the choice, by the place of the question.
pub type Predictions = BTreeMap<usize, usize>;

/// Where the reader is.
#[derive(Clone, Debug, PartialEq)]
pub struct GuideView {
    /// The step, from 1; zero before the first.
    pub step: usize,
    /// How many there are.
    pub steps: usize,
    /// When it begins.
    pub when: String,
    /// What it says.
    pub text: String,
    /// There is a step before.
    pub has_previous: bool,
    /// There is a step after.
    pub has_next: bool,
    /// The question of this step or of the last one that had one.
    pub question: Option<QuestionView>,
}

/// A question.
#[derive(Clone, Debug, PartialEq)]
pub struct QuestionView {
    /// Its place among the questions.
    pub place: usize,
    /// What is asked.
    pub ask: String,
    /// The answers to choose from.
    pub choices: Vec<String>,
    /// What was predicted.
    pub chosen: Option<usize>,
    /// When the run answers it.
    pub when: String,
    /// What the run has shown.
    pub result: Option<ResultView>,
}

/// The answer of the run.
#[derive(Clone, Debug, PartialEq)]
pub struct ResultView {
    /// What was observed.
    pub observed: String,
    /// The choice that is right.
    pub right: usize,
    /// What was predicted was right; nothing if nothing was.
    pub was_right: Option<bool>,
    /// Why it is so.
    pub answer: String,
}

pub(crate) fn act(state: &mut EditorState, action: GuideAction) -> Vec<Effect> {
    match action {
        GuideAction::Step { forward } => match neighbour(state, forward) {
            Some(to) => {
                let mut effects = reduce(state, Action::Pause);
                effects.extend(reduce(state, Action::SeekTo(to)));
                effects
            }
            None => Vec::new(),
        },
        GuideAction::Choose { question, choice } => {
            state.predictions.insert(question, choice);
            Vec::new()
        }
        GuideAction::RunTo(question) => {
            let by = state.scenario.questions().nth(question).map(|question| question.about.by);
            let mut effects = reduce(state, Action::Pause);
            effects.extend(by.into_iter().flat_map(|by| reduce(state, Action::SeekTo(by))));
            effects
        }
    }
}

/// The instants of the steps, in order.
fn instants(state: &EditorState) -> Vec<SimTime> {
    let mut instants: Vec<SimTime> = state.scenario.captions.iter().map(|caption| caption.at).collect();
    instants.sort_unstable();
    instants
}

/// How many steps have begun.
fn begun(state: &EditorState) -> usize {
    let now = state.playback.playhead();
    instants(state).iter().filter(|at| **at <= now).count()
}

fn neighbour(state: &EditorState, forward: bool) -> Option<SimTime> {
    let (instants, begun) = (instants(state), begun(state));
    let place = if forward { Some(begun) } else { begun.checked_sub(2) };
    instants.get(place?).copied()
}

/// The guide, if the scenario has one.
pub fn guide(state: &EditorState) -> Option<GuideView> {
    let mut captions: Vec<_> = state.scenario.captions.iter().collect();
    captions.sort_by_key(|caption| caption.at);
    let step = begun(state);
    let shown = captions.get(step.saturating_sub(1))?;
    // A question stays until the next step; when somebody has answered it, until the next question.
    let answered = |asked: &&scenario::Question| {
        let place = state.scenario.questions().position(|other| other == *asked);
        place.is_some_and(|place| state.predictions.contains_key(&place))
    };
    let asked = captions.iter().take(step.max(1)).filter_map(|caption| caption.question.as_ref()).next_back();
    let asked = asked.filter(|asked| shown.question.as_ref() == Some(asked) || answered(asked));
    let place = asked.and_then(|asked| state.scenario.questions().position(|other| other == asked));
    Some(GuideView {
        step,
        steps: captions.len(),
        when: short_time(shown.at.whole_second()),
        text: shown.text.clone(),
        has_previous: neighbour(state, false).is_some(),
        has_next: neighbour(state, true).is_some(),
        question: asked.zip(place).map(|(asked, place)| question(state, asked, place)),
    })
}

fn question(state: &EditorState, asked: &scenario::Question, place: usize) -> QuestionView {
    let number = state.scenario.expectations.len() + place;
    let outcome = state.run.expectations.iter().find(|outcome| outcome.place as usize == number);
    let chosen = state.predictions.get(&place).copied();
    let result = outcome.and_then(|outcome| {
        let right = asked.right_choice(outcome.observed)?;
        Some(ResultView {
            observed: format_count(outcome.observed as f64),
            right,
            was_right: chosen.map(|chosen| chosen == right),
            answer: asked.answer.clone(),
        })
    });
    QuestionView {
        place,
        ask: asked.ask.clone(),
        choices: asked.choices.iter().map(|choice| format_count(*choice as f64)).collect(),
        chosen,
        when: short_time(asked.about.by.whole_second()),
        result,
    }
}
