"""Certificates that a test makes for itself, by OpenSSL's own program."""

import subprocess
from pathlib import Path

AUTHORITY = """
[ca]
default_ca = own
[own]
database = index.txt
serial = serial
new_certs_dir = .
default_md = sha256
policy = names
[names]
commonName = supplied
[host]
subjectAltName = DNS:localhost
"""


def make_certificate(folder, days=1, name="localhost"):
    """`cert.pem` and `key.pem` for a host, signed by itself, good for so many days from now."""
    made = f"openssl req -x509 -newkey rsa:2048 -nodes -days {days} -subj /CN={name} -addext subjectAltName=DNS:{name}"
    kept = ["-keyout", folder / "key.pem", "-out", folder / "cert.pem"]
    subprocess.run([*made.split(), *kept], check=True, capture_output=True)


def make_certificate_of_the_past(folder):
    """The same for localhost, of which the one day that it was good for is long over."""
    make_certificate(folder)
    for name, text in {"ca.cnf": AUTHORITY, "index.txt": "", "serial": "01"}.items():
        Path(folder, name).write_text(text)
    subject = "openssl x509 -x509toreq -in cert.pem -signkey key.pem -out request.pem"
    made = "openssl ca -batch -selfsign -config ca.cnf -keyfile key.pem -in request.pem -out cert.pem -notext"
    for command in (subject, f"{made} -extensions host -startdate 20260101000000Z -enddate 20260102000000Z"):
        subprocess.run(command.split(), check=True, capture_output=True, cwd=folder)
