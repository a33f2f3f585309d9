#!/bin/sh
# Builds the fonts into the current folder; needs charsets.py and finish_fonts.py beside it,
# fonttools 4.68.0 and skia-pathops, and two variables that say where the unpacked sources lie:
#   NUNITO  the file Nunito[wght].ttf          WENKAI  the folder with LXGWWenKai-*.ttf
set -eu
python charsets.py
for s in Regular:400 SemiBold:600; do
  n=${s%:*}
  fonttools varLib.instancer "$NUNITO" wght=${s#*:} --static --update-name-table --remove-overlaps --no-recalc-timestamp -o instance.ttf
  pyftsubset instance.ttf --unicodes-file=charset-latin.txt --no-hinting --layout-features=kern,mark,mkmk,ccmp,locl,liga --drop-tables+=DSIG,gasp,STAT --name-IDs=0,1,2,3,4,5,6,8,9,11,12,13,14,16,17 --notdef-outline --no-glyph-names --output-file=subset.ttf
  python finish_fonts.py latin subset.ttf Nunito-$n.ttf
done
for n in Regular Medium; do
  pyftsubset "$WENKAI/LXGWWenKai-$n.ttf" --unicodes-file=charset-zh.txt --no-hinting --layout-features= --drop-tables+=vhea,vmtx,BASE,GDEF,GPOS,GSUB,gasp,DSIG --name-IDs='*' --notdef-outline --no-glyph-names --output-file=subset.ttf
  python finish_fonts.py rename subset.ttf PaperLanternKai-$n.ttf "Paper Lantern Kai" $n
done
rm -f instance.ttf subset.ttf
