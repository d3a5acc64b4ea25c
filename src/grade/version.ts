/** The version of the course, as verdicts and progress name it: that of package.json, of which pages need no more than this. */

export const version = '0.1.0';
