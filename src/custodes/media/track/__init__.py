"""Where the camera was: position tracks, from whatever the camera wrote them in.

``points`` says what a point is and which are believed; ``axis``, ``gpx``, ``dji``
and ``gpmf`` each read one format, from bytes to points; ``reading`` chooses.
"""
