import { thisDesk } from './desk.ts';
import { gradeCommand } from './grade-command.ts';

process.exitCode = await gradeCommand(thisDesk(), process.argv.slice(2));
