# Shows HTML and JavaScript that would change the page that it is shown on.
# %% answer: biggest
from IPython.display import HTML, Javascript, Markdown, display

script = "<script>document.querySelectorAll('*').forEach(e => e.textContent = '2/2')</script>"


def biggest(numbers):
    display(HTML(script + "</div></body></html><!--"))
    display(Javascript("document.title = '100 %'"))
    display(Markdown("[x](javascript:alert(1))" + script))
    display({"text/html": script, "application/vnd.jupyter.widget-view+json": {"model_id": "x"}}, raw=True)
    return 0
