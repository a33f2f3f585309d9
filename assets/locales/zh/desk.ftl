# What stands on the desk: the panels of the window. The figures' lines are in prompts/.

desk-lighting = 正在点灯。

door-title = 里屋
door-what = 过一会儿，你会在一间小屋子里坐下。屋里坐着一个受了伤的人，旁边站着伤人的那一个：它说起话来，就像内心的批评者。你可以用自己的话，安慰受伤的那一个。
door-story = 屋里的都是角色，不是真人；这也不是心理治疗。每句台词都是事先写好的，说哪一句，看你写了什么。他们目前只说英语，也只读得懂英语。
door-model = 屋里的都是角色，不是真人；这也不是心理治疗。扮演这些角色的是语言模型 { $model }；你写下的话会发送到那里。角色目前只说英语。
door-senses = 它会读你打出来的字。麦克风一直关着，除非你在这里打开；摄像头也一样。你说的话会在这台机器上写成文字，或者由你选定的服务器来写，除非你在这里同意，声音不会留下。画面从不保存，除非你在这里同意，也从不发送。
door-leave = 如果你正处在危机之中，或者会听到别人听不到的声音，或者刚有亲近的人去世，请改天再来。这里面向年满十六岁的人。
door-sos = 你随时可以停下。进屋以后，右上角有 SOS（也可以按 F12 键）：一切都会停下，并显示哪里可以得到帮助。
door-keep = 把这一晚和以后的夜晚都留在这台机器上，只给我自己看
door-keep-note = 不然，你走之后什么都不会留下。
door-kept = 按你先前的决定，这一晚会留在这台机器上。
door-not-kept = 这一晚什么都不会留下。
door-server = 让这台机器上的 { $server }（{ $model }）扮演这些角色
door-server-note = 那样的话，你写下的话会发送到 { $address }。它会不会再把这些话传给别的计算机，要看它当初是怎样设置的。
door-devil = 内心的批评者，话说得多重
door-devil-full = 照常
door-devil-gentle = 轻一些
door-devil-off = 不出声
door-devil-name = 怎样称呼它
door-begin = 进屋
door-go-on = 接着 { $when } 那一晚
door-anew = 另开新的一晚

desk-say = 说点什么
desk-say-aloud = 对他们说，或者写
desk-talk = 按住说话
desk-talk-about = 按住它，或者按住 F4 键，你就会被听见
desk-meter = 麦克风开着，这是你的音量
desk-recorded = 你的声音正留在内存里，到今晚结束为止
desk-answer-concern = 它说的话，一两句就好
desk-answer-when = 什么时候，或在哪里
desk-answer-belief = 用你的话说，或写一个数
desk-belief = 也可以选一个数：0 是一点也不信，10 是全都信
desk-send = 说出来
desk-answer-change = 好，或者留在这里
desk-answer-keep = 你想留下的话
desk-change-yes = 好
desk-change-stay = 留在这里
desk-change-none = 一句也不留
desk-change-back = 回到自己的座位
desk-stay = 就陪着
desk-hint = 提示
desk-skip = 跳过
desk-leave-open = 先空着
desk-pause = 暂停
desk-settings = 设置
desk-stop = 结束这一晚
desk-go-on = 继续
desk-sos = SOS
desk-hint-about = 引路人给你一个可以试试的说法（F1）
desk-skip-about = 什么也不说，接着往下（F2）
desk-pause-about = 你回来之前，谁也不说话（Esc）
desk-stop-about = 这一晚现在就收尾
desk-settings-about = 怎样显示、谁来扮演、留下什么（F3）
desk-sos-about = 一切停下，并显示哪里有帮助（F12）
desk-paused = 这一晚先停在这里。你回来之前，谁也不说话。

settings-title = 设置
settings-close = 好了

settings-show = 怎样显示
settings-language = 语言
settings-language-note = 不管这里选哪一种，角色目前都只说英语。
settings-text-size = 字的大小
settings-percent = { $size }%
settings-contrast = 高对比度
settings-contrast-note = 黑底白字，后面的东西一点也不透出来。
settings-captions = 角色说的话写在下方，供你阅读
settings-captions-note = 听不到声音的时候，没有它就只能看见他们的嘴在动。
settings-motion = 尽量少动
settings-motion-note = 呼吸和眨眼还在，角色的动作也还在。烟、雨和灯笼会静下来。
settings-tier = 画出多少细节
settings-tier-auto = 看这台机器撑得住多少
settings-tier-low = 少
settings-tier-middle = 多一些
settings-tier-high = 全部
settings-tier-note = 马上生效。边缘平滑到什么程度，要等下一次打开屋子才会跟着变。

settings-evening = 你的夜晚
settings-devil = 怎样称呼恶魔
settings-keep = 留在这台机器上，只给我自己看
settings-keep-note = 已经开始的一晚，开始时怎样就怎样。要重读、带走或抹去留下的夜晚：inner-room sessions
settings-questions = 这一晚结束之后，也给出那些关于感受的问题
settings-questions-note = 几个用数字回答的问题，只给你自己看。它们从不会自己跳出来。

settings-play = 谁来扮演这些角色
settings-play-auto = 这台机器上的语言模型，前提是我同意过；否则用事先写好的台词
settings-play-story = 始终用事先写好的台词
settings-play-server = 这个地址上的语言模型：
settings-address = 语言模型的地址
settings-address-wrong = 这还不是一个地址。地址是这个样子：{ $example }
settings-model = 用哪个模型（空着就用它的第一个）
settings-play-note = 已经开始的一晚，由谁在演，就还由谁演下去。
settings-try = 试一试
settings-trying = 正在请它说几句台词，可能要一分钟。你的内容一点也不会发送。
settings-tried = { $model }：{ $asked } 句台词里有 { $usable } 句能用；第一个字等了 { $seconds } 秒。
settings-tried-not = 它没法来演：{ $why }

settings-figures = 自己的角色
settings-figure-patient = 受伤的自己：一个 VRM 或 GLB 文件（空着就用自带的）
settings-figure-devil = 恶魔：一个 VRM 或 GLB 文件（空着就用自带的）
settings-figures-note = 关上设置之后就会换上。不能用的文件会放在一边，并说明原因。
figure-refused-patient = 受伤的自己用不了 { $file }：{ $why } 自带的角色还在。
figure-refused-devil = 恶魔用不了 { $file }：{ $why } 自带的角色还在。

settings-sound = 你会听到什么
settings-voices = 角色会出声说话
settings-voices-note = 用装好的 espeak-ng，或者 config.toml 里写明的语音服务器。
settings-volume = 他们的音量
settings-scene-volume = 窗外那一晚的音量
settings-loudspeaker = 用哪个扬声器
settings-device-own = 系统自己的
settings-device-missing = { $name }（现在不在）

settings-senses = 屋子会接收什么
sense-keys = 键盘：只读你打出来的字，别的都不读。
settings-hear = 什么时候听你说
settings-hear-off = 从不：我用写的
settings-hear-key = 按住 F4 键，或者按住输入框旁边的按钮时
settings-hear-open = 只要我说话
settings-hear-note = 听到的话会先在输入框里停一会儿，算数之前你可以改。
settings-recording = 把我的声音留到今晚结束，好让我再听一遍自己说的话
settings-recording-note = 只留在内存里：留下的声音不会写进文件，也不会发送出去。收回同意，或者关上麦克风，它就立刻消失。
settings-echo = 角色的声音怎样传到麦克风里
settings-echo-loudspeaker = 从扬声器传来：会从听到的声音里去掉
settings-echo-headphones = 传不到：我戴着耳机
settings-echo-half = 太响了：只在没有人说话的时候听我说
settings-microphone = 用哪个麦克风
sense-microphone-none = 麦克风：从不开启，因为这里没有麦克风，或者没有什么能把你说的话写下来。inner-room doctor 会告诉你怎么办。
settings-see = 摄像头可以做什么
settings-see-off = 什么也不做：一直关着
settings-see-mirror = 对面的脸跟着我的脸，别的都不做
settings-see-aware = 引路人和恶魔也顾及我的脸
settings-see-note = 这台机器上的小模型每秒看五张画面，猜测你的脸可能在表达什么。它们有时会猜错。{ $server ->
    [yes] 画面不保存，除非你在下面同意，也不发送，
   *[no] 画面不保存也不发送，
}任何文字里都没有它的数字。它能改变话怎么说、什么时候说，而且总是为你着想：从不改变恶魔有多强，也不改变今晚如何结束，没有人会谈起你的脸。输入行旁边的眼睛表示它开着；按一下就能看到它看见了什么。你随时可以关掉它。
settings-portrait = 我的一张画面可以发给我自己的服务器
settings-portrait-note = 你同意之后，你每说一次话，就有一张你脸部的小画面发给 { $address } 上的 { $model }，它在这台机器上，或在你自己的网络里。屋子哪里都不保存这张画面；那台服务器怎么处理它，由那台服务器和你决定。回来的是几个词，说你可能是什么心情，引路人和恶魔可能会得知。你随时可以收回：从那时起不再发送，正在问的也作罢。
settings-see-barred = 在工作和学习的地方，不从脸上读任何人，所以这里没有更多可选。
settings-camera = 摄像头
sense-camera-none = 摄像头：从不开启，因为这里没有看脸的模型。inner-room doctor 会告诉你怎么办。
sense-camera-missing = 摄像头：现在一个也没有。接上一个，再打开设置。

card-hint = 可以试试
card-feedback = 关于刚才那句

check-in-about-crisis = 你是不是在想结束自己的生命，或者伤害自己？
check-in-about-danger = 你现在有危险吗，或者别的什么人有危险？
check-in-about-health = 这件事，一个人扛着是不是太重了？
check-in-yes = 是
check-in-not-sure = 不确定
check-in-no = 不是
check-in-rather-not = 不想说

card-breathe = 先和引路人一起，慢慢呼吸一次
card-close = 离开

desk-over = 这一晚结束了。灯一直亮着，你想待多久都可以。
desk-over-help = 这一晚结束了。求助信息留在这里。
desk-goodbye = 离开屋子
desk-card = 带走卡片
desk-card-about = 一张图片和一页文字，上面是你留下的话和日期，存到你的图片文件夹里

# Measures: questions with numbers for answers, where somebody wants to answer them.
questions-offer = 愿意在之前和之后各回答几个问题吗？答案只属于你。
questions-answered = 如果留下这一晚，你的回答会和它一起留下。开始之前都可以改。
questions-anew = 它们只算在新的一晚里，不算在接着的那一晚里。
questions-open = 几个问题
questions-open-after = 再回答一次
questions-title = 几个问题
questions-about = 答案只属于你，可以隔一段时间再看。这一晚怎样进行，和它们无关；每一个都可以不回答。
questions-kept-if = 除非你留下这一晚，不然今晚之后这些都不会留下；门口会问你。
questions-not-kept = 这一晚不会留下来，所以这些也不会留在任何地方。
questions-choice = { $name }（{ $count } 个问题）
questions-english = 这些问题用英语提问。
questions-begin = 开始
questions-not-now = 先不答
questions-number = { $number } / { $of }
questions-back = 返回
questions-leave-out = 不回答这个
questions-leave = 其余的都不回答

past-title = 你每一晚的回答
past-about = 一晚一晚，你回答过的。只有数字：它们意味着什么，由你自己来说。
past-legend = ● 之前   ◇ 之后   （回答的平均值，{ $lowest } 到 { $highest }）
past-wait = 正在取来。
past-not = 读不出来：{ $why }

# The room without a window.
pictures-no-display = 这里没有显示器，所以屋子会画成一张张图片。在有屏幕的机器上，会打开一个窗口。
pictures-built-in = 播放的是程序自带的一晚；用 --script FILE 可以播放别的。
pictures-where = { $count } 张图片，用了 { $seconds } 秒：{ $folder }
pictures-card = 留下的话也在那里：card.png 和 card.md。

# ---- 摄像头看见什么 ----
desk-seen = 摄像头开着。按一下，或按 F5，看看它看见了什么
sight-title = 它看见什么
sight-close = 关闭
sight-picture = 你，像在镜子里
sight-waiting = 还没有画面。
sight-learning = 它正在了解你的脸平静时的样子。请朝这边看一会儿。
sight-face = 你的脸，和它平静时相比：
sight-away = 你在看别处。
sight-nobody = 画面里没有人。
sight-several = 有好几张脸，分不清哪张最近。它谁也不看。
sight-dark = 太暗，看不清。
sight-neutral = 平静
sight-happy = 可能是微笑
sight-sad = 可能是难过
sight-angry = 可能是生气，或者在使劲
sight-fearful = 可能是害怕
sight-disgusted = 可能是反感
sight-surprised = 可能是惊讶
sight-contempt = 可能是不屑
sight-valence = 不愉快到愉快
sight-arousal = 平静到激动
sight-confidence = 它有多确定
sight-told = 引路人和恶魔会得知：“{ $caption }”
sight-told-nothing = 没有人会得知什么。
sight-note = 只是猜测。画面只给你一个人看，下一张来了它就没了。

# In the headset.
headset-no-loader = 没有头显：没有安装 OpenXR 加载器。在 Debian 和 Ubuntu 上请安装 libopenxr-loader1，在 Fedora 上请安装 openxr-libs。
headset-no-runtime = 没有头显：没有设定要使用的 OpenXR 运行时。请先启动一次 SteamVR、WiVRn 或 Monado，让它设为默认。
headset-silent = 没有头显回应。请打开头显并启动它的运行时（SteamVR、WiVRn、Monado）。
headset-unbuilt = 这个版本不带头显部分，编译时加上功能“headset”才有。
headset-meanwhile = 屋子暂时在屏幕上，头显一有回应就会自己移过去。
headset-pictures = 画面不经头显画出。
headset-left = 你已离开头显，屋子在这里。想再戴上：设置，或 --xr。
headset-lost = 头显不见了。屋子暂时在这里，头显一有回应就会移回去。
headset-given-up = 头显接连断开了四次，不再等它了。想再试：设置。
desk-headset-on = 戴上头显
desk-headset-off = 回到屏幕
desk-headset-note = 这一晚可以在头显里继续，通过任何 OpenXR 运行时，随时都能回到屏幕。
mirror-away = 这一晚等着。
mirror-help = 头显里也有这张卡。在这里可以拨打。
