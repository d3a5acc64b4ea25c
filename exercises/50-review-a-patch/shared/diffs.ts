/** The patches as they are read. Their lines are numbered from 1, the heads of hunks among them. */

export interface Patch {
  readonly subject: string;
  readonly diff: string;
}

const patch = (subject: string, diff: string): Patch => ({ subject, diff: diff.replaceAll(/^\n|\n$/g, '') });

export const diffs = {
  countPages: patch(
    'board: count the pages that are mapped',
    `
@@ boardFault()
     if (READ_ONCE(board->isOn)) {
         boardNote(board, vma);
         ret = boardInsert(board, vma);
+        if (ret == VM_FAULT_NOPAGE)
+            atomic_add(vma_pages(vma), &board->live);
     }
@@ boardOff()
     unmap_mapping_range(board->mapping, 0, 0, 1);
+    atomic_set(&board->live, 0);
     up_write(&board->power);
`,
  ),
  refuseEarly: patch(
    'board: do not let a fault queue for a refusal',
    `
@@ boardFault()
     struct board *board = vma->vm_private_data;
-    vm_fault_t ret = VM_FAULT_SIGBUS;
+    vm_fault_t ret;
 
+    /* Off: no need to queue behind boardOff(). */
+    if (!READ_ONCE(board->isOn))
+        return VM_FAULT_SIGBUS;
+
     mutex_lock(&board->lock);
     down_read(&board->power);
-    if (READ_ONCE(board->isOn)) {
-        boardNote(board, vma);
-        ret = boardInsert(board, vma);
-    }
+    boardNote(board, vma);
+    ret = boardInsert(board, vma);
     up_read(&board->power);
`,
  ),
  unlockEarly: patch(
    'board: do not hold lock while inserting',
    `
@@ boardFault()
     vm_fault_t ret = VM_FAULT_SIGBUS;
+    bool isOn;
 
     mutex_lock(&board->lock);
     down_read(&board->power);
-    if (READ_ONCE(board->isOn)) {
+    isOn = READ_ONCE(board->isOn);
+    if (isOn)
         boardNote(board, vma);
+    mutex_unlock(&board->lock);
+
+    if (isOn)
         ret = boardInsert(board, vma);
-    }
     up_read(&board->power);
-    mutex_unlock(&board->lock);
     return ret;
`,
  ),
  oneCall: patch(
    'board: fill with one call, and list what is filled',
    `
@@ struct board
     struct list_head users;
+    struct list_head filled;
@@ boardFault()
         boardNote(board, vma);
-        ret = boardInsert(board, vma);
+        ret = VM_FAULT_NOPAGE;
+        if (!boardIsFilled(board, vma))
+            ret = boardRemap(board, vma);
     }
@@ boardOff()
 static void boardOff(struct board *board)
 {
+    mutex_lock(&board->lock);
+    boardForgetFilled(board);
+    mutex_unlock(&board->lock);
+
     down_write(&board->power);
`,
  ),
  touchedFirst: patch(
    'board: insert the touched page first',
    `
@@ boardFault()
     if (READ_ONCE(board->isOn)) {
         boardNote(board, vma);
-        ret = boardInsert(board, vma);
+        ret = vmf_insert_pfn(vma, vmf->address,
+                             boardPfn(board, vmf->address));
+        if (ret == VM_FAULT_NOPAGE)
+            boardInsert(board, vma);
     }
     up_read(&board->power);
     mutex_unlock(&board->lock);
`,
  ),
  tellUsers: patch(
    'board: tell users that their pages are gone',
    `
@@ boardOff()
 static void boardOff(struct board *board)
 {
+    struct boardUser *user;
+
     down_write(&board->power);
     WRITE_ONCE(board->isOn, false);
     unmap_mapping_range(board->mapping, 0, 0, 1);
+    mutex_lock(&board->lock);
+    list_for_each_entry(user, &board->users, list)
+        user->wasUnmapped = true;
+    mutex_unlock(&board->lock);
     up_write(&board->power);
 }
`,
  ),
} as const satisfies Readonly<Record<string, Patch>>;

/** The numbers of the lines with any of these words; throws for words that no line has. */
export function linesWith({ diff }: Patch, words: readonly string[]): number[] {
  const lines = diff.split('\n');
  const missing = words.find((each) => !diff.includes(each));
  if (missing !== undefined) throw new Error(`no line of the patch has “${missing}”`);
  return lines.flatMap((line, at) => (words.some((each) => line.includes(each)) ? [at + 1] : []));
}
