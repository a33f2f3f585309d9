#!/usr/bin/env bash
# Makes the short film of the README: an evening of one round, drawn without a window, made small. Takes a quarter of an hour
# without a graphics card, and needs ffmpeg. At full size: what a machine without one draws by itself is half as large.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cat >"$work/evening.txt" <<'WORDS'
I froze in the meeting and everybody saw it
8
You were tired, and you still went in. Anybody can freeze. I am here with you.
WORDS
"$here/run" --offscreen "$work/pictures" --film --script "$work/evening.txt" --rounds 1 --seed 3 --tier middle
ffmpeg -loglevel error -y -i "$work/pictures/evening.mp4" -vf scale=854:-2 -c:v libx264 -preset slow -crf 26 \
  -movflags +faststart "$here/docs/pictures/evening.mp4"
echo "docs/pictures/evening.mp4"
