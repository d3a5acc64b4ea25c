/** What stays in sight in the editor. It scrolls within itself alone: the page must not move while one types or steps through a trace. */

import type { Extension } from '@codemirror/state';
import { type EditorView, ViewPlugin } from '@codemirror/view';

/** Pixels that are left between the line and the edge. */
const margin = 40;

/** Scrolls as little as brings the line that holds this place into sight. */
export function showPlace(view: EditorView, place: number): void {
  const { top, bottom } = view.lineBlockAt(place);
  const { scrollDOM } = view;
  const highest = bottom + margin - scrollDOM.clientHeight;
  const lowest = Math.max(top - margin, 0);
  if (scrollDOM.scrollTop > lowest) scrollDOM.scrollTop = lowest;
  else if (scrollDOM.scrollTop < highest) scrollDOM.scrollTop = highest;
}

/** Keeps the cursor's line in sight, if it was, when the editor becomes lower. */
export const cursorInSight: Extension = ViewPlugin.define((view) => {
  let height = view.scrollDOM.clientHeight;
  const observer = new ResizeObserver(() => {
    const before = height;
    height = view.scrollDOM.clientHeight;
    const { head } = view.state.selection.main;
    const { top, bottom } = view.lineBlockAt(head);
    const { scrollTop } = view.scrollDOM;
    const wasInSight = bottom > scrollTop && top < scrollTop + before;
    if (height < before && wasInSight) showPlace(view, head);
  });
  observer.observe(view.scrollDOM);
  return { destroy: () => observer.disconnect() };
});
