"""A small IRC server over WebSocket for the tests of the page: one that keeps history, knows accounts, and fails
when the test says so. It serves the client's files as the program does: shortened, and under the same policy."""

import asyncio
import base64
import datetime
import hashlib
import hmac
import json
import os
import re
import threading

from websockets.asyncio.server import serve
from websockets.datastructures import Headers
from websockets.http11 import Response

CLIENT = os.path.join(os.path.dirname(__file__), "../../Sources/CWebAssets/client")
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; manifest-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
)
TYPES = {
    "js": "text/javascript", "html": "text/html; charset=utf-8", "css": "text/css", "svg": "image/svg+xml",
    "webmanifest": "application/manifest+json",
}
CAPABILITIES = (
    "batch chathistory echo-message labeled-response message-tags server-time draft/chathistory=1000 sasl=SCRAM-SHA-256 "
    "draft/account-registration draft/multiline=max-bytes=4096,max-lines=24 multi-prefix"
)
PASSWORD = "correct horse"
BEGINNING = 1_790_000_000_000  # The time of the first line, in milliseconds; then one line a second.


def shortened(text, name):
    """What `ClientSource.shortened` does."""
    lines, is_comment = [], False
    for line in text.split("\n"):
        line = line.lstrip(" ")
        is_script = name.endswith(".js")
        if is_script and line.startswith("/**"):
            is_comment = True
        if name.endswith(".css"):
            lines.append(re.sub(r"(?<=[:,;{]) | (?=[{}])", "", line))
        elif line and not is_comment and not (is_script and line.startswith("//")):
            lines.append(line + "\n")
        if is_comment and line.endswith("*/"):
            is_comment = False
    return "".join(lines)


class RoomServer:
    def __init__(self):
        self.log = []  # (nick, text); the number of a line is its place.
        self.clients = set()
        self.is_open = True
        self.received = []
        self.greeting = None
        self.block = None
        self.loop = asyncio.new_event_loop()
        self.port = None
        started = threading.Event()
        threading.Thread(target=self._run, args=(started,), daemon=True, name="room-server").start()
        started.wait()

    def _run(self, started):
        asyncio.set_event_loop(self.loop)
        self.loop.run_until_complete(self._serve(started))

    async def _serve(self, started):
        protocols = ["text.ircv3.net", "hubbub.live"]
        async with serve(self._client, "127.0.0.1", 0, process_request=self._answer, subprotocols=protocols) as server:
            self.port = server.sockets[0].getsockname()[1]
            started.set()
            await asyncio.get_running_loop().create_future()

    def _answer(self, connection, request):
        path = request.path.split("?")[0]
        if path in ("/irc", "/live"):
            return None if self.is_open else Response(503, "Not now", Headers({"Content-Length": "0"}), b"")
        name = {"/": "index.html", "/dashboard": "dashboard.html", "/favicon.ico": "icon.svg"}.get(path, path.rsplit("/", 1)[-1])
        file = os.path.join(CLIENT, name)
        if not os.path.isfile(file):
            return Response(404, "Not Found", Headers({"Content-Length": "0"}), b"")
        with open(file, encoding="utf-8") as opened:
            text = shortened(opened.read(), name)
        for key, value in {"version": "test", "lobby": "#tea", "network": "Hubbub"}.items():
            text = text.replace("{{%s}}" % key, value)
        body = text.encode()
        fields = {
            "Content-Type": TYPES[name.rsplit(".", 1)[-1]], "Content-Length": str(len(body)),
            "Content-Security-Policy": POLICY, "Cache-Control": "no-store",
        }
        return Response(200, "OK", Headers(fields), body)

    # What a test does, from its own thread.

    def do(self, coroutine):
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(10)

    def say(self, text, nick="bob", target="#tea"):
        self.do(self._publish(nick, text, target))

    def raw(self, line):
        async def send():
            for client in self.clients:
                await client.socket.send(line)
        self.do(send())

    def close_door(self):
        """Ends all connections and lets nobody in."""
        async def close():
            self.is_open = False
            for client in list(self.clients):
                await client.socket.close(1001, "Stopping")
        self.do(close())

    def open_door(self):
        self.is_open = True

    async def _publish(self, nick, text, target, label=None, author=None):
        if target == "#tea":
            self.log.append((nick, text))
            number = len(self.log) - 1
        for client in list(self.clients):
            if target != "#tea" and client is not author and client.nick != target:
                continue
            tags = self._tags(number) if target == "#tea" else ""
            if label and client is author:
                tags = f"label={label};" + tags if tags else f"label={label}"
            await client.socket.send(f"{'@' + tags + ' ' if tags else ''}:{nick}!{nick[:4]}@h PRIVMSG {target} :{text}")

    @staticmethod
    def _tags(number):
        seconds, rest = divmod(BEGINNING + number * 1000, 1000)
        moment = datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc)
        return f"msgid=e-{number};time={moment:%Y-%m-%dT%H:%M:%S}.{rest:03}Z"

    async def _client(self, socket):
        if socket.subprotocol == "hubbub.live":
            return await self._live(socket)
        client = Client(self, socket)
        try:
            async for line in socket:
                self.received.append(line)
                await client.receive(line)
        finally:
            self.clients.discard(client)

    async def _live(self, socket):
        self.greeting = json.loads(await socket.recv())
        if self.greeting != {"oper": "ann", "password": PASSWORD}:
            await socket.send(json.dumps({"refused": "The name or the password is wrong."}))
            return
        # A minute of it at once; then the page is left.
        for _ in range(60 if self.block else 0):
            await socket.send(json.dumps(self.block))
        await socket.wait_closed()


class Client:
    def __init__(self, server, socket):
        self.server, self.socket = server, socket
        self.nick, self.account, self.is_in, self.step = "*", None, False, 0

    async def send(self, *lines):
        for line in lines:
            await self.socket.send(line)

    async def receive(self, line):
        label = None
        if line[0] == "@":
            tags, line = line[1:].split(" ", 1)
            label = dict(tag.split("=", 1) for tag in tags.split(";") if "=" in tag).get("label")
        words, _, last = line.partition(" :")
        words = words.split(" ") + ([last] if _ else [])
        command = getattr(self, "on_" + words[0], None)
        if command:
            await command(words[1:], label)

    async def on_CAP(self, words, label):
        if words[0] == "LS":
            await self.send(f":s CAP * LS :{CAPABILITIES}")
        elif words[0] == "REQ":
            await self.send(f":s CAP * ACK :{words[1]}")
        elif words[0] == "END":
            await self._welcome()

    async def on_NICK(self, words, label):
        if self.is_in:
            await self.send(f":{self.nick}!u@h NICK {words[0]}")
        self.nick = words[0]

    async def _welcome(self):
        self.is_in = True
        self.server.clients.add(self)
        await self.send(
            f":s 001 {self.nick} :Welcome", f":s 005 {self.nick} CHANTYPES=# PREFIX=(ov)@+ CHANMODES=beI,k,l,imnst :are supported",
            f":s 422 {self.nick} :No message of the day")

    async def on_AUTHENTICATE(self, words, label):
        if words[0] == "SCRAM-SHA-256":
            self.step = 1
            return await self.send("AUTHENTICATE +")
        text = base64.b64decode(words[0]).decode() if words[0] != "+" else ""
        if self.step == 1:
            self.bare = text[3:]
            self.account = re.match("n=([^,]*)", self.bare)[1]
            self.first = f"{self.bare.split('r=')[1]}server"
            self.first = f"r={self.first},s={base64.b64encode(b'salt' * 4).decode()},i=4096"
            self.step = 2
            return await self.send("AUTHENTICATE " + base64.b64encode(self.first.encode()).decode())
        if self.step == 3:
            return await self.send(f":s 900 {self.nick} {self.nick}!u@h {self.account} :You are logged in", f":s 903 {self.nick} :Done")
        salted = hashlib.pbkdf2_hmac("sha256", PASSWORD.encode(), b"salt" * 4, 4096)
        sign = lambda key, part: hmac.new(key, part.encode(), "sha256").digest()
        client_key = sign(salted, "Client Key")
        message = f"{self.bare},{self.first},{text.split(',p=')[0]}"
        signature = sign(hashlib.sha256(client_key).digest(), message)
        proof = base64.b64decode(text.split(",p=")[1])
        if bytes(a ^ b for a, b in zip(proof, signature)) != client_key:
            return await self.send(f":s 904 {self.nick} :SASL authentication failed")
        self.step = 3
        verifier = base64.b64encode(sign(sign(salted, "Server Key"), message)).decode()
        await self.send("AUTHENTICATE " + base64.b64encode(f"v={verifier}".encode()).decode())

    async def on_REGISTER(self, words, label):
        await self.send(
            ":s NOTE REGISTER RECOVERY_CODE abcd-efgh-ijkl :Keep it", f":s REGISTER SUCCESS {self.nick} :Welcome",
            f":s 900 {self.nick} {self.nick}!u@h {self.nick} :You are logged in")

    async def on_PING(self, words, label):
        await self.send(f":s PONG s :{words[0]}")

    async def on_JOIN(self, words, label):
        name = words[0]
        await self.send(
            f":{self.nick}!u@h JOIN {name}", f":s 332 {self.nick} {name} :Tea at four", f":s 353 {self.nick} = {name} :@bob {self.nick} cid",
            f":s 366 {self.nick} {name} :End")

    async def on_PART(self, words, label):
        await self.send(f":{self.nick}!u@h PART {words[0]}")

    async def on_PRIVMSG(self, words, label):
        await self.server._publish(self.nick, words[1], words[0], label, self)

    async def on_LIST(self, words, label):
        await self.send(f":s 322 {self.nick} #tea 3 :Tea", f":s 322 {self.nick} #milk 9 :Milk", f":s 323 {self.nick} :End")

    async def on_CHATHISTORY(self, words, label):
        kind, target, place, count = words[0], words[1], words[2], int(words[-1])
        log = self.server.log
        numbers = range(0)
        if target == "#tea":
            at = len(log)
            if place.startswith("msgid="):
                at = int(place.split("-")[1])
            elif place.startswith("timestamp="):
                moment = datetime.datetime.fromisoformat(place[10:].replace("Z", "+00:00"))
                at = max(0, min(len(log), int((moment.timestamp() * 1000 - BEGINNING) // 1000)))
            if kind == "AFTER":
                numbers = range(at + 1, min(len(log), at + 1 + count))
            elif kind == "AROUND":
                numbers = range(max(0, at - count // 2), min(len(log), at + count // 2))
            else:
                numbers = range(max(0, at - count), at)
        is_end = not numbers or (numbers[-1] == len(log) - 1 if kind == "AFTER" else numbers[0] == 0)
        tag = f"@label={label} " if label else ""
        await self.send(f"{tag}:s BATCH +h chathistory {target}")
        for number in numbers:
            nick, text = log[number]
            end = "draft/chathistory-end;" if is_end and number == numbers[-1] else ""
            await self.send(f"@batch=h;{end}{self.server._tags(number)} :{nick}!{nick[:4]}@h PRIVMSG #tea :{text}")
        await self.send(":s BATCH -h")
