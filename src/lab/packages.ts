/** Which of Debian's packages the lab needs: a kernel and what modules for it are built with. They are unpacked, never installed. */

/** A kernel of Debian's, as its packages name it. */
export interface KernelRelease {
  /** As `uname -r` says it, and the names of its packages: 6.1.0-56-amd64. */
  readonly release: string;
  /** The packages' version: 6.1.192-2. */
  readonly version: string;
}

/** The course's kernel: since 6.10 vfio-pci keeps no list of mappings, and the race has no place. */
const SERIES = '6.1';

/**
 * The newest kernel of the series among what `apt-cache show linux-image-amd64` printed; undefined if there is none. Looked up each
 * time anew: Debian keeps a version for some months only.
 */
export function kernelReleaseIn(shown: string): KernelRelease | undefined {
  const found = shown.split(/\n\n+/).flatMap((stanza): KernelRelease[] => {
    const version = /^Version: (\S+)$/m.exec(stanza)?.[1];
    const release = /^Depends:.*\blinux-image-(\S+-amd64)\b/m.exec(stanza)?.[1];
    return version?.startsWith(`${SERIES}.`) && release !== undefined ? [{ release, version }] : [];
  });
  return found.sort((a, b) => b.version.localeCompare(a.version, 'en', { numeric: true }))[0];
}

/**
 * What apt is to download: the kernel, its headers, and what modules are built with. Of the last whichever version apt offers: it
 * comes from the unsigned source, which for some days is ahead of the kernel, and Debian then drops the older one.
 */
export function packagesOf({ release, version }: KernelRelease): string[] {
  const ofOneVersion = [
    `linux-image-${release}`,
    `linux-headers-${release}`,
    `linux-headers-${release.replace(/-amd64$/, '')}-common`,
  ];
  return [...ofOneVersion.map((name) => `${name}=${version}`), `linux-kbuild-${SERIES}`];
}

/** How many bytes each package has, from what `apt-cache show --no-all-versions NAME=VERSION ...` printed. */
export function sizesIn(shown: string): Map<string, number> {
  const sizes = shown.split(/\n\n+/).flatMap((stanza): [string, number][] => {
    const name = /^Package: (\S+)$/m.exec(stanza)?.[1];
    const size = /^Size: (\d+)$/m.exec(stanza)?.[1];
    return name !== undefined && size !== undefined ? [[name, Number(size)]] : [];
  });
  return new Map(sizes);
}

/** The programs that the lab calls, and the package that has each. */
export const TOOLS: readonly (readonly [program: string, packageName: string])[] = [
  ['apt-get', 'apt'],
  ['qemu-system-x86_64', 'qemu-system-x86'],
  ['busybox', 'busybox-static'],
  ['cpio', 'cpio'],
  ['gcc', 'gcc'],
  ['make', 'make'],
  ['dpkg', 'dpkg'],
  ['strip', 'binutils'],
];

/** The one line that installs what is missing. */
export function installLine(missing: readonly string[], isRoot: boolean): string {
  return `${isRoot ? '' : 'sudo '}apt-get install --no-install-recommends ${missing.join(' ')}`;
}
