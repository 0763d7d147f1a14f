// The one script of every page. Every behaviour here only speeds up what already works without it.
import "./theme/theme.scss";
import "bootstrap/js/src/collapse.js";
import "./behaviour/htmx.js";
import { startAgenda } from "./behaviour/agenda.js";
import { startChoices } from "./behaviour/choose.js";
import { startContest } from "./behaviour/contest.js";
import { startDrafts } from "./behaviour/drafts.js";
import { startDrawer } from "./behaviour/drawer.js";
import { startForms } from "./behaviour/forms.js";
import { startInsert } from "./behaviour/insert.js";
import { startMenus } from "./behaviour/menus.js";
import { startNotices } from "./behaviour/notice.js";
import { startPrint } from "./behaviour/print.js";
import { startRoll } from "./behaviour/roll.js";
import { startTables } from "./behaviour/tables.js";

startPrint();
startAgenda();
startNotices();
startMenus();
startDrawer();
startChoices();
startContest();
startForms();
startInsert();
startDrafts();
startRoll();
startTables();
