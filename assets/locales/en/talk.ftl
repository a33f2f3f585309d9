# What `inner-room talk` says by itself. The figures' lines are in prompts/.

talk-title = Inner Room
talk-cast-story = Running without a language model: the figures' lines were written beforehand, and read what you write by rule. These are characters, not people. It is not therapy.
talk-cast-model = The language model { $model } plays the figures; what you write is sent there. Where it fails, lines that were written beforehand take its place. These are characters, not people. It is not therapy.
cast-question = On this machine { $server } is running, with { $model }. Shall it play the figures? What you write would then be sent to { $address }. That is on this machine; whether it passes words on to another computer depends on how it was set up. Without it the figures speak lines that were written beforehand.
cast-some-model = a model that it is still loading
cast-prompt = May it play? (y for yes; Enter means no)
cast-yes = It plays from now on. That is remembered in { $file }; --cast story leaves it out.
cast-no = It is left alone, and you are not asked again. That is remembered in { $file }; --cast { $address } lets it play.
cast-not-there = The language model at { $server } is not there yet: { $why }. The evening begins without it; once that is mended it joins in.
cast-waking = The language model is still waking up; until then the lines are ones that were written beforehand.
cast-well = The language model plays.
cast-degraded = A line of the language model's did not come, or was none of the figure's; one that was written beforehand took its place. That happens, and is not told again.
cast-gone = The language model has dropped out: { $why }. The evening goes on with lines that were written beforehand.
talk-note = Before you begin: an inner critic speaks in here, harshly at times. Please leave it for another day if you are in a crisis, if you hear voices, or if somebody close to you has just died. It is meant for people of sixteen and over. If you would rather not meet a Devil, it can be called the Critic (devil_name), be gentle, or stay silent (!devil gentle, !devil off).
talk-commands = At any time: !hint for a hint, !skip to go past, !pause, !stop to close the evening, !sos if everything should stop, or the words: stop everything. An empty line means: I am just sitting here.
talk-belief-words = (a corner, half, most, all, or a number from 0 to 10)
talk-skip-question = (an empty line leaves this open)

speaker-devil = Devil
speaker-patient = Your hurt self
speaker-own = You, a while ago
speaker-guide = Guide
speaker-window = Window
speaker-you = You

line = { $speaker }: { $text }

direction-turn = (It is your turn.)
direction-breath = (A breath.)
direction-quiet = (Quiet.)
direction-silence = (You say nothing. You stay.)
direction-cut = (Breaks off.)
direction-paused = (Held. !go goes on.)
direction-resumed = (It goes on.)
direction-safe = (Everything stops. The Devil is gone, and does not come back.)
direction-closing = (The evening closes.)

# How the room answers, by how far the comfort reached.
strength-little-1 = (The smoke thins a little.)
strength-little-2 = (One thorn draws in.)
strength-little-3 = (The Devil shifts its weight from one foot to the other.)
strength-little-4 = (The lamp burns a shade warmer.)
strength-little-5 = (For a moment the Devil forgets to stand tall.)
strength-little-6 = (A thread of smoke goes out at the window.)
strength-clear-1 = (The thorns draw in.)
strength-clear-2 = (The smoke sinks towards the floor.)
strength-clear-3 = (The Devil loses a hand's breadth of its height.)
strength-clear-4 = (Something behind the seat lets go of it.)
strength-clear-5 = (You can see the window through the Devil now.)
strength-clear-6 = (The ember in its eye goes down to a glow.)
strength-to-middle = (Red goes over into violet. The Devil takes half a step back.)
strength-to-low = (Violet goes over into grey-blue. The Devil looks about for somewhere to sit.)

stage-heard = (Two hands come apart.)
stage-looking-up = (A head comes up.)
stage-thinking = (Your hurt self sits back. There is room on the seat.)
stage-resting = (Your hurt self rests.)

change-over-there = (You change places. The lamp is on the other side now, and across the rug somebody sits where you sat.)
change-still = (Nothing is said for a while.)
change-back = (You are back on your own side.)
ending-sits = (The Devil sits down, small, beside your hurt self.)
ending-steps-back = (The Devil steps back, out of the lamp.)
ending-tires = (The Devil has grown tired. It stops talking.)
ending-early = (The evening stops here. The room keeps the lamp on for a while.)

end-thanks = The evening is over.
end-sos = The evening is over. The help stays on the screen.
end-unused-lines = { $count ->
    [one] The evening closed with one line of the script left over.
   *[other] The evening closed with { $count } lines of the script left over.
}

fault-text-cut = That was more than the room can take in at once; it has kept the beginning.
fault-cast = Somebody lost the thread for a moment; the evening goes on.
fault-events = The event log cannot be written any more: { $why } The evening goes on without it.
fault-journal = Nothing more of this evening is kept: { $why }. It goes on all the same.
fault-latch = That the room has stopped could not be written to the disk: { $why }. It stays as it is; but if the program breaks off now, the next evening will not know of it.
fault-voice = The figures cannot be heard: { $why }. What they say stands below, to be read.
fault-camera = You cannot be seen: { $why }. The evening goes on without it.
fault-portrait = Your own server did not say how you may feel: { $why }. The room goes on with its own words for your face.
fault-microphone = You cannot be heard: { $why }. You can write instead, and once it is there again you are heard.
fault-transcript = What you say cannot be written down: { $why }. You can write it instead.
fault-no-words = The room heard you, and could not make out the words. Say it once more, or write it.
fault-no-words-again = Once more the words could not be made out. That is the sound's doing, not yours; it may be easier to write for a while.
voice-well = The figures can be heard.
camera-well = The camera sees again.
microphone-well = You are heard.
fault-not-utf8 = Part of that line was not UTF-8 text; what could be read was kept.
unknown-command = There is no { $command } here. There are !hint, !skip, !pause, !go, !measures, !card, !devil off, !devil gentle, !devil full, !stop and !sos; and !1, !2 and !3 on the help card.

# After the plain question.
talk-check-in = (yes, not sure, no, or rather not say)

# The help card.
card-title = Help from people
card-choice = { $number }. { $text }
card-person = Talk to somebody who is near you, or ring somebody you know.
card-staff = Talk to { $who }, who is here for that.
card-line = { $name }:
card-ring = ring { $phone }.
card-write = Or write: { $write }.
card-hours = It answers { $hours }.
card-always = day and night
card-emergency = If you are in danger now, ring { $emergency }.
card-local-emergency = If you are in danger now, ring your local emergency number.
card-directory = Lines for every country, to ring and to write to, are listed at { $directory }.
card-unverified = (Nobody has verified this number for this program. If it does not answer, ring the emergency number.)
card-expired = (This number was verified more than half a year ago. If it does not answer, ring the emergency number.)
card-breath = A breath first, with the Guide: type !3
card-leave = (!stop leaves. The card stays on the screen.)

# After an evening: the card that one can take along, and the questions.
keepsake-offer = The words that you keep can go with you, as a card: a picture and a page with them and the date. !card saves it among your pictures, !card FOLDER elsewhere.
keepsake-lies = The card lies in { $folder }, as { $name }.png and .md.
keepsake-lies-page = The card lies in { $folder }, as { $name }.md. It has no picture: letters of it cannot be drawn here.
keepsake-not = The card could not be saved: { $why }.
keepsake-elsewhere = (!card FOLDER tries another folder.)
keepsake-nothing = There is no card: no words were kept.
keepsake-later = The card is there when the evening is over, if you kept words of it.
after-leave = (An empty line leaves.)
