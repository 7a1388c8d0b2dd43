# Shows displays that are malformed: no strings, nested without end, keys of other kinds, updates of nothing.
# %% answer: biggest
from IPython.display import display, update_display

loop = {}
loop["loop"] = loop
for bundle in (
    loop,
    {"text/plain": 5},
    {1: 2},
    {"text/plain": object()},
    {"text/plain": float("nan")},
    {"": ["\ud800"]},
):
    try:
        display(bundle, raw=True, metadata={"a": object()})
    except Exception as error:
        print(type(error).__name__)
update_display("x", display_id="none")


class Shown:
    def _repr_mimebundle_(self, **kwargs):
        return {"text/plain": object(), "application/json": loop}, {"x": object()}

    def _repr_html_(self):
        while True:
            pass


Shown()
