"""Chromium, and WebSocket clients of others, against the real server. Run by Tests/web."""

import asyncio
import os
import socket
from concurrent.futures import ThreadPoolExecutor

import h11
import websockets
from playwright.sync_api import expect
from wsproto import ConnectionType, WSConnection
from wsproto.events import AcceptConnection, CloseConnection, Ping, Pong, Request, TextMessage

from hubbub_server import PATIENCE, Person, Server
from page_suite import PAGE_FAULTS, Suite

SUITE = Suite()
test = SUITE.test
IS_LONG = bool(os.environ.get("HUBBUB_LONG"))


class World:
    def __init__(self, browser):
        self.browser, self.servers, self.contexts, self.faults = browser, [], [], []

    def server(self, *flags, **options):
        self.servers.append(Server(*flags, **options))
        return self.servers[-1]

    def page(self, **options):
        options = {"viewport": {"width": 1280, "height": 800}, "timezone_id": "UTC", "locale": "en-GB"} | options
        context = self.browser.new_context(**options)
        self.contexts.append(context)
        context.add_init_script(PAGE_FAULTS)
        page = context.new_page()
        page.set_default_timeout(30_000)
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("console", self._console)
        return page

    def _console(self, message):
        # A connection that is lost on purpose is told by the browser itself.
        if message.type in ("error", "warning") and "WebSocket connection to" not in message.text:
            self.faults.append(message.text)

    def come_in(self, server, nick="ann", room="#lobby", **options):
        page = self.page(**options)
        page.goto(server.page)
        page.get_by_label("Your name").fill(nick)
        page.get_by_role("button", name="Come in").click()
        expect(page.get_by_role("heading", name=room)).to_be_visible()
        return page

    def end(self):
        violations = [fault for context in self.contexts for page in context.pages for fault in page.evaluate("window.violations ?? []")]
        self.close()
        assert not violations, f"The policy was violated: {violations}"
        assert not self.faults, f"The page had faults: {self.faults}"

    def close(self):
        for context in self.contexts:
            context.close()
        for server in self.servers:
            server.end()


def say(page, text):
    page.locator("#text").fill(text)
    page.locator("#text").press("Enter")


@test("a guest in a browser and somebody over TCP talk in one room, both ways")
def talking(world):
    server = world.server()
    bob = Person(server, "bob", "#lobby")
    page = world.come_in(server)
    bob.until(":ann!.* JOIN")
    bob.send("PRIVMSG #lobby :hello ann, tea? <b>really</b>")
    expect(page.locator(".mention .what")).to_have_text("hello ann, tea? <b>really</b>")
    say(page, "yes please, grün — 茶")
    assert bob.until("PRIVMSG").endswith(":yes please, grün — 茶")
    expect(page.locator(".entry.sent .what", has_text="yes please")).to_be_visible()
    bob.send("WHOIS ann")
    bob.until(" 320 bob ann :is here with a web client")
    say(page, "x" * 1200)
    said = ""
    while len(said) < 1200:
        said += bob.until("PRIVMSG").split(" :", 1)[1]
    assert said == "x" * 1200, len(said)
    page.close()
    bob.until(":ann!.* QUIT")


@test("two browsers see each other come, talk and go")
def two(world):
    server = world.server()
    ann, bob = world.come_in(server), world.come_in(server, "bob")
    expect(ann.locator("#people")).to_contain_text("bob")
    for page, other, text in ((ann, bob, "one"), (bob, ann, "two"), (ann, bob, "three")):
        say(page, text)
        expect(other.locator("#lines .what").last).to_have_text(text)
    assert ann.locator("#lines .what").all_inner_texts() == bob.locator("#lines .what").all_inner_texts()


@test("the server stops and comes back: so does the page, by itself, and what was typed meanwhile is said")
def restart(world):
    server = world.server()
    page = world.come_in(server)
    server.stop()
    expect(page.locator("#banner")).to_contain_text("connection is lost")
    say(page, "typed in the dark")
    server.start()
    bob = Person(server, "bob", "#lobby")
    assert bob.until("PRIVMSG").endswith(":typed in the dark")
    expect(page.locator(".entry.sent .what", has_text="typed in the dark")).to_be_visible()
    expect(page.locator("#banner")).to_be_hidden()


@test("somebody whose nickname is taken gets another one")
def nicknames(world):
    server = world.server()
    ann = Person(server, "ann", "#lobby")
    page = world.come_in(server)
    expect(page.locator("#me")).to_contain_text("ann_")
    ann.send("PRIVMSG ann_ :you are not me")
    expect(page.locator("#rooms")).to_contain_text("ann")


@test("the first visit loads files of at most 25 KiB, and the second next to nothing")
def size(world):
    server = world.server()
    page = world.page()
    sizes, files = [], []
    devtools = page.context.new_cdp_session(page)
    devtools.send("Network.enable")
    devtools.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    devtools.on("Network.responseReceived", lambda event: files.append(int(event["response"]["headers"].get("Content-Length", 0))))
    page.goto(server.page)
    expect(page.get_by_label("Your name")).to_be_visible()
    page.wait_for_load_state("networkidle")
    first, loaded = sum(sizes), sum(files)
    sizes.clear()
    page.reload()
    page.wait_for_load_state("networkidle")
    print("   files:", loaded, "bytes, with the heads of the answers:", first, "and again:", sum(sizes))
    assert 0 < loaded <= 25 * 1024 and first <= loaded + 7 * 512 and sum(sizes) < 1024, (loaded, first, sizes)


# Others' WebSocket clients.


def run_async(coroutine):
    """On a thread of its own: Playwright has a loop on this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, asyncio.wait_for(coroutine, PATIENCE * 2)).result()


@test("`websockets` comes in, in text and in binary, and is told the end", when=IS_LONG)
def library(world):
    server = world.server()
    bob = Person(server, "bob", "#r")

    async def talk(kind):
        async with websockets.connect(f"ws://127.0.0.1:{server.web}/irc", subprotocols=[f"{kind}.ircv3.net"], compression=None) as peer:
            assert peer.subprotocol == f"{kind}.ircv3.net"
            send = (lambda line: peer.send(line.encode())) if kind == "binary" else peer.send
            for line in (f"NICK {kind}", f"USER {kind} 0 * :x", "JOIN #r"):
                await send(line)
            async for message in peer:
                line = message.decode() if kind == "binary" else message
                assert isinstance(message, bytes) == (kind == "binary") and "\r" not in line and "\n" not in line
                if " 366 " in line:
                    break
            await send("PRIVMSG #r :" + "é" * 150)
            await peer.ping(b"x" * 125)
            await send("QUIT :bye")
            async for message in peer:
                pass
            assert peer.close_code == 1000, peer.close_code
    for kind in ("text", "binary"):
        run_async(talk(kind))
        assert bob.until("PRIVMSG").endswith("é" * 150)


@test("`wsproto` comes in byte by byte, with pings between", when=IS_LONG)
def bytewise(world):
    server = world.server()
    plain = socket.create_connection(("127.0.0.1", server.web), PATIENCE)
    peer = WSConnection(ConnectionType.CLIENT)

    def send(data):
        for index in range(len(data)):
            plain.sendall(data[index:index + 1])

    def until(wanted):
        while True:
            for event in peer.events():
                assert not isinstance(event, CloseConnection), event
                if wanted(event):
                    return event
            data = plain.recv(3)
            assert data
            peer.receive_data(data)

    send(peer.send(Request(host=f"127.0.0.1:{server.web}", target="/irc", subprotocols=["text.ircv3.net"])))
    assert until(lambda event: isinstance(event, AcceptConnection)).subprotocol == "text.ircv3.net"
    send(peer.send(TextMessage("NICK ", message_finished=False)))
    send(peer.send(Ping(b"between")))
    send(peer.send(TextMessage("ann")))
    assert until(lambda event: isinstance(event, Pong)).payload == b"between"
    send(peer.send(TextMessage("USER ann 0 * :ann")))
    text = ""
    while " 422 " not in text:
        text += until(lambda event: isinstance(event, TextMessage)).data


@test("what `h11` would not say is refused, and nobody else notices", when=IS_LONG)
def nonsense(world):
    server = world.server()
    for request in (
        b"GET / HTTP/1.1\nHost: a\n\n", b"GET / HTTP/1.1\r\nHost : a\r\n\r\n", b"GET / HTTP/1.1\r\n folded: x\r\n\r\n",
        b"GET  / HTTP/1.1\r\nHost: a\r\n\r\n", b"GET / HTTP/2.0\r\nHost: a\r\n\r\n", b"\0\0\0\0\r\n\r\n", b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n", b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: gzip\r\n\r\n",
    ):
        with socket.create_connection(("127.0.0.1", server.web), PATIENCE) as plain:
            plain.sendall(request)
            parser = h11.Connection(h11.CLIENT)
            parser.send(h11.Request(method="GET", target="/", headers=[("Host", "a")]))
            while (event := parser.next_event()) is h11.NEED_DATA:
                parser.receive_data(plain.recv(65536))
            assert event.status_code >= 400, (request, event)
    with socket.create_connection(("127.0.0.1", server.web), PATIENCE) as plain:
        plain.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        assert plain.recv(65536).startswith(b"HTTP/1.1 200 OK")


SUITE.run(World)
