import { describe, expect, it } from 'vitest';
import { editorOf, openIn } from './editor.ts';

describe('editorOf', () => {
  it('takes VISUAL before EDITOR, and neither where they are empty', () => {
    expect(editorOf({ VISUAL: 'vi', EDITOR: 'ed' })?.command).toBe('vi');
    expect(editorOf({ VISUAL: ' ', EDITOR: 'ed' })?.command).toBe('ed');
    expect(editorOf({})).toBeUndefined();
  });
  it('knows those that have a window of their own', () => {
    const hasWindow = (VISUAL: string) => editorOf({ VISUAL })?.hasWindow;
    expect(hasWindow('code --wait')).toBe(true);
    expect(hasWindow('"/opt/My Editors/subl" -n')).toBe(true);
    expect(hasWindow('C:\\tools\\notepad.exe')).toBe(true);
    expect(hasWindow('vim -u none')).toBe(false);
    expect(hasWindow('/usr/bin/decode')).toBe(false);
  });
});

describe.skipIf(process.platform === 'win32')('openIn', () => {
  it('says how an editor failed, and nothing of one that did not', async () => {
    expect(await openIn({ command: 'test "it is" = "it is" -a', hasWindow: false }, 'a file; false')).toBeUndefined();
    expect(await openIn({ command: 'exit 3;', hasWindow: false }, 'x')).toBe('it ended with 3');
    expect(await openIn({ command: 'exit 4;', hasWindow: true }, 'x')).toBe('it ended with 4');
  });
});
