# The lab's network, sourced by make-sample.sh: one network namespace a host,
# one for the switch with a bridge a segment, one for the router. Nothing is
# connected to the machine's own network.
# shellcheck shell=bash

PREFIX=cxl
SEGMENTS="office servers outside"

# net4 and net6 print the first part of a segment's addresses.
net4() { case $1 in office) echo 10.20.0 ;; servers) echo 10.20.1 ;; outside) echo 203.0.113 ;; esac; }
net6() { case $1 in office) echo fd00:20:0: ;; servers) echo fd00:20:1: ;; outside) echo 2001:db8:cb: ;; esac; }

# hosts prints name, segment and number of every host.
hosts() { grep -v '^#' "$LAB/hosts.tsv" | cut -f1-3; }

in_ns() { local ns=$1; shift; ip netns exec "$PREFIX-$ns" "$@"; }

# namespace makes one with working loopback and without the waits of IPv6.
namespace() {
  ip netns add "$PREFIX-$1"
  in_ns "$1" sysctl -qw net.ipv6.conf.all.accept_dad=0 net.ipv6.conf.default.accept_dad=0 \
    net.ipv6.conf.default.router_solicitations=0 net.ipv4.ping_group_range="0 2147483647"
  ip -n "$PREFIX-$1" link set lo up
}

# plug connects namespace $1 as interface $2 to the bridge of segment $3. All
# offloading is off, so that the frames are those of a wire.
plug() {
  local port="$1-$2"
  ip -n "$PREFIX-switch" link add "$port" type veth peer name "$2" netns "$PREFIX-$1"
  ip -n "$PREFIX-switch" link set "$port" master "br-$3"
  ip -n "$PREFIX-switch" link set "$port" up
  in_ns "$1" ethtool -K "$2" tx off rx off tso off gso off gro off >/dev/null
  in_ns switch ethtool -K "$port" tx off rx off tso off gso off gro off >/dev/null
  ip -n "$PREFIX-$1" link set "$2" up
}

address() { # namespace, interface, segment, number
  ip -n "$PREFIX-$1" addr add "$(net4 "$3").$4/24" dev "$2"
  ip -n "$PREFIX-$1" addr add "$(net6 "$3"):$4/64" dev "$2" nodad
}

build_network() {
  local s name segment number
  namespace switch
  namespace router
  for s in $SEGMENTS; do
    ip -n "$PREFIX-switch" link add "br-$s" type bridge mcast_snooping 0 forward_delay 0
    ip -n "$PREFIX-switch" link set "br-$s" up
    plug router "$s" "$s"
    address router "$s" "$s" 1
  done
  in_ns router sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1 net.ipv4.icmp_ratelimit=0
  # A server that is gone without a trace, and one that the router says is gone.
  ip -n "$PREFIX-router" route add blackhole 10.20.1.99
  ip -n "$PREFIX-router" route add unreachable 10.20.1.98
  while read -r name segment number; do
    namespace "$name"
    plug "$name" eth0 "$segment"
    address "$name" eth0 "$segment" "$number"
    ip -n "$PREFIX-$name" route add default via "$(net4 "$segment").1"
    ip -n "$PREFIX-$name" -6 route add default via "$(net6 "$segment"):1"
    etc_files "$name"
  done < <(hosts)
  shape
  in_ns db nft -f - <<'NFT'
table inet filter {
  chain in {
    type filter hook input priority 0; policy drop;
    ct state established accept
    iif lo accept
    meta l4proto { icmp, ipv6-icmp } accept
    tcp dport { 22, 6379 } accept
  }
}
NFT
}

# shape gives the line to the outside 10 Mbit/s in and 3 Mbit/s out, so that
# transfers take time. Without the kernel's tbf the lab works as well.
shape() {
  in_ns switch tc qdisc add dev router-outside root tbf rate 10mbit burst 16k latency 200ms &&
    in_ns router tc qdisc add dev outside root tbf rate 3mbit burst 16k latency 200ms ||
    echo "make-sample: no tbf in this kernel, the line outside is as fast as the others" >&2
}

# etc_files makes the files that "ip netns exec" lays over those in /etc.
etc_files() {
  mkdir -p "/etc/netns/$PREFIX-$1"
  printf 'nameserver 10.20.1.53\noptions timeout:2 attempts:1\n' >"/etc/netns/$PREFIX-$1/resolv.conf"
}
