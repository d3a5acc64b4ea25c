import { openGrader } from '#grade/node/grade';

const args = process.argv.slice(2);
// The thread that grades takes longest to get ready: it begins before anything else is even read.
const grader = openGrader({ standby: args.length > 3 });

const [{ thisDesk }, { gradeCommand }] = await Promise.all([import('./desk.ts'), import('./grade-command.ts')]);
process.exitCode = await gradeCommand({ ...thisDesk(), openGrader: async () => grader }, args);
