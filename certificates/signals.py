"""What this package announces, after the commit. Each is also a fact in a row, which sweepers find."""

from django.dispatch import Signal

certificate_issued = Signal()  # certificate
certificate_revoked = Signal()  # certificate
authorisation_changed = Signal()  # authorisation
