#!/usr/bin/env bash
# inside.sh is the part of make-sample.sh that runs in namespaces of its own:
# it builds the network, starts the servers, plays the scenario and captures.
# Its programs run as root, so they get a world in which they cannot harm: the
# machine's root is read-only, /dev, /run and /etc are copies, and when this
# script ends, the PID namespace takes every process with it and the network
# namespaces go too.
set -euo pipefail

LAB=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
WORK=$1

# shellcheck source=topology.sh
. "$LAB/topology.sh"
# shellcheck source=services.sh
. "$LAB/services.sh"

fail() { echo "make-sample: $*" >&2; exit 1; }

# own_world lays the copies over the machine's own files. A program that
# removes or renames /dev/null (chronyd with such a pidfile does) hits a copy.
own_world() {
  mount --bind "$WORK" "$WORK"
  cp -a /etc "$WORK/etc"
  mount --bind "$WORK/etc" /etc
  mount -t tmpfs -o mode=755 tmpfs /run
  mkdir -p /run/netns /run/sshd
  mount -t tmpfs -o mode=755 tmpfs /dev
  mknod -m 666 /dev/null c 1 3
  mknod -m 666 /dev/zero c 1 5
  mknod -m 666 /dev/full c 1 7
  mknod -m 666 /dev/random c 1 8
  mknod -m 666 /dev/urandom c 1 9
  mknod -m 666 /dev/tty c 5 0
  ln -s /proc/self/fd /dev/fd
  mkdir /dev/pts # sshpass types into a terminal
  mount -t devpts -o newinstance,ptmxmode=666 devpts /dev/pts
  ln -s pts/ptmx /dev/ptmx
  mount -o remount,bind,ro / || fail "cannot make / read-only for the lab; it does not run as root without that"
  if (: >"/.cxlens-lab-probe") 2>/dev/null; then fail "/ is still writable for the lab"; fi
}

# capture listens on the office's bridge, and on that of the servers for what
# the office has no part in, so that no packet is there twice.
capture() {
  in_ns switch tcpdump -i br-office -s 96 -B 16384 -Z root -w "$WORK/office.pcap" 2>"$WORK/tcpdump-office.log" &
  in_ns switch tcpdump -i br-servers -s 96 -B 16384 -Z root -w "$WORK/servers.pcap" \
    'not net 10.20.0.0/24 and not net fd00:20:0::/64' 2>"$WORK/tcpdump-servers.log" &
  timeout 10 sh -c "until grep -q listening '$WORK/tcpdump-office.log' && grep -q listening '$WORK/tcpdump-servers.log'; do sleep 0.1; done" ||
    fail "tcpdump does not start, see $WORK"
}

stop_capture() {
  local pids
  pids=$(ip netns pids "$PREFIX-switch")
  # shellcheck disable=SC2086
  kill -INT $pids
  timeout 10 sh -c "while ip netns pids $PREFIX-switch | grep -q .; do sleep 0.1; done" || fail "tcpdump does not end"
}

[ "$$" = 1 ] || fail "inside.sh is run by make-sample.sh, in a PID namespace of its own"
own_world
build_network
start_services
capture
timeout 540 python3 -B "$LAB/scenario.py" "$LAB/hosts.tsv" "$WORK" "$WORK/ticks.tsv"
stop_capture
grep -h 'dropped by kernel' "$WORK"/tcpdump-*.log
