# Changes contexts that outlive a call: decimal, warnings, contextvars, numpy's print options, recursion limit.
# %% answer: biggest
import contextvars
import decimal
import gc
import sys

decimal.getcontext().prec = 1
np.set_printoptions(formatter={"all": lambda value: "17.25"})
contextvars.ContextVar("hidden").set("x")
gc.disable()
sys.setrecursionlimit(60)
sys.setswitchinterval(1000)
sys.set_int_max_str_digits(0)


def biggest(numbers):
    return 0
