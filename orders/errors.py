"""What the rules of orders refuse."""


class OrdersError(Exception):
    """The root of this room's refusals."""


class NotAQuantity(OrdersError):
    """A line of less than one unit."""


class NotInBasket(OrdersError):
    """A line was changed that the basket does not hold."""
