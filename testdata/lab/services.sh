# The lab's servers, sourced by make-sample.sh. Every one is the real program,
# in the foreground of its own namespace, with its files under $WORK.
# shellcheck shell=bash

daemon() { # namespace, command...
  local ns=$1
  shift
  in_ns "$ns" "$@" >>"$WORK/$ns.log" 2>&1 </dev/null &
}

certificate() { # name
  openssl req -x509 -newkey rsa:2048 -nodes -days 3650 -subj "/CN=$1" -addext "subjectAltName=DNS:$1" \
    -keyout "$WORK/$1.key" -out "$WORK/$1.crt" 2>/dev/null
}

start_dns() {
  local name segment number domain
  {
    echo "no-resolv"; echo "no-hosts"; echo "user=root"; echo "no-daemon"; echo "log-facility=-"; echo "local=/example/"; echo "local=/example.net/"; echo "local=/in-addr.arpa/"; echo "local=/ip6.arpa/"
    echo "bind-interfaces"; echo "pid-file=$WORK/dnsmasq.pid"; echo "cache-size=0"
    while read -r name segment number; do
      domain=corp.example
      [ "$segment" != outside ] || domain=example.net
      echo "host-record=$name.$domain,$(net4 "$segment").$number,$(net6 "$segment"):$number"
    done < <(hosts)
    echo "mx-host=corp.example,mail.corp.example,10"
    echo "txt-record=corp.example,\"v=spf1 ip4:10.20.1.25 -all\""
    # Too much for one UDP answer: dig asks again by TCP.
    for number in $(seq 1 12); do
      printf 'txt-record=big.corp.example,"part %02d %s"\n' "$number" "$(printf 'x%.0s' $(seq 1 180))"
    done
  } >"$WORK/dnsmasq.conf"
  daemon dns dnsmasq --keep-in-foreground --conf-file="$WORK/dnsmasq.conf"
}

start_web() { # host, certificate's name
  local root="$WORK/www-$1"
  mkdir -p "$root"
  cp -r "$WORK/www/." "$root"
  certificate "$2"
  cat >"$WORK/nginx-$1.conf" <<NGINX
daemon off; user root; worker_processes 1; pid $WORK/nginx-$1.pid; error_log $WORK/nginx-$1.err;
events { worker_connections 256; }
http {
  access_log off; client_body_temp_path $WORK/body-$1; client_max_body_size 8m; keepalive_timeout 3;
  proxy_temp_path $WORK/t1-$1; fastcgi_temp_path $WORK/t2-$1; uwsgi_temp_path $WORK/t3-$1; scgi_temp_path $WORK/t4-$1;
  server {
    listen 80; listen [::]:80; listen 443 ssl; listen [::]:443 ssl;
    ssl_certificate $WORK/$2.crt; ssl_certificate_key $WORK/$2.key;
    root $root;
    location /post { client_body_in_file_only clean; proxy_pass http://127.0.0.1:8081/; }
    location /old { return 301 /index.html; }
  }
  server { listen 127.0.0.1:8081; location / { return 204; } }
}
NGINX
  daemon "$1" nginx -e "$WORK/nginx-$1.err" -c "$WORK/nginx-$1.conf"
}

# web_files makes what the web servers have: pages, styles, pictures, downloads.
web_files() {
  local i
  mkdir -p "$WORK/www"
  printf '<html><body>%s</body></html>\n' "$(printf 'lorem ipsum %.0s' $(seq 1 200))" >"$WORK/www/index.html"
  for i in 1 2 3 4 5 6; do
    head -c $((i * 1500)) /dev/urandom | base64 >"$WORK/www/style$i.css"
    head -c $((i * i * 900)) /dev/urandom >"$WORK/www/picture$i.png"
  done
  head -c 2600000 /dev/urandom >"$WORK/www/update.bin"
  head -c 1200000 /dev/urandom >"$WORK/www/manual.pdf"
}

start_ssh() {
  local etc="/etc/netns/$PREFIX-files" hash
  mkdir -p "$WORK/home/staff/.ssh" "$WORK/home/backup"
  touch "$WORK/empty.conf"
  ssh-keygen -q -t ed25519 -N '' -f "$WORK/host_key"
  ssh-keygen -q -t ed25519 -N '' -f "$WORK/staff_key"
  cp "$WORK/staff_key.pub" "$WORK/home/staff/.ssh/authorized_keys"
  head -c 1200000 /dev/urandom >"$WORK/home/backup/customers.db"
  # These accounts exist in this namespace only, for as long as the lab does.
  {
    echo 'root:x:0:0::/root:/bin/sh'; echo 'sshd:x:100:65534::/run/sshd:/usr/sbin/nologin'
    echo "staff:x:2001:2001::$WORK/home/staff:/bin/sh"; echo "backup:x:2002:2002::$WORK/home/backup:/bin/sh"
  } >"$etc/passwd"
  hash=$(openssl passwd -6 "$(openssl rand -hex 12)")
  { echo 'root:*:1::::::'; echo 'sshd:*:1::::::'; echo "staff:$hash:1::::::"; echo "backup:$(openssl passwd -6 backup1):1::::::"; } >"$etc/shadow"
  chown -R 2001:2001 "$WORK/home/staff"
  chown -R 2002:2002 "$WORK/home/backup"
  cat >"$WORK/sshd_config" <<SSHD
Port 22
HostKey $WORK/host_key
UsePAM no
UseDNS no
PidFile $WORK/sshd.pid
AuthorizedKeysFile .ssh/authorized_keys
StrictModes no
MaxStartups 50:30:100
Subsystem sftp internal-sftp
SSHD
  daemon files /usr/sbin/sshd -D -e -f "$WORK/sshd_config"
}

start_services() {
  web_files
  start_dns
  start_web web www.corp.example
  start_web cdn cdn.example.net
  start_web c2 c2.example.net
  start_ssh
  daemon db redis-server --bind '*' '-::*' --protected-mode no --save '' --appendonly no --dir "$WORK" --daemonize no
  daemon mail aiosmtpd -n -l 0.0.0.0:25 -c aiosmtpd.handlers.Sink
  daemon mail aiosmtpd -n -l :::25 -c aiosmtpd.handlers.Sink
  daemon logs socat -u UDP6-RECV:514 OPEN:/dev/null
  printf 'local stratum 3\nallow all\ncmdport 0\npidfile %s/chronyd.pid\n' "$WORK" >"$WORK/chrony.conf"
  daemon time chronyd -x -d -u root -f "$WORK/chrony.conf"
  wait_for_services
}

# wait_for_services waits until every server answers, 20 s at most.
wait_for_services() {
  local name port
  while read -r name port; do
    timeout 20 ip netns exec "$PREFIX-$name" sh -c "until ss -Hltun | grep -q ':$port '; do sleep 0.1; done" ||
      { echo "make-sample: $name does not listen on port $port, see $WORK/$name.log" >&2; return 1; }
  done <<'PORTS'
dns 53
web 443
cdn 443
c2 443
files 22
db 6379
mail 25
logs 514
time 123
PORTS
}
