"""Mail as rows: written with its cause, sent by the worker, tried until it went."""
