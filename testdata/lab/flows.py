"""Reads a capture of the lab into bidirectional flows; used by facts.py and sessions.py.

A flow is all packets of one 5-tuple (for ICMP: of one pair of addresses and one
id), without timeouts; its source sent the first packet. It knows Ethernet,
IPv4 and IPv6 as the lab has them: no VLAN, and of extension headers only the
fragment header.
"""
import ipaddress
import subprocess


class Flow:
    def __init__(self, version, proto, src, sport, dst, dport):
        self.version, self.proto = version, proto
        self.src, self.sport, self.dst, self.dport = src, sport, dst, dport
        self.packets, self.bytes, self.flags = [0, 0], [0, 0], [0, 0]
        self.first = self.last = self.offset = self.end_offset = None

    def add(self, side, at, length, flags, offset, end):
        if self.first is None:
            self.first, self.offset = at, offset
        self.last, self.end_offset = at, end - 16
        self.packets[side] += 1
        self.bytes[side] += length
        self.flags[side] |= flags


def decompress(path):
    return subprocess.run(["zstd", "-dcq", path], check=True, capture_output=True).stdout


def packets(data):
    """(offset of the record, its end, microseconds, length on the wire, captured bytes)."""
    at = 24
    while at + 16 <= len(data):
        sec, usec, caught, length = (int.from_bytes(data[at + i:at + i + 4], "little") for i in (0, 4, 8, 12))
        yield at, at + 16 + caught, sec * 1_000_000 + usec, length, data[at + 16:at + 16 + caught]
        at += 16 + caught


def network(frame):
    """(version, protocol, source, destination, payload, first fragment) or None."""
    if frame[12:14] == b"\x08\x00":
        ihl = (frame[14] & 15) * 4
        fragment = int.from_bytes(frame[20:22], "big") & 0x1FFF
        return 4, frame[23], frame[26:30], frame[30:34], frame[14 + ihl:], fragment == 0
    if frame[12:14] == b"\x86\xdd":
        proto, payload, first = frame[20], frame[54:], True
        if proto == 0:  # hop-by-hop, of multicast listener reports
            proto, payload = payload[0], payload[(payload[1] + 1) * 8:]
        if proto == 44:
            first = int.from_bytes(payload[2:4], "big") >> 3 == 0
            proto, payload = payload[0], payload[8:]
        return 6, proto, frame[22:38], frame[38:54], payload, first
    return None


def ports(proto, payload, first):
    """Source port, destination port, TCP flags; ICMP: the id of echoes for both."""
    if not first or len(payload) < 4:
        return 0, 0, 0
    if proto in (6, 17):
        flags = payload[13] if proto == 6 and len(payload) > 13 else 0
        return int.from_bytes(payload[:2], "big"), int.from_bytes(payload[2:4], "big"), flags
    if proto == 1 and payload[0] in (0, 8) or proto == 58 and payload[0] in (128, 129):
        ident = int.from_bytes(payload[4:6], "big")
        return ident, ident, 0
    return 0, 0, 0


def flows(data):
    """All flows of a capture, in the order of their first packets."""
    table = {}
    for offset, end, at, length, frame in packets(data):
        net = network(frame)
        if net is None:
            continue
        version, proto, src, dst, payload, first = net
        sport, dport, flags = ports(proto, payload, first)
        back = (version, proto, dst, dport, src, sport)
        side = 1 if back in table and (src, sport) != (dst, dport) else 0
        key = back if side else (version, proto, src, sport, dst, dport)
        if key not in table:
            table[key] = Flow(*key)
        table[key].add(side, at, length, flags, offset, end)
    return list(table.values())


def text(address):
    return str(ipaddress.ip_address(address))
