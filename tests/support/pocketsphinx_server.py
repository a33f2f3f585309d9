"""A real recogniser behind POST /v1/audio/transcriptions: pocketsphinx, with the English model that it carries.

Prints the port at which it listens, and ends when its standard input is closed."""

import email
import http.server
import io
import json
import os
import sys
import threading
import wave

from pocketsphinx import Decoder

decoder = Decoder(samprate=16000)


def words(sound):
    with wave.open(io.BytesIO(sound)) as file:
        if (file.getnchannels(), file.getframerate(), file.getsampwidth()) != (1, 16000, 2):
            raise ValueError("one channel of 16-bit numbers, 16000 a second, is what is heard here")
        samples = file.readframes(file.getnframes())
    decoder.start_utt()
    decoder.process_raw(samples, full_utt=True)
    decoder.end_utt()
    found = decoder.hyp()
    return found.hypstr if found else ""


class Transcriptions(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        kind = self.headers["Content-Type"].encode()
        parts = email.message_from_bytes(b"Content-Type: " + kind + b"\r\n\r\n" + body).get_payload()
        fields = {part.get_param("name", header="content-disposition"): part.get_payload(decode=True) for part in parts}
        try:
            status, answer = 200, {"text": words(fields["file"])}
        except (KeyError, ValueError, wave.Error) as error:
            status, answer = 400, {"error": {"message": str(error)}}
        answer = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_):
        pass


def end_with_the_test():
    sys.stdin.read()
    os._exit(0)


server = http.server.HTTPServer(("127.0.0.1", 0), Transcriptions)
threading.Thread(target=end_with_the_test, daemon=True).start()
print(server.server_address[1], flush=True)
server.serve_forever()
