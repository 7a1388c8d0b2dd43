# Keeps a function that a test handed over, and calls it in a later cell and from a thread.
# %% answer: apply
import threading
import time

kept = []


def apply(function, values):
    kept.append(function)
    threading.Thread(target=lambda: [time.sleep(0.05), function(1), function("x")], daemon=True).start()
    return [value**2 for value in values]


# %% cell below: apply_test
for function in kept:
    try:
        print(function(0), function.__globals__.get("hidden_word"))
    except BaseException as error:
        print(type(error).__name__, error)
