#!/usr/bin/env bash
# Makes the two short films of the README from one evening of two rounds, drawn without a window: the evening, and the change
# of places at its end. Takes half an hour without a graphics card, and needs ffmpeg. At full size: what a machine without one
# draws by itself is half as large.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cat >"$work/evening.txt" <<'WORDS'
I froze in the meeting and everybody saw it
8
You were tired, and you still went in. Anybody can freeze. I am here with you.
No wonder you went quiet. I have sat in that silence, too, and it passes.
WORDS
"$here/run" --offscreen "$work/pictures" --film --script "$work/evening.txt" --rounds 2 --seed 3 --tier middle
# When the change of places began, in seconds of the film.
change=$(sed -n '/"kind":"change","step":"asked"/s/.*"at_ms":\([0-9]*\).*/\1/p' "$work/pictures/events.jsonl")
change=$((change / 1000))
cut() { # FROM SECONDS NAME
  ffmpeg -loglevel error -y -ss "$1" -t "$2" -i "$work/pictures/evening.mp4" -vf scale=854:-2 -c:v libx264 -preset slow \
    -crf 26 -movflags +faststart "$here/docs/pictures/$3"
  echo "docs/pictures/$3"
}
cut 0 "$change" evening.mp4
cut "$change" 90 change.mp4
