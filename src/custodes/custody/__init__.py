"""What happened, by whom, because of what: the only place history is written.

Actions of every stage call :func:`custodes.custody.actions.record` inside their
own transaction. If the entry cannot be written, the act does not happen.
"""
