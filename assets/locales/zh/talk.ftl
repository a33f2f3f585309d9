# What `inner-room talk` says by itself. The figures' lines are in prompts/.

talk-title = 里屋
talk-cast-story = 没有使用语言模型：角色的台词是事先写好的，按规则去读你写下的话。这些是角色，不是真人。这不是心理治疗。角色目前只说英语。
talk-cast-model = 扮演这些角色的是语言模型 { $model }；你写下的话会发送到那里。它出错的时候，由事先写好的台词接上。这些是角色，不是真人。这不是心理治疗。角色目前只说英语。
cast-question = 这台机器上正运行着 { $server }（{ $model }）。要让它扮演这些角色吗？那样的话，你写下的话会发送到 { $address }。这个地址就在这台机器上；至于它会不会再把这些话传给别的计算机，要看它当初是怎样设置的。不用它的时候，角色说的是事先写好的台词。
cast-some-model = 一个还在加载的模型
cast-prompt = 让它来演吗？（输入 y 表示是，直接按 Enter 表示否）
cast-yes = 从现在起由它来演。这个选择记在 { $file } 里；加上 --cast story，就不用它。
cast-no = 不会动它，也不再问你。这个选择记在 { $file } 里；加上 --cast { $address }，就让它来演。
cast-not-there = 还连不上 { $server } 的语言模型：{ $why }。这一晚先不等它；修好之后，它会加入进来。
cast-waking = 语言模型还在醒来；在那之前，用的是事先写好的台词。
cast-well = 现在由语言模型来演。
cast-degraded = 语言模型有一句台词没有来，或者不像那个角色的话；一句事先写好的接上了。这样的事会有，之后不再提起。
cast-gone = 语言模型掉线了：{ $why }。这一晚用事先写好的台词继续。
talk-note = 开始之前：这里有内心的批评者在说话，有时很严厉。如果你正处在危机之中，或者会听到别人听不到的声音，或者刚有亲近的人去世，请改天再来。这里面向年满十六岁的人。如果你不想遇见恶魔，可以把它叫作批评者（devil_name），可以让它轻一些，也可以让它不出声（!devil gentle、!devil off）。
talk-commands = 任何时候：!hint 要一个提示，!skip 跳过，!pause 暂停，!stop 结束这一晚；如果一切都该停下，用 !sos，或者说这四个字：全部停下。空行的意思是：我就坐在这里。
talk-belief-words = （一个角落、一半、大半、全部，或者 0 到 10 的一个数）
talk-skip-question = （空行表示先空着）

speaker-devil = 恶魔
speaker-patient = 受伤的自己
speaker-own = 刚才的你
speaker-guide = 引路人
speaker-window = 窗外
speaker-you = 你

line = { $speaker }：{ $text }

direction-turn = （轮到你了。）
direction-breath = （缓一口气。）
direction-quiet = （安静。）
direction-silence = （你什么也没说。你在这里。）
direction-cut = （话断了。）
direction-paused = （先停着。!go 继续。）
direction-resumed = （继续。）
direction-safe = （一切都停下了。恶魔走了，不会再回来。）
direction-closing = （这一晚要结束了。）

# How the room answers, by how far the comfort reached.
strength-little-1 = （烟淡了一点。）
strength-little-2 = （一根刺缩了回去。）
strength-little-3 = （恶魔把重心从一只脚挪到另一只脚。）
strength-little-4 = （灯光暖了一分。）
strength-little-5 = （有一会儿，恶魔忘了要站得高高的。）
strength-little-6 = （一缕烟从窗口出去了。）
strength-clear-1 = （刺收了回去。）
strength-clear-2 = （烟往地上沉。）
strength-clear-3 = （恶魔矮了一掌。）
strength-clear-4 = （座位后面，有什么松开了手。）
strength-clear-5 = （现在，透过恶魔看得见窗户了。）
strength-clear-6 = （它眼里的火炭暗下去，只剩一点微光。）
strength-to-middle = （红色慢慢转成紫色。恶魔退了半步。）
strength-to-low = （紫色慢慢转成灰蓝。恶魔四下里看，想找个地方坐。）

stage-heard = （受伤的自己松开了交握的双手。）
stage-looking-up = （受伤的自己抬起了头。）
stage-thinking = （受伤的自己往后靠了靠。座位上宽出一块来。）
stage-resting = （受伤的自己歇下来了。）

change-over-there = （你换了座位。灯到了另一边，地毯对面，有人坐在你刚才坐的地方。）
change-still = （有一会儿，谁也没有说话。）
change-back = （你回到了自己这边。）
ending-sits = （恶魔坐了下来，小小的，挨着受伤的自己。）
ending-steps-back = （恶魔退后，退到灯光外面。）
ending-tires = （恶魔累了。它不再说话。）
ending-early = （这一晚停在这里。屋里的灯还会亮一阵子。）

end-thanks = 这一晚结束了。
end-sos = 这一晚结束了。求助信息留在屏幕上。
end-unused-lines = 这一晚结束了，脚本里还剩 { $count } 行没有用上。

fault-text-cut = 一下子说了太多，屋子装不下；它留住了开头。
fault-cast = 刚才有谁一时接不上话；这一晚继续。
fault-events = 事件日志写不下去了：{ $why }。这一晚继续，只是不再有日志。
fault-journal = 这一晚往后的内容留不下来了：{ $why }。一切照常进行。
fault-latch = “屋子已经停下”这件事没能写到磁盘上：{ $why }。眼下它仍然停着；但如果程序这时中断，下一晚就不会知道。
fault-voice = 听不到角色的声音：{ $why }。他们说的话会写在下面。
fault-camera = 现在看不到你：{ $why }。今晚照常继续。
fault-portrait = 你自己的服务器没有说出你可能的心情：{ $why }。屋子继续用它自己的话来描述你的脸。
fault-microphone = 现在听不到你：{ $why }。你可以用写的；它回来之后就又能听到你了。
fault-transcript = 你说的话写不下来：{ $why }。你可以自己写。
fault-no-words = 屋子听到你说话了，但没有听清。再说一遍，或者写下来。
fault-no-words-again = 还是没有听清。是声音的缘故，不怪你。先写一会儿，也许更容易些。
voice-well = 听得到角色的声音了。
camera-well = 摄像头又能看到了。
microphone-well = 听得到你了。
fault-not-utf8 = 那一行有一部分不是 UTF-8 文本；读得出来的都留下了。
unknown-command = 这里没有 { $command }。可以用 !hint、!skip、!pause、!go、!measures、!card、!devil off、!devil gentle、!devil full、!stop 和 !sos；在求助卡上还可以用 !1、!2 和 !3。

# After the plain question.
talk-check-in = （是、不确定、不是，或者不想说）

# The help card.
card-title = 来自真人的帮助
card-choice = { $number }. { $text }
card-person = 和你身边的人谈一谈，或者打电话给你认识的人。
card-staff = 找 { $who } 谈一谈。值守的人就是为此在这里的。
card-line = { $name }：
card-ring = 请拨打 { $phone }。
card-write = 也可以用文字联系：{ $write }。
card-hours = 服务时间：{ $hours }。
card-always = 全天
card-emergency = 如果你现在有危险，请拨打 { $emergency }。
card-local-emergency = 如果你现在有危险，请拨打当地的紧急求助电话。
card-directory = 各个国家可以打电话、也可以用文字联系的热线，列在 { $directory }。
card-unverified = （还没有人为这个程序核实过这个号码。如果打不通或者没有人接，请拨打紧急求助电话。）
card-expired = （这个号码上次核实已是半年多以前。如果打不通或者没有人接，请拨打紧急求助电话。）
card-breath = 先和引路人一起，慢慢呼吸一次：输入 !3
card-leave = （!stop 离开。这张卡留在屏幕上。）

# After an evening: the card that one can take along, and the questions.
keepsake-offer = 你留下的话可以带走，做成一张卡片：一张图片和一页文字，上面只有这些话和日期。!card 把它存到你的图片文件夹里，!card 文件夹 存到别处。
keepsake-lies = 卡片在 { $folder }，名字是 { $name }.png 和 .md。
keepsake-lies-page = 卡片在 { $folder }，名字是 { $name }.md。没有图片：其中有些字这里画不出来。
keepsake-not = 卡片没能存下来：{ $why }。
keepsake-elsewhere = （!card 文件夹 可以换一个文件夹再试。）
keepsake-nothing = 没有卡片：没有留下什么话。
keepsake-later = 这一晚结束以后，如果你留下了话，就有卡片。
after-leave = （空行离开。）
