"""Two small finishing steps that pyftsubset does not do.

  finish_fonts.py latin  IN OUT            add arrows, the non-breaking hyphen and the ij letter to Nunito
  finish_fonts.py rename IN OUT "Name" Style   give a subset its own name (OFL Reserved Font Names)
"""
import sys
import pathops
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont


def bounds(font, char):
    g = font["glyf"][font.getBestCmap()[ord(char)]]
    return g.xMin, g.yMin, g.xMax, g.yMax


def latin(font):
    cmap, glyf, hmtx = font.getBestCmap(), font["glyf"], font["hmtx"]
    order = font.getGlyphOrder()
    tables = [t for t in font["cmap"].tables if t.isUnicode()]

    def add(code, name, glyph, advance):
        order.append(name)
        glyf[name] = glyph
        glyph.recalcBounds(glyf)
        hmtx[name] = (advance, glyph.xMin)
        for t in tables:
            t.cmap[code] = name

    _, y0, _, y1 = bounds(font, "−")          # the minus sign gives stroke weight and height
    weight, mid = y1 - y0, (y0 + y1) / 2
    advance, reach, head = 760, 270, 190      # reach: half of the shaft; head: length of each barb
    across = {0x2190: (-1, 0), 0x2191: (0, 1), 0x2192: (1, 0), 0x2193: (0, -1)}
    for code, (dx, dy) in across.items():
        cx, cy = advance / 2, mid if dx else bounds(font, "H")[3] / 2
        tip = (cx + dx * reach, cy + dy * reach)
        tail = (cx - dx * reach, cy - dy * reach)
        barbs = [(tip[0] - dx * head + s * dy * head, tip[1] - dy * head + s * dx * head) for s in (1, -1)]
        path = pathops.Path()
        pen = path.getPen()
        pen.moveTo(tail); pen.lineTo(tip); pen.endPath()
        pen.moveTo(barbs[0]); pen.lineTo(tip); pen.lineTo(barbs[1]); pen.endPath()
        path.stroke(weight, pathops.LineCap.ROUND_CAP, pathops.LineJoin.ROUND_JOIN, 4)
        path.convertConicsToQuads(0.25)
        path.simplify(fix_winding=True, clockwise=True)
        tt = TTGlyphPen(None)
        path.draw(Cu2QuPen(tt, 0.5))
        add(code, "uni%04X" % code, tt.glyph(), advance)

    if 0x2010 in cmap:
        for t in tables:
            t.cmap[0x2011] = cmap[0x2010]     # non-breaking hyphen looks as the hyphen does
    if 0x133 not in cmap:
        tt = TTGlyphPen(glyf)
        ai, aj = hmtx[cmap[ord("i")]][0], hmtx[cmap[ord("j")]][0]
        tt.addComponent(cmap[ord("i")], (1, 0, 0, 1, 0, 0))
        tt.addComponent(cmap[ord("j")], (1, 0, 0, 1, ai, 0))
        add(0x133, "uni0133", tt.glyph(), ai + aj)
    font.setGlyphOrder(order)
    note = "Subset; arrows, U+2011 and U+0133 added. Not an official release of the Nunito project."
    font["name"].setName(note, 10, 3, 1, 0x409)


def rename(font, family, style):
    name = font["name"]
    version = name.getDebugName(5)
    full = family if style == "Regular" else family + " " + style
    names = {1: full, 2: "Regular", 3: full + " " + version, 4: full, 5: version + "; subset, renamed",
             6: family.replace(" ", "") + "-" + style,
             10: "A renamed subset, made for one program. Derived under the SIL Open Font License 1.1 from the "
                 "font named in the copyright notice, whose authors are not responsible for this version."}
    if style != "Regular":
        names.update({16: family, 17: style})
    for r in list(name.names):
        if r.nameID not in (0, 8, 9, 11, 12, 13, 14):
            name.removeNames(r.nameID, r.platformID, r.platEncID, r.langID)
    for i, s in names.items():
        name.setName(s, i, 3, 1, 0x409)
    name.names.sort()


if __name__ == "__main__":
    mode, src, dst = sys.argv[1:4]
    font = TTFont(src, recalcTimestamp=False)
    latin(font) if mode == "latin" else rename(font, sys.argv[4], sys.argv[5])
    font.save(dst)
