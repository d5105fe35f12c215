#!/usr/bin/env python3
"""Prints the facts of a sample that README.md states. usage: facts.py SAMPLE.pcap.zst"""
import collections
import datetime
import hashlib
import sys

import flows


def stamp(microseconds):
    return datetime.datetime.fromtimestamp(microseconds / 1e6, datetime.timezone.utc).isoformat(timespec="microseconds")


def main():
    path = sys.argv[1]
    with open(path, "rb") as f:
        packed = f.read()
    data = flows.decompress(path)
    all_packets = list(flows.packets(data))
    all_flows = flows.flows(data)
    kinds = collections.Counter((f.proto, f.version) for f in all_flows)
    names = {1: "icmp", 2: "igmp", 6: "tcp", 17: "udp", 58: "icmp6"}
    print(f"sha256      {hashlib.sha256(packed).hexdigest()}")
    print(f"bytes       {len(packed)}")
    print(f"unpacked    {len(data)}")
    print(f"packets     {len(all_packets)}")
    print(f"frame bytes {sum(p[3] for p in all_packets)}")
    print(f"flows       {len(all_flows)}")
    print("            " + ", ".join(f"{n} {names.get(p, p)}/IPv{v}" for (p, v), n in kinds.most_common()))
    print(f"first       {stamp(min(p[2] for p in all_packets))}")
    print(f"last        {stamp(max(p[2] for p in all_packets))}")


if __name__ == "__main__":
    main()
