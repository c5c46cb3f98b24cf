// What every page loads. The pages work without it; it makes them quicker to use.

import "./styles/custodes.scss";

import { Button, ErrorSummary, createAll } from "govuk-frontend";

import { watchFilmstrips } from "./filmstrip/scrub";
import { goToWhatHappened, watchKeysOfSignIn } from "./happened";
import { watchLists } from "./keys/list";
import { watchPageKeys, watchSwitches } from "./keys/page";
import { startLiveRegions } from "./live/region";

document.body.classList.add("js-enabled", "govuk-frontend-supported");
createAll(ErrorSummary);
createAll(Button);
watchPageKeys();
watchSwitches();
watchLists();
watchFilmstrips();
startLiveRegions();
watchKeysOfSignIn();
goToWhatHappened();
