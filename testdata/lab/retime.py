#!/usr/bin/env python3
"""Merges the lab's captures and spreads their ticks over two hours.

usage: retime.py HOSTS.tsv TICKS.tsv CAPTURE.pcap ... OUT.pcap

Tick n begins n minutes after 2026-11-20 08:00:00 UTC. Inside of a tick every
host that acts gets a delay of its own, the same for all of its packets, so
that a minute's work does not begin in its first second. Times between the
packets of a host within a tick, and the order of its packets, stay as they
were captured. A connection that lasts for several ticks gets the minutes
between them. Nothing else is changed: not a byte of a packet.
"""
import bisect
import random
import socket
import struct
import sys

START = 1795161600  # 2026-11-20T08:00:00Z
MINUTE = 60_000_000  # microseconds
# Who acts when several hosts have part in a packet: the first of these.
ACTORS = ["scanner", "beacon", "admin", "ws1", "ws2", "ws3", "ws4", "ws5", "ws6", "printer",
          "web", "files", "mail", "db", "logs", "dns", "cdn", "c2", "time"]
PARTS4 = {"office": "10.20.0.", "servers": "10.20.1.", "outside": "203.0.113."}
PARTS6 = {"office": "fd00:20:0::", "servers": "fd00:20:1::", "outside": "2001:db8:cb::"}


def addresses(path):
    """Packed address -> name, for every host of the table."""
    table = {}
    with open(path) as f:
        for line in f:
            if line.startswith("#"):
                continue
            name, segment, number = line.split("\t")[:3]
            table[socket.inet_pton(socket.AF_INET, PARTS4[segment] + number)] = name
            table[socket.inet_pton(socket.AF_INET6, PARTS6[segment] + number)] = name
    return table


def packets(path):
    """(microseconds, original length, captured bytes) of a classic pcap file."""
    with open(path, "rb") as f:
        magic, _, _, _, _, _, link = struct.unpack("<IHHiIII", f.read(24))
        if magic != 0xA1B2C3D4 or link != 1:
            sys.exit(f"{path}: not a little-endian Ethernet capture with microseconds")
        while header := f.read(16):
            sec, usec, caught, length = struct.unpack("<IIII", header)
            yield sec * 1_000_000 + usec, length, f.read(caught)


def actor(frame, table):
    """The host whose doing a packet is; ICMP errors belong to whom they quote."""
    kind = frame[12:14]
    if kind == b"\x08\x00":
        found = {table.get(frame[26:30]), table.get(frame[30:34])}
        if frame[23] == 1 and frame[34] in (3, 11):
            found |= {table.get(frame[54:58]), table.get(frame[58:62])}
    elif kind == b"\x86\xdd":
        found = {table.get(frame[22:38]), table.get(frame[38:54])}
        if frame[20] == 58 and frame[54] in (1, 2, 3):
            found |= {table.get(frame[70:86]), table.get(frame[86:102])}
    elif kind == b"\x08\x06":
        found = {table.get(frame[28:32]), table.get(frame[38:42])}
    else:
        found = set()
    for name in ACTORS:
        if name in found:
            return name
    return "router"


def timeline(path):
    """Begin (as captured), length and new begin of every tick, in microseconds."""
    begins, lengths, news, at = [], [], [], START * 1_000_000
    with open(path) as f:
        for line in f:
            _, begin, length = line.split()
            begins.append(round(float(begin) * 1e6))
            lengths.append(round(float(length) * 1e6))
            news.append(at)
            at += MINUTE * (lengths[-1] // (MINUTE - 2_000_000) + 1)
    return begins, lengths, news


def delay(tick, who, length, chosen):
    """The delay of a host in a tick, so that its packets end within it."""
    if (tick, who) not in chosen:
        room = max(0, MINUTE - 2_000_000 - length % MINUTE)
        rand = random.Random(f"{tick} {who}")
        if who == "beacon":  # a beacon keeps time: 0.8 s of jitter
            chosen[tick, who] = min(room, 7_000_000 + rand.randrange(800_000))
        else:
            chosen[tick, who] = rand.randrange(room + 1)
    return chosen[tick, who]


def main():
    hosts, ticks, *captures, out = sys.argv[1:]
    table, chosen = addresses(hosts), {}
    begins, lengths, news = timeline(ticks)
    result = []
    for capture in captures:
        for at, length, frame in packets(capture):
            tick = bisect.bisect_right(begins, at) - 1
            if tick < 0:
                continue  # before the scenario: the services' own start
            moved = news[tick] + (at - begins[tick]) + delay(tick, actor(frame, table), lengths[tick], chosen)
            result.append((moved, at, length, frame))
    result.sort(key=lambda p: p[:2])
    with open(out, "wb") as f:
        f.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 96, 1))
        for moved, _, length, frame in result:
            f.write(struct.pack("<IIII", moved // 1_000_000, moved % 1_000_000, len(frame), length) + frame)


if __name__ == "__main__":
    main()
