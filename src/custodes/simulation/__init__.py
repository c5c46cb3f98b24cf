"""A police force of a past year, made up from what was published about it.

Inside: chances (distributions, as pure functions), met_2017 (what is known of that
year, with its sources, and what is assumed), year (who docks what when, from a seed),
films (a few dozen tiny, real films). No Django, no clock, no files but the films.

It promises that the same seed and scale give the same force, moment by moment, and that
any moment can be made without those before it. It leaves to others to do what it says
happened: ``custodes simulate`` does all of it through the actions everybody uses.
"""
