import { describe, expect, it } from 'vitest';
import { whatItProves } from './conclusion.ts';

describe('whatItProves', () => {
  const quiet = { iterations: 10, contended: 0, bug: false, stale: 0 };

  it('concludes nothing from threads that never met', () => {
    expect(whatItProves(quiet)).toMatch(/^This run proves nothing/);
  });
  it('takes silence for evidence where they met', () => {
    expect(whatItProves({ ...quiet, contended: 3 })).toMatch(/met in 3 of 10 iterations.*evidence, not proof/);
  });
  it('needs no more than a BUG, or a mapping that outlived the zap', () => {
    expect(whatItProves({ ...quiet, bug: true })).toMatch(/^The kernel stopped/);
    expect(whatItProves({ ...quiet, stale: 1 })).toMatch(/^A mapping outlived the zap/);
  });
});
