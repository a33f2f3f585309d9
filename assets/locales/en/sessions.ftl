# The journal: what is asked and said about what is kept.

keep-question = Shall the room keep your evenings? What is said would be written to a file on this machine, for you alone, and go nowhere else. You could read it again, take it with you, or erase it at any time: inner-room sessions.
keep-prompt = Keep them? (y for yes; Enter means no)
keep-yes = Your evenings are kept from now on. That is remembered in { $file }; --journal=false leaves one out.
keep-no = Nothing is kept. That is remembered in { $file }; --journal keeps one.
keep-not-remembered = Your answer holds for tonight, but could not be remembered: { $why }
keep-unwritable = This evening cannot be kept: { $why }. It goes on all the same.
keep-exhibition = In an exhibition nothing is kept; journal = true is left aside.
keep-set-aside = The journal that was there { $why }; it is kept as { $file }, and a new one is begun.
keep-go-on = The evening of { $when } was cut off. Shall it go on from there? (yes, or Enter to close it)
keep-not-resumed = That evening cannot go on: { $why }. It stays in the journal; a new one begins.
keep-closed = Session { $number }, of { $when }, was cut off. It is closed now, and what was said is safe: inner-room sessions show { $number }
keep-damaged = is damaged
keep-foreign = belongs to another program
keep-newer = was written by a newer version of this program

list-none = There is no journal: nothing has been kept.
list-empty = The journal is empty.
list-row = { $number }: { $when }; { $rounds ->
    [one] one round
   *[other] { $rounds } rounds
}; { $how }.{ $concern }
list-concern = { " " }"{ $words }"
list-set-aside = Set aside, because it was no journal of this program: { $file }

how-sits = the Devil sat down beside your hurt self
how-steps-back = the Devil stepped back
how-tires = the Devil grew tired
how-early = it was closed early
how-sos = everything was stopped
how-cut-off = it was cut off
how-unwritable = the rest of it could not be kept
how-running = it is being held right now

page-title = An evening in Inner Room
page-about = { $when }. { $rounds ->
    [one] One round
   *[other] { $rounds } rounds
}; { $how }.
page-note = The figures' words are made by a program; they are characters, not people. Only the words beside "{ $you }" are a person's.
page-cut = What came after this cannot be read any more.

export-written = Written: { $file }
export-empty = the journal is empty; there is nothing to export
import-done = Taken in: session { $number }.
import-known = { $count ->
    [0] There was no session in it.
    [one] One session of it was here already.
   *[other] { $count } sessions of it were here already.
}

measures-none = No measure was answered in an evening that is kept.
measures-before = before
measures-after = after
measures-evening = evening
measures-measure = measure
measures-when = when
measures-scale = scale
measures-sum = sum
measures-mean = mean
measures-answered = answered
measures-source = Source: { $text }
measures-licence = Licence: { $text }
measures-permission = Words: { $text }
measures-brought = The words that you brought along are used.

# Measures: questions with numbers for answers, where somebody wants to answer them.
measures-offer = Would you like to answer a few questions before and after? They are yours alone. !measures shows which there are, any time before your first words to your hurt self.
measures-offer-again = There is time for the questions now: !measures shows which there are.
measures-which = Which? Their numbers, with spaces between; an empty line leaves them all.
measures-which-again = (A number of these, or several with spaces between; an empty line leaves them all.)
measures-choice = { $number }. { $name } ({ $count ->
    [one] one question
   *[other] { $count } questions
})
measures-kept = Your answers are kept with the evening, on this machine.
measures-not-kept = This evening is not kept, and so your answers are kept nowhere: nothing of them is left afterwards. --journal keeps an evening.
measures-how = (A number answers, an empty line leaves a question out, !back goes back, !done leaves the rest. Nothing in the evening depends on it.)
measures-question = ({ $number } of { $of }) { $question } { $answers }
measures-label = { $value } { $label }
measures-between = { ", " }
measures-so-far = (So far: { $value })
measures-number = (A number, { $lowest } to { $highest }; an empty line leaves it out, !done leaves the rest.)
measures-done = Written down, with the evening.
measures-done-not-kept = Thank you. They are kept nowhere, as the evening is not.
measures-left = Nothing is written down.
measures-later = The questions are for before your first words to your hurt self, and for after the evening.
measures-not-here = In an exhibition nothing is asked.

measure-belief = Belief in the thought
measure-i_panas_sf = I-PANAS-SF: ten feelings, right now
measure-panas = PANAS: twenty feelings, right now
measure-scs_sf = SCS-SF: how you are with yourself in hard times, in general
measure-imbue = Confidence, worry, hope, and feelings about what the evening is about
measure-mind = How the evening was

scale-belief = belief
scale-positive_affect = positive affect
scale-negative_affect = negative affect
scale-total = self-compassion, all twelve
scale-self_kindness = self-kindness
scale-self_judgment = self-judgment
scale-common_humanity = common humanity
scale-isolation = isolation
scale-mindfulness = mindfulness
scale-over_identification = over-identification
scale-confident = confidence
scale-worried = worry
scale-hopeful = hope
scale-motivated = motivation
scale-anger = anger
scale-fear = fear
scale-sadness = sadness
scale-disgust = disgust
scale-all = all six
scale-immersion = immersion
scale-coherence = coherence
scale-engagement = engagement
scale-relief = emotional relief
scale-satisfaction = satisfaction
scale-interest = interest

erase-question-one = Erase session { $number } for good? (y for yes; Enter means no)
erase-question-all = Erase { $count ->
    [one] the one session there is
   *[other] all { $count } sessions
}, and { $aside ->
    [0] nothing else
    [one] one file that was set aside
   *[other] { $aside } files that were set aside
}, for good? (y for yes; Enter means no)
erase-not = Nothing was erased.
erase-nothing = There is nothing to erase.
erase-done = Erased: session { $number }.
erase-done-file = Erased: { $file }
erase-running = Session { $number } is being held right now; it goes on, and is not kept any more.
