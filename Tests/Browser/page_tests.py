"""The page in headless Chromium, against a server that the tests rule. Run by Tests/web."""

import base64
import os
import re

from playwright.sync_api import expect

from page_suite import PAGE_FAULTS, Suite
from room_server import PASSWORD, RoomServer

SUITE = Suite()
test = SUITE.test
WIDE, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}


class World:
    """One page and its server."""

    def __init__(self, browser, **options):
        self.server = RoomServer()
        options = {"viewport": WIDE, "timezone_id": "UTC", "locale": "en-GB"} | options
        self.context = browser.new_context(**options)
        self.context.add_init_script(PAGE_FAULTS)
        self.faults = []
        self.page = self.context.new_page()
        self.page.set_default_timeout(30_000)
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("console", self._console)

    def _console(self, message):
        # A connection that is refused on purpose is told by the browser itself.
        if message.type in ("error", "warning") and "WebSocket connection to" not in message.text:
            self.faults.append(message.text)

    def visit(self, path="/"):
        self.page.goto(f"http://127.0.0.1:{self.server.port}{path}")

    def come_in(self, nick="ann"):
        self.visit()
        self.page.get_by_label("Your name").fill(nick)
        self.page.get_by_role("button", name="Come in").click()
        expect(self.page.get_by_role("heading", name="#tea")).to_be_visible()
        self.settled()

    def settled(self):
        # Playwright's own waiting would evaluate a string, which the page's policy forbids.
        self.page.evaluate("""() => new Promise((done) => {
          const look = () => {
            const room = hubbub.chat.room("#tea");
            room?.isJoined && !room.filling && !room.loading ? done() : requestAnimationFrame(look);
          };
          look();
        })""")

    def texts(self):
        return self.page.evaluate("hubbub.chat.room('#tea').entries.filter((entry) => entry.text).map((entry) => entry.text)")

    def field(self):
        return self.page.locator("#text")

    def shown(self):
        return self.page.locator("#lines .what").all_inner_texts()

    def close(self):
        self.context.close()

    def end(self):
        violations = self.page.evaluate("window.violations ?? []")
        self.close()
        assert not violations, f"The policy was violated: {violations}"
        assert not self.faults, f"The page had faults: {self.faults}"


@test("a guest comes in with one field, and what is said is seen and marked as said")
def guest(world):
    world.server.log += [("bob", "before")]
    world.come_in()
    world.server.say("tea, ann?")
    expect(world.page.locator(".mention .what")).to_have_text("tea, ann?")
    world.field().fill("yes please")
    world.field().press("Enter")
    expect(world.page.locator(".entry.sent .what", has_text="yes please")).to_be_visible()
    assert world.shown() == ["before", "tea, ann?", "yes please"], world.shown()
    assert world.server.log[-1] == ("ann", "yes please")


@test("whoever comes back is in at once, in the same rooms")
def returning(world):
    world.come_in()
    world.page.reload()
    expect(world.page.get_by_role("heading", name="#tea")).to_be_visible()
    assert "NICK ann" in world.server.received[-20:]


@test("offline while 500 lines are said: all are there when it is back, in order, and what was typed follows")
def offline(world):
    world.server.log += [("bob", f"line {number}") for number in range(30)]
    world.come_in()
    world.server.close_door()
    expect(world.page.locator("#banner")).to_contain_text("connection is lost")
    world.server.log += [("bob", f"line {number}") for number in range(30, 530)]
    world.field().fill("typed in the dark")
    world.field().press("Enter")
    expect(world.page.locator(".entry.waiting")).to_contain_text("waiting for the connection")
    world.server.open_door()
    world.page.evaluate("dispatchEvent(new Event('online'))")
    expect(world.page.locator(".entry.sent .what", has_text="typed in the dark")).to_be_visible()
    assert world.texts() == [f"line {number}" for number in range(530)] + ["typed in the dark"]
    assert [text for _, text in world.server.log].count("typed in the dark") == 1
    expect(world.page.locator("#banner")).to_be_hidden()


# A hundred thousand take some minutes, so that they are for when there is time.
SCROLLED = 100_000 if os.environ.get("HUBBUB_LONG") else 5_000


@test(f"{SCROLLED:,} lines are scrolled through with at most 400 in the page, without a gap and without a jump")
def scrolling(world):
    total = SCROLLED
    world.server.log += [("bob" if number % 7 else "cid", f"line {number}") for number in range(total)]
    world.come_in()
    outcome = world.page.evaluate("""async () => {
      const log = document.getElementById("log");
      const room = hubbub.chat.room("#tea");
      const frame = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
      const number = (text) => +text.slice(5);
      let [rows, kept, jumps, gaps, seen, turns] = [0, 0, 0, 0, Infinity, 0];
      for (let still = 0; still < 40 && seen > 0; turns++) {
        const before = room.entries[0].text;
        // Somewhere below the top, as a wheel would leave it; the row there must stay where it is.
        log.scrollTop = 150;
        const edge = log.getBoundingClientRect().top;
        const held = [...document.querySelectorAll("#lines .entry")].find((row) => row.getBoundingClientRect().bottom > edge);
        const [y, top] = [held.getBoundingClientRect().top, log.scrollTop];
        await frame();
        await frame();
        if (held.isConnected && Math.abs(held.getBoundingClientRect().top - y) > 2) jumps++;
        const texts = [...document.querySelectorAll("#lines .what")].map((one) => number(one.textContent));
        for (let i = 1; i < texts.length; i++) if (texts[i] !== texts[i - 1] + 1) gaps++;
        rows = Math.max(rows, texts.length);
        kept = Math.max(kept, room.entries.length);
        still = texts[0] < seen ? 0 : still + 1;
        seen = Math.min(seen, texts[0]);
      }
      return { rows, kept, jumps, gaps, seen, turns };
    }""")
    print("  ", outcome)
    assert outcome["seen"] == 0, outcome
    assert outcome["rows"] <= 400 and outcome["kept"] <= 2000 and not outcome["gaps"] and not outcome["jumps"], outcome
    world.page.evaluate("document.getElementById('log').scrollTop = 0")
    expect(world.page.locator("#edge")).to_have_text("This is where #tea begins.")
    world.server.say("the newest")
    world.page.locator("#jump").click()
    expect(world.page.locator("#lines .what").last).to_have_text("the newest")


@test("scrolling down again finds the lines that were let go, up to the newest")
def scrolling_down(world):
    world.server.log += [("bob", f"line {number}") for number in range(4000)]
    world.come_in()
    found = world.page.evaluate("""async () => {
      const log = document.getElementById("log");
      const frame = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
      const shown = () => [...document.querySelectorAll("#lines .what")].map((one) => +one.textContent.slice(5));
      for (let turn = 0; turn < 500 && shown()[0] > 0; turn++) { log.scrollTop = 0; await frame(); }
      const first = shown()[0];
      let gaps = 0;
      for (let turn = 0; turn < 500 && shown().at(-1) < 3999; turn++) {
        log.scrollTop = log.scrollHeight;
        await frame();
        const now = shown();
        for (let i = 1; i < now.length; i++) if (now[i] !== now[i - 1] + 1) gaps++;
      }
      return [first, shown().at(-1), gaps];
    }""")
    assert found == [0, 3999, 0], found


HOSTILE = [
    "<img src=x onerror=\"document.title='owned'\">", "<script>document.title='owned'</script>", "javascript:alert(1)",
    "https://a.example/\"onmouseover=\"alert(1)", "http://a.example/<b>x</b>", "&lt;b&gt;", "\x02\x1d\x1fbold\x0f \x0304,05colour\x03 \x16x",
    "\u202eright to left\u202c and on", "a\u0301\u0302\u0303" * 100, "👨‍👩‍👧‍👦🏳️‍🌈", "مرحبا https://a.example/ كيف", "x" * 400, "{{version}} ${7*7}",
]


@test("text that tries to be something else stays text")
def hostile(world):
    world.come_in()
    for text in HOSTILE:
        world.server.say(text)
    nick = "<b>mallory</b>"
    world.server.raw(f":{nick}!m@h PRIVMSG #tea :<i>by name</i>")
    world.server.raw(f":{nick}!m@h TOPIC #tea :<img src=x> https://tea.example/")
    world.server.raw(":cid!c@h PART #tea :<script>")
    expect(world.page.locator("#lines .note").last).to_contain_text("<script>")
    tags = world.page.evaluate("[...new Set([...document.querySelectorAll('#lines *')].map((one) => one.tagName))]")
    assert set(tags) <= {"DIV", "P", "SPAN", "BUTTON", "TIME", "A", "STRONG", "EM", "U", "S", "CODE"}, tags
    shown = world.shown()
    for text in HOSTILE:
        plain = re.sub("\x03(\\d+(,\\d+)?)?|[\x00-\x1f]", "", text)
        assert plain in shown, (plain, shown)
    links = world.page.evaluate("[...document.querySelectorAll('#app a')].map((one) => [one.protocol, one.rel, one.target])")
    assert links and all(link == ["https:" if link[0] == "https:" else "http:", "noopener noreferrer", "_blank"] for link in links), links
    assert "owned" not in world.page.title()
    width = world.page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert width[0] <= width[1], width


@test("a line is a paragraph 'name: text', the time is not read, and what is new is announced")
def reading(world):
    world.come_in()
    world.server.say("two sugars")
    world.server.say("please")
    expect(world.page.locator("#lines .what").last).to_have_text("please")
    for text in ("two sugars", "please"):
        paragraph = world.page.locator("#lines p", has=world.page.locator(".what", has_text=text))
        spoken = paragraph.evaluate("""(p) => { const copy = p.cloneNode(true);
          for (const one of copy.querySelectorAll('[aria-hidden]')) one.remove(); return copy.textContent.trim(); }""")
        assert spoken == f"bob: {text}", spoken
    expect(world.page.locator("#announcer")).to_contain_text("bob: two sugars")
    assert world.page.locator("#log").get_attribute("aria-live") is None
    assert all(world.page.locator("#lines time").nth(index).get_attribute("aria-hidden") == "true" for index in range(2))


@test("every control has a name, and Tab goes through them in the order of the page")
def controls(world):
    world.come_in()
    world.server.say("hello")
    expect(world.page.locator("#lines .what")).to_have_count(1)
    nameless = world.page.evaluate("""[...document.querySelectorAll('button, input, textarea, select, a')]
      .filter((one) => one.checkVisibility() && !(one.getAttribute('aria-label') || one.textContent.trim() || one.labels?.[0]?.textContent.trim()))
      .map((one) => one.outerHTML)""")
    assert not nameless, nameless
    world.page.evaluate("document.activeElement.blur()")
    order = []
    for _ in range(24):
        world.page.keyboard.press("Tab")
        order.append(world.page.evaluate("document.activeElement.id || document.activeElement.className.split(' ')[0]"))
    wanted = ["join", "to", "x", "to", "me", "find", "who", "log", "name", "text"]
    start = order.index("join")
    assert order[start : start + len(wanted)] == wanted, order


def contrasts(page):
    """Texts whose contrast with what is behind them is below 4.5 to 1 (WCAG 1.4.3)."""
    return page.evaluate("""() => {
      const canvas = Object.assign(document.createElement("canvas"), { width: 1, height: 1 }).getContext("2d", { willReadFrequently: true });
      const rgba = (colour) => { canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1); return [...canvas.getImageData(0, 0, 1, 1).data]; };
      const light = ([r, g, b]) => { const [x, y, z] = [r, g, b].map((v) => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4); return 0.2126 * x + 0.7152 * y + 0.0722 * z; };
      const behind = (one) => { for (; one; one = one.parentElement) { const c = rgba(getComputedStyle(one).backgroundColor); if (c[3] === 255) return c; } return [255, 255, 255]; };
      const poor = [];
      for (const one of document.querySelectorAll("body *")) {
        const hasText = [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
        if (!hasText || !one.checkVisibility({ opacityProperty: true }) || one.closest(".quiet, svg") || getComputedStyle(one).opacity < 1) continue;
        const [a, b] = [light(rgba(getComputedStyle(one).color)), light(behind(one))].sort((x, y) => y - x);
        const ratio = (a + 0.05) / (b + 0.05);
        if (ratio < 4.5) poor.push(`${one.className || one.tagName} "${one.textContent.slice(0, 20)}" ${ratio.toFixed(2)}`);
      }
      return [...new Set(poor)];
    }""")


def contrast(world):
    world.visit()
    expect(world.page.get_by_label("Your name")).to_be_visible()
    assert not contrasts(world.page), contrasts(world.page)
    world.come_in()
    for nick in ("bob", "cid", "dora", "eve", "finn", "gus", "hana", "ivo", "jo", "kim", "lea", "mo", "nia", "oz", "pia", "quin", "rae", "sol", "tia", "uli"):
        world.server.say("ann, tea? https://tea.example/" if nick == "gus" else "tea", nick)
    world.server.raw(":cid!c@h KICK #tea bob :out")
    expect(world.page.locator("#lines .note")).to_have_count(1)
    assert not contrasts(world.page), contrasts(world.page)


test("texts can be told from what is behind them, in the light", color_scheme="light")(contrast)
test("texts can be told from what is behind them, in the dark", color_scheme="dark")(contrast)


@test("on a phone all is in one column, and the drawers open and close", viewport=PHONE, has_touch=True)
def phone(world):
    world.come_in()
    world.server.say("x" * 300)
    expect(world.page.locator("#lines .what")).to_have_count(1)
    fits = "document.documentElement.scrollWidth <= innerWidth && document.getElementById('text').getBoundingClientRect().bottom <= innerHeight"
    assert world.page.evaluate(fits)
    expect(world.page.locator("#side")).not_to_be_visible()
    world.page.get_by_role("button", name="Rooms").click()
    expect(world.page.locator("#side")).to_be_visible()
    world.page.get_by_role("button", name="#tea", exact=True).click()
    expect(world.page.locator("#side")).not_to_be_visible()
    world.page.get_by_role("button", name="People", exact=True).click()
    expect(world.page.locator("#people")).to_be_visible()
    world.page.get_by_role("button", name="Close the list of people").click()
    expect(world.page.locator("#people")).not_to_be_visible()


@test("at 200 % zoom nothing is cut off", viewport={"width": 640, "height": 400}, device_scale_factor=2)
def zoomed(world):
    world.come_in()
    assert world.page.evaluate("document.documentElement.scrollWidth <= innerWidth && document.getElementById('text').getBoundingClientRect().bottom <= innerHeight")


@test("with forced colours the page still shows where one is", forced_colors="active")
def forced(world):
    world.come_in()
    outline = world.page.locator("#rooms [aria-current]").evaluate("(one) => getComputedStyle(one).outlineStyle")
    assert outline == "solid", outline


@test("keys go from room to room, complete names, and open what they should")
def keys(world):
    page = world.page
    world.come_in()
    world.field().fill("/join #milk")
    world.field().press("Enter")
    expect(page.get_by_role("heading", name="#milk")).to_be_visible()
    page.keyboard.press("Alt+2")
    expect(page.get_by_role("heading", name="#tea")).to_be_visible()
    world.server.say("psst", "cid", "ann")
    expect(page.locator("#rooms b.hot")).to_have_text("1")
    page.keyboard.press("Alt+a")
    expect(page.get_by_role("heading", name="cid")).to_be_visible()
    page.keyboard.press("Alt+ArrowUp")
    expect(page.get_by_role("heading", name="#tea")).to_be_visible()
    world.field().press_sequentially("ci")
    world.field().press("Tab")
    expect(world.field()).to_have_value("cid: ")
    world.field().fill("/to")
    world.field().press("Tab")
    expect(world.field()).to_have_value("/topic ")
    world.field().fill("")
    page.keyboard.press("Control+k")
    expect(page.get_by_role("dialog", name="Join a room")).to_be_visible()
    page.get_by_role("button", name="Show all rooms").click()
    expect(page.locator("#found li").first).to_contain_text("#milk 9 people")
    page.keyboard.press("Escape")
    world.field().fill("/nonsense")
    world.field().press("Enter")
    expect(page.locator("#hint")).to_contain_text("There is no /nonsense")


@test("a login by SCRAM holds, a wrong password says so, and the password is never on the wire")
def login(world):
    page = world.page
    world.visit()
    page.get_by_role("button", name="Log in").first.click()
    page.get_by_label("Your name").fill("ann")
    page.get_by_label("Password").fill("wrong horse")
    page.locator("#go").click()
    expect(page.get_by_role("alert")).to_have_text("The name or the password is wrong.")
    page.get_by_label("Password").fill(PASSWORD)
    page.locator("#go").click()
    expect(page.get_by_role("heading", name="#tea")).to_be_visible()
    expect(page.locator("#mystate")).to_have_text("logged in as ann")
    pieces = [line[13:] for line in world.server.received if re.fullmatch("AUTHENTICATE [A-Za-z0-9+/=]{8,}", line)]
    said = [base64.b64decode(piece) for piece in pieces if piece != "SCRAM-SHA-256"]
    assert len(said) == 4, said
    assert not any(PASSWORD.encode() in one for one in said + [line.encode() for line in world.server.received])


@test("a new account shows its recovery code, once")
def register(world):
    page = world.page
    world.visit()
    page.get_by_role("button", name="Sign up").click()
    page.get_by_label("Your name").fill("ann")
    page.get_by_label("Password").fill(PASSWORD)
    page.locator("#go").click()
    expect(page.get_by_role("dialog", name="Your recovery code")).to_contain_text("abcd-efgh-ijkl")
    page.get_by_role("button", name="I have kept it").click()
    expect(page.locator("#mystate")).to_have_text("logged in as ann")


@test("search finds lines and goes to them, and a day can be gone to")
def search(world):
    page = world.page
    world.server.log += [("bob", f"line {number}") for number in range(100_000)]
    world.come_in()
    page.get_by_role("button", name="Search in this room").click()
    page.get_by_label("Words").fill("line 99950")
    page.get_by_label("Words").press("Enter")
    expect(page.locator("#hits button")).to_have_count(1)
    # In a field of the browser's own for searching, Escape would empty the field alone.
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    world.field().fill("/search line 99950")
    world.field().press("Enter")
    page.locator("#hits button").click()
    expect(page.locator(".hit .what")).to_have_text("line 99950")
    page.keyboard.press("Control+f")
    page.get_by_label("Words").fill("")
    page.get_by_label("Or go to a day").fill("2026-09-22")
    page.get_by_role("button", name="Search", exact=True).click()
    expect(page.locator(".day").filter(has_text="22 September 2026")).to_be_visible()
    page.locator("#jump").click()
    expect(page.locator("#lines .what").last).to_have_text("line 99999")


BLOCK = {
    "format": 1, "time": 1_795_987_695_000,
    "server": {
        "name": "irc.example", "version": "hubbub 1", "uptimeSeconds": 90061, "clients": [{"name": "tcp", "count": 12}, {"name": "web", "count": 8}],
        "messagesPerSecond": 500, "deliveriesPerSecond": 10000, "sentBytesPerSecond": 1048576, "blocked": 1, "processorSeconds": 0.25,
        "memoryBytes": 41943040,
    },
    "rooms": [{
        "name": "#tea <b>", "members": 20, "messagesPerSecond": 500, "spreadP50": 161, "spreadP99": None,
        "people": [{"nickname": "ann", "position": 0.5, "lagBytes": 0, "isBlocked": False}, {"nickname": "bob", "position": 0.02, "lagBytes": 65536, "isBlocked": True}],
    }],
    "endings": [{"name": "too slow", "count": 3}], "refusals": [], "locks": [{"name": "registry", "heldMicroseconds": 41}],
    "threads": [{"kind": "client", "count": 20, "processorSeconds": 0.2}],
}


def dashboard(world):
    page = world.page
    world.server.block = BLOCK
    world.visit("/dashboard")
    page.get_by_label("Operator").fill("ann")
    page.get_by_label("Password or token").fill("wrong")
    page.get_by_role("button", name="Look").click()
    expect(page.get_by_role("alert")).to_contain_text("wrong")
    page.get_by_label("Password or token").fill(PASSWORD)
    page.get_by_role("button", name="Look").click()
    expect(page.get_by_role("heading", name="irc.example")).to_be_visible()
    expect(page.locator("#about")).to_have_text("hubbub 1, up 1 d 1 h")
    expect(page.get_by_role("heading", name="#tea <b>")).to_be_visible()
    bare = page.evaluate("[...document.querySelectorAll('svg')].filter((one) => one.getAttribute('role') !== 'img' || !one.getAttribute('aria-label')).length")
    assert bare == 0, bare
    page.get_by_label("Table: #tea <b>").click()
    expect(page.get_by_role("row", name="bob")).to_have_text("bob0.02064 KiBfull")
    assert page.locator("figure").count() == page.locator("figure details").count()
    assert not contrasts(page), contrasts(page)
    page.set_viewport_size(PHONE)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


test("the dashboard shows every figure, with a table behind each picture", color_scheme="light")(dashboard)
test("the dashboard in the dark", color_scheme="dark")(dashboard)


SUITE.run(World)
