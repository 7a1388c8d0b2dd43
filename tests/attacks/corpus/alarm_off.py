# Turns off the timers and signals that could stop it, and then never ends.
# points: 0..1
# %% answer: biggest
import signal


def biggest(numbers):
    for which in (signal.ITIMER_REAL, signal.ITIMER_VIRTUAL, signal.ITIMER_PROF):
        signal.setitimer(which, 0)
    signal.alarm(0)
    for number in signal.valid_signals():
        try:
            signal.signal(number, signal.SIG_IGN)
        except (OSError, ValueError):
            continue
    signal.setitimer = signal.signal = lambda *args: None
    while True:
        pass
