"""Writes charset-latin.txt and charset-zh.txt (one code point a line) for pyftsubset --unicodes-file."""
import sys
R = lambda a, b: set(range(a, b + 1))
def gb2312(first, last):
    out = set()
    for row in range(first, last + 1):
        for cell in range(0xA1, 0xFF):
            try:
                out.add(ord(bytes([row + 0xA0, cell]).decode("gb2312")))
            except UnicodeDecodeError:
                pass
    return out
# English, Latin-1, Latin Extended-A, pinyin vowels, Romanian/Welsh/German capital-sharp-s
# extras, combining accents, general punctuation, super/subscripts, euro, arrows, signs.
LATIN = (R(0x20, 0x7E) | R(0xA0, 0xFF) | R(0x100, 0x17F) | R(0x1CD, 0x1DC) | {0x192, 0x1F8, 0x1F9}
         | R(0x218, 0x21B) | {0x2BB, 0x2BC, 0x2C6, 0x2C7, 0x2C9} | R(0x2D8, 0x2DD) | R(0x300, 0x304)
         | {0x306, 0x307, 0x308, 0x30A, 0x30B, 0x30C, 0x323, 0x326, 0x327, 0x328}
         | R(0x1E80, 0x1E85) | {0x1E9E, 0x1EF2, 0x1EF3} | R(0x2000, 0x200B) | R(0x2010, 0x2027) | {0x202F}
         | R(0x2030, 0x205E) | {0x2070} | R(0x2074, 0x2079) | R(0x2080, 0x2089)
         | {0x20AC, 0x2113, 0x2116, 0x2122} | R(0x2150, 0x215E)
         | R(0x2190, 0x2193) | {0x2212, 0x2215, 0x2219, 0x221E, 0x2248, 0x2260, 0x2264, 0x2265})
# Everyday characters that the 1980 GB2312 table lacks (particles, names, net words).
EXTRA_HAN = set(map(ord, "佢冇冚咁咗啰喆喺嘅嘚嘢嚟囧垚埗堃堉塱妳嫑嫚攞旸昇昉晞暐曈槑沄洺淏湉溦滘"
                         "濛炘烎烜焜燊牠犇玘玙玥珮珺琭瑀瑄瑨璟璠瞭祂祎禛翀諾赟邨锜镕陞飏骉鹍龢"))
ZH = (LATIN | gb2312(1, 9) | gb2312(16, 87) | EXTRA_HAN | R(0x3000, 0x303F) | R(0x3105, 0x312D)
      | R(0x2460, 0x2473) | R(0xFF01, 0xFF65) | R(0xFFE0, 0xFFE6) | {0x30FB, 0x30FC, 0x2E3A, 0x25CF, 0x25CB, 0x2713, 0x2717})
if __name__ == "__main__":
    for name, cps in (("charset-latin.txt", LATIN), ("charset-zh.txt", ZH)):
        with open(name, "w") as f:
            f.write("".join("U+%04X\n" % c for c in sorted(cps)))
        print(name, len(cps))
