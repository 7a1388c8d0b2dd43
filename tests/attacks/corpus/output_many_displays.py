# Shows a hundred thousand small things.
# points: 0..1
# %% answer: biggest
from IPython.display import HTML, clear_output, display


def biggest(numbers):
    for number in range(100000):
        display(HTML(f"<i>{number}</i>"))
        clear_output(wait=True)
    return 0
