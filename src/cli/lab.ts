import { thisDesk } from './desk.ts';
import { labCommand } from './lab-command.ts';

process.exitCode = await labCommand(thisDesk(), process.argv.slice(2));
