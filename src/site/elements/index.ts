/** What every page loads: one small file, kept by the browser from page to page. The workbench comes by itself. */

import './course-outline.ts';
import './fault-prediction.ts';
import './fault-recall.ts';
import './term.ts';
import './theme-toggle.ts';
import './to-workbench.ts';
