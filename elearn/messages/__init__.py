"""Mail as durable rows: written in the transaction of its cause, sent by a worker, never twice by plan."""
