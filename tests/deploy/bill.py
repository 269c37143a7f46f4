"""The bill of a release: `python -m tests.deploy.bill` writes deploy/sbom.json from requirements.txt, as CycloneDX.

The command of cyclonedx-bom would name the registry that this machine asks, and neither licences nor what needs what.
"""

import re
import uuid
from dataclasses import dataclass
from importlib.metadata import metadata

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL

from base.config import ROOT

PINS, BILL = ROOT / "requirements.txt", ROOT / "deploy" / "sbom.json"
BLOCK = re.compile(r"^([a-z0-9-]+)==(\S+)(.*?)(?=^[a-z0-9]|\Z)", re.MULTILINE | re.DOTALL)
HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")
NEEDED_BY = re.compile(r"^ +#(?: +via)? +(\S.*)$", re.MULTILINE)
CHOSEN = "-r requirements.in"
MARKET = "assigame"
NAMESPACE = uuid.UUID("6f6b5f2e-3f0a-4a55-9a7b-0d1f5c5f8b1e")


@dataclass(frozen=True)
class Pin:
    """A library with the SHA-256 of its files, and the names of those that need it."""

    name: str
    version: str
    hashes: list[str]
    needed_by: list[str]


def pins(text):
    """Name → pin, of a pinned list."""
    found = (
        Pin(name, version, HASH.findall(rest), NEEDED_BY.findall(rest)) for name, version, rest in BLOCK.findall(text)
    )
    return {pin.name: pin for pin in found}


def bill_of(text):
    """The bill, as JSON: the same for the same pins, whenever and wherever it is made."""
    bom, known = Bom(serial_number=uuid.uuid5(NAMESPACE, text)), pins(text)
    bom.metadata.timestamp = None
    bom.metadata.component = market = Component(name=MARKET, type=ComponentType.APPLICATION, bom_ref=MARKET)
    components = {name: component_of(pin) for name, pin in known.items()}
    for name, component in components.items():
        bom.components.add(component)
        bom.register_dependency(component, [components[one] for one, pin in known.items() if name in pin.needed_by])
    bom.register_dependency(market, [components[name] for name, pin in known.items() if CHOSEN in pin.needed_by])
    return JsonV1Dot6(bom).output_as_string(indent=1) + "\n"


def component_of(pin):
    """A library, with the licence that it tells itself."""
    told = metadata(pin.name)
    licence = told.get("License-Expression") or (told.get("License") or "").partition("\n")[0]
    return Component(
        name=pin.name,
        version=pin.version,
        bom_ref=f"{pin.name}@{pin.version}",
        purl=PackageURL("pypi", name=pin.name, version=pin.version),
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=one) for one in pin.hashes],
        licenses=[LicenseFactory().make_from_string(licence)] if licence else (),
    )


if __name__ == "__main__":
    BILL.write_text(bill_of(PINS.read_text(encoding="utf-8")), encoding="utf-8")
