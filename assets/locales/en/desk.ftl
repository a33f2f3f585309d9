# What stands on the desk: the panels of the window. The figures' lines are in prompts/.

desk-lighting = The lamp is being lit.

door-title = Inner Room
door-what = In a moment you will sit down in a small room. Somebody sits there who is hurt, and beside them stands what hurts them: it talks the way an inner critic talks. You can comfort the one who is hurt, in your own words.
door-story = The figures are characters, not people, and this is not therapy. They speak lines that were written beforehand, chosen by what you write.
door-model = The figures are characters, not people, and this is not therapy. The language model { $model } plays them; what you write is sent there.
door-leave = Please leave it for another day if you are in a crisis, if you hear voices, or if somebody close to you has just died. It is meant for people of sixteen and over.
door-sos = You can stop at any time. SOS, above on the right, stops everything and shows where help is.
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
door-begin = Come in
door-go-on = Go on with the evening of { $when }
door-anew = Begin a new one

desk-say = Say something to them
desk-answer = Your answer
desk-belief = Or choose: 0 is not at all, 10 is all of you
desk-send = Say it
desk-stay = Just stay
desk-hint = Hint
desk-skip = Go past
desk-leave-open = Leave it open
desk-pause = Pause
desk-settings = Settings
desk-stop = Close the evening
desk-go-on = Go on
desk-sos = SOS
desk-paused = The evening is held. Nobody says anything until you are back.

settings-title = How the room is shown
settings-text-size = How large words are
settings-percent = { $size } %
settings-motion = Let as little move as can be
settings-motion-note = Breath and blinks stay, and what the figures do. Smoke, rain and the lantern come to rest.
settings-close = Done

check-in-yes = Yes
check-in-not-sure = Not sure
check-in-no = No
check-in-rather-not = Rather not say

card-breathe = A breath first, with the Guide
card-close = Leave

desk-over = The evening is over. The lamp stays on for as long as you like.
desk-over-help = The evening is over. The help stays here.
desk-goodbye = Leave the room

# The room without a window.
pictures-no-display = There is no display here, so the room is drawn into pictures. On a machine with a screen a window opens.
pictures-built-in = An evening that the program brings along is played; --script FILE plays another.
pictures-where = { $count } pictures in { $seconds } seconds: { $folder }
