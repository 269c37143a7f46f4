"""The slots of what a vendor says of prices for many and of payment at the door: for dialogs, which read no words."""

from typing import Final

FROM: Final = "min_quantity"
"""The slot of the units from which a price counts; 0 where how many they are was not said."""
OFF: Final = "is_off"
"""The slot that takes such a price away, all of a good where FROM is 0."""
COD: Final = "cod"
"""The slot of what is asked of payment at the door: ANY amount, or SHOWN."""
COD_MOST: Final = "cod_max"
"""The slot of the most that is paid so, whole F CFA; 0 for nothing."""
ANY, SHOWN = "any", "shown"

DENIED: Final = "denied"
"""Of `undo`: the figure that is not meant, where another one was said."""
