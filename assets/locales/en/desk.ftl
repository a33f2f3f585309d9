# What stands on the desk: the panels of the window. The figures' lines are in prompts/.

desk-lighting = The lamp is being lit.

door-title = Inner Room
door-what = In a moment you will sit down in a small room. Somebody sits there who is hurt, and beside them stands what hurts them: it talks the way an inner critic talks. You can comfort the one who is hurt, in your own words.
door-story = The figures are characters, not people, and this is not therapy. They speak lines that were written beforehand, chosen by what you write.
door-model = The figures are characters, not people, and this is not therapy. The language model { $model } plays them; what you write is sent there.
door-senses = It reads what you type. The microphone is closed unless you open it here; so is the camera. What you say is written down on this machine, or by the server that you chose for it, and the sound is not kept unless you say so here. No picture is ever kept, and none is sent unless you say so here.
door-leave = Please leave it for another day if you are in a crisis, if you hear voices, or if somebody close to you has just died. It is meant for people of sixteen and over.
door-sos = You can stop at any time. In the room, SOS stands above on the right (or press F12): it stops everything and shows where help is.
door-keep = Keep this evening and the next ones on this machine, for me alone
door-keep-note = Otherwise nothing of it is left when you go.
door-kept = This evening is kept on this machine, as you decided.
door-not-kept = Nothing of this evening is kept.
door-server = Let { $model } in { $server }, on this machine, play the figures
door-server-note = What you write is then sent to { $address }. Whether that passes words on to another computer depends on how it was set up.
door-devil = How loud the inner critic may be
door-devil-full = as it is
door-devil-gentle = gentle
door-devil-off = silent
door-devil-name = What it is called
door-begin = Come in
door-go-on = Go on with the evening of { $when }
door-anew = Begin a new one

desk-say = Say something to them
desk-say-aloud = Speak to them, or write
desk-talk = Hold to speak
desk-talk-about = You are heard for as long as you hold it, or the key F4
desk-meter = The microphone is open, and so loud are you
desk-recorded = Your voice is kept in memory until the evening ends
desk-answer-concern = What it says, in a sentence or two
desk-answer-when = A time, or a place
desk-answer-belief = In your words, or a number
desk-belief = Or choose: 0 is not at all, 10 is all of you
desk-send = Say it
desk-answer-change = Yes, or stay here
desk-answer-keep = Words that you would keep
desk-change-yes = Yes
desk-change-stay = Stay here
desk-change-none = None of them
desk-change-back = Back to your own seat
desk-stay = Just stay
desk-hint = Hint
desk-skip = Go past
desk-leave-open = Leave it open
desk-pause = Pause
desk-settings = Settings
desk-stop = Close the evening
desk-go-on = Go on
desk-sos = SOS
desk-hint-about = The Guide gives you something to try (F1)
desk-skip-about = On to what comes next, with nothing said (F2)
desk-pause-about = Nobody speaks until you are back (Esc)
desk-stop-about = The evening comes to its end now
desk-settings-about = How it looks, who plays, what is kept (F3)
desk-sos-about = Everything stops, and help is shown (F12)
desk-paused = The evening is held. Nobody says anything until you are back.

settings-title = Settings
settings-close = Done

settings-show = How it is shown
settings-language = Language
settings-language-note = The figures speak English so far, whatever you choose here.
settings-text-size = How large words are
settings-percent = { $size } %
settings-contrast = Strong contrast
settings-contrast-note = White on black, and nothing shines through.
settings-captions = What the figures say stands below, to be read
settings-captions-note = Where nothing can be heard, without it you would only see their mouths move.
settings-motion = Let as little move as can be
settings-motion-note = Breath and blinks stay, and what the figures do. Smoke, rain and the lantern come to rest.
settings-tier = How much is drawn
settings-tier-auto = what this machine can bear
settings-tier-low = little
settings-tier-middle = more
settings-tier-high = everything
settings-tier-note = It changes at once. How smooth edges are follows when the room is opened the next time.

settings-evening = Your evenings
settings-devil = What the Devil is called
settings-keep = Keep them on this machine, for me alone
settings-keep-note = An evening that has begun stays as it began. To read, take along or erase what is kept: inner-room sessions
settings-questions = Offer the questions about how it is after an evening, too
settings-questions-note = A few questions with numbers for answers, for you alone. They are never asked by themselves.

settings-play = Who plays the figures
settings-play-auto = A language model on this machine, if I said yes to it; else lines that were written beforehand
settings-play-story = Lines that were written beforehand, always
settings-play-server = The language model at this address:
settings-address = Address of the language model
settings-address-wrong = That is no address yet. One looks like this: { $example }
settings-model = Which model (empty: its first)
settings-play-note = An evening that has begun stays with whoever plays in it.
settings-try = Try it
settings-trying = It is asked for a few lines, which can take a minute. Nothing of yours is sent.
settings-tried = { $model }: { $usable } of { $asked } lines could be used; the first word came after { $seconds } seconds.
settings-tried-not = It cannot play: { $why }

settings-figures = Figures of one's own
settings-figure-patient = Your hurt self: a VRM or GLB file (empty: the built-in one)
settings-figure-devil = The Devil: a VRM or GLB file (empty: the built-in one)
settings-figures-note = It comes once the settings are closed. A file that cannot be used is left aside, and why is said.
figure-refused-patient = The figure for your hurt self, { $file }, cannot be used: { $why } The built-in one stays.
figure-refused-devil = The Devil's figure, { $file }, cannot be used: { $why } The built-in one stays.

settings-sound = What you hear
settings-voices = The figures speak
settings-voices-note = With espeak-ng, where it is installed, or a speech server named in config.toml.
settings-volume = How loud they are
settings-scene-volume = How loud the evening outside is
settings-loudspeaker = Which loudspeaker
settings-device-own = The system's own
settings-device-missing = { $name }, which is not there now

settings-senses = What the room takes in
sense-keys = Keys: it reads what you type, and nothing else.
settings-hear = When you are heard
settings-hear-off = Never: I write
settings-hear-key = While I hold the key F4, or the button beside the line
settings-hear-open = Whenever I speak
settings-hear-note = What was heard stands in the line for a moment, and you can correct it before it counts.
settings-recording = Keep my voice until the evening ends, so that I can hear my own words again
settings-recording-note = In memory only: what is kept is never written to a file or sent. Take this back, or close the microphone, and it is gone at once.
settings-echo = How the figures' voices reach the microphone
settings-echo-loudspeaker = From a loudspeaker: they are taken out of what it hears
settings-echo-headphones = Not at all: I wear headphones
settings-echo-half = Too loudly: hear me only while nobody speaks
settings-microphone = Which microphone
sense-microphone-none = Microphone: it is never on, because there is none here, or nothing that could write down what you say. inner-room doctor tells what to do about that.
settings-see = What the camera may do
settings-see-off = Nothing: it stays closed
settings-see-mirror = The face across from me follows mine, and nothing else
settings-see-aware = The Guide and the Devil take account of my face, too
settings-see-note = Small models on this machine look at five pictures a second and guess what your face may show. They are wrong at times. { $server ->
    [yes] No picture is kept, none is sent unless you allow that below,
   *[no] No picture is kept or sent,
} and no number of it goes into any text. It can change how things are said and when, always in your favour: never how strong the Devil is, nor how the evening ends, and nobody speaks of your face. An eye beside the line shows that it is on; press it to see what it sees. You can close it at any time.
settings-portrait = A picture of me may go to my own server
settings-portrait-note = With your yes, once for each thing you say, one small picture of your face goes to { $model } at { $address }, on this machine or your own network. The room keeps it nowhere; what that server does with it is the server's affair, and yours. A few words on how you may feel come back, and the Guide and the Devil may be told them. You can take this back at any time: then no more is sent, and what was still being asked is let go.
settings-see-barred = Where people work or learn nobody is read by their face, so there is no more to choose here.
settings-camera = Camera
sense-camera-none = Camera: it is never on, because no model that looks at faces is here. inner-room doctor tells what to do about that.
sense-camera-missing = Camera: there is none just now. Plug one in, and open the settings again.

card-hint = Something to try
card-feedback = A word on that

check-in-about-crisis = Are you thinking about ending your life, or about hurting yourself?
check-in-about-danger = Are you in danger, or is somebody else?
check-in-about-health = Is it getting too much to be alone with?
check-in-yes = Yes
check-in-not-sure = Not sure
check-in-no = No
check-in-rather-not = Rather not say

card-breathe = A breath first, with the Guide
card-close = Leave

desk-over = The evening is over. The lamp stays on for as long as you like.
desk-over-help = The evening is over. The help stays here.
desk-goodbye = Leave the room

# Measures: questions with numbers for answers, where somebody wants to answer them.
questions-offer = Would you like to answer a few questions before and after? They are yours alone.
questions-answered = If the evening is kept, your answers are kept with it. You can change them until it begins.
questions-anew = They count for a new evening only, not for the one that goes on.
questions-open = A few questions
questions-open-after = The questions once more
questions-title = A few questions
questions-about = They are yours alone, to look at over time. Nothing in the evening depends on them, and each can be left out.
questions-kept-if = These are not kept after tonight unless you keep the evening; the door asks about that.
questions-not-kept = This evening is not kept, and so these are kept nowhere.
questions-choice = { $name } ({ $count ->
    [one] one question
   *[other] { $count } questions
})
questions-english = These are asked in English.
questions-begin = Begin
questions-not-now = Not now
questions-number = { $number } of { $of }
questions-back = Back
questions-leave-out = Leave it out
questions-leave = Leave the rest

past-title = Your answers over time
past-about = What you answered, evening by evening. Numbers, and nothing more: what they mean is yours to say.
past-legend = ● before   ◇ after   (average answer, { $lowest } to { $highest })
past-wait = They are being fetched.
past-not = They cannot be read: { $why }
desk-card = Keep the card
desk-card-about = A picture and a page with the words that you keep and the date, among your pictures

# The room without a window.
pictures-no-display = There is no display here, so the room is drawn into pictures. On a machine with a screen a window opens.
pictures-built-in = An evening that the program brings along is played; --script FILE plays another.
pictures-where = { $count } pictures in { $seconds } seconds: { $folder }
pictures-card = The words that were kept lie there as card.png and card.md.

# ---- what the camera sees ----
desk-seen = The camera is on. Press, or F5, to see what it sees
sight-title = What it sees
sight-close = Close
sight-picture = You, as in a mirror
sight-waiting = No picture has come yet.
sight-learning = It is learning how your face is when it does nothing. Please look this way for a moment.
sight-face = Your face, beside how it is when it does nothing:
sight-away = You look another way.
sight-nobody = Nobody is in the picture.
sight-several = There are several faces, and none of them is clearly nearest. It looks at nobody.
sight-dark = It is too dark to see.
sight-neutral = still
sight-happy = may be a smile
sight-sad = may be sadness
sight-angry = may be anger, or effort
sight-fearful = may be fear
sight-disgusted = may be distaste
sight-surprised = may be surprise
sight-contempt = may be scorn
sight-valence = unpleasant to pleasant
sight-arousal = calm to stirred
sight-confidence = how sure it is
sight-told = The Guide and the Devil would be told: “{ $caption }”
sight-told-nothing = Nobody is told anything of it.
sight-note = A guess, and no more. The picture is shown to you alone, and is gone with the next one.

# In the headset.
headset-no-loader = No headset: the OpenXR loader is not installed. On Debian and Ubuntu install libopenxr-loader1, on Fedora openxr-libs.
headset-no-runtime = No headset: no OpenXR runtime is set as the one to use. Start SteamVR, WiVRn or Monado once and let it set itself as the default.
headset-silent = No headset answers. Turn it on and start its runtime (SteamVR, WiVRn, Monado).
headset-unbuilt = This build has no part for headsets; the feature "headset" brings it.
headset-meanwhile = The room is on the screen meanwhile, and moves there by itself.
headset-pictures = The pictures are drawn without it.
headset-left = You have left the headset, and the room is here. To put it on again: settings, or --xr.
headset-lost = The headset is gone. The room is here meanwhile, and moves back once the headset answers.
headset-given-up = The headset was lost four times in a row, and nobody waits for it any more. To try again: settings.
desk-headset-on = Put on the headset
desk-headset-off = Back to the screen
desk-headset-note = The evening goes on in a headset, through any OpenXR runtime, and comes back to the screen whenever you like.
mirror-away = The evening waits.
mirror-help = This stands in the headset, too. Here it can be dialled.
