"""Stands between a node and the engine, and cuts them off when told to.

usage: cut.py LISTEN:TARGET …    ports of 127.0.0.1

SIGUSR1 cuts: nothing passes, and nobody is told; connections stay as they are. SIGUSR2 heals.
"""

import selectors
import signal
import socket
import sys


class Pair:
    """Two ends of a connection, and what has come from each and not left by the other."""

    def __init__(self, one, other):
        self.ends = {one: other, other: one}
        self.waiting = {one: b"", other: b""}


class Cutter:
    """Copies bytes between the ends of its pairs, unless it is cut."""

    def __init__(self, ports):
        self.selector = selectors.DefaultSelector()
        self.targets = {}
        self.pairs = {}
        self.is_cut = False
        for listen, target in ports:
            door = socket.create_server(("127.0.0.1", listen))
            door.setblocking(False)
            self.targets[door] = target
            self.selector.register(door, selectors.EVENT_READ)

    def set_cut(self, is_cut):
        self.is_cut = is_cut
        print("cut" if is_cut else "healed", file=sys.stderr, flush=True)

    def accept(self, door):
        one, _ = door.accept()
        try:
            other = socket.create_connection(("127.0.0.1", self.targets[door]), 2)
        except OSError:
            one.close()
            return
        pair = Pair(one, other)
        for end in (one, other):
            end.setblocking(False)
            self.pairs[end] = pair
            self.selector.register(end, selectors.EVENT_READ)

    def close(self, end):
        pair = self.pairs.get(end)
        for each in list(pair.ends) if pair else []:
            del self.pairs[each]
            self.selector.unregister(each)
            each.close()

    def read(self, end):
        try:
            data = end.recv(65536)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self.close(end)
            return
        pair = self.pairs[end]
        pair.waiting[end] += data
        self.flush(end)

    def flush(self, end):
        pair = self.pairs[end]
        other = pair.ends[end]
        try:
            sent = other.send(pair.waiting[end])
            pair.waiting[end] = pair.waiting[end][sent:]
        except BlockingIOError:
            pass
        except OSError:
            self.close(end)
            return
        wanted = selectors.EVENT_READ
        if pair.waiting[end]:
            wanted |= selectors.EVENT_WRITE
        self.selector.modify(other, wanted)

    def run(self):
        while True:
            ready = self.selector.select(0.05)
            # What comes meanwhile waits in the kernel, and then with whoever sends.
            if self.is_cut:
                signal.sigtimedwait([], 0.05)
                continue
            for key, events in ready:
                end = key.fileobj
                if end in self.targets:
                    self.accept(end)
                    continue
                if events & selectors.EVENT_WRITE and end in self.pairs:
                    self.flush(self.pairs[end].ends[end])
                if events & selectors.EVENT_READ and end in self.pairs:
                    self.read(end)


def main():
    ports = [tuple(int(port) for port in word.split(":")) for word in sys.argv[1:]]
    cutter = Cutter(ports)
    signal.signal(signal.SIGUSR1, lambda *_: cutter.set_cut(True))
    signal.signal(signal.SIGUSR2, lambda *_: cutter.set_cut(False))
    print("ready", file=sys.stderr, flush=True)
    cutter.run()


main()
