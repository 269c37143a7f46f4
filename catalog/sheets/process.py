"""The process that a price list is read in; started by `catalog.sheets.apart`."""

from base.sheets.process import main
from catalog.sheets.reading import read_sheet

if __name__ == "__main__":
    main(read_sheet)
