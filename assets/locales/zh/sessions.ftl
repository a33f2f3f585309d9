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
