"""The demo's market of Lomé: invented shops, their goods and plain drawn pictures."""

from catalog.demo.market import DemoProduct, DemoVendor, demo_vendors
from catalog.demo.planting import owners, plant
from catalog.demo.scale import plant_scale

__all__ = ["DemoProduct", "DemoVendor", "demo_vendors", "owners", "plant", "plant_scale"]
