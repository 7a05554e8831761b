"""The real server, as a program of its own, and a plain client to it."""

import os
import re
import select
import socket
import subprocess
import tempfile
import threading
import time

PATIENCE = 30


class Server:
    """`hubbub serve` on ports that the system chooses, or on those that it had before."""

    def __init__(self, *flags, settings=None):
        self.folder = tempfile.TemporaryDirectory()
        self.flags = list(flags)
        if settings is not None:
            path = os.path.join(self.folder.name, "hubbub.yaml")
            with open(path, "w", encoding="utf-8") as file:
                file.write(settings)
            self.flags += ["--config", path]
        self.port = self.web = 0
        self.start()

    def start(self):
        command = [os.environ["HUBBUB"], "serve", "--listen", f"127.0.0.1:{self.port}", "--web", f"127.0.0.1:{self.web}"]
        self.process = subprocess.Popen(command + self.flags, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE)
        log = self.process.stderr.fileno()
        deadline = time.monotonic() + PATIENCE
        text = ""
        while "join with" not in text:
            ready, _, _ = select.select([log], [], [], max(0, deadline - time.monotonic()))
            part = os.read(log, 65536).decode() if ready else ""
            assert part, f"The server did not start: {text}"
            text += part
        # The rest is read as well, so that the server never waits for its log to be.
        threading.Thread(target=self.process.stderr.read, daemon=True).start()
        self.port = int(re.search(r"listening on=127\.0\.0\.1:(\d+)", text)[1])
        self.web = int(re.search(r"listening for=web on=127\.0\.0\.1:(\d+)", text)[1])

    def stop(self):
        """As an administrator stops it."""
        self.process.terminate()
        code = self.process.wait(PATIENCE)
        assert code == 0, code

    def end(self):
        if self.process.poll() is None:
            self.stop()
        self.folder.cleanup()

    @property
    def page(self):
        return f"http://127.0.0.1:{self.web}/"


class Person:
    """A client over TCP."""

    def __init__(self, server, nick, *rooms):
        self.socket = socket.create_connection(("127.0.0.1", server.port), PATIENCE)
        self.file = self.socket.makefile("rb")
        self.send(f"NICK {nick}", f"USER {nick} 0 * :{nick}")
        self.until(r" (376|422) ")
        for room in rooms:
            self.send(f"JOIN {room}")
            self.until(" 366 ")

    def send(self, *lines):
        self.socket.sendall("".join(line + "\r\n" for line in lines).encode())

    def until(self, pattern):
        """The first line that has the pattern in it."""
        while True:
            line = self.file.readline().decode().rstrip("\r\n")
            assert line, f"the connection ended before {pattern}"
            if line.startswith("PING"):
                self.send(line.replace("PING", "PONG", 1))
            if re.search(pattern, line):
                return line

    def close(self):
        self.socket.close()
