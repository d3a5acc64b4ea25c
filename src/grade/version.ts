/** The version of the course, as verdicts and progress name it. */

import manifest from '../../package.json' with { type: 'json' };

export const version: string = manifest.version;
