"""What this package announces. Receivers may be called more than once for the same fact: be idempotent."""

from django.dispatch import Signal

# An enrolment has just met every requirement of its edition. Sent after the commit, once per enrolment;
# if the process dies in between it is not sent, and `Enrolment.completed_at` remains the fact to go by.
# Arguments: enrolment.
course_completed = Signal()

# A person took back a completion, with a reason. Sent after the commit. Arguments: completion.
completion_voided = Signal()
