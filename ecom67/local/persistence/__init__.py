"""Runs the AWS emulator so that it saves its state while it runs, and not only when it is stopped in order.

The emulator itself (MiniStack) writes its state at an orderly stop, so that a power cut loses everything since the last
start, and copies and writes for half a minute once there is much of it. Here a forked child has the memory as it was
at one instant, and writes it at leisure; see decision 81.
"""
