# What an exhibition says to its visitors and to those who look after it. The figures' lines are in prompts/.

# ---- while nobody is there ----
exhibit-sign = Talk with me
exhibit-sign-who = Somebody sits here who could use a kind word.
exhibit-sign-touch = Touch the screen, or press any key.
exhibit-sign-headset = Put the headset on, and sit down.
exhibit-sign-figures = The figures are characters played by a program. They are not people.
exhibit-sign-long = It takes about { $minutes } minutes, and you can leave at any time.
exhibit-sign-counts = A camera here watches for somebody to come. It recognises nobody and keeps nothing.

# ---- which language ----
exhibit-language-title = Which language would you like?
exhibit-language-figures = The figures speak English, and understand English only.

# ---- before it begins: shown large, and read aloud on request ----
exhibit-consent-title = Before you sit down
exhibit-consent-what = In a moment you will sit in a small room. Somebody sits there who is hurt. Beside them stands the Devil, who talks the way an inner critic talks. You can comfort the one who is hurt, in your own words.
exhibit-consent-long = It takes about { $minutes } minutes.
exhibit-consent-ai = You will be talking with AI characters, not with people. This is not therapy, and no help in an emergency.
exhibit-consent-story = Their lines were written beforehand. A program on this machine chooses them by what you say.
exhibit-consent-model = The characters are played by the language model { $model }. What you say or write is sent there as text, with no name.
exhibit-consent-leave-title = Please leave it for another day
exhibit-consent-leave-crisis = if you are in a crisis, or are thinking of hurting yourself
exhibit-consent-leave-voices = if you hear voices that others do not hear
exhibit-consent-leave-loss = if somebody close to you has just died
exhibit-consent-leave-light = if lights or moving pictures can give you seizures
exhibit-consent-leave-harsh = It speaks of harsh thoughts about oneself.
exhibit-consent-age = It is meant for people of { $age } and over.
exhibit-consent-devil = If you would rather not meet a Devil, it can be gentle, or stay silent.
exhibit-consent-devil-full = As it is
exhibit-consent-devil-gentle = Gentle
exhibit-consent-devil-off = Silent
exhibit-consent-devil-off-here = The Devil stays silent today.
exhibit-consent-microphone = You may hear me
exhibit-consent-microphone-about = Your voice is turned into words on this machine, and never kept. You can also leave this off, and write or touch instead.
exhibit-consent-microphone-server = The sound of your voice is sent to { $server }, which turns it into words. This room keeps none of it. You can also leave this off, and write or touch instead.
exhibit-consent-microphone-none = You cannot be heard here. You can write or touch instead.
exhibit-consent-camera = You may see my face
exhibit-consent-camera-about = In the visit the camera is off unless you switch this on. Then small models on this machine guess what your face may show, and are wrong at times. The Guide and the Devil take account of it, always in your favour. No picture is kept or sent. Without it nothing is missing.
exhibit-consent-counts = Until you come in, a camera here only watches for somebody standing before it. It recognises nobody, keeps nothing, and is closed as you come in.
exhibit-consent-stop-title = You can stop at any time
exhibit-consent-stop-sos = The SOS button stops everything, and shows where help is.
exhibit-consent-stop-close = You can close the visit, or just walk away.
exhibit-consent-stop-headset = You can take the headset off. Pressing both triggers for a second is SOS.
exhibit-consent-kept = This room keeps nothing of what you say. After the visit it is wiped from this machine.
exhibit-consent-duty = { $staff } is on duty here, if you would like to talk with a person.
exhibit-consent-listen = Read it to me
exhibit-consent-listen-stop = Stop reading
exhibit-consent-more = Go on reading
exhibit-consent-begin = Yes, let me in
exhibit-consent-begin-about = With this you agree that the room takes in what you say, as it stands above, until you go.
exhibit-consent-no = Rather not
exhibit-consent-large = Larger words

# ---- family hours ----
exhibit-family-what = In a moment you will sit in a small room. Somebody sits there who has had a hard day. You can say something kind to them, in your own words.
exhibit-family-devil = The Devil is not here at this hour, and the camera is off.
exhibit-family-age = Children come in together with a grown-up who looks after them.
exhibit-family-begin = Yes, let us in

# ---- a hall that is too loud: beginnings to choose, and to finish oneself ----
exhibit-beginnings-loud = It is too loud here to hear you well.
exhibit-beginnings-title = Choose a beginning, and go on in your own words
exhibit-beginnings-about = Your words go on where it stops. You can also speak, write, or just stay.
exhibit-beginnings-finish = and then?
exhibit-beginnings-other = Other beginnings
# to the Patient: first of all
exhibit-beginning-near-1 = I am here, and I…
exhibit-beginning-near-2 = Take your time. I…
exhibit-beginning-near-3 = You do not have to…
# to the Patient: a warm move
exhibit-beginning-warm-1 = No wonder you…
exhibit-beginning-warm-2 = I have also…
exhibit-beginning-warm-3 = You are allowed to…
# to the Patient: with a fact
exhibit-beginning-fact-1 = I remember that you…
exhibit-beginning-fact-2 = Last week you did…
exhibit-beginning-fact-3 = One thing that went well was…
# to the Patient: another way to see it
exhibit-beginning-view-1 = Maybe the others…
exhibit-beginning-view-2 = If you were my friend, I would…
exhibit-beginning-view-3 = And the day after that…
# to the Patient: a question
exhibit-beginning-ask-1 = What happened before…
exhibit-beginning-ask-2 = What would you like me to…
exhibit-beginning-ask-3 = When did you begin to…
# to the Patient: a small step, late in the visit
exhibit-beginning-step-1 = We could take five minutes to…
exhibit-beginning-step-2 = Only one small thing: let's…
exhibit-beginning-step-3 = Tonight you may leave…
# to the Devil
exhibit-beginning-devil-1 = That is only a thought, and…
exhibit-beginning-devil-2 = What are you afraid would…
exhibit-beginning-devil-3 = Stop telling me that…
# to the Devil, when it is small
exhibit-beginning-devil-low-1 = You may stay, but please…
exhibit-beginning-devil-low-2 = You wanted to keep me from…
exhibit-beginning-devil-low-3 = From now on I would like to…
# at the end, to the Patient
exhibit-beginning-last-1 = What I would like you to keep is…
exhibit-beginning-last-2 = When it comes back, remember…
exhibit-beginning-last-3 = I am glad that you…

# ---- in the middle of a visit ----
exhibit-call = Call somebody
exhibit-call-about = Somebody who works here comes to you.
exhibit-call-wait = Somebody is being called.
exhibit-call-told = Somebody has been told. You can stay where you are.
exhibit-call-failed = The call did not get through. Please walk to the desk, or tell a member of staff.
exhibit-call-none = Nobody can be called from here. Please walk to the desk, or tell a member of staff.
exhibit-call-again = Call once more

# ---- is somebody still there? ----
exhibit-there-title = Are you still there?
exhibit-there-yes = Yes, I am here
exhibit-there-else = { $seconds ->
    [one] In one second the visit ends by itself, and the room is made ready for somebody else.
   *[other] In { $seconds } seconds the visit ends by itself, and the room is made ready for somebody else.
}
exhibit-there-kept = Nothing of what was said is kept.
exhibit-there-headset = Put the headset on again, and it goes on.

# ---- farewell ----
exhibit-farewell-title = Thank you for sitting here
exhibit-farewell-kept = Nothing of what you said is kept. What you take along is yours alone.
exhibit-farewell-staff = If you would like to talk, { $staff } is on duty here.
exhibit-farewell-desk = If you would like to talk, there are people at the desk.
exhibit-farewell-help = Show me where help is
exhibit-farewell-headset = You can take the headset off now. Take your time to get up.
exhibit-farewell-slow = There is no hurry. A breath, and a look around, before you go.
exhibit-farewell-done = Goodbye

# ---- between two visitors ----
exhibit-ready = The room is being made ready for the next visitor.
exhibit-ready-about = What was said before is being wiped. One moment, please.

# ---- paused, closed, at rest ----
exhibit-paused = The room is held for a moment.
exhibit-paused-about = Somebody who works here has paused it. It goes on soon.
exhibit-closed = The room is closed.
exhibit-closed-until = It opens at { $time }.
exhibit-closed-day = It opens on { $day } at { $time }.
exhibit-closed-staff = The people at the desk know more.
exhibit-rest = The room is resting
exhibit-rest-about = Something in the machine needs a person. Somebody who works here looks after it.

# ---- the staff's panel ----
exhibit-staff-title = For staff
exhibit-staff-pin-ask = Please enter the PIN
exhibit-staff-enter = Open
exhibit-staff-delete = Delete
exhibit-staff-pin-wrong = That is not the PIN.
exhibit-staff-pin-none = No PIN is set, so nobody can open the panel. Set pin in config.toml.
exhibit-staff-pin-wait = { $seconds ->
    [one] Too many wrong tries. Please wait one second.
   *[other] Too many wrong tries. Please wait { $seconds } seconds.
}
exhibit-staff-leave = Leave the panel
exhibit-staff-leaves = It closes by itself when nobody touches it.
exhibit-staff-station = Station { $station }
exhibit-staff-state = Now: { $state }
exhibit-staff-state-starting = coming up
exhibit-staff-state-recovering = coming back after a fall
exhibit-staff-state-attract = waiting for a visitor
exhibit-staff-state-visit = a visit
exhibit-staff-state-farewell = farewell
exhibit-staff-state-paused = paused
exhibit-staff-state-closed = closed
exhibit-staff-state-still = still picture
exhibit-staff-visits = Visits since it was opened: { $visits }
exhibit-staff-pause = Pause
exhibit-staff-pause-about = Everything falls silent at once. The visit is held.
exhibit-staff-go-on = Go on
exhibit-staff-skip = End this visit
exhibit-staff-skip-about = It closes kindly, and the room is made ready for the next visitor.
exhibit-staff-skip-sure = End the visit of whoever sits here now?
exhibit-staff-volume = How loud the figures are
exhibit-staff-percent = { $number } %
exhibit-staff-language = First language
exhibit-staff-language-about = Visitors can choose another one.
exhibit-staff-test = Test the call
exhibit-staff-test-about = Runs the command of this house, marked as a test.
exhibit-staff-testing = Calling. Wait until it has reached you.
exhibit-staff-tested = The command last ran without a fault on { $time }. Did the call reach you? If not, the fault lies behind it.
exhibit-staff-tested-not = The call failed: { $why }
exhibit-staff-tested-next = Visitors are told to walk to the desk until it works. Check the line call in config.toml, and stay within sight meanwhile.
exhibit-staff-untested = The call has not been tested from here since the room was started.
exhibit-staff-no-call = No command for calling somebody is set. Visitors are told to walk to the desk.
exhibit-staff-called = A visitor called you: { $time }.
exhibit-staff-sos = SOS was pressed, or the room stopped for somebody's safety. Please go there now.
exhibit-staff-seen = I am there
exhibit-staff-colleague = Call a colleague
exhibit-staff-colleague-about = Runs the same command, marked as a call of the staff.
exhibit-staff-restart = Restart
exhibit-staff-restart-about = The visit ends, everything begins anew, and the room is back within a minute.
exhibit-staff-restart-sure = Restart now?
exhibit-staff-close = Close for today
exhibit-staff-close-about = A visit that goes on comes to its end first.
exhibit-staff-close-sure = Close the room for today?
exhibit-staff-open = Open
exhibit-staff-yes = Yes
exhibit-staff-no = No
exhibit-staff-faults = What needs a look
exhibit-staff-well = Everything works.
exhibit-staff-fault-microphone = Microphone: visitors write or touch.
exhibit-staff-fault-loudspeaker = Loudspeaker: visitors read.
exhibit-staff-fault-camera = Camera: it stays closed.
exhibit-staff-fault-model = Language model: written lines are played.
exhibit-staff-fault-call = The call for a person: it failed last time.
exhibit-staff-fault-helplines = Helplines: they have to be verified anew.
exhibit-staff-fault-disk = Disk: it is full, or cannot be written.
exhibit-staff-helplines = { $days ->
    [one] The helplines have to be verified anew within one day.
   *[other] The helplines have to be verified anew within { $days } days.
}

# ---- the printed notice: what is put into its places ----
exhibit-notice-microphone = The microphone is off until you switch it on. You can also write or touch.
exhibit-notice-words-here = What you say is turned into words on the machine beside you, and goes nowhere else.
exhibit-notice-words-server = What you say is sent as text to { $server }, where the language model { $model } answers. It is sent with no name, and nothing of it is kept here.
exhibit-notice-words-program = What you say goes as text to a program on the machine beside you, where the language model { $model } answers. It goes there with no name, and nothing of it is kept here.
exhibit-notice-words-read = Your words are read by a program on the machine beside you.
exhibit-notice-voice-here = The sound of your voice is turned into words on the machine beside you, and is never kept.
exhibit-notice-voice-server = The sound of your voice is sent to { $server }, which turns it into words.
exhibit-notice-spoken-server = What the figures say is sent as text to { $server }, which gives them their voices. Some of your words can be in it.
exhibit-notice-camera-off = There is no camera in use.
exhibit-notice-camera-on = There is a camera. In the visit it is off unless you switch it on. Then a program guesses from your face how you may feel, which the law calls emotion recognition. The guess is used at once, always in your favour, and is never kept. The visit is the same without it.
exhibit-notice-camera-counts = A camera watches for a face in front of the station, so that the room can greet whoever comes. It recognises nobody, and keeps no picture and no number.
exhibit-notice-family = From { $from } to { $until } the room is open to families: no Devil and no camera.
exhibit-notice-hours = Open from { $opens } to { $closes }.
exhibit-notice-closed = Closed: { $days }.
exhibit-notice-mon = Monday
exhibit-notice-tue = Tuesday
exhibit-notice-wed = Wednesday
exhibit-notice-thu = Thursday
exhibit-notice-fri = Friday
exhibit-notice-sat = Saturday
exhibit-notice-sun = Sunday
exhibit-notice-duty = On duty here: { $staff }
exhibit-notice-help = { $name }: { $phone }
exhibit-notice-help-write = { $name }: { $phone }, or write: { $write }
exhibit-notice-help-directory = Lines for every country are listed at { $directory }.
exhibit-notice-emergency = In danger now: ring { $emergency }.
exhibit-notice-local-emergency = In danger now: ring your local emergency number.
