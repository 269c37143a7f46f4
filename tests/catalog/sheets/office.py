"""What LibreOffice reads in a workbook of ours: another program than the library that wrote it."""

import shutil
import subprocess

from tests.faults.debian import needed

CSV = "csv:Text - txt - csv (StarCalc):44,34,76"  # commas, double quotes, UTF-8


def as_csv(folder, content):
    """The lines of a workbook's first sheet, as LibreOffice would print them; it is installed where it is not there."""
    needed("libreoffice-calc-nogui", lambda: shutil.which("soffice"))
    path, told = folder / "liste.xlsx", folder / "liste.csv"
    path.write_bytes(content)
    told.unlink(missing_ok=True)
    command = ["soffice", "--headless", "--convert-to", CSV, "--outdir", folder, path]
    subprocess.run(command, check=True, timeout=120, env={"HOME": str(folder), "PATH": "/usr/bin:/bin"})
    return told.read_text("utf-8").splitlines()
