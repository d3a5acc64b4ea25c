import { describe, expect, it } from 'vitest';
import { installLine, kernelReleaseIn, packagesOf, sizesIn } from './packages.ts';

const stanza = (version: string, release: string) =>
  [
    'Package: linux-image-amd64',
    `Version: ${version}`,
    `Depends: linux-image-${release} (= ${version})`,
    'Size: 1480',
  ].join('\n');

describe('kernelReleaseIn', () => {
  it('takes the newest of the series, by numbers and not by letters', () => {
    const shown = [stanza('6.1.99-1', '6.1.0-21-amd64'), stanza('6.1.192-2', '6.1.0-56-amd64')].join('\n\n');
    expect(kernelReleaseIn(`${shown}\n`)).toEqual({ release: '6.1.0-56-amd64', version: '6.1.192-2' });
  });

  it('takes none of another series', () => {
    expect(kernelReleaseIn(stanza('6.12.48-1', '6.12.48+deb13-amd64'))).toBeUndefined();
    expect(kernelReleaseIn(stanza('6.10.1-1', '6.10.1-amd64'))).toBeUndefined();
    expect(kernelReleaseIn('')).toBeUndefined();
  });
});

describe('packagesOf', () => {
  it('names the kernel and its headers in one version, and what builds modules in whichever apt offers', () => {
    // Debian's builds of the source come before the signed kernel of the same source: linux-kbuild is then ahead.
    expect(packagesOf({ release: '6.1.0-56-amd64', version: '6.1.192-2' })).toEqual([
      'linux-image-6.1.0-56-amd64=6.1.192-2',
      'linux-headers-6.1.0-56-amd64=6.1.192-2',
      'linux-headers-6.1.0-56-common=6.1.192-2',
      'linux-kbuild-6.1',
    ]);
  });
});

describe('sizesIn', () => {
  it('reads how many bytes each package has', () => {
    const shown = 'Package: a\nInstalled-Size: 9\nSize: 100\n\nPackage: b\nSize: 2000\n';
    expect([...sizesIn(shown)]).toEqual([
      ['a', 100],
      ['b', 2000],
    ]);
  });
});

describe('installLine', () => {
  it('asks for rights only where they are missing', () => {
    expect(installLine(['cpio', 'gcc'], true)).toBe('apt-get install --no-install-recommends cpio gcc');
    expect(installLine(['cpio'], false)).toMatch(/^sudo apt-get install/);
  });
});
