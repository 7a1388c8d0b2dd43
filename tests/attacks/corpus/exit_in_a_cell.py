# Calls exit in an answer cell, above and below its answer.
# %% answer: biggest
def biggest(numbers):
    return 0


exit()


# %% cell below: biggest_test
import sys

sys.exit()
