"""What this package announces."""

from django.dispatch import Signal

# All but the last are sent in the transaction of their cause: the mail that follows from them is a row written with it,
# so that nobody stays untold because a process died in between.

# What became of a membership: decided, ended, or no longer confirmed by an address.
# Arguments: membership, what (MembershipOutcome).
membership_changed = Signal()

# Somebody says that they work in an institution, and nothing has confirmed it yet.
# Arguments: membership.
membership_claimed = Signal()

# A manager gave somebody a role, or ended it. Arguments: grant, given (bool).
role_changed = Signal()

# A person's download is ready. Arguments: person.
export_ready = Signal()

# A request to erase an account was made, by whomever; it is carried out when its time has come.
# Arguments: erasure (ErasureRequest).
erasure_asked = Signal()

# A request to erase was taken back. Arguments: erasure.
erasure_withdrawn = Signal()

# An account was erased. Sent after the commit, and lost if the process dies there: the address and language are in no
# table any more, so whoever wants to write to the person does it now or never. Arguments: address, language.
person_erased = Signal()
