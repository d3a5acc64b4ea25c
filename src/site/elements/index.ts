/** What every page loads: one small file, kept by the browser from page to page. The workbench comes by itself. */

// First: what the others read is there after it.
import '../take-along.ts';
import './course-outline.ts';
import './fault-offline.ts';
import './fault-prediction.ts';
import './fault-recall.ts';
import './term.ts';
import './theme-toggle.ts';
import './to-workbench.ts';
