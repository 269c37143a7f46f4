"""Bytes of files as people send them, small and invented."""

import io

from PIL import Image

OGG = b"OggS" + bytes(24) + b"OpusHead" + bytes(40)
PDF = b"%PDF-1.4\n1 0 obj << >> endobj\ntrailer << >>\n%%EOF\n"
VIDEO = b"\x00\x00\x00\x18ftypmp42" + bytes(40)


def picture(format="JPEG", size=(40, 30), colour="green", **more):
    """A picture of one colour."""
    buffer = io.BytesIO()
    Image.new("RGB", size, colour).save(buffer, format, **more)
    return buffer.getvalue()


SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PRICES = "Produit;Prix;Qté;Unité;Catégorie\r\n"
LISTS = {
    "list": (
        "document",
        "text/csv",
        f"{PRICES}Gari fin;1 200 F;80;bol;Céréales\r\nMaïs blanc;;0;;\r\nFonio;900;12;bol;Céréales\r\nMil;cher;3;;\r\n"
        "Gari de Tsévié;mille;;;\r\n".encode("cp1252"),
    ),
    "samelist": ("document", "text/csv", f"{PRICES}Sorgho rouge;1 100;45;bol;\r\n".encode()),
    "programme": (
        "document",
        "text/csv",
        "N°;Titre;Date;Horaire;Places\r\n6;Écrire une annonce qui vend;mercredi 18/08/2032;9h-11h;30\r\n"
        ";Soirée des vendeurs;jeudi 19 août 2032;18h-20h;100\r\n7;Lancement officiel;;;\r\n"
        ";Nuit;bientôt;20h-22h;\r\n".encode("cp1252"),
    ),
    "nolist": ("document", "text/plain", b"bonjour, appelez moi"),
    "lockedlist": ("document", SHEET, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)),
}
"""How a story names a price list or a programme -> the kind, type and bytes on the wire."""
