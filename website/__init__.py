"""The course's website: the chapters with what they print and draw, the exercises, the guides, and the helper package.

`make site` builds it into site/, from files alone: no network is needed to build it or to read it.
"""
