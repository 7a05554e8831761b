"""Pictures of the pages of a real server, for demo/screenshots."""

import os
import subprocess
import sys

from playwright.sync_api import expect, sync_playwright

from hubbub_server import Person, Server

FOLDER = sys.argv[1]
SIZES = {"1280": {"width": 1280, "height": 800}, "390": {"width": 390, "height": 844}}
TALK = [
    ("bob", "good morning!"), ("cleo", "morning, bob. Who is watering the tomatoes this week?"),
    ("dora", "Me, Tuesday and Friday. The plan is at https://garden.example/plan"),
    ("bob", "I can do Thursday"), ("bob", "and somebody left a ladder at the shed, by the way"),
    ("emil", "that's mine, sorry! I fetch it tonight"), ("cleo", "ann, are you coming to the seed swap on Sunday?"),
]
ROOMS = ("#seeds", "#kitchen")
PASSWORD = "correct horse"


def settings(hubbub):
    hashed = subprocess.run([hubbub, "hash-password"], input=PASSWORD, capture_output=True, text=True, check=True).stdout.strip()
    return f"""
network: Garden
lobby: "#garden"
rooms:
- {{name: "#garden", topic: "Allotment 14, plans and produce. Next meeting: Sunday at ten"}}
- {{name: "#seeds", topic: "Swap and share"}}
- {{name: "#kitchen", topic: "What to do with all these courgettes"}}
operators: [{{name: ann, password: "{hashed}"}}]
"""


def come_in(page, server):
    page.goto(server.page)
    page.get_by_label("Your name").fill("ann")
    page.get_by_role("button", name="Come in").click()
    expect(page.get_by_role("heading", name="#garden")).to_be_visible()


def take(page, name):
    page.screenshot(path=os.path.join(FOLDER, f"{name}.png"))


def chat(browser, server, people, scheme, size):
    context = browser.new_context(viewport=SIZES[size], color_scheme=scheme, locale="en-GB", has_touch=size == "390", reduced_motion="reduce")
    page = context.new_page()
    page.goto(server.page)
    expect(page.get_by_label("Your name")).to_be_visible()
    take(page, f"door-{size}-{scheme}")
    come_in(page, server)
    people["bob"].until(":ann!.* JOIN #garden")
    for room in ROOMS:
        page.locator("#text").fill(f"/join {room}")
        page.locator("#text").press("Enter")
        expect(page.get_by_role("heading", name=room)).to_be_visible()
    page.keyboard.press("Alt+1")
    expect(page.get_by_role("heading", name="#garden")).to_be_visible()
    for nick, text in TALK:
        people[nick].send(f"PRIVMSG #garden :{text}")
        expect(page.locator("#lines .what").last).to_have_text(text)
    page.locator("#text").fill("yes! I bring beans and the big sunflowers")
    page.locator("#text").press("Enter")
    expect(page.locator(".entry.sent .what", has_text="sunflowers")).to_be_visible()
    people["emil"].send("PRIVMSG #seeds :ann: do you still have borage?", "PRIVMSG #kitchen :soup, obviously")
    people["dora"].send("PRIVMSG ann :see you there :)")
    expect(page.locator("#rooms")).to_contain_text("dora")
    page.locator("#text").fill("and Thurs")
    take(page, f"chat-{size}-{scheme}")
    if size == "390":
        page.get_by_role("button", name="Rooms").click()
        take(page, f"rooms-{size}-{scheme}")
    context.close()
    people["bob"].until(":ann!.* QUIT")


def dashboard(browser, server, hubbub, scheme, size):
    context = browser.new_context(viewport=SIZES[size] | {"height": 1000}, color_scheme=scheme, locale="en-GB")
    page = context.new_page()
    page.goto(server.page + "dashboard")
    page.get_by_label("Operator").fill("ann")
    page.get_by_label("Password or token").fill(PASSWORD)
    page.get_by_role("button", name="Look").click()
    expect(page.get_by_role("heading", name="#swarm")).to_be_visible(timeout=20_000)
    # Two minutes of history are drawn; some of it is enough to see the lines.
    page.wait_for_function("document.querySelectorAll('svg path').length > 0")
    page.wait_for_timeout(15_000)
    take(page, f"dashboard-{size}-{scheme}")
    context.close()


def main():
    hubbub = os.environ["HUBBUB"]
    server = Server(settings=settings(hubbub))
    try:
        people = {nick: Person(server, nick, "#garden", *ROOMS) for nick in ("bob", "cleo", "dora", "emil")}
        with sync_playwright() as playwright:
            path = os.environ.get("HUBBUB_CHROMIUM", "/usr/bin/chromium")
            browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--hide-scrollbars"])
            for scheme in ("light", "dark"):
                for size in SIZES:
                    chat(browser, server, people, scheme, size)
            bots = subprocess.Popen(
                [hubbub, "swarm", f"127.0.0.1:{server.port}", "--rate", "500", "--duration", "120"],
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            try:
                for scheme in ("light", "dark"):
                    for size in SIZES:
                        dashboard(browser, server, hubbub, scheme, size)
            finally:
                bots.terminate()
                bots.wait()
            browser.close()
    finally:
        server.end()


main()
