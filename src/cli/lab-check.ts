import { thisDesk } from './desk.ts';
import { labCheckCommand } from './lab-check-command.ts';

process.exitCode = await labCheckCommand(thisDesk(), process.argv.slice(2));
