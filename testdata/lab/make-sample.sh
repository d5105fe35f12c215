#!/usr/bin/env bash
# make-sample.sh makes testdata/sample.pcap.zst anew: it builds the lab, plays
# the scenario, captures it, and takes everything down again. See README.md.
set -euo pipefail

LAB=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
PACKAGES="tcpdump nginx-light dnsmasq-base bind9-dnsutils openssh-server openssh-client openssl sshpass nmap redis-server
  redis-tools traceroute iputils-ping chrony ethtool nftables socat python3 python3-aiosmtpd curl zstd iproute2 procps
  bsdutils util-linux"

fail() { echo "make-sample: $*" >&2; exit 1; }

install_packages() {
  local rc=/usr/sbin/policy-rc.d ours=
  # shellcheck disable=SC2086
  if dpkg -s $PACKAGES >/dev/null 2>&1; then return; fi
  # No daemon of these packages is to start by itself.
  if [ ! -e $rc ]; then
    ours=1
    printf '#!/bin/sh\nexit 101\n' >$rc
    chmod 755 $rc
  fi
  apt-get update -q
  # shellcheck disable=SC2086
  DEBIAN_FRONTEND=noninteractive apt-get install -yq --no-install-recommends $PACKAGES
  [ -z "$ours" ] || rm -f $rc
}

[ "$(id -u)" = 0 ] || fail "network namespaces need root"
[ $# -le 1 ] || fail "usage: make-sample.sh [OUTPUT.pcap.zst]"
OUT=${1:-$LAB/../sample.pcap.zst}
install_packages
WORK=$(mktemp -d /tmp/cxlens-lab.XXXXXX)
chmod 755 "$WORK"
trap '[ -n "${KEEP:-}" ] || rm -rf "$WORK"' EXIT
trap 'exit 130' INT TERM

# Mounts, processes and network of the lab are its own; none outlives it.
timeout --foreground 590 unshare --mount --pid --net --uts --ipc --fork --kill-child --mount-proc \
  "$LAB/inside.sh" "$WORK" || fail "the lab failed; KEEP=1 keeps its logs"
python3 -B "$LAB/retime.py" "$LAB/hosts.tsv" "$WORK/ticks.tsv" "$WORK/office.pcap" "$WORK/servers.pcap" "$WORK/sample.pcap"
zstd -q -f --ultra -22 "$WORK/sample.pcap" -o "$OUT"
python3 -B "$LAB/facts.py" "$OUT"
