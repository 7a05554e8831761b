#!/usr/bin/env python3
"""A small IRC server that is unfair on purpose, in one way at a time: what the swarm must find.

usage: unfair.py PORT FAULT [VICTIM]     (port 0: one that the system chooses; the first line of output says which)
       unfair.py --list                  a line for each fault: its name, who is to be named, the measures that tell it

VICTIM is a nickname, bot-7 where none is given. Everything else is as fair as chance: each message goes round in
an order drawn by lot.
"""
import asyncio
import random
import sys
import time

# name: (who is to be named, the measures of which one must fail or say so, what it does)
FAULTS = {
    'fair': ('-', '-', 'nothing wrong'),
    'last': ('victim', 'M3,M4', 'the victim is always served last'),
    'first': ('victim', 'M3,M4', 'the victim is always served first'),
    'late1': ('victim', 'M3', 'the victim hears everything 1 ms late'),
    'late3': ('victim', 'M3', 'the victim hears everything 3 ms late'),
    'late80': ('victim', 'M3', 'the victim hears everything 80 ms late'),
    'bunched': ('victim', 'M3', 'the victim hears what was said in the last 100 ms at once'),
    'paused': ('victim', 'M8', 'the victim hears nothing for a second, once'),
    'order': ('-', 'M4', 'always the same order, 1 ms apart'),
    'circle': ('-', 'M4b', 'the start goes round by one over a fixed circle'),
    'held': ('victim', 'M6', 'what the victim says is held back for 400 ms'),
    'throttled': ('victim', 'M6', 'the victim is read at four fifths of the rate at which it sends'),
    'starved': ('victim', 'M8', 'what the victim says is held back for a second and a half, now and then'),
    'lateecho': ('victim', 'M6', 'the victim hears itself 50 ms late'),
    'lateechoes': ('-', 'M6', 'everybody hears themselves 50 ms late'),
    'lose': ('victim', 'M1', 'the victim misses every 200th message'),
    'losesender': ('victim', 'M1', 'every 20th message of the victim reaches nobody'),
    'double': ('victim', 'M1', 'the victim hears every 150th message twice'),
    'corrupt': ('victim', 'M1', 'every 100th text is cut for the victim'),
    'reorder': ('victim', 'M7', 'every 100th message changes places with the next, for the victim'),
    'timeback': ('victim', 'M7', 'every 10th message of the victim bears a time 300 ms too early'),
    'prefix': ('victim', 'M11', "every 10th message of the victim bears another's name"),
    'otherroom': ('victim', 'M11', 'every 100th message reaches the victim as if it were said in #elsewhere'),
    'afterkick': ('victim', 'M11', 'the victim is kicked after 3 s, and goes on hearing the room'),
    'afterpart': ('guest-0', 'M11', 'whoever leaves goes on hearing the room'),
    'beforejoin': ('guest-0', 'M11', 'whoever comes hears the room before the JOIN'),
    'repeatid': ('victim', 'M11', "every 10th message of the victim bears the id of the one before"),
    'stall': ('-', 'stall', 'the whole server stands still for 200 ms, every two seconds'),
}


class Client:
    def __init__(self, writer):
        self.writer, self.nick, self.user = writer, None, None
        self.caps, self.negotiates, self.welcomed = set(), False, False
        self.delivered, self.kept, self.bunch = 0, None, []

    def send(self, line):
        if not self.writer.is_closing():
            self.writer.write((line + '\r\n').encode())


class Server:
    def __init__(self, fault, victim):
        self.fault, self.victim = fault, victim
        self.people, self.rooms = {}, {}
        self.count, self.said, self.last_id = 0, {}, ''
        self.start, self.paused_until, self.held_until = None, 0, 0
        self.held = []
        self.free_at, self.gap, self.read_at = 0, 0, []

    # -- delivery

    def is_victim(self, client):
        return client.nick == self.victim

    def order(self, members):
        if self.fault == 'order':
            return sorted(members, key=lambda c: c.nick)
        if self.fault == 'circle':
            circle = sorted(members, key=lambda c: c.nick)
            start = self.count % len(circle)
            return circle[start:] + circle[:start]
        shuffled = list(members)
        random.shuffle(shuffled)
        if self.fault in ('last', 'first'):
            shuffled.sort(key=self.is_victim, reverse=self.fault == 'first')
        return shuffled

    def say(self, sender, room, command, text):
        """Takes a message in, and lets it wait where the fault is one of senders or of all."""
        loop, now = asyncio.get_running_loop(), asyncio.get_running_loop().time()
        self.start = self.start or now
        if self.fault == 'stall' and (self.held or (now - self.start) % 2 > 1.8):
            return self.hold(now + 2.0005 - (now - self.start) % 2, sender, room, command, text)
        if self.is_victim(sender):
            if self.fault == 'held':
                return loop.call_later(0.4, self.broadcast, sender, room, command, text)
            if self.fault == 'starved':
                if now > self.held_until + 2:
                    self.held_until = now + 1.5
                if now < self.held_until or self.held:
                    return self.hold(self.held_until, sender, room, command, text)
        self.broadcast(sender, room, command, text)

    def hold(self, until, *message):
        """Holds messages back and lets them go in their order: what is called at one time is called in any."""
        self.held.append(message)
        if len(self.held) == 1:
            asyncio.get_running_loop().call_at(until, self.release)

    def release(self):
        held, self.held = self.held, []
        for message in held:
            self.broadcast(*message)

    def broadcast(self, sender, room, command, text):
        self.count += 1
        number = self.said[sender.nick] = self.said.get(sender.nick, 0) + 1
        mine = self.is_victim(sender)
        if mine and self.fault == 'losesender' and number % 20 == 0:
            return
        stamp, name = time.time(), sender.nick
        if mine and self.fault == 'timeback' and number % 10 == 0:
            stamp -= 0.3
        identity = f'u{self.count}'
        if mine and self.fault == 'repeatid' and number % 10 == 0:
            identity = self.last_id
        self.last_id = identity
        if mine and self.fault == 'prefix' and number % 10 == 0:
            name = 'bot-3' if sender.nick != 'bot-3' else 'bot-4'
        members = [m for m in self.rooms[room] if m is not sender or 'echo-message' in m.caps]
        for place, member in enumerate(self.order(members)):
            line = (stamp, identity, name, command, room, text)
            if self.fault == 'order':
                asyncio.get_running_loop().call_later(place * 0.001, self.put, member, line)
            else:
                self.deliver(member, sender, line)

    def deliver(self, member, sender, line):
        loop, fault = asyncio.get_running_loop(), self.fault
        if member is sender and (fault == 'lateechoes' or fault == 'lateecho' and self.is_victim(member)):
            return loop.call_later(0.05, self.put, member, line)
        if not self.is_victim(member):
            return self.put(member, line)
        member.delivered += 1
        stamp, identity, name, command, room, text = line
        late = {'late1': 0.001, 'late3': 0.003, 'late80': 0.08}.get(fault)
        if late:
            return loop.call_later(late, self.put, member, line)
        if fault == 'bunched':
            if not member.bunch:
                loop.call_later(0.1, self.let_go, member)
            return member.bunch.append(line)
        if fault == 'paused':
            now = loop.time()
            if not self.paused_until and now > self.start + 3:
                self.paused_until = now + 1
            # What has to wait keeps its place, also where the moment is over and nobody let it go yet.
            if now < self.paused_until or member.bunch:
                if not member.bunch:
                    loop.call_at(self.paused_until, self.let_go, member)
                return member.bunch.append(line)
        if fault == 'lose' and member.delivered % 200 == 0:
            return
        if fault == 'corrupt' and member.delivered % 100 == 0:
            return self.put(member, (stamp, identity, name, command, room, text[:-9]))
        if fault == 'otherroom' and member.delivered % 100 == 0:
            return self.put(member, (stamp, identity, name, command, '#elsewhere', text))
        if fault == 'reorder' and member.delivered % 100 == 0:
            member.kept = line
            return
        if fault == 'afterkick' and self.start and loop.time() > self.start + 3 and not self.paused_until:
            self.paused_until = 1
            member.send(f':{self.source(self.people["bot-1"])} KICK {room} {member.nick} :out')
        self.put(member, line)
        if member.kept:
            kept, member.kept = member.kept, None
            self.put(member, kept)
        if fault == 'double' and member.delivered % 150 == 0:
            self.put(member, line)

    def let_go(self, member):
        bunch, member.bunch = member.bunch, []
        for line in bunch:
            self.put(member, line)

    def put(self, member, line):
        stamp, identity, name, command, room, text = line
        tags = []
        if 'message-tags' in member.caps:
            tags.append(f'msgid={identity}')
        if 'server-time' in member.caps:
            tags.append(time.strftime('time=%Y-%m-%dT%H:%M:%S', time.gmtime(stamp)) + f'.{int(stamp * 1000) % 1000:03d}Z')
        body = f':{name}!u@localhost {command} {room} :{text}'
        member.send(f'@{";".join(tags)} {body}' if tags else body)

    # -- everything else

    @staticmethod
    def source(client):
        return f'{client.nick}!{client.user or "u"}@localhost'

    def welcome(self, client):
        if client.welcomed or not client.nick or not client.user or client.negotiates:
            return
        client.welcomed = True
        for numeric, text in (('001', ':Welcome'), ('004', 'unfair 1 o o'),
                              ('005', 'CHANTYPES=# CASEMAPPING=ascii NICKLEN=30 :are supported'), ('422', ':No MOTD')):
            client.send(f':unfair {numeric} {client.nick} {text}')

    def capabilities(self, client, rest):
        command, _, argument = rest.partition(' ')
        if command.upper() == 'LS':
            client.negotiates = True
            client.send(f':unfair CAP {client.nick or "*"} LS :server-time echo-message message-tags')
        elif command.upper() == 'REQ':
            client.negotiates = True
            client.caps |= set(argument.lstrip(':').split())
            client.send(f':unfair CAP {client.nick or "*"} ACK :{argument.lstrip(":")}')
        elif command.upper() == 'END':
            client.negotiates = False
            self.welcome(client)

    def nickname(self, client, name):
        if name in self.people:
            return client.send(f':unfair 433 * {name} :In use')
        if client.welcomed:
            for member in {m for members in self.rooms.values() if client in members for m in members}:
                member.send(f':{self.source(client)} NICK {name}')
            self.people.pop(client.nick, None)
        client.nick = name
        self.people[name] = client
        self.welcome(client)

    def join(self, client, room):
        members = self.rooms.setdefault(room, [])
        if client in members:
            return

        def announce():
            for member in members:
                member.send(f':{self.source(client)} JOIN {room}')
            names = ' '.join(m.nick for m in members)
            client.send(f':unfair 353 {client.nick} = {room} :{names}')
            client.send(f':unfair 366 {client.nick} {room} :End')

        members.append(client)
        if self.fault == 'beforejoin' and client.nick.startswith('guest'):
            asyncio.get_running_loop().call_later(0.1, announce)
        else:
            announce()

    def part(self, client, room):
        members = self.rooms.get(room, [])
        if client not in members:
            return client.send(f':unfair 442 {client.nick} {room} :You are not there')
        for member in members:
            member.send(f':{self.source(client)} PART {room}')
        if self.fault == 'afterpart':
            asyncio.get_running_loop().call_later(0.1, lambda: client in members and members.remove(client))
        else:
            members.remove(client)

    async def throttle(self):
        """Waits, so that the victim is read at four fifths of the rate of its first messages."""
        now = asyncio.get_running_loop().time()
        self.read_at.append(now)
        if len(self.read_at) == 6:
            self.gap = (now - self.read_at[0]) / 5 * 1.25
        if len(self.read_at) >= 6:
            self.free_at = max(self.free_at, now) + self.gap
            await asyncio.sleep(self.free_at - now)

    async def answer(self, client, line):
        if line.startswith('@'):
            line = line.split(' ', 1)[1]
        command, _, rest = line.strip().partition(' ')
        command = command.upper()
        if command == 'CAP':
            self.capabilities(client, rest)
        elif command == 'NICK':
            self.nickname(client, rest.lstrip(':'))
        elif command == 'USER':
            client.user = rest.split()[0]
            self.welcome(client)
        elif command == 'PING':
            client.send(f':unfair PONG unfair {rest}')
        elif command == 'JOIN':
            for room in rest.split()[0].lstrip(':').split(','):
                self.join(client, room)
        elif command == 'PART':
            self.part(client, rest.split()[0])
        elif command in ('PRIVMSG', 'NOTICE'):
            target, _, text = rest.partition(' ')
            if target not in self.rooms:
                return
            if self.fault == 'throttled' and self.is_victim(client):
                await self.throttle()
            self.say(client, target, command, text[1:] if text.startswith(':') else text)
        elif command == 'QUIT':
            raise ConnectionResetError

    async def serve(self, reader, writer):
        client = Client(writer)
        try:
            while line := await reader.readline():
                await self.answer(client, line.decode(errors='replace').rstrip('\r\n'))
        except ConnectionError:
            pass
        for members in self.rooms.values():
            if client in members:
                members.remove(client)
                for member in members:
                    member.send(f':{self.source(client)} QUIT :Gone')
        self.people.pop(client.nick, None)
        writer.close()


async def main(port, fault, victim):
    server = await asyncio.start_server(Server(fault, victim).serve, '127.0.0.1', port, limit=1 << 20)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == '__main__':
    if sys.argv[1:] == ['--list']:
        for name, (who, measures, what) in FAULTS.items():
            print(f'{name}\t{who}\t{measures}\t{what}')
    elif len(sys.argv) in (3, 4) and sys.argv[1].isdigit() and sys.argv[2] in FAULTS:
        try:
            asyncio.run(main(int(sys.argv[1]), sys.argv[2], (sys.argv + ['bot-7'])[3]))
        except KeyboardInterrupt:
            pass
    else:
        sys.exit(__doc__)
