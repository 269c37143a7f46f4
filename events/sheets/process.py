"""The process that a programme is read in; started by `events.sheets.apart`."""

from base.sheets.process import main
from events.sheets.reading import read_programme

if __name__ == "__main__":
    main(read_programme)
