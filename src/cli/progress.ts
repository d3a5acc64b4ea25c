import { thisDesk } from './desk.ts';
import { progressCommand } from './progress-command.ts';

process.exitCode = await progressCommand(thisDesk(), process.argv.slice(2));
