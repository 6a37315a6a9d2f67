#!/usr/bin/env bash
# Makes the certificates of tests/it/tls.rs: an authority of its own, and what it signs
# for 127.0.0.1, for another host, and for a time that is past. The keys protect nothing.
set -euo pipefail
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
touch "$work/index.txt"
cat > "$work/ca.conf" <<CONF
[ca]
default_ca = own
[own]
database = $work/index.txt
new_certs_dir = $work
rand_serial = yes
unique_subject = no
default_md = sha256
policy = any
copy_extensions = copy
[any]
commonName = supplied
CONF
key() { openssl ecparam -name prime256v1 -genkey -noout | openssl pkcs8 -topk8 -nocrypt -out "$1"; }
sign() { # name, first day, last day, extension
  key "$1.key.pem"
  openssl req -new -key "$1.key.pem" -subj "/CN=$1" -addext "$4" -out "$work/$1.csr"
  openssl ca -batch -config "$work/ca.conf" -cert ca.pem -keyfile "$work/ca.key" -notext \
    -startdate "$2" -enddate "$3" -in "$work/$1.csr" -out "$1.pem" 2> /dev/null
}
key "$work/ca.key"
openssl req -new -key "$work/ca.key" -subj "/CN=watchfire tests" \
  -addext "basicConstraints=critical,CA:TRUE" -addext "keyUsage=critical,keyCertSign" -out "$work/ca.csr"
openssl ca -batch -selfsign -config "$work/ca.conf" -keyfile "$work/ca.key" -notext \
  -startdate 20200101000000Z -enddate 21200101000000Z -in "$work/ca.csr" -out ca.pem 2> /dev/null
sign good 20200101000000Z 21200101000000Z "subjectAltName=IP:127.0.0.1"
sign other 20200101000000Z 21200101000000Z "subjectAltName=DNS:other.example"
sign expired 20200101000000Z 20210101000000Z "subjectAltName=IP:127.0.0.1"
