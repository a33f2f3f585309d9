# The journal: what is asked and said about what is kept.

keep-question = 要把你在这里的夜晚留下来吗？说过的话会写进这台机器上的一个文件，只给你一个人看，不会送到别处。你随时可以重读、带走，或者抹去：inner-room sessions。
keep-prompt = 留下来吗？（输入 y 表示是，直接按 Enter 表示否）
keep-yes = 从现在起，你的夜晚都会留下来。这个选择记在 { $file } 里；加上 --journal=false，可以有一晚不留。
keep-no = 什么都不会留下。这个选择记在 { $file } 里；加上 --journal，可以留下某一晚。
keep-not-remembered = 你的回答今晚有效，但没能记下来：{ $why }
keep-unwritable = 这一晚没法留下来：{ $why }。一切照常进行。
keep-exhibition = 在展览上什么都不留；journal = true 不起作用。
keep-set-aside = 原有的日记{ $why }；它已存为 { $file }，另开一本新的。
keep-go-on = { $when } 那一晚中途断了。要从那里接着来吗？（输入 y 表示是，直接按 Enter 就此结束那一晚）
keep-not-resumed = 那一晚没法接着来：{ $why }。它仍留在日记里；现在开始新的一晚。
keep-closed = 第 { $number } 晚（{ $when }）中途断了。现在它已经结束，说过的话都还在：inner-room sessions show { $number }
keep-damaged = 已经损坏
keep-foreign = 属于另一个程序
keep-newer = 是这个程序更新的版本写的

list-none = 没有日记：什么都没有留下过。
list-empty = 日记是空的。
list-row = { $number }：{ $when }；{ $rounds } 轮；{ $how }。{ $concern }
list-concern = “{ $words }”
list-set-aside = 放在一边，因为它不是这个程序的日记：{ $file }

how-sits = 恶魔在受伤的自己身边坐下了
how-steps-back = 恶魔退后了
how-tires = 恶魔累了
how-early = 提早结束了
how-sos = 一切都停下了
how-cut-off = 中途断了
how-unwritable = 后面的没能留下来
how-running = 此刻正在进行

page-title = 里屋的一晚
page-about = { $when }。{ $rounds } 轮；{ $how }。
page-note = 角色的话由程序写成；这些是角色，不是真人。只有“{ $you }”旁边的话出自真人。
page-cut = 这之后的内容，已经读不出来了。

export-written = 已写入：{ $file }
export-empty = 日记是空的，没有可以导出的
import-done = 已收回：第 { $number } 晚。
import-known = { $count ->
    [0] 里面没有任何一晚。
   *[other] 其中 { $count } 晚原本就在这里。
}

measures-none = 留下来的夜晚里，没有回答过任何量表。
measures-before = 之前
measures-after = 之后
measures-evening = 夜晚
measures-measure = 量表
measures-when = 何时
measures-scale = 分量表
measures-sum = 总和
measures-mean = 平均
measures-answered = 已答
measures-source = 出处：{ $text }
measures-licence = 许可：{ $text }
measures-permission = 文字：{ $text }
measures-brought = 使用的是你自己带来的文字。

# Measures: questions with numbers for answers, where somebody wants to answer them.
measures-offer = 愿意在之前和之后各回答几个问题吗？答案只属于你。!measures 会列出有哪些，在你对受伤的自己说第一句话之前都可以。
measures-offer-again = 那些问题现在可以回答：!measures 会列出有哪些。
measures-which = 选哪些？输入编号，中间用空格隔开；空行表示都不回答。
measures-which-again = （输入其中的编号，多个用空格隔开；空行表示都不回答。）
measures-choice = { $number }. { $name }（{ $count } 个问题）
measures-kept = 你的回答会和这一晚一起留在这台机器上。
measures-not-kept = 这一晚不会留下来，所以你的回答也不会留在任何地方，之后什么都不剩。加上 --journal，可以留下一晚。
measures-how = （输入数字回答，空行跳过一个问题，!back 回到前一个，!done 不再回答其余的。这一晚怎样进行，和它无关。）
measures-question = （{ $number }/{ $of }）{ $question } { $answers }
measures-label = { $value } { $label }
measures-between = ，
measures-so-far = （先前的回答：{ $value }）
measures-number = （一个数，{ $lowest } 到 { $highest }；空行跳过，!done 不再回答其余的。）
measures-done = 已和这一晚一起记下。
measures-done-not-kept = 谢谢。它们不会留在任何地方，因为这一晚也不留下。
measures-left = 什么也没有记下。
measures-later = 这些问题，是在你对受伤的自己说第一句话之前，或者在这一晚结束之后回答的。
measures-not-here = 展览中不提这些问题。

measure-belief = 对那句话的相信程度
measure-i_panas_sf = I-PANAS-SF：此刻的十种感受
measure-panas = PANAS：此刻的二十种感受
measure-scs_sf = SCS-SF：平时遇到难处，你怎样对待自己
measure-imbue = 关于今晚所谈之事：信心、担忧、希望和几种情绪
measure-mind = 这一晚怎么样

scale-belief = 相信程度
scale-positive_affect = 积极情绪
scale-negative_affect = 消极情绪
scale-total = 自我关怀，全部十二题
scale-self_kindness = 善待自己
scale-self_judgment = 苛责自己
scale-common_humanity = 共通人性
scale-isolation = 孤立感
scale-mindfulness = 正念
scale-over_identification = 过度沉溺
scale-confident = 信心
scale-worried = 担忧
scale-hopeful = 希望
scale-motivated = 意愿
scale-anger = 愤怒
scale-fear = 害怕
scale-sadness = 悲伤
scale-disgust = 厌恶
scale-all = 全部六题
scale-immersion = 身临其境
scale-coherence = 前后连贯
scale-engagement = 愿意投入
scale-relief = 情绪的放松
scale-satisfaction = 满意
scale-interest = 兴趣

erase-question-one = 永久抹去第 { $number } 晚？（输入 y 表示是，直接按 Enter 表示否）
erase-question-all = 永久抹去全部 { $count } 晚，{ $aside ->
    [0] 此外没有别的
   *[other] 连同放在一边的 { $aside } 个文件
}？（输入 y 表示是，直接按 Enter 表示否）
erase-not = 什么都没有抹去。
erase-nothing = 没有可以抹去的。
erase-done = 已抹去：第 { $number } 晚。
erase-done-file = 已抹去：{ $file }
erase-running = 第 { $number } 晚此刻正在进行；它会继续，但不再留下来。
