"""Ground floor: what every package above may use and that knows none of them."""
