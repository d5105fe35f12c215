#!/usr/bin/env python3
"""Writes some flows of the sample as cxtracker session files, in all forms.

usage: sessions.py SAMPLE.pcap.zst OUTDIR

The forms are those of protocol.md section 6: 15 fields (standard), 19
(indexed, cxtracker 0.9.8) and 20 (0.9.8.5), each with IPv4 addresses as a
decimal number, as cxtracker writes them, and as text. IPv6 is text in both.
The flows are short ones without a pause, which cxtracker would not have cut
into several sessions. In the indexed forms the files are "sample.pcap", the
sample unpacked; the last session of each stands for one without a capture.
"""
import datetime
import os
import sys

import flows

UDP, TCP, ICMP, ICMP6 = 17, 6, 1, 58
SHORT = 30_000_000  # microseconds

# What is wanted, one flow each: the first that fits.
WANTED = [
    ("a name, IPv4", lambda f: f.proto == UDP and f.dport == 53 and f.version == 4),
    ("a name, IPv6", lambda f: f.proto == UDP and f.dport == 53 and f.version == 6),
    ("a name by TCP", lambda f: f.proto == TCP and f.dport == 53),
    ("a page, IPv4", lambda f: f.dport == 80 and f.version == 4 and min(f.flags) & 1),
    ("a page, IPv6", lambda f: f.dport == 443 and f.version == 6 and min(f.flags) & 1),
    ("redis", lambda f: f.dport == 6379),
    ("mail", lambda f: f.dport == 25 and f.bytes[0] > 5000),
    ("time", lambda f: f.dport == 123),
    ("a ping, IPv4", lambda f: f.proto == ICMP and f.sport),
    ("a ping, IPv6", lambda f: f.proto == ICMP6 and f.sport),
    ("refused", lambda f: f.dport == 9100),
    ("unanswered", lambda f: f.dport == 445 and f.packets[1] == 0),
    ("a guessed password", lambda f: f.dport == 22 and flows.text(f.src) == "10.20.0.66" and f.packets[1] > 10),
    ("a beacon", lambda f: flows.text(f.src) == "10.20.0.77" and f.dport == 443),
]


def choose(all_flows):
    chosen = []
    for what, fits in WANTED:
        found = next((f for f in all_flows if fits(f) and f.last - f.first < SHORT and f not in chosen), None)
        if found is None:
            sys.exit(f"sessions: no flow for: {what}")
        chosen.append(found)
    return sorted(chosen, key=lambda f: f.first)


def clock(microseconds):
    return datetime.datetime.fromtimestamp(microseconds // 1_000_000, datetime.timezone.utc).strftime("%Y-%m-%d %H:%M:%S")


def address(packed, decimal):
    if decimal and len(packed) == 4:
        return str(int.from_bytes(packed, "big"))
    return flows.text(packed)


def line(f, number, fields, decimal, last):
    """One session; cxtracker's id is the start second and a counter of nine digits."""
    out = [f"{f.first // 1_000_000}{number:09d}", clock(f.first), clock(f.last), f.last // 1_000_000 - f.first // 1_000_000,
           f.proto, address(f.src, decimal), f.sport, address(f.dst, decimal), f.dport,
           f.packets[0], f.bytes[0], f.packets[1], f.bytes[1], f.flags[0], f.flags[1]]
    if fields == 20:
        out.append(2 if f.version == 4 else 10)  # AF_INET and AF_INET6 of Linux
    if fields > 15:
        out += ["", -1, "", -1] if last else ["sample.pcap", f.offset, "sample.pcap", f.end_offset]
    return "|".join(map(str, out)) + "\n"


def main():
    sample, outdir = sys.argv[1:]
    chosen = choose(flows.flows(flows.decompress(sample)))
    os.makedirs(outdir, exist_ok=True)
    for fields in (15, 19, 20):
        for form, decimal in (("decimal", True), ("text", False)):
            with open(os.path.join(outdir, f"{fields}-{form}.txt"), "w") as out:
                for i, f in enumerate(chosen):
                    out.write(line(f, i + 1, fields, decimal, i == len(chosen) - 1))


if __name__ == "__main__":
    main()
