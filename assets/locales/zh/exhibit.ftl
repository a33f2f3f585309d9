# What an exhibition says to its visitors and to those who look after it. The figures' lines are in prompts/.

# ---- while nobody is there ----
exhibit-sign = 和我说说话
exhibit-sign-who = 这里坐着一个人，正需要一句温和的话。
exhibit-sign-touch = 碰一下屏幕，或者按任意一个键。
exhibit-sign-headset = 请坐下，戴上头显。
exhibit-sign-figures = 屋里的都是由程序扮演的角色，不是真人。
exhibit-sign-long = 大约需要 { $minutes } 分钟，你随时可以离开。
exhibit-sign-counts = 这里的摄像头只看有没有人站在跟前。它不认人，也什么都不保存。

# ---- which language ----
exhibit-language-title = 你想用哪种语言？
exhibit-language-figures = 角色目前只说英语，也只读得懂英语。

# ---- before it begins: shown large, and read aloud on request ----
exhibit-consent-title = 坐下之前
exhibit-consent-what = 过一会儿，你会在一间小屋子里坐下。屋里坐着一个受了伤的人，旁边站着恶魔，它说起话来，就像内心的批评者。你可以用自己的话，安慰受伤的那一个。
exhibit-consent-long = 大约需要 { $minutes } 分钟。
exhibit-consent-ai = 和你说话的是 AI 角色，不是真人。这不是心理治疗，遇到紧急情况也帮不上忙。
exhibit-consent-story = 他们的台词是事先写好的。这台机器上的程序听了你的话，再决定说哪一句。他们目前只说英语，也只读得懂英语。
exhibit-consent-model = 扮演这些角色的是语言模型 { $model }。你说的话、写的字，都会以文字发送到那里，不带姓名。他们目前只说英语，也只读得懂英语。
exhibit-consent-leave-title = 有下面这些情况，请改天再来
exhibit-consent-leave-crisis = 你正处在危机之中，或者在想伤害自己
exhibit-consent-leave-voices = 你会听到别人听不到的声音
exhibit-consent-leave-loss = 刚有亲近的人去世
exhibit-consent-leave-light = 灯光或活动的画面可能让你抽搐发作
exhibit-consent-leave-harsh = 这里会说到人对自己的苛刻想法。
exhibit-consent-age = 这里面向年满 { $age } 岁的人。
exhibit-consent-devil = 如果你不想遇见恶魔，可以让它轻一些，也可以让它不出声。
exhibit-consent-devil-full = 照常
exhibit-consent-devil-gentle = 轻一些
exhibit-consent-devil-off = 不出声
exhibit-consent-devil-off-here = 恶魔今天不出声。
exhibit-consent-microphone = 可以听我说话
exhibit-consent-microphone-about = 你的声音在这台机器上变成文字，声音从不保存。你也可以不打开它，用写的，或者用手点。
exhibit-consent-microphone-server = 你的声音会发送到 { $server }，在那里变成文字。屋子一点也不保存。你也可以不打开它，用写的，或者用手点。
exhibit-consent-microphone-none = 在这里听不到你说话。你可以用写的，或者用手点。
exhibit-consent-camera = 可以看我的脸
exhibit-consent-camera-about = 进屋之后，除非你打开，摄像头一直关着。打开之后，这台机器上的小模型会猜你的脸可能在表达什么，有时会猜错。引路人和恶魔会顾及它，而且总是为你着想。画面不保存，也不发送。不打开它，什么也不会少。
exhibit-consent-counts = 在你进屋之前，这里的摄像头只看有没有人站在跟前。它不认人，什么都不保存，你一进屋它就关上。
exhibit-consent-stop-title = 你随时可以停下
exhibit-consent-stop-sos = 按 SOS，一切都会停下，并显示哪里有帮助。
exhibit-consent-stop-close = 你可以结束这一次，也可以直接走开。
exhibit-consent-stop-headset = 你可以摘下头显。两个扳机同时按住一秒，就是 SOS。
exhibit-consent-kept = 你说的话，这间屋子什么都不留。结束之后，它会从这台机器上清除。
exhibit-consent-duty = 如果你想和真人谈一谈，{ $staff } 在这里值守。
exhibit-consent-listen = 读给我听
exhibit-consent-listen-stop = 不用读了
exhibit-consent-more = 接着看
exhibit-consent-begin = 好，让我进去
exhibit-consent-begin-about = 按下它，表示你同意屋子像上面写的那样接收你说的话，直到你离开。
exhibit-consent-no = 还是算了
exhibit-consent-large = 字大一些

# ---- family hours ----
exhibit-family-what = 过一会儿，你会在一间小屋子里坐下。屋里坐着一个人，今天过得很不容易。你可以用自己的话，对那个人说点温和的。
exhibit-family-devil = 这个时段恶魔不在，摄像头关着。
exhibit-family-age = 孩子请和照看他们的大人一起进来。
exhibit-family-begin = 好，让我们进去

# ---- a hall that is too loud: beginnings to choose, and to finish oneself ----
exhibit-beginnings-loud = 这里太吵，听不清你说话。
exhibit-beginnings-title = 选一个开头，用自己的话接下去
exhibit-beginnings-about = 它停在哪里，你的话就从哪里接上。你也可以说，可以写，或者就陪着。
exhibit-beginnings-finish = 然后呢？
exhibit-beginnings-other = 换几个开头
# to the Patient: first of all
exhibit-beginning-near-1 = 我在这里，我……
exhibit-beginning-near-2 = 慢慢来，我……
exhibit-beginning-near-3 = 你不必……
# to the Patient: a warm move
exhibit-beginning-warm-1 = 难怪你会……
exhibit-beginning-warm-2 = 我也曾经……
exhibit-beginning-warm-3 = 你可以允许自己……
# to the Patient: with a fact
exhibit-beginning-fact-1 = 我记得你……
exhibit-beginning-fact-2 = 上个星期，你做到了……
exhibit-beginning-fact-3 = 有一件事是顺利的，那就是……
# to the Patient: another way to see it
exhibit-beginning-view-1 = 也许别人……
exhibit-beginning-view-2 = 如果你是我的朋友，我会……
exhibit-beginning-view-3 = 等再过一天……
# to the Patient: a question
exhibit-beginning-ask-1 = 在那之前发生了什么，是不是……
exhibit-beginning-ask-2 = 你希望我……
exhibit-beginning-ask-3 = 你是从什么时候开始……
# to the Patient: a small step, late in the visit
exhibit-beginning-step-1 = 我们可以花五分钟……
exhibit-beginning-step-2 = 只做一件小事，我们来……
exhibit-beginning-step-3 = 今晚你可以先放下……
# to the Devil
exhibit-beginning-devil-1 = 那只是一个念头，而且……
exhibit-beginning-devil-2 = 你是在怕……
exhibit-beginning-devil-3 = 别再对我说……
# to the Devil, when it is small
exhibit-beginning-devil-low-1 = 你可以留下，但是请……
exhibit-beginning-devil-low-2 = 你原来是不想让我……
exhibit-beginning-devil-low-3 = 从现在起，我想……
# at the end, to the Patient
exhibit-beginning-last-1 = 我希望你留住的是……
exhibit-beginning-last-2 = 它再来的时候，记得……
exhibit-beginning-last-3 = 我很高兴你……

# ---- in the middle of a visit ----
exhibit-call = 叫人过来
exhibit-call-about = 这里的工作人员会到你这里来。
exhibit-call-wait = 正在叫人。
exhibit-call-told = 已经告诉了这里的人。你可以留在原处。
exhibit-call-failed = 没有叫通。请走到服务台，或者告诉任何一位工作人员。
exhibit-call-none = 从这里叫不到人。请走到服务台，或者告诉任何一位工作人员。
exhibit-call-again = 再叫一次

# ---- is somebody still there? ----
exhibit-there-title = 你还在吗？
exhibit-there-yes = 我还在
exhibit-there-else = { $seconds } 秒之后，这一次会自己结束，屋子为下一位收拾好。
exhibit-there-kept = 说过的话什么都不会留下。
exhibit-there-headset = 再戴上头显，就会接着进行。

# ---- farewell ----
exhibit-farewell-title = 谢谢你在这里坐了一会儿
exhibit-farewell-kept = 你说的话什么都没有留下。你带走的，只属于你。
exhibit-farewell-staff = 如果你想谈一谈，{ $staff } 在这里值守。
exhibit-farewell-desk = 如果你想谈一谈，服务台有人。
exhibit-farewell-help = 告诉我哪里有帮助
exhibit-farewell-headset = 现在可以摘下头显了。慢慢起身。
exhibit-farewell-slow = 不用急。先呼吸一次，看看四周，再走。
exhibit-farewell-done = 再见

# ---- between two visitors ----
exhibit-ready = 正在为下一位收拾屋子。
exhibit-ready-about = 之前说过的话正在清除。请稍等一会儿。

# ---- paused, closed, at rest ----
exhibit-paused = 屋子先停一会儿。
exhibit-paused-about = 是这里的工作人员让它停下的，很快会继续。
exhibit-closed = 屋子现在关着。
exhibit-closed-until = { $time } 开放。
exhibit-closed-day = { $day } { $time } 开放。
exhibit-closed-staff = 详情请问服务台。
exhibit-rest = 屋子在休息
exhibit-rest-about = 机器需要有人来看一看。这里的工作人员会照看它。

# ---- the staff's panel ----
exhibit-staff-title = 工作人员
exhibit-staff-pin-ask = 请输入 PIN 码
exhibit-staff-enter = 打开
exhibit-staff-delete = 删除
exhibit-staff-pin-wrong = PIN 码不对。
exhibit-staff-pin-none = 还没有设置 PIN 码，面板打不开。请在 config.toml 里设置 pin。
exhibit-staff-pin-wait = 输错太多次了。请等 { $seconds } 秒。
exhibit-staff-leave = 离开面板
exhibit-staff-leaves = 没有人碰它，它会自己关上。
exhibit-staff-station = 展位：{ $station }
exhibit-staff-state = 现在：{ $state }
exhibit-staff-state-starting = 正在启动
exhibit-staff-state-recovering = 出错之后正在恢复
exhibit-staff-state-attract = 等人来
exhibit-staff-state-visit = 有人在里面
exhibit-staff-state-farewell = 告别
exhibit-staff-state-paused = 暂停
exhibit-staff-state-closed = 关闭
exhibit-staff-state-still = 静止画面
exhibit-staff-visits = 开放以来的来访：{ $visits } 次
exhibit-staff-pause = 暂停
exhibit-staff-pause-about = 一切立刻静下来，这一次先停着。
exhibit-staff-go-on = 继续
exhibit-staff-skip = 结束这一次
exhibit-staff-skip-about = 温和地收尾，然后为下一位收拾好屋子。
exhibit-staff-skip-sure = 现在坐在这里的人，要结束这一次吗？
exhibit-staff-volume = 角色的音量
exhibit-staff-percent = { $number }%
exhibit-staff-language = 首先显示的语言
exhibit-staff-language-about = 来的人可以换成别的。
exhibit-staff-test = 试一试呼叫
exhibit-staff-test-about = 运行本馆设定的命令，并注明是测试。
exhibit-staff-testing = 正在呼叫。请等到你收到为止。
exhibit-staff-tested = 最近一次运行命令没有出错：{ $time }。你收到呼叫了吗？如果没有，问题出在命令之后的环节。
exhibit-staff-tested-not = 呼叫失败：{ $why }
exhibit-staff-tested-next = 修好之前，屏幕会请大家走到服务台。请检查 config.toml 里的 call 那一行，这段时间请留在看得见的地方。
exhibit-staff-untested = 启动以来，还没有在这里试过呼叫。
exhibit-staff-no-call = 没有设定叫人的命令。屏幕会请大家走到服务台。
exhibit-staff-called = 有人叫过你：{ $time }。
exhibit-staff-sos = 有人按了 SOS，或者屋子为了谁的安全停下了。请现在就过去。
exhibit-staff-seen = 我到了
exhibit-staff-colleague = 叫同事过来
exhibit-staff-colleague-about = 运行同一个命令，并注明是工作人员在叫。
exhibit-staff-restart = 重新启动
exhibit-staff-restart-about = 这一次会结束，一切重新开始，一分钟之内屋子就回来。
exhibit-staff-restart-sure = 现在重新启动吗？
exhibit-staff-close = 今天到此关闭
exhibit-staff-close-about = 正在进行的一次会先结束。
exhibit-staff-close-sure = 今天就关上屋子吗？
exhibit-staff-open = 开放
exhibit-staff-yes = 是
exhibit-staff-no = 否
exhibit-staff-faults = 需要看一看的
exhibit-staff-well = 一切正常。
exhibit-staff-fault-microphone = 麦克风：来的人用写的，或者用手点。
exhibit-staff-fault-loudspeaker = 扬声器：来的人用读的。
exhibit-staff-fault-camera = 摄像头：一直关着。
exhibit-staff-fault-model = 语言模型：用的是事先写好的台词。
exhibit-staff-fault-call = 呼叫：上一次没有成功。
exhibit-staff-fault-helplines = 求助热线：需要重新核实。
exhibit-staff-fault-disk = 磁盘：满了，或者写不进去。
exhibit-staff-helplines = { $days } 天之内，求助热线要重新核实一遍。

# ---- the printed notice: what is put into its places ----
exhibit-notice-microphone = 麦克风一直关着，除非你打开。你也可以用写的，或者用手点。
exhibit-notice-words-here = 你说的话在旁边这台机器上变成文字，不会传到别处去。
exhibit-notice-words-server = 你说的话会变成文字，发送到 { $server }，由语言模型 { $model } 回答。发送时不带姓名，这里什么都不留。
exhibit-notice-words-program = 你说的话会变成文字，交给旁边这台机器上的一个程序，由语言模型 { $model } 回答。其中不带姓名，这里什么都不留。
exhibit-notice-words-read = 你的话由旁边这台机器上的程序来读。
exhibit-notice-voice-here = 你的声音在旁边这台机器上变成文字，声音从不保存。
exhibit-notice-voice-server = 你的声音会发送到 { $server }，在那里变成文字。
exhibit-notice-spoken-server = 角色要说的话会以文字发送到 { $server }，在那里配成声音。其中可能有你说过的几个词。
exhibit-notice-camera-off = 这里不用摄像头。
exhibit-notice-camera-on = 这里有一个摄像头。进屋之后，除非你打开，它一直关着。打开之后，程序会看着你的脸，猜你可能是什么心情，法律上把这叫作情绪识别。猜到的当场就用，总是为你着想，从不保存。不打开它，什么也不会少。
exhibit-notice-camera-counts = 有一个摄像头会看展位前有没有人的脸，好让屋子打个招呼。它不认得任何人，画面和人数都不保存。
exhibit-notice-family = { $from } 到 { $until }，屋子对家庭开放：没有恶魔，也不用摄像头。
exhibit-notice-hours = 开放时间：{ $opens } 到 { $closes }。
exhibit-notice-closed = 不开放：{ $days }。
exhibit-notice-mon = 星期一
exhibit-notice-tue = 星期二
exhibit-notice-wed = 星期三
exhibit-notice-thu = 星期四
exhibit-notice-fri = 星期五
exhibit-notice-sat = 星期六
exhibit-notice-sun = 星期日
exhibit-notice-duty = 在这里值守的是：{ $staff }
exhibit-notice-help = { $name }：{ $phone }
exhibit-notice-help-write = { $name }：{ $phone }，也可以用文字联系：{ $write }
exhibit-notice-help-directory = 各国的求助热线，可以在 { $directory } 查到。
exhibit-notice-emergency = 如果现在有危险，请拨打 { $emergency }。
exhibit-notice-local-emergency = 如果现在有危险，请拨打当地的紧急求助电话。
