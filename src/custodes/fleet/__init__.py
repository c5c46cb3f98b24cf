"""Which camera, worn how and by whom, when; and the docks they come home to."""
